package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
)

func app(t testing.TB) *apptest.App {
	t.Helper()
	return apptest.New(t, "../..")
}

// Each step is answered with the next, in both languages, and every page is whole.
func TestJourneyPages(t *testing.T) {
	a := app(t)
	for _, lang := range []string{"", "/en"} {
		form := a.Application(1)
		b := a.Browser()
		got := b.Get(lang + "/daftar")
		pagetest.Check(t, []byte(got.Body))
		for _, tt := range []struct{ step, next string }{
			{"syarat", `name="kantor"`}, {"kantor", `name="tanggal"`}, {"tanggal", `name="jam"`}, {"jam", `name="nik"`}, {"data-diri", `name="persetujuan"`}, {"periksa", `name="persetujuan"`},
		} {
			got := b.Post(lang+"/daftar/"+tt.step, form)
			if got.Status != http.StatusOK || !strings.Contains(got.Body, tt.next) {
				t.Fatalf("POST %s/daftar/%s = %d without %s", lang, tt.step, got.Status, tt.next)
			}
			pagetest.Check(t, []byte(got.Body))
			if !strings.Contains(got.Header.Get("Content-Security-Policy"), "default-src 'none'") || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers of %s: %v", tt.step, got.Header)
			}
			if got.Header.Get("Set-Cookie") != "" {
				t.Errorf("step %s sets a cookie before there is a registration", tt.step)
			}
		}
	}
}

// A mistake shows the same page with what was typed and a summary, 422.
func TestMistakes(t *testing.T) {
	a := app(t)
	for _, tt := range []struct {
		name, step, field string
		values            []string
		want              string // in the page
	}{
		{"no birth date", "syarat", "tanggal-lahir", nil, "tanggal-lahir-hari"},
		{"a day that does not exist", "syarat", "tanggal-lahir", []string{"1990-02-30"}, "tanggal-lahir-galat"},
		{"born tomorrow", "syarat", "tanggal-lahir", []string{"2030-01-01"}, "tanggal-lahir-galat"},
		{"a question left out", "syarat", "kepesertaan-nonaktif", nil, "kepesertaan-nonaktif-galat"},
		{"an answer that is none", "syarat", "kepesertaan-nonaktif", []string{"mungkin"}, "kepesertaan-nonaktif-galat"},
		{"no branch", "kantor", "kantor", nil, "kantor-galat"},
		{"a branch that takes no bookings", "kantor", "kantor", []string{"kcp-metro"}, "kantor-galat"},
		{"a channel that there is not", "kantor", "kanal", []string{"kurir"}, "kanal-galat"},
		{"a Sunday", "tanggal", "tanggal", []string{"2026-11-29"}, "tanggal-galat"},
		{"yesterday", "tanggal", "tanggal", []string{"2026-11-23"}, "tanggal-galat"},
		{"a year ahead", "tanggal", "tanggal", []string{"2027-11-24"}, "tanggal-galat"},
		{"lunch time", "jam", "jam", []string{"12:00"}, "jam-galat"},
		{"no NIK", "data-diri", "nik", nil, "nik-galat"},
		{"a short NIK", "data-diri", "nik", []string{"99010101019"}, "nik-galat"},
		{"a KPJ too short", "data-diri", "kpj", []string{"99000000001, 12"}, "kpj-galat"},
		{"a land line", "data-diri", "ponsel", []string{"0721123456"}, "ponsel-galat"},
		{"markup in the name", "data-diri", "nama", []string{"<script>alert(1)</script>"}, "nama-galat"},
		{"no consent to what the channel needs", "periksa", "persetujuan", nil, "persetujuan-galat"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := a.Application(2)
			form[tt.field] = tt.values
			got := a.Browser().Post("/daftar/"+tt.step, form)
			if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, tt.want) {
				t.Fatalf("POST = %d without %s", got.Status, tt.want)
			}
			pagetest.Check(t, []byte(got.Body))
			if strings.Contains(got.Body, "<script>alert") {
				t.Error("what was typed is markup in the page")
			}
			if tt.step == "data-diri" && !strings.Contains(got.Body, `value="Bank Uji"`) {
				t.Error("the other values are lost")
			}
			if whole := a.Browser().Post("/daftar", form); whole.Status != http.StatusUnprocessableEntity {
				t.Errorf("POST /daftar with the same mistake = %d; want 422", whole.Status)
			}
			value := a.Browser().Ask(http.MethodPost, "/daftar/"+tt.step, apptest.JSON(form))
			if value.Status != http.StatusUnprocessableEntity || !strings.Contains(value.Body, `"nama":"`+tt.field+`"`) {
				t.Errorf("JSON form = %d %s; want 422 naming %s", value.Status, value.Body, tt.field)
			}
		})
	}
}

