package editor

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

// contentFiles calls do for every page and data file of the project.
func contentFiles(t *testing.T, do func(name, text string, isPage bool)) {
	t.Helper()
	n := 0
	err := fs.WalkDir(os.DirFS("../../content"), ".", func(name string, d fs.DirEntry, err error) error {
		isPage := path.Ext(name) == ".md" && name != "EDITORS.md"
		if err != nil || d.IsDir() || !isPage && path.Dir(name) != "data" {
			return err
		}
		b, err := os.ReadFile("../../content/" + name)
		if err != nil {
			return err
		}
		n++
		do(name, string(b), isPage)
		return nil
	})
	if err != nil || n < 60 {
		t.Fatalf("%d files, %v", n, err)
	}
}

// throughJSON is what the browser makes of values.
func throughJSON(t *testing.T, v Values) Values {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := fromJSON(b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What is opened and saved as it was stays byte for byte.
func TestUnchangedStaysAsItIs(t *testing.T) {
	contentFiles(t, func(name, text string, isPage bool) {
		v, err := Read(text, isPage)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		got, err := Write(throughJSON(t, v), isPage)
		if err != nil || got != text {
			t.Errorf("%s changed by itself (%v): %s", name, err, firstDifference(text, got))
		}
	})
}

// One changed title changes one line of any page, and nothing else.
func TestOneChangeIsOneLine(t *testing.T) {
	contentFiles(t, func(name, text string, isPage bool) {
		if !isPage {
			return
		}
		v, err := Read(text, isPage)
		if err != nil {
			t.Fatal(err)
		}
		v = throughJSON(t, v)
		v["title"] = "Judul: baru"
		got, err := Write(v, isPage)
		if err != nil {
			t.Fatal(err)
		}
		if removed, added := difference(text, got); len(removed) != 1 || len(added) != 1 || !strings.Contains(added[0], `"Judul: baru"`) {
			t.Errorf("%s: -%q +%q", name, removed, added)
		}
	})
}

func TestWrite(t *testing.T) {
	const list = "# head\n- code: satu # first\n  text: {id: \"a\", en: \"b\"}\n# about two\n- code: dua\n  n: 2\n"
	const page = "---\ntitle: \"T\" # the title\nlists:\n  # law first\n  - basis: law\n    documents:\n      - {slot: ktp, need: required}\n      - {slot: npwp, need: conditional}\norder: 1\n---\n\nIsi.\n"
	tests := []struct {
		name, text string
		isPage     bool
		edit       func(Values)
		want       string
	}{
		{"word of a list", list, false, func(v Values) { first(v)["text"].(map[string]any)["id"] = "c" },
			"# head\n- code: satu # first\n  text: {id: \"c\", en: \"b\"}\n# about two\n- code: dua\n  n: 2\n"},
		{"entry taken out", list, false, func(v Values) { v[listKey] = v[listKey].([]any)[1:] }, "# head\n# about two\n- code: dua\n  n: 2\n"},
		{"entry added", list, false, func(v Values) { v[listKey] = append(v[listKey].([]any), map[string]any{"code": "tiga", "empty": ""}) },
			list + "- code: tiga\n"},
		{"document of a list", page, true, func(v Values) {
			docs := v["lists"].([]any)[0].(map[string]any)["documents"].([]any)
			docs[1].(map[string]any)["need"] = "required"
		}, strings.Replace(page, "npwp, need: conditional", "npwp, need: required", 1)},
		{"order", page, true, func(v Values) { v["order"] = 2.0 }, strings.Replace(page, "order: 1", "order: 2", 1)},
		{"key taken out", page, true, func(v Values) { v["order"] = nil }, strings.Replace(page, "order: 1\n", "", 1)},
		{"body", page, true, func(v Values) { v[bodyKey] = "Lain." }, strings.Replace(page, "Isi.", "Lain.", 1)},
		{"new page", "", true, func(v Values) { v["title"], v[bodyKey] = "Baru", "Isi." }, "---\ntitle: Baru\n---\nIsi.\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Values{}
			if tt.text != "" {
				var err error
				if v, err = Read(tt.text, tt.isPage); err != nil {
					t.Fatal(err)
				}
			}
			v = throughJSON(t, v)
			tt.edit(v)
			got, err := Write(v, tt.isPage)
			if err != nil || got != tt.want {
				t.Errorf("%v\n%s\nwant\n%s", err, got, tt.want)
			}
		})
	}
}

func first(v Values) map[string]any { return v[listKey].([]any)[0].(map[string]any) }

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "-" + x[i] + " +" + y[i]
		}
	}
	return "length"
}

// difference is the lines that only one of two texts has.
func difference(a, b string) (removed, added []string) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return x, y
}

func FuzzWrite(f *testing.F) {
	f.Add("---\ntitle: a\n---\nb\n", "title", "x: y", true)
	f.Add("- code: a\n- code: b\n", "code", "#", false)
	f.Add("- \r\r\r\r a- cde:", "eodc", "BP", false)
	f.Add("00:", "0", "0", false)
	f.Add("a: 1\u2028\u2028\nb: 2\n", "b", "3", false)
	f.Fuzz(func(t *testing.T, text, key, value string, isPage bool) {
		v, err := Read(text, isPage)
		if err != nil {
			return
		}
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return // no browser sends such
		}
		v[key] = value
		got, err := Write(v, isPage)
		if err != nil || key == originalKey || key == bodyKey || key == listKey || value == "" {
			return
		}
		again, err := Read(got, isPage)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, got)
		}
		if _, isList := v[listKey]; !isList && !same(again[key], value) {
			t.Errorf("%q is %q after writing %q:\n%s", key, again[key], value, got)
		}
	})
}
