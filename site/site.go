// Package site turns content/ into the files of the public site.
//
//	content/*.md ─ readDocument ─┐                       ┌─► pages (site/page), both languages
//	content/data/*.yaml ─────────┼─► Site: documents, Set ┼─► data/persyaratan.json, for the functions
//	content/kata/*.yaml ─ page.T ┘        │               └─► sitemap.xml, robots.txt, scripts, 404
//	                                      └ checks: every link, anchor, code, date and translation
//
// The same content gives the same bytes. Every mistake of a run is reported
// at once, with file, line and column.
package site

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Options of a build.
type Options struct {
	Origin string // public origin for canonical links, "https://…"
}

// A Site is all content, read and checked, and its requirement set.
type Site struct {
	Set  *requirement.Set
	docs []*document
	body map[*document]*rendered
	data data
}

// Load reads and checks the content. The error is of type Problems when the
// content has mistakes.
func Load(ctx context.Context, fsys fs.FS) (*Site, error) {
	names, err := markdownFiles(fsys)
	if err != nil {
		return nil, err
	}
	s := &Site{body: map[*document]*rendered{}}
	docs := make([]*document, len(names))
	var mu sync.Mutex
	var ps Problems
	g, _ := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		g.Go(func() error {
			d, found := readDocument(fsys, name)
			var r *rendered
			if d != nil {
				var more Problems
				r, more = render(d.body, d.lang)
				found = append(found, more...)
			}
			mu.Lock()
			defer mu.Unlock()
			ps = append(ps, found...)
			if d != nil {
				docs[i], s.body[d] = d, r
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	s.docs = slices.DeleteFunc(docs, func(d *document) bool { return d == nil })
	var found Problems
	s.data, found = readData(fsys)
	ps = append(ps, found...)
	ps = append(ps, s.pairs()...)
	s.Set, found = s.assemble()
	ps = append(ps, found...)
	if err := ps.err(); err != nil {
		return nil, err
	}
	return s, nil
}

func markdownFiles(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".md") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read content: %w", err)
	}
	return names, nil
}

// pairs checks that every page has its translation and no address is given twice.
func (s *Site) pairs() Problems {
	var ps Problems
	byPath := map[string]*document{}
	for _, d := range s.docs {
		at := string(d.lang) + d.path
		if other := byPath[at]; other != nil {
			ps = append(ps, Problem{File: d.name, Message: fmt.Sprintf("address %s is taken by %s", d.path, other.name)})
		}
		byPath[at] = d
	}
	for _, d := range s.docs {
		if byPath[string(other(d.lang))+d.path] == nil {
			ps = append(ps, Problem{File: d.name, Message: "translation is missing: " + translationName(d)})
		}
		for _, a := range d.Aliases {
			if byPath[string(d.lang)+a] != nil {
				ps = append(ps, d.meta.find(a, "alias %s is the address of a page", a))
			}
		}
	}
	return ps
}

func other(l requirement.Lang) requirement.Lang {
	if l == requirement.EN {
		return requirement.ID
	}
	return requirement.EN
}

func translationName(d *document) string {
	if d.lang == requirement.EN {
		return strings.TrimSuffix(d.name, ".en.md") + ".md"
	}
	return strings.TrimSuffix(d.name, ".md") + ".en.md"
}

// doc returns the document of a path in a language, or nil.
func (s *Site) doc(l requirement.Lang, path string) *document {
	for _, d := range s.docs {
		if d.lang == l && d.path == path {
			return d
		}
	}
	return nil
}

// Files returns every file of the site by its path without the first slash.
func (s *Site) Files(ctx context.Context, o Options) (map[string][]byte, error) {
	pages := s.pages(o)
	files := map[string][]byte{}
	var mu sync.Mutex
	g, _ := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for name, p := range pages {
		g.Go(func() error {
			var b strings.Builder
			if err := page.Render(&b, p); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			files[name] = []byte(b.String())
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := s.extras(files, o); err != nil {
		return nil, err
	}
	return files, s.checkLinks(files)
}

// extras adds what is not a page: scripts, the requirement set, sitemap, robots.
func (s *Site) extras(files map[string][]byte, o Options) error {
	for name, b := range page.Assets() {
		files[strings.TrimPrefix(name, "/")] = b
	}
	set, err := json.Marshal(s.Set)
	if err != nil {
		return fmt.Errorf("requirement set: %w", err)
	}
	files["data/persyaratan.json"] = set
	files["data/persyaratan-"+s.Set.Version+".json"] = set
	files["robots.txt"] = []byte("User-agent: *\nDisallow: /berkas\nDisallow: /status\nDisallow: /tanda-terima\nSitemap: " + o.Origin + "/sitemap.xml\n")
	files["sitemap.xml"] = s.sitemap(files, o)
	return nil
}
