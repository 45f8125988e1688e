// Package browser_test opens the running service in real Chromium: the whole
// journey with JavaScript off and on, accessibility, budgets and reflow.
package browser_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/local/machine"
	"lapakasik/functions/local/machinetest"
	"lapakasik/functions/local/recorded"
	sitebuild "lapakasik/site"
	"lapakasik/site/page/pagetest"
)

var (
	site     string // address of the running program
	office   *machine.Program
	chrome   context.Context // the running browser
	chromium string          // its program
	axePath  string
	root     string // of the checkout
	data     string // folder of the running program
)

func TestMain(m *testing.M) { machinetest.Main(m, run) }

func run(m *testing.M) (int, error) {
	root = machinetest.Checkout
	axePath = filepath.Join(root, "infra", "tools", "node_modules", "axe-core", "axe.min.js")
	binary, err := exec.LookPath("chromium")
	if err != nil {
		return 1, fmt.Errorf("these tests need Chromium: run infra/check, which installs it: %w", err)
	}
	if data, err = os.MkdirTemp("", "lapakasik"); err != nil {
		return 1, err
	}
	defer os.RemoveAll(data)
	today := filepath.Join(data, "root")
	if err := machinetest.EveryDay(today); err != nil {
		return 1, err
	}
	p, err := machine.Start(context.Background(), machine.Options{Root: today, Data: data, Addr: "127.0.0.1:0", Progress: io.Discard, Log: os.Stderr})
	if err != nil {
		return 1, err
	}
	// The results have what to show.
	content, err := sitebuild.Load(context.Background(), os.DirFS(filepath.Join(root, "content")), sitebuild.Options{})
	if err != nil {
		return 1, err
	}
	if err := recorded.Year(context.Background(), p.Engine.URL, content.Set); err != nil {
		return 1, err
	}
	site, office = p.URL, p
	chromium = binary
	var closeChrome func()
	if chrome, closeChrome, err = start(); err != nil {
		return 1, err
	}
	defer closeChrome()
	return m.Run(), p.Close()
}

// start runs a Chromium with flags of its own.
func start(flags ...cdp.ExecAllocatorOption) (context.Context, func(), error) {
	options := append(cdp.DefaultExecAllocatorOptions[:], cdp.ExecPath(chromium), cdp.NoSandbox, cdp.DisableGPU, cdp.Flag("disable-quic", true),
		cdp.Flag("disable-background-networking", true), cdp.Flag("disable-component-update", true), cdp.Flag("disable-sync", true))
	allocator, cancel := cdp.NewExecAllocator(context.Background(), append(options, flags...)...)
	running, closeChrome := cdp.NewContext(allocator)
	stop := func() { closeChrome(); cancel() }
	if err := cdp.Do(running); err != nil {
		stop()
		return nil, nil, fmt.Errorf("start Chromium: %w", err)
	}
	return running, stop, nil
}

// A tab has cookies of its own.
type tab struct {
	t    *testing.T
	ctx  context.Context
	home *machine.Program // whose pages it opens
	// scripts run, those of the pages and axe
	scripts bool
}

func open(t *testing.T, width int64, javascript bool) tab {
	t.Helper()
	return openIn(t, chrome, office, width, javascript)
}

func openIn(t *testing.T, browser context.Context, home *machine.Program, width int64, javascript bool) tab {
	t.Helper()
	ctx, cancel := cdp.NewContext(browser, cdp.WithNewBrowserContext())
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(func() { stop(); cancel() })
	b := tab{t, ctx, home, javascript}
	b.must(cdp.Do(ctx, cdp.EmulateViewport(width, 800)))
	b.call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !javascript})
	return b
}

func (b tab) call(cmd any, params any) {
	b.t.Helper()
	var err error
	switch p := params.(type) {
	case emulation.SetScriptExecutionDisabledParams:
		_, err = cdp.Call(b.ctx, emulation.SetScriptExecutionDisabled, p)
	case page.SetBypassCSPParams:
		_, err = cdp.Call(b.ctx, page.SetBypassCSP, p)
	}
	b.must(err)
}

func (b tab) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%v\n%s", err, b.where())
	}
}

// where says which page a failure happened on.
func (b tab) where() string {
	at, _ := cdp.Run(b.ctx, cdp.Location())
	text, _ := cdp.Run(b.ctx, cdp.Evaluate[string]("document.querySelector('main') ? document.querySelector('main').innerText.slice(0, 600) : document.body.innerText.slice(0, 600)"))
	return at + "\n" + text
}

func (b tab) open(path string) {
	b.t.Helper()
	b.visit(b.home.URL + path)
}

// visit opens an address of any of the program's sites.
func (b tab) visit(address string) {
	b.t.Helper()
	b.must(cdp.Do(b.ctx, cdp.Navigate(address)))
	b.check()
}

// check holds every page that is seen against what a page must be, and keeps
// it for the HTML checker in $PAGES_DIR.
func (b tab) check() string {
	b.t.Helper()
	html, err := cdp.Run(b.ctx, cdp.Evaluate[string]("document.documentElement.outerHTML"))
	b.must(err)
	html = "<!doctype html>\n" + html
	pagetest.Check(b.t, []byte(html))
	b.marked(html)
	// The checker forbids a page that asks again by itself, as the board at a
	// door does where no script runs: somebody may read it at their own pace.
	if dir := os.Getenv("PAGES_DIR"); dir != "" && !strings.Contains(html, `http-equiv="refresh"`) {
		f, err := os.CreateTemp(dir, "page-*.html")
		b.must(err)
		_, err = f.WriteString(html)
		b.must(err)
		b.must(f.Close())
	}
	return html
}

func (b tab) fill(name, value string) {
	b.t.Helper()
	b.must(cdp.Do(b.ctx, cdp.SetValue(cdp.CSS(fmt.Sprintf(`[name=%q]`, name)), value)))
}

func (b tab) choose(name, value string) {
	b.t.Helper()
	b.click(fmt.Sprintf(`input[name=%q][value=%q]`, name, value))
}

func (b tab) click(selector string) {
	b.t.Helper()
	b.must(cdp.Do(b.ctx, cdp.Click(cdp.CSS(selector))))
}

// press clicks what leads to another page and waits for it.
func (b tab) press(selector string) string {
	b.t.Helper()
	_, err := cdp.RunResponse(b.ctx, cdp.Click(cdp.CSS(selector)))
	b.must(err)
	return b.check()
}

// next presses the main button of the page's form.
func (b tab) next() string {
	b.t.Helper()
	return b.press("main form .buttons button")
}

// first returns an attribute of the first element that matches.
func (b tab) first(selector, attribute string) string {
	b.t.Helper()
	v, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf("(document.querySelector(%q)||{getAttribute(){return ''}}).getAttribute(%q)||''", selector, attribute)))
	b.must(err)
	return v
}

func (b tab) text(selector string) string {
	b.t.Helper()
	v, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf("(document.querySelector(%q)||{}).textContent||''", selector)))
	b.must(err)
	return strings.TrimSpace(v)
}

// until reloads by its own means until the condition holds.
func (b tab) until(what string, condition func() bool) {
	b.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	end := time.After(2 * time.Minute)
	for !condition() {
		select {
		case <-tick.C:
		case <-end:
			b.t.Fatalf("%s did not happen\n%s", what, b.where())
		}
	}
}
