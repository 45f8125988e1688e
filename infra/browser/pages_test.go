package browser_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"
)

// kinds are one page of every kind, without the language, shared with the
// Lighthouse step of the checks. Content is read by the public without any function.
var kinds = sync.OnceValue(func() (all []struct {
	Name, Path string
	Content    bool
}) {
	if err := json.Unmarshal(kindsFile, &all); err != nil {
		panic(err)
	}
	return all
})

//go:embed kinds.json
var kindsFile []byte

// visit opens every kind of page in both languages, and then the pages that
// need a registration.
func visit(t *testing.T, b tab, see func(t *testing.T, name string)) {
	for _, prefix := range []string{"", "/en"} {
		for _, k := range kinds() {
			t.Run(k.Name+" "+prefix, func(t *testing.T) {
				b := b
				b.t = t
				b.open(prefix + k.Path)
				see(t, k.Name)
			})
		}
	}
	t.Run("with a registration", func(t *testing.T) {
		b := b
		b.t = t
		b.book("")
		for _, path := range []string{"/status", "/berkas", "/berkas/ktp", "/berkas/bukti-pengunduran-diri", "/tanda-terima", "/status/batal", "/status/pindah", "/uji-perangkat", "/status/pindah?kanal=onsite", "/en/berkas", "/en/tanda-terima"} {
			b.open(path)
			see(t, path)
		}
	})
	t.Run("with a rehearsal", func(t *testing.T) {
		b := b
		b.t = t
		b.practise("/latihan", func(name string) { see(t, "rehearsal, "+name) })
		for _, path := range []string{"/latihan/status", "/latihan/berkas", "/latihan/berkas/ktp", "/en/latihan/tanda-terima"} {
			b.open(path)
			see(t, path)
		}
		b.open("/status/batal")
		b.next()
		see(t, "an ended registration")
		survey := b.first(`main a[href*="undangan"]`, "href")
		for _, prefix := range []string{"/en", ""} {
			b.open(prefix + survey)
			see(t, prefix+"/survei")
		}
		b.choose("bayaran", "ya")
		b.next()
		see(t, "survey sent")
		if got := b.text("h1"); !strings.Contains(got, "Terima kasih") {
			t.Errorf("after the survey the page says %q", got)
		}
	})
}

// accessible runs axe on the page that is open.
func (b tab) accessible(t *testing.T, axe, name string) {
	t.Helper()
	found, err := cdp.Run(b.ctx, cdp.Evaluate[string](axe+`;
		axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
		.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))))`, cdp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var violations []string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("%s: %s", name, v)
	}
}

// axe finds no violation on any kind of page, wide and narrow.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Fatalf("axe-core is missing: run npm ci in infra/tools, or infra/check: %v", err)
	}
	for _, width := range []int64{360, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := open(t, width, true)
			b.call(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
			visit(t, b, func(t *testing.T, name string) { b.accessible(t, string(axe), name) })
		})
	}
}

// fits looks for what is wider than the screen with text at twice its size.
func (b tab) fits(t *testing.T, name string) {
	t.Helper()
	wide, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](`(() => {
		document.documentElement.style.fontSize = '200%';
		const limit = document.documentElement.clientWidth + 1;
		return Array.from(document.querySelectorAll('body *'))
			.filter(e => !e.closest('.scroll') && !e.closest('.hide') && !e.closest('.skip') && e.getBoundingClientRect().right > limit && e.getClientRects().length)
			.slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + (e.textContent || '').trim().slice(0, 60));
	})()`))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wide {
		t.Errorf("%s is wider than the screen: %s", name, w)
	}
}

// Nothing is wider than a screen of 320 px with text at twice its size.
func TestReflow(t *testing.T) {
	b := open(t, 320, true)
	b.call(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
	visit(t, b, b.fits)
}

// The budgets of the first view: HTML with its stylesheet in brotli bytes,
// scripts, requests; a content page asks no function and nobody else.
func TestBudgets(t *testing.T) {
	b := open(t, 360, true)
	largest := map[string]int{}
	visit(t, b, func(t *testing.T, name string) {
		raw, err := cdp.Run(b.ctx, cdp.Evaluate[string](`JSON.stringify({html: document.documentElement.outerHTML,
			requests: performance.getEntriesByType('resource').map(r => r.name), scripts: Array.from(document.scripts, s => s.src)})`))
		if err != nil {
			t.Fatal(err)
		}
		var seen struct {
			HTML              string
			Requests, Scripts []string
		}
		if err := json.Unmarshal([]byte(raw), &seen); err != nil {
			t.Fatal(err)
		}
		content := false
		for _, k := range kinds() {
			content = content || k.Content && k.Name == name
		}
		kind := "form"
		if content {
			kind = "content"
		}
		scriptLimit, requestLimit := 2<<10, 3
		if content {
			scriptLimit, requestLimit = 512, 3
		}
		if strings.HasSuffix(name, "device test") || strings.HasSuffix(name, "/uji-perangkat") {
			scriptLimit, kind = 4<<10, "device test"
		}
		html := packed(t, []byte(seen.HTML))
		largest[kind] = max(largest[kind], html)
		if html > 8<<10 {
			t.Errorf("%s: HTML and CSS are %d bytes in brotli; want at most 8192", name, html)
		}
		scripts := 0
		for _, address := range seen.Scripts {
			scripts += packed(t, fetch(t, address))
		}
		largest[kind+" scripts"] = max(largest[kind+" scripts"], scripts)
		if scripts > scriptLimit {
			t.Errorf("%s: scripts are %d bytes in brotli; want at most %d", name, scripts, scriptLimit)
		}
		if len(seen.Requests) > requestLimit {
			t.Errorf("%s makes %d requests besides itself; want at most %d: %v", name, len(seen.Requests), requestLimit, seen.Requests)
		}
		for _, r := range seen.Requests {
			path, own := strings.CutPrefix(r, site)
			if !own {
				t.Errorf("%s asks somebody else: %s", name, r)
			}
			if content && !strings.HasPrefix(path, "/aset/") {
				t.Errorf("%s asks for %s; a content page is one file", name, path)
			}
		}
	})
	t.Logf("largest pages in brotli bytes: %v", largest)
}

// packed is the size of b after brotli.
func packed(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, 11)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func fetch(t *testing.T, address string) []byte {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, r.Status, err)
	}
	return b
}
