// Package browser_test opens the running service in real Chromium: the whole
// journey with JavaScript off and on, accessibility, budgets and reflow.
package browser_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/local/machine"
	"lapakasik/site/page/pagetest"
)

var (
	site    string          // address of the running program
	chrome  context.Context // the running browser
	axePath string
	calls   requestLog // of the functions
)

// A requestLog counts the requests that functions answered, and shows only what went wrong.
type requestLog struct {
	mu sync.Mutex
	n  int
}

func (l *requestLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n += bytes.Count(b, []byte(`"msg":"request"`))
	if bytes.Contains(b, []byte(`"level":"ERROR"`)) {
		return os.Stderr.Write(b)
	}
	return len(b), nil
}

func (l *requestLog) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n
}

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return 1, err
	}
	axePath = filepath.Join(root, "infra", "tools", "node_modules", "axe-core", "axe.min.js")
	binary, err := exec.LookPath("chromium")
	if err != nil {
		return 1, fmt.Errorf("these tests need Chromium: run infra/check, which installs it: %w", err)
	}
	data, err := os.MkdirTemp("", "lapakasik")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(data)
	p, err := machine.Start(context.Background(), machine.Options{Root: root, Data: data, Addr: "127.0.0.1:0", Progress: io.Discard, Log: &calls})
	if err != nil {
		return 1, err
	}
	site = p.URL
	allocator, cancel := cdp.NewExecAllocator(context.Background(), append(cdp.DefaultExecAllocatorOptions[:], cdp.ExecPath(binary),
		cdp.NoSandbox, cdp.DisableGPU, cdp.Flag("disable-quic", true), cdp.Flag("disable-background-networking", true),
		cdp.Flag("disable-component-update", true), cdp.Flag("disable-sync", true))...)
	defer cancel()
	var closeChrome context.CancelFunc
	chrome, closeChrome = cdp.NewContext(allocator)
	defer closeChrome()
	if err := cdp.Do(chrome); err != nil {
		return 1, fmt.Errorf("start Chromium: %w", err)
	}
	return m.Run(), p.Close()
}

// A tab has cookies of its own.
type tab struct {
	t    *testing.T
	ctx  context.Context
	net  *traffic
	seen func(tab) // called with every page, may be nil
}

// traffic is what the newest page has asked the network for.
type traffic struct {
	mu       sync.Mutex
	document network.RequestID
	status   int64
	requests []string
	scripts  []string
}

// hear runs in the loop that reads the browser's messages.
func (n *traffic) hear(event any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			n.document, n.status, n.requests, n.scripts = e.RequestID, 0, nil, nil
		}
		if strings.HasPrefix(e.Request.URL, "data:") {
			return
		}
		n.requests = append(n.requests, e.Request.URL)
		if e.Type == network.ResourceTypeScript {
			n.scripts = append(n.scripts, e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.RequestID == n.document {
			n.status = e.Response.Status
		}
	}
}

func (n *traffic) read() (document network.RequestID, status int64, requests, scripts []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.document, n.status, slices.Clone(n.requests), slices.Clone(n.scripts)
}

func open(t *testing.T, width int64, javascript bool) tab {
	t.Helper()
	ctx, cancel := cdp.NewContext(chrome, cdp.WithNewBrowserContext())
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(func() { stop(); cancel() })
	b := tab{t: t, ctx: ctx, net: &traffic{}}
	b.must(cdp.Do(ctx, cdp.EmulateViewport(width, 800)))
	b.must(cdp.Listen(ctx, b.net.hear))
	b.call(network.Enable, network.EnableParams{})
	b.call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !javascript})
	return b
}

func (b tab) call(cmd any, params any) {
	b.t.Helper()
	var err error
	switch p := params.(type) {
	case emulation.SetScriptExecutionDisabledParams:
		_, err = cdp.Call(b.ctx, emulation.SetScriptExecutionDisabled, p)
	case network.EnableParams:
		_, err = cdp.Call(b.ctx, network.Enable, p)
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
	b.must(cdp.Do(b.ctx, cdp.Navigate(site+path)))
	b.check()
}

// check holds every page that is seen against what a page must be: the bytes
// that were sent, and what they have become in the browser. It keeps the bytes
// for the HTML checker in $PAGES_DIR.
func (b tab) check() {
	b.t.Helper()
	document, _, _, _ := b.net.read()
	sent, err := cdp.Call(b.ctx, network.GetResponseBody, network.GetResponseBodyParams{RequestID: document})
	b.must(err)
	pagetest.Check(b.t, sent.Body)
	dom, err := cdp.Run(b.ctx, cdp.Evaluate[string]("document.documentElement.outerHTML"))
	b.must(err)
	pagetest.Check(b.t, []byte("<!doctype html>\n"+dom))
	if dir := os.Getenv("PAGES_DIR"); dir != "" {
		f, err := os.CreateTemp(dir, "page-*.html")
		b.must(err)
		_, err = f.Write(sent.Body)
		b.must(err)
		b.must(f.Close())
	}
	if b.seen != nil {
		b.seen(b)
	}
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

// press clicks what leads to another page and waits for it. It returns the
// status of the answer.
func (b tab) press(selector string) int64 {
	b.t.Helper()
	_, err := cdp.RunResponse(b.ctx, cdp.Click(cdp.CSS(selector)))
	b.must(err)
	b.check()
	_, status, _, _ := b.net.read()
	return status
}

// next presses the main button of the page's form.
func (b tab) next() int64 {
	b.t.Helper()
	return b.press("main form .buttons button")
}

// nth returns an attribute of the n-th element that matches, from 1.
func (b tab) nth(n int, selector, attribute string) string {
	b.t.Helper()
	v, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf("(document.querySelectorAll(%q)[%d]||{getAttribute(){return ''}}).getAttribute(%q)||''", selector, n-1, attribute)))
	b.must(err)
	return v
}

// first returns an attribute of the first element that matches.
func (b tab) first(selector, attribute string) string {
	b.t.Helper()
	return b.nth(1, selector, attribute)
}

func (b tab) text(selector string) string {
	b.t.Helper()
	v, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf("(document.querySelector(%q)||{}).textContent||''", selector)))
	b.must(err)
	return strings.TrimSpace(v)
}

// until asks again and again until the condition holds.
func (b tab) until(what string, condition func() bool) {
	b.t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	end := time.After(60 * time.Second)
	for !condition() {
		select {
		case <-tick.C:
		case <-end:
			b.t.Fatalf("%s did not happen\n%s", what, b.where())
		}
	}
}
