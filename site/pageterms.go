package site

import (
	"slices"

	"lapakasik/site/page"
)

// pageTermsID is the anchor of the terms that a page uses and its prose does
// not explain.
const pageTermsID = "istilah"

// pageTerms explain the terms of a page that its prose does not: those of
// titles, tables, links, and of all that is made from data.
func (s *Site) pageTerms(p *page.Page, body *rendered) []page.Block {
	if p.Path == termsPath {
		return nil
	}
	l := s.languages[p.Lang]
	used := slices.Clone(body.terms.bare)
	for _, text := range append(shownTexts(p.Blocks), p.Title) {
		l.note([]byte(text), used)
	}
	for k, t := range l.terms { // an explanation may use others
		if used[k] || body.terms.explained[k] {
			l.note([]byte(t.short), used)
		}
	}
	var items []page.LinkItem
	for k, t := range l.terms {
		if used[k] && !body.terms.explained[k] {
			items = append(items, page.LinkItem{Link: page.Link{URL: localise(p.Lang, termsPath+"#"+t.code), Text: t.shown}, Note: t.short})
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []page.Block{page.Heading{Level: 2, ID: pageTermsID, Text: page.T(p.Lang, "halaman.istilah")}, page.Links{Items: items}}
}

// shownTexts are the texts of blocks that the site makes from data.
func shownTexts(blocks []page.Block) []string {
	var out []string
	for _, b := range blocks {
		switch b := b.(type) {
		case page.Lead:
			out = append(out, b.Text)
		case page.Text:
			out = append(out, b.Text)
		case page.Heading:
			out = append(out, b.Text)
		case page.Notice:
			out = append(out, b.Title, b.Text)
		case page.List:
			out = append(out, b.Items...)
		case page.Cards:
			out = append(out, linkTexts(b.Items)...)
		case page.Links:
			out = append(out, linkTexts(b.Items)...)
		case page.Checklist:
			for _, t := range b.Items {
				out = slices.Concat(out, []string{t.Title, t.Hint, t.Status}, t.Details, t.Alternatives)
			}
		}
	}
	return out
}

func linkTexts(items []page.LinkItem) []string {
	var out []string
	for _, x := range items {
		out = append(out, x.Text, x.Note)
	}
	return out
}
