package browser_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"

	sitebuild "lapakasik/site"
	"lapakasik/site/editor"
	"lapakasik/site/requirement"
)

// The editing page opens a folder with the real content, edits a page and
// a data file, and changes these lines and no others. No
// request goes to another host. The folder is the browser's own, because a
// test cannot press the buttons of the system's window that chooses one.
func TestEditor(t *testing.T) {
	server := httptest.NewServer(editor.Handler(filepath.Join(root, "content"), requirement.ID))
	t.Cleanup(server.Close)
	if r, err := http.Get(server.URL + editor.Path); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("the editing page's package is needed for this test, and comes by npm: %v %v", r, err)
	}
	b := open(t, 1280, true)
	var mu sync.Mutex
	var foreign []string
	b.must(cdp.Listen(b.ctx, func(ev any) {
		e, ok := ev.(*network.EventRequestWillBeSent)
		if ok && strings.HasPrefix(e.Request.URL, "http") && !strings.HasPrefix(e.Request.URL, server.URL) {
			mu.Lock()
			defer mu.Unlock()
			foreign = append(foreign, e.Request.URL)
		}
	}))
	_, err := cdp.Call(b.ctx, network.Enable, network.EnableParams{})
	b.must(err)
	before := b.folder(server.URL)
	b.must(cdp.Do(b.ctx, cdp.Navigate(server.URL+editor.Path)))
	b.button("Local Repository")
	b.until("the folder is open", func() bool { return strings.Contains(b.text("body"), "Sebab klaim") })

	b.must(cdp.Do(b.ctx, cdp.Navigate(server.URL+editor.Path+"#/collections/klaim/entries/phk")))
	b.typeAtEnd(`[lang="id"] [data-key-path="title"] input, [data-key-path="title"] input`, " baru")
	b.picture("penyunting.png")
	b.button("Save")
	b.until("the page is saved", func() bool { return strings.Contains(b.inFolder("content/klaim/phk.md"), "(PHK) baru") })

	b.must(cdp.Do(b.ctx, cdp.Navigate(server.URL+editor.Path+"#/collections/data/entries/perangkat")))
	b.typeAtEnd(`[data-key-path="source"] input`, "x")
	b.button("Save")
	b.until("the data file is saved", func() bool { return strings.Contains(b.inFolder("content/data/perangkat.yaml"), "requirementsx") })

	want := map[string]string{
		"content/klaim/phk.md":        strings.Replace(before["content/klaim/phk.md"], `title: "Pemutusan hubungan kerja (PHK)"`, `title: "Pemutusan hubungan kerja (PHK) baru"`, 1),
		"content/data/perangkat.yaml": strings.Replace(before["content/data/perangkat.yaml"], "opentok/requirements", "opentok/requirementsx", 1),
	}
	dir := t.TempDir()
	for name, text := range before {
		now := b.inFolder(name)
		if changed, ok := want[name]; ok {
			text = changed
		}
		if now != text {
			t.Errorf("%s is not as it should be:\n%s", name, now)
		}
		file := filepath.Join(dir, strings.TrimPrefix(name, "content/"))
		b.must(os.MkdirAll(filepath.Dir(file), 0o755))
		b.must(os.WriteFile(file, []byte(now), 0o644))
	}
	if _, err := sitebuild.Load(t.Context(), os.DirFS(dir), sitebuild.Options{}); err != nil {
		t.Errorf("the edited content does not build: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(foreign) > 0 {
		t.Errorf("requests to other hosts: %q", foreign)
	}
}

// folder fills the browser's own folder with the project's text files and lets
// the editing page open it.
func (b tab) folder(server string) map[string]string {
	b.t.Helper()
	files := map[string]string{}
	top := os.DirFS(root)
	b.must(fs.WalkDir(top, "content", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".md" && filepath.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(top, name)
		files[name] = string(text)
		return err
	}))
	files[".git/HEAD"] = "ref: refs/heads/main\n"
	given, err := json.Marshal(files)
	b.must(err)
	delete(files, ".git/HEAD")
	_, err = cdp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('repo')`})
	b.must(err)
	b.must(cdp.Do(b.ctx, cdp.Navigate(server+editor.Path+"penyunting.js")))
	_, err = cdp.Run(b.ctx, cdp.Evaluate[bool](`(async (files) => {
	const repo = await (await navigator.storage.getDirectory()).getDirectoryHandle('repo', { create: true });
	for (const [name, text] of Object.entries(files)) {
		const parts = name.split('/'), last = parts.pop();
		let dir = repo;
		for (const part of parts) dir = await dir.getDirectoryHandle(part, { create: true });
		const w = await (await dir.getFileHandle(last, { create: true })).createWritable();
		await w.write(text);
		await w.close();
	}
	return true })(`+string(given)+`)`, cdp.EvalAwaitPromise))
	b.must(err)
	return files
}

// inFolder reads a file of the browser's own folder; "" while it is replaced,
// when the browser finds no file where it has just seen one, or another.
func (b tab) inFolder(name string) string {
	b.t.Helper()
	text, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf(`(async (parts) => {
	let dir = await (await navigator.storage.getDirectory()).getDirectoryHandle('repo');
	for (const part of parts.slice(0, -1)) dir = await dir.getDirectoryHandle(part);
	return (await (await dir.getFileHandle(parts.at(-1))).getFile()).text() })(%q.split('/')).catch((e) => { if (!['NotFoundError', 'NotReadableError'].includes(e.name)) throw e; return '' })`, name), cdp.EvalAwaitPromise))
	b.must(err)
	return text
}

// button presses the button with the words, once it can be pressed.
func (b tab) button(words string) {
	b.t.Helper()
	b.until("there is a button "+words, func() bool {
		did, err := cdp.Run(b.ctx, cdp.Evaluate[bool](fmt.Sprintf(`(() => {
	const one = [...document.querySelectorAll('button')].find((b) => b.innerText.trim().includes(%q) && !b.disabled && b.ariaDisabled !== 'true');
	one?.click();
	return !!one })()`, words)))
		b.must(err)
		return did
	})
}

// typeAtEnd types at the end of a box, once it is there.
func (b tab) typeAtEnd(selector, words string) {
	b.t.Helper()
	b.until("there is a box "+selector, func() bool {
		there, err := cdp.Run(b.ctx, cdp.Evaluate[bool](fmt.Sprintf(`!!document.querySelector(%q)?.value`, selector)))
		b.must(err)
		return there
	})
	b.must(cdp.Do(b.ctx, cdp.SendKeys(cdp.CSS(selector), words)))
}
