// Package searchindex finds pages of the public site by words. The generator makes
// the index, the search function answers from it.
//
//	pages ─ sections at each h2 ─► words ─ stem ─► postings ─► data/cari.json
//	query ─────────────────────── words ─ stem ─► BM25 over sections ─► best section of each page
//
// Stems are light: an ending or a beginning is cut where enough is left, after
// Tala's stemmer for Indonesian (A Study of Stemming Effects on Information
// Retrieval in Bahasa Indonesia, 2003) and plural and tense endings in English.
package searchindex

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"lapakasik/site/requirement"
)

// A Section is a part of a page under one heading: what a hit leads to.
type Section struct {
	Path     string `json:"p"` // "/klaim/phk/", of the Indonesian site
	Anchor   string `json:"a,omitempty"`
	Title    string `json:"t"` // of the page
	Heading  string `json:"h,omitempty"`
	Keywords string `json:"k,omitempty"` // found and not shown
	Text     string `json:"x"`
}

// URL is the section's address on the Indonesian site.
func (s *Section) URL() string {
	if s.Anchor == "" {
		return s.Path
	}
	return s.Path + "#" + s.Anchor
}

// An Index holds the sections of one language and where each stem is.
type Index struct {
	Lang     string             `json:"lang"`
	Sections []Section          `json:"sections"`
	Postings map[string]entries `json:"postings"`
	Lengths  []int              `json:"lengths"` // weighted words of each section
	mean     float64
}

// An entry says how often a stem is in a section, by weight.
type entry struct {
	Section int
	Count   int
}

// entries say where a stem is, in order of the sections.
type entries []entry

// MarshalJSON writes entries as [[section, count], …].
func (list entries) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 2+10*len(list))
	b = append(b, '[')
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '['), int64(e.Section), 10)
		b = append(strconv.AppendInt(append(b, ','), int64(e.Count), 10), ']')
	}
	return append(b, ']'), nil
}

var errEntries = errors.New("search index: want [[section, count], …]")

// UnmarshalJSON reads [[section, count], …], which is most of an index, in one
// pass: the search function waits for it when it starts.
func (list *entries) UnmarshalJSON(b []byte) error {
	out := make(entries, 0, len(b)/8)
	rest, ok := bytes.CutPrefix(b, []byte("["))
	for ok && len(rest) > 1 {
		var e entry
		if e.Section, rest, ok = number(rest, '[', ','); ok {
			if e.Count, rest, ok = number(rest, 0, ']'); ok {
				out = append(out, e)
				rest = bytes.TrimPrefix(rest, []byte(","))
			}
		}
	}
	if string(rest) != "]" {
		return errEntries
	}
	*list = out
	return nil
}

// number cuts a number from the start of b, between two letters; 0 is none.
func number(b []byte, before, after byte) (n int, rest []byte, ok bool) {
	if before != 0 {
		if len(b) == 0 || b[0] != before {
			return 0, b, false
		}
		b = b[1:]
	}
	end := bytes.IndexByte(b, after)
	if end < 1 || end > 9 {
		return 0, b, false
	}
	for _, c := range b[:end] {
		if c < '0' || c > '9' {
			return 0, b, false
		}
		n = 10*n + int(c-'0')
	}
	return n, b[end+1:], true
}

// Weights of a word by where it stands.
const (
	inTitle    = 5
	inKeywords = 5
	inHeading  = 3
	inText     = 1
)

// New makes the index of a language. The same sections give the same index.
func New(lang string, sections []Section) *Index {
	x := &Index{Lang: lang, Sections: sections, Postings: map[string]entries{}, Lengths: make([]int, len(sections))}
	for i := range sections {
		x.add(i)
	}
	x.prepare()
	return x
}

// add adds the words of a section. Those of later sections must not be there.
func (x *Index) add(i int) {
	for w, n := range x.count(i) {
		list, known := x.Postings[w]
		if !known {
			w = strings.Clone(w) // it is a part of the whole text
		}
		x.Postings[w] = append(list, entry{i, n})
	}
}

