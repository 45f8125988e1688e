package site

import (
	"bytes"
	"unicode/utf8"

	"github.com/gomarkdown/markdown/ast"
	"github.com/gomarkdown/markdown/parser"
)

// longBody is more than any page has. The parser weighs what references
// expand to against the size of what it parses, and here that is in two steps.
const longBody = 64 << 10

// parse returns the tree that the parser makes of a body in its CommonMark
// mode with tables, and is quicker at it: the words before the first and
// behind the last markup of a block of text, which are most of a page, come
// into the tree as they are. The tree holds on to the body.
func parse(body []byte) ast.Node {
	p := parser.NewCommonMarkWithExtensions(parser.Tables | parser.AutoHeadingIDs)
	if len(body) > longBody || bytes.IndexByte(body, 0) >= 0 || bytes.IndexByte(body, '\r') >= 0 {
		return p.Parse(body)
	}
	p.Block(body)
	doc := p.Doc.(*ast.Document)
	doc.CommonMark = true
	ast.WalkFunc(doc, func(n ast.Node, _ bool) ast.WalkStatus {
		switch n.(type) {
		case *ast.Paragraph, *ast.Heading, *ast.TableCell:
			block := n.AsContainer()
			parseInline(p, n, block.Content)
			block.Content = nil
		}
		return ast.GoToNext
	})
	p.Doc = &ast.Document{}
	p.Parse(nil) // what is left to do: the ids of headings
	return doc
}

// parseInline appends what a block's text is to the block.
func parseInline(p *parser.Parser, block ast.Node, content []byte) {
	content = bytes.TrimRight(content, " \t\n")
	from, to := markedPart(content)
	if from > 0 {
		ast.AppendChild(block, &ast.Text{Leaf: ast.Leaf{Literal: content[:from:from]}})
	}
	if from < to {
		p.Inline(block, content[from:to])
	}
	rest := content[to:]
	if len(rest) == 0 {
		return
	}
	if last, ok := ast.GetLastChild(block).(*ast.Text); ok {
		last.Literal = append(last.Literal, rest...)
		return
	}
	ast.AppendChild(block, &ast.Text{Leaf: ast.Leaf{Literal: rest}})
}

// markedPart returns the part of a text that may hold markup, with one
// character of plain text on either side, because those decide what the
// outermost marks are. The part is empty, and at the end, in a text without any.
func markedPart(text []byte) (from, to int) {
	for from < len(text) && !mayMark(text, from, opens) {
		from++
	}
	if from == len(text) {
		return from, from
	}
	to = len(text)
	for !mayMark(text, to-1, closes) {
		to--
	}
	_, before := utf8.DecodeLastRune(text[:from])
	if to < len(text) && marks[text[to]] != blank { // a blank is what the end is taken for
		_, after := utf8.DecodeRune(text[to:])
		to += after
	}
	return from - before, to
}

// A mark is what a byte may be to markup.
type mark byte

const (
	closes mark = 1 << iota // it may end there
	opens                   // it may begin there
	blank                   // several in a row, or one behind a backslash, do both
)

var marks = func() (kinds [256]mark) {
	for kind, bytes := range map[mark]string{opens | closes: "*_[]!`<\\&", closes: ">);\"'", blank: " \t\n"} {
		for _, c := range []byte(bytes) {
			kinds[c] = kind
		}
	}
	return kinds
}()

// mayMark tells whether markup may open or close at a byte.
func mayMark(text []byte, i int, what mark) bool {
	kind := marks[text[i]]
	return kind != 0 && (kind&what != 0 || kind == blank && !alone(text, i))
}

// alone tells whether a blank is one between words.
func alone(text []byte, i int) bool {
	return (i == 0 || marks[text[i-1]] != blank && text[i-1] != '\\') && (i+1 == len(text) || marks[text[i+1]] != blank)
}