// What is wrong is said as it is: not that digits are missing where they are
// not, nor that a date cannot be where a part of it is missing.
func TestMistakesSayWhatIsWrong(t *testing.T) {
	a := app(t)
	date := func(day, month, year string) url.Values {
		return url.Values{"tanggal-lahir": nil, "tanggal-lahir-hari": {day}, "tanggal-lahir-bulan": {month}, "tanggal-lahir-tahun": {year}}
	}
	for _, tt := range []struct {
		step  string
		typed url.Values
		says  string
	}{
		{"data-diri", url.Values{"nik": {"9901013113600001"}}, "Tanggal lahir di dalam NIK ini tidak mungkin"},
		{"data-diri", url.Values{"nik": {"9901010101900000"}}, "tidak pernah 0000"},
		{"data-diri", url.Values{"nik": {"990101"}}, "NIK terdiri dari 16 angka"},
		{"data-diri", url.Values{"nama": {strings.Repeat("a", 101)}}, "Paling panjang 100 huruf"},
		{"data-diri", url.Values{"pemilik": {strings.Repeat("a", 101)}}, "Paling panjang 100 huruf"},
		{"data-diri", url.Values{"kpj": {strings.Repeat("99000000001,", 60)}}, "Paling banyak 10 nomor KPJ"},
		{"syarat", date("1", "", "1990"), "Bulan belum diisi"},
		{"syarat", date("", "2", "1990"), "Hari belum diisi"},
		{"syarat", date("1", "2", ""), "Tahun belum diisi"},
		{"syarat", date("1", "2", "60"), "Tulis tahun dengan empat angka"},
		{"syarat", date("1", "2", "1800"), "mulai 1900"},
		{"syarat", date("30", "2", "1990"), "Tanggal ini tidak ada"},
		{"syarat", url.Values{"tanggal-lahir": {"60-02-01"}}, "Tulis tahun dengan empat angka"},
	} {
		form := a.Application(2)
		for name, values := range tt.typed {
			form[name] = values
		}
		mustSee(t, a.Browser().Post("/daftar/"+tt.step, form), http.StatusUnprocessableEntity, tt.says)
	}
	mustSee(t, a.Browser().Post("/status", url.Values{"kode": {" "}}), http.StatusUnprocessableEntity, "Isi kode pendaftaran", "Isi tanggal lahir")
	mustSee(t, a.Browser().Post("/status", date("1", "", "1990")), http.StatusUnprocessableEntity, "Bulan belum diisi")
}

