package searchindex

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Hit is the best section of a page for a query.
type Hit struct {
	Section *Section
	Excerpt string // the first sentence of those that say most of the query; "" of a section without words
	score   float64
}

// Limits of a query; what is beyond them is not looked for.
const (
	MaxQuery = 100 // characters
	maxWords = 8
)

// Constants of BM25 (Robertson and Zaragoza 2009).
const (
	k1 = 1.2
	b  = 0.75
)

// Find returns at most n pages, the best first. A word that no page has is
// looked for as the nearest one that a page has; corrected then holds the
// query as it was understood, else it is "".
func (x *Index) Find(query string, n int) (hits []Hit, corrected string) {
	if runes := []rune(query); len(runes) > MaxQuery {
		query = string(runes[:MaxQuery])
	}
	wanted := stems(x.Lang, query)
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	wanted = wanted[:min(len(wanted), maxWords)]
	changed := false
	for i, w := range wanted {
		if len(x.Postings[w]) == 0 {
			if near := x.nearest(w); near != "" {
				wanted[i], changed = near, true
			}
		}
	}
	if changed {
		corrected = strings.Join(wanted, " ")
	}
	return x.rank(wanted, n), corrected
}

// rank scores the sections and keeps the best of each page.
func (x *Index) rank(wanted []string, n int) []Hit {
	scores, covered := map[int]float64{}, map[int]int{}
	for _, w := range wanted {
		list := x.Postings[w]
		rare := math.Log(1 + (float64(len(x.Sections)-len(list))+0.5)/(float64(len(list))+0.5))
		for _, e := range list {
			tf, length := float64(e.Count), float64(x.Lengths[e.Section])/x.mean
			scores[e.Section] += rare * tf * (k1 + 1) / (tf + k1*(1-b+b*length))
			covered[e.Section]++
		}
	}
	best := map[string]Hit{}
	for i, score := range scores {
		s := &x.Sections[i]
		score *= float64(covered[i]) / float64(len(wanted))
		if old, ok := best[s.Path]; !ok || score > old.score || score == old.score && s.Anchor < old.Section.Anchor {
			best[s.Path] = Hit{Section: s, score: score}
		}
	}
	var out []Hit
	for _, h := range best {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.Section.Path, b.Section.Path))
	})
	out = out[:min(len(out), n)]
	for i := range out {
		out[i].Excerpt = excerpt(x.Lang, out[i].Section.Text, wanted)
	}
	return out
}

const maxExcerpt = 160 // characters

// excerpt is the first sentence of those with most of the wanted words, cut to a line.
func excerpt(lang, text string, wanted []string) string {
	best, most := "", -1
	for _, s := range strings.SplitAfter(text, ". ") {
		have := map[string]bool{}
		for _, w := range stems(lang, s) {
			if slices.Contains(wanted, w) {
				have[w] = true
			}
		}
		if len(have) > most {
			best, most = strings.TrimSpace(s), len(have)
		}
	}
	return around(lang, best, wanted)
}

// around cuts a sentence to a line in which the first wanted word stands.
func around(lang, sentence string, wanted []string) string {
	runes := []rune(sentence)
	if len(runes) <= maxExcerpt {
		return sentence
	}
	before, at := 0, 0 // letters up to the word, up to where the line begins
	for w := range strings.SplitAfterSeq(sentence, " ") {
		n := utf8.RuneCountInString(w)
		if slices.ContainsFunc(stems(lang, w), func(s string) bool { return slices.Contains(wanted, s) }) {
			if before+n > maxExcerpt {
				at = before
			}
			break
		}
		before += n
	}
	cut := func(from int) string { return strings.TrimSpace(string(runes[from:min(from+maxExcerpt, len(runes))])) }
	switch {
	case at == 0:
		return cut(0) + "…"
	case at+maxExcerpt >= len(runes):
		return "…" + cut(at)
	}
	return "…" + cut(at) + "…"
}

// nearest returns the stem with the fewest changes from w, of which there may
// be one, from seven letters on two; "" when none is near enough.
func (x *Index) nearest(w string) string {
	limit := 1
	if len(w) >= 7 {
		limit = 2
	}
	if len(w) < shortest {
		return ""
	}
	best, least := "", limit+1
	for have, list := range x.Postings {
		d := distance(w, have, limit)
		if d < least || d == least && best != "" && (len(list) > len(x.Postings[best]) || len(list) == len(x.Postings[best]) && have < best) {
			best, least = have, d
		}
	}
	return best
}

// distance counts the letters to change, add or leave out (Levenshtein), up to
// limit+1.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal, least := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}
