package browser_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"

	sitebuild "lapakasik/site"
	"lapakasik/site/preview"
)

// published serves the pages for everybody, without the functions.
func published(t *testing.T) *httptest.Server {
	t.Helper()
	var server *httptest.Server
	var files map[string][]byte
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		preview.ServeFile(w, r, func(name string) ([]byte, bool) { b, ok := files[name]; return b, ok })
	}))
	t.Cleanup(server.Close)
	made, err := sitebuild.Build(t.Context(), os.DirFS(filepath.Join(root, "content")), sitebuild.Options{Origin: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	files = made.Files
	return server
}

// The first page that a browser opens is kept too, with what it shows, although
// it was loaded before the worker was there.
func TestFirstPageIsKept(t *testing.T) {
	server := published(t)
	b := open(t, 360, true)
	b.must(cdp.Do(b.ctx, cdp.Navigate(server.URL+"/prosedur/online/#sumber")))
	want := b.text("h1")
	b.until("the first page is kept", func() bool { return slices.Contains(b.kept(), "/prosedur/online/") })
	server.CloseClientConnections()
	server.Close()
	b.must(cdp.Do(b.ctx, cdp.Navigate(server.URL+"/prosedur/online/")))
	if got := b.text("h1"); got != want || got == "" {
		t.Errorf("the first page without a line = %q; want %q", got, want)
	}
}

// A page of the program that is for everybody is listed as well.
func TestKeptPagesAreListed(t *testing.T) {
	b := open(t, 360, true)
	b.open("/kinerja")
	b.until("the page is kept", func() bool { return slices.Contains(b.kept(), "/kinerja") })
	b.open("/luring/")
	b.until("the list of kept pages", func() bool { return b.first(`#tersimpan a[href="/kinerja"]`, "href") != "" })
}

// A page that was visited is read without a line; one that was not says so.
func TestOffline(t *testing.T) {
	server := published(t)
	b := open(t, 360, true)
	goTo := func(path string) string {
		b.must(cdp.Do(b.ctx, cdp.Navigate(server.URL+path)))
		return b.text("h1")
	}
	goTo("/")
	b.must(cdp.Do(b.ctx, cdp.Evaluate[cdp.Void](`navigator.serviceWorker.ready.then(() => new Promise((done) => {
		if (navigator.serviceWorker.controller) done(); else navigator.serviceWorker.oncontrollerchange = done; }))`, cdp.EvalAwaitPromise)))
	visited := goTo("/klaim/phk/")
	visitedEN := goTo("/en/klaim/phk/")
	b.until("the page is kept", func() bool { return slices.Contains(b.kept(), "/en/klaim/phk/") })
	server.CloseClientConnections()
	server.Close()
	for _, tt := range []struct{ path, want string }{
		{"/klaim/phk/", visited}, {"/en/klaim/phk/", visitedEN}, {"/kontak/", "Anda sedang luring"}, {"/en/kontak/", "You are offline"}, {"/status", "Anda sedang luring"},
	} {
		if got := goTo(tt.path); got != tt.want || got == "" {
			t.Errorf("%s without a line = %q; want %q", tt.path, got, tt.want)
		}
	}
	goTo("/luring/")
	b.until("the list of kept pages", func() bool { return b.first(`#tersimpan a[href="/klaim/phk/"]`, "href") != "" })
	if got := b.text("#tersimpan"); !strings.Contains(got, visited) || strings.Contains(got, visitedEN) {
		t.Errorf("the list holds %q; want the visited pages in Indonesian by their titles", got)
	}
}

// kept are the paths of the pages that the browser keeps.
func (b tab) kept() []string {
	b.t.Helper()
	paths, err := cdp.Run(b.ctx, cdp.Evaluate[[]string](`caches.open('halaman-1').then((kept) => kept.keys()).then((all) => all.map((r) => new URL(r.url).pathname))`, cdp.EvalAwaitPromise))
	b.must(err)
	return paths
}

// Nothing of the journey is kept, although the browser keeps public pages.
func TestNothingPersonalIsKept(t *testing.T) {
	b := open(t, 360, true)
	b.open("/gratis/")
	b.must(cdp.Do(b.ctx, cdp.Evaluate[cdp.Void](`navigator.serviceWorker.ready`, cdp.EvalAwaitPromise)))
	b.book("")
	for _, path := range []string{"/status", "/berkas", "/tanda-terima", "/cari?q=masa+tunggu", "/kontak/"} {
		b.open(path)
	}
	b.until("the last page is kept", func() bool { return slices.Contains(b.kept(), "/kontak/") })
	for _, path := range b.kept() {
		for _, personal := range sitebuild.Routes {
			if strings.HasPrefix(strings.TrimPrefix(path, "/en"), personal) {
				t.Errorf("%s is kept in the browser", path)
			}
		}
	}
}
