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
// mode with tables, and is quicker at it. The blocks are the parser's; of
// their text only what is not simple goes through it:
//
//	words **words** words [words](/address/) words **_words_** words
//	└ words and simple marks, as they are ────────┘└ parser ──┘└ as they are
//
// The tree holds on to the body.
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
			text := appendSimple(n, bytes.TrimRight(block.Content, " \t\n"))
			appendParsed(p, n, text)
			block.Content = nil
		}
		return ast.GoToNext
	})
	p.Doc = &ast.Document{}
	p.Parse(nil) // what is left to do: the ids of headings
	return doc
}

// appendSimple appends to a block what its text begins with, as long as that
// is words and simple marks, and returns the text from the words before the
// first other mark on.
func appendSimple(block ast.Node, text []byte) []byte {
	for {
		at := nextMark(text, 0)
		node, size := simple(text, at)
		if node == nil {
			return text
		}
		appendWords(block, text[:at])
		ast.AppendChild(block, node)
		text = text[at+size:]
	}
}

// appendParsed appends what the parser makes of a text to a block. It is given
// what may be markup, and one character on either side, because those decide
// what the outermost marks are.
func appendParsed(p *parser.Parser, block ast.Node, text []byte) {
	from := nextMark(text, 0)
	if from == len(text) {
		appendWords(block, text)
		return
	}
	to := pastLastMark(text)
	_, before := utf8.DecodeLastRune(text[:from])
	if to < len(text) && marks[text[to]] != blank { // a blank is what the end is taken for
		_, after := utf8.DecodeRune(text[to:])
		to += after
	}
	from -= before
	appendWords(block, text[:from])
	p.Inline(block, text[from:to])
	appendWords(block, text[to:])
}

func appendWords(block ast.Node, words []byte) {
	if len(words) == 0 {
		return
	}
	if last, ok := ast.GetLastChild(block).(*ast.Text); ok {
		last.Literal = append(last.Literal, words...)
		return
	}
	ast.AppendChild(block, &ast.Text{Leaf: ast.Leaf{Literal: words[:len(words):len(words)]}})
}

// simple returns the node of a mark with nothing but words inside, if that can
// be nothing else, and its size. Such a mark begins its text or stands behind
// a blank; what follows it is no mark.
func simple(text []byte, at int) (ast.Node, int) {
	if at == len(text) || at > 0 && marks[text[at-1]] != blank {
		return nil, 0
	}
	switch rest := text[at:]; {
	case bytes.HasPrefix(rest, []byte("**")):
		return simpleEmphasis(&ast.Strong{}, rest, 2)
	case rest[0] == '*':
		return simpleEmphasis(&ast.Emph{}, rest, 1)
	case rest[0] == '[':
		return simpleLink(rest)
	}
	return nil, 0
}

// simpleEmphasis is *words* or **words** with a blank or the end behind it.
func simpleEmphasis(node ast.Node, text []byte, width int) (ast.Node, int) {
	end := nextMark(text, width)
	size := end + width
	if end == width || !bytes.HasPrefix(text[end:], text[:width]) || !visible(text[width]) || !visible(text[end-1]) {
		return nil, 0
	}
	if size < len(text) && marks[text[size]] != blank {
		return nil, 0
	}
	appendWords(node, text[width:end])
	return node, size
}

// simpleLink is [words](address), the address of letters that mean themselves.
func simpleLink(text []byte) (ast.Node, int) {
	end := nextMark(text, 1)
	if end == 1 || !bytes.HasPrefix(text[end:], []byte("](")) {
		return nil, 0
	}
	start := end + len("](")
	stop := start
	for stop < len(text) && meanItself[text[stop]] {
		stop++
	}
	size := stop + len(")")
	if stop == start || stop == len(text) || text[stop] != ')' || size < len(text) && marks[text[size]]&opens != 0 {
		return nil, 0
	}
	node := &ast.Link{Destination: text[start:stop:stop]}
	appendWords(node, text[1:end])
	return node, size
}

// meanItself are characters of an address that are written as they are read.
var meanItself = func() (set [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/:.,-?=#+~@%") {
		set[c] = true
	}
	return set
}()

// visible tells whether a byte is a character by itself that shows.
func visible(c byte) bool { return '!' <= c && c <= '~' }

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

// nextMark returns where markup may begin, from a place on.
func nextMark(text []byte, at int) int {
	for at < len(text) && !mayMark(text, at, opens) {
		at++
	}
	return at
}

// pastLastMark returns the place behind the last byte at which markup may end,
// in a text that has one.
func pastLastMark(text []byte) int {
	to := len(text)
	for !mayMark(text, to-1, closes) {
		to--
	}
	return to
}

// mayMark tells whether markup may open or close at a byte.
func mayMark(text []byte, i int, what mark) bool {
	kind := marks[text[i]]
	return kind != 0 && (kind&what != 0 || kind == blank && !alone(text, i))
}

// alone tells whether a blank is one between words.
func alone(text []byte, i int) bool {
	return (i == 0 || marks[text[i-1]] != blank && text[i-1] != '\\') && (i+1 == len(text) || marks[text[i+1]] != blank)
}
