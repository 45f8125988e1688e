package site_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"lapakasik/site"
	"lapakasik/site/requirement"
)

// One document changed in one markdown file changes the page, the set, the
// upload checklist and the check before submission together.
func TestOneSource(t *testing.T) {
	const reason, file = "mengundurkan-diri", "klaim/mengundurkan-diri.md"
	on := requirement.Date("2026-11-24")
	before := build(t, real(t))
	item := before.Set.Reason(reason).Checklist(nil, requirement.Online, on)[0]

	fsys := real(t)
	md := string(fsys[file].Data)
	line := "      - {slot: " + item.Slot + ", need: " + string(item.Need)
	if !strings.Contains(md, line) {
		t.Fatalf("%s does not hold %q", file, line)
	}
	fsys[file] = &fstest.MapFile{Data: []byte(strings.Replace(md, line, "      - {slot: surat-uji, need: required}\n"+line, 1))}
	doc := "- {code: surat-uji, title: {id: Surat uji baru, en: New test letter}, help: {id: Foto., en: Photo.}}\n"
	fsys["data/dokumen.yaml"] = &fstest.MapFile{Data: append(fsys["data/dokumen.yaml"].Data, doc...)}
	after := build(t, fsys)

	for name, title := range map[string]string{"klaim/" + reason + "/index.html": "Surat uji baru", "en/klaim/" + reason + "/index.html": "New test letter"} {
		if bytes.Contains(before.Files[name], []byte(title)) {
			t.Errorf("%s holds %q before the change", name, title)
		}
		mustHold(t, after, name, title)
	}
	if before.Set.Version == after.Set.Version {
		t.Error("the set's version did not change")
	}
	for _, tt := range []struct {
		name string
		r    *site.Result
		want bool
	}{{"before", before, false}, {"after", after, true}} {
		set, err := requirement.Read(tt.r.Files["data/persyaratan.json"])
		if err != nil {
			t.Fatal(err)
		}
		list := set.Reason(reason).Checklist(nil, requirement.Online, on)
		if got := list.Item("surat-uji") != nil; got != tt.want {
			t.Errorf("%s: on the checklist = %v; want %v", tt.name, got, tt.want)
		}
		missing := list.Missing(func(slot string) bool { return slot != "surat-uji" })
		if got := len(missing) == 1; got != tt.want {
			t.Errorf("%s: Missing = %v; want surat-uji: %v", tt.name, missing, tt.want)
		}
	}
}
