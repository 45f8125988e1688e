package register_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// poster is the address of the branch's QR code.
func poster(t *testing.T) string {
	return "/hadir/bandar-lampung/" + storetest.Keys(t).Pseudonym("hadir", "bandar-lampung")
}

// spotForm is an application on the spot: the place is not the person's to choose.
func spotForm(app *apptest.App, n int) url.Values {
	form := app.Application(n)
	for _, name := range []string{"kantor", "kanal", "tanggal", "jam", "persetujuan"} {
		form.Del(name)
	}
	form.Set("di-tempat", "ya")
	for _, k := range app.Set.ConsentsFor(app.Set.Reason("mengundurkan-diri"), requirement.Onsite) {
		form.Add("persetujuan", k.Code)
	}
	return form
}

func TestRegisterOnTheSpot(t *testing.T) {
	app := apptest.New(t, "../..") // Tuesday, 08.00
	b := app.Browser()
	a := b.Get(poster(t))
	pagetest.Check(t, []byte(a.Body))
	if a.Status != http.StatusOK || !strings.Contains(a.Body, "di-tempat=ya") {
		t.Fatalf("the poster's page: %d", a.Status)
	}
	t.Run("pages", func(t *testing.T) {
		if start := b.Get("/daftar?di-tempat=ya"); !strings.Contains(start.Body, `name="di-tempat" value="ya"`) {
			t.Fatal("the first page forgets where the person is")
		}
		form := spotForm(app, 1)
		for _, gone := range []string{"nama", "nik", "kpj", "ponsel", "surel", "bank", "rekening", "pemilik", "persetujuan"} {
			form.Del(gone)
		}
		next := b.Post("/daftar/syarat", form)
		pagetest.Check(t, []byte(next.Body))
		for _, want := range []string{`name="nik"`, `name="jam" value="08:00"`, `name="kanal" value="onsite"`} {
			if !strings.Contains(next.Body, want) {
				t.Errorf("after the questions the page lacks %s", want)
			}
		}
		form.Set("kembali", "syarat")
		if back := b.Post("/daftar/data-diri", form); !strings.Contains(back.Body, `action="/daftar/syarat"`) {
			t.Error("back does not lead to the questions")
		}
	})
	v := b.Ask(http.MethodPost, "/daftar", apptest.JSON(spotForm(app, 1))).JSON(t)
	if v["kode"] == nil || v["jam"] != "08:00" || v["kanal"] != "onsite" || v["tanggal"] != "2026-11-24" {
		t.Fatalf("booked %v", v)
	}
	if until, err := time.Parse(time.RFC3339, fmt.Sprint(v["batas"])); err != nil || until.Sub(storetest.Morning) != 7*time.Hour {
		t.Errorf("documents until %v; want until the branch closes at 15.00", v["batas"])
	}
	t.Run("only once with the same form", func(t *testing.T) {
		form := apptest.JSON(spotForm(app, 2))
		first, again := b.Ask(http.MethodPost, "/daftar", form).JSON(t), b.Ask(http.MethodPost, "/daftar", form).JSON(t)
		if first["kode"] == nil || first["kode"] != again["kode"] {
			t.Errorf("%v, then %v", first, again)
		}
	})
	t.Run("not from home", func(t *testing.T) {
		home := app.Browser()
		if a := home.Ask(http.MethodPost, "/daftar", apptest.JSON(spotForm(app, 3))); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("without the poster: %d; want 422", a.Status)
		}
		if a := home.Get("/hadir/bandar-lampung/" + strings.Repeat("0", 32)); a.Status != http.StatusNotFound {
			t.Errorf("a guessed address: %d", a.Status)
		}
	})
	t.Run("not tomorrow", func(t *testing.T) {
		app.Clock.Move(24 * time.Hour)
		if a := b.Ask(http.MethodPost, "/daftar", apptest.JSON(spotForm(app, 4))); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("with yesterday's visit: %d; want 422", a.Status)
		}
	})
	t.Run("nothing left", func(t *testing.T) {
		b.Get(poster(t))
		app.Clock.Move(8 * time.Hour)
		if a := b.Post("/daftar", spotForm(app, 5)); a.Status != http.StatusConflict {
			t.Errorf("after the last session: %d; want 409", a.Status)
		}
	})
}

