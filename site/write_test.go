package site_test

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lapakasik/site"
)

func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	fsys, out := fstest.MapFS{}, map[string]string{}
	if err := copyInto(fsys, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for name, f := range fsys {
		if name[0] != '.' {
			out[name] = string(f.Data)
		}
	}
	return out
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "klaim", "milik-lain.txt")
	if err := os.MkdirAll(filepath.Dir(foreign), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(foreign, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	write := func(files map[string][]byte) {
		t.Helper()
		if err := site.Write(dir, files); err != nil {
			t.Fatal(err)
		}
	}
	write(map[string][]byte{"a.html": []byte("1"), "klaim/b.html": []byte("1"), "lama/c/d.html": []byte("1")})
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"a.html", "klaim/b.html"} {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	write(map[string][]byte{"a.html": []byte("1"), "klaim/b.html": []byte("2")})

	want := map[string]string{"a.html": "1", "klaim/b.html": "2", "klaim/milik-lain.txt": "x"}
	if got := written(t, dir); !maps.Equal(got, want) {
		t.Errorf("files = %v; want %v", got, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "lama")); err == nil {
		t.Error("the folder of a file that is no longer made is still there")
	}
	for name, same := range map[string]bool{"a.html": true, "klaim/b.html": false} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.ModTime().Equal(old) != same {
			t.Errorf("%s was left alone = %v; want %v", name, !same, same)
		}
	}
}

// A manifest that names files outside of the folder takes nothing away there.
func TestWriteStaysInside(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(dir, "penting.txt")
	out := filepath.Join(dir, "situs")
	for name, text := range map[string]string{outside: "x", filepath.Join(out, ".lapakasik-files"): "../penting.txt\n" + outside + "\n"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := site.Write(out, map[string][]byte{"a.html": []byte("1")}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
}

// The text on deploying leaves out what a build keeps for itself.
func TestDeployLeavesOutWhatABuildRemembers(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	must(t, err)
	var left []string
	for line := range strings.Lines(string(readme)) {
		if strings.HasPrefix(line, "aws s3 sync site/dist s3:") {
			for _, word := range strings.Split(line, `--exclude "`)[1:] {
				pattern, _, _ := strings.Cut(word, `"`)
				left = append(left, pattern)
			}
		}
	}
	dir, hidden := t.TempDir(), 0
	_, err = site.Update(t.Context(), small(nil), dir, site.Options{})
	must(t, err)
	files, err := os.ReadDir(dir)
	must(t, err)
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), ".") {
			continue
		}
		hidden++
		if !slices.ContainsFunc(left, func(pattern string) bool { ok, _ := path.Match(pattern, f.Name()); return ok }) {
			t.Errorf("%s would be published; the text leaves out %q", f.Name(), left)
		}
	}
	if hidden < 2 {
		t.Errorf("a build left %d files for itself; want them seen", hidden)
	}
}
