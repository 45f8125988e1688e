package browser_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"
)

// deviceChecks are the checks that have a button, with the answer and the
// words' key that each browser below gives.
var deviceChecks = []string{"kamera", "mikrofon", "suara", "jaringan"}

// Chromium with a camera and a microphone, with none, and with both denied.
func TestDeviceTestWithJavaScript(t *testing.T) {
	for _, tt := range []struct {
		name  string
		flags []cdp.ExecAllocatorOption
		want  map[string]string // check: answer and key of the words
		words map[string]string // part of the page, by address prefix
	}{
		{"devices", []cdp.ExecAllocatorOption{cdp.Flag("use-fake-device-for-media-stream", true), cdp.Flag("use-fake-ui-for-media-stream", true)},
			map[string]string{"kamera": "ya baik", "mikrofon": "ya baik", "suara": " baik", "jaringan": "ya baik"},
			map[string]string{"": "Mikrofon menangkap suara Anda", "/en": "The microphone hears you"}},
		{"no devices", []cdp.ExecAllocatorOption{cdp.Flag("use-fake-ui-for-media-stream", true)},
			map[string]string{"kamera": "tidak tiada", "mikrofon": "tidak tiada", "suara": " baik", "jaringan": "ya baik"},
			map[string]string{"": "Kamera tidak ditemukan", "/en": "No camera was found"}},
		{"denied", []cdp.ExecAllocatorOption{cdp.Flag("use-fake-device-for-media-stream", true), cdp.Flag("use-fake-ui-for-media-stream", "deny")},
			map[string]string{"kamera": "tidak ditolak", "mikrofon": "tidak ditolak", "suara": " baik", "jaringan": "ya baik"},
			map[string]string{"": "Kamera tidak diizinkan", "/en": "The camera is not allowed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			running, stop, err := start(tt.flags...)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(stop)
			for _, prefix := range []string{"", "/en"} {
				b := openIn(t, running, office, 360, true)
				b.open(prefix + "/uji-perangkat")
				for _, name := range deviceChecks {
					if got := b.test(name); got != tt.want[name] {
						t.Errorf("%s%s: %s = %q; want %q\n%s", tt.name, prefix, name, got, tt.want[name], b.where())
					}
				}
				if !strings.Contains(b.text("main form"), tt.words[prefix]) {
					t.Errorf("%s%s: the page does not say %q", tt.name, prefix, tt.words[prefix])
				}
				b.choose("suara", "ya")
				html := b.next()
				ready := tt.name == "devices"
				if strings.Contains(html, `class="notice warning"`) == ready {
					t.Errorf("%s%s: warns: %v\n%s", tt.name, prefix, ready, b.where())
				}
			}
		})
	}
}

// test presses the button of a check, waits for its end and returns the answer
// that is chosen and the key of the words that are shown.
func (b tab) test(name string) string {
	b.t.Helper()
	field := fmt.Sprintf(`fieldset:has([name=%s])`, name)
	b.click(field + " button")
	b.until("the end of the test of "+name, func() bool {
		return b.first(field+" .status", "data-hasil") != "" && b.first(field+" button:enabled", "type") != ""
	})
	chosen, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf(`(document.querySelector('[name=%s]:checked') || {value: ''}).value`, name)))
	b.must(err)
	return chosen + " " + b.first(field+" .status", "data-hasil")
}

