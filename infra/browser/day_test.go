package browser_test

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"
)

const (
	desk    = "/meja/kudus" // no other test works there
	monitor = "/penyelia/kudus"
)

// The whole day of a branch: the supervisor sets the hours; six people
// register in the hall, one with files, five with paper; one officer has all
// six at once, approves one, refuses one, postpones one, which is mended and
// approved; the recap says so, and so do the mails.
func TestWholeDay(t *testing.T) {
	boss := open(t, 1280, true)
	boss.login("", "penyelia", func(string) {})
	boss.openAllDay()
	officer := open(t, 1280, true)
	officer.login("", "petugas2", func(string) {})
	officer.visit(office.StaffURL + desk)
	poster := officer.first(`a[href*="/hadir/"]`, "href")

	main := open(t, 360, true)
	codes := []string{main.registerHere(poster, 0)}
	main.sendPapers("", true)
	main.press(`form[action="/berkas/kirim"] button`)
	main.open("/status")
	main.press(`form[action="/status/siap"] button`)
	for n := 1; n < 6; n++ {
		b := open(t, 360, false)
		code := b.registerHere(poster, n)
		codes = append(codes, code)
		officer.visit(office.StaffURL + desk)
		officer.fill("kode", code)
		officer.press(`form[action$="/hadir"] button`)
		officer.tick(`input[name=berkas]`)
		officer.next()
		if got := officer.text(".panel .code"); got != fmt.Sprint(n+1) {
			t.Fatalf("queue number %q; want %d\n%s", got, n+1, officer.where())
		}
	}
	if main.open("/status"); !strings.Contains(main.text("main"), "Tidak ada orang di depan Anda") {
		t.Errorf("the first in the queue does not read so\n%s", main.where())
	}
	k := keyboard{officer}
	officer.visit(office.StaffURL + desk)
	k.enter(fmt.Sprintf(`form[action=%q] button`, desk+"/ambil"))
	for range 5 {
		officer.visit(office.StaffURL + desk)
		officer.press(fmt.Sprintf(`form[action=%q] button`, desk+"/ambil"))
	}
	tiles := officer.tiles()
	if len(tiles) != 6 {
		t.Fatalf("%d claims in hand; want 6\n%s", len(tiles), officer.where())
	}
	officer.readPaper(tiles[0])
	officer.decideDay(tiles)
	main.mendOne(officer)
	boss.recap(map[string]string{"Setuju": "2", "Tolak": "1", "Belum": "3", "Tunda": "0", "Jumlah": "6"})
	boss.onPaper()
	readMails(t, codes)
}

// openAllDay lets one officer serve six at once, all day, every day.
func (b tab) openAllDay() {
	b.t.Helper()
	b.visit(office.StaffURL + monitor + "/jam/onsite")
	for name, value := range map[string]string{"petugas": "1", "sekaligus": "6", "buka": "00:00", "tutup": "23:59", "menit": "30"} {
		b.fill(name, value)
	}
	_, err := cdp.Run(b.ctx, cdp.Evaluate[int](`[...document.querySelectorAll('input[type=text][name^=istirahat]')].map(x => x.value = '').length`))
	b.must(err)
	b.tick(`input[name=hari-kerja]:not(:checked)`)
	b.next()
	if !strings.Contains(b.text("main"), "Tidak ada yang kehilangan tempat") {
		b.t.Fatalf("the look at what it does\n%s", b.where())
	}
	b.next()
}

// registerHere registers the n-th person from the poster in the hall, and
// returns the code.
func (b tab) registerHere(poster string, n int) string {
	b.t.Helper()
	b.visit(poster)
	b.press(`a[href*="di-tempat=ya"]`)
	b.choose("sebab", "mengundurkan-diri")
	b.next()
	b.resigned()
	b.person(fmt.Sprintf("990101020390%04d", n+1), address(n))
	b.tick(`input[name=persetujuan]`)
	b.until("the booking", func() bool {
		b.next()
		return b.text(".panel .code") != ""
	})
	return b.text(".panel .code")
}