func TestNotEligible(t *testing.T) {
	a := app(t)
	for _, tt := range []struct {
		name, field, value, want string
	}{
		{"the month is not over", "tanggal-surat-pengunduran-diri", "2026-11-10", "10 Desember 2026"},
		{"still a member", "kepesertaan-nonaktif", "tidak", "belum"},
	} {
		form := a.Application(3)
		form.Set(tt.field, tt.value)
		got := a.Browser().Post("/daftar/syarat", form)
		if got.Status != http.StatusOK || !strings.Contains(got.Body, tt.want) || strings.Contains(got.Body, `name="kantor"`) {
			t.Errorf("%s: %d; want a page that says %q and offers no branch", tt.name, got.Status, tt.want)
		}
		pagetest.Check(t, []byte(got.Body))
		if booked := a.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(form)); booked.JSON(t)["layak"] != false {
			t.Errorf("%s: booking all the same = %s", tt.name, booked.Body)
		}
	}
	for _, reason := range []string{"jkk", "jp", "jkp"} {
		if got := a.Browser().Get("/daftar/syarat?sebab=" + reason); !strings.Contains(got.Body, "/klaim/"+reason+"/") {
			t.Errorf("%s leads nowhere: %d", reason, got.Status)
		}
	}
	if got := a.Browser().Get("/daftar/syarat?sebab=tidak-ada"); got.Status != http.StatusSeeOther {
		t.Errorf("an unknown reason = %d; want 303 to the start", got.Status)
	}
}

func TestBookOnceAndOpen(t *testing.T) {
	a := app(t)
	form := a.Application(4)
	b := a.Browser()
	first := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form))
	if first.Status != http.StatusCreated {
		t.Fatalf("POST /daftar = %d %s", first.Status, first.Body)
	}
	code, _ := first.JSON(t)["kode"].(string)
	if again := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form)).JSON(t)["kode"]; again != code {
		t.Errorf("the same form again = %v; want %s", again, code)
	}
	page := b.Post("/daftar", form)
	if page.Status != http.StatusCreated || !strings.Contains(page.Body, code) {
		t.Errorf("the same form as a page = %d without the code", page.Status)
	}
	pagetest.Check(t, []byte(page.Body))
	changed := a.Application(4)
	changed["kunci"] = form["kunci"]
	changed.Set("bank", "Bank Lain")
	if got := a.Browser().Post("/daftar", changed); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("the same key with other content = %d; want 422", got.Status)
	}
	if got := a.Browser().Post("/daftar", a.Application(4)); got.Status != http.StatusConflict {
		t.Errorf("a second booking of one person = %d; want 409", got.Status)
	}
	other := a.Browser()
	opened := other.Post("/status", url.Values{"kode": {strings.ToLower(code)}, "tanggal-lahir-hari": {"1"}, "tanggal-lahir-bulan": {"1"}, "tanggal-lahir-tahun": {"1990"}})
	if opened.Status != http.StatusSeeOther || opened.Header.Get("Location") != "/status" {
		t.Fatalf("POST /status = %d %s", opened.Status, opened.Header.Get("Location"))
	}
	for _, path := range []string{"/status", "/tanda-terima", "/status/batal", "/status/pindah", "/berkas"} {
		got := other.Get(path)
		if got.Status != http.StatusOK {
			t.Errorf("GET %s = %d", path, got.Status)
		}
		pagetest.Check(t, []byte(got.Body))
	}
	if got := other.Get("/tanda-terima/jadwal.ics"); !strings.Contains(got.Body, "DTSTART:20261125T010000Z") || strings.Contains(got.Body, "Budi") {
		t.Errorf("calendar: %s", got.Body)
	}
	a.Clock.Move(2*time.Hour + time.Minute)
	if got := other.Get("/berkas"); got.Status != http.StatusUnauthorized {
		t.Errorf("GET /berkas after two hours = %d; want 401", got.Status)
	}
}

