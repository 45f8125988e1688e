// Package site turns content/ into the files of the public site.
//
//	content/**.md ─ readDocument, render ─┐              ┌─► pages (site/page), both languages
//	content/data/*.yaml ─ readData ───────┼─► Load: Site ┼─► data/persyaratan.json, for the functions
//	content/**.png … ─ readPictures ──────┘    checks    └─► sitemap.xml, robots.txt, scripts, 404
//	content/kata/*.yaml ─ page.T ───────────────────────────► the words of every page
//
// The same content on the same day gives the same bytes, whatever the number
// of processors. Every mistake of a run is reported at once, as Problems.
package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/sample"
	"lapakasik/site/searchindex"
)

// Options of a build.
type Options struct {
	Origin string           // public origin for canonical links, "https://…", without a slash at its end
	Today  requirement.Date // decides what is published, in force and due for review; "" leaves days out of account
	Drafts bool             // show what is not published too, marked as such
	Search bool             // make the index of the search function
	Advise bool             // look for what is not plain language, which stops no build
}

// A Result is what a build makes.
type Result struct {
	Set    *requirement.Set
	Files  map[string][]byte // by path without the first slash: "klaim/phk/index.html"
	Pages  int               // how many of them are pages
	Advice Problems          // what does not stop a build; on the language only with Options.Advise
}

// Build loads the content and makes every file of the site. The error is of
// type Problems when the content has mistakes.
func Build(ctx context.Context, fsys fs.FS, o Options) (*Result, error) {
	s, err := Load(ctx, fsys, o)
	if err != nil {
		return nil, err
	}
	files, err := s.Files(ctx)
	if err != nil {
		return nil, err
	}
	r := &Result{Set: s.Set, Files: files, Advice: s.Advice}
	for name := range files {
		if strings.HasSuffix(name, ".html") {
			r.Pages++
		}
	}
	return r, nil
}

// A Site is all content, read and checked, and its requirement set.
type Site struct {
	Set       *requirement.Set
	Advice    Problems // what does not stop a build
	options   Options
	docs      []*document // in order of their names
	byPath    map[langPath]*document
	body      map[*document]*rendered
	pictures  map[string]picture
	samples   map[string]sample.Sample // to practise with, by address
	data      data
	languages map[requirement.Lang]*language
	assumed   map[string]bool // branches whose hours no source confirms
	// elsewhere tells the addresses of pages that were not loaded, of a site
	// that is only a part (see part).
	elsewhere func(path string) bool
}

type langPath struct {
	lang requirement.Lang
	path string
}

// Load reads and checks the content. The error is of type Problems when the
// content has mistakes.
func Load(ctx context.Context, fsys fs.FS, o Options) (*Site, error) {
	return loadAll(ctx, newSources(fsys), o)
}

func loadAll(ctx context.Context, src *sources, o Options) (*Site, error) {
	if _, err := src.Stat("."); errors.Is(err, fs.ErrNotExist) {
		return nil, Problems{wholeFile(".", "the folder of the content does not exist")}
	}
	names, err := src.documents()
	if err != nil {
		return nil, err
	}
	return load(ctx, src, o, scope{names: names})
}

// A scope says what of the content to load.
type scope struct {
	names []string // of the documents
	// elsewhere tells the addresses of other documents, of a site that is only
	// a part (see part); nil for all of a site.
	elsewhere func(path string) bool
	prose     bool // without the requirement set, which none of the documents shows
}

// load reads some documents and the data that they need.
func load(ctx context.Context, src *sources, o Options, of scope) (*Site, error) {
	s := &Site{options: o, byPath: map[langPath]*document{}, body: map[*document]*rendered{}, assumed: map[string]bool{}, elsewhere: of.elsewhere}
	var ps, found Problems
	s.pictures, ps = readPictures(src)
	if of.elsewhere == nil { // else both are as in the build before
		ps = append(append(ps, s.checkUnread(src)...), checkWords(src)...)
	}
	var unreadable Problems
	var err error
	if s.data, unreadable, err = readData(ctx, src, of.prose); err != nil {
		return nil, err
	}
	if !of.prose && slices.Contains(of.names, rehearsalName) {
		go sample.All() // while documents are read, for makeSet
	}
	if found, err = s.readDocuments(ctx, src, of.names); err != nil {
		return nil, err
	}
	ps = append(ps, found...)
	ps = append(ps, s.checkAddresses()...)
	found = nil
	if !of.prose {
		if found, err = s.makeSet(); err != nil {
			return nil, err
		}
	}
	found = append(append(found, s.checkTargets()...), s.checkDocuments()...)
	if of.elsewhere == nil {
		found = append(found, s.adviseData(src)...)
	}
	ps = append(append(ps, unreadable...), found.apart(unreadable)...)
	if ps.err() != nil {
		return nil, append(ps, s.checkAnchors(ps)...).err()
	}
	s.Advice = ps.sorted()
	return s, nil
}

// makeSet makes the requirement set, and the samples to practise with.
func (s *Site) makeSet() (Problems, error) {
	if s.doc(requirement.ID, page.RehearsalBase+"/") != nil {
		if err := s.drawSamples(); err != nil {
			return nil, err
		}
	}
	var ps Problems
	s.Set, ps = s.assemble()
	return ps, nil
}

