package site

import (
	"slices"
	"strings"

	"lapakasik/site/requirement"
	"lapakasik/site/searchindex"
)

// A service is a page that a function makes, as the search shows it: no file
// of the site holds its words.
type service struct {
	Path     string           `yaml:"path"` // one of Routes
	Title    requirement.Text `yaml:"title"`
	Text     requirement.Text `yaml:"text"`
	Keywords requirement.Text `yaml:"keywords"` // found and not shown
}

// section is what a search finds of the service.
func (v *service) section(l requirement.Lang) searchindex.Section {
	return searchindex.Section{Path: v.Path, Title: v.Title.In(l), Text: v.Text.In(l), Keywords: v.Keywords.In(l)}
}

// checkServices checks what the search says of the functions' pages.
func (s *Site) checkServices() Problems {
	var ps Problems
	seen := map[string]bool{}
	for i, v := range s.data.services {
		switch {
		case !slices.Contains(Routes, v.Path):
			ps = append(ps, s.data.in("layanan", way{i, "path"}, "path %q: want one of %s", v.Path, strings.Join(Routes, " ")))
		case seen[v.Path]:
			ps = append(ps, s.data.in("layanan", way{i, "path"}, "path %s is given twice", v.Path))
		}
		seen[v.Path] = true
		ps = append(ps, s.data.both("layanan", way{i, "title"}, v.Title)...)
		ps = append(ps, s.data.both("layanan", way{i, "text"}, v.Text)...)
		if v.Keywords != (requirement.Text{}) {
			ps = append(ps, s.data.both("layanan", way{i, "keywords"}, v.Keywords)...)
		}
	}
	return ps
}