// tick clicks every box that matches.
func (b tab) tick(selector string) {
	b.t.Helper()
	_, err := cdp.Run(b.ctx, cdp.Evaluate[int](fmt.Sprintf(`[...document.querySelectorAll(%q)].map(x => x.click()).length`, selector)))
	b.must(err)
}

func address(n int) string { return fmt.Sprintf("peserta%d@contoh.id", n) }

// tiles are the claims in the officer's hands, in order of queue number.
func (b tab) tiles() []string {
	b.t.Helper()
	b.visit(office.StaffURL + desk)
	links, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](`Array.from(document.querySelectorAll('.tiles > li')).map(x => [x.innerText.match(/Nomor (antrean )?(\d+)/i)?.[2] ?? '', x.querySelector('a').getAttribute('href')]).sort((a, b) => a[0] - b[0]).map(x => x[1])`))
	b.must(err)
	return links
}

// readPaper opens the first document of a claim and sees the picture.
func (b tab) readPaper(tile string) {
	b.t.Helper()
	b.visit(office.StaffURL + tile)
	// The one page that shows something of another address: the file store's.
	_, err := cdp.RunResponse(b.ctx, cdp.Click(cdp.CSS(`.tasks a[href*="/berkas/"]`)))
	b.must(err)
	b.until("the document", func() bool {
		width, err := cdp.Run(b.ctx, cdp.Evaluate[int](`document.querySelector('main img')?.naturalWidth ?? 0`))
		return err == nil && width > 0
	})
}

// decideDay approves the second claim with the keyboard alone, refuses the third, postpones the first
// for its first document, notes that one did not come, and gives two back.
func (b tab) decideDay(tiles []string) {
	b.t.Helper()
	decide := func(tile, what string, more func()) {
		b.t.Helper()
		b.visit(office.StaffURL + tile)
		b.choose("keputusan", what)
		more()
		b.press(`form[action$="/putusan"] button`)
	}
	k := keyboard{b}
	b.visit(office.StaffURL + tiles[1])
	k.pick("keputusan", "setuju")
	k.write("jumlah", "12500000")
	k.enter(`form[action$="/putusan"] button`)
	decide(tiles[2], "tolak", func() { b.choose("alasan", "data-berbeda") })
	decide(tiles[0], "tunda", func() {
		b.choose("alasan", "berkas-tidak-terbaca")
		b.click(`input[name=perbaiki]`)
	})
	for i, button := range []string{"tidak-datang", "kembali", "kembali"} {
		b.visit(office.StaffURL + desk)
		b.press(fmt.Sprintf(`[formaction=%q]`, tiles[3+i]+"/"+button))
	}
	if left := b.tiles(); len(left) != 0 {
		b.t.Fatalf("still in hand: %v\n%s", left, b.where())
	}
}

// mendOne replaces the one document that was named, and the officer approves.
func (b tab) mendOne(officer tab) {
	b.t.Helper()
	b.open("/status")
	if !strings.Contains(b.text("main"), "tidak terbaca") {
		b.t.Fatalf("the participant does not read why\n%s", b.where())
	}
	b.press(`main a[href="/berkas"]`)
	slots, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](`Array.from(document.querySelectorAll('.tasks a')).map(a => a.getAttribute('href'))`))
	b.must(err)
	if len(slots) != 1 {
		b.t.Fatalf("%d documents can be replaced; want the one that was named\n%s", len(slots), b.where())
	}
	b.open(slots[0])
	if b.first("input[type=file]", "name") == "" {
		b.click(`input[name=jenis]`)
		b.next()
	}
	b.must(cdp.Do(b.ctx, cdp.SetUploadFiles(cdp.CSS(`input[type=file]`), []string{paper(b.t)})))
	b.click("main form .buttons button")
	b.until("the mended document", func() bool {
		done, err := cdp.Run(b.ctx, cdp.Evaluate[bool](`location.pathname === '/berkas' && !!document.querySelector('form[action="/berkas/kirim"] button')`))
		return err == nil && done
	})
	b.press(`form[action="/berkas/kirim"] button`)

	officer.visit(office.StaffURL + desk)
	officer.press(fmt.Sprintf(`form[action=%q] button`, desk+"/ambil"))
	tiles := officer.tiles()
	if len(tiles) != 1 {
		b.t.Fatalf("the mended claim is not the next: %v\n%s", tiles, officer.where())
	}
	officer.visit(office.StaffURL + tiles[0])
	officer.choose("keputusan", "setuju")
	officer.fill("jumlah", "7000000")
	officer.press(`form[action$="/putusan"] button`)
	if b.open("/status"); !strings.Contains(b.text("main"), "disetujui") {
		b.t.Errorf("the participant does not read the decision\n%s", b.where())
	}
}

