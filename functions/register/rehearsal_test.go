package register_test

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// A form is the last form of a page as a browser would send it, with the first
// choice taken where nothing is chosen yet.
type form struct {
	action, method string
	fields         url.Values
}

// last reads a page's last form that has a field to see, or its only one.
func last(t *testing.T, body string) form {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var f form
	seen := map[string]bool{}
	for n := range root.Descendants() {
		a := map[string]string{}
		for _, x := range n.Attr {
			a[x.Key] = x.Val
		}
		_, disabled := a["disabled"]
		_, checked := a["checked"]
		switch {
		case n.Data == "form":
			f, seen = form{a["action"], a["method"], url.Values{}}, map[string]bool{}
		case n.Data == "select":
			for o := range n.Descendants() {
				for _, x := range o.Attr {
					if o.Data == "option" && x.Key == "value" && x.Val != "" && !f.fields.Has(a["name"]) {
						f.fields.Set(a["name"], x.Val)
					}
				}
			}
		case n.Data != "input" || disabled:
		case a["type"] == "radio":
			if checked || !seen[a["name"]] {
				f.fields.Set(a["name"], a["value"])
			}
			seen[a["name"]] = true
		default:
			f.fields.Add(a["name"], a["value"])
		}
	}
	if f.action == "" {
		t.Fatalf("no form in %.300s", body)
	}
	return f
}

// real finds an address of the real functions.
var real = regexp.MustCompile(`(?:href|action)="(/en)?/(daftar|status|berkas|tanda-terima|keluar|uji-perangkat)[^"]*"`)

// marked holds a page against what every page of a rehearsal is.
func marked(t *testing.T, where string, got apptest.Answer) {
	t.Helper()
	l := requirement.ID
	if strings.HasPrefix(where, "/en/") {
		l = requirement.EN
	}
	pagetest.Check(t, []byte(got.Body))
	title := page.T(l, "situs.latihan") + " "
	if !strings.Contains(got.Body, "<title>"+title) && !strings.Contains(got.Body, "<title>"+page.T(l, "situs.kesalahan")+" "+title) {
		t.Errorf("%s: the title does not say that it is a rehearsal", where)
	}
	if !strings.Contains(got.Body, page.T(l, "situs.latihan.tanda")) {
		t.Errorf("%s: nothing says that it is a rehearsal", where)
	}
	if found := real.FindString(got.Body); found != "" {
		t.Errorf("%s leads to the real %s", where, found)
	}
}

// Who only presses the main button of every page goes the whole way, for
// every reason, in both languages: what is filled in is always right.
func TestRehearsalOfEveryReason(t *testing.T) {
	a := apptest.Rehearsal(t, "../..")
	for _, r := range a.Set.Reasons {
		for _, lang := range []string{"", "/en"} {
			if len(r.Channels) == 0 {
				continue
			}
			t.Run(r.Code+lang, func(t *testing.T) {
				b := a.Browser()
				at := lang + "/latihan/daftar/syarat?sebab=" + r.Code
				got := b.Get(at)
				for range 10 {
					marked(t, at, got)
					if got.Status == http.StatusCreated {
						return
					}
					if got.Status != http.StatusOK {
						t.Fatalf("%s = %d", at, got.Status)
					}
					f := last(t, got.Body)
					a.Clock.Move(4 * time.Second) // nobody is quicker
					at = f.action
					got = b.Post(at, f.fields)
				}
				t.Errorf("no end in sight at %s", at)
			})
		}
	}
}

