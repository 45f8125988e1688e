package browser_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/pdfcpu/pdfcpu/pkg/api"
)

// media shows pages as on paper ("print"), or with media features such as
// forced-colors.
func (b tab) media(kind string, features ...*emulation.MediaFeature) {
	b.t.Helper()
	_, err := cdp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: features})
	b.must(err)
}

// faults runs a script that returns what is wrong on the page.
func (b tab) faults(script string) []string {
	b.t.Helper()
	found, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](script))
	b.must(err)
	return found
}

// With the colours of a high-contrast theme every control still has a shape
// and every focus can be seen.
const forcedColours = `(() => {
	const name = (e) => e.tagName + '.' + e.className + ' ' + (e.textContent || e.name || '').trim().slice(0, 40);
	const out = [];
	if (!matchMedia('(forced-colors: active)').matches) return ['the browser does not force colours'];
	for (const e of document.querySelectorAll('button, a.button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, textarea, .tag, .notice, .errors')) {
		const style = getComputedStyle(e);
		if (e.getClientRects().length && (style.borderLeftStyle === 'none' || parseFloat(style.borderLeftWidth) < 1)) out.push('has no shape: ' + name(e));
	}
	for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
		if (!e.checkVisibility() || e.disabled) continue;
		e.focus({focusVisible: true});
		const style = getComputedStyle(e);
		if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) out.push('focus cannot be seen: ' + name(e));
	}
	return out.slice(0, 5);
})()`

// On paper there is the content in dark ink on white, without what can only be
// pressed.
const onPaper = `(() => {
	const out = [];
	const dark = (e) => { const c = getComputedStyle(e).color.match(/[\d.]+/g).map(Number); return c[0] * 0.3 + c[1] * 0.6 + c[2] * 0.1 < 140; };
	for (const e of document.querySelectorAll('nav, form, .skip')) if (e.getClientRects().length) out.push('is printed: ' + e.tagName + '.' + e.className);
	for (const e of document.querySelectorAll('h1, h2, h3, main p, main li, main td, main dd'))
		if (e.getClientRects().length && e.textContent.trim() && !dark(e)) out.push('is pale: ' + e.tagName + ' ' + e.textContent.trim().slice(0, 40));
	if (getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)') out.push('the paper is coloured');
	if (!document.querySelector('h1').getClientRects().length) out.push('there is no title');
	return out.slice(0, 5);
})()`

func TestForcedColoursAndPrint(t *testing.T) {
	b := open(t, 360, true)
	visit(t, b, func(t *testing.T, name string) {
		b := b
		b.t = t
		b.media("", &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
		for _, f := range b.faults(forcedColours) {
			t.Errorf("%s with forced colours: %s", name, f)
		}
		b.media("print")
		for _, f := range b.faults(onPaper) {
			t.Errorf("%s on paper: %s", name, f)
		}
		b.media("")
	})
}

// The checklist of every claim reason is one sheet of A4, in both languages.
func TestChecklistIsOneSheet(t *testing.T) {
	b := open(t, 800, true)
	b.open("/klaim/")
	reasons := b.faults(`Array.from(document.querySelectorAll('main .cards a'), a => a.getAttribute('href'))`)
	sheets := 0
	for _, prefix := range []string{"", "/en"} {
		for _, reason := range reasons {
			b.open(prefix + reason)
			if b.first(`a[href$="/cetak/"]`, "href") == "" {
				continue // a reason that only guides
			}
			sheets++
			b.open(prefix + reason + "cetak/")
			pdf, err := cdp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69})
			b.must(err)
			n, err := api.PageCount(bytes.NewReader(pdf.Data), nil)
			if err != nil || n != 1 {
				t.Errorf("%s%scetak/ is %d sheets, %v; want 1", prefix, reason, n, err)
			}
			b.media("print")
			for _, f := range b.faults(underThePicture) {
				t.Errorf("%s%scetak/: the QR code lies over %s", prefix, reason, f)
			}
			b.media("")
		}
	}
	if sheets < 24 {
		t.Errorf("%d checklists; want one for each of 12 reasons in 2 languages", sheets)
	}
}

// underThePicture are the lists that the box of the QR code covers a part of.
const underThePicture = `(() => {
	const picture = document.querySelector('.picture').getBoundingClientRect();
	return Array.from(document.querySelectorAll('.tasks')).filter((e) => {
		const r = e.getBoundingClientRect();
		return r.top < picture.bottom && r.bottom > picture.top && r.right > picture.left;
	}).map((e) => e.className);
})()`

// On a phone the head of a page has one line above the menu, in each language.
func TestHeadOfAPage(t *testing.T) {
	b := open(t, 360, true)
	for _, path := range []string{"/klaim/", "/en/klaim/", "/en/daftar", "/en/latihan/daftar"} {
		b.open(path)
		if f := b.faults(`Array.from(document.querySelectorAll('.top .lang')).filter((e, i, all) => e.getBoundingClientRect().top > all[0].getBoundingClientRect().top).map((e) => e.textContent)`); len(f) > 0 {
			t.Errorf("%s: %v fall to a second line", path, f)
		}
	}
}

