package site

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// describe describes every page of the site, in order of file and language.
// The first are made from documents, each from that at its place in from.
func (s *Site) describe(ctx context.Context, o Options) (out []*page.Page, from []*document, err error) {
	docs, others := s.shown(), s.otherPages()
	pages := make([][]*page.Page, len(docs)+len(others))
	err = each(ctx, len(pages), func(i int) error {
		if i < len(docs) {
			pages[i] = s.documentPages(docs[i], o)
			return nil
		}
		p, err := others[i-len(docs)]()
		if err != nil {
			return err
		}
		pages[i] = []*page.Page{p}
		setOrigin(pages[i], o)
		return nil
	})
	for i, list := range pages {
		out = append(out, list...)
		if i < len(docs) {
			from = append(from, slices.Repeat(docs[i:i+1], len(list))...)
		}
	}
	return out, from, err
}

// otherPages make the pages that no document has.
func (s *Site) otherPages() []func() (*page.Page, error) {
	var out []func() (*page.Page, error)
	for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
		for i := range s.Set.Branches {
			out = append(out, func() (*page.Page, error) { return s.branchPage(&s.Set.Branches[i], l), nil })
		}
		out = append(out, func() (*page.Page, error) { return notFound(l), nil })
		for i := range s.Set.Reasons {
			if r := &s.Set.Reasons[i]; len(r.Channels) > 0 {
				out = append(out, func() (*page.Page, error) { return s.printable(r, l) })
			}
		}
	}
	return out
}

// documentPages are the page of a document and those at its former addresses.
func (s *Site) documentPages(d *document, o Options) []*page.Page {
	out := []*page.Page{s.page(d)}
	for _, a := range s.original(d).Aliases {
		out = append(out, moved(d, a))
	}
	setOrigin(out, o)
	return out
}

// setOrigin gives the pages for everybody what makes them found and shared.
func setOrigin(pages []*page.Page, o Options) {
	for _, p := range pages {
		if !p.Private {
			p.Origin, p.Card = o.Origin, cmp.Or(p.Card, page.CardPath("", p.Lang))
		}
	}
}

// notFound is what a wrong address answers.
func notFound(l requirement.Lang) *page.Page {
	return &page.Page{Lang: l, Path: "/404.html", Title: page.T(l, "galat.tanpa-halaman.judul"), Private: true, Crumbs: []page.Link{{URL: page.Localise(l, "/"), Text: page.T(l, "situs.beranda")}}, Blocks: []page.Block{
		page.Drawing{Of: "lost"},
		page.Lead{Text: page.T(l, "galat.tanpa-halaman.teks")},
		page.Button{Link: page.Link{URL: page.Localise(l, "/"), Text: page.T(l, "galat.tanpa-halaman.tombol")}}}}
}

// original is the Indonesian document of a page, which carries what is typed.
func (s *Site) original(d *document) *document {
	if d.lang == requirement.ID {
		return d
	}
	if o := s.doc(requirement.ID, d.path); o != nil {
		return o
	}
	return d
}

// setPaths are the pages that show the requirement set, besides those of the
// reasons (see page).
var setPaths = []string{"/", "/klaim/", offices, page.RehearsalBase + "/"}

// page describes one document's page.
func (s *Site) page(d *document) *page.Page {
	o, body := s.original(d), s.body[d]
	p := &page.Page{Lang: d.lang, Path: d.path, Title: d.Title, Description: d.Description, Keywords: d.Keywords, Section: cmp.Or(o.Section, section(d.path)),
		Crumbs: s.crumbs(d), Updated: page.T(d.lang, "halaman.diperiksa", "tanggal", page.ShortDate(d.lang, o.Reviewed))}
	switch o.Kind {
	case kindReason:
		p.Card = page.CardPath(o.code(), d.lang)
		p.Blocks = s.reasonBlocks(o, d, body)
	case kindHome:
		p.Wide = true
		p.Blocks = s.homeBlocks(d, body)
	default:
		p.Blocks = []page.Block{page.HTML{Body: body.html}}
	}
	if s.unpublished(o) {
		p.Private = true
		p.Blocks = append([]page.Block{page.Notice{Kind: "warning", Title: page.T(d.lang, "halaman.belum-terbit"), Text: page.T(d.lang, "halaman.belum-terbit.teks")}}, p.Blocks...)
	}
	switch d.path {
	case "/klaim/":
		choose, rest := cutSection(body)
		p.Blocks = slices.Concat([]page.Block{choose}, s.reasonCards(d.lang), []page.Block{rest})
	case changesPath:
		p.Blocks = append(p.Blocks, s.changeBlocks(d.lang)...)
	case "/luring/":
		p.Scripts = append(p.Scripts, "tersimpan")
		p.Blocks = append(p.Blocks, page.HTML{Body: `<ul class="links" id="tersimpan"></ul>`})
	case termsPath:
		p.Blocks = append(p.Blocks, s.termBlocks(d.lang)...)
	case page.RehearsalBase + "/":
		p.Rehearsal = true
		p.Blocks = slices.Concat([]page.Block{page.Lead{Text: d.Description}, startRehearsal(d.lang)}, p.Blocks, s.sampleList(d.lang), []page.Block{startRehearsal(d.lang)})
	case offices:
		p.Blocks = append(p.Blocks, s.branchList(d.lang)...)
	}
	p.Blocks = append(p.Blocks, s.pageTerms(p, body)...)
	p.Blocks = append(p.Blocks, below(o, d.lang)...)
	if links := contents(p.Blocks, body); len(links) > 3 && o.Kind != kindHome {
		p.Contents = links
	}
	return p
}

