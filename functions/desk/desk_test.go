package desk_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"lapakasik/functions/desk"
	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

const branch = "bandar-lampung"

type vault struct{}

func (vault) PresignGET(_ context.Context, key, version, media, name string) (string, error) {
	return "https://vault.example/" + key, nil
}

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error)         { return s.Set, nil }
func (s sets) Version(context.Context, string) (*requirement.Set, error) { return s.Set, nil }

// An office is the desk of the branch on the day of the places that
// participants have booked through the public site.
type office struct {
	t *testing.T
	*apptest.App
	public *apptest.App
	ids    []string
}

func open(t *testing.T, claims int) *office {
	t.Helper()
	a := apptest.New(t, "../..")
	o := &office{t: t, public: a}
	for n := range claims {
		o.ids = append(o.ids, o.book(n))
	}
	o.App = a.Office((&desk.Service{Store: a.Store, Sets: sets{a.Set}, Vault: vault{}}).Routes())
	a.Clock.Move(storetest.Morning.Add(24*time.Hour + 5*time.Minute).Sub(a.Clock.Now())) // five minutes into the places' session
	return o
}

// book registers the n-th person by the public form and submits the claim.
func (o *office) book(n int) string {
	o.t.Helper()
	form := o.public.Application(n)
	form.Set("jam", []string{"08:00", "08:30", "09:00"}[n/12])
	answer := o.public.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(form))
	code, _ := answer.JSON(o.t)["kode"].(string)
	code, err := claim.ParseCode(code)
	if err != nil {
		o.t.Fatalf("no code in %d %.300s", answer.Status, answer.Body)
	}
	reg, err := o.public.Store.Find(o.t.Context(), code, "1990-01-01")
	if err == nil {
		reg, err = o.public.Store.Submit(o.t.Context(), reg.ID, reg.Version)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return reg.ID
}

func (o *office) officer(n int) *apptest.Browser {
	return o.As(apptest.Person(n, staff.Officer, branch))
}

func (o *office) status(id string) claim.Status {
	o.t.Helper()
	reg, err := o.Store.ByID(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return reg.Status
}

func (o *office) version(id string) string {
	o.t.Helper()
	reg, err := o.Store.ByID(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return strconv.Itoa(reg.Version)
}

func want(t *testing.T, a apptest.Answer, status int) apptest.Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d; want %d: %.600s", a.Status, status, text(a.Body))
	}
	if status != http.StatusSeeOther {
		pagetest.Check(t, []byte(a.Body))
	}
	return a
}

