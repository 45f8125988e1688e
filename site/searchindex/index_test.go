package searchindex

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lapakasik/site/requirement"
)

func TestStem(t *testing.T) {
	for _, tt := range []struct{ lang, words, want string }{
		{"id", "mengundurkan pengunduran undur", "undur undur undur"},
		{"id", "pendaftaran mendaftar didaftarkan daftarlah", "daftar daftar daftar daftar"},
		{"id", "berkasnya berkas", "berkas berkas"},
		{"id", "menyiapkan siap", "siap siap"},
		{"id", "ktp nik phk", "ktp nik phk"},
		{"en", "claims claimed claiming claim", "claim claim claim claim"},
		{"en", "branches process", "branch process"},
	} {
		var got []string
		for _, w := range strings.Fields(tt.words) {
			got = append(got, stem(tt.lang, w))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("stems of %s = %v; want %s", tt.words, got, tt.want)
		}
	}
}

// A section says something of itself also where only its heading is found.
func TestExcerpt(t *testing.T) {
	x := New("id", []Section{{Path: "/a/", Title: "Istilah", Heading: "JHT", Text: "Jaminan Hari Tua. Tabungan saat bekerja."}, {Path: "/b/", Title: "Kosong"}})
	for query, want := range map[string]string{"jht": "Jaminan Hari Tua.", "tabungan jht": "Tabungan saat bekerja.", "kosong": ""} {
		if hits, _ := x.Find(query, 1); len(hits) != 1 || hits[0].Excerpt != want {
			t.Errorf("%s: %+v; want the excerpt %q", query, hits, want)
		}
	}
}

// A long sentence shows the place where the word stands.
func TestExcerptOfALongSentence(t *testing.T) {
	long := strings.Repeat("berkas lain, ", 30)
	x := New("id", []Section{{Path: "/a/", Title: "Satu", Text: long + "lalu paklaring, " + long + "selesai."}})
	for query, want := range map[string]string{"paklaring": "…paklaring, berkas lain, ", "berkas": "berkas lain, ", "selesai": "…selesai."} {
		hits, _ := x.Find(query, 1)
		if len(hits) != 1 || !strings.HasPrefix(hits[0].Excerpt, want) || len([]rune(hits[0].Excerpt)) > maxExcerpt+2 {
			t.Errorf("%s: %+v; want an excerpt that begins with %q", query, hits, want)
		}
	}
}

// A word with a hyphen is found with and without it, and by its parts.
func TestHyphen(t *testing.T) {
	x := New("en", []Section{{Path: "/a/", Title: "Lay-off"}, {Path: "/b/", Title: "Email"}})
	for query, want := range map[string]string{"layoff": "/a/", "lay-off": "/a/", "lay off": "/a/", "Layoffs": "/a/", "e-mail": "/b/", "-": ""} {
		hits, _ := x.Find(query, 1)
		if len(hits) > 0 != (want != "") || want != "" && hits[0].Section.Path != want {
			t.Errorf("%s: %+v; want %q", query, hits, want)
		}
	}
}

// An index read back answers like the one that was written.
func TestRead(t *testing.T) {
	x := New("id", []Section{{Path: "/a/", Title: "Satu", Text: "Berkas klaim. Masa tunggu satu bulan."}, {Path: "/b/", Anchor: "x", Title: "Dua", Heading: "Klaim", Text: "Kantor."}})
	b, err := json.Marshal([]*Index{x})
	if err != nil {
		t.Fatal(err)
	}
	all, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := x.Find("klaim bulan", 5)
	got, _ := all[requirement.ID].Find("klaim bulan", 5)
	if !reflect.DeepEqual(got, want) || len(got) != 2 {
		t.Errorf("Find = %+v; want %+v", got, want)
	}
	if got[0].Excerpt != "Masa tunggu satu bulan." && got[0].Excerpt != "Berkas klaim." {
		t.Errorf("excerpt %q; want a sentence of the section", got[0].Excerpt)
	}
	for _, broken := range []string{"", "{}", `[{"lang":"id","postings":{"a":[[3,1]]}}]`, `[{"postings":{"a":[[-1,1]]},"sections":[{}],"lengths":[1]}]`,
		`[{"postings":{"a":[[0,1]},"sections":[{}],"lengths":[1]}]`, `[{"postings":{"a":[[0]]},"sections":[{}],"lengths":[1]}]`, `[{"postings":{"a":[0,1]},"sections":[{}],"lengths":[1]}]`,
		`[{"postings":{"a":[[0,1],[0]]},"sections":[{}],"lengths":[1]}]`, `[{"postings":{"a":"x"},"sections":[{}],"lengths":[1]}]`} {
		if _, err := Read([]byte(broken)); err == nil {
			t.Errorf("Read(%q) gave an index", broken)
		}
	}
}

// An index that is renewed is that of all sections, whatever changed.
func TestRenew(t *testing.T) {
	words := rapid.SampledFrom([]string{"", "satu", "dua", "satu dua", "berkas klaim"})
	part := func(path string) *rapid.Generator[[]Section] {
		section := rapid.Custom(func(t *rapid.T) Section {
			return Section{Path: path, Title: words.Draw(t, "title"), Heading: words.Draw(t, "heading"), Text: words.Draw(t, "text")}
		})
		return rapid.SliceOfN(section, 1, 3)
	}
	rapid.Check(t, func(t *rapid.T) {
		var old, want []Section
		fresh := map[string][]Section{}
		for _, path := range []string{"/a/", "/b/", "/c/"} {
			was := part(path).Draw(t, path)
			now := was
			if rapid.Bool().Draw(t, "changed") {
				now = part(path).Draw(t, path)
				fresh[path] = now
			}
			old, want = append(old, was...), append(want, now...)
		}
		got, _ := json.Marshal(New("id", old).Renew(fresh))
		if all, _ := json.Marshal(New("id", want)); string(got) != string(all) {
			t.Fatalf("Renew = %s; want %s", got, all)
		}
	})
}

func TestFindBounds(t *testing.T) {
	x := New("id", []Section{{Path: "/a/", Title: "Satu"}})
	for _, q := range []string{"", " ", "yang dan", strings.Repeat("satu ", 1000), strings.Repeat("ß", 500)} {
		if hits, _ := x.Find(q, 3); len(hits) > 1 {
			t.Errorf("Find(%.20q) = %d hits of one page", q, len(hits))
		}
	}
	if hits, _ := New("id", nil).Find("satu", 3); len(hits) > 0 {
		t.Error("an empty index has hits")
	}
}
