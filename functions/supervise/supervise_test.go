package supervise_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/supervise"
	"lapakasik/site/page"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

const (
	branch = "bandar-lampung"
	home   = "/penyelia/" + branch
)

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error) { return s.Set, nil }

type people struct{ app *apptest.App }

func (p *people) People(ctx context.Context) ([]staff.Person, error) { return p.app.Staff.People(ctx) }

// A world is the public site and its supervisors' site on one store.
type world struct {
	public *apptest.App
	*apptest.App
	boss *apptest.Browser
}

func start(t *testing.T) *world {
	t.Helper()
	app := apptest.New(t, "../..")
	k, ppl := storetest.Keys(t), &people{}
	s := &supervise.Service{Store: app.Store, People: ppl, Sets: sets{app.Set}, Public: app.URL,
		Pseudonym: func(_ context.Context, p, v string) (string, error) { return k.Pseudonym(p, v), nil }}
	w := &world{public: app, App: app.Office(s.Routes())}
	ppl.app = w.App
	w.boss = w.As(apptest.Person(1, staff.Supervisor, branch))
	return w
}

// book books the n-th person through the public pages.
func (w *world) book(t *testing.T, n int) string {
	t.Helper()
	a := w.public.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(w.public.Application(n)))
	code, _ := a.JSON(t)["kode"].(string)
	if code == "" {
		t.Fatalf("booking: status %d: %.300s", a.Status, a.Body)
	}
	return code
}

func (w *world) send(t *testing.T, path string, form url.Values, want int) apptest.Answer {
	t.Helper()
	a := w.boss.Post(path, form)
	if a.Status != want {
		t.Fatalf("POST %s = %d; want %d: %.600s", path, a.Status, want, a.Body)
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && a.Body != "" {
		pagetest.Check(t, []byte(a.Body))
	}
	return a
}

func (w *world) reg(t *testing.T, code string) claim.Registration {
	t.Helper()
	id, err := w.Store.ByCode(t.Context(), branch, strings.ReplaceAll(code, "-", ""))
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.Store.ByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func date(name string, d requirement.Date) url.Values {
	return url.Values{name + "-hari": {string(d[8:])}, name + "-bulan": {string(d[5:7])}, name + "-tahun": {string(d[:4])}}
}

func join(all ...url.Values) url.Values {
	out := url.Values{}
	for _, v := range all {
		for k, x := range v {
			out[k] = x
		}
	}
	return out
}

func closing(version int, d requirement.Date) url.Values {
	return join(url.Values{"versi": {strconv.Itoa(version)}, "jenis": {"tutup"}}, date("dari", d), date("sampai", d))
}

// A day is closed: the supervisor sees whom it touches before it counts, one
// step moves and tells them, and nobody can book the day any more.
func TestCloseADay(t *testing.T) {
	w := start(t)
	codes := []string{w.book(t, 1), w.book(t, 2), w.book(t, 3)}
	look := w.send(t, home+"/hari", closing(0, storetest.Tomorrow), http.StatusOK)
	if !strings.Contains(look.Body, "3 orang akan kehilangan tempat") {
		t.Error("the supervisor is not told whom it touches")
	}
	if w.reg(t, codes[0]).Place.Date != storetest.Tomorrow {
		t.Fatal("a look has moved somebody")
	}
	w.send(t, home+"/hari", join(closing(0, storetest.Tomorrow), url.Values{"pasti": {"pindah"}}), http.StatusSeeOther)
	for _, code := range codes {
		r := w.reg(t, code)
		if r.Place.Date <= storetest.Tomorrow || r.Place.Time != "08:00" || r.Place.Channel != requirement.Online || r.Status != claim.Draft {
			t.Errorf("moved to %+v in status %s; want the next day, same hour", r.Place, r.Status)
		}
		kinds := ""
		for _, x := range letters(t, w, r.ID) {
			kinds += " " + x
		}
		if !strings.Contains(kinds, string(claim.MsgRearranged)) {
			t.Errorf("told:%s; want %s", kinds, claim.MsgRearranged)
		}
	}
	if a := w.boss.Get(home + "/tanpa-tempat"); !strings.Contains(a.Body, "Semua orang punya tempat") {
		t.Error("somebody is without a place")
	}
	form := w.public.Application(9)
	if a := w.public.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(form)); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("booking a closed day: %d; want 422", a.Status)
	}
	t.Run("two supervisors", func(t *testing.T) {
		w.send(t, home+"/hari", join(closing(0, "2026-12-01"), url.Values{"pasti": {"simpan"}}), http.StatusConflict)
	})
	t.Run("taken back", func(t *testing.T) {
		if a := w.boss.Get(home + "/hari"); !strings.Contains(a.Body, "Kantor tutup.") {
			t.Fatal("the rule is not listed")
		}
		w.send(t, home+"/hari/hapus", url.Values{"versi": {"1"}, "nomor": {"0"}, "pasti": {"simpan"}}, http.StatusSeeOther)
		w.book(t, 9)
	})
}

