package machine

import (
	"net/http"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/preview"
)

// front stands for the distribution: routes of the functions go to the API,
// everything else is a file of the site, with the headers that the template
// gives it.
func front(api *http.ServeMux, file files) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if answered(api, r) {
			api.ServeHTTP(rw, r)
			return
		}
		static(rw, r, file)
	})
}

// answered tells whether a request goes to the API.
func answered(api *http.ServeMux, r *http.Request) bool {
	_, pattern := api.Handler(r)
	return pattern != "/" || isAPI(r.URL.Path)
}

// staffFront stands for the officers' distribution: everything goes to their
// API, but for the hashed files of the pages.
func staffFront(api *http.ServeMux, file files) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/aset/") {
			static(rw, r, file)
			return
		}
		api.ServeHTTP(rw, r)
	})
}

// files finds a file of the site by its path without the first slash.
type files func(name string) ([]byte, bool)

// isAPI tells whether the distribution's cache behaviours send a path to the API.
func isAPI(p string) bool {
	p = strings.TrimPrefix(strings.TrimPrefix(p, "/en"), page.RehearsalBase)
	for _, prefix := range []string{"/cari", "/daftar", "/status", "/berkas", "/tanda-terima", "/keluar", "/kolektif", "/hadir", "/uji-perangkat", "/kinerja", "/undian", "/survei"} {
		if strings.HasPrefix(p, prefix) {
			return true
		}
	}
	return false
}

func static(rw http.ResponseWriter, r *http.Request, file files) {
	h := rw.Header()
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if strings.HasPrefix(r.URL.Path, "/aset/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	preview.ServeFile(rw, r, file)
}