var tags = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>|\s+`)

func text(html string) string { return tags.ReplaceAllString(html, " ") }

func at(id string) string { return "/meja/" + branch + "/klaim/" + id }

// Each decision by its form, from the queue to the end.
func TestDecisionsByForm(t *testing.T) {
	o := open(t, 4)
	ani, bayu := o.officer(1), o.officer(2)
	tests := []struct {
		name string
		form url.Values
		want claim.Status
	}{
		{"approve", url.Values{"keputusan": {"setuju"}, "jumlah": {"12.500.000"}}, claim.Approved},
		{"refuse", url.Values{"keputusan": {"tolak"}, "alasan-tolak": {"masa-tunggu"}}, claim.Refused},
		{"postpone", url.Values{"keputusan": {"tunda"}, "alasan-tunda": {"berkas-tidak-terbaca"}, "perbaiki": {"ktp"}, "sampai": {"2026-12-01"}}, claim.Postponed},
		{"two people", url.Values{"keputusan": {"setuju"}, "jumlah": {"60000000"}}, claim.Proposed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			next := want(t, ani.Post("/meja/"+branch+"/ambil", url.Values{"berikut": {"ya"}}), http.StatusSeeOther).Header.Get("Location")
			id := next[strings.LastIndex(next, "/")+1:]
			if body := want(t, ani.Get(next), http.StatusOK).Body; !strings.Contains(body, "Budi Uji") {
				t.Error("the claim's page does not name the person")
			}
			if got := bayu.Get(next).Status; got != http.StatusConflict {
				t.Errorf("another officer sees the claim: %d", got)
			}
			want(t, ani.Post(next+"/keputusan", url.Values{"versi": {o.version(id)}}), http.StatusUnprocessableEntity)
			tt.form.Set("versi", o.version(id))
			want(t, ani.Post(next+"/keputusan", tt.form), http.StatusSeeOther)
			if got := o.status(id); got != tt.want {
				t.Fatalf("the claim is %s; want %s", got, tt.want)
			}
			if tt.want != claim.Proposed {
				return
			}
			yes := url.Values{"keputusan": {"setuju"}, "versi": {o.version(id)}}
			if got := ani.Post(next+"/keputusan", yes).Status; got != http.StatusConflict {
				t.Errorf("the one who proposed approves: %d", got)
			}
			want(t, bayu.Get(next), http.StatusOK)
			want(t, bayu.Post(next+"/keputusan", yes), http.StatusSeeOther)
			if got := o.status(id); got != claim.Approved {
				t.Errorf("after the second person it is %s", got)
			}
		})
	}
	for _, id := range o.ids {
		if n, err := o.Store.VerifyEvents(t.Context(), id); n != 0 || err != nil {
			t.Errorf("event %d of %s is broken: %v", n, id, err)
		}
	}
}

// The queue names nobody; a number is shown in full for a ground only.
func TestNobodyIsNamedInTheQueue(t *testing.T) {
	o := open(t, 2)
	b := o.officer(1)
	page := want(t, b.Get("/meja/"+branch), http.StatusOK).Body
	for _, secret := range []string{"Budi", storetest.NIK(0), storetest.NIK(1), "budi@contoh.id"} {
		if strings.Contains(page, secret) {
			t.Errorf("the queue holds %q", secret)
		}
	}
	id := o.ids[0]
	want(t, b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {id}}), http.StatusSeeOther)
	if body := b.Get(at(id)).Body; strings.Contains(body, storetest.NIK(0)) || !strings.Contains(body, storetest.NIK(0)[12:]) {
		t.Error("the NIK is not masked but for its last four digits")
	}
	want(t, b.Post(at(id)+"/identitas", url.Values{"alasan": {""}}), http.StatusUnprocessableEntity)
	if body := want(t, b.Post(at(id)+"/identitas", url.Values{"alasan": {"hubungi"}}), http.StatusOK).Body; !strings.Contains(body, storetest.NIK(0)) {
		t.Error("the NIK is not shown in full for a ground")
	}
	for _, secret := range storetest.Canary(storetest.Booking(0)) {
		if strings.Contains(o.Log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestWhatTheRulesRefuse(t *testing.T) {
	o := open(t, 1)
	b, id := o.officer(1), o.ids[0]
	foreign := o.As(apptest.Person(3, staff.Officer, "kudus"))
	if got := foreign.Get(at(id)).Status; got != http.StatusForbidden {
		t.Errorf("an officer of another branch: %d; want 403", got)
	}
	if got := foreign.Get("/meja/kudus/klaim/" + id).Status; got != http.StatusNotFound {
		t.Errorf("the claim under another branch: %d; want 404", got)
	}
	want(t, b.Get("/meja/"+branch+"/klaim/tidak-ada"), http.StatusNotFound)
	want(t, b.Post("/meja/"+branch+"/ambil", nil), http.StatusUnprocessableEntity)
	want(t, b.Post("/meja/"+branch+"/loket", url.Values{"loket": {"empat"}}), http.StatusUnprocessableEntity)
	want(t, b.Post("/meja/"+branch+"/loket", url.Values{"loket": {"4"}}), http.StatusSeeOther)
	want(t, b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {id}}), http.StatusSeeOther)
	stale := url.Values{"keputusan": {"setuju"}, "jumlah": {"1"}, "versi": {"1"}}
	want(t, b.Post(at(id)+"/keputusan", stale), http.StatusConflict)
	want(t, b.Post(at(id)+"/panggilan", url.Values{"tindakan": {"tahan"}}), http.StatusSeeOther)
	want(t, b.Post(at(id)+"/panggilan", url.Values{"tindakan": {"tidak-hadir"}}), http.StatusSeeOther)
	want(t, b.Get(at(id)), http.StatusConflict)
	o.Clock.Move(-time.Hour)
	o2 := open(t, 1)
	o2.Clock.Move(-time.Hour)
	want(t, o2.officer(1).Post("/meja/"+branch+"/ambil", url.Values{"klaim": {o2.ids[0]}}), http.StatusConflict)
}

// The desk's first view is within 14 KB even with a full hour.
func TestFirstView(t *testing.T) {
	o := open(t, 24)
	b := o.officer(1)
	for range 6 {
		b.Post("/meja/"+branch+"/ambil", url.Values{"berikut": {"ya"}})
	}
	body := want(t, b.Get("/meja/"+branch), http.StatusOK).Body
	var packed bytes.Buffer
	w := brotli.NewWriter(&packed)
	_, err := w.Write([]byte(body))
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	t.Logf("the desk with 24 claims weighs %d bytes after brotli", packed.Len())
	if packed.Len() > 14<<10 {
		t.Errorf("want at most %d", 14<<10)
	}
}