// An unknown code and a wrong birth date are answered with the same bytes but for the request's own words.
func TestStatusTellsNothing(t *testing.T) {
	a := app(t)
	code, _ := a.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(a.Application(5))).JSON(t)["kode"].(string)
	unknown := storetest.Keys(t).Code([]byte("nobody has this"))
	var bodies []string
	for _, ask := range []map[string]any{{"kode": code, "tanggal-lahir": "1990-01-02"}, {"kode": unknown, "tanggal-lahir": "1990-01-01"}} {
		got := a.Browser().Ask(http.MethodPost, "/status", ask)
		if got.Status != http.StatusUnprocessableEntity {
			t.Errorf("POST /status = %d; want 422", got.Status)
		}
		bodies = append(bodies, got.Body)
	}
	if bodies[0] != bodies[1] {
		t.Errorf("answers differ: %s and %s", bodies[0], bodies[1])
	}
	b := a.Browser()
	last := 0
	for range 11 {
		last = b.Ask(http.MethodPost, "/status", map[string]any{"kode": code, "tanggal-lahir": "1990-01-02"}).Status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the twelfth try within an hour = %d; want 429", last)
	}
}

func TestMoveAndCancel(t *testing.T) {
	a := app(t)
	b := a.Browser()
	if got := b.Post("/daftar", a.Application(6)); got.Status != http.StatusCreated {
		t.Fatalf("POST /daftar = %d", got.Status)
	}
	fields := url.Values{"kantor": {"bandar-lampung"}}
	for _, tt := range []struct{ name, value, next string }{{"", "", `name="tanggal"`}, {"tanggal", "2026-11-26", `name="jam"`}} {
		if tt.name != "" {
			fields.Set(tt.name, tt.value)
		}
		got := b.Post("/status/pindah", fields)
		if got.Status != http.StatusOK || !strings.Contains(got.Body, tt.next) {
			t.Fatalf("POST /status/pindah %v = %d without %s", fields, got.Status, tt.next)
		}
		pagetest.Check(t, []byte(got.Body))
	}
	fields.Set("jam", "10:30")
	if got := b.Post("/status/pindah", fields); got.Status != http.StatusSeeOther {
		t.Fatalf("move = %d %s", got.Status, got.Body)
	}
	now := b.Ask(http.MethodGet, "/status", nil).JSON(t)
	if now["tanggal"] != "2026-11-26" || now["jam"] != "10:30" {
		t.Errorf("after the move: %v", now)
	}
	if got := b.Post("/status/batal", url.Values{"versi": {"1"}}); got.Status != http.StatusConflict {
		t.Errorf("cancelling from a page before the move = %d; want 409", got.Status)
	}
	if got := b.Post("/status/batal", url.Values{}); got.Status != http.StatusSeeOther {
		t.Errorf("cancel = %d", got.Status)
	}
	if got := b.Get("/status"); !strings.Contains(got.Body, "dibatalkan") {
		t.Error("the status page does not say that it was cancelled")
	}
	if got := b.Post("/status/batal", url.Values{}); got.Status != http.StatusConflict {
		t.Errorf("cancelling again = %d; want 409", got.Status)
	}
	if got := b.Post("/keluar", url.Values{}); got.Status != http.StatusSeeOther || b.Get("/berkas").Status != http.StatusUnauthorized {
		t.Errorf("leaving = %d, and the documents are still open", got.Status)
	}
}

// A form key is from us, a few seconds old, and not too old; the page comes back with everything kept.
func TestFormKey(t *testing.T) {
	a := app(t)
	for _, tt := range []struct {
		name string
		key  func(url.Values)
	}{
		{"none", func(f url.Values) { f.Del("kunci") }},
		{"made up", func(f url.Values) { f.Set("kunci", "AAAA") }},
		{"too young", func(f url.Values) {
			f.Set("kunci", a.Browser().Ask(http.MethodGet, "/daftar", nil).JSON(t)["kunci"].(string))
		}},
		{"too old", func(url.Values) { a.Clock.Move(31 * time.Minute) }},
	} {
		form := a.Application(7)
		tt.key(form)
		got := a.Browser().Post("/daftar", form)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `value="Bank Uji"`) {
			t.Errorf("key %s: %d; want 422 with the values kept", tt.name, got.Status)
		}
	}
}

