package site

import (
	"slices"
	"strings"

	"lapakasik/site/requirement"
)

// A requiredSection is a heading that every page of a kind must have, with text below
// it. Element is its number among the 14 of a service standard (UU 25/2009
// article 21), 0 for none.
type requiredSection struct {
	Kind    string           `yaml:"kind"`
	Title   requirement.Text `yaml:"title"`
	Element int              `yaml:"element"`
}

// kindGuide is a claim reason that only guides: another service handles it.
const kindGuide = "guide"

// elements is how many a service standard has (UU 25/2009 article 21).
const elements = 14

// sectionKind is the kind by which a page's sections are chosen.
func (d *document) sectionKind() string {
	if d.Kind == kindReason && len(d.Channels) == 0 {
		return kindGuide
	}
	return d.Kind
}

// checkSectionList checks data/bagian.yaml: both languages, kinds that exist, and
// each element of the service standard.
func (s *Site) checkSectionList() Problems {
	var ps Problems
	var seen [elements + 1]bool
	for i, x := range s.data.sections {
		ps = append(ps, s.data.both("bagian", way{i, "title"}, x.Title)...)
		if x.Kind != kindGuide && !isKind(x.Kind) {
			ps = append(ps, s.data.in("bagian", way{i, "kind"}, "kind %q: want one of %s", x.Kind, strings.Join(append(kinds, kindGuide), ", ")))
		}
		if x.Kind == kindStandard && x.Element > 0 && x.Element <= elements {
			seen[x.Element] = true
		}
	}
	for n := 1; n <= elements; n++ {
		if !seen[n] {
			ps = append(ps, s.data.in("bagian", nil, "element %d of the service standard is missing", n))
		}
	}
	return ps
}

// placeKinds are the pages whose kind decides what is checked of them, by
// address: one that lost its kind would lose its sections unnoticed.
var placeKinds = map[string]string{"/": kindHome, "/standar-pelayanan/": kindStandard, "/privasi/": kindPrivacy}

// lostKind tells whether a page has its place among the claim reasons and is
// none.
func (d *document) lostKind() bool {
	return d.lang == requirement.ID && d.path == "/klaim/"+d.code()+"/" && d.Kind != kindReason
}

// checkKind checks that a page has the kind that belongs to its place, and
// what its kind asks of the front matter besides.
func (d *document) checkKind() Problems {
	var ps Problems
	switch want := placeKinds[d.path]; {
	case d.lostKind():
		ps = append(ps, d.in(way{"kind"}, "a page in the folder klaim/ must have kind: reason"))
	case want != "" && d.Kind != want:
		ps = append(ps, d.in(way{"kind"}, "this page must have kind: %s, which says what must be on it", want))
	}
	if d.Kind == kindPage {
		return ps // what else it says is its own affair
	}
	for _, need := range []struct {
		key  string
		lost bool
	}{{"section", d.Section == ""}, {"order", d.Order == 0}, {"review_every_days", d.ReviewEvery == 0}, {"sources", len(d.Sources) == 0}, {"changes", len(d.Changes) == 0}} {
		if need.lost {
			ps = append(ps, d.in(way{need.key}, "%s is missing; a page of kind %s needs it", need.key, d.Kind))
		}
	}
	return ps
}

// checkText checks that a page has a text, and a translation as many sections
// as its original: what is lost there, half of the readers never see.
func (s *Site) checkText(d *document) Problems {
	body, original := s.body[d], s.body[s.original(d)]
	mine, want := len(body.contents), len(original.contents)
	switch {
	case body.blank:
		return Problems{d.whole("the page has no text")}
	case original.blank || !body.sound || !original.sound || mine == want:
		return nil
	case len(s.checkSections(d))+len(s.checkSections(s.original(d))) > 0:
		return nil // which section is lost is said already
	}
	return Problems{d.whole("the page has %d sections (##), its original %d", mine, want)}
}

// checkSections checks that a page has the sections of its kind, with text
// below each.
func (s *Site) checkSections(d *document) Problems {
	if s.body[d].blank {
		return nil // see checkText
	}
	var ps Problems
	headings := s.body[d].headings
	for _, h := range headings {
		if h.empty {
			ps = append(ps, h.place.saying("section %q is empty", h.words))
		}
	}
	kind := s.original(d).sectionKind()
	for _, x := range s.data.sections {
		if x.Kind != kind {
			continue
		}
		title := x.Title.In(d.lang)
		if !slices.ContainsFunc(headings, func(h heading) bool { return strings.EqualFold(h.words, title) }) {
			ps = append(ps, d.whole("section %q is missing; a page of this kind needs it", title))
		}
	}
	return ps
}