// Who is in the hall gets a queue number, and sees how long it takes.
func TestQueueing(t *testing.T) {
	app := apptest.New(t, "../..")
	var browsers []*apptest.Browser
	for n := range 3 {
		b := app.Browser()
		b.Get(poster(t))
		code := fmt.Sprint(b.Ask(http.MethodPost, "/daftar", apptest.JSON(spotForm(app, n))).JSON(t)["kode"])
		id, err := app.Store.ByCode(t.Context(), "bandar-lampung", strings.ReplaceAll(code, "-", ""))
		if err != nil {
			t.Fatal(err)
		}
		by := claim.Desk{Officer: "petugas", Branch: "bandar-lampung"}
		if _, err := app.Store.AcceptPaper(t.Context(), by, id, 1); err != nil {
			t.Fatal(err)
		}
		browsers = append(browsers, b)
	}
	for n, b := range browsers {
		if a := b.Get("/status"); !strings.Contains(a.Body, "Saya sudah di kantor") {
			t.Fatal("nothing to press in the hall")
		}
		if a := b.Post("/status/siap", nil); a.Status != http.StatusSeeOther {
			t.Fatalf("ready: %d", a.Status)
		}
		a := b.Get("/status")
		pagetest.Check(t, []byte(a.Body))
		want := []string{"Tidak ada orang di depan Anda", "1 orang di depan Anda. Kira-kira 30 menit", "2 orang di depan Anda. Kira-kira 60 menit"}[n]
		if !strings.Contains(a.Body, want) {
			t.Errorf("person %d does not read %q", n, want)
		}
	}
	far := app.Browser()
	v := far.Ask(http.MethodPost, "/daftar", apptest.JSON(app.Application(7))).JSON(t)
	if v["kode"] == nil {
		t.Fatal(v)
	}
	if a := far.Post("/status/siap", nil); a.Status != http.StatusConflict {
		t.Errorf("ready a day before: %d; want 409", a.Status)
	}
}

// An heir comes to the branch and claims the death benefit on the spot.
func TestHeirOnTheSpot(t *testing.T) {
	app := apptest.New(t, "../..")
	b := app.Browser()
	b.Get(poster(t))
	form := spotForm(app, 1)
	for _, gone := range []string{"tanggal-surat-pengunduran-diri", "kepesertaan-nonaktif", "saldo-di-atas-50-juta", "pernah-klaim-sebagian", "persetujuan"} {
		form.Del(gone)
	}
	reason := app.Set.Reason("jaminan-kematian")
	form.Set("sebab", reason.Code)
	for name, v := range map[string]string{"nama-ahli-waris": "Siti Uji", "nik-ahli-waris": storetest.NIK(2), "hubungan": "istri", "pemilik": "Siti Uji"} {
		form.Set(name, v)
	}
	for _, q := range app.Set.QuestionsFor(reason, storetest.Tomorrow) {
		switch {
		case q.Kind == requirement.AskYesNo && q.Code == "anda-ahli-waris":
			form.Set(q.Code, "ya")
		case q.Kind == requirement.AskYesNo:
			form.Set(q.Code, "tidak")
		case q.Code != requirement.BirthDate:
			form.Set(q.Code, "2026-10-01")
		}
	}
	for _, k := range app.Set.ConsentsFor(reason, requirement.Onsite) {
		form.Add("persetujuan", k.Code)
	}
	v := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form)).JSON(t)
	if v["kode"] == nil || v["kanal"] != "onsite" {
		t.Fatalf("booked %v", v)
	}
}
