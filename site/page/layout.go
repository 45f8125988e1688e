package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"lapakasik/site/requirement"
)

// T returns words in the language of the page.
func (p *Page) T(key string, pairs ...string) string { return T(p.Lang, key, pairs...) }

// URL returns a path of the Indonesian site in the language of the page, in a
// rehearsal that of the rehearsal.
func (p *Page) URL(path string) string { return Address(p.Lang, p.Rehearsal, path) }

// RehearsalBase is what the addresses of a rehearsal begin with.
const RehearsalBase = "/latihan"

// rehearsed are the first parts of the functions' addresses that a rehearsal
// has too; the others are for everybody and book nothing.
var rehearsed = []string{"daftar", "status", "berkas", "tanda-terima", "keluar"}

// Rehearsed tells whether an address of a function has its like in a rehearsal.
func Rehearsed(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	first, _, _ = strings.Cut(first, "?")
	if strings.HasPrefix(path, "/daftar/antre/") || strings.HasPrefix(path, "/daftar/nomor/") { // a rehearsal has no doors
		return false
	}
	return !strings.HasSuffix(path, "/") && slices.Contains(rehearsed, first)
}

// Address returns a path of the Indonesian site in a language. In a rehearsal
// the functions' addresses are those of the rehearsal; pages for everybody
// stay where they are.
func Address(l requirement.Lang, rehearsal bool, path string) string {
	if rehearsal && Rehearsed(path) {
		path = RehearsalBase + path
	}
	return Localise(l, path)
}

// Localise returns a path of the Indonesian site in a language.
func Localise(l requirement.Lang, path string) string {
	if l == requirement.EN {
		return "/en" + path
	}
	return path
}

// CardPath is the address of the share card of a claim reason, or with code ""
// of every other page.
func CardPath(code string, l requirement.Lang) string {
	if code == "" {
		code = "lapak-asik"
	}
	return "/kartu/" + code + "." + string(l) + ".png"
}

// Style is the inline stylesheet.
func (p *Page) Style() template.CSS {
	if p.Staff != nil {
		return template.CSS(staffStyle())
	}
	return template.CSS(style())
}

// MetaPolicy is the policy as each page carries it, wherever it is served
// from; the functions also send it as a header.
func (p *Page) MetaPolicy() string { return policy(p) }

// DocumentTitle is the title element: what went wrong first, then that it is
// a rehearsal, the page, and the service.
func (p *Page) DocumentTitle() string {
	title := p.Title
	if p.Rehearsal {
		title = p.T("situs.latihan") + " " + title
	}
	if p.HasErrors() {
		title = p.T("situs.kesalahan") + " " + title
	}
	if p.Path == "/" && !p.Private {
		return title
	}
	return title + " – " + p.T("situs.nama")
}

// HasErrors tells whether a form of the page has mistakes to mend.
func (p *Page) HasErrors() bool { return len(p.Summaries()) > 0 }

// forms are the page's forms, in order.
func (p *Page) forms() []*Form {
	var out []*Form
	for _, b := range p.Blocks {
		if f, ok := b.(*Form); ok {
			out = append(out, f)
		}
	}
	return out
}

// Summaries are the forms whose mistakes stand above the title.
func (p *Page) Summaries() []*Form {
	return slices.DeleteFunc(p.forms(), func(f *Form) bool { return len(f.Errors) == 0 })
}

// Other is the language the page can be switched to.
func (p *Page) Other() requirement.Lang {
	if p.Lang == requirement.EN {
		return requirement.ID
	}
	return requirement.EN
}

// OtherURL is the same page in the other language. A page in the middle of
// the journey was answered to a form, so it leads to the journey's start
// unless it says where else.
func (p *Page) OtherURL() string {
	path := strings.TrimPrefix(p.Path, "/en")
	switch {
	case p.Switch != "":
		return Address(p.Other(), p.Rehearsal, p.Switch)
	case p.OnlyLang:
		path = "/"
	case p.Private && p.Step > 1:
		return Address(p.Other(), p.Rehearsal, "/daftar")
	}
	path, _, _ = strings.Cut(path, "?")
	if path == "" {
		path = "/"
	}
	return Localise(p.Other(), path)
}

