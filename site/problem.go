package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Problem is one mistake in the content, for the person who edits it.
type Problem struct {
	File    string
	Line    int // from 1; 0 for the whole file
	Col     int // in characters from 1; 0 for the whole line
	Message string
	Excerpt string // the line, for the caret below it
}

// Error is "file:line:column: message" with the line and a caret under the place.
func (p Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where += fmt.Sprintf(":%d", p.Line)
	}
	if p.Col > 0 {
		where += fmt.Sprintf(":%d", p.Col)
	}
	out := where + ": " + p.Message
	if p.Excerpt == "" {
		return out
	}
	line, col := window(p.Excerpt, p.Col)
	out += fmt.Sprintf("\n  %4d | %s", p.Line, line)
	if col > 0 {
		out += "\n       | " + strings.Repeat(" ", col-1) + "^"
	}
	return out
}

// The part of a long line that is shown, in characters.
const (
	windowBefore = 40
	windowWidth  = 96
)

// window cuts a line to what stands around a column, for prose that has one
// line for each paragraph, and returns where the column is in it.
func window(line string, col int) (string, int) {
	runes := []rune(strings.ReplaceAll(line, "\t", " "))
	from := 0
	if col > windowWidth-windowBefore/2 {
		from = min(col-1-windowBefore, len(runes))
	}
	to := min(from+windowWidth, len(runes))
	out := string(runes[from:to])
	if to < len(runes) {
		out += "…"
	}
	if from > 0 {
		return "…" + out, col - from + 1
	}
	return out, col
}

// Problems are all mistakes of one run, in order of file and line.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As and errors.Is see each problem.
func (ps Problems) Unwrap() []error {
	out := make([]error, len(ps))
	for i, p := range ps {
		out[i] = p
	}
	return out
}

// err returns the problems in order without repeats, nil if there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(ps)
}

// text is a part of a file with the number of its first line in the file.
type text struct {
	file  string
	body  string
	first int
}

// at returns a problem at a line and column of the text, both from 1; with
// line 0 at the file, with column 0 at the line.
func (t text) at(line, col int, format string, args ...any) Problem {
	p := Problem{File: t.file, Message: fmt.Sprintf(format, args...)}
	if line < 1 {
		return p
	}
	p.Line, p.Col = t.first+line-1, col
	rest, found := t.body, true
	for ; line > 1 && found; line-- {
		_, rest, found = strings.Cut(rest, "\n")
	}
	if found {
		p.Excerpt, _, _ = strings.Cut(rest, "\n")
	}
	return p
}

// offset returns a problem at a byte of the text.
func (t text) offset(i int, format string, args ...any) Problem {
	before := t.body[:i]
	start := strings.LastIndex(before, "\n") + 1
	return t.at(strings.Count(before, "\n")+1, utf8.RuneCountInString(before[start:])+1, format, args...)
}
