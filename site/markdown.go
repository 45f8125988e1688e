package site

import (
	"bytes"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/gomarkdown/markdown/ast"
	"github.com/gomarkdown/markdown/html"

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
	terms    terms
	blank    bool // it says nothing
	sound    bool // it has no mistake, so all of it is here
}

// A heading is one of a body; empty says that nothing stands below it.
type heading struct {
	words string
	empty bool
	place spot
}

// A link is what a body points to: a page or an anchor.
type link struct {
	dest  string // as written
	place spot   // where it is written
}

// A spot is a byte of a document's body. Its line and column are looked for
// only when there is something to say of it.
type spot struct {
	doc *document
	pos int
}

// saying returns a problem at the spot.
func (p spot) saying(format string, args ...any) Problem {
	t := p.doc.bodyText()
	return t.offset(min(p.pos, len(t.body)), format, args...)
}

// maxDepth is the deepest nesting of blocks and of emphasis that content may
// have. The parser drops what lies deeper than 64 without a word.
const maxDepth = 24

// A reading is one body on its way to HTML. The parser has no positions, so
// the reading keeps its own: what the tree shows in order is searched in
// order, from where the last find ended.
type reading struct {
	text
	doc      *document
	lang     requirement.Lang
	pictures map[string]picture
	pos      int
	level    int // of the last heading
	out      rendered
	problems Problems
}

// render turns a body into HTML in the parser's CommonMark mode, with tables.
// Raw HTML, foreign link schemes, heading jumps, surplus table cells, deep
// nesting and markup that would be shown as it stands are problems, not
// filtered away.
func render(d *document, words *language, pictures map[string]picture) (out *rendered, ps Problems) {
	b := d.body
	defer func() {
		if p := recover(); p != nil {
			out, ps = &rendered{}, Problems{b.at(1, 0, "the markdown parser failed: %v", p)}
		}
	}()
	r := &reading{text: b, doc: d, lang: words.lang, pictures: pictures, level: 1}
	room := rooms.Get().(*room)
	defer rooms.Put(room)
	room.in = append(room.in[:0], b.body...)
	r.out.blank = isBlank(b.body)
	doc := parse(room.in)
	r.problems = tableProblems(b)
	r.visit(doc, 0)
	if len(r.problems) > 0 {
		return &r.out, r.problems
	}
	if words.advising {
		r.out.advice = words.advise(b, doc)
	}
	r.out.sound = true
	r.out.terms = words.explain(doc)
	r.out.html = room.write(doc, markup{pictures: pictures, lang: words.lang})
	return &r.out, nil
}

// A room is where a body is parsed and written: the tree leaves it empty.
type room struct {
	in       []byte
	out      bytes.Buffer
	rules    markup
	renderer *html.Renderer
}

var rooms = sync.Pool{New: func() any {
	r := &room{}
	r.renderer = html.NewRenderer(html.RendererOptions{RenderNodeHook: r.rules.node})
	return r
}}

// write writes a tree that was checked as HTML.
func (r *room) write(doc ast.Node, rules markup) template.HTML {
	r.rules = rules
	r.out.Reset()
	r.renderer.Outs(io.Discard, "\n") // else what it wrote of the page before decides on a line break in this
	ast.WalkFunc(doc, func(n ast.Node, entering bool) ast.WalkStatus { return r.renderer.RenderNode(&r.out, n, entering) })
	return template.HTML(r.out.String())
}

// visit reads a node and all below it; false ends the visit.
func (r *reading) visit(n ast.Node, depth int) bool {
	if depth > maxDepth {
		r.skipToDeep()
		r.wrong(firstLine(plainText(n)), "lists, quotes or emphasis are nested too deeply")
		return false
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
		return true
	case *ast.Text:
		r.visitText(n)
		return true
	}
	for _, child := range n.GetChildren() {
		if !r.visit(child, depth+1) {
			return false
		}
	}
	return true
}

// skipToDeep moves to the line that nests too deeply: of what lies deepest the
// parser keeps no words to find it by.
func (r *reading) skipToDeep() {
	at := r.pos
	for line := range strings.Lines(r.body[r.pos:]) {
		marks := 0
		for _, mark := range []string{">", "- ", "+ ", "*", "_", "[", ". "} {
			marks += strings.Count(line, mark)
		}
		if marks > maxDepth {
			r.pos = at
			return
		}
		at += len(line)
	}
}

// seek moves past the next place that holds the words and returns it. What is
// written elsewhere than it shows, as the address of [words][reference], is
// found without moving.
func (r *reading) seek(words string) spot {
	if i := strings.Index(r.body[r.pos:], words); i >= 0 && words != "" {
		at := r.pos + i
		r.pos = at + len(words)
		return spot{r.doc, at}
	}
	if i := strings.Index(r.body, words); i >= 0 && words != "" {
		return spot{r.doc, i}
	}
	return spot{r.doc, r.pos}
}

// seekAddress seeks an address where addresses are written, not in prose.
func (r *reading) seekAddress(dest string) spot {
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
	case strings.HasPrefix(dest, "tel:"):
		if !isTelephone(dest[len("tel:"):]) {
			r.problems = append(r.problems, place.saying("link %q: want a telephone number", dest))
		}
	case strings.HasPrefix(dest, "mailto:"):
		if !isMail(dest[len("mailto:"):]) {
			r.problems = append(r.problems, place.saying("link %q: want an e-mail address", dest))
		}
	case strings.HasPrefix(dest, "https://"):
	case dest == "":
		r.wrong("](", "a link has no address")
	case strings.HasPrefix(dest, "http://"):
		r.problems = append(r.problems, place.saying("link %q: want https://", dest))
	case strings.Contains(dest, ":") || strings.HasPrefix(dest, "//"):
		r.problems = append(r.problems, place.saying("link %q leads out of the site: want https:, tel: or mailto:", dest))
	default:
		r.problems = append(r.problems, place.saying("link %q: want a path of this site, with a slash before it", dest))
	}
}

// isTelephone tells whether a text is digits, with dashes between them and a
// plus before them at most.
func isTelephone(s string) bool {
	digits := strings.ReplaceAll(strings.TrimPrefix(s, "+"), "-", "")
	return len(digits) >= 3 && strings.Trim(digits, "0123456789") == ""
}

// isMail tells whether a text may be an address of mail, with or without a
// subject behind it.
func isMail(s string) bool {
	address, _, _ := strings.Cut(s, "?")
	name, host, _ := strings.Cut(address, "@")
	return name != "" && strings.Contains(host, ".") && !strings.ContainsAny(address, " ,;")
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

// plainText returns the words of a node without markup.
func plainText(n ast.Node) string {
	if children := n.GetChildren(); len(children) == 1 {
		if t, ok := children[0].(*ast.Text); ok {
			return string(t.Literal)
		}
	}
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