// navPaths are the entries of the main navigation.
var navPaths = []string{"/klaim/", "/prosedur/", "/kantor/", "/bantuan/", "/status"}

// Nav is the main navigation.
func (p *Page) Nav() []Link {
	var out []Link
	for _, path := range navPaths {
		out = append(out, Link{URL: path, Text: p.T("situs.menu." + strings.Trim(path, "/"))})
	}
	return out
}

// FooterLinks are the links at the foot of every page.
func (p *Page) FooterLinks() []Link {
	var out []Link
	for _, path := range []string{"/gratis/", "/standar-pelayanan/", "/kinerja", "/privasi/", "/bantuan/aksesibilitas/", "/istilah/", "/perubahan/", "/kontak/"} {
		out = append(out, Link{URL: p.URL(path), Text: p.T("situs.kaki." + strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"))})
	}
	return out
}

// ScriptURLs are the addresses of the page's scripts. A page with a form, or
// one that asks again, has the script of all forms without asking for it.
func (p *Page) ScriptURLs() []string {
	scripts := slices.Clone(p.Scripts)
	if (len(p.forms()) > 0 || p.Refresh > 0) && !slices.Contains(scripts, "formulir") {
		scripts = append(scripts, "formulir")
	}
	if p.offline() {
		scripts = append(scripts, offlineScript)
	}
	var out []string
	for _, s := range scripts {
		out = append(out, s.URL())
	}
	return out
}

// offlineScript keeps public pages for reading without a line. Its name is also
// that of its trusted-types policy.
const offlineScript Script = "luring"

// offline tells whether the page may be kept: it is for everybody, and the same
// for all.
func (p *Page) offline() bool { return !p.Private && p.Origin != "" && !p.Fresh }

// StepText says where in a journey the page is.
func (p *Page) StepText() string {
	return p.T("situs.langkah", "n", strconv.Itoa(p.Step), "jumlah", strconv.Itoa(p.Steps))
}

// StepMarks are the steps of the journey, true up to where the page is.
func (p *Page) StepMarks() []bool {
	marks := make([]bool, p.Steps)
	for i := range marks {
		marks[i] = i < p.Step
	}
	return marks
}

// Home tells whether this is the first page of the site, which has a face of its own.
func (p *Page) Home() bool { return p.Path == "/" && !p.Private }

// Opening are the blocks that belong to the title, before the list of
// contents: those before the first that is neither a lead nor a button.
func (p *Page) Opening() []Block { return p.Blocks[:p.opening()] }

// Body are the blocks after Opening.
func (p *Page) Body() []Block { return p.Blocks[p.opening():] }

func (p *Page) opening() int {
	for i, b := range p.Blocks {
		switch b.(type) {
		case Lead, Button:
		default:
			return i
		}
	}
	return len(p.Blocks)
}

// MainClass is the class of the main element.
func (p *Page) MainClass() string {
	switch {
	case p.Wide:
		return "wide"
	case len(p.Contents) > 0:
		return "aside"
	}
	return ""
}

// Current is the aria-current of a navigation entry: "page" on its own page,
// "true" below it, "" elsewhere.
func (p *Page) Current(path string) string {
	switch {
	case path == strings.TrimPrefix(p.Path, "/en") && !p.Private:
		return "page"
	case path == p.Section:
		return "true"
	}
	return ""
}

// IconURL is the address of the site's icon.
func (p *Page) IconURL() string { return assetURL("ikon", ".svg") }

// FormID is the id of a form of the page: the first is "formulir".
func (p *Page) FormID(f *Form) string {
	if i := slices.Index(p.forms(), f); i > 0 {
		return "formulir-" + strconv.Itoa(i+1)
	}
	return "formulir"
}

// Target is the id that a line of the error summary leads to: the box, or the
// form where the mistake belongs to no box of it.
func (p *Page) Target(f *Form, name string) string {
	for _, x := range f.Fields {
		if x.Name == name && x.Kind != Hidden {
			return x.firstID()
		}
	}
	return p.FormID(f)
}

// IsNumeric tells whether a column of the table holds numbers.
func (t Table) IsNumeric(column int) bool { return column < len(t.Numeric) && t.Numeric[column] }