// On a wide screen the tables of the results use the place that there is, and
// nothing else grows with them.
func TestTablesOfTheResults(t *testing.T) {
	b := open(t, 1280, true)
	for _, path := range []string{"/kinerja", "/en/kinerja", "/bantuan/"} {
		b.open(path)
		for _, f := range b.faults(`Array.from(document.querySelectorAll('.scroll')).filter((e) => e.scrollWidth > e.clientWidth || e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent.trim().slice(0, 40))
			.concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])`) {
			t.Errorf("%s: %s is cut", path, f)
		}
	}
}

// The whole journey with the keyboard alone, every stop of the Tab key seen.
func TestKeyboardJourney(t *testing.T) {
	for _, javascript := range []bool{false, true} {
		t.Run(fmt.Sprintf("JavaScript %v", javascript), func(t *testing.T) {
			k := keyboard{open(t, 360, javascript)}
			k.open("/klaim/mengundurkan-diri/")
			k.enter(`a[href="/daftar/syarat?sebab=mengundurkan-diri"]`)
			for name, date := range map[string][3]string{"tanggal-lahir": {"2", "3", "1990"}, "tanggal-surat-pengunduran-diri": {"1", "9", "2026"}} {
				for i, part := range []string{"-hari", "-bulan", "-tahun"} {
					k.write(name+part, date[i])
				}
			}
			k.pick("kepesertaan-nonaktif", "ya")
			k.pick("saldo-di-atas-50-juta", "tidak")
			k.pick("pernah-klaim-sebagian", "tidak")
			k.send()
			k.pick("kanal", "online")
			k.pick("kantor", "bandar-lampung")
			k.send()
			k.pick("tanggal", k.first(`.option:nth-of-type(2) input[name=tanggal]`, "value"))
			k.send()
			k.pick("jam", k.first(`input[name=jam]:not([disabled])`, "value"))
			k.send()
			for name, value := range map[string]string{"nama": "Budi Uji", "nik": fmt.Sprintf("990101010190%04d", people.Add(1)), "kpj": "99000000001", "ponsel": "081234567890",
				"surel": "budi@contoh.id", "bank": "Bank Uji", "rekening": "1234567890", "pemilik": "Budi Uji"} {
				k.write(name, value)
			}
			k.send()
			k.stop(`input[name=persetujuan]`)
			k.press1(" ")
			k.until("the booking", func() bool {
				k.send()
				return k.text(".panel .code") != ""
			})
		})
	}
}

// A keyboard is a tab that is never clicked.
type keyboard struct{ tab }

func (k keyboard) press1(key string) {
	k.t.Helper()
	k.must(cdp.Do(k.ctx, cdp.KeyEvent(key)))
}

// stop presses Tab until an element has the focus, and sees the focus at each stop.
func (k keyboard) stop(selector string) {
	k.t.Helper()
	for range 150 {
		seen, err := cdp.Run(k.ctx, cdp.Evaluate[string](fmt.Sprintf(`(() => {
			const e = document.activeElement, style = getComputedStyle(e);
			if (e.matches(%q)) return 'here';
			return e === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.backgroundColor !== 'rgba(0, 0, 0, 0)' ? '' : e.outerHTML.slice(0, 120);
		})()`, selector)))
		k.must(err)
		if seen == "here" {
			return
		}
		if seen != "" {
			k.t.Errorf("the focus cannot be seen on %s", seen)
		}
		k.press1(kb.Tab)
	}
	k.t.Fatalf("the Tab key does not reach %s\n%s", selector, k.where())
}

// enter follows a link or presses a button.
func (k keyboard) enter(selector string) {
	k.t.Helper()
	k.stop(selector)
	_, err := cdp.RunResponse(k.ctx, cdp.KeyEvent(kb.Enter))
	k.must(err)
	k.check()
}

func (k keyboard) send() {
	k.t.Helper()
	k.enter("main form .buttons button")
}

func (k keyboard) write(name, value string) {
	k.t.Helper()
	k.restart()
	k.stop(fmt.Sprintf(`[name=%q]`, name))
	k.press1(value)
}

// restart lets the Tab key begin at the top, as fields come here in any order.
func (k keyboard) restart() {
	k.t.Helper()
	k.must(cdp.Do(k.ctx, cdp.Evaluate[cdp.Void](`document.activeElement.blur(); document.getSelection().removeAllRanges(); scrollTo(0, 0)`)))
}

// pick chooses by arrow keys among radio buttons or options.
func (k keyboard) pick(name, value string) {
	k.t.Helper()
	k.restart()
	k.stop(fmt.Sprintf(`[name=%q]`, name))
	if k.first(fmt.Sprintf(`select[name=%q]`, name), "name") == "" {
		k.press1(" ") // on a select it would open the list
	}
	for range 60 {
		got, err := cdp.Run(k.ctx, cdp.Evaluate[string](`document.activeElement.value`))
		k.must(err)
		if got == value {
			return
		}
		k.press1(kb.ArrowDown)
	}
	k.t.Fatalf("the arrow keys do not reach %s of %s\n%s", value, name, k.where())
}
