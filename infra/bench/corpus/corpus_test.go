package corpus_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapakasik/infra/bench/corpus"
)

func write(t *testing.T, seed uint64) map[string][]byte {
	t.Helper()
	dir, out := t.TempDir(), map[string][]byte{}
	if err := corpus.Write(dir, corpus.Options{Pages: 60, Seed: seed, Base: os.DirFS("../../../content")}); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		out[strings.TrimPrefix(name, dir+"/")] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The same seed writes the same bytes, another seed others; Hugo gets every
// page with the same body; a page has some 600 words.
func TestWrite(t *testing.T) {
	files := write(t, 1)
	if !maps.EqualFunc(files, write(t, 1), bytes.Equal) {
		t.Error("the same seed wrote other bytes")
	}
	if bytes.Equal(files["content/"+corpus.Name(7)], write(t, 2)["content/"+corpus.Name(7)]) {
		t.Error("another seed wrote the same bytes")
	}
	for i := range 60 {
		b, ok := files["content/"+corpus.Name(i)]
		if !ok || !bytes.Equal(b, files["hugo/content/"+corpus.HugoName(corpus.Name(i))]) {
			t.Fatalf("%s is not there, or another for Hugo", corpus.Name(i))
		}
		_, body, _ := strings.Cut(string(b), "\n---\n")
		if n := len(strings.Fields(body)); n < 500 || n > 700 {
			t.Errorf("%s has %d words; want some 600", corpus.Name(i), n)
		}
	}
	ours, hugo := 0, 0
	for name := range files {
		if strings.HasSuffix(name, ".md") && strings.HasPrefix(name, "content/") {
			ours++
		} else if strings.HasSuffix(name, ".md") {
			hugo++
		}
	}
	if ours != hugo || ours < 2*60+50 {
		t.Errorf("%d pages for us, %d for Hugo; want as many", ours, hugo)
	}
}