// The camera's picture is seen while it is tested, its page has no violation,
// nothing of it is sent, and the policy blocks nothing that the page needs.
func TestDeviceTestKeepsPicturesHere(t *testing.T) {
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Fatalf("axe-core is missing: run npm ci in infra/tools, or infra/check: %v", err)
	}
	running, stop, err := start(cdp.Flag("use-fake-device-for-media-stream", true), cdp.Flag("use-fake-ui-for-media-stream", true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	b := openIn(t, running, office, 360, true)
	b.open("/uji-perangkat")
	b.must(cdp.Do(b.ctx, cdp.Evaluate[cdp.Void](`window.blocked = []; document.addEventListener('securitypolicyviolation', (e) => blocked.push(e.violatedDirective)); 0`)))
	b.test("mikrofon")
	for range 3 { // only the last picture stays
		b.test("kamera")
	}
	if n, err := cdp.Run(b.ctx, cdp.Evaluate[float64](`document.querySelectorAll('video').length`)); err != nil || n != 1 {
		t.Errorf("%v pictures, %v; want one", n, err)
	}
	raw, err := cdp.Run(b.ctx, cdp.Evaluate[string](`JSON.stringify({width: (document.querySelector('video') || {}).videoWidth || 0, wide: document.documentElement.scrollWidth,
		blocked, requests: performance.getEntriesByType('resource').map(r => r.name).filter(n => !/\.(js|svg)$/.test(n))})`))
	b.must(err)
	var seen struct {
		Width, Wide       int
		Blocked, Requests []string
	}
	b.must(json.Unmarshal([]byte(raw), &seen))
	if seen.Width == 0 || seen.Wide > 360 || len(seen.Blocked) > 0 || len(seen.Requests) > 0 {
		t.Errorf("picture %d wide on a page %d wide, blocked %v, requests %v; want a picture and nothing else", seen.Width, seen.Wide, seen.Blocked, seen.Requests)
	}
	b.call(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
	b.open("/uji-perangkat")
	b.test("kamera")
	found, err := cdp.Run(b.ctx, cdp.Evaluate[string](string(axe)+`; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
		.then(r => JSON.stringify(r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))))`, cdp.EvalAwaitPromise))
	b.must(err)
	if found != "[]" {
		t.Errorf("axe during a test: %s", found)
	}
}

// The line is measured in bounds, and a slow or broken one is named.
func TestDeviceTestOfTheLine(t *testing.T) {
	for _, tt := range []struct {
		name string
		line network.Conditions
		want string
	}{
		{"300 kbit/s down", network.Conditions{DownloadThroughput: 300_000 / 8, UploadThroughput: -1}, "tidak lambat"},
		{"100 kbit/s up", network.Conditions{DownloadThroughput: -1, UploadThroughput: 100_000 / 8}, "tidak lambat"},
		{"2 Mbit/s", network.Conditions{DownloadThroughput: 2_000_000 / 8, UploadThroughput: 2_000_000 / 8, Latency: 200}, "ya baik"},
		{"none", network.Conditions{Offline: true}, "tidak putus"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, 360, true)
			b.open("/uji-perangkat")
			_, err := cdp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&tt.line}})
			b.must(err)
			if got := b.test("jaringan"); got != tt.want {
				t.Errorf("the line = %q; want %q\n%s", got, tt.want, b.where())
			}
			t.Log(b.text(`fieldset:has([name=jaringan]) .status`))
		})
	}
}

