package site

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is decoded the short way is what the YAML parser makes of it.
func TestDecodeSimple(t *testing.T) {
	keys := rapid.SampledFrom([]string{"title", "description", "keywords", "situation", "kind", "programme", "order", "review_every_days", "reviewed", "publish", "expires", "section", "draft", "titel", "title ", ""})
	values := rapid.OneOf(
		rapid.SampledFrom([]string{`"Judul"`, "Judul halaman, lalu.", "yes", "Null", `"yes"`, "~", "12", "-3", "007", "0x1f", "1_000", "+1", "1e3", "2026-11-20", "2026-13-01", `"2026-11-20"`, "a: b", `"a: b # c"`, "a #b", "a ", " a",
			`"a\n"`, `"a" `, `"`, `""`, "", "é", `"é"`, "*a", "- a", "[a]", "{a: b}", "'a'", "a,", "a.", ".inf", "a  b", `"a  b"`, "!!str a", "|", `" a "`, "a:", "a\tb", "Infinity", "NaN"}),
		rapid.StringMatching(`[ -~]{0,12}`), rapid.StringMatching(`"[ -~]{0,12}"`))
	line := rapid.OneOf(
		rapid.SampledFrom([]string{`title: "Judul & lain"`, "description: Isi halaman, lalu.", "kind: yes", `situation: "12"`, "order: 12", "reviewed: 2026-11-20", "expires: 2026-02-30", "publish: 2027-01-01"}),
		rapid.Custom(func(t *rapid.T) string { return keys.Draw(t, "key") + ": " + values.Draw(t, "value") }))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(line, 0, 4).Draw(t, "lines"), "\n") + rapid.SampledFrom([]string{"\n", ""}).Draw(t, "end")
		var got, want front
		if !got.decodeSimple(s) {
			if !reflect.DeepEqual(got, front{}) {
				t.Fatalf("decodeSimple(%q) = false, and %+v", s, got)
			}
			return
		}
		if ps := (text{body: s, first: 1}).decode(&want); len(ps) > 0 {
			t.Fatalf("decodeSimple(%q) = true; want %v", s, ps)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("decodeSimple(%q): %+v; want %+v", s, got, want)
		}
	})
	var f front
	if !f.decodeSimple("title: \"Judul & lain\"\ndescription: \"Isi halaman.\"\nreviewed: 2026-11-20\nreview_every_days: 365\n") {
		t.Error("a usual front matter was not decoded the short way")
	}
}
