package site_test

import (
	"maps"
	"os"
	"path/filepath"
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
