package register_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A tab is a real browser at the door.
type tab struct {
	t   *testing.T
	app *apptest.App
	ctx context.Context
}

func openTab(t *testing.T, a *apptest.App, scripts bool) tab {
	t.Helper()
	b := tab{t, a, a.Chromium(t, a.Browser())}
	_, err := cdp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripts})
	b.must(err)
	return b
}

// withScripts is doorway, with the scripts of its pages.
func withScripts(t *testing.T) *apptest.App {
	t.Helper()
	a := doorway(t)
	a.Serve(web.Route{Method: http.MethodGet, Path: "/aset/{nama}", Handle: func(c *web.Call) error {
		return c.File("text/javascript", c.R.PathValue("nama"), page.Assets()["/aset/"+c.R.PathValue("nama")])
	}})
	return a
}

func (b tab) must(err error) {
	b.t.Helper()
	if err != nil {
		text, _ := cdp.Run(b.ctx, cdp.Evaluate[string]("location.href + '\\n' + document.body.innerText.slice(0, 600)"))
		b.t.Fatalf("%v\n%s", err, text)
	}
}

func (b tab) open(path string) {
	b.t.Helper()
	b.must(cdp.Do(b.ctx, cdp.Navigate(b.app.URL+path)))
}

// send opens the answer to a form.
func (b tab) send(path string, form url.Values) {
	b.t.Helper()
	b.open("/daftar")
	fields, err := json.Marshal(form)
	b.must(err)
	_, err = cdp.Run(b.ctx, cdp.Evaluate[bool](fmt.Sprintf(`(() => {
		const f = document.createElement('form'), all = %s;
		f.method = 'post'; f.action = '%s';
		for (const k in all) for (const v of all[k]) { const i = document.createElement('input'); i.type = 'hidden'; i.name = k; i.value = v; f.append(i); }
		const go = document.createElement('button'); go.textContent = 'uji'; f.append(go);
		document.querySelector('main').replaceChildren(f); return true; })()`, fields, path)))
	b.must(err)
	_, err = cdp.RunResponse(b.ctx, cdp.Click(cdp.CSS("main form button")))
	b.must(err)
}

// press clicks the page's main button.
func (b tab) press() {
	b.t.Helper()
	_, err := cdp.RunResponse(b.ctx, cdp.Click(cdp.CSS("main form button[type=submit]")))
	b.must(err)
}

func (b tab) text() string {
	b.t.Helper()
	text, err := cdp.Run(b.ctx, cdp.Evaluate[string]("document.querySelector('main').innerText"))
	b.must(err)
	return text
}

// code is how a registration code is said.
var code = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)

// comes waits until the page says something.
func (b tab) comes(words string) {
	b.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	end := time.After(time.Minute)
	for {
		shown, err := cdp.Run(b.ctx, cdp.Evaluate[string]("document.body.innerText")) // fails between two pages
		if err == nil && strings.Contains(shown, words) {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			b.t.Fatalf("the page does not come to say %q:\n%s", words, shown)
		}
	}
}

// head is where the focus is: the name of the element and the page's title.
func (b tab) head() string {
	b.t.Helper()
	head, err := cdp.Run(b.ctx, cdp.Evaluate[string]("(document.activeElement.id || document.activeElement.localName) + ' ' + document.title"))
	b.must(err)
	return head
}

// tap presses the page's main button without waiting for a page.
func (b tab) tap() {
	b.t.Helper()
	b.must(cdp.Do(b.ctx, cdp.Click(cdp.CSS("main form button[type=submit]"))))
}

// atOnce lets the scripts of the tab's pages wait for no time where they wait
// for a random one, and has the pages' own policy hold.
func (b tab) atOnce() {
	b.t.Helper()
	_, err := cdp.Call(b.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: "Math.random = () => 0"})
	b.must(err)
	_, err = cdp.Call(b.ctx, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: false})
	b.must(err)
}

func (b tab) offline(off bool) {
	b.t.Helper()
	line := network.Conditions{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}
	_, err := cdp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&line}})
	b.must(err)
}

