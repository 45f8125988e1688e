package collective_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// agreedAhead brings a request on as far as the workers' registrations, all on
// the first day that can be agreed so many days ahead.
func (w *world) agreedAhead(days int) (b *apptest.Browser, id string) {
	w.t.Helper()
	b, id = w.sent()
	boss, at := w.boss(), "/perusahaan/"+branch+"/"+id
	shown := boss.Get(at + "/jadwal?semua=ya")
	form := url.Values{"versi": regexp.MustCompile(`name="versi" value="([^"]*)"`).FindStringSubmatch(shown.Body)[1:]}
	earliest := w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly)
	for _, m := range regexp.MustCompile(`name="hari-([0-9-]+)"`).FindAllStringSubmatch(shown.Body, -1) {
		if m[1] >= earliest {
			form.Set("hari-"+m[1], "3")
			break
		}
	}
	if got := boss.Post(at+"/jadwal", form); got.Status != http.StatusSeeOther {
		w.t.Fatalf("agree %d days ahead: %d %.800s", days, got.Status, got.Body)
	}
	w.job("companies")
	w.mail()
	return b, id
}

// sendAll sends all that the first worker's claim lacks, and returns how many files.
func (w *world) sendAll(b *apptest.Browser) int {
	w.t.Helper()
	first, _ := b.Ask(http.MethodGet, "/kolektif/pekerja", nil).JSON(w.t)["pekerja"].([]any)[0].(map[string]any)
	lacking, _ := first["kurang"].([]any)
	files := map[string][]byte{}
	for i, slot := range lacking {
		name, _ := slot.(string)
		if name == "bukti-phk" {
			name = "putusan-phi"
		}
		files["2_"+name+".png"] = picture(w.t, 100+i)
	}
	if got := multi(w.t, b, "/kolektif/berkas", "berkas", "", files); got.Status != http.StatusOK {
		w.t.Fatalf("%d files: %d %.800s", len(files), got.Status, got.Body)
	}
	w.settle(len(files))
	return len(files)
}

func (w *world) status(worker *apptest.Browser) any {
	return worker.Ask(http.MethodGet, "/status", nil).JSON(w.t)["status"]
}

// Who agrees before the company has sent the last file is submitted when it has
// passed, however far the day is.
func TestAgreedBeforeTheFiles(t *testing.T) {
	w := start(t)
	b, _ := w.agreedAhead(30)
	worker := w.as(0)
	w.consent(worker)
	w.job("companies")
	if got := w.status(worker); got != "draf" {
		t.Fatalf("agreed, without files: %v", got)
	}
	if w.sendAll(b) == 0 {
		t.Fatal("this shows nothing: no file was lacking")
	}
	w.job("companies")
	if got := w.status(worker); got != "terkirim" {
		t.Errorf("agreed and complete: %v", got)
	}
	if ids, err := w.Store.Ripe(t.Context(), 10); err != nil || len(ids) != 0 {
		t.Errorf("%d claims are still to be looked at, %v", len(ids), err)
	}
}

// A claim that lacks files or a consent ends at its deadline, also on a day
// that nobody but a company can have yet, and is told so.
func TestFarDraftsEnd(t *testing.T) {
	w := start(t)
	_, id := w.agreedAhead(w.Set.Booking.HorizonDays + 5)
	w.Clock.Move(time.Duration(w.Set.Company.ConsentDays)*24*time.Hour + time.Minute)
	w.job("lapse")
	lines, err := w.Store.Lines(t.Context(), id)
	if err != nil || len(lines) != 3 {
		t.Fatalf("%d workers, %v", len(lines), err)
	}
	for _, l := range lines {
		if reg, err := w.Store.ByID(t.Context(), l.Owner); err != nil || reg.Status != claim.Lapsed {
			t.Errorf("worker in row %s is %s, %v; want an end", strconv.Itoa(l.Row), reg.Status, err)
		}
	}
}

// A day whose places a draw is to give is not for a company.
func TestNoBlockInADraw(t *testing.T) {
	w := start(t)
	_, id := w.sent()
	boss := w.boss()
	first := func() any {
		days, _ := boss.Ask(http.MethodGet, "/perusahaan/"+branch+"/"+id+"/jadwal", nil).JSON(t)["hari"].([]any)
		day, _ := days[0].(map[string]any)
		return day["tanggal"]
	}
	before := first()
	date, _ := before.(string)
	opens := w.Clock.Now()
	if _, err := w.Store.AnnounceDraw(t.Context(), claim.Draw{Branch: branch, Date: requirement.Date(date), Channel: requirement.Online,
		Opens: opens, Closes: opens.Add(time.Hour), Commitment: strings.Repeat("0", 64), Nonce: strings.Repeat("0", 32)}); err != nil {
		t.Fatal(err)
	}
	if after := first(); after == before {
		t.Errorf("%v is offered, which is in a draw", after)
	}
}
