package results_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/tally"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// see opens a page and holds it against what a page must be.
func see(t *testing.T, app *apptest.App, path string, status int, words ...string) apptest.Answer {
	t.Helper()
	got := app.Browser().Get(path)
	if got.Status != status {
		t.Fatalf("%s = %d; want %d", path, got.Status, status)
	}
	pagetest.Check(t, []byte(got.Body))
	for _, w := range words {
		if !strings.Contains(got.Body, w) {
			t.Errorf("%s does not say %q", path, w)
		}
	}
	if dir := os.Getenv("GALLERY"); dir != "" {
		name := strings.NewReplacer("/", "_", "?", "_").Replace(strings.SplitN(path, "undangan", 2)[0])
		if err := os.WriteFile(dir+"/"+name+".html", []byte(got.Body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return got
}

func TestResultsPages(t *testing.T) {
	app := apptest.New(t, "../..")
	see(t, app, "/kinerja", 200, "Belum ada keputusan", "2 Desember 2026", "Belum ada jawaban survei", "29.192", "Chiesa Rizki")
	app.Clock.Move(6 * 24 * time.Hour) // 30 November
	see(t, app, "/kinerja", 200, "Angka bulan November 2026 terbit pada 2 Desember 2026")
	app.Clock.Move(24 * time.Hour)
	see(t, app, "/en/kinerja", 200, "The numbers of November 2026 appear on 2 December 2026")
	app.Clock.Move(24 * time.Hour)
	see(t, app, "/kinerja", 200, "Angka bulan Desember 2026 terbit pada 2 Januari 2027")
	app = apptest.New(t, "../..")
	app.Recorded("2026-10")
	for _, tt := range []struct {
		path  string
		words []string
	}{
		{"/kinerja", []string{"16.800 (58", "12.384 (42", "29.184", "15.231", "Separuh klaim diputuskan dalam 3 hari atau kurang", "1 hari atau kurang", "lebih dari 14 sampai 30 hari", "lebih dari 30 hari", "21.900 dari 29.184", "Oktober 2026", "November 2025 sampai Oktober 2026", "Angka 1 sampai 4", "24 November 2026, 08.00 WIB"}},
		{"/en/kinerja", []string{"16,800 (58%)", "Half of the claims were decided in 3 days or less", "November 2025 to October 2026", "At the office"}},
		{"/kinerja?cabang=bandar-lampung&bulan=2026-10", []string{"Kantor Cabang Bandar Lampung, Oktober 2026", "/kinerja/data.csv?bulan=2026-10&amp;cabang=bandar-lampung"}},
		{"/kinerja?cabang=jakarta-sudirman", []string{"Belum ada keputusan"}},
		{"/kinerja?bulan=2026-09", []string{"Belum ada keputusan pada bulan ini"}},
	} {
		got := see(t, app, tt.path, 200, tt.words...)
		for name, want := range map[string]string{"Cache-Control": "public, max-age=300", "Set-Cookie": "", "X-Request-Id": "", "Vary": "Accept"} {
			if v := got.Header.Get(name); v != want {
				t.Errorf("%s: %s is %q; want %q", tt.path, name, v, want)
			}
		}
		if !strings.Contains(got.Body, `property="og:image"`) {
			t.Errorf("%s has no picture to be shared with", tt.path)
		}
		if strings.Contains(got.Body, "noindex") || !strings.Contains(got.Body, `hreflang="x-default"`) {
			t.Errorf("%s cannot be found", tt.path)
		}
	}
	see(t, app, "/kinerja?cabang=bandar-lampung&bulan=2026-10", 200, `<a class="lang" href="/en/kinerja?bulan=2026-10&amp;cabang=bandar-lampung"`)
	if got := see(t, app, "/kinerja?cabang=jakarta-sudirman", 200); strings.Contains(got.Body, "29.192") {
		t.Error("the recap of one branch stands on the page of another")
	}
}

// What cannot be chosen is answered with the same page, and kept by nobody.
func TestFilter(t *testing.T) {
	app := apptest.New(t, "../..")
	for _, path := range []string{"/kinerja?bulan=2026-11", "/kinerja?bulan=x", "/en/kinerja?cabang=%3Cb%3E", "/kinerja?bulan=2020-01&cabang=y"} {
		if got := see(t, app, path, http.StatusUnprocessableEntity); got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s is kept: %s", path, got.Header.Get("Cache-Control"))
		}
	}
	if got := see(t, app, "/kinerja?apa=1", http.StatusUnprocessableEntity); got.Header.Get("Cache-Control") != "no-store" {
		t.Error("a request that no form of ours sends is kept")
	}
}

// Small numbers are on no page: neither shown, nor part of a sum.
func TestSmallNumbers(t *testing.T) {
	app := apptest.New(t, "../..")
	record := func(branch string, seq int, counts tally.Counts) {
		var adds []tally.Add
		for name, n := range counts {
			adds = append(adds, tally.Add{Key: tally.Key{Month: "2026-10", Branch: branch, Channel: "online"}, Counter: name, N: n})
		}
		if _, err := app.Store.Record(t.Context(), "test", seq, "2026-10", adds); err != nil {
			t.Fatal(err)
		}
	}
	record("jakarta-sudirman", 1, tally.Counts{"approved": 70, "refused": 3, "complete": 41, "incomplete": 32, "wait1": 73, "pending": 4})
	record("bandar-lampung", 2, tally.Counts{"approved": 100, "refused": 50, "complete": 90, "incomplete": 60, "wait3": 150, "postponed": 6})
	got := app.Browser().Ask("GET", "/kinerja", nil).JSON(t)
	seen := map[string]any{}
	for _, x := range got["angka"].([]any) {
		c := x.(map[string]any)
		seen[c["cabang"].(string)+" "+c["nama"].(string)] = c["jumlah"]
	}
	for name, want := range map[string]any{"jakarta-sudirman diputuskan": 73.0, "jakarta-sudirman disetujui": nil, "jakarta-sudirman ditolak": nil,
		"jakarta-sudirman belum": nil, "jakarta-sudirman ditunda": 0.0, "jakarta-sudirman lengkap": 41.0, "bandar-lampung ditolak": 50.0} {
		if v, ok := seen[name]; v != want || !ok {
			t.Errorf("%s is %v, %v; want %v", name, v, ok, want)
		}
	}
	see(t, app, "/kinerja", 200, "Diputuskan, tidak dirinci", ">73<", ">50<", ">100 (67")
	see(t, app, "/kinerja?cabang=jakarta-sudirman", 200, ">–<")
	rows, err := csv.NewReader(strings.NewReader(app.Browser().Get("/en/kinerja/data.csv").Body)).ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatalf("CSV has %d rows, %v", len(rows), err)
	}
	for _, r := range rows[1:] {
		if n, err := strconv.Atoi(r[4]); r[5] == "ya" && r[4] != "" || r[5] == "tidak" && (err != nil || n > 0 && n < 5) {
			t.Errorf("CSV line %v", r)
		}
		for _, cell := range r {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet reads %q as a formula", cell)
			}
		}
	}
}

