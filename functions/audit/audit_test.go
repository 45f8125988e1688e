package audit_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lapakasik/functions/audit"
	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

const branch = "bandar-lampung"

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error) { return s.Set, nil }

type people struct{ app *apptest.App }

func (p *people) People(ctx context.Context) ([]staff.Person, error) { return p.app.Staff.People(ctx) }

// start returns an office with an officer who has looked at the first person's
// claim, its id, and its code.
func start(t *testing.T) (*apptest.App, string, string) {
	t.Helper()
	app, ppl := apptest.New(t, "../.."), &people{}
	o := app.Office((&audit.Service{Store: app.Store, People: ppl, Sets: sets{app.Set}}).Routes())
	ppl.app = o
	code, _ := app.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(app.Application(1))).JSON(t)["kode"].(string)
	id, err := app.Store.ByCode(t.Context(), branch, strings.ReplaceAll(code, "-", ""))
	if err != nil {
		t.Fatal(err)
	}
	ani := apptest.Person(2, staff.Officer, branch)
	o.As(ani)
	for _, what := range []string{"claim", "document ktp", "person cocok-ktp"} {
		if _, err := app.Store.View(t.Context(), claim.Desk{Officer: ani.ID, Branch: branch}, id, what); err != nil {
			t.Fatal(err)
		}
	}
	return o, id, code
}

func TestWhoSawThisPerson(t *testing.T) {
	o, id, code := start(t)
	auditor := o.As(apptest.Person(1, staff.Auditor, staff.AllBranches))
	if got := auditor.Post("/audit/cari", url.Values{"cari": {code}}).Header.Get("Location"); got != "/audit/klaim/"+id {
		t.Errorf("a code leads to %q", got)
	}
	byNIK := auditor.Post("/audit/cari", url.Values{"cari": {storetest.NIK(1)}})
	pagetest.Check(t, []byte(byNIK.Body))
	if !strings.Contains(byNIK.Body, id) || strings.Contains(byNIK.Body, storetest.NIK(1)) {
		t.Errorf("a NIK: %d; want the claim and no NIK", byNIK.Status)
	}
	for name, tt := range map[string]struct {
		typed string
		want  int
	}{"nothing": {"", 422}, "unknown NIK": {storetest.NIK(9), 404}, "no NIK": {"123", 422}} {
		if a := auditor.Post("/audit/cari", url.Values{"cari": {tt.typed}}); a.Status != tt.want {
			t.Errorf("%s: %d; want %d", name, a.Status, tt.want)
		}
	}
	a := auditor.Get("/audit/klaim/" + id)
	pagetest.Check(t, []byte(a.Body))
	for _, want := range []string{"Jejak utuh", "Petugas Uji 2", "Dilihat: NIK (", "Mendaftar", "Peserta"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the trail lacks %q", want)
		}
	}
	for _, never := range []string{"Budi", storetest.NIK(1), "contoh.id"} {
		if strings.Contains(a.Body, never) {
			t.Errorf("the trail shows %q", never)
		}
	}
	if a := auditor.Get("/audit/klaim/" + id); !strings.Contains(a.Body, "jejak audit") {
		t.Error("that the auditor has looked is not recorded")
	}
	far := o.As(apptest.Person(3, staff.Auditor, "kudus"))
	for _, path := range []string{id, strings.Repeat("0", 32), "x"} {
		if a := far.Get("/audit/klaim/" + path); a.Status != http.StatusNotFound {
			t.Errorf("%s, for an auditor of another branch: %d; want 404", path, a.Status)
		}
	}
}

// A company's request has a trail of its own, found by its code.
func TestWhoSawThisCompany(t *testing.T) {
	o, _, _ := start(t)
	r, err := o.Store.NewCompany(t.Context(), []byte("0123456789abcdef"), "d", company.Request{Branch: branch, SetVersion: o.Set.Version, Lang: requirement.ID,
		Until: o.Clock.Now().AddDate(0, 0, 14), Private: company.Private{Company: "PT Uji", Workers: 10, LaidOff: 3, Name: "Wati Uji", Phone: "+6281199990000", Email: "wati@contoh.id"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Store.ViewCompany(t.Context(), claim.Desk{Officer: apptest.Person(2, staff.Officer, branch).ID, Branch: branch}, r.ID, "company"); err != nil {
		t.Fatal(err)
	}
	auditor := o.As(apptest.Person(1, staff.Auditor, staff.AllBranches))
	at := auditor.Post("/audit/cari", url.Values{"cari": {claim.FormatCode(r.Private.Code)}}).Header.Get("Location")
	for range 2 {
		a := auditor.Get(at)
		pagetest.Check(t, []byte(a.Body))
		for _, want := range []string{"Jejak utuh", "Permohonan perusahaan dibuka", "Wakil", "Petugas Uji 2"} {
			if !strings.Contains(a.Body, want) {
				t.Errorf("%s (%d) lacks %q", at, a.Status, want)
			}
		}
		for _, never := range []string{"PT Uji", "Wati", "contoh.id"} {
			if strings.Contains(a.Body, never) {
				t.Errorf("the trail shows %q", never)
			}
		}
	}
	if a := auditor.Get(at); !strings.Contains(a.Body, "jejak audit") {
		t.Error("that the auditor has looked is not recorded")
	}
	if a := o.As(apptest.Person(3, staff.Auditor, "kudus")).Get(at); a.Status != http.StatusNotFound {
		t.Errorf("for an auditor of another branch: %d; want 404", a.Status)
	}
}

func TestWhatDidThisOfficerDo(t *testing.T) {
	o, id, _ := start(t)
	auditor := o.As(apptest.Person(1, staff.Auditor, staff.AllBranches))
	ask := func(q string) apptest.Answer { return auditor.Get("/audit/petugas?" + q) }
	ani := apptest.Person(2, staff.Officer).ID
	a := ask("orang=" + ani + "&dari=2026-11-24&sampai=2026-11-24")
	pagetest.Check(t, []byte(a.Body))
	if a.Status != http.StatusOK || strings.Count(a.Body, id) != 3 {
		t.Errorf("status %d, %d steps; want 3", a.Status, strings.Count(a.Body, id))
	}
	if a := ask("orang=" + ani + "&dari=2026-11-20&sampai=2026-11-23"); strings.Contains(a.Body, id) {
		t.Error("steps of another day")
	}
	for _, q := range []string{"", "orang=" + ani + "&dari=2026-11-24&sampai=2026-11-23", "orang=" + ani + "&dari=2026-01-01&sampai=2026-11-23", "orang=siapa&dari=2026-11-24&sampai=2026-11-24"} {
		if a := ask(q); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d; want 422", q, a.Status)
		}
	}
}

// The auditors' pages in Chromium, narrow and wide.
func TestInBrowser(t *testing.T) {
	o, id, _ := start(t)
	auditor := o.As(apptest.Person(1, staff.Auditor, staff.AllBranches))
	o.Look(t, "../..", auditor, map[string]string{"audit": "/audit", "audit-klaim": "/audit/klaim/" + id, "audit-en": "/en/audit/klaim/" + id,
		"audit-petugas": "/audit/petugas?dari=2026-11-24&sampai=2026-11-24&orang=" + apptest.Person(2, staff.Officer).ID})
}