// cutSection cuts prose after its first section.
func cutSection(body *rendered) (first, rest page.HTML) {
	prose := string(body.html)
	at := len(prose)
	if len(body.contents) > 1 {
		at = strings.Index(prose, `<h2 id="`+strings.TrimPrefix(body.contents[1].URL, "#"))
	}
	return page.HTML{Body: body.html[:at]}, page.HTML{Body: body.html[at:]}
}

// contents lead to the sections of a page, those of the prose among them.
func contents(blocks []page.Block, body *rendered) []page.Link {
	var out []page.Link
	for _, b := range blocks {
		switch b := b.(type) {
		case page.Heading:
			if b.Level == 2 {
				out = append(out, page.Link{URL: "#" + b.ID, Text: b.Text})
			}
		case page.HTML:
			if b.Body != "" && strings.HasPrefix(string(body.html), string(b.Body)) {
				out = append(out, body.contents...)
			}
		}
	}
	return out
}

func section(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + first + "/"
}

// crumbs lead from the home page over the folders that have a page.
func (s *Site) crumbs(d *document) []page.Link {
	if d.path == "/" {
		return nil
	}
	out := []page.Link{{URL: page.Localise(d.lang, "/"), Text: page.T(d.lang, "situs.beranda")}}
	parts := strings.Split(strings.Trim(d.path, "/"), "/")
	for i := 1; i < len(parts); i++ {
		path := "/" + strings.Join(parts[:i], "/") + "/"
		if up := s.doc(d.lang, path); up != nil && s.published(up) {
			out = append(out, page.Link{URL: page.Localise(d.lang, path), Text: up.Title})
		}
	}
	return out
}

// sourcesID is the anchor of a page's sources.
const sourcesID = "sumber"

// below are the sources and the change log at the end of a page.
func below(o *document, l requirement.Lang) []page.Block {
	var out []page.Block
	if len(o.Sources) > 0 {
		items := make([]page.LinkItem, 0, len(o.Sources))
		var plain []string
		for _, src := range o.Sources {
			if src.URL == "" {
				plain = append(plain, src.Title)
				continue
			}
			items = append(items, page.LinkItem{Link: page.Link{URL: src.URL, Text: src.Title}})
		}
		out = append(out, page.Heading{Level: 2, ID: sourcesID, Text: page.T(l, "halaman.sumber")})
		if len(plain) > 0 {
			out = append(out, page.List{Items: plain})
		}
		if len(items) > 0 {
			out = append(out, page.Links{Items: items})
		}
	}
	if len(o.Changes) > 0 {
		var rows []string
		for _, c := range slices.Backward(slices.SortedFunc(slices.Values(o.Changes), func(a, b changeNote) int { return cmp.Compare(a.Date, b.Date) })) {
			rows = append(rows, page.ShortDate(l, c.Date)+": "+c.Text.In(l))
		}
		out = append(out, page.Details{Summary: page.T(l, "halaman.perubahan"), Blocks: []page.Block{page.List{Items: rows}}})
	}
	return out
}

// moved leads from an old address to the page.
func moved(d *document, alias string) *page.Page {
	to := page.Localise(d.lang, d.path)
	return &page.Page{Lang: d.lang, Path: alias, Title: d.Title, Private: true, RefreshTo: to, Blocks: []page.Block{
		page.Lead{Text: page.T(d.lang, "halaman.pindah")}, page.Button{Link: page.Link{URL: to, Text: d.Title}}}}
}

// homeBlocks are what the service does in a sentence, the two ways in, the
// prose, and every reason.
func (s *Site) homeBlocks(d *document, body *rendered) []page.Block {
	to := func(path, key string) page.Link {
		return page.Link{URL: page.Localise(d.lang, path), Text: page.T(d.lang, key)}
	}
	return append([]page.Block{
		page.Lead{Text: d.Description},
		page.Button{Link: to("/daftar", "halaman.mulai")},
		page.Button{Link: to("/klaim/", "situs.menu.klaim"), Secondary: true},
		page.HTML{Body: body.html},
		page.Heading{Level: 2, ID: "sebab", Text: page.T(d.lang, "halaman.semua-sebab")},
	}, s.reasonCards(d.lang)...)
}

// reasonCards lists the reasons by programme.
func (s *Site) reasonCards(l requirement.Lang) []page.Block {
	var out []page.Block
	for _, programme := range programmes {
		var cards page.Cards
		for _, r := range s.Set.Reasons {
			if r.Programme == programme {
				cards.Items = append(cards.Items, page.LinkItem{
					Link: page.Link{URL: page.Localise(l, "/klaim/"+r.Code+"/"), Text: r.Title.In(l)}, Note: r.Situation.In(l)})
			}
		}
		if len(cards.Items) > 0 {
			out = append(out, page.Heading{Level: 3, ID: strings.ToLower(programme), Text: page.T(l, "daftar.program."+programme)}, cards)
		}
	}
	return out
}