// What no form of ours sends gets a clear answer of its own.
func TestBadRequests(t *testing.T) {
	a := app(t)
	long := strings.Repeat("a", 3000)
	for _, tt := range []struct {
		name, method, path, media, body string
		want                            int
	}{
		{"unknown field", "POST", "/daftar", "application/x-www-form-urlencoded", "sebab=phk&status=SUBMITTED", 422},
		{"server-owned field as JSON", "POST", "/daftar", "application/json", `{"sebab":"phk","version":"9"}`, 422},
		{"value too long", "POST", "/daftar/data-diri", "application/x-www-form-urlencoded", "sebab=phk&nama=" + long, 422},
		{"not UTF-8", "POST", "/daftar/data-diri", "application/x-www-form-urlencoded", "sebab=phk&nama=%ff", 422},
		{"zero byte", "POST", "/daftar/data-diri", "application/x-www-form-urlencoded", "sebab=phk&nama=%00", 422},
		{"broken escape", "POST", "/daftar", "application/x-www-form-urlencoded", "sebab=%zz", 422},
		{"no JSON", "POST", "/daftar", "application/json", "{", 422},
		{"two JSON values", "POST", "/daftar", "application/json", "{}{}", 422},
		{"a number", "POST", "/daftar", "application/json", `{"sebab":1}`, 422},
		{"an array", "POST", "/daftar", "application/json", `[]`, 422},
		{"another type", "POST", "/daftar", "text/plain", "hello", 415},
		{"too large", "POST", "/daftar", "application/x-www-form-urlencoded", strings.Repeat("a", 70000), 413},
		{"no such page", "GET", "/daftar/tidak-ada", "", "", 404},
		{"wrong method", "DELETE", "/daftar", "", "", 405},
		{"without a session", "GET", "/tanda-terima", "", "", 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := a.Browser().Do(tt.method, tt.path, tt.media, "text/html", strings.NewReader(tt.body))
			if got.Status != tt.want {
				t.Errorf("%s %s = %d; want %d", tt.method, tt.path, got.Status, tt.want)
			}
			if strings.Contains(tt.media, "html") || tt.media == "" || tt.media == "application/x-www-form-urlencoded" {
				pagetest.Check(t, []byte(got.Body))
			}
		})
	}
	if strings.Contains(a.Log.String(), `"level":"ERROR"`) {
		t.Errorf("bad requests were logged as our faults: %s", a.Log)
	}
}

// Forms of another site are refused, with a page.
func TestCrossOrigin(t *testing.T) {
	a := app(t)
	b := a.Browser()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL+"/keluar", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://calo.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := b.Client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign form = %d; want 403", res.StatusCode)
	}
}

// Sixty people press the button for twelve places at once: twelve get one,
// the others are offered another time with everything kept.
func TestFullSession(t *testing.T) {
	a := app(t)
	const people = 60
	forms := make([]url.Values, people)
	for n := range forms {
		forms[n] = a.Application(100 + n)
	}
	answers := make([]apptest.Answer, people)
	var wg sync.WaitGroup
	for n := range forms {
		wg.Go(func() { answers[n] = a.Browser().Post("/daftar", forms[n]) })
	}
	wg.Wait()
	count := map[int]int{}
	for _, got := range answers {
		count[got.Status]++
		if got.Status == http.StatusConflict {
			pagetest.Check(t, []byte(got.Body))
			if !strings.Contains(got.Body, `value="Bank Uji"`) {
				t.Error("the page of a full session lost what was typed")
			}
		}
	}
	if count[http.StatusCreated] != 12 || count[http.StatusConflict] != people-12 {
		t.Errorf("answers: %v; want 12 × 201 and 48 × 409", count)
	}
}