// recap waits until the official recap of today says what happened.
func (b tab) recap(want map[string]string) {
	b.t.Helper()
	var got map[string]string
	b.until("the recap", func() bool {
		b.visit(office.StaffURL + "/rekap?kantor=kudus")
		var err error
		got, err = cdp.Run(b.ctx, cdp.Evaluate[map[string]string](`Object.fromEntries(Array.from(document.querySelectorAll('tbody tr')).map(r => [r.cells[0].innerText.trim(), r.cells[r.cells.length-1].innerText.trim()]))`))
		b.must(err)
		return got["Setuju"] == want["Setuju"] && got["Jumlah"] == want["Jumlah"]
	})
	for name, n := range want {
		if got[name] != n {
			b.t.Errorf("the recap has %s %s; want %s", name, got[name], n)
		}
	}
}

// onPaper is the recap as it is printed: the table and its title, no forms.
func (b tab) onPaper() {
	b.t.Helper()
	b.media("print")
	defer b.media("")
	b.shoot("rekap-print")
	shown, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](`['h1', 'main table', 'nav', 'main form'].filter(x => document.querySelector(x)?.offsetHeight > 0)`))
	b.must(err)
	if got := strings.Join(shown, ", "); got != "h1, main table" {
		b.t.Errorf("on paper there are %s; want title and table only", got)
	}
}

var sixteen = regexp.MustCompile(`[0-9]{16}`)

// readMails reads what the mail server kept until everybody was told, in order.
func readMails(t *testing.T, codes []string) {
	t.Helper()
	want := [][]string{
		{"Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap", "Perbaiki berkas klaim Anda", "Perbaikan diterima", "Klaim Anda disetujui"},
		{"Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap", "Klaim Anda disetujui"},
		{"Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap", "Keputusan atas klaim Anda"},
		{"Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap", "Kami belum dapat menemui Anda"},
		{"Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap"},
		{"Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap"},
	}
	var got map[string][]string
	complete := func() bool {
		got = subjects(t, data, codes)
		for n, subjects := range want {
			if len(got[address(n)]) < len(subjects) {
				return false
			}
		}
		return true
	}
	defer func() {
		if t.Failed() {
			t.Logf("mails by address: %q", got)
		}
	}()
	(tab{t: t, ctx: chrome}).until("all mails", complete)
	for n, subjects := range want {
		if strings.Join(got[address(n)], " | ") != strings.Join(subjects, " | ") {
			t.Errorf("%s was told %q; want %q", address(n), got[address(n)], subjects)
		}
	}
}

// subjects are the subjects of all mails of a running program by address, in
// the order of sending.
func subjects(t *testing.T, data string, codes []string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, m := range mails(t, data) {
		for _, code := range append(codes, "Budi") {
			if strings.Contains(m.subject, code) || sixteen.MatchString(m.subject) {
				t.Errorf("the subject %q names somebody", m.subject)
			}
		}
		out[m.to] = append(out[m.to], m.subject)
	}
	return out
}

// A letter is a mail that the mail server of a running program kept.
type letter struct{ to, subject, text string }

func mails(t *testing.T, data string) (out []letter) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "mail", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		subject, err1 := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		to, err2 := mail.ParseAddress(m.Header.Get("To"))
		body := m.Body
		if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		text, err3 := io.ReadAll(body)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		out = append(out, letter{to.Address, subject, string(text)})
	}
	return out
}
