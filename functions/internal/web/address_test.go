package web_test

import (
	"net/http"
	"strings"
	"testing"

	"lapakasik/functions/internal/apptest"
)

// What other sites hang on a shared link is read by nobody and passed on to
// nobody; any other unknown field is still refused.
func TestTrackersAreIgnored(t *testing.T) {
	a := apptest.New(t, "../../..")
	b := a.Browser()
	for _, path := range []string{"/undian?fbclid=jejak1", "/kinerja?utm_source=jejak1", "/en/kinerja?utm_medium=a&_ga=jejak1",
		"/daftar/syarat?sebab=phk&gclid=jejak1", "/status/pindah?mc_cid=jejak1"} {
		got := b.Get(path)
		if got.Status == http.StatusUnprocessableEntity || strings.Contains(got.Body, "jejak1") {
			t.Errorf("GET %s = %d %.200s", path, got.Status, got.Body)
		}
	}
	for _, path := range []string{"/undian?asing=1", "/kinerja?fbclid2=1", "/daftar/syarat?sebab=phk&utm=1"} {
		if got := b.Get(path); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("GET %s = %d; want 422", path, got.Status)
		}
	}
	form := a.Application(1)
	form.Set("fbclid", "jejak1")
	if got := b.Post("/daftar/syarat", form); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("POST with a tracker = %d; want 422", got.Status)
	}
	if strings.Contains(a.Log.String(), "jejak1") {
		t.Error("the log holds a tracker's value")
	}
}

// A slash too many at the end leads to the page without it; what there is not
// is said in the language of the address, or as JSON, with the request's id.
func TestAddressesThatThereAreNot(t *testing.T) {
	b := apptest.New(t, "../../..").Browser()
	for from, to := range map[string]string{"/daftar/": "/daftar", "/en/status/": "/en/status", "/undian/": "/undian", "/kinerja/?bulan=2026-10&fbclid=1": "/kinerja?bulan=2026-10"} {
		if got := b.Get(from); got.Status != http.StatusPermanentRedirect || got.Header.Get("Location") != to {
			t.Errorf("GET %s = %d to %q; want %q", from, got.Status, got.Header.Get("Location"), to)
		}
	}
	for _, tt := range []struct {
		method, path string
		status       int
		allow, says  string
	}{
		{http.MethodGet, "/daftar/xyz", http.StatusNotFound, "", "Halaman tidak ditemukan"},
		{http.MethodGet, "/daftar/xyz/", http.StatusNotFound, "", "Halaman tidak ditemukan"},
		{http.MethodGet, "/en/daftar/xyz", http.StatusNotFound, "", "Page not found"},
		{http.MethodGet, "//evil.example/", http.StatusNotFound, "", ""},
		{http.MethodPut, "/daftar", http.StatusMethodNotAllowed, "GET, POST", "Halaman tidak ditemukan"},
		{http.MethodPut, "/keluar", http.StatusMethodNotAllowed, "POST", "Halaman tidak ditemukan"},
	} {
		for _, accept := range []string{"text/html", "application/json"} {
			got := b.Do(tt.method, tt.path, "", accept, nil)
			if strings.HasPrefix(tt.path, "//") {
				if strings.HasPrefix(got.Header.Get("Location"), "//") {
					t.Errorf("GET %s leads to %q", tt.path, got.Header.Get("Location"))
				}
				continue
			}
			if got.Status != tt.status || !strings.HasPrefix(got.Header.Get("Content-Type"), accept) || !strings.Contains(got.Body, tt.says) ||
				got.Header.Get("Allow") != tt.allow || got.Header.Get("X-Request-Id") == "" {
				t.Errorf("%s %s = %d %v %.100s", tt.method, tt.path, got.Status, got.Header, got.Body)
			}
		}
	}
}
