package site

import (
	"path"
	"slices"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Routes are the addresses of the functions that content and pages may link
// to, each also below /en; a test of the functions holds them against theirs.
var Routes = []string{"/cari", "/daftar", "/daftar/syarat", "/status", "/berkas", "/tanda-terima", "/keluar", "/uji-perangkat", "/survei", "/undian", Results, "/kolektif", "/kolektif/buka", "/kolektif/templat.xlsx", "/kolektif/templat.csv",
	page.RehearsalBase + "/daftar", page.RehearsalBase + "/status"}

// Results is the page of a function that is the same for everybody and may be found.
const Results = "/kinerja"

// deviceTest may be found too, but for what it shows of a registration below it.
const deviceTest = "/uji-perangkat"

// setFile is the address at which the functions find the requirement set.
const setFile = "/data/persyaratan.json"

// needed are the pages of the content that the program leads to from elsewhere
// than the frame of every page, which the check of links follows: the service
// worker, and forms.
var needed = []string{"/luring/", "/bantuan/kode/", "/bantuan/undian/", "/prosedur/kolektif/"}

// localise leads a path of the Indonesian site to the page in the language;
// files, which both languages share, stay where they are.
func localise(l requirement.Lang, dest string) string {
	if p, _, _ := strings.Cut(dest, "#"); path.Ext(p) != "" {
		return dest
	}
	return page.Localise(l, dest)
}

// checkAddresses indexes the documents by address and checks that each has
// its translation, is the only one there, and that nothing moved onto it.
func (s *Site) checkAddresses() Problems {
	var ps Problems
	for _, d := range s.docs {
		at := langPath{d.lang, d.path}
		if o := s.byPath[at]; o != nil {
			ps = append(ps, d.whole("address %s is taken by %s", d.path, o.name))
			continue
		}
		s.byPath[at] = d
	}
	moved := map[string]string{}
	for _, d := range s.docs {
		if other := translation(d); s.doc(other.lang, other.path) == nil {
			ps = append(ps, d.whole("the translation is missing: %s", translationName(d)))
		}
		for i, a := range d.Aliases {
			if o := s.doc(d.lang, a); o != nil {
				ps = append(ps, d.in(way{"aliases", i}, "alias %s is the address of %s", a, o.name))
			} else if moved[a] != "" {
				ps = append(ps, d.in(way{"aliases", i}, "alias %s is given by %s too", a, moved[a]))
			}
			moved[a] = d.name
		}
	}
	ps = append(ps, s.checkServed()...)
	if len(s.docs) == 0 {
		ps = append(ps, wholeFile(".", "the content has no pages"))
	} else if s.elsewhere == nil && s.doc(requirement.ID, "/") == nil {
		ps = append(ps, wholeFile("index.md", "the home page is missing"))
	} else if s.elsewhere == nil {
		ps = append(ps, s.checkNeeded()...)
	}
	return ps
}

// checkNeeded finds pages that the program leads to and that are not there.
func (s *Site) checkNeeded() Problems {
	var ps Problems
	for _, path := range needed {
		if d := s.doc(requirement.ID, path); d == nil {
			ps = append(ps, wholeFile(strings.Trim(path, "/")+".md", "the page is missing or not published, and the program leads to it"))
		} else if !s.published(d) {
			ps = append(ps, d.in(way{"draft"}, "the page is missing or not published, and the program leads to it"))
		}
	}
	return ps
}

// IsServed tells whether an address is that of a function or below it, or of
// the English pages. No page of the content may have it.
func IsServed(path string) bool {
	path = "/" + strings.Trim(path, "/") + "/"
	return strings.HasPrefix(path, "/en/") || slices.ContainsFunc(Routes, func(r string) bool { return strings.HasPrefix(path, r+"/") })
}

// checkServed finds pages, and addresses that pages had, that nobody would
// ever see, because the program answers there itself.
func (s *Site) checkServed() Problems {
	var ps Problems
	for _, d := range s.docs {
		if d.lang == requirement.ID && IsServed(d.path) {
			ps = append(ps, d.whole("address %s is served by the program itself", d.path))
		}
		for i, a := range d.Aliases {
			if IsServed(a) {
				ps = append(ps, d.in(way{"aliases", i}, "alias %s is served by the program itself", a))
			}
		}
	}
	return ps
}

func translation(d *document) langPath {
	if d.lang == requirement.EN {
		return langPath{requirement.ID, d.path}
	}
	return langPath{requirement.EN, d.path}
}

func translationName(d *document) string {
	if d.lang == requirement.EN {
		return strings.TrimSuffix(d.name, ".en.md") + ".md"
	}
	return strings.TrimSuffix(d.name, ".md") + ".en.md"
}

// checkTargets checks that the paths that content names are addresses of the
// site. Anchors wait for the pages (see checkLinks).
func (s *Site) checkTargets() Problems {
	var ps Problems
	known := s.addresses()
	complete := s.Set == nil || len(s.data.branches) > 0 // else data/kantor.yaml cannot be read, which is said elsewhere
	for _, d := range s.docs {
		if d.Section != "" && !known(d.Section) {
			ps = append(ps, d.in(way{"section"}, "section %s is not a page", d.Section))
		}
		for _, l := range s.body[d].links {
			target, _, _ := strings.Cut(l.dest, "#")
			target, _, _ = strings.Cut(target, "?")
			switch to := s.doc(requirement.ID, target); {
			case target == "":
			case !known(target) && (complete || !strings.HasPrefix(target, offices)):
				ps = append(ps, l.place.saying("link %s leads to no page", l.dest))
			case to != nil && !s.published(to) && s.published(d):
				ps = append(ps, l.place.saying("link %s leads to a page that is not published", l.dest))
			}
		}
	}
	for i, b := range s.branches() {
		if d := s.doc(requirement.ID, branchPath(b.Code)); d != nil {
			ps = append(ps, s.data.in("kantor", way{i, "code"}, "the page of branch %s is taken by %s", b.Code, d.name))
		}
	}
	return ps
}

// addresses tells what content may link to, as written on an Indonesian page.
func (s *Site) addresses() func(path string) bool {
	known := map[string]bool{setFile: true}
	for _, r := range Routes {
		known[r] = true
	}
	for _, d := range s.docs {
		known[d.path] = true
		for _, a := range d.Aliases {
			known[a] = true
		}
	}
	for _, b := range s.branches() {
		known[branchPath(b.Code)] = true
	}
	for p := range s.pictures {
		known[p] = true
	}
	for p := range s.samples {
		known[p] = true
	}
	return func(path string) bool { return known[path] || s.elsewhere != nil && s.elsewhere(path) }
}

// branches are those of the requirement set, none without it.
func (s *Site) branches() []requirement.Branch {
	if s.Set == nil {
		return nil
	}
	return s.Set.Branches
}

// offices is the page of all branches; theirs are below it.
const offices = "/kantor/"

func branchPath(code string) string { return offices + code + "/" }

// isRoute tells whether a path, in either language, is a function's.
func isRoute(p string) bool { return slices.Contains(Routes, strings.TrimPrefix(p, "/en")) }