// What a browser throws, a dark picture and a busy service each have words of
// their own; only what is known fills in the answer.
func TestDeviceTestFailures(t *testing.T) {
	thrown := func(name string) string {
		return fmt.Sprintf(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('x', %q)); 0`, name)
	}
	dark := `navigator.mediaDevices.getUserMedia = async () => { const c = document.createElement('canvas'); c.getContext('2d').fillRect(0, 0, 9, 9); return c.captureStream(5); }; 0`
	silent := `navigator.mediaDevices.getUserMedia = async () => new AudioContext().createMediaStreamDestination().stream; 0`
	busy := `window.fetch = async () => new Response('', {status: 503}); 0`
	for _, tt := range []struct{ name, script, check, want string }{
		{"camera in use", thrown("NotReadableError"), "kamera", "tidak dipakai"},
		{"microphone in use", thrown("NotReadableError"), "mikrofon", "tidak dipakai"},
		{"something else", thrown("InvalidStateError"), "kamera", " lain"},
		{"dark", dark, "kamera", "tidak gelap"},
		{"silent", silent, "mikrofon", "tidak senyap"},
		{"busy", busy, "jaringan", " sibuk"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, 360, true)
			b.open("/uji-perangkat")
			b.must(cdp.Do(b.ctx, cdp.Evaluate[cdp.Void](tt.script)))
			if got := b.test(tt.check); got != tt.want {
				t.Errorf("%s = %q; want %q\n%s", tt.check, got, tt.want, b.where())
			}
		})
	}
}

// An old browser, an address without https and a low battery are said at once;
// what can still be tested keeps its button.
func TestDeviceTestOfTheBrowser(t *testing.T) {
	running, stop, err := start(cdp.Flag("host-resolver-rules", "MAP lapakasik.test 127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	insecure := strings.Replace(site, "127.0.0.1", "lapakasik.test", 1)
	for _, tt := range []struct {
		name, at, script, want string
		buttons                float64
	}{
		{"modern", site, "", "Peramban ini dapat menguji", 4},
		{"old", site, `Object.defineProperty(navigator, 'mediaDevices', {value: undefined})`, "Chrome atau Safari", 2},
		{"no https", insecure, "", "dimulai dengan https", 2},
		{"low battery", site, `navigator.getBattery = async () => ({charging: false, level: 0.12})`, "Baterai tinggal 12 persen", 4},
		{"full storage", site, `navigator.storage.estimate = async () => ({quota: 9, usage: 8})`, "hampir penuh", 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := openIn(t, running, office, 360, true)
			if tt.script != "" {
				_, err := cdp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: tt.script})
				b.must(err)
			}
			b.must(cdp.Do(b.ctx, cdp.Navigate(tt.at+"/uji-perangkat")))
			b.until("the words about the browser", func() bool { return strings.Contains(b.text("main form"), tt.want) })
			n, err := cdp.Run(b.ctx, cdp.Evaluate[float64](`document.querySelectorAll('fieldset button').length`))
			if err != nil || n != tt.buttons {
				t.Errorf("%v buttons, %v; want %v\n%s", n, err, tt.buttons, b.where())
			}
		})
	}
}

// Without JavaScript the same questions are answered by hand, before a booking
// and for one; after a bad result the interview changes to telephone and then
// to the office, with and without JavaScript.
func TestDeviceTestOfABooking(t *testing.T) {
	for _, tt := range []struct {
		prefix     string
		javascript bool
		bad, phone string
	}{
		{"", false, "Ada yang perlu diperbaiki", "Online lewat telepon"}, {"/en", true, "Something needs mending", "Online by telephone"},
	} {
		t.Run(fmt.Sprintf("%s JavaScript %v", tt.prefix, tt.javascript), func(t *testing.T) {
			b := open(t, 360, tt.javascript)
			b.open(tt.prefix + "/uji-perangkat")
			if html := b.next(); !strings.Contains(html, `id="galat"`) {
				t.Errorf("nothing answered gives no summary\n%s", b.where())
			}
			b.choose("kamera", "tidak")
			if html := b.next(); !strings.Contains(html, tt.bad) || strings.Contains(html, "/status/telepon") {
				t.Errorf("advice without a booking\n%s", b.where())
			}
			b.book(tt.prefix)
			b.open(tt.prefix + "/status")
			before := b.text(".summary")
			b.press(fmt.Sprintf(`.summary a[href=%q]`, tt.prefix+"/uji-perangkat"))
			b.choose("kamera", "tidak")
			b.choose("suara", "ya")
			b.next()
			if !strings.Contains(b.text("main"), tt.bad) {
				t.Errorf("kept result\n%s", b.where())
			}
			b.press(fmt.Sprintf(`form[action=%q] button`, tt.prefix+"/status/telepon"))
			if now := b.text(".summary"); !strings.Contains(now, tt.phone) || now == before {
				t.Errorf("after the change to telephone: %s", now)
			}
			b.open(tt.prefix + "/tanda-terima")
			b.press(fmt.Sprintf(`.summary a[href=%q]`, tt.prefix+"/uji-perangkat/hasil"))
			b.press(fmt.Sprintf(`a[href=%q]`, tt.prefix+"/status/pindah?kanal=onsite"))
			b.choose("tanggal", b.first(`.option:nth-of-type(3) input[name=tanggal]`, "value"))
			b.next()
			b.choose("jam", b.first(`input[name=jam]:not([disabled])`, "value"))
			b.next()
			if now := b.text(".summary"); strings.Contains(now, tt.phone) || strings.Contains(now, "/uji-perangkat") {
				t.Errorf("after the move to the office: %s", now)
			}
		})
	}
}
