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
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"lapakasik/site/requirement"
)

// A Section is a part of a page under one heading: what a hit leads to.
type Section struct {
	Path    string `json:"p"` // "/klaim/phk/", of the Indonesian site
	Anchor  string `json:"a,omitempty"`
	Title   string `json:"t"` // of the page
	Heading string `json:"h,omitempty"`
	Text    string `json:"x"`
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
	Postings map[string][]entry `json:"postings"`
	Lengths  []int              `json:"lengths"` // weighted words of each section
	mean     float64
}

// An entry says how often a stem is in a section, by weight.
type entry struct {
	Section int
	Count   int
}

// MarshalJSON writes an entry as [section, count].
func (e entry) MarshalJSON() ([]byte, error) { return json.Marshal([2]int{e.Section, e.Count}) }

// UnmarshalJSON reads [section, count].
func (e *entry) UnmarshalJSON(b []byte) error {
	var pair [2]int
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	e.Section, e.Count = pair[0], pair[1]
	return nil
}

// Weights of a word by where it stands.
const (
	inTitle   = 5
	inHeading = 3
	inText    = 1
)

// New makes the index of a language. The same sections give the same index.
func New(lang string, sections []Section) *Index {
	x := &Index{Lang: lang, Sections: sections, Postings: map[string][]entry{}, Lengths: make([]int, len(sections))}
	for i, s := range sections {
		counts := map[string]int{}
		for _, part := range []struct {
			words  string
			weight int
		}{{s.Title, inTitle}, {s.Heading, inHeading}, {s.Text, inText}} {
			for _, w := range stems(lang, part.words) {
				counts[w] += part.weight
				x.Lengths[i] += part.weight
			}
		}
		for w, n := range counts {
			x.Postings[w] = append(x.Postings[w], entry{i, n})
		}
	}
	x.prepare()
	return x
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

// Renewed returns the sections with those of some pages, by path, in the place
// of the old ones.
func (x *Index) Renewed(pages map[string][]Section) []Section {
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

func (x *Index) prepare() {
	total := 0
	for _, n := range x.Lengths {
		total += n
	}
	x.mean = float64(max(total, 1)) / float64(max(len(x.Lengths), 1))
}

var wordPattern = regexp.MustCompile(`[\p{L}\p{N}]+`)

// stems are the words of a text as the index knows them.
func stems(lang, text string) []string {
	found := wordPattern.FindAllString(strings.ToLower(text), -1)
	out := found[:0]
	for _, w := range found {
		if !stopWords[w] {
			out = append(out, stem(lang, w))
		}
	}
	return out
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
