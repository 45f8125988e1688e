package preview

import (
	"bytes"
	_ "embed"
	"html/template"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Addresses of the preview itself.
const (
	eventsPath = "/_pratinjau/peristiwa"
	scriptPath = "/_pratinjau/pratinjau.js"
)

//go:embed pratinjau.js
var script []byte

// Own answers the preview's own addresses, and tells whether it did.
func (p *Preview) Own(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case eventsPath:
		p.events(w, r)
	case scriptPath:
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(script) // a reader that went away is no fault of ours
	default:
		return false
	}
	return true
}

// Around puts the script, and the report of the newest build, into the pages
// that another handler shows. What a form was answered with stays as it is: to
// load it again is to send it again.
func (p *Preview) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		a := &answer{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(a, r)
		b := a.body.Bytes()
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			p.mu.Lock()
			b = decorate("index.html", b, p.o.Lang, p.report, p.version())
			p.mu.Unlock()
			w.Header().Del("Content-Length")
		}
		w.WriteHeader(a.status)
		_, _ = w.Write(b) // a reader that went away is no fault of ours
	})
}

// An answer is held back until it is whole.
type answer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// ServeHTTP answers with the files of the site.
func (p *Preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.Own(w, r) {
		w.Header().Set("Cache-Control", "no-store")
		ServeFile(w, r, p.File)
	}
}

// ServeFile answers GET with a file of a site: "/x/" with x/index.html, "/x"
// with a redirect there, anything unknown with the site's 404 page in the
// language of the address.
func ServeFile(w http.ResponseWriter, r *http.Request, file func(name string) ([]byte, bool)) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	} else if path.Ext(name) == "" {
		http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently)
		return
	}
	b, ok := file(name)
	if !ok {
		notFound(w, r, file)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
}

func notFound(w http.ResponseWriter, r *http.Request, file func(name string) ([]byte, bool)) {
	name := "404.html"
	if strings.HasPrefix(r.URL.Path, "/en/") {
		name = "en/404.html"
	}
	b, _ := file(name)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write(b)
}

// decorate puts the script into a page, and the report above its content.
func decorate(name string, b []byte, l requirement.Lang, report, version string) []byte {
	if path.Ext(name) != ".html" {
		return b
	}
	b = bytes.Replace(b, []byte("</head>"), []byte(`<script type="module" src="`+scriptPath+`?`+version+`"></script></head>`), 1)
	if report == "" {
		return b
	}
	at := bytes.Index(b, []byte("<main"))
	if at < 0 {
		return b
	}
	at += bytes.IndexByte(b[at:], '>') + 1
	notice := `<div class="notice danger" role="alert"><p class="title">` + template.HTMLEscapeString(page.T(l, "pratinjau.salah")) + `</p><p>` +
		template.HTMLEscapeString(page.T(l, "pratinjau.lama")) + `</p>` + preformatted(l, report) + `</div>`
	return bytes.Join([][]byte{b[:at], []byte(notice), b[at:]}, nil)
}

// broken is the page while there is no good build yet.
func broken(l requirement.Lang, report, version string) []byte {
	var b bytes.Buffer
	err := page.Render(&b, &page.Page{Lang: l, Path: "/", Private: true, Title: page.T(l, "pratinjau.salah"),
		Blocks: []page.Block{page.HTML{Body: template.HTML(preformatted(l, report))}}}) // escaped there
	if err != nil {
		return []byte(template.HTMLEscapeString(report))
	}
	return decorate("index.html", b.Bytes(), l, "", version)
}

// preformatted is a report that scrolls in its own box.
func preformatted(l requirement.Lang, report string) string {
	return `<section class="scroll" tabindex="0" aria-label="` + template.HTMLEscapeString(page.T(l, "pratinjau.laporan")) + `"><pre>` +
		template.HTMLEscapeString(report) + `</pre></section>`
}
