package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// onsite is an application for the one onsite place of a session.
func onsite(a *apptest.App, n int, clock string) url.Values {
	form := a.Application(n)
	form.Set("kanal", "onsite")
	form.Set("jam", clock)
	form.Del("persetujuan")
	for _, k := range a.Set.ConsentsFor(a.Set.Reason("mengundurkan-diri"), requirement.Onsite) {
		form.Add("persetujuan", k.Code)
	}
	return form
}

func giveUp(t *testing.T, b *apptest.Browser) {
	t.Helper()
	if got := b.Post("/status/batal", url.Values{}); got.Status != http.StatusSeeOther {
		t.Fatalf("cancel = %d %s", got.Status, got.Body)
	}
}

// The receipt of what is over sends nobody to an officer or into a calendar.
func TestReceiptOfWhatIsOver(t *testing.T) {
	a := app(t)
	left := a.Browser()
	mustSee(t, left.Post("/daftar", a.Application(1)), http.StatusCreated)
	mustSee(t, left.Get("/tanda-terima"), http.StatusOK, "Tunjukkan kode ini", "jadwal.ics")
	giveUp(t, left)
	late := a.Browser()
	mustSee(t, late.Post("/daftar", a.Application(2)), http.StatusCreated)
	code, _ := status(t, late)["kode"].(string)
	receiptIsOver(t, left, "Pendaftaran dibatalkan")
	a.Clock.Move(23 * time.Hour)
	if n, err := a.Store.LapseDue(t.Context(), "bandar-lampung", storetest.Tomorrow); n != 1 || err != nil {
		t.Fatalf("%d lapsed, %v; want 1", n, err)
	}
	onward(t, late.Post("/status", url.Values{"kode": {code}, "tanggal-lahir": {"1990-01-01"}}))
	receiptIsOver(t, late, "Pendaftaran kedaluwarsa")
}

func receiptIsOver(t *testing.T, b *apptest.Browser, says string) {
	t.Helper()
	got := b.Get("/tanda-terima")
	mustSee(t, got, http.StatusOK, says)
	if strings.Contains(got.Body, "Tunjukkan kode ini") || strings.Contains(got.Body, "jadwal.ics") {
		t.Errorf("%s: the receipt still offers what is over", says)
	}
}

// A place that was given up is nobody's until its announced time, and the
// pages say when that is.
func TestGivenUpPlaceReopensAtAnnouncedTime(t *testing.T) {
	a := app(t) // Tuesday, 08.00
	owner, buyer := a.Browser(), a.Browser()
	mustSee(t, owner.Post("/daftar", onsite(a, 1, "09:00")), http.StatusCreated)
	mustSee(t, owner.Get("/status/batal"), http.StatusOK, "untuk semua orang pada Selasa, 24 November 2026, 12.00 WIB")
	giveUp(t, owner)

	times := buyer.Post("/daftar/tanggal", onsite(a, 2, "09:00"))
	mustSee(t, times, http.StatusOK, "Penuh. Tempat yang dilepas dibuka lagi Selasa, 24 November 2026, 12.00 WIB")
	form := onsite(a, 2, "09:00")
	for _, s := range buyer.Ask(http.MethodPost, "/daftar/tanggal", apptest.JSON(form)).JSON(t)["jam"].([]any) {
		if s := s.(map[string]any); s["jam"] == "09:00" && (s["sisa"] != 0.0 || s["dibuka"] != "2026-11-24T05:00:00Z") {
			t.Errorf("JSON of the session: %v", s)
		}
	}
	mustSee(t, buyer.Post("/daftar", form), http.StatusConflict, "jam-galat")

	a.Clock.Move(storetest.Morning.Add(4 * time.Hour).Sub(a.Clock.Now()))
	mustSee(t, buyer.Post("/daftar", onsite(a, 3, "09:00")), http.StatusCreated)
}

// Too late for the announced time, a place of today waits until nobody can
// book from afar, and then is for who stands at the branch.
func TestGivenUpPlaceOfTodayIsForThoseAtTheBranch(t *testing.T) {
	a := app(t)
	form := onsite(a, 1, "13:30")
	form.Set("tanggal", "2026-11-24")
	owner := a.Browser()
	mustSee(t, owner.Post("/daftar", form), http.StatusCreated)
	// Every other session of the day is somebody else's.
	for n, clock := range []string{"08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:00", "14:00", "14:30"} {
		b := storetest.Booking(100 + n)
		b.Place.Branch, b.Place.Channel, b.Place.Date, b.Place.Time = "bandar-lampung", requirement.Onsite, "2026-11-24", clock
		if _, err := a.Store.Book(t.Context(), b); err != nil {
			t.Fatal(clock, err)
		}
	}
	giveUp(t, owner)
	far := onsite(a, 2, "13:30")
	far.Set("tanggal", "2026-11-24")
	times := a.Browser().Post("/daftar/tanggal", far)
	mustSee(t, times, http.StatusOK, "Semua jam pada tanggal ini penuh", "08.00, 12.00, 16.00, 20.00 WIB")
	if strings.Contains(times.Body, "dibuka lagi Selasa") {
		t.Error("the page announces a time at which it cannot be booked any more")
	}

	hall := a.Browser()
	hall.Get(poster(t))
	mustSee(t, hall.Post("/daftar", spotForm(a, 3)), http.StatusConflict)
	a.Clock.Move(storetest.Morning.Add(2*time.Hour + 31*time.Minute).Sub(a.Clock.Now())) // 10.31: booking of 13.30 closed at 10.30
	mustSee(t, hall.Post("/daftar", spotForm(a, 3)), http.StatusCreated, "13.30 WIB")
}
