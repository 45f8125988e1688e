package apptest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"
)

// Look opens an App's pages (name to path) in Chromium, as a browser with b's
// cookies, at 360 and 1280 px: axe finds nothing, and nothing is wider than
// the window. root is the path to the top of the checkout. With $SHOTS_DIR the
// pictures are kept, with $PAGES_DIR the pages.
func (a *App) Look(t *testing.T, root string, b *Browser, pages map[string]string) {
	t.Helper()
	open := map[string]Opening{}
	for name, path := range pages {
		open[name] = a.At(path)
	}
	LookIn(t, root, a.Chromium(t, b), open)
}

// An Opening brings a page into a tab.
type Opening func(context.Context) error

// At opens the page at a path.
func (a *App) At(path string) Opening {
	return func(ctx context.Context) error { return cdp.Do(ctx, cdp.Navigate(a.URL+path)) }
}

// Sent opens the page that answers a form sent from a page of the App, after
// all redirects.
func (a *App) Sent(path string, form url.Values) Opening {
	return func(ctx context.Context) error {
		if err := cdp.Do(ctx, cdp.Navigate(a.URL+path)); err != nil {
			return err
		}
		values, err := json.Marshal(form)
		if err != nil {
			return err
		}
		_, err = cdp.RunResponse(ctx, cdp.Evaluate[cdp.Void](fmt.Sprintf(send, path, values)))
		return err
	}
}

// send is a script with the place of a path and a form.
const send = `(() => {
	const f = document.createElement('form')
	f.method = 'post'; f.action = %q
	for (const [name, values] of Object.entries(%s)) for (const value of values) {
		const i = document.createElement('input')
		i.type = 'hidden'; i.name = name; i.value = value
		f.append(i)
	}
	document.body.append(f)
	f.submit()
})()`

// LookIn does what Look does in a tab, with pages by how they are opened.
func LookIn(t *testing.T, root string, ctx context.Context, pages map[string]Opening) {
	t.Helper()
	axe := readAxe(t, root)
	for _, width := range []int64{360, 1280} {
		for name, open := range pages {
			t.Run(fmt.Sprint(name, "-", width), func(t *testing.T) { look(t, ctx, open, fmt.Sprint(name, "-", width), width, axe) })
		}
	}
}

// Chromium returns a tab of the real browser with b's cookies, for three minutes.
func (a *App) Chromium(t *testing.T, b *Browser) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("Chromium is missing; infra/check installs it: %v", err)
	}
	allocator, cancel := cdp.NewExecAllocator(t.Context(), append(cdp.DefaultExecAllocatorOptions[:], cdp.ExecPath(program), cdp.NoSandbox, cdp.DisableGPU,
		cdp.Flag("ignore-certificate-errors", true), cdp.Flag("disable-quic", true), cdp.Flag("disable-background-networking", true),
		cdp.Flag("disable-component-update", true), cdp.Flag("disable-sync", true))...)
	t.Cleanup(cancel)
	ctx, closeTab := cdp.NewContext(allocator)
	t.Cleanup(closeTab)
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(stop)
	need(t, cdp.Do(ctx, cdp.Navigate("about:blank")))
	at, err := url.Parse(a.URL)
	need(t, err)
	for _, c := range b.Jar.Cookies(at) {
		_, err = cdp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: a.URL, Path: "/", Secure: new(true), HTTPOnly: new(true)})
		need(t, err)
	}
	// axe is put into the page, which its own policy does not allow.
	_, err = cdp.Call(ctx, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true})
	need(t, err)
	return ctx
}

func look(t *testing.T, ctx context.Context, open Opening, name string, width int64, axe string) {
	t.Helper()
	need(t, cdp.Do(ctx, cdp.EmulateViewport(width, 900)))
	need(t, open(ctx))
	inspect(t, ctx, name, width, axe)
}

// Inspect holds the page that a tab shows now against what Look does, at both
// widths: for a page that is the answer to a form.
func Inspect(t *testing.T, root string, ctx context.Context, name string) {
	t.Helper()
	axe := readAxe(t, root)
	for _, width := range []int64{360, 1280} {
		need(t, cdp.Do(ctx, cdp.EmulateViewport(width, 900)))
		inspect(t, ctx, fmt.Sprint(name, "-", width), width, axe)
	}
}

func readAxe(t *testing.T, root string) string {
	t.Helper()
	axe, err := os.ReadFile(root + "/infra/tools/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing: run npm ci in infra/tools, or infra/check: %v", err)
	}
	return string(axe)
}

func inspect(t *testing.T, ctx context.Context, name string, width int64, axe string) {
	t.Helper()
	if dir := os.Getenv("SHOTS_DIR"); dir != "" {
		png, err := cdp.Run(ctx, cdp.FullScreenshot(100))
		need(t, err)
		need(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
	}
	keep(t, ctx)
	wide, err := cdp.Run(ctx, cdp.Evaluate[int64](`document.documentElement.scrollWidth`))
	need(t, err)
	if wide > width {
		t.Errorf("%s: the page is %d px wide in a window of %d", name, wide, width)
	}
	found, err := cdp.Run(ctx, cdp.Evaluate[string](axe+`;
		axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
		.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))))`, cdp.EvalAwaitPromise))
	need(t, err)
	var violations []string
	need(t, json.Unmarshal([]byte(found), &violations))
	for _, v := range violations {
		t.Error(name, v)
	}
}

// keep leaves the page for the HTML checker in $PAGES_DIR.
func keep(t *testing.T, ctx context.Context) {
	t.Helper()
	dir := os.Getenv("PAGES_DIR")
	if dir == "" {
		return
	}
	html, err := cdp.Run(ctx, cdp.Evaluate[string]("document.documentElement.outerHTML"))
	need(t, err)
	// The hall's screen asks again by itself where no script runs, which the
	// checker forbids for pages that somebody reads at their own pace.
	if strings.Contains(html, `http-equiv="refresh"`) {
		return
	}
	f, err := os.CreateTemp(dir, "page-*.html")
	need(t, err)
	_, err = f.WriteString("<!doctype html>\n" + html)
	need(t, err)
	need(t, f.Close())
}

func need(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
