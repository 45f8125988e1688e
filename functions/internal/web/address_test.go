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
