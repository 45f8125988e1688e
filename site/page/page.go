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
	"strings"
	"sync"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

//go:embed assets/style.css
var styleSource string

//go:embed assets/staff.css
var staffSource string

// style is the stylesheet as it stands in every page; officers' pages have a
// longer one.
var (
	style      = sync.OnceValue(func() string { return minifyCSS(styleSource) })
	staffStyle = sync.OnceValue(func() string { return style() + minifyCSS(staffSource) })
)

// StyleHash returns the Content-Security-Policy source of the inline stylesheet.
func StyleHash() string { return styleHash() }

var (
	styleHash      = sync.OnceValue(func() string { return HashSource(style()) })
	staffStyleHash = sync.OnceValue(func() string { return HashSource(staffStyle()) })
)

// HashSource returns the Content-Security-Policy source of an inline text.
func HashSource(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// ContentSecurityPolicy returns the policy of a page (TRUST R64): nothing but
// our own scripts and the one inline stylesheet, forms to ourselves and, where
// the page uploads, to the file store.
func ContentSecurityPolicy(p *Page) string { return policy(p) + "; frame-ancestors 'none'" }

// policy leaves out frame-ancestors, which a meta element cannot set.
func policy(p *Page) string {
	upload := ""
	if p.Upload != "" {
		upload = " " + p.Upload
	}
	pictures := ""
	if p.Pictures != "" {
		pictures = " " + p.Pictures
	}
	policies, sheet := "'none'", StyleHash()
	if p.Staff != nil {
		sheet = staffStyleHash()
	}
	if p.offline() {
		policies = string(offlineScript)
	}
	return "default-src 'none'; script-src 'self'; style-src " + sheet +
		"; img-src 'self' blob:" + pictures + "; connect-src 'self'" + upload + "; form-action 'self'" + upload +
		"; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types " + policies
}

var layout = sync.OnceValues(func() (*template.Template, error) {
	t := template.New("layout.tmpl")
	t.Funcs(template.FuncMap{
		"component": func(p *Page, b Block) (template.HTML, error) { return renderBlock(t, p, b) },
		"frame":     func(p *Page, name string) (template.HTML, error) { return renderFrame(t, p, name) },
		"field":     func(p *Page, f *Form, x Field) fieldView { return fieldView{Page: p, Form: f, Field: x} },
	})
	return t.ParseFS(templateFiles, "templates/*.tmpl")
})

// Prepare makes what the first Render would have to make of templates, style
// and scripts. Any error is told by that.
func Prepare() {
	StyleHash()
	assets()
	if t, err := layout(); err == nil {
		_ = t.Execute(io.Discard, nil) // has no page to show, but escapes the layout before
	}
}

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

// frames holds the parts of the frame that have been rendered, by name and by
// all that they show: language, rehearsal, and where in the navigation the page
// is.
var frames sync.Map

// renderFrame renders a part of the frame once for all pages that share it,
// which makes a page in half the time.
func renderFrame(t *template.Template, p *Page, name string) (template.HTML, error) {
	key := [3]string{name, string(p.Lang), fmt.Sprint(p.Rehearsal)}
	if name == "nav" {
		for _, l := range p.Nav() {
			key[2] += p.Current(l.URL) + ","
		}
		key[2] += p.Current("/daftar")
	}
	if made, ok := frames.Load(key); ok {
		return made.(template.HTML), nil
	}
	var out strings.Builder
	if err := t.ExecuteTemplate(&out, "frame-"+name+".tmpl", p); err != nil {
		return "", err
	}
	made := template.HTML(out.String())
	frames.Store(key, made)
	return made, nil
}

// Render writes the page.
func Render(w io.Writer, p *Page) error {
	t, err := layout()
	if err != nil {
		return fmt.Errorf("page templates: %w", err)
	}
	s, err := p.shape(t)
	switch {
	case err != nil:
	case s != nil:
		err = s.fill(w, t, p)
	default:
		err = t.Execute(w, p)
	}
	if err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	return nil
}