// Nothing that names a person or opens a registration is logged.
func TestNothingPersonalIsLogged(t *testing.T) {
	a := app(t)
	form := a.Application(8)
	b := a.Browser()
	code, _ := b.Ask(http.MethodPost, "/daftar", apptest.JSON(form)).JSON(t)["kode"].(string)
	b.Get("/status")
	b.Get("/tanda-terima")
	b.Post("/status", url.Values{"kode": {code}, "tanggal-lahir": {"1991-01-01"}})
	b.Post("/daftar/data-diri", url.Values{"sebab": {"phk"}, "nik": form["nik"], "hacked": {form.Get("nama")}})
	log := a.Log.String()
	if !strings.Contains(log, `"route":"/daftar"`) {
		t.Fatal("nothing was logged")
	}
	for _, field := range []string{"nik", "nama", "kpj", "ponsel", "surel", "rekening", "tanggal-lahir"} {
		if strings.Contains(log, form.Get(field)) {
			t.Errorf("the log holds %s", field)
		}
	}
	if strings.Contains(log, code) || strings.Contains(log, strings.ReplaceAll(code, "-", "")) {
		t.Error("the log holds the code")
	}
}

func FuzzForm(f *testing.F) {
	a := app(f)
	b := a.Browser()
	f.Add("sebab=phk&kunci=x&nik=1&tanggal-lahir-hari=1&tanggal-lahir-bulan=x&tanggal-lahir-tahun=%F0%9F%98%80")
	f.Add("sebab=mengundurkan-diri&kembali=jam&kantor=bandar-lampung&jam=99:99&tanggal=9999-99-99")
	f.Add("%")
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/daftar", "/daftar/jam", "/status", "/status/pindah", "/status/telepon", "/uji-perangkat"} {
			got := b.Do(http.MethodPost, path, "application/x-www-form-urlencoded", "text/html", strings.NewReader(body))
			if got.Status >= 500 {
				t.Errorf("POST %s %q = %d", path, body, got.Status)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	a := app(f)
	b := a.Browser()
	f.Add(`{"sebab":"phk","kpj":["1","2"],"tanggal-lahir":"0000-00-00"}`)
	f.Add(`{"sebab":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		if got := b.Do(http.MethodPost, "/daftar", "application/json", "application/json", strings.NewReader(body)); got.Status >= 500 {
			t.Errorf("POST /daftar %q = %d", body, got.Status)
		}
	})
}

// On the day of an online interview the participant says to be ready, once the
// hour is near; the officers see it.
func TestReady(t *testing.T) {
	a := apptest.New(t, "../..")
	b := a.Browser()
	code, err := claim.ParseCode(b.Ask(http.MethodPost, "/daftar", apptest.JSON(a.Application(1))).JSON(t)["kode"].(string))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := a.Store.Find(t.Context(), code, "1990-01-01")
	if err == nil {
		_, err = a.Store.Submit(t.Context(), reg.ID, reg.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	open := func() { // the session of two hours ends before the day
		t.Helper()
		if got := b.Post("/status", url.Values{"kode": {code}, "tanggal-lahir-hari": {"1"}, "tanggal-lahir-bulan": {"1"}, "tanggal-lahir-tahun": {"1990"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("open: status %d", got.Status)
		}
	}
	open()
	if got := b.Post("/status/siap", nil); got.Status != http.StatusConflict || strings.Contains(b.Get("/status").Body, "/status/siap") {
		t.Errorf("the day before: status %d; want 409 and no button", got.Status)
	}
	a.Clock.Move(storetest.Morning.Add(24*time.Hour - 20*time.Minute).Sub(a.Clock.Now()))
	open()
	if !strings.Contains(b.Get("/status").Body, "/status/siap") {
		t.Error("twenty minutes before the hour there is no button")
	}
	if got := b.Post("/status/siap", nil); got.Status != http.StatusSeeOther {
		t.Errorf("ready: status %d", got.Status)
	}
	if !strings.Contains(b.Get("/status").Body, "Petugas tahu bahwa Anda siap") {
		t.Error("the status page does not say that the officers know")
	}
	if now, err := a.Store.ByID(t.Context(), reg.ID); err != nil || now.Call.State != claim.Arrived {
		t.Errorf("the claim is %q, %v", now.Call.State, err)
	}
}
