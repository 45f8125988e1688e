package site

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/gomarkdown/markdown"
	"github.com/gomarkdown/markdown/ast"
	"github.com/gomarkdown/markdown/html"
	"github.com/gomarkdown/markdown/parser"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// rendered is a body as HTML with what the checks need of it.
type rendered struct {
	html     template.HTML
	contents []page.Link
	anchors  map[string]bool
	links    []string // destinations as written
}

// maxDepth is the deepest nesting that content may have. The parser drops
// what lies deeper than 64 without a word, so we stop long before.
const maxDepth = 12

// render turns a body into HTML in the parser's CommonMark mode, with tables.
// Raw HTML, foreign link schemes, heading jumps, surplus table cells and deep
// nesting are problems, not filtered away.
func render(b text, l requirement.Lang) (r *rendered, ps Problems) {
	defer func() {
		if p := recover(); p != nil {
			ps = Problems{{File: b.file, Line: b.first, Message: fmt.Sprintf("the markdown parser failed: %v", p)}}
		}
	}()
	p := parser.NewCommonMarkWithExtensions(parser.Tables | parser.AutoHeadingIDs)
	doc := markdown.Parse([]byte(b.body), p)
	r = &rendered{anchors: map[string]bool{}}
	ps = append(ps, tableCells(b)...)
	level := 1
	ast.WalkFunc(doc, func(n ast.Node, entering bool) ast.WalkStatus {
		if !entering {
			return ast.GoToNext
		}
		if depth(n) > maxDepth {
			ps = append(ps, b.find(firstWords(n), "lists or quotes are nested deeper than %d", maxDepth))
			return ast.Terminate
		}
		switch n := n.(type) {
		case *ast.HTMLBlock, *ast.HTMLSpan:
			raw := string(n.AsLeaf().Literal)
			ps = append(ps, b.find(strings.TrimSpace(firstLine(raw)), "raw HTML is not allowed: %s", firstLine(raw)))
		case *ast.Heading:
			ps = append(ps, heading(b, n, level)...)
			level = n.Level
			r.anchors[n.HeadingID] = true
			if n.Level == 2 {
				r.contents = append(r.contents, page.Link{URL: "#" + n.HeadingID, Text: plainText(n)})
			}
		case *ast.Link:
			ps = append(ps, r.link(b, n, l)...)
		case *ast.Image:
			if strings.TrimSpace(plainText(n)) == "" {
				ps = append(ps, b.find(string(n.Destination), "picture %s has no alternative text", n.Destination))
			}
			r.links = append(r.links, string(n.Destination))
		}
		return ast.GoToNext
	})
	out := markdown.Render(doc, html.NewRenderer(html.RendererOptions{RenderNodeHook: tables}))
	r.html = template.HTML(out) // raw HTML and foreign schemes are refused above
	return r, ps
}

// tables lets a wide table scroll inside its own box.
func tables(w io.Writer, n ast.Node, entering bool) (ast.WalkStatus, bool) {
	if _, ok := n.(*ast.Table); !ok {
		return ast.GoToNext, false
	}
	if entering {
		_, _ = io.WriteString(w, `<div class="scroll" tabindex="0"><table>`) // into memory
	} else {
		_, _ = io.WriteString(w, "</table></div>\n")
	}
	return ast.GoToNext, true
}

func heading(b text, h *ast.Heading, before int) Problems {
	words := plainText(h)
	switch {
	case words == "":
		return Problems{b.find("#", "a heading has no words")}
	case h.Level == 1:
		return Problems{b.find(words, "the title is the only first-level heading; start with ##")}
	case h.Level > before+1:
		return Problems{b.find(words, "heading jumps from level %d to %d", before, h.Level)}
	}
	return nil
}

// link checks a destination's scheme and leads site paths to the page in the same language.
func (r *rendered) link(b text, n *ast.Link, l requirement.Lang) Problems {
	dest := string(n.Destination)
	switch {
	case strings.HasPrefix(dest, "/") && !strings.HasPrefix(dest, "//"):
		r.links = append(r.links, dest)
		n.Destination = []byte(page.Localise(l, dest))
	case strings.HasPrefix(dest, "#"):
		r.links = append(r.links, dest)
	case strings.HasPrefix(dest, "https://"), strings.HasPrefix(dest, "tel:"), strings.HasPrefix(dest, "mailto:"):
	default:
		return Problems{b.find(dest, "link %q: want a path of this site, #anchor, https:, tel: or mailto:", dest)}
	}
	if strings.TrimSpace(plainText(n)) == "" {
		return Problems{b.find(dest, "link %q has no words", dest)}
	}
	return nil
}

// tableCells finds rows with more cells than their head, which the parser drops.
func tableCells(b text) Problems {
	var ps Problems
	lines := strings.Split(b.body, "\n")
	for i := 1; i < len(lines); i++ {
		rule := strings.TrimSpace(lines[i])
		if !strings.Contains(rule, "|") || strings.Trim(rule, "|-: ") != "" || !strings.Contains(rule, "-") {
			continue
		}
		want := cells(lines[i])
		for j := i + 1; j < len(lines) && strings.Contains(lines[j], "|"); j++ {
			if got := cells(lines[j]); got > want {
				ps = append(ps, b.at(j+1, 1, "table row has %d cells; its head has %d", got, want))
			}
		}
	}
	return ps
}

func cells(row string) int {
	row = strings.Trim(strings.TrimSpace(strings.ReplaceAll(row, `\|`, "")), "|")
	return strings.Count(row, "|") + 1
}

func depth(n ast.Node) int {
	d := 0
	for p := n.GetParent(); p != nil; p = p.GetParent() {
		switch p.(type) {
		case *ast.ListItem, *ast.BlockQuote:
			d++
		}
	}
	return d
}

func plainText(n ast.Node) string {
	var out strings.Builder
	ast.WalkFunc(n, func(x ast.Node, entering bool) ast.WalkStatus {
		if leaf := x.AsLeaf(); entering && leaf != nil {
			out.Write(leaf.Literal)
		}
		return ast.GoToNext
	})
	return out.String()
}

func firstWords(n ast.Node) string { return firstLine(plainText(n)) }

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
