// Package editor is the editing page (/penyunting) for those who do not use
// git: Sveltia CMS on a folder of this computer, started beside the preview.
//
//	types of the front matter and data files ─ reflection ─► Config ─► the page's forms
//
//	file on disk ◄─ browser (File System Access) ─► Sveltia CMS, in the browser
//	                                                  │ opened text      ▲ │ new values
//	                                                  ▼                  │ ▼
//	                                              POST baca ─► values   POST tulis ─► text
//	                                                     Read, Write: ours, in Go
//
// The browser reads and writes the folder that the person chose; nothing is
// sent anywhere else, and the policy of the page allows no other host. Reading
// and writing the files' form is ours, because the CMS's own writer drops
// comments and writes every line anew: Write changes only what was changed.
//
// The CMS comes by npm, pinned by digest, at the first visit. It is not part
// of the published site. Its interface is in English; the words of all our
// fields are Indonesian or English.
package editor

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"

	"lapakasik/infra/npm"
	"lapakasik/site/requirement"
)

var cms = npm.Package{Name: "@sveltia/cms", Version: "0.221.1",
	Integrity: "J+Qoik9kGMk2L7vNpOQrnDmFRi+NB6vwJ0f657YtsxWH0P8WYSYRRSRC2pQ/jGGbVlM//Pg/WIgmkpswqoo3gQ=="}

// Path is where the page is.
const Path = "/penyunting/"

//go:embed penyunting.js
var script []byte

// ownFonts are the fonts that come with the package, in place of those that it
// would ask of another host.
var ownFonts = strings.NewReplacer(
	"https://cdn.jsdelivr.net/fontsource/fonts/source-sans-3:vf@5.3.0/latin-wght-normal.woff2", Path+"cms/assets/source-sans-3-latin-wght-normal-BqRLTx4X.woff2",
	"https://cdn.jsdelivr.net/fontsource/fonts/noto-mono@5.3.0/latin-400-normal.woff2", Path+"cms/assets/noto-mono-latin-400-normal-DiC8lJru.woff2",
	"https://cdn.jsdelivr.net/fontsource/fonts/material-symbols-outlined:vf@5.3.7/latin-wght-normal.woff2", Path+"cms/assets/material-symbols-outlined-latin-wght-normal-_Z1IJPLg.woff2")

// maxFile bounds what is sent to be read or written, in bytes.
const maxFile = 4 << 20

// policy allows this page's own files and the folder that the person chose;
// the CMS makes its styles and pictures in the browser.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; " +
	"font-src 'self' data:; connect-src 'self' blob: data:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves the page for the content in a folder of this computer.
func Handler(dir string, lang requirement.Lang) http.Handler {
	mux := http.NewServeMux()
	files := sync.OnceValues(func() (map[string][]byte, error) { return fetch(context.Background()) })
	mux.HandleFunc("GET "+Path+"{$}", func(w http.ResponseWriter, r *http.Request) { show(w, lang, files) })
	mux.HandleFunc("GET "+Path+"penyunting.js", func(w http.ResponseWriter, _ *http.Request) { send(w, "a.js", script) })
	mux.HandleFunc("GET "+Path+"cms/{file...}", func(w http.ResponseWriter, r *http.Request) { asset(w, r, files) })
	mux.HandleFunc("GET "+Path+"konfigurasi.json", func(w http.ResponseWriter, r *http.Request) {
		c, err := Config(os.DirFS(dir), lang, "http://"+r.Host)
		answer(w, c, err)
	})
	mux.HandleFunc("POST "+Path+"baca", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Text string `json:"teks"`
			Page bool   `json:"halaman"`
		}
		if accept(w, r, &in) {
			v, err := Read(in.Text, in.Page)
			answer(w, v, err)
		}
	})
	mux.HandleFunc("POST "+Path+"tulis", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Values Values `json:"nilai"`
			Page   bool   `json:"halaman"`
		}
		if accept(w, r, &in) {
			text, err := Write(in.Values, in.Page)
			answer(w, map[string]string{"teks": text}, err)
		}
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

func accept(w http.ResponseWriter, r *http.Request, in any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxFile)).Decode(in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

// answer sends a value, or says what is wrong with the file.
func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, "a.json", b)
}

func send(w http.ResponseWriter, name string, b []byte) {
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b) // a reader that went away is no fault of ours
}

var shell = template.Must(template.New("").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Title}}</title>
<body>
{{if .Wrong}}<main><h1>{{.Title}}</h1><p>{{.Wrong}}</p></main>{{else}}<noscript><p>{{.Script}}</p></noscript>
<script type="module" src="/penyunting/penyunting.js"></script>{{end}}
</body>
</html>
`))

func show(w http.ResponseWriter, lang requirement.Lang, files func() (map[string][]byte, error)) {
	page := struct{ Lang, Title, Wrong, Script string }{Lang: string(lang), Title: words()["judul"].In(lang), Script: words()["skrip"].In(lang)}
	status := http.StatusOK
	if _, err := files(); err != nil {
		page.Wrong, status = words()["gagal"].In(lang)+" ("+err.Error()+")", http.StatusServiceUnavailable
	}
	var b bytes.Buffer
	if err := shell.Execute(&b, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

func asset(w http.ResponseWriter, r *http.Request, files func() (map[string][]byte, error)) {
	all, err := files()
	b, ok := all[r.PathValue("file")]
	if err != nil || !ok {
		http.NotFound(w, r)
		return
	}
	send(w, r.PathValue("file"), b)
}

// fetch returns the files of the CMS that a browser asks for.
func fetch(ctx context.Context) (map[string][]byte, error) {
	tarball, err := cms.Cached(ctx)
	if err != nil {
		return nil, err
	}
	return unpack(tarball)
}

func unpack(tarball []byte) (map[string][]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	out := map[string][]byte{}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		name, ok := strings.CutPrefix(h.Name, "package/npm/")
		if !ok || path.Ext(name) == ".map" {
			continue
		}
		b, err := io.ReadAll(t)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		if path.Ext(name) == ".js" {
			b = []byte(ownFonts.Replace(string(b)))
		}
		out[name] = b
	}
}
