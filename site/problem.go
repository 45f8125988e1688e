package site

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A Problem is one mistake in the content, for the person who edits it.
type Problem struct {
	File    string
	Line    int // from 1; 0 for the whole file
	Col     int // from 1; 0 for the whole line
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
	if p.Excerpt != "" {
		out += fmt.Sprintf("\n  %4d | %s", p.Line, p.Excerpt)
		if p.Col > 0 {
			out += "\n       | " + strings.Repeat(" ", p.Col-1) + "^"
		}
	}
	return out
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

// err returns the problems in order without repeats, nil if there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return slices.Compact(ps)
}

// text is a file's content with the position its first line has in the file.
type text struct {
	file  string
	body  string
	first int // line number of the first line of body
}

// at returns a problem at a line and column of the text, from 1.
func (t text) at(line, col int, format string, args ...any) Problem {
	p := Problem{File: t.file, Line: t.first + line - 1, Col: col, Message: fmt.Sprintf(format, args...)}
	if lines := strings.Split(t.body, "\n"); line >= 1 && line <= len(lines) {
		p.Excerpt = strings.TrimRight(lines[line-1], "\r")
	}
	return p
}

// find returns a problem at the first place that holds the words.
func (t text) find(words, format string, args ...any) Problem {
	i := strings.Index(t.body, words)
	if i < 0 || words == "" {
		return Problem{File: t.file, Line: t.first, Message: fmt.Sprintf(format, args...)}
	}
	before := t.body[:i]
	line := strings.Count(before, "\n") + 1
	return t.at(line, i-strings.LastIndex(before, "\n"), format, args...)
}

// decode reads YAML into out. Unknown keys, wrong types and keys given twice
// are problems with their places.
func (t text) decode(out any) Problems {
	err := yaml.Load([]byte(t.body), out, yaml.WithKnownFields())
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var ps Problems
		for _, e := range many.Errors {
			ps = append(ps, t.at(e.Mark.Line, e.Mark.Column, "%s", plain(e.Message)))
		}
		return ps
	case errors.As(err, &one):
		return Problems{t.at(one.Mark.Line, one.Mark.Column, "%s", plain(one.Message))}
	}
	return Problems{{File: t.file, Line: t.first, Message: err.Error()}}
}

// plain leaves the Go type out of the parser's message.
func plain(message string) string {
	if name, _, ok := strings.Cut(message, " not found in type"); ok {
		return strings.Replace(name, "field", "unknown key", 1)
	}
	return strings.ReplaceAll(message, "!!", "")
}
