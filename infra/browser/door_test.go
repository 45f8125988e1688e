package browser_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/chromedp"
)

// The door before a branch's newest day: who takes a number waits with the
// filled-in form and is let in at the turn, by the script or by the button.
// With the last place gone nobody waits any more.
func TestDoorInTheRush(t *testing.T) {
	monday := nextMonday()
	day := monday.AddDays(14) // the newest
	r := startRush(t, monday, "07:30")
	filled := func(scripts bool, channel string) tab {
		t.Helper()
		b := r.open(scripts)
		b.chooseDay(doorBranch, channel, day)
		b.choose("jam", "10:00")
		b.next()
		b.person(fmt.Sprintf("990101010190%04d", people.Add(1)), "pintu@contoh.id")
		b.tick(`input[name=persetujuan]`)
		return b
	}
	early, scripted, plain, late := filled(true, "online"), filled(true, "online"), filled(false, "onsite"), filled(true, "online")
	board := r.open(false)
	board.open("/daftar/antre/" + doorBranch)
	board.says("Pintu dibuka pukul 08.00 WIB")
	board.look("pintu-papan")
	r.Stand(monday, "07:50")
	early.next()
	early.says("Nomor tunggu Anda", "Pintu dibuka pukul 08.00 WIB")
	early.look("pintu-menunggu")

	r.Stand(monday, "08:00")                          // it stands so that no turn comes while we look
	for _, b := range []tab{plain, plain, scripted} { // the first presses again too early
		b.next()
		b.says("Giliran Anda pukul 08.00.0", "Di depan Anda")
	}
	plain.look("pintu-giliran")
	r.Pass(10 * time.Second)
	plain.next()
	plain.says("Kode pendaftaran")
	scripted.comesTo("/daftar", "Simpan kode ini")
	scripted.look("pintu-kode")

	r.Pass(3 * time.Second) // what a function knows of a full day is as old as that
	board = r.open(false)   // the other one may show the board of before for five seconds
	board.open("/daftar/antre/" + doorBranch)
	board.says("Semua tempat hari itu sudah diambil")
	board.look("pintu-papan-habis")
	board.press(`main a.button[href="/daftar"]`)
	late.next()
	late.says("Semua tempat hari itu sudah diambil")
	late.look("pintu-habis")
	late.next()
	late.says("Semua jam pada tanggal ini penuh", "Masuk daftar tunggu tanggal ini")
	late.next()
	late.next() // what was filled in is still there
	late.tick(`input[name=persetujuan]:not(:checked)`)
	late.next()
	r.Pass(10 * time.Second) // when there was a number before, the script goes on by itself
	late.comesTo("/daftar", "Anda nomor 1 di daftar tunggu")
	late.says("Simpan kode ini")
	early.must(cdp.Do(early.ctx, cdp.Click(cdp.CSS("main form button[type=submit]")))) // the turn has come, and no place is left
	early.comesTo("/daftar", "Semua tempat hari itu sudah diambil")
}

// comesTo waits until the page's script has led to a page that says something.
func (b tab) comesTo(path, says string) {
	b.t.Helper()
	b.until(says, func() bool {
		shown, err := cdp.Run(b.ctx, cdp.Evaluate[string](`location.pathname + ' ' + document.body.innerText`)) // fails between two pages
		return err == nil && strings.HasPrefix(shown, path) && strings.Contains(shown, says)
	})
}
