package site

import (
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"github.com/gomarkdown/markdown/ast"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// markup writes the nodes that our pages write otherwise than the renderer:
// tables that scroll in a box of their own, pictures that keep their place, and
// headings, because a renderer, which serves many pages, would never give an id
// of one page to another. The parser makes the ids of a page differ.
type markup struct {
	pictures map[string]picture
	lang     requirement.Lang
	heading  *ast.Heading // the last one
	tables   int
}

func (m *markup) node(w io.Writer, n ast.Node, entering bool) (ast.WalkStatus, bool) {
	switch n := n.(type) {
	case *ast.Heading:
		m.heading = n
		level := strconv.Itoa(n.Level)
		writeTag(w, entering, "<h"+level+` id="`+template.HTMLEscapeString(n.HeadingID)+`">`, "</h"+level+">\n")
	case *ast.Table:
		open := ""
		if entering {
			open = m.openTable()
		}
		writeTag(w, entering, open, "</table></section>\n")
	case *ast.TableCell:
		open, end := "<td", "</td>\n"
		if n.IsHeader {
			open, end = `<th scope="col"`, "</th>\n"
		}
		if n.Align == ast.TableAlignmentRight {
			open += ` class="n"`
		}
		writeTag(w, entering, open+">", end)
	case *ast.Image:
		p := m.pictures[string(n.Destination)]
		writeTag(w, entering, fmt.Sprintf(`<img src="%s" alt="%s" width="%d" height="%d" loading="lazy">`,
			template.HTMLEscapeString(string(n.Destination)), template.HTMLEscapeString(plainText(n)), p.width, p.height), "")
		return ast.SkipChildren, true
	default:
		return ast.GoToNext, false
	}
	return ast.GoToNext, true
}

// openTable names a table by its number and the section that it is in.
func (m *markup) openTable() string {
	m.tables++
	section := ""
	if m.heading != nil {
		section = plainText(m.heading)
	}
	label := page.T(m.lang, "halaman.tabel", "n", strconv.Itoa(m.tables), "bagian", section)
	return `<section class="scroll" aria-label="` + template.HTMLEscapeString(label) + `" tabindex="0"><table>`
}

func writeTag(w io.Writer, entering bool, open, end string) {
	if entering {
		end = open
	}
	_, _ = io.WriteString(w, end) // into memory
}

// tableProblems finds rows with more cells than their head, which the parser
// drops, and heads that are no head because their rule has another width.
func tableProblems(b text) Problems {
	var ps Problems
	if !strings.Contains(b.body, "|") {
		return nil // no table
	}
	lines := strings.Split(b.body, "\n")
	fenced := fencedLines(lines)
	for i := 1; i < len(lines); i++ {
		if !strings.Contains(lines[i], "|") {
			continue
		}
		rule := tableLine(lines[i])
		if fenced[i] || strings.Trim(rule, "|-: ") != "" || !strings.Contains(rule, "|") || !strings.Contains(rule, "-") {
			continue
		}
		want, head := cells(rule), tableLine(lines[i-1])
		if !strings.Contains(head, "|") {
			continue
		}
		if got := cells(head); got != want {
			ps = append(ps, b.at(i+1, 1, "the table's rule has %d cells, its head %d; they must be equal", want, got))
			continue
		}
		for i++; i < len(lines) && strings.Contains(lines[i], "|") && !fenced[i]; i++ {
			if got := cells(tableLine(lines[i])); got > want {
				ps = append(ps, b.at(i+1, 1, "the table's row has %d cells, its head %d; the rest would be lost", got, want))
			}
		}
	}
	return ps
}

// tableLine is a line without the marks of a quote or list around it.
func tableLine(line string) string {
	return strings.TrimSpace(strings.TrimLeft(line, " \t>"))
}

func cells(row string) int {
	row = strings.ReplaceAll(strings.ReplaceAll(row, `\\`, ""), `\|`, "")
	row = strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|")
	return strings.Count(row, "|") + 1
}

// fencedLines tells which lines are in a block of code.
func fencedLines(lines []string) []bool {
	out := make([]bool, len(lines))
	fence := ""
	for i, line := range lines {
		if fence == "" && !strings.Contains(line, "```") && !strings.Contains(line, "~~~") {
			continue
		}
		line = tableLine(line)
		switch {
		case fence != "":
			out[i] = true
			if strings.HasPrefix(line, fence) && strings.Trim(line, fence[:1]) == "" {
				fence = ""
			}
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
			fence, out[i] = line[:3], true
		}
	}
	return out
}