func letters(t *testing.T, w *world, id string) []string {
	t.Helper()
	var out []string
	for {
		due, err := w.Store.LettersDue(t.Context(), 50)
		if err != nil {
			t.Fatal(err)
		}
		n := len(out)
		for _, l := range due {
			if l.Registration == id {
				out = append(out, string(l.Kind))
				if err := w.Store.LetterSent(t.Context(), l, "test"); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(out) == n {
			return out
		}
	}
}

// A seat that the hours no longer have goes to nobody when it is given back.
func TestFewerOfficers(t *testing.T) {
	w := start(t)
	var codes []string
	for n := range 12 { // two officers, six each: the session is full
		codes = append(codes, w.book(t, n))
	}
	fewer := join(url.Values{"versi": {"0"}, "jenis": {"petugas"}, "petugas-online": {"1"}, "pasti": {"simpan"}}, date("dari", storetest.Tomorrow), date("sampai", storetest.Tomorrow))
	w.send(t, home+"/hari", fewer, http.StatusSeeOther)
	v := w.boss.Ask(http.MethodGet, home+"/tanpa-tempat", nil).JSON(t)
	if v["tanpa-tempat"] != 6.0 {
		t.Fatalf("%v people without a place; want 6", v["tanpa-tempat"])
	}
	for _, code := range codes {
		r := w.reg(t, code)
		if r.Place.Seat > 6 {
			if _, err := w.Store.Cancel(t.Context(), r.ID, r.Version); err != nil {
				t.Fatal(err)
			}
		}
	}
	sessions, err := w.Store.Sessions(t.Context(), branch, storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sessions {
		if s.Channel == requirement.Online && s.Time == "08:00" && (s.Places != 6 || s.Free != 0) {
			t.Errorf("%d places, %d free; want 6 and 0", s.Places, s.Free)
		}
	}
}

func TestWeeklyHours(t *testing.T) {
	w := start(t)
	hours := url.Values{"versi": {"0"}, "petugas": {"3"}, "sekaligus": {"1"}, "buka": {"9.00"}, "tutup": {"11:00"}, "menit": {"60"}, "hari-kerja": {"1", "2", "3", "4", "5"},
		"istirahat-dari-1": {"10:00"}, "istirahat-sampai-1": {"10:30"}, "istirahat-hari-1": {"3"}}
	t.Run("mistakes", func(t *testing.T) {
		bad := join(hours, url.Values{"petugas": {"banyak"}, "buka": {"12:00"}, "hari-kerja": {}, "menit": {"1"}})
		a := w.send(t, home+"/jam/onsite", bad, http.StatusUnprocessableEntity)
		for _, want := range []string{`value="banyak"`, "Tulis angka dari 0 sampai 99", "Pilih sedikitnya satu hari kerja", "sesudah jam mulai", "Tulis angka dari 5 sampai 240"} {
			if !strings.Contains(a.Body, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})
	look := w.send(t, home+"/jam/onsite", hours, http.StatusOK)
	for _, want := range []string{`name="hari-kerja" value="1,2,3,4,5"`, `name="istirahat-hari-1" value="3"`} {
		if !strings.Contains(look.Body, want) {
			t.Errorf("the look at what it does lacks %s", want)
		}
	}
	hours.Set("hari-kerja", "1,2,3,4,5") // as that page sends it
	w.send(t, home+"/jam/onsite", join(hours, url.Values{"pasti": {"simpan"}}), http.StatusSeeOther)
	tests := map[requirement.Date]int{"2026-11-25": 3, "2026-11-26": 6, "2026-11-28": 0} // Wednesday with a break, Thursday, Saturday
	for d, want := range tests {
		hours, err := w.Store.Timetable(t.Context(), branch)
		if err != nil {
			t.Fatal(err)
		}
		if got := hours.Plan(w.Set.Branch(branch), d, w.Set.Holidays).Places(requirement.Onsite); got != want {
			t.Errorf("%s has %d onsite places; want %d", d, got, want)
		}
	}
	if a := w.boss.Get(home + "/jam/onsite"); !strings.Contains(a.Body, `value="09:00"`) {
		t.Error("the form does not show what was saved")
	}
	if a := w.boss.Get(home + "/jam/telepati"); a.Status != http.StatusNotFound {
		t.Errorf("unknown channel: %d", a.Status)
	}
}

func TestReassign(t *testing.T) {
	w := start(t)
	code := w.book(t, 1)
	r := w.reg(t, code)
	r, err := w.Store.Submit(t.Context(), r.ID, r.Version)
	if err != nil {
		t.Fatal(err)
	}
	ani, ben := apptest.Person(2, staff.Officer, branch), apptest.Person(3, staff.Officer, branch)
	w.As(ani)
	w.As(ben)
	if _, err := w.Store.Take(t.Context(), claim.Desk{Officer: ani.ID, Branch: branch, Limit: 6}, r.ID); err != nil {
		t.Fatal(err)
	}
	a := w.boss.Get(home + "/petugas")
	pagetest.Check(t, []byte(a.Body))
	if !strings.Contains(a.Body, "Petugas Uji 2: 1 klaim") || strings.Contains(a.Body, "Budi") {
		t.Error("the page shows not who has it, or whose claim it is")
	}
	w.send(t, home+"/petugas", url.Values{"klaim": {r.ID}, "dari": {ani.ID}, "ke": {ben.ID}}, http.StatusSeeOther)
	if got := w.reg(t, code).Call.Officer; got != ben.ID {
		t.Errorf("officer %s; want the other one", got)
	}
	w.send(t, home+"/petugas", url.Values{"klaim": {r.ID}, "dari": {ani.ID}, "ke": {""}}, http.StatusConflict)
	w.send(t, home+"/petugas", url.Values{"klaim": {r.ID}, "dari": {ben.ID}, "ke": {""}}, http.StatusSeeOther)
	if got := w.reg(t, code).Call; got.State != claim.Arrived || got.Officer != "" {
		t.Errorf("call %+v; want back in the queue", got)
	}
}

func TestDeadLetters(t *testing.T) {
	w := start(t)
	w.book(t, 1)
	due, err := w.Store.LettersDue(t.Context(), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%d letters, %v", len(due), err)
	}
	if err := w.Store.LetterFailed(t.Context(), due[0], time.Time{}, true); err != nil {
		t.Fatal(err)
	}
	v := w.boss.Ask(http.MethodGet, home+"/pesan", nil).JSON(t)
	if v["pesan"] != 1.0 {
		t.Fatalf("%v letters failed; want 1", v["pesan"])
	}
	pagetest.Check(t, []byte(w.boss.Get(home+"/pesan").Body))
	other := w.As(apptest.Person(5, staff.Supervisor, "kudus"))
	if v := other.Ask(http.MethodGet, "/penyelia/kudus/pesan", nil).JSON(t); v["pesan"] != 0.0 {
		t.Error("another branch sees the letter")
	}
	again := url.Values{"klaim": {due[0].Registration}, "nomor": {due[0].Seq}}
	if a := other.Post("/penyelia/kudus/pesan", again); a.Status != http.StatusNotFound {
		t.Errorf("another branch sends it: %d", a.Status)
	}
	w.send(t, home+"/pesan", again, http.StatusSeeOther)
	if due, err = w.Store.LettersDue(t.Context(), 10); err != nil || len(due) != 1 || due[0].Tries != 0 {
		t.Errorf("due again: %+v, %v", due, err)
	}
	w.send(t, home+"/pesan", again, http.StatusNotFound)
}

func TestOverviewAndSearch(t *testing.T) {
	w := start(t)
	code := w.book(t, 1)
	a := w.boss.Get(home)
	pagetest.Check(t, []byte(a.Body))
	if !strings.Contains(a.Body, ">1<") || strings.Contains(a.Body, "Budi") {
		t.Error("the overview does not count, or names somebody")
	}
	if got := w.send(t, home+"/cari", url.Values{"kode": {code}}, http.StatusSeeOther).Header.Get("Location"); !strings.HasPrefix(got, "/meja/"+branch+"/klaim/") || strings.Contains(got, code) {
		t.Errorf("search leads to %s", got)
	}
	w.send(t, home+"/cari", url.Values{"kode": {"bukan kode"}}, http.StatusUnprocessableEntity)
	kudus := w.As(apptest.Person(5, staff.Supervisor, "kudus"))
	if a := kudus.Post("/penyelia/kudus/cari", url.Values{"kode": {code}}); a.Status != http.StatusNotFound {
		t.Errorf("another branch finds the code: %d", a.Status)
	}
	for _, path := range []string{"/jam/online", "/hari", "/tanpa-tempat", "/petugas", "/pesan", "/poster"} {
		for _, lang := range []string{"", "/en"} {
			got := w.boss.Get(lang + home + path)
			if got.Status != http.StatusOK {
				t.Errorf("%s%s: %d", lang, path, got.Status)
			}
			pagetest.Check(t, []byte(got.Body))
		}
	}
}

// The overview counts who waits, each on the row of the day.
func TestOverviewCountsWhoWaits(t *testing.T) {
	w := start(t)
	days := []requirement.Date{storetest.Tomorrow, storetest.Tomorrow, storetest.Tomorrow.AddDays(1)}
	for n, d := range days {
		b := storetest.Booking(n)
		b.Place = claim.Place{Branch: branch, Channel: requirement.Onsite, Date: d}
		if _, err := w.Store.Enter(t.Context(), claim.Entry{Booking: b, Status: claim.Waitlisted, Rank: 1 + n}); err != nil {
			t.Fatal(err)
		}
	}
	rows := strings.Split(w.boss.Get(home).Body, "<tr")
	for i, want := range []string{"0", "2", "1", "0"} {
		row := slices.IndexFunc(rows, func(r string) bool {
			return strings.Contains(r, page.ShortDate(requirement.ID, storetest.Tomorrow.AddDays(i-1))) && strings.Contains(r, "<td")
		})
		if row < 0 || !regexp.MustCompile(`>`+want+`</td>\s*</tr>`).MatchString(rows[row]) {
			t.Errorf("day %d: row %d; want %s who wait", i, row, want)
		}
	}
}

// Many people and few places: what cannot be moved stays, is shown, and goes on
// when there is room.
func TestNoRoom(t *testing.T) {
	w := start(t)
	codes := []string{w.book(t, 1), w.book(t, 2)}
	next := claim.Timetable{}
	for _, d := range claim.Dates(w.Set.Branch(branch), w.Set.Booking, w.Clock.Now())[1:] {
		next.Days = append(next.Days, claim.DayRule{From: d, To: d, Closed: true})
	}
	by := claim.Desk{Officer: "boss", Branch: branch}
	hours, err := w.Store.SaveTimetable(t.Context(), by, next)
	if err != nil {
		t.Fatal(err)
	}
	roster := &dynamo.Roster{Branch: w.Set.Branch(branch), Hours: hours, Holidays: w.Set.Holidays, Booking: w.Set.Booking}
	if err := w.Store.Apply(t.Context(), roster); err != nil {
		t.Fatal(err)
	}
	a := w.send(t, home+"/tanpa-tempat", nil, http.StatusOK)
	if !strings.Contains(a.Body, "2 orang belum dipindahkan") {
		t.Error("it is not said that nobody could be moved")
	}
	roster.Hours.Days = roster.Hours.Days[:1]
	if err := w.Store.Apply(t.Context(), roster); err != nil {
		t.Fatal(err)
	}
	moved, left, err := w.Store.Rearrange(t.Context(), claim.Desk{Branch: branch}, roster, 1)
	if err != nil || moved != 1 || len(left) != 1 {
		t.Fatalf("moved %d, left %d, %v; want 1 and 1", moved, len(left), err)
	}
	if moved, left, err = w.Store.Rearrange(t.Context(), claim.Desk{Branch: branch}, roster, 9); err != nil || moved != 1 || len(left) != 0 {
		t.Errorf("then moved %d, left %d, %v", moved, len(left), err)
	}
	for _, code := range codes {
		if r := w.reg(t, code); r.Place.Date != "2026-11-26" {
			t.Errorf("moved to %s", r.Place.Date)
		}
	}
}
