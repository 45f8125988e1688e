package register_test

import (
	"net/http"
	"net/url"
	"testing"

	"lapakasik/functions/internal/apptest"
)

// The pages of who waits for a place in Chromium, narrow and wide: number in the
// list, offer, what follows each answer, and giving a place up.
func TestWaitListInBrowser(t *testing.T) {
	a := app(t)
	taken := fullDay(t, a)
	waits, offered, accepted, passed, owner := a.Browser(), a.Browser(), a.Browser(), a.Browser(), a.Browser()
	for n, b := range []*apptest.Browser{offered, accepted, passed, waits} {
		mustSee(t, b.Post("/daftar", waitForm(a, 1+n, onsiteTimes[n:]...)), http.StatusCreated)
	}
	form := onsite(a, 9, "09:00")
	form.Set("tanggal", "2026-11-26")
	mustSee(t, owner.Post("/daftar", form), http.StatusCreated)
	for _, clock := range []string{"08:00", "08:30", "09:00"} {
		giveBack(t, a, taken[clock])
	}
	serve(t, a)
	onward(t, accepted.Post("/status/tawaran", url.Values{"jawaban": {"terima"}}))
	onward(t, passed.Post("/status/tawaran", url.Values{"jawaban": {"lewatkan"}}))
	mustSee(t, waits.Get("/status/batal"), http.StatusOK, "Anda tidak ikut lagi")
	mustSee(t, offered.Get("/status/batal"), http.StatusOK, "pilih Lewatkan")
	for _, x := range []struct {
		name string
		b    *apptest.Browser
	}{{"menunggu", waits}, {"ditawari", offered}, {"diterima", accepted}, {"dilewatkan", passed}, {"pemilik", owner}} {
		a.Look(t, "../..", x.b, map[string]string{x.name: "/status", x.name + "-batal": "/en/status/batal"})
	}
}