// A real person's number is refused wherever one is asked for, and what was
// typed is kept for mending.
func TestRehearsalRefusesRealNIK(t *testing.T) {
	a := apptest.Rehearsal(t, "../..")
	for _, tt := range []struct{ reason, field string }{
		{"mengundurkan-diri", "nik"}, {"jaminan-kematian", "nik"}, {"jaminan-kematian", "nik-ahli-waris"},
	} {
		b := a.Browser()
		got := b.Get("/latihan/daftar/syarat?sebab=" + tt.reason)
		for range 10 {
			f := last(t, got.Body)
			if f.fields.Has(tt.field) && f.fields.Get(tt.field) != "" {
				f.fields.Set(tt.field, "18"+storetest.NIK(1)[2:])
				got = b.Post(f.action, f.fields)
				break
			}
			got = b.Post(f.action, f.fields)
		}
		marked(t, "/latihan", got)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, page.T(requirement.ID, "latihan.nik-asli")) || !strings.Contains(got.Body, `id="`+tt.field+`-galat"`) {
			t.Errorf("%s of %s: %d without the reason", tt.field, tt.reason, got.Status)
		}
		if !strings.Contains(got.Body, `value="18`) {
			t.Errorf("%s of %s: what was typed is gone", tt.field, tt.reason)
		}
	}
}

// The receipt and the status say that the device test is not practised, and
// lead to none.
func TestRehearsalHasNoDeviceTest(t *testing.T) {
	a := apptest.Rehearsal(t, "../..")
	b := a.Browser()
	got := b.Get("/latihan/daftar/syarat?sebab=phk")
	for got.Status == http.StatusOK {
		f := last(t, got.Body)
		a.Clock.Move(4 * time.Second)
		got = b.Post(f.action, f.fields)
	}
	for _, path := range []string{"/latihan/status", "/en/latihan/tanda-terima"} {
		got := b.Get(path)
		marked(t, path, got)
		if want := "latihan.perangkat"; got.Status != http.StatusOK || !strings.Contains(got.Body, page.T(requirement.ID, want)) && !strings.Contains(got.Body, page.T(requirement.EN, want)) {
			t.Errorf("%s = %d; want it to say that the device test is not practised", path, got.Status)
		}
	}
}

// Whom a rehearsal has made up gets no real place, and a code of a rehearsal
// leads to the rehearsal.
func TestRehearsedPersonIsRefused(t *testing.T) {
	practice := apptest.Rehearsal(t, "../..")
	b := practice.Browser()
	var nik string
	got := b.Get("/latihan/daftar/syarat?sebab=phk")
	for got.Status == http.StatusOK && nik == "" {
		f := last(t, got.Body)
		nik = f.fields.Get("nik")
		got = b.Post(f.action, f.fields)
	}
	a := app(t)
	form := a.Application(1)
	form.Set("nik", nik)
	mustSee(t, a.Browser().Post("/daftar", form), http.StatusUnprocessableEntity, `id="nik-galat"`, page.T(requirement.ID, "latihan.nik-latihan"))
	mustSee(t, a.Browser().Post("/daftar/data-diri", form), http.StatusUnprocessableEntity, `id="nik-galat"`)
	code := claim.NewCode(func(n int) []byte { return bytes.Repeat([]byte{byte(n + 1)}, 10) })
	mustSee(t, a.Browser().Post("/status", url.Values{"kode": {code}, requirement.BirthDate: {"1990-01-01"}}), http.StatusUnprocessableEntity, "tidak cocok", `href="/latihan/status"`)
}

// Errors are marked too, and there is no way from one to the other.
func TestRehearsalIsApart(t *testing.T) {
	a := apptest.Rehearsal(t, "../..")
	b := a.Browser()
	for path, want := range map[string]int{
		"/latihan/status": http.StatusOK, "/latihan/berkas": http.StatusUnauthorized, "/en/latihan/tanda-terima": http.StatusUnauthorized,
		"/latihan/daftar/tidak-ada": http.StatusNotFound, "/daftar": http.StatusNotFound, "/en/status": http.StatusNotFound,
	} {
		got := b.Get(path)
		if got.Status != want {
			t.Errorf("%s = %d; want %d", path, got.Status, want)
		}
		if strings.Contains(path, "/latihan/") {
			marked(t, path, got)
		}
	}
}
