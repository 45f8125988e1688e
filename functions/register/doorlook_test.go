package register_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
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
	led, err := cdp.RunResponse(scripted.ctx) // waits for the next page
	scripted.must(err)
	if n := asked() - before; led.URL != a.URL+"/status" || n != 2 {
		t.Errorf("at the turn the script led to %s after %d requests; want /status after 2", led.URL, n)
	}
	if text := scripted.text(); !strings.Contains(text, "Jakarta Sudirman") {
		t.Errorf("not booked: %s", text)
	}
	plain.press()
	if text := plain.text(); !strings.Contains(text, "Kode") {
		t.Errorf("without scripts not booked: %s", text)
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
