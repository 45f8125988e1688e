package recap_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/local/history"
	"lapakasik/functions/recap"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error) { return s.Set, nil }

const period = "?kantor=bandar-lampung&dari=2021-05-01&sampai=2021-05-31"

// office has a hundredth of the recorded claims in one week of May 2021.
func office(t *testing.T) *apptest.App {
	t.Helper()
	a := apptest.New(t, "../..")
	l := history.Loader{Store: a.Store, Branch: "bandar-lampung", From: "2021-05-03", To: "2021-05-04", Workers: 6}
	if _, err := l.Load(t.Context(), history.Scaled(history.Seed, 500)); err != nil {
		t.Fatal(err)
	}
	return a.Office((&recap.Service{Store: a.Store, Sets: sets{a.Set}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}).Routes())
}

func TestRecap(t *testing.T) {
	o := office(t)
	speaker := o.As(apptest.Person(1, staff.Communications, staff.AllBranches))
	t.Run("page", func(t *testing.T) {
		a := speaker.Get("/rekap" + period)
		pagetest.Check(t, []byte(a.Body))
		for _, want := range []string{">30<", ">23<", "Setuju", "Bandar Lampung"} {
			if a.Status != http.StatusOK || !strings.Contains(a.Body, want) {
				t.Errorf("status %d without %q", a.Status, want)
			}
		}
	})
	t.Run("JSON", func(t *testing.T) {
		v := speaker.Ask(http.MethodGet, "/rekap"+period, nil).JSON(t)
		if v["jumlah"] != 58.0 {
			t.Errorf("%v claims; want 58", v["jumlah"])
		}
	})
	t.Run("mistakes", func(t *testing.T) {
		for _, q := range []string{"?dari=2021-02-30", "?dari=2021-05-02&sampai=2021-05-01", "?dari=2001-01-01&sampai=2021-05-01"} {
			if a := speaker.Get("/rekap" + q); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d; want 422", q, a.Status)
			}
		}
	})
	t.Run("foreign branch", func(t *testing.T) {
		kudus := o.As(apptest.Person(2, staff.Supervisor, "kudus"))
		if a := kudus.Get("/rekap" + period); a.Status != http.StatusForbidden {
			t.Errorf("another branch's recap: status %d; want 403", a.Status)
		}
		if v := kudus.Ask(http.MethodGet, "/rekap?dari=2021-05-01&sampai=2021-05-31", nil).JSON(t); v["jumlah"] != 0.0 {
			t.Errorf("a supervisor sees %v claims of other branches", v["jumlah"])
		}
	})
}

// Without a choice the recap ends with the day that it is where the office is,
// and for several with the latest of theirs: at 23.00 in Jakarta it is past
// midnight in Papua.
func TestRunningMonth(t *testing.T) {
	o := office(t)
	o.Set.Branch("kudus").Zone = "WIT"
	o.Clock.Move(time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC).Sub(o.Clock.Now()))
	speaker := o.As(apptest.Person(1, staff.Communications, staff.AllBranches))
	for query, want := range map[string]string{
		"?kantor=bandar-lampung": "Minggu, 1 November 2026 – Senin, 30 November 2026",
		"?kantor=kudus":          "Selasa, 1 Desember 2026 – Selasa, 1 Desember 2026",
		"":                       "Minggu, 1 November 2026 – Selasa, 1 Desember 2026",
	} {
		if a := speaker.Get("/rekap" + query); a.Status != http.StatusOK || !strings.Contains(a.Body, want) {
			t.Errorf("/rekap%s: status %d without %q", query, a.Status, want)
		}
	}
}

func TestExport(t *testing.T) {
	o := office(t)
	b := o.As(apptest.Person(1, staff.Communications, staff.AllBranches))
	form := url.Values{"kantor": {"bandar-lampung"}, "dari": {"2021-05-01"}, "sampai": {"2021-05-31"}, "alasan": {"=laporan bulanan"}, "bentuk": {"csv"}}
	a := b.Post("/rekap/unduh", form)
	if a.Status != http.StatusOK || !strings.Contains(a.Body, "bandar-lampung,2021-05-01,2021-05-31,setuju,30,3,0,33\n") || !strings.Contains(a.Body, "Petugas Uji 1") {
		t.Errorf("CSV: status %d\n%s", a.Status, a.Body)
	}
	form.Set("bentuk", "xlsx")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(b.Post("/rekap/unduh", form).Body)))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := f.GetCellValue("Rekap", "E2"); got != "30" || err != nil {
		t.Errorf("XLSX has %q in E2, %v; want 30", got, err)
	}
	form.Set("alasan", "")
	if a := b.Post("/rekap/unduh", form); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: status %d; want 422", a.Status)
	}
	o.Clock.Move(6 * time.Minute)
	form.Set("alasan", "laporan bulanan")
	if a := b.Post("/rekap/unduh", form); a.Status != http.StatusForbidden {
		t.Errorf("with an old login: status %d; want 403", a.Status)
	}
}
