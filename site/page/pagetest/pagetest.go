// Package pagetest holds any HTML page of ours against what every page must
// be, whatever wrote it. Tests of the generator and of the functions call it
// on the bytes that a browser would get.
//
//	structure   doctype, lang, title, viewport, one h1, no level skipped
//	names       unique ids; for, aria-describedby and #fragments land on one
//	forms       a label for each box, a legend for each group, errors tied on
//	mistakes    an error summary has a title with a prefix, and the reverse
//	safety      no script or style in the markup, nothing from elsewhere
package pagetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Check fails the test with each problem of the page.
func Check(t testing.TB, page []byte) {
	t.Helper()
	for _, p := range Problems(page) {
		t.Error(p)
	}
}

// Problems returns what is wrong with the page, one sentence each; none for a good page.
func Problems(page []byte) []string {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return []string{"not HTML: " + err.Error()}
	}
	d := &document{ids: map[string]*html.Node{}}
	d.collect(root)
	d.structure()
	d.headings()
	d.references()
	d.forms()
	d.mistakes()
	d.safety()
	return d.problems
}

type document struct {
	nodes    []*html.Node // the elements in document order
	ids      map[string]*html.Node
	doctype  bool
	problems []string
}

func (d *document) fail(format string, args ...any) {
	d.problems = append(d.problems, fmt.Sprintf(format, args...))
}

func (d *document) collect(n *html.Node) {
	switch n.Type {
	case html.DoctypeNode:
		d.doctype = strings.EqualFold(n.Data, "html")
	case html.ElementNode:
		d.nodes = append(d.nodes, n)
		if id := attr(n, "id"); id != "" {
			if d.ids[id] != nil {
				d.fail("id %q is used twice", id)
			}
			d.ids[id] = n
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d.collect(c)
	}
}

// all returns the elements of the given names in document order.
func (d *document) all(names ...string) []*html.Node {
	var out []*html.Node
	for _, n := range d.nodes {
		for _, name := range names {
			if n.Data == name {
				out = append(out, n)
			}
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return strings.TrimSpace(b.String())
}

func ancestor(n *html.Node, name string) *html.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && p.Data == name {
			return p
		}
	}
	return nil
}

// show writes an element's start tag, for messages.
func show(n *html.Node) string {
	var b strings.Builder
	b.WriteString("<" + n.Data)
	for _, a := range n.Attr {
		if a.Key == "id" || a.Key == "name" || a.Key == "href" || a.Key == "class" || a.Key == "type" {
			fmt.Fprintf(&b, " %s=%q", a.Key, a.Val)
		}
	}
	return b.String() + ">"
}
