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
	for i, t := range s.data.terms {
		for key, text := range map[string]requirement.Text{"term": t.Term, "short": t.Short, "meaning": t.Meaning} {
			ps = append(ps, s.data.both("istilah", way{i, key}, text)...)
		}
	}
	return ps
}

// explain makes the first use of each term in a body's prose a link to its
// explanation, followed by the explanation in short, unless the text itself
// explains it in brackets. Headings, links, code and tables stay as they are.
func (l *language) explain(body string, doc ast.Node) {
	done := map[string]bool{} // and those that the body does not have
	small := ""
	for _, t := range l.terms {
		word := t.Term.In(l.lang)
		if strings.ToUpper(word) == word {
			done[t.Code] = !strings.Contains(body, word)
			continue
		}
		if small == "" {
			small = strings.ToLower(body)
		}
		done[t.Code] = !strings.Contains(small, strings.ToLower(word))
	}
	if !slices.ContainsFunc(l.terms, func(t term) bool { return !done[t.Code] }) {
		return
	}
	var texts []*ast.Text
	ast.WalkFunc(doc, func(n ast.Node, entering bool) ast.WalkStatus {
		switch n := n.(type) {
		case *ast.Heading, *ast.Link, *ast.Image, *ast.Code, *ast.CodeBlock, *ast.Table:
			return ast.SkipChildren
		case *ast.Text:
			if entering {
				texts = append(texts, n)
			}
		}
		return ast.GoToNext
	})
	for _, t := range texts {
		for t != nil {
			t = l.explainFirst(t, done)
		}
	}
}

// explainFirst explains the first term of a text that was not explained yet,
// and returns the text that is left after it, nil when there is none.
func (l *language) explainFirst(t *ast.Text, done map[string]bool) *ast.Text {
	words := string(t.Literal)
	at, found := len(words), (*term)(nil)
	for i := range l.terms {
		x := &l.terms[i]
		if done[x.Code] {
			continue
		}
		if pos := findWord(words, x.Term.In(l.lang)); pos >= 0 && pos < at {
			at, found = pos, x
		}
	}
	if found == nil {
		return nil
	}
	done[found.Code] = true
	end := at + len(found.Term.In(l.lang))
	before, rest := words[:at], words[end:]
	gloss := " (" + found.Short.In(l.lang) + ")"
	if strings.HasSuffix(before, "(") || strings.HasPrefix(strings.TrimLeft(rest, " "), "(") || strings.HasPrefix(rest, ")") {
		gloss = ""
	}
	link := &ast.Link{Destination: []byte(localise(l.lang, termsPath+"#"+found.Code))}
	link.SetChildren([]ast.Node{leaf(words[at:end], link)})
	after := leaf(rest, nil)
	replace(t, leaf(before, nil), link, leaf(gloss, nil), after)
	return after
}

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

// findWord returns where a term stands as a word of its own, -1 if nowhere. A
// term in capital letters is found as such, others also at the start of a sentence.
func findWord(text, term string) int {
	if strings.ToUpper(term) != term {
		text, term = strings.ToLower(text), strings.ToLower(term)
	}
	for from := 0; ; {
		i := strings.Index(text[from:], term)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(term):])
		if !isLetter(before) && !isLetter(after) {
			return i
		}
		from = i + len(term)
	}
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
