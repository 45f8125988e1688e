package site

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gomarkdown/markdown/ast"

	"lapakasik/site/requirement"
)

// plainLimits are what a sentence and a word of plain language may have, from
// data/bahasa.yaml, which names the sources.
type plainLimits struct {
	SentenceWords int                 `yaml:"sentence_words"`
	Syllables     map[string]int      `yaml:"syllables"` // by language
	Allowed       map[string][]string `yaml:"allowed"`   // words over the limit that have no substitute
}

// language is what a body is read with: its limits and its terms.
type language struct {
	lang     requirement.Lang
	advising bool // whether the limits are of interest, and known
	limits   plainLimits
	terms    []namedTerm
	starts   [256][]int      // the terms that start with a letter
	allowed  map[string]bool // in small letters
}

func (d *data) language(l requirement.Lang, advising bool) *language {
	out := &language{lang: l, limits: d.plain, allowed: map[string]bool{}}
	out.name(d.terms)
	if out.advising = advising && d.plain.SentenceWords > 0 && d.plain.Syllables[string(l)] > 0; !out.advising {
		return out
	}
	for _, w := range d.plain.Allowed[string(l)] {
		out.allowed[strings.ToLower(w)] = true
	}
	for _, t := range d.terms {
		for _, w := range wordsOf(strings.ToLower(t.Term.In(l))) {
			out.allowed[w] = true
		}
	}
	return out
}

// wordsOf returns the words of a term or sentence.
func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// checkPlain checks data/bahasa.yaml.
func (s *Site) checkPlain() Problems {
	var ps Problems
	limit := func(got int, w ...any) {
		if got < 1 {
			ps = append(ps, s.data.in("bahasa", w, "%s is %d; want at least %d", w[len(w)-1], got, 1))
		}
	}
	limit(s.data.plain.SentenceWords, "sentence_words")
	for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
		limit(s.data.plain.Syllables[string(l)], "syllables", string(l))
	}
	return ps
}

// advise points out long sentences and long words of the prose.
func (l *language) advise(b text, doc ast.Node) Problems {
	var ps Problems
	f := &finder{body: b.body}
	ast.WalkFunc(doc, func(n ast.Node, entering bool) ast.WalkStatus {
		if _, ok := n.(*ast.Paragraph); ok && entering {
			ps = append(ps, l.adviseOn(b, f.prose(n))...)
			return ast.SkipChildren
		}
		if leaf := n.AsLeaf(); leaf != nil && entering {
			f.pass(string(leaf.Literal))
		}
		return ast.GoToNext
	})
	return ps
}

// adviseOn points out what is long in the prose of a paragraph.
func (l *language) adviseOn(b text, p prose) Problems {
	return l.long(p.words, func(pos int, word, format string, args ...any) Problem {
		at := p.place(pos)
		if i := strings.Index(b.body[at:], word); i >= 0 {
			at += i
		}
		return b.offset(at, format, args...)
	})
}

// long points out the long sentences and long words of a text. at makes a
// problem of the sentence that begins at a byte of the text, or of a word in it.
func (l *language) long(text string, at func(pos int, word, format string, args ...any) Problem) Problems {
	var ps Problems
	limit := l.limits.Syllables[string(l.lang)]
	for rest := text; rest != ""; {
		pos := len(text) - len(rest)
		var s string
		if s, rest = cutSentence(rest); l.isPlain(s) {
			continue
		}
		if got := len(strings.Fields(s)); got > l.limits.SentenceWords {
			ps = append(ps, advise(at(pos, "", "a sentence of %d words; want at most %d", got, l.limits.SentenceWords)))
		}
		for _, w := range wordsOf(s) {
			if n := syllables(l.lang, w); n > limit && !l.allowed[strings.ToLower(w)] {
				ps = append(ps, advise(at(pos, w, "the word %q has %d syllables; want at most %d", w, n, limit)))
			}
		}
	}
	return ps
}

