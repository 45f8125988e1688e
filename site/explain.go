package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gomarkdown/markdown/ast"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// termsPath is the page that explains all terms.
const termsPath = "/istilah/"

// A term of the glossary, from data/istilah.yaml.
type term struct {
	Code    string           `yaml:"code"`
	Term    requirement.Text `yaml:"term"`
	Short   requirement.Text `yaml:"short"`   // in brackets after the first use on a page
	Meaning requirement.Text `yaml:"meaning"` // on the page of all terms
}

// checkTerms checks data/istilah.yaml.
func (s *Site) checkTerms() Problems {
	ps := once(&s.data, "istilah", s.data.terms, func(t *term) string { return t.Code })
	if len(s.data.terms) == 0 {
		ps = append(ps, s.data.in("istilah", nil, "the terms are missing; nothing would be explained"))
	}
	for i, t := range s.data.terms {
		for key, text := range map[string]requirement.Text{"term": t.Term, "short": t.Short, "meaning": t.Meaning} {
			ps = append(ps, s.data.both("istilah", way{i, key}, text)...)
		}
	}
	return ps
}

// A namedTerm is a term as one language has it. One in capital letters is
// found as such, others also at the start of a sentence, if they start with a
// letter of ASCII as words of both languages do.
type namedTerm struct {
	code, word, short string
	shown             string // as it is written
	exact             bool
}

// name takes over the terms of the language.
func (l *language) name(terms []term) {
	for _, t := range terms {
		n := namedTerm{code: t.Code, word: t.Term.In(l.lang), short: t.Short.In(l.lang), shown: t.Term.In(l.lang)}
		if n.word == "" {
			continue // said elsewhere
		}
		i := len(l.terms)
		if n.exact = strings.ToUpper(n.word) == n.word; !n.exact {
			n.word = strings.ToLower(n.word)
			if c := strings.ToUpper(n.word)[0]; c != n.word[0] {
				l.starts[c] = append(l.starts[c], i)
			}
		}
		l.starts[n.word[0]] = append(l.starts[n.word[0]], i)
		l.terms = append(l.terms, n)
	}
}

// terms say which terms of a language a text uses, by their place in its list.
type terms struct {
	explained []bool // at their first use
	bare      []bool // where nothing can be explained: in headings, links and tables
}

// explain makes the first use of each term in a body's prose a link to its
// explanation, followed by the explanation in short, unless the text itself
// explains it in brackets. Headings, links, code and tables stay as they are.
func (l *language) explain(doc ast.Node) terms {
	t := terms{make([]bool, len(l.terms)), make([]bool, len(l.terms))}
	l.explainBelow(doc, t)
	return t
}

func (l *language) explainBelow(n ast.Node, t terms) {
	switch n := n.(type) {
	case *ast.Heading, *ast.Link, *ast.Table:
		l.noteBelow(n, t.bare)
		return
	case *ast.Image, *ast.Code, *ast.CodeBlock:
		return
	case *ast.Text:
		for n != nil {
			n = l.explainFirst(n, t.explained)
		}
		return
	}
	for _, child := range n.GetChildren() { // as they were: explaining replaces the list
		l.explainBelow(child, t)
	}
}

func (l *language) noteBelow(n ast.Node, used []bool) {
	ast.WalkFunc(n, func(x ast.Node, _ bool) ast.WalkStatus {
		if t, ok := x.(*ast.Text); ok {
			l.note(t.Literal, used)
		}
		return ast.GoToNext
	})
}

// note marks the terms that a text uses.
func (l *language) note(text []byte, used []bool) {
	for {
		at, k := l.find(text, used)
		if at < 0 {
			return
		}
		used[k] = true
		text = text[at+len(l.terms[k].word):]
	}
}

// explainFirst explains the first term of a text that was not explained yet,
// and returns the text that is left after it, nil when there is none.
func (l *language) explainFirst(t *ast.Text, done []bool) *ast.Text {
	words := t.Literal
	at, found := l.find(words, done)
	if at < 0 {
		return nil
	}
	done[found] = true
	x := &l.terms[found]
	end := at + len(x.word)
	before, rest := string(words[:at]), string(words[end:])
	gloss := " (" + x.short + ")"
	if strings.HasSuffix(before, "(") || strings.HasPrefix(strings.TrimLeft(rest, " "), "(") || strings.HasPrefix(rest, ")") {
		gloss = ""
	}
	link := &ast.Link{Destination: []byte(localise(l.lang, termsPath+"#"+x.code))}
	link.SetChildren([]ast.Node{leaf(string(words[at:end]), link)})
	after := leaf(rest, nil)
	replace(t, leaf(before, nil), link, leaf(gloss, nil), after)
	return after
}

// find returns where the first term stands in a text as a word of its own, and
// which it is; at one place the first of the list. It is -1 if there is none.
func (l *language) find(text []byte, done []bool) (at, term int) {
	inWord := false
	for i, c := range text {
		starts := !inWord
		if inWord = isASCIILetter(c); !starts {
			continue
		}
		for _, k := range l.starts[c] {
			if !done[k] && l.terms[k].standsAt(text, i) {
				return i, k
			}
		}
	}
	return -1, -1
}

// standsAt tells whether the term is a word of its own at a place of a text.
func (t *namedTerm) standsAt(text []byte, i int) bool {
	end := i + len(t.word)
	if end > len(text) {
		return false
	}
	for k, c := range text[i:end] {
		if !t.exact && 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != t.word[k] {
			return false
		}
	}
	before, _ := utf8.DecodeLastRune(text[:i])
	after, _ := utf8.DecodeRune(text[end:])
	return !isLetter(before) && !isLetter(after)
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func leaf(words string, parent ast.Node) *ast.Text {
	t := &ast.Text{Leaf: ast.Leaf{Literal: []byte(words)}}
	t.SetParent(parent)
	return t
}

// replace puts nodes in the place of one.
func replace(old ast.Node, nodes ...ast.Node) {
	parent := old.GetParent()
	children := parent.GetChildren()
	i := slices.Index(children, old)
	for _, n := range nodes {
		n.SetParent(parent)
	}
	parent.SetChildren(slices.Concat(children[:i:i], nodes, children[i+1:]))
}

// termBlocks are the page of all terms.
func (s *Site) termBlocks(l requirement.Lang) []page.Block {
	terms := slices.SortedFunc(slices.Values(s.data.terms), func(a, b term) int {
		return cmp.Compare(strings.ToLower(a.Term.In(l)), strings.ToLower(b.Term.In(l)))
	})
	var out []page.Block
	for _, t := range terms {
		short := t.Short.In(l)
		first, size := utf8.DecodeRuneInString(short)
		out = append(out, page.Heading{Level: 2, ID: t.Code, Text: t.Term.In(l)},
			page.Text{Text: strings.ToUpper(string(first)) + short[size:] + ". " + t.Meaning.In(l)})
	}
	return out
}
