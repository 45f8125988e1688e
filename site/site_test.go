package site_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lapakasik/site"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

func copyInto(to fstest.MapFS, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, name)
		to[name] = &fstest.MapFile{Data: b}
		return err
	})
}

// The content that is published builds, and each of its pages is a good page.
func TestContent(t *testing.T) {
	r := build(t, real(t))
	for name, b := range r.Files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			pagetest.Check(t, b)
			lang := `<html lang="id">`
			if strings.HasPrefix(name, "en/") {
				lang = `<html lang="en">`
			}
			if !bytes.Contains(b, []byte(lang)) {
				t.Errorf("want %s", lang)
			}
		})
	}
	if r.Pages < 100 {
		t.Errorf("Pages = %d; want at least 100", r.Pages)
	}
}

// What issue and law ask the content to have.
func TestContentCovers(t *testing.T) {
	r := build(t, real(t))
	for _, code := range []string{"usia-pensiun-56", "usia-pensiun-pkb", "kontrak-berakhir", "berhenti-usaha", "mengundurkan-diri", "phk",
		"meninggalkan-indonesia", "cacat-total-tetap", "meninggal-dunia", "sebagian-10", "sebagian-30", "jaminan-kematian"} {
		reason := r.Set.Reason(code)
		if reason == nil {
			t.Errorf("Reason(%q) = nil", code)
			continue
		}
		if len(reason.Channels) == 0 || len(reason.Checklist(nil, reason.Channels[0], "2026-11-24")) == 0 {
			t.Errorf("%s: no channels or no documents", code)
		}
	}
	if n := len(r.Set.Branches); n != 27 {
		t.Errorf("%d branches; want 27", n)
	}
	for _, name := range []string{"prosedur/online/index.html", "prosedur/onsite/index.html", "prosedur/kolektif/index.html", "standar-pelayanan/index.html",
		"gratis/index.html", "privasi/index.html", "kontak/index.html", "kantor/bandar-lampung/index.html"} {
		if r.Files[name] == nil || r.Files["en/"+name] == nil {
			t.Errorf("%s is not there in both languages", name)
		}
	}
}

func TestSmallSite(t *testing.T) {
	r := build(t, small(nil))
	mustHold(t, r, "klaim/pindah/index.html", `href="/daftar/syarat?sebab=pindah"`, "Surat A", "Aturan Pasal 1", "26 April 2022", "bila saldo besar",
		`id="berkas-law-2022-04-26"`, `id="berkas-practice-2020-03-23"`, `href="/klaim/"`, `href="https://example.org/aturan"`, "20 November 2026",
		`<link rel="canonical" href="https://lapakasik.example/klaim/pindah/">`, `hreflang="en" href="https://lapakasik.example/en/klaim/pindah/"`)
	mustHold(t, r, "en/klaim/pindah/index.html", `href="/en/daftar/syarat?sebab=pindah"`, "Letter A", `<a href="/en/klaim/">move</a>`, "Change of job")
	mustHold(t, r, "klaim/lama/index.html", `http-equiv="refresh" content="0; url=/klaim/pindah/"`, `content="noindex"`)
	mustHold(t, r, "klaim/index.html", `href="/klaim/pindah/"`, "Saya pindah kerja")
	mustHold(t, r, "index.html", `href="/klaim/pindah/"`)
	mustHold(t, r, "kantor/index.html", `href="/kantor/kota/"`, "Provinsi")
	mustHold(t, r, "kantor/kota/index.html", "175", "Perkiraan.", "08.00", "15.00 WIB", "25 Desember 2026", "2 petugas × 3 orang")
	mustHold(t, r, "robots.txt", "Sitemap: https://lapakasik.example/sitemap.xml", "Disallow: /en/survei")
	if robots := string(r.Files["robots.txt"]); strings.Contains(robots, "kinerja") {
		t.Errorf("robots.txt keeps the public results from being found: %s", robots)
	}
	mustHold(t, r, "robots.txt", "Disallow: /uji-perangkat/\n", "Disallow: /en/uji-perangkat/\n")
	mustHold(t, r, "sitemap.xml", "https://lapakasik.example/uji-perangkat<", "https://lapakasik.example/en/uji-perangkat<")
	for _, name := range []string{"404.html", "en/404.html"} {
		mustHold(t, r, name, `content="noindex"`)
	}
}

func TestSetFiles(t *testing.T) {
	r := build(t, small(nil))
	b := r.Files["data/persyaratan.json"]
	set, err := requirement.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, r.Files["data/persyaratan-"+set.Version+".json"]) {
		t.Error("the file with the version differs from the one without")
	}
	if d := set.Branch("kota").Desks[requirement.Online]; d.Officers != 2 {
		t.Errorf("a branch without desks has %+v; want those of jadwal.yaml", d)
	}
	if v := set.Consents[0].Version; len(v) != 12 {
		t.Errorf("consent version %q; want 12 digits", v)
	}
	if got := set.Reason("pindah").Lists[0].Items[0].OneOf; !slices.Equal(got, []string{"ktp"}) {
		t.Errorf("OneOf = %v; want the slot's own document", got)
	}
}

func TestSitemap(t *testing.T) {
	r := build(t, small(map[string]string{"energi.md": plainPage, "energi.en.md": plainPageEN}))
	var got struct {
		URL []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(r.Files["sitemap.xml"], &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"https://lapakasik.example/kinerja": true, "https://lapakasik.example/en/kinerja": true,
		"https://lapakasik.example/uji-perangkat": true, "https://lapakasik.example/en/uji-perangkat": true}
	for name, b := range r.Files {
		if path, ok := strings.CutSuffix(name, "index.html"); ok && !bytes.Contains(b, []byte(`content="noindex"`)) {
			want["https://lapakasik.example/"+path] = true
		}
	}
	listed := map[string]bool{}
	for _, u := range got.URL {
		listed[u.Loc] = true
	}
	if !maps.Equal(listed, want) || len(want) < 20 {
		t.Errorf("sitemap lists %v; want %v", slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(want)))
	}
}

// The same content gives the same bytes, one page at a time or many.
func TestSameBytes(t *testing.T) {
	fsys := real(t)
	before := runtime.GOMAXPROCS(1)
	first := build(t, fsys)
	runtime.GOMAXPROCS(max(before, 4))
	second := build(t, fsys)
	runtime.GOMAXPROCS(before)
	if !maps.EqualFunc(first.Files, second.Files, bytes.Equal) {
		t.Error("two builds of the same content differ")
	}
}

func TestBuildStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := site.Build(ctx, small(nil), site.Options{}); err == nil {
		t.Error("Build with a context that has ended = nil error")
	}
}

func BenchmarkBuild(b *testing.B) {
	fsys := real(b)
	for b.Loop() {
		build(b, fsys)
	}
}
