package preview_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapakasik/site/preview"
	"lapakasik/site/requirement"
)

// A show is a running preview of a copy of the content.
type show struct {
	t      *testing.T
	dir    string
	url    string
	events *bufio.Scanner
}

func start(t *testing.T, spoil func(dir string)) *show {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	spoil(dir)
	p, err := preview.New(t.Context(), preview.Options{Dir: dir, Lang: requirement.ID, Origin: "http://127.0.0.1", Drafts: true})
	if err != nil {
		t.Fatal(err)
	}
	go p.Watch(t.Context())
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	s := &show{t: t, dir: dir, url: server.URL}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/_pratinjau/peristiwa", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	s.events = bufio.NewScanner(answer.Body)
	s.wait()
	return s
}

// wait returns when the browser is told of a build.
func (s *show) wait() {
	s.t.Helper()
	for s.events.Scan() {
		if strings.HasPrefix(s.events.Text(), "data: ") {
			return
		}
	}
	s.t.Fatalf("the events ended: %v", s.events.Err())
}

// edit replaces words of a file as an editor would, and waits for the build.
func (s *show) edit(name, old, now string) {
	s.t.Helper()
	replace(s.t, filepath.Join(s.dir, name), old, now)
	s.wait()
}

func replace(t *testing.T, file, old, now string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(b), old) {
		t.Fatalf("%s does not hold %q: %v", file, old, err)
	}
	if err := os.WriteFile(file+"~", []byte(strings.Replace(string(b), old, now, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+"~", file); err != nil {
		t.Fatal(err)
	}
}

func (s *show) get(path string) (int, string) {
	s.t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func (s *show) holds(path string, want bool, words string) {
	s.t.Helper()
	if _, body := s.get(path); strings.Contains(body, words) != want {
		s.t.Errorf("%s holds %q: %v; want %v", path, words, !want, want)
	}
}

// An edit is seen, a mistake is shown above the last good page, and a mended
// mistake is gone; words of the interface are content too.
func TestPreview(t *testing.T) {
	s := start(t, func(string) {})
	s.holds("/gratis/", true, "/_pratinjau/pratinjau.js?")
	s.edit("gratis.md", "description: \"", "description: \"Kalimat yang diubah. ")
	s.edit("gratis.md", "\n## ", "\nKalimat yang baru.\n\n## ")
	s.holds("/gratis/", true, "Kalimat yang baru.")
	s.edit("gratis.md", "Kalimat yang baru.", "Kalimat [rusak](/tidak-ada/).")
	for _, words := range []string{"Ada yang perlu diperbaiki", "gratis.md:", "tautan /tidak-ada/", "^</pre>", "Kalimat yang baru."} {
		if words == "^</pre>" {
			words = "      ^"
		}
		s.holds("/gratis/", true, words)
	}
	s.edit("gratis.md", "(/tidak-ada/)", "(/kontak/)")
	s.holds("/gratis/", false, "Ada yang perlu diperbaiki")
	s.edit("kata/situs.yaml", `{id: "Beranda"`, `{id: "Halaman muka"`)
	s.holds("/gratis/", true, "Halaman muka")
	s.edit("kata/situs.yaml", `{id: "Halaman muka"`, `{id: Halaman muka"`)
	s.holds("/gratis/", true, "kata/situs.yaml:")
}

// Content that is wrong from the start is reported on every address.
func TestWrongFromTheStart(t *testing.T) {
	s := start(t, func(dir string) { replace(t, filepath.Join(dir, "index.md"), "title:", "titel:") })
	s.holds("/", true, "kunci titel tidak dikenal")
	s.edit("index.md", "titel:", "title:")
	s.holds("/", false, "kunci titel tidak dikenal")
}

func TestAddresses(t *testing.T) {
	s := start(t, func(string) {})
	for path, want := range map[string]int{"/": 200, "/klaim/phk": 200, "/en/klaim/phk/": 200, "/tidak-ada/": 404, "/en/tidak-ada/": 404, "/sitemap.xml": 200, "/../content.go": 404} {
		if got, _ := s.get(path); got != want {
			t.Errorf("GET %s = %d; want %d", path, got, want)
		}
	}
	r, err := http.Post(s.url+"/gratis/", "text/plain", nil)
	if err != nil || r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST = %v, %v; want 405", r.StatusCode, err)
	}
}
