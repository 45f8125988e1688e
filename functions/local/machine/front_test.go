package machine

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What no function has a route for is answered as the functions do, and what
// is none of theirs by the site.
func TestFrontAnswersWhatThereIsNot(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /daftar", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTeapot) })
	w := &world{log: io.Discard}
	mux.Handle("/", w.lost(publicAPI, mux))
	site := pages{"404.html": []byte("halaman situs")}
	edge := front(mux, site.file)
	for _, tt := range []struct {
		method, path, accept string
		status               int
		leads, says          string
	}{
		{http.MethodGet, "/daftar", "text/html", http.StatusTeapot, "", ""},
		{http.MethodGet, "/daftar/", "text/html", http.StatusPermanentRedirect, "/daftar", ""},
		{http.MethodGet, "/daftar/xyz", "text/html", http.StatusNotFound, "", "Halaman tidak ditemukan"},
		{http.MethodGet, "/en/status/xyz", "text/html", http.StatusNotFound, "", "Page not found"},
		{http.MethodGet, "/kolektif/xyz", "application/json", http.StatusNotFound, "", `"kode":"tanpa-halaman"`},
		{http.MethodPut, "/daftar", "application/json", http.StatusMethodNotAllowed, "", `"kode":"tanpa-halaman"`},
		{http.MethodGet, "/tidak-ada/", "text/html", http.StatusNotFound, "", "halaman situs"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, nil)
		r.Header.Set("Accept", tt.accept)
		got := httptest.NewRecorder()
		edge.ServeHTTP(got, r)
		if got.Code != tt.status || got.Header().Get("Location") != tt.leads || !strings.Contains(got.Body.String(), tt.says) {
			t.Errorf("%s %s = %d to %q: %.200s", tt.method, tt.path, got.Code, got.Header().Get("Location"), got.Body)
		}
	}
}
