package register_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/local/objects"
	"lapakasik/functions/schedule"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

type setsOf struct{ *requirement.Set }

func (s setsOf) Current(context.Context) (*requirement.Set, error)         { return s.Set, nil }
func (s setsOf) Version(context.Context, string) (*requirement.Set, error) { return s.Set, nil }

// drawList is the page of the draws of ballot's app.
const drawList = "/undian?cabang=bandar-lampung"

// A drawn is ballot's app with the job that draws, the bucket from which
// everybody downloads what it publishes, and the pages' scripts.
type drawn struct {
	*apptest.App
	root  string
	job   *schedule.Service
	files *bucket.Draws
}

// startDrawn makes it, with one officer and thus few places on drawDay.
func startDrawn(t *testing.T) *drawn {
	t.Helper()
	root, err := filepath.Abs("../..") // the file store changes the working directory
	if err != nil {
		t.Fatal(err)
	}
	a := apptest.New(t, root)
	a.Set.Booking.Opening.Pace = 500
	_, err = a.Store.SaveTimetable(t.Context(), claim.Desk{Officer: strings.Repeat("a", 32), Branch: "bandar-lampung"},
		claim.Timetable{Days: []claim.DayRule{{From: drawDay, To: drawDay, Mode: requirement.Ballot, Officers: map[requirement.Channel]int{requirement.Online: 1, requirement.Onsite: 0}}}})
	if err != nil {
		t.Fatal(err)
	}
	g := objects.Test(t, objects.Options{})
	if err := g.MakeBucket(t.Context(), "situs"); err != nil {
		t.Fatal(err)
	}
	d := &drawn{App: a, root: root, files: bucket.NewDraws(g.Client(), "situs")}
	d.job = &schedule.Service{Store: a.Store, Sets: setsOf{a.Set}, Published: d.files, Log: parts.Logger(a.Log), Now: a.Clock.Now}
	a.Serve(web.Route{Method: http.MethodGet, Path: "/aset/{nama}", Handle: func(c *web.Call) error {
		return c.File("text/javascript", c.R.PathValue("nama"), page.Assets()["/aset/"+c.R.PathValue("nama")])
	}})
	return d
}

// at moves the clock to a time at the branch and lets the job run.
func (d *drawn) at(t *testing.T, date requirement.Date, clock string) {
	t.Helper()
	moment, err := d.Set.Branch("bandar-lampung").At(date, clock)
	if err != nil {
		t.Fatal(err)
	}
	d.Clock.Move(moment.Sub(d.Clock.Now()))
	if err := d.job.Handle(t.Context(), schedule.Event{Job: "draw"}); err != nil {
		t.Fatal(err)
	}
}

// join enters the n-th made-up person and returns the code.
func (d *drawn) join(t *testing.T, n int, wishes ...string) string {
	t.Helper()
	got := d.Browser().Ask(http.MethodPost, "/daftar", apptest.JSON(wish(d.Application(n), wishes...)))
	if got.Status != http.StatusCreated {
		t.Fatalf("person %d: %d %.300s", n, got.Status, got.Body)
	}
	return fmt.Sprint(got.JSON(t)["kode"])
}

