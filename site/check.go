package site

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"lapakasik/site/page"
)

// Check returns everything that is wrong with the content and all advice, in
// order of file and line. A mistake hides no other, except what it makes
// unreadable: the rest of its file's front matter, or of its data file.
func Check(ctx context.Context, fsys fs.FS, o Options) (Problems, error) {
	o.Advise = true
	made, err := Build(ctx, fsys, o)
	var ps Problems
	switch {
	case err == nil:
		return made.Advice, nil
	case errors.As(err, &ps):
		return ps, nil
	}
	return nil, err
}

// apart leaves out the problems that only follow from data files that cannot
// be read: those in such a file, and those that name it.
func (ps Problems) apart(unreadable Problems) Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool {
		return slices.ContainsFunc(unreadable, func(u Problem) bool {
			return p.File == u.File || strings.Contains(p.Message.EN, u.File)
		})
	})
}

// concerns tells whether one of the problems is in the file.
func (ps Problems) concerns(file string) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.File == file })
}

// checkAnchors follows the anchors of the content although the site cannot be
// built, as far as the pages that have no mistake go.
func (s *Site) checkAnchors(wrong Problems) Problems {
	anywhere := func(string) bool { return true }
	c := s.newLinkCheck(anywhere, func(string) *webPage { return nil })
	for _, d := range s.shown() {
		if wrong.concerns(d.name) || wrong.concerns(s.original(d).name) {
			continue
		}
		if html, ok := s.tryPage(d); ok {
			c.add(fileName(&page.Page{Lang: d.lang, Path: d.path}), d.lang, html)
		}
	}
	var ps Problems
	for _, d := range s.shown() {
		name := fileName(&page.Page{Lang: d.lang, Path: d.path})
		for _, l := range s.body[d].links {
			to, anchor := target(name, localise(d.lang, l.dest))
			if p := c.pages[to]; p != nil && anchor != "" && !p.has(anchor) {
				ps = append(ps, l.place.saying("link %s %s", l.dest, noAnchor))
			}
		}
	}
	return ps
}

// tryPage renders one page of a site that has mistakes elsewhere.
func (s *Site) tryPage(d *document) (html []byte, ok bool) {
	defer func() {
		if recover() != nil { // the page stands on what is wrong elsewhere
			html, ok = nil, false
		}
	}()
	var b strings.Builder
	if err := page.Render(&b, s.page(d)); err != nil {
		return nil, false
	}
	return []byte(b.String()), true
}
