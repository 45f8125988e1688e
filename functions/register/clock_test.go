package register_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// A form key is issued by one function and read by another, whose clock is two
// seconds behind or ahead: nobody who reads is refused for long, and no key is
// good much longer than half an hour.
func TestFormKeyWithClocksApart(t *testing.T) {
	issuer, reader := apptest.New(t, "../.."), apptest.New(t, "../..")
	setClock(reader, storetest.Morning)
	if err := reader.Store.EnsureDay(t.Context(), claim.Plan(reader.Set.Branch("bandar-lampung"), storetest.Tomorrow, reader.Set.Holidays)); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, ahead := range []time.Duration{-2 * time.Second, 0, 2 * time.Second} {
		for _, tt := range []struct {
			age  time.Duration // by a watch
			want []int
		}{
			{0, []int{http.StatusUnprocessableEntity}},
			{4 * time.Second, []int{http.StatusUnprocessableEntity, http.StatusCreated}}, // by one clock too soon
			{5 * time.Second, []int{http.StatusCreated}},
			{30*time.Minute - 2*time.Second, []int{http.StatusCreated}},
			{30*time.Minute + 3*time.Second, []int{http.StatusUnprocessableEntity}},
		} {
			n++
			setClock(issuer, storetest.Morning)
			form := apptest.JSON(issuer.Application(n)) // five seconds later by its own clock
			setClock(reader, storetest.Morning.Add(tt.age+ahead))
			got := reader.Browser().Ask(http.MethodPost, "/daftar", form)
			if !strings.Contains(fmt.Sprint(tt.want), fmt.Sprint(got.Status)) {
				t.Errorf("a key of %v, the reader %v ahead = %d %.200s; want %v", tt.age, ahead, got.Status, got.Body, tt.want)
			}
			if got.Status == http.StatusUnprocessableEntity && !strings.Contains(got.Body, "terlalu cepat dikirim") {
				t.Errorf("a key of %v is refused for something else: %.300s", tt.age, got.Body)
			}
		}
	}
}

func setClock(a *apptest.App, moment time.Time) { a.Clock.Move(moment.Sub(a.Clock.Now())) }

// A registration that one function has opened stays open on the others for
// two hours, give or take two seconds.
func TestOpenedRegistrationWithClocksApart(t *testing.T) {
	app := apptest.New(t, "../..")
	if err := app.Store.EnsureDay(t.Context(), claim.Plan(app.Set.Branch("bandar-lampung"), storetest.Tomorrow, app.Set.Holidays)); err != nil {
		t.Fatal(err)
	}
	b := app.Browser()
	if got := b.Ask(http.MethodPost, "/daftar", apptest.JSON(app.Application(1))); got.Status != http.StatusCreated {
		t.Fatalf("booked: %d %.200s", got.Status, got.Body)
	}
	opened := app.Clock.Now()
	for _, tt := range []struct {
		after time.Duration
		want  int
	}{{2*time.Hour - 3*time.Second, http.StatusOK}, {2*time.Hour - time.Second, http.StatusOK}, {2*time.Hour + time.Second, http.StatusUnauthorized}, {2*time.Hour + 3*time.Second, http.StatusUnauthorized}} {
		setClock(app, opened.Add(tt.after))
		if got := b.Ask(http.MethodGet, "/status", nil).Status; got != tt.want {
			t.Errorf("%v after it was opened = %d; want %d", tt.after, got, tt.want)
		}
	}
}

// Places end at the second: what can be booked, moved and cancelled, by a
// clock that is two seconds off in either direction, for the last time two
// hours before the session.
func TestCutOffWithClocksApart(t *testing.T) {
	for _, off := range []time.Duration{-2 * time.Second, -time.Second, 0, 2 * time.Second} {
		app := apptest.New(t, "../..")
		if err := app.Store.EnsureDay(t.Context(), claim.Plan(app.Set.Branch("bandar-lampung"), storetest.Tomorrow, app.Set.Holidays)); err != nil {
			t.Fatal(err)
		}
		b := app.Browser()
		form := app.Application(1)
		v := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form)).JSON(t)
		code, err := claim.ParseCode(fmt.Sprint(v["kode"]))
		if err != nil {
			t.Fatal(err)
		}
		id, err := app.Store.IDOf(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := app.Store.Submit(t.Context(), id, 0); err != nil {
			t.Fatal(err)
		}
		start := storetest.Morning.Add(24 * time.Hour)
		setClock(app, start.Add(-2*time.Hour+off))
		b.Ask(http.MethodPost, "/status", map[string]any{"kode": v["kode"], "tanggal-lahir": "1990-01-01"})
		want := http.StatusOK
		if off >= 0 {
			want = http.StatusConflict
		}
		if got := b.Ask(http.MethodPost, "/status/batal", map[string]any{}); got.Status != want {
			t.Errorf("cancelling %v from the cut-off = %d %.200s; want %d", off, got.Status, got.Body, want)
		}
	}
}

// Who opened the branch's poster before midnight of its zone is not there on
// the next day, also at the end of the year and of February.
func TestPosterAtMidnightInThreeZones(t *testing.T) {
	for zone, hour := range map[string]int{"WIB": 17, "WITA": 16, "WIT": 15} {
		app := apptest.New(t, "../..")
		app.Set.Branch("bandar-lampung").Zone = zone
		for _, day := range []requirement.Date{"2026-12-31", "2028-02-28", "2028-02-29"} {
			midnight := day.Time().Add(time.Duration(hour) * time.Hour) // the end of the day
			setClock(app, midnight.Add(-2*time.Second))
			b := app.Browser()
			if got := b.Get(poster(t)); got.Status != http.StatusOK {
				t.Fatalf("the poster's page: %d", got.Status)
			}
			for _, x := range []struct {
				after time.Duration
				here  bool
			}{{-time.Second, true}, {0, false}, {2 * time.Second, false}} {
				setClock(app, midnight.Add(x.after))
				page := b.Get("/daftar?di-tempat=ya").Body
				if here := strings.Contains(page, `name="di-tempat" value="ya"`); here != x.here {
					t.Errorf("%s, %v after the end of %s: on the spot %t; want %t", zone, x.after, day, here, x.here)
				}
			}
		}
	}
}
