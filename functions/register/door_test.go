package register_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// doorBranch has a door in the content; it opens at 08.00 WIB, storetest.Morning.
const doorBranch = "jakarta-sudirman"

// newestDay is what opens at storetest.Morning.
const newestDay requirement.Date = "2026-12-08"

// doorway is an app ten minutes before the door opens.
func doorway(t testing.TB) *apptest.App {
	t.Helper()
	a := app(t)
	a.Clock.Move(-10 * time.Minute)
	return a
}

// doorForm is the form of somebody who wants a place of the newest day.
func doorForm(a *apptest.App, n int) url.Values {
	f := a.Application(n)
	f.Set("kantor", doorBranch)
	f.Set("tanggal", string(newestDay))
	f.Set("jam", "09:00")
	return f
}

// until moves the clock to some time after the door opens.
func until(a *apptest.App, after time.Duration) {
	a.Clock.Move(storetest.Morning.Add(after).Sub(a.Clock.Now()))
}

// A filled-in form waits with its number and is let in when the turn has come,
// not before; sent again it gives the same registration.
func TestDoorLetsInByNumber(t *testing.T) {
	a := doorway(t)
	form, b := doorForm(a, 1), a.Browser()
	first := b.Post("/daftar", form)
	if first.Status != http.StatusAccepted || !strings.Contains(first.Body, ` data-giliran="`) || !strings.Contains(first.Body, storetest.NIK(1)) {
		t.Fatalf("before the hour: %d %s", first.Status, first.Body)
	}
	pagetest.Check(t, []byte(first.Body))
	number := func() float64 {
		antre, _ := b.Ask(http.MethodGet, "/daftar/nomor/"+doorBranch, nil).JSON(t)["antre"].(map[string]any)
		n, _ := antre["nomor"].(float64)
		return n
	}
	mine := number()
	if again := b.Post("/daftar", form); again.Status != http.StatusAccepted || number() != mine || mine == 0 {
		t.Errorf("asking again gives another number: %d, %v after %v", again.Status, number(), mine)
	}
	until(a, 0)
	if got := b.Post("/daftar", form); got.Status == http.StatusCreated && mine > 1 {
		t.Logf("number %v was drawn first", mine)
	}
	until(a, time.Second) // fewer than fifty numbers are out
	won := b.Post("/daftar", form)
	if won.Status != http.StatusCreated {
		t.Fatalf("at the turn: %d %s", won.Status, won.Body)
	}
	if again := b.Post("/daftar", form); again.Status != http.StatusCreated || codeIn(again.Body) != codeIn(won.Body) {
		t.Errorf("sent again: %d, code %q; want %q", again.Status, codeIn(again.Body), codeIn(won.Body))
	}
	// The number is spent: for somebody else this browser needs another one.
	other := doorForm(a, 2)
	if got := b.Post("/daftar", other); got.Status != http.StatusAccepted {
		t.Errorf("a second person with a spent number: %d; want a number of their own", got.Status)
	}
	a.Clock.Move(10 * time.Second)
	if got := b.Post("/daftar", other); got.Status != http.StatusCreated {
		t.Errorf("with the new number: %d %s", got.Status, got.Body)
	}
}

func codeIn(body string) string {
	_, after, _ := strings.Cut(body, `class="code"`)
	code, _, _ := strings.Cut(after, "<")
	return code
}

