package site_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"lapakasik/site"
)

// Whatever is in a file, reading it ends with a site or with problems that
// have places, never with a panic.
func FuzzContent(f *testing.F) {
	data := fstest.MapFS{}
	for _, name := range []string{"dokumen", "pertanyaan", "kantor", "jadwal", "libur", "antrean", "persetujuan", "perangkat", "kolektif"} {
		b, err := os.ReadFile("../content/data/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		data["data/"+name+".yaml"] = &fstest.MapFile{Data: b}
	}
	for _, name := range []string{"klaim/phk", "prosedur/online", "gratis"} {
		b, err := os.ReadFile("../content/" + name + ".md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("---\ntitle: [\n---\n")
	f.Add("---\ntitle: x\nkind: reason\nrules: [{kind: 1}]\nlists: [{documents: [{slot: \"\"}]}]\n---\n<b>\n\n| a |\n|---|\n| b | c |\n")
	f.Add("\ufeff---\n---\n" + strings.Repeat("> ", 100) + "x\n[a](javascript:b) ![](x)")
	f.Fuzz(func(t *testing.T, body string) {
		content := fstest.MapFS{"halaman.md": {Data: []byte(body)}, "halaman.en.md": {Data: []byte("---\ntitle: A\ndescription: B\n---\n")}}
		for name, file := range data {
			content[name] = file
		}
		s, err := site.Load(t.Context(), content, site.Options{Origin: "https://lapakasik.example", Today: "2026-11-24"})
		if err != nil {
			var ps site.Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("Load = %v; want problems with places", err)
			}
			for _, p := range ps {
				if p.File == "" || p.Message.EN == "" {
					t.Errorf("problem without a file or words: %+v", p)
				}
			}
			return
		}
		if _, err := s.Files(t.Context()); err != nil {
			var ps site.Problems
			if !errors.As(err, &ps) {
				t.Fatalf("Files = %v", err)
			}
		}
	})
}
