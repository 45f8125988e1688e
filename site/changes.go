package site

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// changesPath is the page of all changes; the feeds are beside it.
const changesPath = "/perubahan/"

// feedPath is the address of the feed of changes in a language.
func feedPath(l requirement.Lang) string { return page.Localise(l, "/perubahan.xml") }

// newest is how many changes the page and the feed hold.
const newest = 50

// A change is one entry of the change logs of all pages.
type change struct {
	changeNote
	doc *document
	n   int // position in the page's log, which makes its identity
}

// changes are the newest entries of all published pages' change logs.
func (s *Site) changes(l requirement.Lang) []change {
	var out []change
	for _, d := range s.shown() {
		if d.lang != l || s.unpublished(d) {
			continue
		}
		for i, c := range s.original(d).Changes {
			out = append(out, change{c, d, i})
		}
	}
	slices.SortFunc(out, func(a, b change) int {
		return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(a.doc.path, b.doc.path), cmp.Compare(b.n, a.n))
	})
	return out[:min(len(out), newest)]
}

// changeBlocks are the page of all changes, with its feed.
func (s *Site) changeBlocks(l requirement.Lang) []page.Block {
	var links page.Links
	for _, c := range s.changes(l) {
		links.Items = append(links.Items, page.LinkItem{Link: page.Link{URL: page.Localise(l, c.doc.path), Text: c.doc.Title},
			Note: page.ShortDate(l, c.Date) + ": " + c.Text.In(l)})
	}
	return []page.Block{links, page.Text{Text: page.T(l, "halaman.umpan")},
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: feedPath(l), Text: page.T(l, "halaman.umpan.tautan")}}}}}
}

// The parts of RSS 2.0 that the feed has.
type (
	feed struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel channel  `xml:"channel"`
	}
	channel struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		Description string `xml:"description"`
		Language    string `xml:"language"`
		Items       []item `xml:"item"`
	}
	item struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		Description string `xml:"description"`
		GUID        guid   `xml:"guid"`
		PubDate     string `xml:"pubDate"`
	}
	guid struct {
		Permanent bool   `xml:"isPermaLink,attr"`
		Value     string `xml:",chardata"`
	}
)

// feed is the RSS 2.0 feed of changes in a language.
func (s *Site) feed(l requirement.Lang, o Options) ([]byte, error) {
	f := feed{Version: "2.0", Channel: channel{Title: page.T(l, "halaman.umpan.judul"), Link: o.Origin + page.Localise(l, changesPath),
		Description: page.T(l, "halaman.umpan.judul"), Language: string(l)}}
	for _, c := range s.changes(l) {
		url := o.Origin + page.Localise(l, c.doc.path)
		f.Channel.Items = append(f.Channel.Items, item{Title: c.doc.Title, Link: url, Description: c.Text.In(l),
			GUID: guid{Value: fmt.Sprintf("%s#%s-%d", url, c.Date, c.n)}, PubDate: c.Date.Time().Format("Mon, 02 Jan 2006 15:04:05 GMT")})
	}
	b, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}