// The same form gives the same code for as long as the registration lives: also
// after the door, and also where the reply with the number was lost.
func TestSameFormAfterTheDoor(t *testing.T) {
	a := doorway(t)
	early, late := a.Browser(), a.Browser()
	early.Post("/daftar/nomor/"+doorBranch, nil) // before filling in
	until(a, 59*time.Minute+20*time.Second)
	forms := map[*apptest.Browser]url.Values{early: doorForm(a, 1), late: doorForm(a, 2)}
	won := map[*apptest.Browser]string{}
	send := func(b *apptest.Browser, form url.Values) apptest.Answer {
		got := b.Post("/daftar", form)
		if got.Status == http.StatusAccepted {
			a.Clock.Move(time.Second)
			got = b.Post("/daftar", form)
		}
		return got
	}
	for b, form := range forms {
		got := send(b, form)
		if won[b] = codeIn(got.Body); got.Status != http.StatusCreated || won[b] == "" {
			t.Fatalf("at the door: %d %s", got.Status, got.Body)
		}
	}
	a.Clock.Move(5 * time.Second)
	// A browser that has not got the number of the first reply.
	again := send(a.Browser(), forms[late])
	if again.Status != http.StatusCreated || codeIn(again.Body) != won[late] {
		t.Errorf("the first reply was lost: %d, code %q; want %q", again.Status, codeIn(again.Body), won[late])
	}
	for _, after := range []time.Duration{time.Hour + 10*time.Second, 2 * time.Hour} {
		until(a, after)
		for b, form := range forms {
			if again := b.Post("/daftar", form); again.Status != http.StatusCreated || codeIn(again.Body) != won[b] {
				t.Errorf("%v after the hour: %d, code %q; want %q", after, again.Status, codeIn(again.Body), won[b])
			}
		}
	}
	for b := range forms { // a spent number is in nobody's way
		if got := b.Post("/daftar", doorForm(a, 3+len(won))); got.Status != http.StatusCreated || codeIn(got.Body) == won[b] {
			t.Errorf("another person in the same browser: %d, code %q", got.Status, codeIn(got.Body))
		}
		delete(won, b)
	}
}

// A mistake is told before the turn, with what was typed, and takes no number;
// who has one keeps it.
func TestMistakeIsToldBeforeTheTurn(t *testing.T) {
	a := doorway(t)
	form, b := doorForm(a, 1), a.Browser()
	forgot := maps.Clone(form)
	forgot.Del("persetujuan")
	cookies := func() string {
		here, _ := url.Parse(a.URL)
		return fmt.Sprint(b.Jar.Cookies(here))
	}
	got := b.Post("/daftar", forgot)
	mustSee(t, got, http.StatusUnprocessableEntity, `id="galat"`, storetest.NIK(1), `name="persetujuan"`)
	pagetest.Check(t, []byte(got.Body))
	if cookies() != "[]" {
		t.Errorf("a form with a mistake has taken a number: %s", cookies())
	}
	mustSee(t, b.Post("/daftar", form), http.StatusAccepted, "Nomor tunggu Anda")
	mine := cookies()
	wrong := maps.Clone(form)
	wrong.Set("nik", "123")
	mustSee(t, b.Post("/daftar", wrong), http.StatusUnprocessableEntity, `id="galat"`, `value="123"`)
	if cookies() != mine {
		t.Errorf("a mistake has changed the number")
	}
	until(a, time.Second)
	mustSee(t, b.Post("/daftar", form), http.StatusCreated, "Simpan kode ini")
}

// Who comes after the hour is told of as many numbers ahead as there are people.
func TestLateComersWaitInOrder(t *testing.T) {
	a := doorway(t)
	crowd(t, a, 100)
	until(a, time.Second)
	for came := range 31 {
		b := a.Browser()
		b.Post("/daftar/nomor/"+doorBranch, nil)
		antre, _ := b.Ask(http.MethodGet, "/daftar/nomor/"+doorBranch, nil).JSON(t)["antre"].(map[string]any)
		early := 100.0 + 16 // may be unused ones of a block
		if ahead, _ := antre["di_depan"].(float64); ahead < float64(came)-8 || ahead > early-50+float64(came)+8 {
			t.Errorf("number %d to come is told of %v numbers ahead", came+1, ahead)
		}
	}
}

