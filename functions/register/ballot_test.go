package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// drawDay is opened by draw in ballot's app: its window is from 27 November,
// 08.00 WIB, to 1 December, 20.00 WIB.
const drawDay requirement.Date = "2026-12-07"

// ballot is an app in which Bandar Lampung opens drawDay by draw.
func ballot(t testing.TB) *apptest.App {
	t.Helper()
	a := app(t)
	a.ByDraw("bandar-lampung", drawDay)
	return a
}

func wish(form url.Values, wishes ...string) url.Values {
	form.Del("jam")
	form.Set("tanggal", string(drawDay))
	for i, w := range wishes {
		form.Set("keinginan-"+string(rune('1'+i)), w)
	}
	return form
}

// A day that is opened by draw asks for wishes, enters the draw in place of a
// booking, and shows the ticket; outside of its window a page says when.
func TestJoinDraw(t *testing.T) {
	a := ballot(t)
	a.Clock.Move(12 * time.Hour) // 7 December is within the horizon
	b := a.Browser()
	form := wish(a.Application(1), "09:00", "08:00")
	if got := b.Post("/daftar/kantor", form); !strings.Contains(got.Body, "Dibagi lewat undian") {
		t.Error("the dates do not say which is given by draw")
	}
	for _, path := range []string{"/daftar/tanggal", "/daftar"} {
		got := b.Post(path, form)
		pagetest.Check(t, []byte(got.Body))
		if got.Status != http.StatusConflict || !strings.Contains(got.Body, "Undian dibuka Jumat, 27 November 2026, 08.00 WIB") {
			t.Errorf("%s before the draw is announced: %d", path, got.Status)
		}
	}
	d := a.Announce("bandar-lampung", drawDay)
	if got := b.Post("/daftar", form); got.Status != http.StatusConflict {
		t.Errorf("before the window: %d", got.Status)
	}
	a.Clock.Move(d.Opens.Sub(a.Clock.Now()))
	form = wish(a.Application(1), "09:00", "08:00")
	got := b.Post("/daftar/tanggal", form)
	pagetest.Check(t, []byte(got.Body))
	if got.Status != http.StatusOK || !strings.Contains(got.Body, `name="keinginan-3"`) || !strings.Contains(got.Body, "Kecepatan tidak berpengaruh") || strings.Contains(got.Body, `type="radio"`) {
		t.Errorf("the step of wishes: %d", got.Status)
	}
	bad := wish(a.Application(1), "09:00", "09:00", "07:00")
	if got := b.Post("/daftar/jam", bad); got.Status != http.StatusUnprocessableEntity || strings.Count(got.Body, "-galat") < 2 {
		t.Errorf("the same time twice and one that there is not: %d", got.Status)
	}
	if got := b.Post("/daftar/data-diri", form); got.Status != http.StatusOK || !strings.Contains(got.Body, "Ikut undian") || !strings.Contains(got.Body, "09.00 WIB, 08.00 WIB") {
		t.Errorf("the review: %d", got.Status)
	}
	done := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form))
	v := done.JSON(t)
	if done.Status != http.StatusCreated || v["status"] != "undian" || v["jam"] != "" || len(v["tiket"].(string)) != 32 {
		t.Fatalf("joined: %d %s", done.Status, done.Body)
	}
	if again := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form)).JSON(t); again["tiket"] != v["tiket"] || again["kode"] != v["kode"] {
		t.Errorf("the same form again: %v", again)
	}
	if other := a.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(wish(a.Application(1)))); !strings.Contains(other.Body, `"sudah-terdaftar"`) {
		t.Errorf("the same person from another device: %d %s", other.Status, other.Body)
	}
	for _, path := range []string{"/status", "/tanda-terima", "/en/status", "/status/batal"} {
		got := b.Get(path)
		pagetest.Check(t, []byte(got.Body))
		if got.Status != http.StatusOK || !strings.Contains(got.Body, v["tiket"].(string)) {
			t.Errorf("%s = %d without the ticket", path, got.Status)
		}
	}
	if got := b.Get("/status"); !strings.Contains(got.Body, d.Commitment) || strings.Contains(got.Body, "/berkas\"") {
		t.Error("the status page lacks the commitment, or offers documents")
	}
	placeless(t, b)
	if got := b.Post("/status/batal", url.Values{"versi": {"1"}}); got.Status != http.StatusSeeOther {
		t.Errorf("leaving: %d", got.Status)
	}
	a.Clock.Move(d.Closes.Sub(a.Clock.Now()) - time.Minute)
	form = wish(a.Application(3))
	first := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form)).JSON(t)
	a.Clock.Move(d.Closes.Sub(a.Clock.Now()))
	if again := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form)).JSON(t); first["tiket"] == nil || again["tiket"] != first["tiket"] {
		t.Errorf("tapped twice over the end of the window: %v, then %v", first, again)
	}
	late := a.Browser().Post("/daftar", wish(a.Application(2)))
	pagetest.Check(t, []byte(late.Body))
	if late.Status != http.StatusConflict || !strings.Contains(late.Body, "Undian sudah ditutup") {
		t.Errorf("after the window: %d", late.Status)
	}
	left, err := a.Store.Entries(t.Context(), "bandar-lampung", drawDay, requirement.Online)
	if err != nil || len(left) != 1 {
		t.Errorf("one left and one stays, and %d entries, %v", len(left), err)
	}
}

// Nobody gets into a day of a draw by moving there.
func TestNoMoveIntoDraw(t *testing.T) {
	a := ballot(t)
	b := a.Browser()
	if got := b.Post("/daftar", a.Application(1)); got.Status != http.StatusCreated {
		t.Fatal(got.Status)
	}
	got := b.Post("/status/pindah", url.Values{"kantor": {"bandar-lampung"}, "tanggal": {string(drawDay)}, "jam": {"08:00"}})
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Tempat pada hari ini dibagi lewat undian") {
		t.Errorf("moved into a draw: %d", got.Status)
	}
}
