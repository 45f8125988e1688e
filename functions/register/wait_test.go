package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

var onsiteTimes = []string{"08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:00", "13:30", "14:00", "14:30"}

// fullDay books every onsite place of tomorrow and returns the registrations by time.
func fullDay(t *testing.T, a *apptest.App) map[string]claim.Registration {
	t.Helper()
	a.Browser().Post("/daftar/tanggal", onsite(a, 900, "")) // makes the seats
	out := map[string]claim.Registration{}
	for n, clock := range onsiteTimes {
		b := storetest.Booking(100 + n)
		b.Place.Branch, b.Place.Channel, b.Place.Time, b.SetVersion = "bandar-lampung", requirement.Onsite, clock, a.Set.Version
		reg, err := a.Store.Book(t.Context(), b)
		if err == nil {
			reg, err = a.Store.Submit(t.Context(), reg.ID, 0)
		}
		if err != nil {
			t.Fatal(clock, err)
		}
		out[clock] = reg
	}
	return out
}

// waitForm is an application for the wait list of tomorrow.
func waitForm(a *apptest.App, n int, times ...string) url.Values {
	form := onsite(a, n, "")
	form.Del("jam")
	form.Set("tunggu", "ya")
	if len(times) > 0 {
		form["jam-tunggu"] = times
	}
	return form
}

// serve runs the job of the wait lists for tomorrow.
func serve(t *testing.T, a *apptest.App) {
	t.Helper()
	b := a.Set.Branch("bandar-lampung")
	if _, err := a.Store.ServeWaits(t.Context(), &dynamo.Roster{Branch: b, Holidays: a.Set.Holidays, Booking: a.Set.Booking}, storetest.Tomorrow); err != nil {
		t.Fatal(err)
	}
}

func giveBack(t *testing.T, a *apptest.App, reg claim.Registration) {
	t.Helper()
	if _, err := a.Store.Cancel(t.Context(), reg.ID, 0); err != nil {
		t.Fatal(err)
	}
}

func status(t *testing.T, b *apptest.Browser) map[string]any {
	t.Helper()
	return b.Ask(http.MethodGet, "/status", nil).JSON(t)
}

// A full day offers its wait list; what is given up is offered in order, and
// taken, declined or left to run out on the status page.
func TestWaitList(t *testing.T) {
	a := app(t)
	taken := fullDay(t, a)
	first, second := a.Browser(), a.Browser()

	form := waitForm(a, 1)
	form.Del("tunggu")
	times := first.Post("/daftar/tanggal", form)
	mustSee(t, times, http.StatusOK, "Semua jam pada tanggal ini penuh", `name="tunggu" value="ya"`, `name="jam-tunggu"`, "Lanjut ke daftar tunggu", "paling banyak 3 tawaran")
	if strings.Contains(times.Body, `name="jam"`) {
		t.Error("a full day still asks for a time")
	}
	for _, step := range []struct{ path, next string }{{"jam", `name="nik"`}, {"data-diri", "Masuk daftar tunggu"}, {"periksa", "jam belum ditentukan"}} {
		mustSee(t, first.Post("/daftar/"+step.path, waitForm(a, 1, "09:00", "10:00")), http.StatusOK, step.next, `name="tunggu" value="ya"`)
		mustSee(t, first.Post("/en/daftar/"+step.path, waitForm(a, 1, "09:00")), http.StatusOK)
	}
	mustSee(t, first.Post("/daftar/jam", waitForm(a, 1, "12:00")), http.StatusUnprocessableEntity, "jam-tunggu-galat")
	mine := waitForm(a, 1)
	mustSee(t, first.Post("/daftar", mine), http.StatusCreated, "Kode pendaftaran", "Anda nomor 1 di daftar tunggu")
	code := status(t, first)["kode"]
	if again := apptest.JSON(mine); a.Browser().Ask(http.MethodPost, "/daftar", again).JSON(t)["kode"] != code {
		t.Error("the same form again has another code")
	}
	mustSee(t, first.Post("/daftar", onsite(a, 1, "09:00")), http.StatusConflict)
	mustSee(t, second.Post("/daftar", waitForm(a, 2, "09:00")), http.StatusCreated, "Anda nomor 2 di daftar tunggu")
	if got := status(t, second); got["status"] != "menunggu" || got["posisi"] != 2.0 || got["sisa_tawaran"] != 3.0 || got["jam"] != "" {
		t.Errorf("JSON of who waits: %v", got)
	}
	placeless(t, second)

	giveBack(t, a, taken["09:00"])
	serve(t, a)
	placeless(t, first)
	page := first.Get("/status")
	mustSee(t, page, http.StatusOK, "Terima tempat ini", "Lewatkan", "Selasa, 24 November 2026, 12.", "09.00 WIB", "Sisa tawaran: 2")
	mustSee(t, first.Get("/en/status"), http.StatusOK, "Accept this place")
	if got := status(t, second); got["posisi"] != 1.0 {
		t.Errorf("the second is number %v now; want 1", got["posisi"])
	}
	// Looking changes nothing; an old page and a button of no offer are refused.
	if first.Get("/status/tawaran").Status == http.StatusOK || status(t, first)["status"] != "ditawari" {
		t.Error("a GET answered the offer")
	}
	mustSee(t, first.Post("/status/tawaran", url.Values{"jawaban": {"terima"}, "versi": {"1"}}), http.StatusConflict)
	mustSee(t, second.Post("/status/tawaran", url.Values{"jawaban": {"terima"}}), http.StatusConflict)
	mustSee(t, first.Post("/status/tawaran", url.Values{"jawaban": {"mungkin"}}), http.StatusUnprocessableEntity)
	onward(t, first.Post("/status/tawaran", url.Values{"jawaban": {"lewatkan"}}))
	mustSee(t, first.Get("/status"), http.StatusOK, "Anda nomor 1 di daftar tunggu", "Jam yang Anda lewatkan", "09.00 WIB")

	serve(t, a)
	if got := status(t, second); got["status"] != "ditawari" || got["jam"] != "09:00" {
		t.Fatalf("the next has no offer: %v", got)
	}
	onward(t, second.Post("/status/tawaran", url.Values{"jawaban": {"terima"}}))
	if got := status(t, second); got["status"] != "draf" || got["jam"] != "09:00" {
		t.Errorf("who accepted: %v", got)
	}
	mustSee(t, second.Get("/berkas"), http.StatusOK)
	onward(t, first.Post("/status/batal", url.Values{}))
	if got := status(t, first); got["status"] != "dibatalkan" {
		t.Errorf("who left the wait list: %v", got)
	}
	var said []string
	for _, l := range letters(t, a) {
		said = append(said, string(l))
	}
	if !slices.Contains(said, "waiting") {
		t.Errorf("mails due: %v", said)
	}
}

