package page

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v4"

	"lapakasik/content"
	"lapakasik/site/requirement"
)

// The files are YAML, and mean the same read as YAML.
func TestWordsAreYAML(t *testing.T) {
	names, err := fs.Glob(content.Words, "kata/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("Glob = %v, %v", names, err)
	}
	all := map[string]requirement.Text{}
	for _, name := range names {
		b, err := fs.ReadFile(content.Words, name)
		if err != nil {
			t.Fatal(err)
		}
		var some map[string]requirement.Text
		if err := yaml.Load(b, &some, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		maps.Copy(all, some)
	}
	if !maps.Equal(all, words().byKey) {
		t.Error("the files read as YAML differ from what loadWords reads")
	}
}

func TestLoadWordsErrors(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"not an entry", "# ok\nsitus.a\n", `kata/a.yaml:2: want key: {id: "…", en: "…"}; got "situs.a"`},
		{"no English", `a: {id: "A"}`, `kata/a.yaml:1: want key: {id: "…", en: "…"}; got "a: {id: \"A\"}"`},
		{"open quote", `a: {id: "A, en: "B"}`, `kata/a.yaml:1: want key: {id: "…", en: "…"}; got "a: {id: \"A, en: \"B\"}"`},
		{"more after it", `a: {id: "A", en: "B"} x`, `kata/a.yaml:1: want key: {id: "…", en: "…"}; got "a: {id: \"A\", en: \"B\"} x"`},
		{"twice", "a: {id: \"A\", en: \"B\"}\n\na: {id: \"A\", en: \"B\"}", `kata/a.yaml:3: "a" is defined twice`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := loadWords(fstest.MapFS{"kata/a.yaml": {Data: []byte(tt.file)}})
			if err == nil || err.Error() != tt.want {
				t.Errorf("loadWords = %v; want %s", err, tt.want)
			}
		})
	}
}

func TestT(t *testing.T) {
	for _, tt := range []struct {
		lang  requirement.Lang
		key   string
		pairs []string
		want  string
	}{
		{requirement.ID, "situs.langkah", []string{"n", "2", "jumlah", "5"}, "Langkah 2 dari 5"},
		{requirement.EN, "situs.langkah", []string{"n", "2", "jumlah", "5"}, "Step 2 of 5"},
		{requirement.ID, "situs.langkah", []string{"n", "{jumlah}", "jumlah", "5"}, "Langkah {jumlah} dari 5"}, // a value is not read again
		{"fr", "situs.hari", nil, "Hari"},
		{requirement.ID, "situs.tak-dikenal", nil, "situs.tak-dikenal"},
	} {
		if got := T(tt.lang, tt.key, tt.pairs...); got != tt.want {
			t.Errorf("T(%q, %q, %q) = %q; want %q", tt.lang, tt.key, tt.pairs, got, tt.want)
		}
	}
}

func TestBothLanguages(t *testing.T) {
	for key, text := range words().byKey {
		if text.ID == "" || text.EN == "" {
			t.Errorf("%s: a language is missing", key)
		}
		if id, en := Placeholders(text.ID), Placeholders(text.EN); !slices.Equal(id, en) {
			t.Errorf("%s: placeholders %q in Indonesian, %q in English", key, id, en)
		}
		if strings.Contains(strings.ToLower(text.ID), "antrian") {
			t.Errorf("%s: write antrean", key)
		}
	}
}

// Every key that code and templates name exists, gets its placeholders, and no
// key lies unused.
func TestKeysAreUsed(t *testing.T) {
	uses := append(usesInGo(t, "../../functions", ".."), usesInTemplates(t)...)
	if len(uses) < 50 {
		t.Fatalf("only %d uses found", len(uses))
	}
	used := map[string]bool{}
	for _, u := range uses {
		found := false
		for key, text := range words().byKey {
			if !u.pattern.MatchString(key) {
				continue
			}
			found, used[key] = true, true
			if want := Placeholders(text.ID); u.call && u.exact && !slices.Equal(u.filled, want) {
				t.Errorf("%s: %s gets %q; want %q", u.at, key, u.filled, want)
			}
		}
		if !found && (u.exact || u.call) {
			t.Errorf("%s: no words for %s", u.at, u.pattern)
		}
	}
	for key := range words().byKey {
		if !used[key] {
			t.Errorf("%s is used nowhere", key)
		}
	}
}