// readDocuments reads and renders markdown files, as many at a time as there
// are processors.
func (s *Site) readDocuments(ctx context.Context, src *sources, names []string) (Problems, error) {
	type result struct {
		doc  *document
		body *rendered
		ps   Problems
	}
	s.languages = map[requirement.Lang]*language{requirement.ID: s.data.language(requirement.ID, s.options.Advise), requirement.EN: s.data.language(requirement.EN, s.options.Advise)}
	results := make([]result, len(names))
	err := each(ctx, len(names), func(i int) error {
		r := &results[i]
		done := phase(ctx, "read, front matter")
		r.doc, r.ps = readDocument(src, names[i])
		done()
		if r.doc != nil {
			defer phase(ctx, "markdown")()
			var more Problems
			r.body, more = render(r.doc, s.languages[r.doc.lang], s.pictures)
			r.ps = append(r.ps, more...)
			r.doc.body.body = "" // see bodyText
		}
		return nil
	})
	var ps Problems
	for _, r := range results {
		ps = append(ps, r.ps...)
		if r.doc != nil {
			s.docs = append(s.docs, r.doc)
			s.body[r.doc] = r.body
		}
	}
	return ps, err
}

// each calls f for 0 to n-1, as many at a time as there are processors.
func each(ctx context.Context, n int, f func(i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	var taken atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		g.Go(func() error {
			for i := int(taken.Add(1)) - 1; i < n; i = int(taken.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := f(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// checkDocuments checks what each document says against the shared data.
func (s *Site) checkDocuments() Problems {
	var ps Problems
	for _, d := range s.docs {
		if d.broken || s.original(d).broken {
			continue
		}
		ps = append(ps, s.checkSections(d)...)
		ps = append(ps, s.checkText(d)...)
		if !s.original(d).Draft {
			ps = append(ps, d.unfilled...)
		}
		ps = append(ps, s.body[d].advice...)
		if d.lang == requirement.ID {
			ps = append(ps, s.checkReview(d)...)
			ps = append(ps, s.checkFuture(d)...)
			ps = append(ps, d.checkKind()...)
		}
	}
	return ps
}

// doc returns the document of a path in a language, or nil.
func (s *Site) doc(l requirement.Lang, path string) *document {
	return s.byPath[langPath{l, path}]
}

// Files returns every file of the site by its path without the first slash.
// The error is of type Problems when a link of the content leads nowhere.
func (s *Site) Files(ctx context.Context) (map[string][]byte, error) {
	var mu sync.Mutex
	files := map[string][]byte{}
	all, err := s.makeFiles(ctx, func(name string, b []byte) error {
		b = bytes.Clone(b)
		mu.Lock()
		defer mu.Unlock()
		files[name] = b
		return nil
	})
	if err != nil {
		return nil, err
	}
	return files, all.check.problems().err()
}

// made is what making the files of a site leaves to be checked and remembered.
type made struct {
	source map[string]string // of each file the document it is made from, "" for none
	check  *linkCheck
}

// makeFiles makes every file of the site and gives each to put as soon as it
// is made, many at a time; the bytes are put's for the time of the call.
func (s *Site) makeFiles(ctx context.Context, put func(name string, b []byte) error) (*made, error) {
	done := phase(ctx, "describe")
	pages, from, err := s.describe(ctx, s.options)
	if err != nil {
		return nil, err
	}
	extras, err := s.extras(ctx, pages, s.options)
	done()
	if err != nil {
		return nil, err
	}
	m := &made{source: map[string]string{}}
	names := slices.Sorted(maps.Keys(extras))
	if err := each(ctx, len(names), func(i int) error { return put(names[i], extras[names[i]]) }); err != nil {
		return nil, err
	}
	for _, name := range names {
		m.source[name] = ""
	}
	for i, p := range pages {
		m.source[fileName(p)] = ""
		if i < len(from) {
			m.source[fileName(p)] = from[i].name
		}
	}
	m.check = s.newLinkCheck(func(name string) bool { _, ok := m.source[name]; return ok }, func(string) *webPage { return nil })
	m.check.know(pages, extras)
	sections, err := s.renderPages(ctx, pages, m.check, put)
	if err != nil || !s.options.Search {
		return m, err
	}
	index, err := searchIndex(ctx, pages, sections, s.data.services)
	if err != nil {
		return nil, err
	}
	m.source[searchFile] = ""
	return m, put(searchFile, index)
}

// buffers hold a page while it is made.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// renderPages makes pages and returns what a search finds in each, where there
// is one.
func (s *Site) renderPages(ctx context.Context, pages []*page.Page, check *linkCheck, put func(name string, b []byte) error) ([][]searchindex.Section, error) {
	sections := make([][]searchindex.Section, len(pages))
	err := each(ctx, len(pages), func(i int) error {
		b := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(b)
		b.Reset()
		name := fileName(pages[i])
		done := phase(ctx, "render")
		err := page.Render(b, pages[i])
		done()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		done = phase(ctx, "links")
		check.add(name, pages[i].Lang, b.Bytes())
		done()
		if s.options.Search && !pages[i].Private {
			sections[i] = readSections(pages[i], b.Bytes())
		}
		defer phase(ctx, "write")()
		return put(name, b.Bytes())
	})
	return sections, err
}

// fileName returns the file of a page: "klaim/phk/index.html", "en/404.html".
func fileName(p *page.Page) string {
	name := strings.TrimPrefix(page.Localise(p.Lang, p.Path), "/")
	if strings.HasSuffix(name, ".html") {
		return name
	}
	return name + "index.html"
}
