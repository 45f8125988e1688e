package site

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/searchindex"
)

// searchFile is where the search function finds the index.
const searchFile = "data/cari.json"

// languages of the indexes, in order.
var languages = []requirement.Lang{requirement.ID, requirement.EN}

// searchIndex indexes the sections of the pages, and the services, in both
// languages.
func searchIndex(ctx context.Context, pages []*page.Page, sections [][]searchindex.Section, services []service) ([]byte, error) {
	found := map[requirement.Lang][]searchindex.Section{}
	for i, p := range pages {
		found[p.Lang] = append(found[p.Lang], sections[i]...)
	}
	for _, l := range languages {
		for i := range services {
			found[l] = append(found[l], services[i].section(l))
		}
	}
	return encodeIndex(ctx, func(l requirement.Lang) *searchindex.Index { return searchindex.New(string(l), found[l]) })
}

// renewIndex puts the sections of pages that were made again into an index.
func renewIndex(ctx context.Context, old []byte, pages []*page.Page, sections [][]searchindex.Section) ([]byte, error) {
	indexes, err := searchindex.Read(old)
	if err != nil {
		return nil, err
	}
	return encodeIndex(ctx, func(l requirement.Lang) *searchindex.Index {
		fresh := map[string][]searchindex.Section{}
		for i, p := range pages {
			if p.Lang == l && !p.Private {
				fresh[p.Path] = sections[i]
			}
		}
		return indexes[l].Renew(fresh)
	})
}

// encodeIndex encodes the indexes of all languages, which are made side by side.
func encodeIndex(ctx context.Context, of func(requirement.Lang) *searchindex.Index) ([]byte, error) {
	out := make([][]byte, len(languages))
	err := each(ctx, len(languages), func(i int) (err error) {
		out[i], err = json.Marshal(of(languages[i]))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	return slices.Concat([]byte("["), bytes.Join(out, []byte(",")), []byte("]")), nil
}

// A sectionReader cuts what a reader sees of a page's main part at its
// headings of the second level.
type sectionReader struct {
	page    *page.Page
	out     []searchindex.Section
	text    []byte
	main    int // depth of elements within main, 0 outside
	skip    int // depth within an element that is not read
	heading bool
}

// readSections returns the sections of a rendered page, the part before the
// first heading too, without its sources: their titles name what is asked for,
// and lead away from it.
func readSections(p *page.Page, body []byte) []searchindex.Section {
	r := &sectionReader{page: p, out: []searchindex.Section{{Path: p.Path, Title: p.Title, Keywords: p.Keywords}}}
	r.text = append(r.text, p.Description+" "...)
	if i := bytes.Index(body, []byte("<main")); i >= 0 {
		body = body[i:] // nothing before is read
	}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.flush()
			return slices.DeleteFunc(r.out, func(s searchindex.Section) bool { return s.Anchor == sourcesID || s.Anchor == pageTermsID })
		case html.StartTagToken:
			r.open(z)
		case html.EndTagToken:
			r.close(z)
		case html.TextToken:
			if r.main > 0 && r.skip == 0 {
				r.words(z.Text())
			}
		}
	}
}

// unread are the elements of the main part that say nothing of its own.
var unread = map[atom.Atom]bool{atom.Nav: true, atom.Svg: true, atom.H1: true, atom.Form: true}

// void are the elements without an end.
var void = map[atom.Atom]bool{atom.Br: true, atom.Img: true, atom.Input: true, atom.Hr: true}

func (r *sectionReader) open(z *html.Tokenizer) {
	name, more := z.TagName()
	a := atom.Lookup(name)
	if void[a] {
		return
	}
	if a == atom.Main || r.main > 0 {
		r.main++
	}
	if r.main == 0 {
		return
	}
	if r.skip > 0 || unread[a] {
		r.skip++
		return
	}
	if a == atom.H2 {
		r.flush()
		s := searchindex.Section{Path: r.page.Path, Title: r.page.Title}
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			if string(key) == "id" {
				s.Anchor = string(value)
			}
		}
		r.out = append(r.out, s)
		r.heading = true
	}
}

func (r *sectionReader) close(z *html.Tokenizer) {
	name, _ := z.TagName()
	if r.main == 0 || void[atom.Lookup(name)] {
		return
	}
	r.main--
	if r.skip > 0 {
		r.skip--
		return
	}
	r.heading = r.heading && atom.Lookup(name) != atom.H2
	if ending[atom.Lookup(name)] {
		r.end()
	}
}

// ending are the elements whose end is that of a sentence.
var ending = map[atom.Atom]bool{atom.H3: true, atom.P: true, atom.Li: true, atom.Span: true, atom.Dt: true, atom.Dd: true, atom.Td: true, atom.Th: true, atom.Caption: true, atom.Summary: true}

// end closes a line of which the writer left the mark out, so that the next
// is not read as its end.
func (r *sectionReader) end() {
	text := bytes.TrimRight(r.text, " ")
	if last, _ := utf8.DecodeLastRune(text); len(text) > 0 && !strings.ContainsRune(".,;:?!…", last) {
		r.text = append(text, ". "...)
	}
}

func (r *sectionReader) words(b []byte) {
	s := string(bytes.Join(bytes.Fields(b), []byte(" ")))
	if s == "" {
		return
	}
	s = html.UnescapeString(s)
	if r.heading {
		r.out[len(r.out)-1].Heading += s
		return
	}
	if b[0] == s[0] && strings.ContainsRune(".,;:?!)", rune(s[0])) { // a link or emphasis ends before it
		r.text = bytes.TrimRight(r.text, " ")
	}
	r.text = append(r.text, s+" "...)
}

// flush ends the text of the section that is read.
func (r *sectionReader) flush() {
	r.out[len(r.out)-1].Text = strings.TrimSpace(string(r.text))
	r.text = r.text[:0]
}
