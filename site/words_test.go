package site_test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lapakasik/content"
	"lapakasik/site"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

var update = flag.Bool("update", false, "write the list of words")

var entry = regexp.MustCompile(`^(\S+): \{id: ("(?:[^"\\]|\\.)*")`)

// The list of words is that of the content.
func TestWordList(t *testing.T) {
	names, err := fs.Glob(content.Words, "kata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	for _, name := range names {
		b, err := fs.ReadFile(content.Words, name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if m := entry.FindStringSubmatch(line); m != nil {
				list.WriteString(strings.Join(append([]string{name, m[1]}, page.Placeholders(m[2])...), " ") + "\n")
			}
		}
	}
	if *update {
		if err := os.WriteFile("words.txt", []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile("words.txt"); err != nil || string(have) != list.String() {
		t.Errorf("words.txt is not that of content/kata (%v): run go test ./site -run WordList -update", err)
	}
}

// Each entry that cannot be read is told at its place, and with them what is
// wrong with the others; the words in use stay as they were.
func TestAllWordProblemsAtOnce(t *testing.T) {
	files := realWords(t)
	edit := func(name, old, now string) {
		t.Helper()
		if !strings.Contains(string(files[name].Data), old) {
			t.Fatalf("%s has no %q", name, old)
		}
		files[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(files[name].Data), old, now, 1))}
	}
	edit("kata/situs.yaml", `{id: "Beranda", en:`, `{id: "Beranda", enn:`)
	edit("kata/situs.yaml", "Langkah {n} dari", "Langkah {no} dari")
	edit("kata/cari.yaml", "\n", "\ncari.judul {id: \"a\"}\nsitus.cari: {id: \"Cari\", en: \"Search\"}\n")
	err := site.UseWords(files)
	var ps site.Problems
	if !errors.As(err, &ps) {
		t.Fatalf("UseWords = %v; want Problems", err)
	}
	for _, want := range []string{"kata/cari.yaml:2:11: the words cannot be read", "enn:", "the words situs.cari are already at kata/cari.yaml:3", "situs.langkah needs the placeholders"} {
		if !strings.Contains(ps.Error(), want) {
			t.Errorf("UseWords does not say %q:\n%v", want, ps)
		}
	}
	if id := ps.In(requirement.ID); len(ps) != 4 || strings.Contains(id, "want ") || strings.Contains(id, "got ") {
		t.Errorf("%d problems; want 4 in Indonesian:\n%s", len(ps), id)
	}
	if got := page.Words()["situs.langkah"].ID; strings.Contains(got, "{no}") {
		t.Errorf("the words in use are %q", got)
	}
}

// realWords is a copy of kata/ of the content.
func realWords(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	if err := copyInto(files, content.Words); err != nil {
		t.Fatal(err)
	}
	return files
}

// Whatever an editor does to the words that the program needs is told, at its
// place, and stops the build.
func TestWordProblems(t *testing.T) {
	for _, tt := range []struct{ name, old, now, want string }{
		{"key misspelt", "situs.cari:", "situs.carii:", "kata/situs.yaml: the words situs.cari are missing"},
		{"a language empty", `en: "Search"`, `en: ""`, "situs.cari needs words in both languages"},
		{"placeholder misspelt", "Langkah {n} dari", "Langkah {no} dari", "situs.langkah needs the placeholders {jumlah} {n} in both languages"},
		{"placeholder in one language", "Step {n} of", "Step of", "situs.langkah needs the placeholders"},
		{"placeholder that nothing fills", `en: "Search"`, `en: "Search {x}"`, "situs.cari has no placeholders"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for name, text := range small(nil) {
				files[name] = text
			}
			names, _ := fs.Glob(content.Words, "kata/*.yaml")
			for _, name := range names {
				b, err := fs.ReadFile(content.Words, name)
				if err != nil {
					t.Fatal(err)
				}
				if name == "kata/situs.yaml" {
					if !strings.Contains(string(b), tt.old) {
						t.Fatalf("%s has no %q", name, tt.old)
					}
					b = []byte(strings.Replace(string(b), tt.old, tt.now, 1))
				}
				files[name] = &fstest.MapFile{Data: b}
			}
			t.Cleanup(func() {
				if err := site.UseWords(content.Words); err != nil {
					t.Error(err)
				}
			})
			if err := site.UseWords(files); err != nil {
				t.Fatal(err)
			}
			_, err := site.Build(t.Context(), files, site.Options{})
			var ps site.Problems
			if !errors.As(err, &ps) || len(ps) != 1 || !strings.Contains(ps[0].Error(), tt.want) || ps[0].File != "kata/situs.yaml" {
				t.Errorf("Build = %v; want %q", err, tt.want)
			}
			if !strings.Contains(tt.want, "missing") && !slices.ContainsFunc(ps, func(p site.Problem) bool { return p.Line > 0 && strings.Contains(p.Excerpt, "situs.") }) {
				t.Errorf("%v: without its place", ps)
			}
		})
	}
}