func (b tab) look(name string) { b.t.Helper(); apptest.Inspect(b.t, "../..", b.ctx, name) }

// crowd takes so many numbers before the door opens.
func crowd(t *testing.T, a *apptest.App, n int) {
	t.Helper()
	door, ok := claim.DoorOf(a.Set.Branch(doorBranch), a.Set.Booking, newestDay)
	if !ok {
		t.Fatal("no door")
	}
	for range n {
		if _, err := a.Store.TakeNumber(t.Context(), doorBranch, newestDay, door); err != nil {
			t.Fatal(err)
		}
	}
}

// The pages of the door in Chromium: the board, the number and the filled-in
// form, before the hour, with others ahead, at the turn, and when too many ask.
func TestDoorPagesInBrowser(t *testing.T) {
	a := withScripts(t)
	crowd(t, a, 900) // so that no turn comes while we look
	form, other := doorForm(a, 1), doorForm(a, 2)
	b := openTab(t, a, true)
	b.open("/daftar/antre/" + doorBranch)
	b.look("antre-papan")
	b.press()
	b.look("antre-nomor")
	b.send("/daftar", form)
	b.look("antre-tunggu")
	until(a, 0)
	late := openTab(t, a, true)
	late.send("/daftar", other)
	late.look("antre-tunggu-di-depan")
	late.open("/daftar/nomor/" + doorBranch)
	late.look("antre-nomor-di-depan")
	until(a, 30*time.Second)
	late.open("/daftar/antre/" + doorBranch)
	late.look("antre-papan-buka")
	late.open("/daftar/nomor/" + doorBranch)
	late.look("antre-giliran")
}

// Who waits is let in and booked: by the script without a touch, and without
// scripts by the button, pressed once too early. The script asks only when the
// turn has come.
func TestWaitUntilBookedInBrowser(t *testing.T) {
	a := withScripts(t)
	crowd(t, a, 120)
	with, without := doorForm(a, 1), doorForm(a, 2)
	until(a, 0)
	plain, scripted := openTab(t, a, false), openTab(t, a, true)
	plain.send("/daftar", without)
	plain.press()
	if text := plain.text(); !strings.Contains(text, "Giliran Anda pukul 08.00.02") {
		t.Fatalf("pressed too early: %s", text)
	}
	asked := func() int { return strings.Count(a.Log.String(), `"POST","route":"/daftar",`) }
	before := asked()
	scripted.send("/daftar", with)
	if n := asked() - before; n != 1 {
		t.Fatalf("the waiting page was asked for %d times; want once", n)
	}
	a.Clock.Move(3 * time.Second)
	scripted.comes("Simpan kode ini")
	if n := asked() - before; n != 2 {
		t.Errorf("until it was booked the script asked %d times; want 2", n)
	}
	if text := scripted.text(); !code.MatchString(text) || !strings.Contains(text, "Jakarta Sudirman") {
		t.Errorf("no code, or not booked: %s", text)
	}
	plain.press()
	if text := plain.text(); !strings.Contains(text, "Kode") {
		t.Errorf("without scripts not booked: %s", text)
	}
}