// cutSentence cuts a text after its first sentence: a mark and a space, with
// quotes or brackets between them.
func cutSentence(text string) (sentence, rest string) {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c != '.' && c != '!' && c != '?' {
			continue
		}
		end := len(text) - len(strings.TrimLeft(text[i+1:], `"”)`))
		if end == len(text) || text[end] == ' ' || text[end] == '\n' {
			return text[:end], strings.TrimLeft(text[end:], " \n")
		}
	}
	return text, ""
}

// isPlain tells whether a sentence is surely within the limits, which most are:
// it has few spaces, and no run of letters with too many vowels.
func (l *language) isPlain(s string) bool {
	limit := l.limits.Syllables[string(l.lang)]
	spaces, vowels := 0, 0
	for i := range len(s) {
		switch c := s[i] | 0x20; {
		case c == ' ' || s[i] == '\n':
			spaces++
			vowels = 0
		case c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y':
			vowels++
		case c < 'a' && s[i] < 0x80:
			vowels = 0
		}
		if vowels > limit {
			return false
		}
	}
	return spaces < l.limits.SentenceWords
}

// A finder finds again where in a body the words of its tree stand, each behind
// those before it: the parser has no positions.
type finder struct {
	body string
	at   int
}

// prose is the words of a paragraph without code and addresses, and where stretches
// of them stand in the body.
type prose struct {
	words string
	runs  []stretch
}

// A stretch is a byte of a paragraph's words and its place in the body.
type stretch struct{ words, body int }

// pass finds the lines of a text and goes on behind them.
func (f *finder) pass(text string) (runs []stretch) {
	from := 0
	for line := range strings.Lines(text) {
		words := strings.TrimSpace(line)
		if i := strings.Index(f.body[f.at:], words); i >= 0 && words != "" {
			runs = append(runs, stretch{from + strings.Index(line, words), f.at + i})
			f.at += i + len(words)
		}
		from += len(line)
	}
	return runs
}

func (f *finder) prose(n ast.Node) prose {
	var out strings.Builder
	var runs []stretch
	ast.WalkFunc(n, func(x ast.Node, entering bool) ast.WalkStatus {
		switch x := x.(type) {
		case *ast.Code:
			f.pass(string(x.Literal))
			out.WriteString("x")
		case *ast.Text:
			if entering {
				for _, r := range f.pass(string(x.Literal)) {
					runs = append(runs, stretch{out.Len() + r.words, r.body})
				}
				out.Write(x.Literal)
			}
		}
		return ast.GoToNext
	})
	return prose{out.String(), runs}
}

// place returns where a byte of the words stands in the body; of words that are
// written otherwise than they show, where the last before them are.
func (p prose) place(at int) int {
	i, found := slices.BinarySearchFunc(p.runs, at, func(r stretch, at int) int { return r.words - at })
	switch {
	case found:
		return p.runs[i].body
	case i > 0:
		return p.runs[i-1].body + at - p.runs[i-1].words
	case len(p.runs) > 0:
		return p.runs[0].body
	}
	return 0
}

// syllables counts those of a word: in Indonesian each vowel but the second of
// a diphthong at the end (ai, au, oi), in English each group of vowels but a
// silent e at the end. A word in capital letters is an abbreviation and has none.
func syllables(l requirement.Lang, word string) int {
	if strings.ToUpper(word) == word {
		return 0
	}
	n, before := 0, false
	letters := []rune(strings.ToLower(word))
	for i, r := range letters {
		vowel := strings.ContainsRune("aiueo", r) || l == requirement.EN && r == 'y' && i > 0
		if vowel && (l != requirement.EN || !before) {
			n++
		}
		before = vowel
	}
	ending := string(letters[max(0, len(letters)-2):])
	switch {
	case l == requirement.EN && strings.HasSuffix(ending, "e") && !strings.HasSuffix(ending, "le") && n > 1 && !strings.ContainsAny(ending[:1], "aiou"):
		n--
	case l != requirement.EN && slices.Contains([]string{"ai", "au", "oi"}, ending):
		n--
	}
	return n
}

// isLetter tells whether a rune continues a word.
func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' }
