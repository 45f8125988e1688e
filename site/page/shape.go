package page

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"

	"lapakasik/site/requirement"
)

// A shape is what pages that differ in words alone have in common: the layout,
// rendered once with a mark in the place of each value and cut at the marks.
//
//	layout.tmpl ─► <title>zzjudulzz – Lapak Asik</title>… ─► "<title>" judul " – Lapak Asik</title>…" …
//
// Such a page is put together some thirty times faster than its template runs,
// and has the same bytes.
type shape struct {
	pieces           []piece
	end              string
	crumbs, contents list
}

// A piece is text of the layout and the value that follows it.
type piece struct {
	text string
	then hole
}

// A list is what stands between the links of a list of them.
type list struct{ middle, next string } // from an address to its words, and to the next address

type hole int

const (
	titleHole hole = iota
	descriptionHole
	pathHole
	cardHole
	updatedHole
	bodyHole
	crumbsHole
	contentsHole
	holes
)

// marks stand in the place of values. Templates leave their letters as they
// are, in words and in addresses.
var marks = [holes]string{"zzjudulzz", "zzketeranganzz", "/zzalamatzz/", "/zzkartuzz", "zzdiperiksazz", "zzisizz", "zzremahzz", "zzdaftarisizz"}

// shapeKey is all that decides on a page's shape.
type shapeKey struct {
	lang                                           requirement.Lang
	origin, section                                string
	private, wide                                  bool
	description, card, updated, crumbs, hasContent bool
}

var shapes sync.Map // of shapeKey to *shape

// shape returns the shape of a page; nil is a page of its own kind, or with
// addresses that a template would write otherwise than they are.
func (p *Page) shape(t *template.Template) (*shape, error) {
	if !p.usual() {
		return nil, nil
	}
	key := shapeKey{p.Lang, p.Origin, p.Section, p.Private, p.Wide, p.Description != "", p.Card != "", p.Updated != "", len(p.Crumbs) > 0, len(p.Contents) > 0}
	if !slices.Contains(navPaths, p.Section) {
		key.section = ""
	}
	if made, ok := shapes.Load(key); ok {
		return made.(*shape), nil
	}
	made, err := newShape(t, key)
	if err == nil {
		shapes.Store(key, made)
	}
	return made, err
}

// usual tells whether a page has nothing that a shape has no place for.
func (p *Page) usual() bool {
	special := p.Staff != nil || p.Rehearsal || p.OnlyLang || p.Switch != "" || p.Fresh || p.Refresh > 0 || p.RefreshTo != "" || p.Reload > 0 || p.Steps > 0 || p.Back != nil ||
		len(p.Scripts) > 0 || p.Upload != "" || p.Pictures != "" || p.Step > 0
	return !special && len(p.Blocks) > 0 && p.opening() == 0 && len(p.forms()) == 0 &&
		len(p.Path) > 1 && p.Path[0] == '/' && !strings.HasPrefix(p.Path, "/en") && !slices.Contains(navPaths, p.Path) && p.Path != "/daftar" &&
		isClean(p.Path) && isClean(p.Card) && areClean(p.Crumbs) && areClean(p.Contents)
}

// isClean tells whether an address has only what no template escapes.
func isClean(url string) bool {
	for i := range len(url) {
		switch c := url[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '/', c == '-', c == '.', c == '#':
		default:
			return false
		}
	}
	return true
}

func areClean(links []Link) bool {
	return !slices.ContainsFunc(links, func(l Link) bool { return !isClean(l.URL) })
}

// newShape renders the layout of a page with marks and cuts it.
func newShape(t *template.Template, key shapeKey) (*shape, error) {
	p := &Page{Lang: key.lang, Path: marks[pathHole], Title: marks[titleHole], Section: key.section, Private: key.private, Wide: key.wide, Origin: key.origin,
		Blocks: []Block{HTML{Body: template.HTML(marks[bodyHole])}}}
	for _, x := range []struct {
		has bool
		to  *string
		of  hole
	}{{key.description, &p.Description, descriptionHole}, {key.card, &p.Card, cardHole}, {key.updated, &p.Updated, updatedHole}} {
		if x.has {
			*x.to = marks[x.of]
		}
	}
	if key.crumbs {
		p.Crumbs = twoLinks(marks[crumbsHole])
	}
	if key.hasContent {
		p.Contents = twoLinks(marks[contentsHole])
	}
	var out strings.Builder
	if err := t.Execute(&out, p); err != nil {
		return nil, err
	}
	return cut(out.String())
}

// twoLinks show what stands between links.
func twoLinks(mark string) []Link { return []Link{{mark, mark}, {mark, mark}} }

// cut cuts a page at its marks.
func cut(s string) (*shape, error) {
	out := &shape{}
	for {
		first, at := holes, len(s)
		for h, mark := range marks {
			if i := strings.Index(s, mark); i >= 0 && i < at {
				first, at = hole(h), i
			}
		}
		if first == holes {
			out.end = s
			return out, nil
		}
		out.pieces = append(out.pieces, piece{s[:at], first})
		s = s[at+len(marks[first]):]
		if first != crumbsHole && first != contentsHole {
			continue
		}
		parts := strings.SplitN(s, marks[first], 4) // two links have four marks
		if len(parts) < 4 || parts[0] != parts[2] {
			return nil, fmt.Errorf("the layout writes a list of links in no known way: %q", parts)
		}
		l := list{parts[0], parts[1]}
		if s = parts[3]; first == crumbsHole {
			out.crumbs = l
		} else {
			out.contents = l
		}
	}
}

// escaper writes words as the templates do.
var escaper = strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;", ">", "&gt;")

// fill writes a page of the shape.
func (s *shape) fill(w io.Writer, t *template.Template, p *Page) error {
	out := &filler{w: w}
	for i := range s.pieces {
		out.text(s.pieces[i].text)
		switch s.pieces[i].then {
		case titleHole:
			out.words(p.Title)
		case descriptionHole:
			out.words(p.Description)
		case updatedHole:
			out.words(p.Updated)
		case pathHole:
			out.text(p.Path)
		case cardHole:
			out.text(p.Card)
		case crumbsHole:
			out.links(p.Crumbs, s.crumbs)
		case contentsHole:
			out.links(p.Contents, s.contents)
		case bodyHole:
			out.blocks(t, p)
		}
	}
	out.text(s.end)
	return out.err
}

// A filler writes until an error.
type filler struct {
	w   io.Writer
	err error
}

func (f *filler) text(s string) {
	if f.err == nil {
		_, f.err = io.WriteString(f.w, s)
	}
}

func (f *filler) words(s string) {
	if f.err == nil {
		_, f.err = escaper.WriteString(f.w, s)
	}
}

func (f *filler) links(links []Link, l list) {
	for i, x := range links {
		if i > 0 {
			f.text(l.next)
		}
		f.text(x.URL)
		f.text(l.middle)
		f.words(x.Text)
	}
}

func (f *filler) blocks(t *template.Template, p *Page) {
	for i, b := range p.Blocks {
		if i > 0 {
			f.text("\n")
		}
		html, err := renderBlock(t, p, b)
		if err != nil {
			f.err = err
			return
		}
		f.text(string(html))
	}
}
