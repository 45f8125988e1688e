// Package page is the only place that knows how a page looks. The generator
// and the functions describe a page as a Page of Blocks; Render writes it.
//
//	Page ─► templates/layout.tmpl ─► for each Block: templates/<block>.tmpl
//	          │ head: title, description, hreflang, the stylesheet inline
//	          └ header, breadcrumbs, step, h1, blocks, footer, scripts
//
// Every page works without JavaScript, without a font, and without a request
// to anybody else. The stylesheet is inline under its digest in the
// Content-Security-Policy, so the first view is one request.
package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"sync"

	"lapakasik/site/requirement"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

//go:embed assets/style.css
var styleSource string

// style is the stylesheet as it stands in every page.
var style = sync.OnceValue(func() string { return minifyCSS(styleSource) })

// StyleHash returns the Content-Security-Policy source of the inline stylesheet.
func StyleHash() string {
	sum := sha256.Sum256([]byte(style()))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// ContentSecurityPolicy returns the policy of a page (TRUST R64): nothing but
// our own scripts and the one inline stylesheet, forms to ourselves and, where
// the page uploads, to the file store.
func ContentSecurityPolicy(p *Page) string {
	upload := ""
	if p.Upload != "" {
		upload = " " + p.Upload
	}
	return policy(upload) + "; frame-ancestors 'none'"
}

// policy leaves out frame-ancestors, which a meta element cannot set.
func policy(upload string) string {
	return "default-src 'none'; script-src 'self'; style-src " + StyleHash() +
		"; img-src 'self' data: blob:; connect-src 'self'" + upload + "; form-action 'self'" + upload +
		"; base-uri 'none'; object-src 'none'"
}

var layout = sync.OnceValues(func() (*template.Template, error) {
	var t *template.Template
	t = template.New("layout.tmpl")
	t.Funcs(template.FuncMap{
		"component": func(p *Page, b Block) (template.HTML, error) { return renderBlock(t, p, b) },
		"view":      func(p *Page, v any) view { return view{p, v} },
		"field":     func(p *Page, f *Form, x Field) fieldView { return fieldView{Page: p, Form: f, Field: x} },
	})
	return t.ParseFS(templateFiles, "templates/*.tmpl")
})

// view pairs a block with its page, for the language.
type view struct {
	Page *Page
	It   any
}

// T returns words in the language of the page.
func (v view) T(key string, pairs ...string) string { return v.Page.T(key, pairs...) }

func renderBlock(t *template.Template, p *Page, b Block) (template.HTML, error) {
	if h, ok := b.(HTML); ok {
		return h.Body, nil
	}
	var out strings.Builder
	name := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(fmt.Sprintf("%T", b), "*"), "page.")) + ".tmpl"
	if err := t.ExecuteTemplate(&out, name, view{p, b}); err != nil {
		return "", err
	}
	return template.HTML(out.String()), nil
}

// Render writes the page.
func Render(w io.Writer, p *Page) error {
	t, err := layout()
	if err != nil {
		return fmt.Errorf("page templates: %w", err)
	}
	if err := t.Execute(w, p); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	return nil
}

// What the layout asks of a page.

// T returns words in the language of the page.
func (p *Page) T(key string, pairs ...string) string { return T(p.Lang, key, pairs...) }

// URL returns a path of the Indonesian site in the language of the page.
func (p *Page) URL(path string) string { return Localise(p.Lang, path) }

// Localise returns a path of the Indonesian site in a language.
func Localise(l requirement.Lang, path string) string {
	if l == requirement.EN {
		return "/en" + path
	}
	return path
}

// Style is the inline stylesheet.
func (p *Page) Style() template.CSS { return template.CSS(style()) }

// MetaPolicy is the policy of a generated page, whose headers are the same for all pages.
func (p *Page) MetaPolicy() string {
	if p.Private {
		return ""
	}
	return policy("")
}

// DocumentTitle is the title element: what went wrong first, then the page, then the service.
func (p *Page) DocumentTitle() string {
	title := p.Title
	if p.HasErrors() {
		title = p.T("situs.kesalahan") + " " + title
	}
	if p.Path == "/" && !p.Private {
		return title
	}
	return title + " – " + p.T("situs.nama")
}

// HasErrors tells whether a form of the page has mistakes to mend.
func (p *Page) HasErrors() bool {
	for _, b := range p.Blocks {
		if f, ok := b.(*Form); ok && len(f.Errors) > 0 {
			return true
		}
	}
	return false
}

// Summaries are the error summaries to show above the title's content.
func (p *Page) Summaries() []*Form {
	var out []*Form
	for _, b := range p.Blocks {
		if f, ok := b.(*Form); ok && len(f.Errors) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// Other is the language the page can be switched to.
func (p *Page) Other() requirement.Lang {
	if p.Lang == requirement.EN {
		return requirement.ID
	}
	return requirement.EN
}

// OtherURL is the same page in the other language. A page in the middle of
// the journey was answered to a form, so it leads to the journey's start.
func (p *Page) OtherURL() string {
	path := strings.TrimPrefix(p.Path, "/en")
	switch {
	case p.OnlyLang:
		path = "/"
	case p.Private && p.Step > 1:
		path = "/daftar"
	}
	path, _, _ = strings.Cut(path, "?")
	if path == "" {
		path = "/"
	}
	return Localise(p.Other(), path)
}

// Nav is the main navigation.
func (p *Page) Nav() []Link {
	var out []Link
	for _, path := range []string{"/klaim/", "/prosedur/", "/kantor/", "/bantuan/", "/status"} {
		out = append(out, Link{URL: path, Text: p.T("situs.menu." + strings.Trim(path, "/"))})
	}
	return out
}

// FooterLinks are the links at the foot of every page.
func (p *Page) FooterLinks() []Link {
	var out []Link
	for _, path := range []string{"/gratis/", "/standar-pelayanan/", "/privasi/", "/bantuan/aksesibilitas/", "/kontak/"} {
		out = append(out, Link{URL: p.URL(path), Text: p.T("situs.kaki." + strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"))})
	}
	return out
}

// ScriptURLs are the addresses of the page's scripts.
func (p *Page) ScriptURLs() []string {
	var out []string
	for _, s := range p.Scripts {
		out = append(out, s.URL())
	}
	return out
}

// StepText says where in a journey the page is.
func (p *Page) StepText() string {
	return p.T("situs.langkah", "n", strconv.Itoa(p.Step), "jumlah", strconv.Itoa(p.Steps))
}

// IsNumeric tells whether a column of the table holds numbers.
func (t Table) IsNumeric(column int) bool { return column < len(t.Numeric) && t.Numeric[column] }