// Other days, other branches and the time before and after need no number.
func TestDoorStandsOnlyWhileItOpens(t *testing.T) {
	a := app(t)
	form := doorForm(a, 1)
	for _, tt := range []struct {
		name  string
		at    time.Duration
		field string
		value string
		want  int
	}{
		{"before numbers are given", -61 * time.Minute, "", "", http.StatusUnprocessableEntity},
		{"while numbers are given", -59 * time.Minute, "", "", http.StatusAccepted},
		{"another day", 0, "tanggal", "2026-12-07", http.StatusCreated},
		{"another branch", 0, "kantor", "bandar-lampung", http.StatusConflict}, // registered by then
		{"after", time.Hour, "", "", http.StatusConflict},
	} {
		until(a, tt.at)
		f := url.Values{}
		for k, v := range form {
			f[k] = v
		}
		if tt.field != "" {
			f.Set(tt.field, tt.value)
		}
		f.Set("kunci", fmt.Sprint(a.Browser().Ask(http.MethodGet, "/daftar", nil).JSON(t)["kunci"]))
		a.Clock.Move(4 * time.Second)
		if got := a.Browser().Post("/daftar", f); got.Status != tt.want {
			t.Errorf("%s: %d; want %d", tt.name, got.Status, tt.want)
		}
	}
}