// count returns the weight of each stem of a section and notes their sum.
func (x *Index) count(i int) map[string]int {
	s := &x.Sections[i]
	counts := map[string]int{}
	x.Lengths[i] = 0
	for _, part := range []struct {
		words  string
		weight int
	}{{s.Title, inTitle}, {s.Keywords, inKeywords}, {s.Heading, inHeading}, {s.Text, inText}} {
		for _, w := range stems(x.Lang, part.words) {
			counts[w] += part.weight
			x.Lengths[i] += part.weight
		}
	}
	return counts
}

// Read opens the indexes that were written as JSON, by language. It is an error
// if one names sections that it does not have.
func Read(b []byte) (map[requirement.Lang]*Index, error) {
	var all []*Index
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	out := map[requirement.Lang]*Index{requirement.ID: New("id", nil), requirement.EN: New("en", nil)}
	for _, x := range all {
		if err := x.check(); err != nil {
			return nil, err
		}
		out[requirement.Lang(x.Lang)] = x
	}
	return out, nil
}

func (x *Index) check() error {
	for w, list := range x.Postings {
		if slices.ContainsFunc(list, func(e entry) bool {
			return e.Section < 0 || e.Section >= len(x.Sections) || e.Section >= len(x.Lengths)
		}) {
			return fmt.Errorf("search index: %q is in a section that is not there", w)
		}
	}
	x.prepare()
	return nil
}

// Renew returns the index with the sections of some pages, by path, in the
// place of the old ones: that of New with all sections. The old index is used
// up. Pages that keep their number of sections cost little.
func (x *Index) Renew(pages map[string][]Section) *Index {
	sections := x.renewed(pages)
	if !slices.EqualFunc(sections, x.Sections, func(a, b Section) bool { return a.Path == b.Path }) {
		return New(x.Lang, sections)
	}
	changed := x.changed(sections)
	x.Sections = sections
	x.forget(changed)
	for _, i := range changed {
		for w, n := range x.count(i) {
			at, _ := x.Postings[w].find(i)
			x.Postings[strings.Clone(w)] = slices.Insert(x.Postings[w], at, entry{i, n})
		}
	}
	x.prepare()
	return x
}

// renewed returns the sections with those of some pages in the place of the
// old ones.
func (x *Index) renewed(pages map[string][]Section) []Section {
	var out []Section
	last := ""
	for i, s := range x.Sections {
		fresh, ok := pages[s.Path]
		switch {
		case !ok:
			out = append(out, s)
		case i == 0 || s.Path != last:
			out = append(out, fresh...)
		}
		last = s.Path
	}
	return out
}

// changed returns the numbers of the sections that differ, of as many.
func (x *Index) changed(sections []Section) []int {
	var out []int
	for i := range sections {
		if sections[i] != x.Sections[i] {
			out = append(out, i)
		}
	}
	return out
}

// forget takes sections out of all postings.
func (x *Index) forget(sections []int) {
	for w, list := range x.Postings {
		for _, i := range sections {
			if at, ok := list.find(i); ok {
				list = slices.Delete(list, at, at+1)
			}
		}
		x.Postings[w] = list
		if len(list) == 0 {
			delete(x.Postings, w)
		}
	}
}

// find returns where a section is among entries, or would be.
func (list entries) find(section int) (int, bool) {
	return slices.BinarySearchFunc(list, section, func(e entry, i int) int { return cmp.Compare(e.Section, i) })
}

func (x *Index) prepare() {
	total := 0
	for _, n := range x.Lengths {
		total += n
	}
	x.mean = float64(max(total, 1)) / float64(max(len(x.Lengths), 1))
}

// stems are the words of a text as the index knows them; parts of a word that
// a hyphen joins, and the word without it, as many write it.
func stems(lang, text string) []string {
	out := make([]string, 0, len(text)/6)
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '-' }) {
		if strings.Contains(w, "-") {
			out = appendStem(out, lang, strings.ReplaceAll(w, "-", ""))
		}
		for part := range strings.SplitSeq(w, "-") {
			out = appendStem(out, lang, part)
		}
	}
	return out
}

func appendStem(out []string, lang, w string) []string {
	if w == "" || stopWords[w] {
		return out
	}
	return append(out, stem(lang, w))
}

// stopWords are on every page and tell pages from each other by nothing.
var stopWords = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`yang dan di ke dari untuk pada dengan ini itu atau adalah akan juga saya anda kami kita apa bagaimana cara
		the a an of to in on for and or is are be with this that i you my your how what do does can`) {
		out[w] = true
	}
	return out
}()
