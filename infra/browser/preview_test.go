package browser_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"

	"lapakasik/site/preview"
	"lapakasik/site/requirement"
)

// A saved edit is seen in the open browser without a touch; a mistake is shown
// above the last good page, and goes when it is mended. With $PICTURES_DIR the
// pictures of the editors' guide are made anew.
func TestPreview(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "content"))); err != nil {
		t.Fatal(err)
	}
	p, err := preview.New(t.Context(), preview.Options{Dir: dir, Lang: requirement.ID, Origin: "http://127.0.0.1", Drafts: true})
	if err != nil {
		t.Fatal(err)
	}
	go p.Watch(t.Context())
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	edit := func(name, old, now string) {
		t.Helper()
		file := filepath.Join(dir, name)
		b, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(b), old) {
			t.Fatalf("%s does not hold %q: %v", name, old, err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(b), old, now, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b := open(t, 900, true)
	b.must(cdp.Do(b.ctx, cdp.Navigate(server.URL+"/gratis/")))
	shows := func(words string, want bool) {
		t.Helper()
		b.until("the page shows "+words, func() bool { return strings.Contains(b.text("main"), words) == want })
	}
	edit("gratis.md", "\n## ", "\nKalimat yang baru.\n\n## ")
	shows("Kalimat yang baru.", true)
	edit("gratis.md", "(/kontak/)", "(/kontakt/)")
	shows("tautan /kontakt/ tidak menuju halaman mana pun", true)
	shows("Kalimat yang baru.", true)
	b.must(cdp.Do(b.ctx, cdp.EmulateViewport(320, 800)))
	if f := b.faults(`[...Array.from(document.querySelectorAll('pre')).map((e) => getComputedStyle(e).whiteSpace).filter((w) => w !== 'pre'), ...(document.documentElement.scrollWidth > 320 ? ['wide'] : [])]`); len(f) > 0 {
		t.Errorf("the report: %v; want lines as they are, in a box of their own", f)
	}
	b.must(cdp.Do(b.ctx, cdp.EmulateViewport(900, 800)))
	b.picture("pratinjau-salah.png")
	edit("gratis.md", "(/kontakt/)", "(/kontak/)")
	shows("tautan /kontakt/", false)
	edit("gratis.md", "reviewed:", "draft: true\nreviewed:")
	shows("Belum terbit", true)
	b.picture("pratinjau-draf.png")
}

// picture keeps what the tab shows in $PICTURES_DIR.
func (b tab) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("PICTURES_DIR")
	if folder == "" {
		return
	}
	b.must(cdp.Do(b.ctx, cdp.EmulateViewport(900, 640)))
	png, err := cdp.Run(b.ctx, cdp.CaptureScreenshot())
	b.must(err)
	b.must(os.WriteFile(filepath.Join(folder, name), png, 0o644))
}
