package machine_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// With -edit a saved edit is on the page and in the forms, and the program
// still ends at once although a browser waits for the next edit.
func TestEdit(t *testing.T) {
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "content"), os.DirFS("../../../content")); err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "template.yaml"), template, 0o644); err != nil {
		t.Fatal(err)
	}
	p := &program{cmd: exec.Command(build(t), "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-edit")}
	p.cmd.Dir = root
	p.run(t)

	events, err := http.Get(p.url + "/_pratinjau/peristiwa")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	builds := bufio.NewScanner(events.Body)
	next := func() {
		for builds.Scan() {
			if strings.HasPrefix(builds.Text(), "data: ") {
				return
			}
		}
		t.Fatalf("the events ended: %v", builds.Err())
	}
	next()
	reason := filepath.Join(root, "content", "klaim", "phk.md")
	b, err := os.ReadFile(reason)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(reason, []byte(strings.Replace(string(b), "situation: \"", "situation: \"Keadaan yang diubah: ", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	next()
	for _, path := range []string{"/klaim/", "/daftar"} {
		r, err := http.Get(p.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || !strings.Contains(string(body), "Keadaan yang diubah") {
			t.Errorf("%s = %s, %v; want the edit on it", path, r.Status, err)
		}
	}
	if err := os.WriteFile(reason, []byte(strings.Replace(string(b), "/klaim/jkp/", "/klaim/tidak-ada/", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	next()
	for path, want := range map[string]int{"/klaim/": 1, "/daftar": 1, "/cari?q=phk": 1, "/pekerja.js": 0} {
		r, err := http.Get(p.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if script, report := strings.Count(string(body), "/_pratinjau/pratinjau.js"), strings.Count(string(body), "/klaim/tidak-ada/"); err != nil || script != want || min(report, 1) != want {
			t.Errorf("%s = %s, %v: %d scripts, the mistake %d times; want %d", path, r.Status, err, script, report, want)
		}
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the program ended with %v; want no error although a browser waits", err)
	}
}
