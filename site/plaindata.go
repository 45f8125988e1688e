package site

import (
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A telling makes a problem at the place of a text.
type telling func(format string, args ...any) Problem

// adviseText points out the long sentences and long words of a text that stands
// at one place.
func (l *language) adviseText(text string, at telling) Problems {
	return l.long(text, func(_ int, _, format string, args ...any) Problem { return at(format, args...) })
}

// adviseBoth does so in both languages; at is given each.
func (s *Site) adviseBoth(text requirement.Text, at func(requirement.Lang) telling) Problems {
	var ps Problems
	for _, lang := range languages {
		if l := s.languages[lang]; l.advising {
			ps = append(ps, l.adviseText(text.In(lang), at(lang))...)
		}
	}
	return ps
}

// adviseData points out what is long in all that people read besides the prose
// of documents: their titles and rules, the data, and the words of the pages.
func (s *Site) adviseData(src *sources) Problems {
	var ps Problems
	data := func(file string, text requirement.Text, w ...any) {
		ps = append(ps, s.adviseBoth(text, func(l requirement.Lang) telling {
			return func(format string, args ...any) Problem {
				return s.data.in(file, append(w, string(l)), format, args...)
			}
		})...)
	}
	for i, d := range s.data.documents {
		data("dokumen", d.Title, i, "title")
		data("dokumen", d.Help, i, "help")
	}
	for i, q := range s.data.questions {
		data("pertanyaan", q.Label, i, "label")
		data("pertanyaan", q.Hint, i, "hint")
	}
	for i, t := range s.data.terms {
		data("istilah", t.Short, i, "short")
		data("istilah", t.Meaning, i, "meaning")
	}
	for i, c := range s.data.consents {
		data("persetujuan", c.Text, i, "text")
	}
	for _, d := range s.docs {
		ps = append(ps, s.adviseFront(d)...)
	}
	return append(ps, s.adviseWords(src)...)
}

// adviseFront points out what is long in a document's front matter.
func (s *Site) adviseFront(d *document) Problems {
	l := s.languages[d.lang]
	if !l.advising || d.broken {
		return nil
	}
	var ps Problems
	for key, text := range map[string]string{"title": d.Title, "description": d.Description, "situation": d.Situation} {
		ps = append(ps, l.adviseText(text, func(format string, args ...any) Problem { return d.in(way{key}, format, args...) })...)
	}
	for i, r := range d.Rules {
		ps = append(ps, s.adviseBoth(r.Refusal, func(l requirement.Lang) telling {
			return func(format string, args ...any) Problem {
				return d.in(way{"rules", i, "refusal", string(l)}, format, args...)
			}
		})...)
	}
	return ps
}

// adviseWords points out what is long in the words of the pages.
func (s *Site) adviseWords(src *sources) Problems {
	var ps Problems
	words := page.Words()
	for line := range strings.Lines(wordList) {
		entry := strings.Fields(line)
		ps = append(ps, s.adviseBoth(words[entry[1]], func(requirement.Lang) telling {
			return func(format string, args ...any) Problem { return atWords(src.FS, entry[0], entry[1], format, args...) }
		})...)
	}
	return ps
}
