package site

import (
	"html/template"
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
	contents []page.Link // second-level headings
	links    []link
	headings []heading
	advice   Problems // on plain language
}

// A heading is one of a body; empty says that nothing stands below it.
type heading struct {
	words string
	empty bool
	place Problem // without a message
}

// A link is what a body points to: a page or an anchor.
type link struct {
	dest  string  // as written
	place Problem // where it is written, without a message
}

// maxDepth is the deepest nesting of blocks and of emphasis that content may
// have. The parser drops what lies deeper than 64 without a word.
const maxDepth = 24

// A reading is one body on its way to HTML. The parser has no positions, so
// the reading keeps its own: what the tree shows in order is searched in
// order, from where the last find ended.
type reading struct {
	text
	lang     requirement.Lang
	pictures map[string]picture
	pos      int
	level    int // of the last heading
	out      rendered
	problems Problems
}

// render turns a body into HTML in the parser's CommonMark mode, with tables.
// Raw HTML, foreign link schemes, heading jumps, surplus table cells and deep
// nesting are problems, not filtered away.
func render(b text, words *language, pictures map[string]picture) (out *rendered, ps Problems) {
	defer func() {
		if p := recover(); p != nil {
			out, ps = &rendered{}, Problems{b.at(1, 0, "the markdown parser failed: %v", p)}
		}
	}()
	r := &reading{text: b, lang: words.lang, pictures: pictures, level: 1}
	doc := markdown.Parse([]byte(b.body), parser.NewCommonMarkWithExtensions(parser.Tables|parser.AutoHeadingIDs))
	r.problems = tableProblems(b)
	ast.WalkFunc(doc, func(n ast.Node, entering bool) ast.WalkStatus {
		if !entering {
			return ast.GoToNext
		}
		return r.visit(n)
	})
	if len(r.problems) > 0 {
		return &r.out, r.problems
	}
	r.out.advice = words.advise(b, doc)
	words.explain(b.body, doc)
	rules := &markup{pictures: pictures, lang: words.lang}
	r.out.html = template.HTML(markdown.Render(doc, html.NewRenderer(html.RendererOptions{RenderNodeHook: rules.node}))) // checked above
	return &r.out, nil
}

func (r *reading) visit(n ast.Node) ast.WalkStatus {
	if depth(n) > maxDepth {
		r.wrong(firstLine(plainText(n)), "lists, quotes or emphasis are nested too deeply")
		return ast.Terminate
	}
	switch n := n.(type) {
	case *ast.HTMLBlock:
		r.rawHTML(n.Literal)
	case *ast.HTMLSpan:
		r.rawHTML(n.Literal)
	case *ast.Heading:
		r.visitHeading(n)
	case *ast.Link:
		r.visitLink(n)
	case *ast.Image:
		r.visitImage(n)
		return ast.SkipChildren
	}
	return ast.GoToNext
}

// seek moves past the next place that holds the words and returns it. What is
// written elsewhere than it shows, as the address of [words][reference], is
// found without moving.
func (r *reading) seek(words string) Problem {
	if i := strings.Index(r.body[r.pos:], words); i >= 0 && words != "" {
		at := r.pos + i
		r.pos = at + len(words)
		return r.offset(at, "")
	}
	if i := strings.Index(r.body, words); i >= 0 && words != "" {
		return r.offset(i, "")
	}
	return r.offset(r.pos, "")
}

// seekAddress seeks an address where addresses are written, not in prose.
func (r *reading) seekAddress(dest string) Problem {
	at := -1
	for _, before := range []string{"(", "<"} {
		if i := strings.Index(r.body[r.pos:], before+dest); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at > 0 {
		r.pos += at
	}
	return r.seek(dest)
}

func (r *reading) wrong(words, format string, args ...any) {
	r.problems = append(r.problems, r.seek(words).saying(format, args...))
}

// saying returns the place with a message.
func (p Problem) saying(format string, args ...any) Problem {
	p.Message, p.Todo = say(format, args...)
	return p
}

func (r *reading) rawHTML(literal []byte) {
	raw := firstLine(string(literal))
	r.wrong(raw, "raw HTML is not allowed: %s", raw)
}

func (r *reading) visitHeading(h *ast.Heading) {
	words := plainText(h)
	if words == "" {
		r.wrong("#", "a heading has no words")
		r.level = h.Level
		return
	}
	place := r.seek(words)
	wrong := func(format string, args ...any) { r.problems = append(r.problems, place.saying(format, args...)) }
	switch {
	case h.Level == 1:
		wrong("the title is the only heading of the first level; start with ##")
	case h.Level > r.level+1:
		wrong("heading jumps from level %d to level %d", r.level, h.Level)
	case h.Level > 4:
		wrong("headings go down to level 4")
	}
	if h.Level == 2 {
		r.out.contents = append(r.out.contents, page.Link{URL: "#" + h.HeadingID, Text: words})
	}
	r.out.headings = append(r.out.headings, heading{words, nothingBelow(h), place})
	r.level = h.Level
}

// nothingBelow tells whether a heading is followed by its equal, or by the end.
func nothingBelow(h *ast.Heading) bool {
	switch next := ast.GetNextNode(h).(type) {
	case nil:
		return true
	case *ast.Heading:
		return next.Level <= h.Level
	}
	return false
}

// visitLink checks a destination's scheme and leads site paths to the page in the same language.
func (r *reading) visitLink(n *ast.Link) {
	dest := string(n.Destination)
	place := r.seekAddress(dest)
	if strings.TrimSpace(plainText(n)) == "" {
		r.problems = append(r.problems, place.saying("link %q has no words", dest))
	}
	switch {
	case isSitePath(dest):
		r.out.links = append(r.out.links, link{dest: dest, place: place})
		n.Destination = []byte(localise(r.lang, dest))
	case strings.HasPrefix(dest, "#"):
		r.out.links = append(r.out.links, link{dest: dest, place: place})
	case strings.HasPrefix(dest, "https://"), strings.HasPrefix(dest, "tel:"), strings.HasPrefix(dest, "mailto:"):
	default:
		r.problems = append(r.problems, place.saying("link %q: want a path of this site, #anchor, https:, tel: or mailto:", dest))
	}
}

func isSitePath(dest string) bool {
	return strings.HasPrefix(dest, "/") && !strings.HasPrefix(dest, "//") && !strings.Contains(dest, `\`)
}

func (r *reading) visitImage(n *ast.Image) {
	dest := string(n.Destination)
	place := r.seekAddress(dest)
	if strings.TrimSpace(plainText(n)) == "" {
		r.problems = append(r.problems, place.saying("picture %q has no alternative text", dest))
	}
	if _, ok := r.pictures[dest]; !ok {
		r.problems = append(r.problems, place.saying("picture %q is not in the content", dest))
	}
}

func depth(n ast.Node) int {
	d := 0
	for p := n.GetParent(); p != nil; p = p.GetParent() {
		d++
	}
	return d
}

// plainText returns the words of a node without markup.
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

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
