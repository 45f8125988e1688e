package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
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

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/guard"
)

// The desk in Chromium, narrow and wide: axe finds nothing, and nothing is
// wider than the window. With $SHOTS_DIR the pictures are kept.
func TestInBrowser(t *testing.T) {
	axe, err := os.ReadFile("../../infra/tools/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing: run npm ci in infra/tools, or infra/check: %v", err)
	}
	w := start(t)
	var ids []string
	for n := range 16 {
		ids = append(ids, w.book(t, n, nil).ID)
	}
	w.open()
	b := w.As(officer(1))
	for _, id := range ids[:4] {
		if a := b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {id}}); a.Status != http.StatusSeeOther {
			t.Fatalf("take: status %d", a.Status)
		}
	}
	hall := "/layar/" + branch + "/x"
	if _, rest, ok := strings.Cut(b.Get("/meja/"+branch).Body, `href="/layar/`); ok {
		rest, _, _ = strings.Cut(rest, `"`)
		hall = "/layar/" + rest
	}
	pages := map[string]string{"meja": "/meja/" + branch, "klaim": at(ids[0], ""), "meja-en": "/en/meja/" + branch, "milik-lain": at(ids[9], ""), "layar": hall}
	ctx := chromium(t, w.URL, cookie(t, w, b))
	for _, width := range []int64{360, 1280} {
		for name, path := range pages {
			t.Run(fmt.Sprint(name, "-", width), func(t *testing.T) { look(t, ctx, w.URL+path, fmt.Sprint(name, "-", width), width, string(axe)) })
		}
	}
}

func cookie(t *testing.T, w *world, b *apptest.Browser) string {
	t.Helper()
	u, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == guard.Cookie {
			return c.Value
		}
	}
	t.Fatal("nobody is logged in")
	return ""
}

func chromium(t *testing.T, address, session string) context.Context {
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
	_, err = cdp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: guard.Cookie, Value: session, URL: address, Path: "/", Secure: new(true), HTTPOnly: new(true)})
	need(t, err)
	// axe is put into the page, which its own policy does not allow.
	_, err = cdp.Call(ctx, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true})
	need(t, err)
	return ctx
}

func look(t *testing.T, ctx context.Context, address, name string, width int64, axe string) {
	t.Helper()
	need(t, cdp.Do(ctx, cdp.EmulateViewport(width, 900)))
	need(t, cdp.Do(ctx, cdp.Navigate(address)))
	if dir := os.Getenv("SHOTS_DIR"); dir != "" {
		png, err := cdp.Run(ctx, cdp.FullScreenshot(100))
		need(t, err)
		need(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
	}
	wide, err := cdp.Run(ctx, cdp.Evaluate[int64](`document.documentElement.scrollWidth`))
	need(t, err)
	if wide > width {
		t.Errorf("the page is %d px wide in a window of %d", wide, width)
	}
	found, err := cdp.Run(ctx, cdp.Evaluate[string](axe+`;
		axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
		.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))))`, cdp.EvalAwaitPromise))
	need(t, err)
	var violations []string
	need(t, json.Unmarshal([]byte(found), &violations))
	for _, v := range violations {
		t.Error(v)
	}
}

func need(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
