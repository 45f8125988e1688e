// Package search answers questions to the public pages by words. It reads the
// index that the generator published and nothing else: it holds no permission
// to any person's data, and its answers may be kept by every cache.
//
//	GET /cari?q=paklaring ─► index of the language ─► pages, the best first
package search

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/searchindex"
)

// Service is the search page.
type Service struct {
	// Indexes returns the index of each language.
	Indexes func(context.Context) (map[requirement.Lang]*searchindex.Index, error)
}

// Routes lists the page's address.
func (s *Service) Routes() []web.Route {
	return []web.Route{{Method: http.MethodGet, Path: "/cari", Handle: s.find}}
}

const (
	maxHits = 10
	maxAge  = 5 * time.Minute // an answer is the same for everybody
)

// number is what could be a NIK, KPJ, phone or account number: it belongs in
// no address and in no search.
var number = regexp.MustCompile(`\d([ .-]?\d){8,}`)

func (s *Service) find(c *web.Call) error {
	in, err := c.Input("q")
	if errors.Is(err, web.Bad{Code: "isian-rusak", Detail: "q"}) {
		m := web.Mistakes{}
		m.Add("q", c.T("cari.rusak", "batas", strconv.Itoa(searchindex.MaxQuery)))
		return c.Show(http.StatusUnprocessableEntity, frame(c, form(c, kept(c.R.URL.Query().Get("q")), m)), m.Value())
	}
	if err != nil {
		return err
	}
	query := strings.Join(strings.Fields(in.Get("q")), " ")
	switch {
	case query == "":
		return c.Show(http.StatusOK, frame(c, form(c, "", nil)), map[string]any{"hasil": []any{}})
	case number.MatchString(query):
		m := web.Mistakes{}
		m.Add("q", c.T("cari.angka"))
		return c.Show(http.StatusUnprocessableEntity, frame(c, form(c, "", m)), m.Value())
	}
	indexes, err := s.Indexes(c.Context())
	if err != nil {
		return err
	}
	hits, corrected := indexes[c.Lang].Find(query, maxHits)
	c.Cache(maxAge)
	return c.Show(http.StatusOK, frame(c, append([]page.Block{form(c, query, nil)}, results(c, query, corrected, hits)...)...), value(c, hits))
}

// kept is the beginning of a question that is too long, for its box.
func kept(query string) string {
	if !utf8.ValidString(query) || strings.ContainsRune(query, 0) || number.MatchString(query) {
		return ""
	}
	runes := []rune(query)
	return strings.TrimSpace(string(runes[:min(len(runes), searchindex.MaxQuery)]))
}

func frame(c *web.Call, blocks ...page.Block) *page.Page {
	return &page.Page{Title: c.T("cari.judul"), Path: "/cari", Section: "/cari", Blocks: blocks,
		Crumbs: []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}}}
}

func form(c *web.Call, query string, mistakes web.Mistakes) *page.Form {
	return &page.Form{Action: c.URL("/cari"), Get: true, Errors: mistakes, Buttons: []page.Submit{{Text: c.T("cari.tombol")}},
		Fields: []page.Field{{Kind: page.TextInput, Name: "q", Label: c.T("cari.label"), Hint: c.T("cari.petunjuk"), Value: query}}}
}

// results are the hits, or where to go when there is none.
func results(c *web.Call, query, corrected string, hits []searchindex.Hit) []page.Block {
	if len(hits) == 0 {
		return []page.Block{page.Heading{Level: 2, ID: "hasil", Text: c.T("cari.kosong")}, page.Drawing{Of: "empty"}, page.Text{Text: c.T("cari.kosong.teks")},
			page.Links{Items: []page.LinkItem{
				{Link: page.Link{URL: c.URL("/klaim/"), Text: c.T("situs.menu.klaim")}},
				{Link: page.Link{URL: c.URL("/bantuan/"), Text: c.T("situs.menu.bantuan")}},
				{Link: page.Link{URL: c.URL("/kontak/"), Text: c.T("situs.kaki.kontak")}}}}}
	}
	out := []page.Block{page.Heading{Level: 2, ID: "hasil", Text: c.T("cari.hasil", "kata", query)}}
	if corrected != "" {
		out = append(out, page.Text{Text: c.T("cari.dikoreksi")})
	}
	var links page.Links
	for _, h := range hits {
		links.Items = append(links.Items, page.LinkItem{Link: page.Link{URL: c.URL(h.Section.URL()), Text: title(h)}, Note: h.Excerpt})
	}
	return append(out, links)
}

// title is the page's, and the section's where the hit is one.
func title(h searchindex.Hit) string {
	if h.Section.Heading == "" {
		return h.Section.Title
	}
	return h.Section.Title + ": " + h.Section.Heading
}

func value(c *web.Call, hits []searchindex.Hit) map[string]any {
	list := []map[string]string{}
	for _, h := range hits {
		list = append(list, map[string]string{"alamat": c.URL(h.Section.URL()), "judul": title(h), "kutipan": h.Excerpt})
	}
	return map[string]any{"hasil": list}
}
