package browser_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"
)

// content is one generated page of every kind, rendered one page of
// every kind of the functions that needs no registration; without the language.
var (
	content = []string{"/", "/klaim/", "/klaim/phk/", "/klaim/meninggal-dunia/", "/klaim/jkp/", "/prosedur/online/", "/kantor/",
		"/kantor/bandar-lampung/", "/kantor/kcp-metro/", "/standar-pelayanan/", "/privasi/", "/bantuan/foto-dokumen/", "/tidak-ada/"}
	rendered = []string{"/daftar", "/daftar/syarat?sebab=phk", "/status", "/tanda-terima"}
)

// Every kind of page, generated and rendered, every step of the journey and
// every error page on the way, in both languages: nothing for axe to find on a
// narrow and on a wide screen, nothing wider than 320 px with text at twice its
// size, and within the budgets of the first view.
func TestPages(t *testing.T) {
	source, err := os.ReadFile(axePath)
	if err != nil {
		t.Fatalf("axe-core is missing: run npm ci in infra/tools, or infra/check: %v", err)
	}
	largest := map[string]int{}
	for _, language := range []struct{ name, prefix string }{{"id", ""}, {"en", "/en"}} {
		t.Run(language.name, func(t *testing.T) {
			b := open(t, 360, true)
			b.call(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
			done := map[string]bool{}
			generated := false
			b.seen = func(b tab) {
				name := fmt.Sprintf("%s (%s)", b.path(), b.text("title"))
				if done[name] {
					return
				}
				done[name] = true
				b.budget(name, generated, largest)
				for _, width := range []int64{360, 1280} {
					b.must(cdp.Do(b.ctx, cdp.EmulateViewport(width, 800)))
					b.axe(name, width, string(source))
				}
				b.must(cdp.Do(b.ctx, cdp.EmulateViewport(320, 800)))
				b.reflow(name)
				b.must(cdp.Do(b.ctx, cdp.EmulateViewport(360, 800)))
			}
			generated = true
			before := calls.count()
			for _, path := range content {
				b.open(language.prefix + path)
			}
			if n := calls.count() - before; n != 0 {
				t.Errorf("opening %d content pages called a function %d times", len(content), n)
			}
			generated = false
			for _, path := range rendered {
				b.open(language.prefix + path)
			}
			// The journey begins with content pages that are known by now.
			code := b.book(language.prefix)
			b.open(language.prefix + "/status")
			b.sendPapers(language.prefix, true)
			b.press(fmt.Sprintf(`form[action=%q] button`, language.prefix+"/berkas/kirim"))
			b.returnLater(language.prefix, code)
			t.Logf("%d pages", len(done))
		})
	}
	t.Logf("largest in brotli bytes: %v", largest)
}

// path is the address of the page without its host.
func (b tab) path() string {
	b.t.Helper()
	at, err := cdp.Run(b.ctx, cdp.Location())
	b.must(err)
	return strings.TrimPrefix(at, site)
}

func (b tab) axe(name string, width int64, source string) {
	b.t.Helper()
	found, err := cdp.Run(b.ctx, cdp.Evaluate[string](source+`;
		axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
		.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))))`, cdp.EvalAwaitPromise))
	b.must(err)
	var violations []string
	b.must(json.Unmarshal([]byte(found), &violations))
	for _, v := range violations {
		b.t.Errorf("%s at %d px: %s", name, width, v)
	}
}

// reflow looks for what is wider than the screen with text at twice its size;
// a table may scroll inside its own box.
func (b tab) reflow(name string) {
	b.t.Helper()
	wide, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](`(() => {
		const root = document.documentElement;
		root.style.fontSize = '200%';
		const limit = root.clientWidth + 1;
		const wide = Array.from(document.querySelectorAll('body *'))
			.filter(e => !e.closest('.scroll') && !e.closest('.hide') && !e.closest('.skip') && e.getBoundingClientRect().right > limit && e.getClientRects().length)
			.slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + (e.textContent || '').trim().slice(0, 60));
		if (root.scrollWidth > limit) wide.push('the page scrolls to ' + root.scrollWidth + ' px');
		root.style.fontSize = '';
		return wide;
	})()`))
	b.must(err)
	for _, w := range wide {
		b.t.Errorf("%s is wider than the screen: %s", name, w)
	}
}

// budget holds the first view against its limits: HTML with its stylesheet and
// scripts in brotli bytes, the number of requests, and whom they ask.
func (b tab) budget(name string, generated bool, largest map[string]int) {
	b.t.Helper()
	kind, scriptLimit, requestLimit := "form", 2<<10, 4
	if generated {
		kind, scriptLimit, requestLimit = "content", 512, 3
	}
	document, _, requests, scripts := b.net.read()
	sent, err := cdp.Call(b.ctx, network.GetResponseBody, network.GetResponseBodyParams{RequestID: document})
	b.must(err)
	n := packed(b.t, sent.Body)
	largest[kind+" HTML"] = max(largest[kind+" HTML"], n)
	if n > 8<<10 {
		b.t.Errorf("%s: HTML and CSS are %d bytes in brotli; want at most 8192", name, n)
	}
	n = 0
	for _, s := range slices.Compact(slices.Sorted(slices.Values(scripts))) {
		n += packed(b.t, b.fetch(s))
	}
	largest[kind+" scripts"] = max(largest[kind+" scripts"], n)
	if n > scriptLimit {
		b.t.Errorf("%s: scripts are %d bytes in brotli; want at most %d", name, n, scriptLimit)
	}
	largest[kind+" requests"] = max(largest[kind+" requests"], len(requests))
	if len(requests) > requestLimit {
		b.t.Errorf("%s makes %d requests; want at most %d: %v", name, len(requests), requestLimit, requests)
	}
	for i, r := range requests {
		path, own := strings.CutPrefix(r, site+"/")
		if !own {
			b.t.Errorf("%s asks somebody else: %s", name, r)
		}
		if i > 0 && generated && !strings.HasPrefix(path, "aset/") {
			b.t.Errorf("%s asks for /%s; a content page needs itself and /aset/", name, path)
		}
	}
}

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

func (b tab) fetch(url string) []byte {
	b.t.Helper()
	r, err := http.Get(url)
	b.must(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	b.must(err)
	if r.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %s", url, r.Status)
	}
	return body
}
