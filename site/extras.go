package site

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

//go:embed pekerja.js
var worker []byte

// extras are the files that are no pages: scripts, pictures, samples, share
// cards, the requirement set, feeds, sitemap and robots.
func (s *Site) extras(ctx context.Context, pages []*page.Page, o Options) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, b := range page.Assets() {
		files[strings.TrimPrefix(name, "/")] = b
	}
	for name, p := range s.pictures {
		files[strings.TrimPrefix(name, "/")] = p.bytes
	}
	for name, b := range s.samples {
		files[strings.TrimPrefix(name, "/")] = b.Body
	}
	set, err := json.Marshal(s.Set)
	if err != nil {
		return nil, fmt.Errorf("requirement set: %w", err)
	}
	files["data/persyaratan.json"] = set
	files["data/persyaratan-"+s.Set.Version+".json"] = set
	for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
		if files[strings.TrimPrefix(feedPath(l), "/")], err = s.feed(l, o); err != nil {
			return nil, err
		}
	}
	if err := s.cards(ctx, files); err != nil {
		return nil, err
	}
	files["pekerja.js"] = worker
	files["robots.txt"] = robots(o)
	files["sitemap.xml"] = sitemap(pages, o)
	return files, nil
}

// robots keeps crawlers from what is personal. No page of ours has anything
// personal in its address, so this saves requests and hides nothing.
func robots(o Options) []byte {
	var b bytes.Buffer
	b.WriteString("User-agent: *\n")
	for _, route := range Routes {
		switch route {
		case Results:
			continue
		case deviceTest:
			route += "/"
		}
		b.WriteString("Disallow: " + route + "\nDisallow: /en" + route + "\n")
	}
	b.WriteString("Sitemap: " + o.Origin + "/sitemap.xml\n")
	return b.Bytes()
}

// sitemap lists every page for everybody with its languages (sitemaps.org, xhtml:link).
func sitemap(pages []*page.Page, o Options) []byte {
	langs := map[string][]requirement.Lang{Results: {requirement.ID, requirement.EN}, deviceTest: {requirement.ID, requirement.EN}}
	for _, p := range pages {
		if !p.Private {
			langs[p.Path] = append(langs[p.Path], p.Lang)
		}
	}
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	for _, path := range slices.Sorted(maps.Keys(langs)) {
		for _, l := range langs[path] {
			b.WriteString("<url><loc>" + o.Origin + page.Localise(l, path) + "</loc>")
			for _, alternate := range langs[path] {
				b.WriteString(`<xhtml:link rel="alternate" hreflang="` + string(alternate) + `" href="` + o.Origin + page.Localise(alternate, path) + `"/>`)
			}
			b.WriteString("</url>\n")
		}
	}
	b.WriteString("</urlset>\n")
	return b.Bytes()
}
