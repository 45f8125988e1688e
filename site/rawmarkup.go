package site

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"github.com/gomarkdown/markdown/ast"
)

var (
	// rawLink is what the parser would have made a link or picture of, had it
	// been one: a space or a bracket is wrong, or the reference is not there.
	rawLink = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`!?\[[^\[\]]*\](?:\((?:[^()\n]{0,80}\)|\S*)|\[[^\]\n]*\]?| \((?:/|#|https?:|mailto:|tel:)[^)\s]*\)?)` +
			`|\[[^\[\]()\n]*\((?:/|#|https?:)[^)\s]*\)?|\)\[(?:/|https?:)\S*`)
	})
	rawBold    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\*\*\S*`) })
	rawHeading = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#{2,6}[^#\s]\S*`) })
	rawItem    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[-*]|\d{1,2}[.)])[\pL\["(]\S*`) })
)

// visitText finds markup that is shown as it stands, because something in it
// is wrong. What is escaped was meant so.
func (r *reading) visitText(n *ast.Text) {
	if bytes.IndexByte(n.Literal, '[') >= 0 {
		r.visitRaw(n, rawLink(), "%s is shown as it stands: this is no link")
	}
	if bytes.Contains(n.Literal, []byte("**")) {
		r.visitRaw(n, rawBold(), "%s is shown as it stands: these asterisks have no partner")
	}
	if _, ok := n.GetParent().(*ast.Paragraph); ok {
		r.visitLines(n)
	}
}

func (r *reading) visitRaw(n *ast.Text, kind *regexp.Regexp, wrong string) {
	for _, raw := range kind.FindAllString(string(n.Literal), -1) {
		if at, ok := r.written(n, firstLine(raw)); ok {
			r.problems = append(r.problems, at.saying(wrong, firstLine(raw)))
		}
	}
}

// visitLines finds headings and items that are none, which begin a line.
func (r *reading) visitLines(n *ast.Text) {
	first := startsLine(n)
	for line := range bytes.Lines(n.Literal) {
		if first && strings.IndexByte("#-*0123456789", line[0]) >= 0 {
			r.visitLine(n, string(line))
		}
		first = true
	}
}

func (r *reading) visitLine(n *ast.Text, line string) {
	if raw := rawHeading().FindString(line); raw != "" {
		if at, ok := r.written(n, raw); ok {
			r.problems = append(r.problems, at.saying("%s is shown as it stands: a heading has a space after #", raw))
		}
	}
	if raw := rawItem().FindString(line); raw != "" {
		if at, ok := r.written(n, raw); ok {
			r.problems = append(r.problems, at.saying("%s is shown as it stands: an item of a list has a space after its mark", raw))
		}
	}
}

// startsLine tells whether nothing stands before a text on its line.
func startsLine(n *ast.Text) bool {
	siblings := n.GetParent().GetChildren()
	if siblings[0] == n {
		return true
	}
	for i, s := range siblings[1:] {
		if s == n {
			_, broken := siblings[i].(*ast.Hardbreak)
			return broken
		}
	}
	return false
}

// written seeks the words of a text as they stand in the body, false if they
// are written otherwise, as what is escaped is. Of a heading all words were
// sought before.
func (r *reading) written(n *ast.Text, words string) (spot, bool) {
	from := r.pos
	if _, ok := n.GetParent().(*ast.Heading); ok && len(r.out.headings) > 0 {
		from = r.out.headings[len(r.out.headings)-1].place.pos
	}
	i := strings.Index(r.body[from:], words)
	if i < 0 || from+i > 0 && r.body[from+i-1] == '\\' {
		return spot{}, false
	}
	r.pos = max(r.pos, from+i+len(words))
	return spot{r.doc, from + i}, true
}
