package machine

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// front stands for the distribution: routes of the functions go to the API,
// everything else is a file of the site, with the headers that the template
// gives it.
func front(w *world, api http.Handler, pages map[string][]byte) http.Handler {
	mux, _ := api.(*http.ServeMux)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" || isAPI(r.URL.Path) {
			api.ServeHTTP(rw, r)
			return
		}
		static(rw, r, pages)
	})
}

// isAPI tells whether the distribution's cache behaviours send a path to the API.
func isAPI(p string) bool {
	p = strings.TrimPrefix(p, "/en")
	for _, prefix := range []string{"/daftar", "/status", "/berkas", "/tanda-terima", "/keluar", "/kinerja", "/survei"} {
		if strings.HasPrefix(p, prefix) {
			return true
		}
	}
	return false
}

func static(rw http.ResponseWriter, r *http.Request, pages map[string][]byte) {
	h := rw.Header()
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		rw.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	} else if path.Ext(name) == "" {
		http.Redirect(rw, r, r.URL.Path+"/", http.StatusMovedPermanently)
		return
	}
	b, ok := pages[name]
	if !ok {
		notFound(rw, r, pages)
		return
	}
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if strings.HasPrefix(name, "aset/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(b))
}

func notFound(rw http.ResponseWriter, r *http.Request, pages map[string][]byte) {
	name := "404.html"
	if strings.HasPrefix(r.URL.Path, "/en/") {
		name = "en/404.html"
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(http.StatusNotFound)
	_, _ = rw.Write(pages[name]) // a reader that went away is no fault of ours
}