// ended returns the status page of a registration that was cancelled.
func ended(t *testing.T, app *apptest.App, n int) apptest.Answer {
	t.Helper()
	b := app.Browser()
	if got := b.Ask("POST", "/daftar", apptest.JSON(app.Application(n))); got.Status != http.StatusCreated {
		t.Fatalf("book: %d %s", got.Status, got.Body)
	}
	if got := b.Get("/status"); strings.Contains(got.Body, "/survei") {
		t.Error("a draft is asked how it was")
	}
	if got := b.Ask("POST", "/status/batal", map[string]any{}); got.Status != http.StatusOK {
		t.Fatalf("cancel: %d %s", got.Status, got.Body)
	}
	return b.Get("/status")
}

func TestSurvey(t *testing.T) {
	app := apptest.New(t, "../..")
	status := ended(t, app, 1)
	invitation := apptest.Invitation(t, status)
	path := "/survei?undangan=" + invitation
	got := see(t, app, path, 200, "Seberapa jelas syarat", "Lewati yang tidak ingin")
	see(t, app, "/en"+path, 200, "How clear was", `<a class="lang" href="`+path+`"`)
	if got.Header.Get("Set-Cookie") != "" || got.Header.Get("Cache-Control") != "no-store" || strings.Count(got.Body, "<fieldset") > 5 {
		t.Error("the survey sets a cookie, is kept, or has more than five questions")
	}
	post := func(form url.Values, status int, words ...string) {
		t.Helper()
		b := app.Browser() // without any cookie
		got := b.Post("/survei", form)
		pagetest.Check(t, []byte(got.Body))
		if got.Status != status {
			t.Errorf("%v = %d; want %d", form, got.Status, status)
		}
		for _, w := range words {
			if !strings.Contains(got.Body, w) {
				t.Errorf("%v does not say %q", form, w)
			}
		}
	}
	own := url.Values{"undangan": {invitation}}
	post(own, 422, "Jawab paling sedikit satu")
	post(url.Values{"undangan": {invitation}, "waktu": {"baik"}, "petugas": {"=1+1"}}, 422, "Pilih salah satu jawaban", `value="baik" checked`, `<a class="lang" href="/en`+path+`"`)
	post(url.Values{"undangan": {invitation}, "nama": {"Budi Uji"}}, 422, "tidak dikenal")
	post(url.Values{"undangan": {invitation + "x"}, "waktu": {"baik"}}, 404, "tidak berlaku")
	post(url.Values{"undangan": {invitation}, "waktu": {"baik"}, "bayaran": {"ya"}}, 200, "Terima kasih", "175")
	post(url.Values{"undangan": {invitation}, "waktu": {"buruk"}}, 409, "sudah kami terima")
	// Another link of the same registration is no second voice.
	app.Clock.Move(24 * 3600e9)
	again, err := app.Store.Survey(t.Context(), "2026-11")
	if err != nil || again.Counts["q.waktu.baik"] != 1 || again.Counts["q.bayaran.ya"] != 1 || len(again.Counts) != 2 {
		t.Errorf("counted %v, %v", again.Counts, err)
	}
	app.Clock.Move(60 * 24 * 3600e9)
	post(url.Values{"undangan": {invitation}, "waktu": {"baik"}}, 404, "tidak berlaku")
	for _, secret := range []string{invitation, "baik", "bayaran"} {
		if strings.Contains(app.Log.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}

// A registration has one voice, whatever number of links it was shown.
func TestOneVoice(t *testing.T) {
	app := apptest.New(t, "../..")
	b := app.Browser()
	b.Ask("POST", "/daftar", apptest.JSON(app.Application(1)))
	b.Ask("POST", "/status/batal", map[string]any{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := map[int]int{}
	for range 16 {
		invitation := apptest.Invitation(t, b.Get("/status"))
		wg.Go(func() {
			got := app.Browser().Post("/survei", url.Values{"undangan": {invitation}, "waktu": {"baik"}})
			mu.Lock()
			defer mu.Unlock()
			taken[got.Status]++
		})
	}
	wg.Wait()
	if row, err := app.Store.Survey(t.Context(), "2026-11"); err != nil || row.Counts["q.waktu.baik"] != 1 || taken[200] != 1 {
		t.Errorf("counted %v, answers %v, %v; want one voice", row.Counts, taken, err)
	}
}

// The survey's results stand on the page after the month has ended.
func TestSurveyResults(t *testing.T) {
	app := apptest.New(t, "../..")
	for n := range 12 {
		answers := map[string]string{"waktu": "baik", "petugas": "sangat-baik"}
		if n >= 7 {
			answers["waktu"] = "buruk"
		}
		if n == 11 {
			answers["petugas"] = "kurang"
		}
		if err := app.Store.Answer(t.Context(), strconv.Itoa(n), tally.Answered("2026-10", answers)); err != nil {
			t.Fatal(err)
		}
	}
	see(t, app, "/kinerja", 200, "Baik 58\u00a0%", "Buruk 42\u00a0%", "12 jawaban, terlalu sedikit untuk dirinci")
	see(t, app, "/en/kinerja?cabang=bandar-lampung", 200, "Survey answers of all offices", "Good 58%")
}

// What the public asks for comes from what happened: a claim is sent, counted,
// and undecided when its month ends.
func TestFromClaimToPage(t *testing.T) {
	app := apptest.New(t, "../..")
	const claims = 6
	for n := range claims {
		form := apptest.JSON(app.Application(n))
		if got := app.Browser().Ask("POST", "/daftar", form); got.Status != http.StatusCreated {
			t.Fatalf("book: %d %s", got.Status, got.Body)
		}
	}
	ids, err := app.Store.Drafts(t.Context(), "bandar-lampung", "2026-11-25", app.Clock.Now().Add(1e9*3600*48))
	if err != nil || len(ids) != claims {
		t.Fatalf("%d drafts, %v", len(ids), err)
	}
	for _, id := range ids {
		if _, err := app.Store.Submit(t.Context(), id, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := app.Store.Tally(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	see(t, app, "/kinerja", 200, "Belum ada keputusan")
	app.Clock.Move(9 * 24 * 3600e9)
	see(t, app, "/kinerja", 200, "Belum diputuskan", "<td class=\"n\">6</td>", "November 2026")
}

func FuzzFilter(f *testing.F) {
	app := apptest.New(f, "../..")
	app.Recorded("2026-10")
	for _, s := range []string{"2026-10", "2026-10-01", "0000-00", "=1", "\x00", "2026-1٠"} {
		f.Add(s, "bandar-lampung")
	}
	f.Fuzz(func(t *testing.T, month, branch string) {
		got := app.Browser().Get("/kinerja?" + url.Values{"bulan": {month}, "cabang": {branch}}.Encode())
		if got.Status != 200 && got.Status != 422 {
			t.Fatalf("%q, %q = %d", month, branch, got.Status)
		}
		pagetest.Check(t, []byte(got.Body))
	})
}

func FuzzSurvey(f *testing.F) {
	app := apptest.New(f, "../..")
	b := app.Browser()
	b.Ask("POST", "/daftar", apptest.JSON(app.Application(1)))
	b.Ask("POST", "/status/batal", map[string]any{})
	status := b.Get("/status")
	_, rest, _ := strings.Cut(status.Body, "/survei?undangan=")
	invitation, _, _ := strings.Cut(rest, `"`)
	f.Add(invitation, "waktu=baik")
	f.Add("", "waktu=baik&waktu=buruk")
	f.Add(invitation[1:], "petugas=%00")
	f.Add(invitation, "q.waktu.baik=1&x")
	f.Fuzz(func(t *testing.T, token, body string) {
		got := app.Browser().Do("POST", "/survei", "application/x-www-form-urlencoded", "text/html", strings.NewReader("undangan="+url.QueryEscape(token)+"&"+body))
		switch got.Status {
		case 200, 404, 409, 413, 422:
		default:
			t.Fatalf("%q, %q = %d", token, body, got.Status)
		}
		row, err := app.Store.Survey(t.Context(), "2026-11")
		if err != nil || len(row.Counts) > 5 {
			t.Fatalf("counted %v, %v", row.Counts, err)
		}
		for name, n := range row.Counts {
			if n != 1 || !known(app.Set, name) {
				t.Fatalf("counted %s %d times", name, n)
			}
		}
	})
}

func known(set *requirement.Set, counter string) bool {
	for _, q := range set.Survey {
		for _, o := range q.Options {
			if tally.AnswerCounter(q.Code, o.Code) == counter {
				return true
			}
		}
	}
	return false
}
