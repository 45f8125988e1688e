package site

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A webPage is what a page offers and asks for: its ids and its references.
type webPage struct {
	ids   map[string]bool
	twice []string // ids given twice
	refs  []string
}

// checkLinks follows every reference of every page, those of the content and
// those of the frame around it, and checks that no id is given twice.
func (s *Site) checkLinks(files map[string][]byte) error {
	pages := map[string]*webPage{}
	for name, b := range files {
		if strings.HasSuffix(name, ".html") {
			pages[name] = readPage(b)
		}
	}
	var ps Problems
	inContent := map[string]map[string]bool{} // file, reference
	for _, d := range s.shown() {
		name := strings.TrimPrefix(localise(d.lang, d.path), "/") + "index.html"
		inContent[name] = map[string]bool{}
		for _, l := range s.body[d].links {
			dest := d.leadsTo(l)
			inContent[name][dest] = true
			if why := broken(name, dest, files, pages); why != "" {
				ps = append(ps, l.place.saying("link %s %s", l.dest, why))
			}
		}
	}
	return append(ps, checkFrames(files, pages, inContent)...).err()
}

// leadsTo is where a link of a document's body leads, in its language.
func (d *document) leadsTo(l link) string {
	if isSitePath(l.dest) {
		return localise(d.lang, l.dest)
	}
	return l.dest
}

// noAnchor is why a link to a page that exists is broken.
const noAnchor phrase = "has an anchor that is not on that page"

// checkFrames checks what the pages have besides the links of the content. A
// mistake of the frame is on every page, so each is reported once.
func checkFrames(files map[string][]byte, pages map[string]*webPage, skip map[string]map[string]bool) Problems {
	var ps Problems
	type fault struct {
		ref string
		why phrase
	}
	first, count := map[fault]string{}, map[fault]int{}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		for _, id := range pages[name].twice {
			ps = append(ps, wholeFile(name, "the page has id %q twice; word one of its headings differently", id))
		}
		seen := map[string]bool{}
		for _, ref := range pages[name].refs {
			if seen[ref] || skip[name][ref] {
				continue
			}
			seen[ref] = true
			if why := broken(name, ref, files, pages); why != "" {
				count[fault{ref, why}]++
				if first[fault{ref, why}] == "" {
					first[fault{ref, why}] = name
				}
			}
		}
	}
	for what, name := range first {
		if n := count[what]; n > 1 {
			ps = append(ps, wholeFile(name, "link %s %s (on %d pages)", what.ref, what.why, n))
		} else {
			ps = append(ps, wholeFile(name, "link %s %s", what.ref, what.why))
		}
	}
	return ps
}

// readPage returns the ids of a page and what it points to.
func readPage(b []byte) *webPage {
	p := &webPage{ids: map[string]bool{}}
	for z := html.NewTokenizer(bytes.NewReader(b)); z.Next() != html.ErrorToken; {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			continue
		}
		for _, a := range tok.Attr {
			switch a.Key {
			case "id":
				if p.ids[a.Val] {
					p.twice = append(p.twice, a.Val)
				}
				p.ids[a.Val] = true
			case "href", "src", "action":
				p.refs = append(p.refs, a.Val)
			}
		}
	}
	return p
}

// broken says why a reference of a page leads nowhere, "" when it does not.
func broken(from, ref string, files map[string][]byte, pages map[string]*webPage) phrase {
	if !isSitePath(ref) && !strings.HasPrefix(ref, "#") {
		return "" // the parts of a page that check its own references allow no other kind
	}
	target, anchor, _ := strings.Cut(ref, "#")
	target, _, _ = strings.Cut(target, "?")
	name := from
	if target != "" {
		name = strings.TrimPrefix(target, "/")
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if _, ok := files[name]; !ok {
		if isRoute(target) && anchor == "" {
			return ""
		}
		return "leads to no page"
	}
	if p := pages[name]; anchor != "" && (p == nil || !p.ids[anchor]) {
		return noAnchor
	}
	return ""
}
