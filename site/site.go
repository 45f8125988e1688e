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
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/sample"
)

// Options of a build.
type Options struct {
	Origin string           // public origin for canonical links, "https://…", without a slash at its end
	Today  requirement.Date // decides what is published, in force and due for review; "" leaves days out of account
	Drafts bool             // show what is not published too, marked as such
}

// A Result is what a build makes.
type Result struct {
	Set    *requirement.Set
	Files  map[string][]byte // by path without the first slash: "klaim/phk/index.html"
	Pages  int               // how many of them are pages
	Advice Problems          // what does not stop a build
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
	Set      *requirement.Set
	Advice   Problems // what does not stop a build
	options  Options
	docs     []*document // in order of their names
	byPath   map[langPath]*document
	body     map[*document]*rendered
	pictures map[string]picture
	samples  map[string]sample.Sample // to practise with, by address
	data     data
	assumed  map[string]bool // branches whose hours no source confirms
}

type langPath struct {
	lang requirement.Lang
	path string
}

// Load reads and checks the content. The error is of type Problems when the
// content has mistakes.
func Load(ctx context.Context, fsys fs.FS, o Options) (*Site, error) {
	s := &Site{options: o, byPath: map[langPath]*document{}, body: map[*document]*rendered{}, assumed: map[string]bool{}}
	var ps, found Problems
	s.pictures, ps = readPictures(fsys)
	var unreadable Problems
	s.data, unreadable = readData(fsys)
	found, err := s.readDocuments(ctx, fsys)
	if err != nil {
		return nil, err
	}
	ps = append(ps, found...)
	ps = append(ps, s.checkAddresses()...)
	if s.doc(requirement.ID, page.RehearsalBase+"/") != nil {
		if err := s.drawSamples(); err != nil {
			return nil, err
		}
	}
	s.Set, found = s.assemble()
	found = append(append(found, s.checkTargets()...), s.checkDocuments()...)
	ps = append(append(ps, unreadable...), found.apart(unreadable)...)
	if ps.err() != nil {
		return nil, append(ps, s.checkAnchors(ps)...).err()
	}
	s.Advice = ps.sorted()
	return s, nil
}

// readDocuments reads and renders every markdown file, as many at a time as
// there are processors.
func (s *Site) readDocuments(ctx context.Context, fsys fs.FS) (Problems, error) {
	names, err := markdownFiles(fsys)
	if err != nil {
		return nil, err
	}
	type result struct {
		doc  *document
		body *rendered
		ps   Problems
	}
	read := map[requirement.Lang]*language{requirement.ID: s.data.language(requirement.ID), requirement.EN: s.data.language(requirement.EN)}
	results := make([]result, len(names))
	err = each(ctx, len(names), func(i int) error {
		r := &results[i]
		if r.doc, r.ps = readDocument(fsys, names[i]); r.doc != nil {
			var more Problems
			r.body, more = render(r.doc.body, read[r.doc.lang], s.pictures)
			r.ps = append(r.ps, more...)
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
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return f(i)
		})
	}
	return g.Wait()
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

// checkDocuments checks what each document says against the shared data.
func (s *Site) checkDocuments() Problems {
	var ps Problems
	for _, d := range s.docs {
		if d.broken || s.original(d).broken {
			continue
		}
		ps = append(ps, s.checkSections(d)...)
		ps = append(ps, s.body[d].advice...)
		if d.lang == requirement.ID {
			ps = append(ps, s.checkReview(d)...)
			if strings.HasPrefix(d.path, "/klaim/") && d.path != "/klaim/" && d.Kind != kindReason {
				ps = append(ps, d.in(way{"kind"}, "a page below klaim/ must have kind: reason"))
			}
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
	pages, err := s.pages(s.options)
	if err != nil {
		return nil, err
	}
	html := make([]string, len(pages))
	err = each(ctx, len(pages), func(i int) error {
		var b strings.Builder
		if err := page.Render(&b, pages[i]); err != nil {
			return fmt.Errorf("%s: %w", fileName(pages[i]), err)
		}
		html[i] = b.String()
		return nil
	})
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for i, p := range pages {
		files[fileName(p)] = []byte(html[i])
	}
	if files[strings.TrimPrefix(searchFile, "/")], err = searchIndex(pages, html); err != nil {
		return nil, err
	}
	if err := s.extras(ctx, files, pages, s.options); err != nil {
		return nil, err
	}
	return files, s.checkLinks(files)
}

// fileName returns the file of a page: "klaim/phk/index.html", "en/404.html".
func fileName(p *page.Page) string {
	name := strings.TrimPrefix(page.Localise(p.Lang, p.Path), "/")
	if strings.HasSuffix(name, ".html") {
		return name
	}
	return name + "index.html"
}
