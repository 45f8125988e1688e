package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lapakasik/site/requirement"
)

// A Problem is one mistake in the content, for the person who edits it.
type Problem struct {
	File    string
	Line    int              // from 1; 0 for the whole file
	Col     int              // in characters from 1; 0 for the whole line
	Message requirement.Text // what is wrong
	Todo    requirement.Text // what to do about it
	Warning bool             // advice that does not stop a build
	Excerpt string           // the line, for the caret below it
}

// Error is the report in English.
func (p Problem) Error() string { return p.In(requirement.EN) }

// In is "file:line:column: message" with the line, a caret under the place,
// and what to do, in a language.
func (p Problem) In(l requirement.Lang) string {
	out := p.where() + ": "
	if p.Warning {
		out += warningWord.In(l) + ": "
	}
	out += p.Message.In(l)
	if p.Excerpt != "" {
		line, col := window(p.Excerpt, p.Col)
		out += fmt.Sprintf("\n  %4d | %s", p.Line, line)
		if col > 0 {
			out += "\n       | " + strings.Repeat(" ", col-1) + "^"
		}
	}
	if todo := p.Todo.In(l); todo != "" {
		out += "\n  → " + todo
	}
	return out
}

func (p Problem) where() string {
	out := p.File
	if p.Line > 0 {
		out += fmt.Sprintf(":%d", p.Line)
	}
	if p.Col > 0 {
		out += fmt.Sprintf(":%d", p.Col)
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

func (ps Problems) Error() string { return ps.In(requirement.EN) }

// In is the report of each problem in a language.
func (ps Problems) In(l requirement.Lang) string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.In(l)
	}
	return strings.Join(lines, "\n")
}

// Warnings counts those that do not stop a build.
func (ps Problems) Warnings() int {
	n := 0
	for _, p := range ps {
		if p.Warning {
			n++
		}
	}
	return n
}

// Unwrap lets errors.As and errors.Is see each problem.
func (ps Problems) Unwrap() []error {
	out := make([]error, len(ps))
	for i, p := range ps {
		out[i] = p
	}
	return out
}

// With returns these problems and others in order, without repeats.
func (ps Problems) With(others Problems) Problems {
	return slices.Concat(ps, others).sorted()
}

// err returns the problems in order without repeats, nil if none stops a build.
func (ps Problems) err() error {
	if len(ps) == ps.Warnings() {
		return nil
	}
	return ps.sorted()
}

// sorted returns the problems in order without repeats.
func (ps Problems) sorted() Problems {
	ps = slices.Clone(ps)
	slices.SortFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Message.EN, b.Message.EN))
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
	p := wholeFile(t.file, format, args...)
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
