package register_test

import (
	"net/http"
	"regexp"
	"testing"

	"lapakasik/functions/internal/apptest"
)

var switchURL = regexp.MustCompile(`<a class="lang" href="([^"]*)" lang=`)

// otherLanguage opens the page that an answer's language switch leads to.
func otherLanguage(t *testing.T, b *apptest.Browser, got apptest.Answer, want string) {
	t.Helper()
	m := switchURL.FindStringSubmatch(got.Body)
	if m == nil || m[1] != want {
		t.Fatalf("the language switch leads to %q; want %q", m, want)
	}
	if there := b.Get(want); there.Status != http.StatusOK {
		t.Errorf("%s = %d; want 200", want, there.Status)
	}
}

// The other language has the page about the same, and after a booking what was
// booked, not the start of another.
func TestLanguageSwitchKeepsTheSubject(t *testing.T) {
	a := app(t)
	b := a.Browser()
	otherLanguage(t, b, b.Get("/daftar/syarat?sebab=phk"), "/en/daftar/syarat?sebab=phk")
	otherLanguage(t, b, b.Get("/en/daftar/syarat?sebab=phk&utm_source=x"), "/daftar/syarat?sebab=phk")
	otherLanguage(t, b, b.Get("/daftar?x=1"), "/en/daftar")
	otherLanguage(t, b, b.Post("/daftar", a.Application(1)), "/en/status")
	otherLanguage(t, b, b.Get("/status/pindah?kanal=onsite"), "/en/status/pindah?kanal=onsite")
	otherLanguage(t, b, b.Get("/status"), "/en/status")
}
