package browser_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/sample"
)

// marked holds every page below /latihan/ against what it must say, and every
// other page against saying it.
func (b tab) marked(html string) {
	b.t.Helper()
	path, err := cdp.Run(b.ctx, cdp.Evaluate[string]("location.pathname"))
	b.must(err)
	inside := strings.HasPrefix(strings.TrimPrefix(path, "/en"), page.RehearsalBase+"/")
	lang := requirement.ID
	if strings.HasPrefix(path, "/en/") {
		lang = requirement.EN
	}
	title := b.text("title")
	if says := strings.Contains(html, page.T(lang, "situs.latihan.tanda")) && strings.Contains(title, page.T(lang, "situs.latihan")); says != inside {
		b.t.Errorf("%s says that it is a rehearsal: %t (%s)", path, says, title)
	}
}

// The whole rehearsal at 360 px: from the home page over a real NIK that is
// refused and a document that is too small to the end.
func TestRehearsalJourney(t *testing.T) {
	for _, tt := range []struct {
		name       string
		prefix     string
		javascript bool
	}{{"id without JavaScript", "", false}, {"en with JavaScript", "/en", true}} {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, 360, tt.javascript)
			b.open(tt.prefix + "/")
			b.press(fmt.Sprintf(`main a[href=%q]`, tt.prefix+"/latihan/"))
			prefix := tt.prefix + page.RehearsalBase
			code := b.practise(prefix, func(string) {})
			b.sendBad(prefix, tt.javascript)
			b.sendPapers(prefix, tt.javascript)
			b.press(fmt.Sprintf(`form[action=%q] button`, prefix+"/berkas/kirim"))
			if got := b.text(".panel .code"); got != code {
				t.Fatalf("the receipt shows code %q; want %q\n%s", got, code, b.where())
			}
			again := open(t, 360, tt.javascript)
			again.returnLater(prefix, code)
			// The real status does not know it.
			again.open(tt.prefix + "/status")
			again.fill("kode", code)
			for name, value := range map[string]string{"hari": "2", "bulan": "3", "tahun": "1990"} {
				again.fill("tanggal-lahir-"+name, value)
			}
			if again.next(); !strings.Contains(again.text("main"), page.T(lang(tt.prefix), "daftar.kode.tidak-cocok")) {
				t.Errorf("the code of a rehearsal opens something real\n%s", again.where())
			}
		})
	}
}

func lang(prefix string) requirement.Lang {
	if prefix == "/en" {
		return requirement.EN
	}
	return requirement.ID
}

// practise books in a rehearsal and returns the code. Everything that is
// offered is taken as it is, but for the birth date and a real NIK.
func (b tab) practise(prefix string, see func(name string)) string {
	b.t.Helper()
	b.open(strings.TrimSuffix(prefix, page.RehearsalBase) + "/latihan/")
	b.press(fmt.Sprintf(`main a.button[href=%q]`, prefix+"/daftar"))
	b.choose("sebab", "mengundurkan-diri")
	b.next()
	for i, part := range []string{"-hari", "-bulan", "-tahun"} {
		b.fill("tanggal-lahir"+part, []string{"2", "3", "1990"}[i])
	}
	b.next()
	b.choose("kanal", "online")
	b.fill("kantor", "bandar-lampung")
	b.next()
	b.choose("tanggal", b.first(`.option:nth-of-type(2) input[name=tanggal]`, "value"))
	b.next()
	b.choose("jam", b.first(`input[name=jam]:not([disabled])`, "value"))
	b.next()
	see("person")
	offered := b.first("[name=nik]", "value")
	if !strings.HasPrefix(offered, "99") || !strings.HasSuffix(offered[:12], "020390") {
		b.t.Errorf("NIK on offer: %s; want one of province 99 with the birth date\n%s", offered, b.where())
	}
	b.fill("nik", "18"+offered[2:])
	answer, err := cdp.RunResponse(b.ctx, cdp.Click(cdp.CSS("main form .buttons button")))
	b.must(err)
	if b.check(); answer.Status != http.StatusUnprocessableEntity {
		b.t.Fatalf("a real NIK is answered with %d; want 422\n%s", answer.Status, b.where())
	}
	see("real NIK")
	b.fill("nik", offered)
	b.next()
	b.click(`input[name=persetujuan]`)
	b.until("the booking", func() bool {
		b.next()
		return b.text(".panel .code") != ""
	})
	see("booked")
	return b.text(".panel .code")
}

// sendBad sends the sample that is too small and reads what the check says.
func (b tab) sendBad(prefix string, javascript bool) {
	b.t.Helper()
	list, err := sample.All()
	b.must(err)
	for _, s := range list {
		if s.Finding != "TOO_SMALL" {
			continue
		}
		file := filepath.Join(b.t.TempDir(), s.Name)
		b.must(os.WriteFile(file, s.Body, 0o600))
		slot := prefix + "/berkas/kartu-peserta"
		b.open(slot)
		b.must(cdp.Do(b.ctx, cdp.SetUploadFiles(cdp.CSS(`input[type=file]`), []string{file})))
		if javascript {
			b.click("main form .buttons button")
		} else {
			b.next()
		}
		l := lang(strings.TrimSuffix(prefix, page.RehearsalBase))
		b.until("the finding", func() bool {
			if !javascript {
				b.open(prefix + "/berkas")
			}
			return strings.Contains(b.text("li.error"), page.T(l, "berkas.temuan."+s.Finding))
		})
	}
}