// open is a browser in which the registration of a code is open.
func (d *drawn) open(t *testing.T, code string) *apptest.Browser {
	t.Helper()
	b := d.Browser()
	if got := b.Post("/status", url.Values{"kode": {code}, requirement.BirthDate: {"1990-01-01"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("open: %d", got.Status)
	}
	return b
}

// value has two people enter the public value, and the job draw.
func (d *drawn) value(t *testing.T) {
	t.Helper()
	for _, who := range []string{"b", "c"} {
		by := claim.Desk{Officer: strings.Repeat(who, 32), Branch: "bandar-lampung"}
		if _, err := d.Store.EnterValue(t.Context(), by, drawDay, requirement.Online, "7123.45"); err != nil {
			t.Fatal(err)
		}
	}
	d.at(t, "2026-12-02", "17:00")
}

// published is what the page of the draws says of drawDay's.
func (d *drawn) published(t *testing.T) map[string]any {
	t.Helper()
	all, _ := d.Browser().Ask(http.MethodGet, drawList, nil).JSON(t)["undian"].([]any)
	for _, x := range all {
		if v, _ := x.(map[string]any); v["tanggal"] == string(drawDay) && v["kanal"] == "online" {
			return v
		}
	}
	t.Fatal("the page lacks the draw")
	return nil
}

// What everybody downloads where the pages say proves the result: anybody's
// ticket has in it the rank and the place that its own status page says, as
// the command says that the pages name.
func TestResultFromThePages(t *testing.T) {
	d := startDrawn(t)
	d.at(t, "2026-11-26", "07:00")
	d.at(t, "2026-11-27", "08:00")
	var codes []string
	for n := range 8 {
		codes = append(codes, d.join(t, n, "08:00"))
	}
	d.at(t, "2026-12-01", "21:00")
	if got := d.open(t, codes[0]).Get("/status"); strings.Contains(got.Body, "Peringkat") || strings.Contains(got.Body, "/data/undian/") {
		t.Error("the status page knows a rank before the draw")
	}
	noted := d.published(t)
	if shown := d.Browser().Get(drawList).Body; !strings.Contains(shown, "Catat ikrar dan sidik daftar ini sekarang") || !strings.Contains(shown, "<dt>Tempat yang diundi</dt><dd>72 (08.00 WIB: 6; ") {
		t.Errorf("the page of a closed draw does not say its places, or what to note")
	}
	d.value(t)
	list := d.Browser().Get(drawList)
	_, rest, _ := strings.Cut(list.Body, `href="/data/undian/bandar-lampung-2026-12-07-online.`)
	if !strings.HasPrefix(rest, "json") || !strings.Contains(list.Body, "go run ./infra/draw verify bandar-lampung-2026-12-07-online.json -ticket TIKET -commitment IKRAR -list SIDIK") {
		t.Fatal("the page names no result and no command")
	}
	const name = "bandar-lampung-2026-12-07-online"
	body, err := d.files.Read(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name+".json")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	verify := filepath.Join(t.TempDir(), "draw")
	build := exec.Command("go", "build", "-o", verify, "./infra/draw")
	build.Dir = d.root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ranks := map[float64]bool{}
	for _, code := range codes {
		b := d.open(t, code)
		v := b.Ask(http.MethodGet, "/status", nil).JSON(t)
		shown := b.Get("/status").Body
		rank, _ := v["peringkat"].(float64)
		ranks[rank] = true
		want := fmt.Sprintf("rank %v, on the wait list", rank)
		if v["status"] == "draf" {
			want = fmt.Sprintf("rank %v, place at %v", rank, v["jam"])
		}
		out, err := exec.Command(verify, "verify", file, "-ticket", fmt.Sprint(v["tiket"]), "-commitment", fmt.Sprint(noted["ikrar"]), "-list", fmt.Sprint(noted["sidik_daftar"])).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("the file says %q, %v; the status page %q", out, err, want)
		}
		if !strings.Contains(shown, fmt.Sprintf("<dt>Peringkat undian</dt><dd>%v</dd>", rank)) || !strings.Contains(shown, `href="/data/undian/`+name+`.json"`) {
			t.Errorf("the status page of rank %v lacks it, or the file", rank)
		}
	}
	if len(ranks) != len(codes) || ranks[0] {
		t.Errorf("ranks %v", ranks)
	}
}

// A draw that nobody gave its value: who is in it is told on the status page
// that it ended, and the page of the draws no longer waits for a value.
func TestDrawWithoutResult(t *testing.T) {
	d := startDrawn(t)
	d.at(t, "2026-11-26", "07:00")
	d.at(t, "2026-11-27", "08:00")
	code := d.join(t, 1)
	d.at(t, "2026-12-01", "21:00")
	d.at(t, "2026-12-08", "07:00")
	b := d.open(t, code)
	for path, says := range map[string]string{"/status": "Undian untuk Senin, 7 Desember 2026 tidak selesai pada waktunya", "/en/status": "The draw for Monday, 7 December 2026 was not completed in time"} {
		got := b.Get(path)
		mustSee(t, got, http.StatusOK, says)
		for _, wrong := range []string{"Berkas wajib", "required documents", "menunggu nilai publik", "waiting for the public value"} {
			if strings.Contains(got.Body, wrong) {
				t.Errorf("%s says %q", path, wrong)
			}
		}
	}
	mustSee(t, d.Browser().Get(drawList), http.StatusOK, "Berakhir tanpa hasil")
}
