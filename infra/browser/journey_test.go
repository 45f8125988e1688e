package browser_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	cdp "github.com/chromedp/chromedp"
)

var people atomic.Int64

// paper writes a picture as sharp as a well photographed page: dark strokes on white.
func paper(t *testing.T) string {
	t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(people.Add(1))))
	im := image.NewGray(image.Rect(0, 0, 1200, 800))
	for i := range im.Pix {
		im.Pix[i] = 250
	}
	for range 2500 {
		x, y := r.IntN(1180), r.IntN(780)
		for d := range 4 + r.IntN(12) {
			im.SetGray(x+d, y, color.Gray{Y: 20})
			im.SetGray(x, y+d%8, color.Gray{Y: 20})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "foto.jpg")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The whole journey at 360 px, from the home page to the receipt and on.
func TestJourney(t *testing.T) {
	for _, tt := range []struct {
		name       string
		prefix     string
		javascript bool
	}{
		{"id without JavaScript", "", false}, {"id with JavaScript", "", true},
		{"en without JavaScript", "/en", false}, {"en with JavaScript", "/en", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, 360, tt.javascript)
			code := b.book(tt.prefix)
			b.sendPapers(tt.prefix, tt.javascript)
			b.press(fmt.Sprintf(`form[action=%q] button`, tt.prefix+"/berkas/kirim"))
			if got := b.text(".panel .code"); got != code {
				t.Fatalf("the receipt shows code %q; want %q\n%s", got, code, b.where())
			}
			again := open(t, 360, tt.javascript)
			again.returnLater(tt.prefix, code)
		})
	}
}

// book goes from the home page to a booked place and returns its code.
func (b tab) book(prefix string) string {
	b.t.Helper()
	b.open(prefix + "/")
	b.press(fmt.Sprintf(`a[href=%q]`, prefix+"/klaim/mengundurkan-diri/"))
	b.press(fmt.Sprintf(`a[href=%q]`, prefix+"/daftar/syarat?sebab=mengundurkan-diri"))
	b.resigned()
	b.choose("kanal", "online")
	b.fill("kantor", "bandar-lampung")
	b.next()
	b.choose("tanggal", b.first(`.option:nth-of-type(2) input[name=tanggal]`, "value"))
	b.next()
	b.choose("jam", b.first(`input[name=jam]:not([disabled])`, "value"))
	b.next()
	// A mistake first: everything empty, then only the NIK wrong.
	answer, err := cdp.RunResponse(b.ctx, cdp.Click(cdp.CSS("main form .buttons button")))
	b.must(err)
	if html := b.check(); answer.Status != http.StatusUnprocessableEntity || !strings.Contains(html, `id="galat"`) {
		b.t.Fatalf("an empty page is answered with %d; want 422 and an error summary\n%s", answer.Status, b.where())
	}
	b.person("123", "budi@contoh.id")
	if got := b.first(`[name=bank]`, "value"); got != "Bank Uji" {
		b.t.Fatalf("bank is %q after a mistake elsewhere; want it kept", got)
	}
	b.fill("nik", fmt.Sprintf("990101010190%04d", people.Add(1)))
	b.next()
	b.click(`input[name=persetujuan]`)
	// The form is refused while it is younger than a person can be; the page stays as it is.
	b.until("the booking", func() bool {
		b.next()
		return b.text(".panel .code") != ""
	})
	return b.text(".panel .code")
}

// resigned answers the questions to who has resigned.
func (b tab) resigned() {
	b.t.Helper()
	for name, date := range map[string][3]string{"tanggal-lahir": {"2", "3", "1990"}, "tanggal-surat-pengunduran-diri": {"1", "9", "2026"}} {
		for i, part := range []string{"-hari", "-bulan", "-tahun"} {
			b.fill(name+part, date[i])
		}
	}
	b.choose("kepesertaan-nonaktif", "ya")
	b.choose("saldo-di-atas-50-juta", "tidak")
	b.choose("pernah-klaim-sebagian", "tidak")
	b.next()
}

// person fills in who it is.
func (b tab) person(nik, mail string) {
	b.t.Helper()
	for name, value := range map[string]string{"nama": "Budi Uji", "nik": nik, "kpj": "99000000001", "ponsel": "0812 3456 7890",
		"surel": mail, "bank": "Bank Uji", "rekening": "1234567890", "pemilik": "Budi Uji"} {
		b.fill(name, value)
	}
	b.next()
}

// sendPapers sends a picture for every required slot and waits until each is accepted.
func (b tab) sendPapers(prefix string, javascript bool) {
	b.t.Helper()
	b.open(prefix + "/berkas")
	slots, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](`Array.from(document.querySelector('.tasks').querySelectorAll('a')).map(a => a.getAttribute('href'))`))
	b.must(err)
	if len(slots) < 3 {
		b.t.Fatalf("%d required slots\n%s", len(slots), b.where())
	}
	for _, slot := range slots {
		b.open(slot)
		if b.first("input[type=file]", "name") == "" {
			b.click(`input[name=jenis]`)
			b.next()
		}
		b.must(cdp.Do(b.ctx, cdp.SetUploadFiles(cdp.CSS(`input[type=file]`), []string{paper(b.t)})))
		if !javascript {
			b.next()
		} else {
			b.click("main form .buttons button")
		}
		b.until("acceptance of "+slot, func() bool {
			if !javascript {
				b.open(prefix + "/berkas")
			}
			done, err := cdp.Run(b.ctx, cdp.Evaluate[bool](fmt.Sprintf(`location.pathname === %q && !!document.querySelector('li.done a[href="%s"], li.warning a[href="%s"]')`, prefix+"/berkas", slot, slot)))
			return err == nil && done
		})
		b.check()
	}
}

// reopen opens a registration with its code.
func (b tab) reopen(prefix, code string) {
	b.t.Helper()
	b.open(prefix + "/status")
	b.fill("kode", code)
	for name, value := range map[string]string{"hari": "2", "bulan": "3", "tahun": "1990"} {
		b.fill("tanggal-lahir-"+name, value)
	}
	b.next()
}

// returnLater opens the registration by its code, moves it and cancels it.
func (b tab) returnLater(prefix, code string) {
	b.t.Helper()
	b.reopen(prefix, strings.ToLower(code))
	before := b.text(".summary")
	b.press(fmt.Sprintf(`a[href=%q]`, prefix+"/status/pindah"))
	b.next()
	b.choose("tanggal", b.first(`.option:nth-of-type(3) input[name=tanggal]`, "value"))
	b.next()
	b.choose("jam", b.first(`input[name=jam]:not([disabled])`, "value"))
	b.next()
	if b.text(".summary") == before {
		b.t.Errorf("the place has not moved\n%s", b.where())
	}
	b.open(prefix + "/tanda-terima")
	b.open(prefix + "/status")
	b.press(fmt.Sprintf(`a[href=%q]`, prefix+"/status/batal"))
	b.next()
	if got := b.first(`main a.button`, "href"); got != prefix+"/daftar" {
		b.t.Errorf("after cancelling the page leads to %q; want a new start\n%s", got, b.where())
	}
}