// A number that we did not seal for this branch is none.
func TestForgedNumber(t *testing.T) {
	a := doorway(t)
	b := a.Browser()
	b.Post("/daftar/nomor/"+doorBranch, nil)
	name := "__Host-antre-" + doorBranch
	here, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	real := ""
	for _, k := range b.Jar.Cookies(here) {
		if k.Name == name {
			real = k.Value
		}
	}
	keep := func(b *apptest.Browser, value string) {
		b.Jar.SetCookies(here, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
	}
	if real == "" {
		t.Fatal("no number in a cookie")
	}
	for what, value := range map[string]string{"changed": real[:len(real)-2] + "xx", "empty": "", "made up": "bm9tb3I"} {
		forger := a.Browser()
		keep(forger, value)
		if got := forger.Ask(http.MethodGet, "/daftar/nomor/"+doorBranch, nil).JSON(t); got["lanjut"] == nil {
			t.Errorf("a %s number is taken: %v", what, got)
		}
	}
	a.Set.Booking.Doors = append(a.Set.Booking.Doors, requirement.Door{Branch: "bandar-lampung", Opens: "08:00", GatherMinutes: 60, StandsMinutes: 60, PerSecond: 50})
	stranger := a.Browser()
	stranger.Jar.SetCookies(here, []*http.Cookie{{Name: "__Host-antre-bandar-lampung", Value: real, Path: "/", Secure: true}})
	if got := stranger.Ask(http.MethodGet, "/daftar/nomor/bandar-lampung", nil).JSON(t); got["lanjut"] == nil {
		t.Errorf("a number of another branch is taken: %v", got)
	}
	other := a.Browser()
	keep(other, real)
	until(a, 24*time.Hour) // the next day's door
	if got := other.Ask(http.MethodGet, "/daftar/nomor/"+doorBranch, nil).JSON(t); got["lanjut"] == nil {
		t.Errorf("yesterday's number is taken: %v", got)
	}
}

// The board is the same for everybody, without a cookie, and the edge may keep it.
func TestBoard(t *testing.T) {
	a := doorway(t)
	for range 3 {
		a.Browser().Post("/daftar/nomor/"+doorBranch, nil)
	}
	until(a, 2*time.Second)
	first := a.Browser().Get("/daftar/antre/" + doorBranch)
	pagetest.Check(t, []byte(first.Body))
	if first.Header.Get("Cache-Control") != "public, max-age=5" || first.Header.Get("Set-Cookie") != "" || first.Header.Get("X-Request-Id") != "" {
		t.Errorf("headers of the board: %v", first.Header)
	}
	b := a.Browser()
	b.Post("/daftar/nomor/"+doorBranch, nil)
	if again := b.Get("/daftar/antre/" + doorBranch); again.Body != first.Body {
		t.Error("who has a number sees another board")
	}
	// 101 places have had their turn; the highest early number may be a little above how many there are.
	v := a.Browser().Ask(http.MethodGet, "/en/daftar/antre/"+doorBranch, nil).JSON(t)
	var last int
	if n, err := fmt.Sscanf(fmt.Sprint(v["masuk"]), "1–%d", &last); n != 1 || err != nil || last < 101 || last > 101+128 || v["habis"] != false {
		t.Errorf("two seconds after the hour: %v; want 1 to 101 or a little more", v)
	}
	if got := a.Browser().Get("/daftar/antre/bandar-lampung"); got.Status != http.StatusOK || strings.Contains(got.Body, "/daftar/nomor/bandar-lampung\" method=\"post") {
		t.Errorf("a branch without a door: %d", got.Status)
	}
}

// Who waits for a day that is sold out is told so, at no cost to the store.
func TestNobodyWaitsForNothing(t *testing.T) {
	a := doorway(t)
	if err := a.Store.EnsureDay(t.Context(), claim.DayPlan{Branch: doorBranch, Date: newestDay,
		Sessions: []claim.Session{{Channel: requirement.Online, Time: "09:00", Places: 1}}}); err != nil {
		t.Fatal(err)
	}
	winner, form := a.Browser(), doorForm(a, 1)
	winner.Post("/daftar", form)
	until(a, time.Second)
	if got := winner.Post("/daftar", form); got.Status != http.StatusCreated {
		t.Fatalf("the first: %d", got.Status)
	}
	a.Clock.Move(3 * time.Second)
	late := doorForm(a, 2)
	if got := a.Browser().Post("/daftar", late); got.Status != http.StatusConflict || !strings.Contains(got.Body, "Semua tempat") {
		t.Errorf("after it was sold out: %d %s", got.Status, got.Body)
	}
	if got := a.Browser().Post("/daftar/nomor/"+doorBranch, nil); got.Status != http.StatusConflict {
		t.Errorf("a number for nothing: %d", got.Status)
	}
	// Nor is anybody sent away from the day's wait list, where the page leads.
	waits := a.Browser()
	mustSee(t, waits.Post("/daftar", late), http.StatusConflict, `action="/daftar/tanggal"`, "Masuk daftar tunggu")
	mustSee(t, waits.Post("/daftar/tanggal", late), http.StatusOK, `name="tunggu" value="ya"`)
	late.Del("jam")
	late.Set("tunggu", "ya")
	waits.Post("/daftar", late) // takes a number: who waits comes in at the same pace
	a.Clock.Move(time.Second)
	mustSee(t, waits.Post("/daftar", late), http.StatusCreated, "Anda nomor 1 di daftar tunggu")
	if got := winner.Post("/daftar", form); got.Status != http.StatusCreated {
		t.Errorf("the winner's form again: %d", got.Status)
	}
}

// Nobody gets round the door by moving to its day.
func TestNoMoveThroughTheDoor(t *testing.T) {
	a := doorway(t)
	form, b := a.Application(1), a.Browser()
	form.Set("kantor", doorBranch)
	form.Set("jam", "09:00")
	if got := b.Post("/daftar", form); got.Status != http.StatusCreated {
		t.Fatalf("a place of tomorrow: %d %s", got.Status, got.Body)
	}
	to := url.Values{"kantor": {doorBranch}}
	until(a, time.Minute)
	if got := b.Post("/status/pindah", to); got.Status != http.StatusOK || strings.Contains(got.Body, string(newestDay)) {
		t.Errorf("moving offers the day behind the door (%d)", got.Status)
	}
	until(a, time.Hour)
	if got := b.Post("/status/pindah", to); !strings.Contains(got.Body, string(newestDay)) {
		t.Errorf("moving does not offer the day after the door has gone (%d)", got.Status)
	}
}

// One claimant takes few numbers, from whatever address (TRUST R10).
func TestNumbersOfOneClaimant(t *testing.T) {
	const allowed = 2 + 20 // of this process alone, and in the store
	a := doorway(t)
	form := doorForm(a, 1)
	for n := range allowed + 1 {
		want := http.StatusAccepted
		if n == allowed {
			want = http.StatusTooManyRequests
		}
		if got := from(a, fmt.Sprintf("127.0.5.%d", n+1)).Post("/daftar", form); got.Status != want {
			t.Errorf("number %d of one claimant: %d; want %d", n+1, got.Status, want)
		}
	}
	if got := from(a, "127.0.5.1").Post("/daftar", doorForm(a, 2)); got.Status != http.StatusAccepted {
		t.Errorf("another claimant: %d", got.Status)
	}
}

// Thousands behind one address get numbers, and a program that takes all does
// not, whoever asks (TRUST R7, R10); the answer does not say which limit it was,
// is small, and says truly when to come again.
func TestNumbersOfOneAddress(t *testing.T) {
	const allowed = 5 + 5000 // of this process alone, and in the store
	a := doorway(t)
	everybody := a.Browser()
	everybody.Jar = nil // each is another one
	ask := func() apptest.Answer {
		return everybody.Ask(http.MethodPost, "/daftar/nomor/"+doorBranch, map[string]any{})
	}
	for n := range allowed {
		if got := ask(); got.Status != http.StatusOK {
			t.Fatalf("number %d behind one address: %d %s", n+1, got.Status, got.Body)
		}
	}
	last, page := ask(), a.Browser().Post("/daftar/nomor/"+doorBranch, nil)
	for _, got := range []apptest.Answer{last, page} {
		// It is ten minutes to eight.
		if seconds, err := strconv.Atoi(got.Header.Get("Retry-After")); err != nil || seconds < 605 || seconds > 630 || len(got.Body) > 1000 || got.Status != http.StatusTooManyRequests {
			t.Errorf("%d, Retry-After %q, body %d B %s", got.Status, got.Header.Get("Retry-After"), len(got.Body), got.Body)
		}
	}
	a.Clock.Move(10 * time.Minute)
	if got := ask(); got.Status != http.StatusOK {
		t.Errorf("when it said: %d", got.Status)
	}
	pagetest.Check(t, []byte(page.Body))
}

// A day that is opened by draw has no door: there is nothing to be early for.
func TestNoDoorBeforeDraw(t *testing.T) {
	a := doorway(t)
	a.ByDraw(doorBranch, newestDay)
	form, b := doorForm(a, 1), a.Browser()
	form.Del("jam")
	for _, at := range []time.Duration{-2 * time.Hour, -10 * time.Minute, time.Second} {
		until(a, at)
		if got := b.Post("/daftar/tanggal", form); got.Status != http.StatusConflict || !strings.Contains(got.Body, "Undian dibuka") {
			t.Errorf("%v from the hour, the day is answered with %d; want when its draw opens", at, got.Status)
		}
		if got := b.Post("/daftar", form); got.Status != http.StatusConflict || got.Header.Get("Set-Cookie") != "" {
			t.Errorf("%v from the hour, the form is answered with %d; want no number", at, got.Status)
		}
		if got := b.Get("/daftar/antre/" + doorBranch); !strings.Contains(got.Body, "Tidak perlu nomor tunggu") {
			t.Errorf("%v from the hour there is a door", at)
		}
	}
}

// An address of a branch that there is not is no page, and not one without a door.
func TestDoorOfNoBranch(t *testing.T) {
	b := app(t).Browser()
	for _, path := range []string{"/daftar/nomor/xx", "/daftar/antre/xx", "/en/daftar/nomor/xx"} {
		if got := b.Get(path); got.Status != http.StatusNotFound || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s = %d", path, got.Status)
		}
	}
	mustSee(t, b.Post("/daftar/nomor/xx", nil), http.StatusNotFound, "Halaman tidak ditemukan")
	mustSee(t, b.Get("/daftar/nomor/bandar-lampung"), http.StatusOK, "Tidak perlu nomor tunggu")
}
