package site

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A webPage is what a page offers and what it asks of others.
type webPage struct {
	ids   string    // each between line breaks
	twice []string  // ids given twice
	far   []request // references to an anchor of another page
	bad   []request // references that lead nowhere, with the reason
}

// A request is a reference of a page; one of the content has the place where
// it is written.
type request struct {
	ref  string
	why  phrase
	from *link
}

func (p *webPage) has(id string) bool { return strings.Contains(p.ids, "\n"+id+"\n") }

// A linkCheck follows every reference of every page, those of the content and
// those of the frame around it, and checks that no id is given twice. Pages
// come in any order, many at a time; only what is asked of other pages waits
// for all of them.
type linkCheck struct {
	exists  func(file string) bool     // of every file of the site
	known   map[string]bool            // addresses that exist, of those that are asked for often
	other   func(file string) *webPage // a page that does not come, or nil
	content map[string][]link          // what the content of a page points to, by file
	mu      sync.Mutex
	pages   map[string]*webPage
}

func (s *Site) newLinkCheck(exists func(file string) bool, other func(file string) *webPage) *linkCheck {
	c := &linkCheck{exists: exists, known: map[string]bool{}, other: other, content: map[string][]link{}, pages: map[string]*webPage{}}
	for _, d := range s.shown() {
		c.content[strings.TrimPrefix(localise(d.lang, d.path), "/")+"index.html"] = s.body[d].links
	}
	return c
}

// know takes over addresses that are there.
func (c *linkCheck) know(pages []*page.Page, files map[string][]byte) {
	for _, p := range pages {
		c.known[page.Localise(p.Lang, p.Path)] = true
	}
	for name := range files {
		c.known["/"+name] = true
	}
	for _, path := range Routes {
		for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
			c.known[page.Localise(l, path)] = true
		}
	}
}

// add reads a page and checks what needs no other.
func (c *linkCheck) add(name string, lang requirement.Lang, b []byte) {
	p, refs := c.readPage(b)
	var seen []string // of the content, with its place
	for i, l := range c.content[name] {
		dest := l.dest
		if isSitePath(dest) {
			dest = localise(lang, dest)
		}
		seen = append(seen, dest)
		c.follow(p, name, dest, &c.content[name][i])
	}
	for _, ref := range refs {
		if !slices.Contains(seen, ref) {
			seen = append(seen, ref)
			c.follow(p, name, ref, nil)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages[name] = p
}

// follow checks a reference of a page, or puts it off until the page is there
// that it leads to.
func (c *linkCheck) follow(p *webPage, name, ref string, from *link) {
	to, anchor := target(name, ref)
	r := request{ref: ref, from: from}
	switch {
	case to == "":
		return
	case !c.exists(to):
		if r.why = "leads to no page"; isRoute("/"+to) && anchor == "" {
			return
		}
	case anchor == "" || to == name && p.has(anchor):
		return
	case to == name:
		r.why = noAnchor
	default:
		p.far = append(p.far, r)
		return
	}
	p.bad = append(p.bad, r)
}

// noAnchor is why a link to a page that exists is broken.
const noAnchor phrase = "has an anchor that is not on that page"

// missing returns the references of a page to anchors that other pages lack.
func (c *linkCheck) missing(name string, p *webPage) []request {
	var out []request
	for _, r := range p.far {
		to, anchor := target(name, r.ref)
		q := c.pages[to]
		if q == nil {
			q = c.other(to)
		}
		if q == nil || !q.has(anchor) {
			r.why = noAnchor
			out = append(out, r)
		}
	}
	return out
}

// problems returns what is wrong once every page is there. A mistake of the
// frame is on every page, so each is reported once.
func (c *linkCheck) problems() Problems {
	var ps Problems
	type fault struct {
		ref string
		why phrase
	}
	first, count := map[fault]string{}, map[fault]int{}
	for _, name := range slices.Sorted(maps.Keys(c.pages)) {
		p := c.pages[name]
		for _, id := range p.twice {
			ps = append(ps, wholeFile(name, "the page has id %q twice; word one of its headings differently", id))
		}
		for _, r := range slices.Concat(p.bad, c.missing(name, p)) {
			if r.from != nil {
				ps = append(ps, r.from.place.saying("link %s %s", r.from.dest, r.why))
				continue
			}
			what := fault{r.ref, r.why}
			if count[what]++; count[what] == 1 {
				first[what] = name
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

// readPage returns what a page offers, and its references within the site but
// for those to addresses that are known to exist.
func (c *linkCheck) readPage(b []byte) (*webPage, []string) {
	p := &webPage{}
	ids, id := make([]byte, 1, 256), make([]byte, 0, 64)
	ids[0] = '\n'
	var refs []string
	scanTags(b, func(key, value []byte) {
		switch string(key) {
		case "id":
			if id = append(append(append(id[:0], '\n'), value...), '\n'); bytes.Contains(ids, id) {
				p.twice = append(p.twice, string(value))
			}
			ids = append(ids, id[1:]...)
		case "href", "src", "action":
			if len(value) > 0 && (value[0] == '/' || value[0] == '#') && !c.known[string(value)] { // all else leaves the site
				refs = append(refs, string(value))
			}
		}
	})
	p.ids = string(ids)
	return p, refs
}

// target returns the file that a reference of a page leads to and the anchor
// there; no file for a reference that leaves the site, which the parts of a
// page that check their own references allow or not.
func target(from, ref string) (name, anchor string) {
	if !isSitePath(ref) && !strings.HasPrefix(ref, "#") {
		return "", ""
	}
	path, anchor, _ := strings.Cut(ref, "#")
	path, _, _ = strings.Cut(path, "?")
	if path == "" {
		return from, anchor
	}
	if name = strings.TrimPrefix(path, "/"); name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	return name, anchor
}