// Whatever the answer at the turn, who waits with scripts sees what a sent form
// would show, at the same address and after one request. Where there is none,
// or it says "too many", the form stays and says so.
func TestAnswersAtTheTurnInBrowser(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before func(*testing.T, *apptest.App, url.Values) // the turn
		says   string
		head   string // where the focus is, and the title
		asked  int
	}{
		{"booked", func(*testing.T, *apptest.App, url.Values) {}, "Simpan kode ini", "h1 Tempat Anda", 1},
		{"sold out", sellOut, "Semua tempat hari itu sudah diambil", "h1 Semua tempat", 1},
		{"mistake", func(_ *testing.T, a *apptest.App, _ url.Values) {
			a.Set.Consents = append(a.Set.Consents, requirement.Consent{Code: "baru", Version: "1", Asked: true, Required: true, Channels: []requirement.Channel{requirement.Online}, Text: requirement.Text{ID: "Izin baru"}})
		}, "Izin baru", "galat ", 1},
		{"too many", spendTries, "Belum berhasil", "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := withScripts(t)
			form := doorForm(a, 1)
			b := openTab(t, a, true)
			b.atOnce()
			b.send("/daftar", form)
			tt.before(t, a, form)
			until(a, 10*time.Second)
			asked := func() int { return strings.Count(a.Log.String(), `"POST","route":"/daftar",`) }
			before := asked()
			b.tap()
			b.comes(tt.says)
			if head := b.head(); !strings.HasPrefix(head, tt.head) {
				t.Errorf("the focus and the title are %q; want %q", head, tt.head)
			}
			if n := asked() - before; n != tt.asked {
				t.Errorf("asked %d times; want %d", n, tt.asked)
			}
			if at, err := cdp.Run(b.ctx, cdp.Evaluate[string]("location.href")); err != nil || at != a.URL+"/daftar" {
				t.Errorf("the page is at %s, %v", at, err)
			}
			b.look("antre-jawaban-" + strings.ReplaceAll(tt.name, " ", "-"))
		})
	}
}

// sellOut takes the only place of the day.
func sellOut(t *testing.T, a *apptest.App, _ url.Values) {
	t.Helper()
	if err := a.Store.EnsureDay(t.Context(), claim.DayPlan{Branch: doorBranch, Date: newestDay, Sessions: []claim.Session{{Channel: requirement.Online, Time: "09:00", Places: 1}}}); err != nil {
		t.Fatal(err)
	}
	form, b := doorForm(a, 2), a.Browser()
	b.Post("/daftar", form)
	until(a, 5*time.Second)
	if got := b.Post("/daftar", form); got.Status != http.StatusCreated {
		t.Fatalf("the other one: %d %s", got.Status, got.Body)
	}
}

// spendTries uses up what the claimant may try in an hour, for a time of the
// day that has no place.
func spendTries(t *testing.T, a *apptest.App, form url.Values) {
	t.Helper()
	if err := a.Store.EnsureDay(t.Context(), claim.DayPlan{Branch: doorBranch, Date: newestDay, Sessions: []claim.Session{{Channel: requirement.Online, Time: "10:00", Places: 1}}}); err != nil {
		t.Fatal(err)
	}
	b, last := a.Browser(), 0
	b.Post("/daftar", form)
	until(a, 5*time.Second)
	for n := 0; n < 30 && last != http.StatusTooManyRequests; n++ {
		last = b.Post("/daftar", form).Status
	}
	if last != http.StatusTooManyRequests {
		t.Fatalf("the last try: %d", last)
	}
}

// A line that breaks at the turn loses nothing: the form stays, and sent again
// it shows the code, and the same one when the page is loaded again.
func TestLineLostAtTheTurnInBrowser(t *testing.T) {
	a := withScripts(t)
	form := doorForm(a, 1)
	b := openTab(t, a, true)
	b.atOnce()
	b.send("/daftar", form)
	until(a, 10*time.Second)
	b.offline(true)
	b.tap()
	b.comes("Belum berhasil")
	b.offline(false)
	b.tap()
	b.comes("Simpan kode ini")
	won := code.FindString(b.text())
	b.must(cdp.Do(b.ctx, cdp.Reload()))
	b.comes("Simpan kode ini")
	if again := code.FindString(b.text()); won == "" || again != won {
		t.Errorf("the code is %q, and %q when the page is loaded again", won, again)
	}
}

// The answers of an overload are small, but pages: an address that took too
// many numbers, and a store that is throttled.
func TestOverloadPagesInBrowser(t *testing.T) {
	a := withScripts(t)
	for path, err := range map[string]error{"/uji/terlalu-sering": claim.ErrTooMany, "/uji/sibuk": claim.ErrBusy} {
		a.Serve(web.Route{Method: http.MethodGet, Path: path, Handle: func(*web.Call) error { return err }})
	}
	a.Look(t, "../..", a.Browser(), map[string]string{"terlalu-sering": "/uji/terlalu-sering", "sibuk": "/uji/sibuk", "busy": "/en/uji/sibuk"})
}