// placeless holds that whoever has no place is told so where a place is needed,
// and not that something is over.
func placeless(t *testing.T, b *apptest.Browser) {
	t.Helper()
	for _, path := range []string{"/berkas", "/berkas/ktp", "/status/pindah"} {
		got := b.Get(path)
		mustSee(t, got, http.StatusConflict, "Anda belum mendapat tempat", `href="/status"`)
		if strings.Contains(got.Body, "tidak dapat diubah lagi") || strings.Contains(got.Body, "sudah lewat") {
			t.Errorf("%s says that it is over", path)
		}
	}
	if got := b.Ask(http.MethodGet, "/berkas", nil); got.Status != http.StatusConflict || !strings.Contains(got.Body, `"belum-ada-tempat"`) {
		t.Errorf("JSON of the documents: %d %s", got.Status, got.Body)
	}
}

// letters are the messages that are due first.
func letters(t *testing.T, a *apptest.App) []claim.Message {
	t.Helper()
	due, err := a.Store.LettersDue(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []claim.Message
	for _, l := range due {
		out = append(out, l.Kind)
	}
	return out
}

func onward(t *testing.T, got apptest.Answer) {
	t.Helper()
	if got.Status != http.StatusSeeOther {
		t.Fatalf("answer = %d %s", got.Status, got.Body)
	}
}

// An offer runs out while nobody looks; a day that is over ends waiting, and
// the page says so. A place that came free meanwhile can be had at once.
func TestOfferRunsOut(t *testing.T) {
	a := app(t)
	taken := fullDay(t, a)
	b := a.Browser()
	mustSee(t, b.Post("/daftar", waitForm(a, 1)), http.StatusCreated)
	giveBack(t, a, taken["14:00"])
	serve(t, a)
	a.Clock.Move(4*time.Hour + time.Minute)
	mustSee(t, b.Post("/status/tawaran", url.Values{"jawaban": {"terima"}}), http.StatusUnauthorized) // the browser's own two hours
	serve(t, a)
	mustSee(t, a.Browser().Post("/daftar/jam", waitForm(a, 2)), http.StatusOK)
	a.Clock.Move(storetest.Morning.Add(8 * time.Hour).Sub(a.Clock.Now())) // 16.00: it opens for everybody
	mustSee(t, a.Browser().Post("/daftar/jam", waitForm(a, 2)), http.StatusUnprocessableEntity, "Sekarang ada tempat pada tanggal ini")
	waiting, err := a.Store.Waiters(t.Context(), "bandar-lampung", storetest.Tomorrow, requirement.Onsite)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d wait, %v; want 1", len(waiting), err)
	}
	a.Clock.Move(20 * time.Hour) // 12.00 of the day: its last session closed at 11.30
	serve(t, a)
	if reg, err := a.Store.ByID(t.Context(), waiting[0].Registration); err != nil || reg.Status != claim.Lapsed {
		t.Errorf("who waited for a day that is over: %s, %v", reg.Status, err)
	}
}

// Who never had a place is not told that documents were late: the wait list
// ended without a place, and the same is said in both languages.
func TestWaitListEnds(t *testing.T) {
	a := app(t)
	fullDay(t, a)
	b := a.Browser()
	got := b.Post("/daftar", waitForm(a, 1))
	mustSee(t, got, http.StatusCreated)
	code, _ := status(t, b)["kode"].(string)
	a.Clock.Move(30 * time.Hour)
	serve(t, a)
	b.Post("/status", url.Values{"kode": {code}, requirement.BirthDate: {"1990-01-01"}})
	for path, says := range map[string]string{"/status": "Tidak ada lagi tempat yang dapat ditawarkan pada Rabu, 25 November 2026. Anda dapat mendaftar lagi", "/en/status": "No more places can be offered on Wednesday, 25 November 2026. You can register again"} {
		got := b.Get(path)
		mustSee(t, got, http.StatusOK, says)
		if strings.Contains(got.Body, "Berkas wajib") || strings.Contains(got.Body, "required documents") || strings.Contains(got.Body, "deadline") {
			t.Errorf("%s speaks of documents to who never had a place", path)
		}
	}
}
