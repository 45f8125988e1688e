package browser_test

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lapakasik/functions/local/machinetest"
	"lapakasik/site/requirement"
)

// A lottery is the draw of one channel's places on a day: one place, two people.
type lottery struct {
	channel string
	scripts bool
	tabs    []tab
	codes   []string
}

func (l *lottery) draw(day requirement.Date) string {
	return fmt.Sprintf("%s-%s-%s", drawBranch, day, l.channel)
}

// on is where the page of all draws says what this one has published.
func (l *lottery) on(day requirement.Date) string {
	return fmt.Sprintf("[id=%q] + .summary", l.draw(day))
}

var digest = regexp.MustCompile(`[0-9a-f]{64}`)

func (l *lottery) mail(n int) string { return fmt.Sprintf("%s%d@contoh.id", l.channel, n) }

// A day opened by draw, from the commitment to the winner's documents, online
// with JavaScript and onsite without: two people want the one place. What
// everybody can download proves to each of them what the status page says.
func TestDrawnByLot(t *testing.T) {
	all := []*lottery{{channel: "online", scripts: true}, {channel: "onsite"}}
	day := machinetest.DrawDay()
	r := startRush(t, day.AddDays(-11), "07:30")
	r.Run("Draw")
	public := r.open(true)
	public.chooseDay(drawBranch, "online", day)
	public.says("Undian dibuka")
	public.look("undian-belum")
	public.open("/undian?cabang=" + drawBranch)
	committed := digest.FindString(public.text(all[0].on(day)))
	r.At(day.AddDays(-8), "10:00")
	for _, l := range all {
		l.join(r, day)
	}
	r.At(day.AddDays(-6), "20:02")
	r.Run("Draw")
	public.chooseDay(drawBranch, "online", day)
	public.says("Undian ditutup")
	public.look("undian-tutup")
	// Documents are kept and officers let in by clocks that nobody moves, so the draw is now.
	r.Now()
	r.enterValues(day, all)
	r.Run("Draw", "Send")
	public = r.open(true) // this browser kept the page of before, as it may
	public.open("/undian?cabang=" + drawBranch)
	public.look("undian-hasil")
	if committed == "" || !strings.Contains(public.text(all[0].on(day)), committed) {
		t.Errorf("the commitment %q of before the window is not that of the result\n%s", committed, public.where())
	}
	for _, l := range all {
		t.Run(l.channel, func(t *testing.T) { l.end(t, r, day) })
	}
}

func (l *lottery) join(r *rush, day requirement.Date) {
	r.t.Helper()
	for n := range 2 {
		b := r.open(l.scripts)
		b.chooseDay(drawBranch, l.channel, day)
		b.says("Ikut undian sampai", "Kecepatan tidak berpengaruh")
		b.fill("keinginan-1", "10:00")
		b.next()
		r.apply(b, l.mail(n))
		b.says("Anda ikut undian")
		if n == 0 {
			b.look("undian-" + l.channel + "-ikut")
		}
		l.tabs, l.codes = append(l.tabs, b), append(l.codes, b.text(".panel .code"))
		b.open("/status")
		b.says("Anda ikut undian")
	}
}

// enterValues lets an officer and a supervisor enter the public values.
func (r *rush) enterValues(day requirement.Date, all []*lottery) {
	r.t.Helper()
	for _, who := range []string{"petugas1", "penyelia"} {
		b := r.open(true)
		b.login("", who, func(string) {})
		b.visit(r.StaffURL + "/penyelia/" + drawBranch + "/undian")
		for _, l := range all {
			b.choose("undian", l.draw(day))
			b.fill("nilai", "7.123,45")
			b.next()
		}
		if who == "penyelia" {
			b.look("nilai-publik")
		}
	}
}

// end is what both read after the draw: one won and sends the documents, one
// waits, and the published file says the same.
func (l *lottery) end(t *testing.T, r *rush, day requirement.Date) {
	result := filepath.Join(t.TempDir(), "hasil.json")
	told := map[string]string{"10.00": "Anda mendapat tempat: lengkapi berkas", "": "Anda di daftar tunggu"}
	winners := 0
	for n, b := range l.tabs {
		b.t = t
		b.reopen("", l.codes[n])
		file := b.first(`main a[href^="/data/undian/"]`, "href")
		if want := l.draw(day) + ".json"; path.Base(file) != want {
			t.Fatalf("the page leads to %q; want %s\n%s", file, want, b.where())
		}
		if err := os.WriteFile(result, fetch(t, r.URL+file), 0o600); err != nil {
			t.Fatal(err)
		}
		rank, place := b.row("Peringkat undian"), ""
		if strings.Contains(b.row("Tanggal dan jam"), "10.00") {
			place, winners = "10.00", winners+1
		}
		b.look("undian-" + l.channel + map[bool]string{true: "-menang", false: "-menunggu"}[place != ""])
		says := fmt.Sprintf("rank %s, on the wait list", rank)
		if place != "" {
			says = fmt.Sprintf("rank %s, place at 10:00", rank)
		}
		if got := verify(t, result, b.row("Tiket undian")); !strings.Contains(got, says) {
			t.Errorf("the published file says %q; the page %q", got, says)
		}
		if got := subjects(t, r.Data, l.codes)[l.mail(n)]; len(got) == 0 || got[len(got)-1] != told[place] {
			t.Errorf("person %d was told %q; want %q last", n, got, told[place])
		}
		if place != "" {
			b.sendPapers("", l.scripts)
			b.press(`form[action="/berkas/kirim"] button`)
			b.says("Pengajuan")
		}
	}
	if winners != 1 {
		t.Errorf("%d of two people have the one place", winners)
	}
}

// verify runs the command that the pages name.
func verify(t *testing.T, file, ticket string) string {
	t.Helper()
	cmd := exec.Command("go", "run", "./infra/draw", "verify", file, "-ticket", ticket)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("verify: %v", err)
	}
	return string(out)
}
