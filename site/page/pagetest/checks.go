package pagetest

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

func (d *document) structure() {
	if !d.doctype {
		d.fail("no <!doctype html>")
	}
	for _, n := range d.all("html") {
		if l := attr(n, "lang"); l != "id" && l != "en" {
			d.fail("html lang is %q; want id or en", l)
		}
	}
	if titles := d.titles(); len(titles) != 1 || text(titles[0]) == "" {
		d.fail("want one title with words")
	}
	viewport := false
	for _, n := range d.all("meta") {
		if attr(n, "name") == "viewport" {
			viewport = !strings.Contains(attr(n, "content"), "scalable") && !strings.Contains(attr(n, "content"), "maximum")
		}
	}
	if !viewport {
		d.fail("no viewport that people may zoom")
	}
	if n := len(d.all("main")); n != 1 {
		d.fail("%d main elements; want 1", n)
	}
}

// titles are the title elements of the head; a drawing may hold others.
func (d *document) titles() []*html.Node {
	var out []*html.Node
	for _, n := range d.all("title") {
		if n.Parent != nil && n.Parent.Data == "head" {
			out = append(out, n)
		}
	}
	return out
}

// headings: one h1 and no level skipped on the way down. The error summary's
// heading may stand before the h1, because it is what to read first.
func (d *document) headings() {
	if n := len(d.all("h1")); n != 1 {
		d.fail("%d h1 elements; want 1", n)
	}
	last := 1
	for _, n := range d.all("h1", "h2", "h3", "h4", "h5", "h6") {
		level := int(n.Data[1] - '0')
		if level > last+1 {
			d.fail("heading %q jumps from h%d to h%d", text(n), last, level)
		}
		if text(n) == "" {
			d.fail("empty heading %s", show(n))
		}
		last = level
	}
}

func (d *document) references() {
	for _, n := range d.nodes {
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
			for _, id := range strings.Fields(attr(n, name)) {
				if d.ids[id] == nil {
					d.fail("%s: %s leads to no id %q", show(n), name, id)
				}
			}
		}
		if id, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && n.Data == "a" {
			if unescaped, err := url.PathUnescape(id); err != nil || d.ids[unescaped] == nil {
				d.fail("%s lands nowhere", show(n))
			}
		}
		switch {
		case (n.Data == "a" || n.Data == "button") && text(n) == "" && attr(n, "aria-label") == "":
			d.fail("%s has no words", show(n))
		case n.Data == "img" && !has(n, "alt"):
			d.fail("%s has no alt", show(n))
		case n.Data == "svg" && attr(n, "aria-hidden") != "true" && !inImage(n):
			d.fail("a drawing is neither hidden nor named")
		}
		if t := attr(n, "tabindex"); t != "" && t != "0" && t != "-1" {
			d.fail("%s: tabindex %s reorders the page", show(n), t)
		}
	}
}

func inImage(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if attr(n, "role") == "img" && attr(n, "aria-label") != "" {
			return true
		}
	}
	return false
}

func (d *document) forms() {
	labelled := map[string]bool{}
	for _, n := range d.all("label") {
		if text(n) == "" {
			d.fail("empty label %s", show(n))
		}
		labelled[attr(n, "for")] = true
	}
	type travels struct {
		form *html.Node
		name string
	}
	hidden := map[travels]bool{}
	for _, n := range d.all("input", "select", "textarea") {
		kind := attr(n, "type")
		if x := (travels{ancestor(n, "form"), attr(n, "name")}); kind == "hidden" {
			if hidden[x] {
				d.fail("two hidden fields are named %q", x.name)
			}
			hidden[x] = true
		}
		if kind == "hidden" || kind == "submit" {
			continue
		}
		if id := attr(n, "id"); !labelled[id] || id == "" {
			d.fail("%s has no label", show(n))
		}
		if attr(n, "name") == "" {
			d.fail("%s has no name", show(n))
		}
		if kind == "radio" && ancestor(n, "fieldset") == nil {
			d.fail("%s is in no fieldset", show(n))
		}
	}
	for _, n := range d.all("fieldset") {
		first := n.FirstChild
		for first != nil && first.Type != html.ElementNode {
			first = first.NextSibling
		}
		if first == nil || first.Data != "legend" || text(first) == "" {
			d.fail("a fieldset does not begin with a legend")
		}
	}
}

// mistakes: a page with an error summary says so in its title, and only such
// a page; each wrong box leads to its message.
func (d *document) mistakes() {
	summary := false
	for _, n := range d.nodes {
		if attr(n, "role") == "alert" {
			summary = true
			if attr(n, "tabindex") != "-1" {
				d.fail("the error summary cannot get the focus")
			}
		}
		if attr(n, "aria-invalid") == "true" && !d.leadsToMessage(n) {
			d.fail("%s is wrong but leads to no message", show(n))
		}
	}
	for _, n := range d.titles() {
		title := text(n)
		prefixed := strings.HasPrefix(title, "Kesalahan: ") || strings.HasPrefix(title, "Error: ")
		if prefixed != summary {
			d.fail("title %q, error summary %v", title, summary)
		}
	}
}

func (d *document) leadsToMessage(n *html.Node) bool {
	by := attr(n, "aria-describedby")
	if f := ancestor(n, "fieldset"); f != nil {
		by += " " + attr(f, "aria-describedby")
	}
	for _, id := range strings.Fields(by) {
		if strings.HasSuffix(id, "-galat") {
			return true
		}
	}
	return false
}

// safety: the markup holds no script and no style but the one stylesheet, and
// loads nothing from elsewhere (TRUST R64, R67).
func (d *document) safety() {
	for _, n := range d.nodes {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				d.fail("%s has the attribute %s", show(n), a.Key)
			}
			if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				d.fail("%s runs a script", show(n))
			}
		}
		if n.Data == "script" && (n.FirstChild != nil || attr(n, "src") == "") {
			d.fail("a script stands in the page")
		}
		if n.Data == "base" || n.Data == "iframe" || n.Data == "object" || n.Data == "embed" {
			d.fail("the page holds %s", show(n))
		}
		if loads(n) && foreign(attr(n, "src")+attr(n, "href")) {
			d.fail("%s loads from elsewhere", show(n))
		}
	}
}

func loads(n *html.Node) bool {
	switch n.Data {
	case "script", "img", "source", "video", "audio":
		return true
	case "link":
		rel := attr(n, "rel")
		return rel != "canonical" && rel != "alternate"
	}
	return false
}

func foreign(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Host != "" || u.Scheme != "" && u.Scheme != "data"
}
