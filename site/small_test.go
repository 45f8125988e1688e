package site_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"lapakasik/site"
)

// small is the smallest site that builds: the pages that every page's frame
// leads to, one reason, one branch, and the data they need. Each edit
// replaces a file; an empty one takes it away.
func small(edits map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, name := range []string{"index", "klaim", "prosedur", "kantor", "bantuan", "gratis", "standar-pelayanan", "privasi", "bantuan/aksesibilitas", "kontak", "istilah", "perubahan", "luring", "bantuan/kode", "bantuan/undian", "prosedur/kolektif"} {
		fsys[name+".md"] = &fstest.MapFile{Data: []byte(plainPage)}
		fsys[name+".en.md"] = &fstest.MapFile{Data: []byte(plainPageEN)}
	}
	for name, text := range smallFiles {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range edits {
		if text == "" {
			delete(fsys, name)
			continue
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const (
	plainPage   = "---\ntitle: Judul\ndescription: Isi halaman.\nreviewed: 2026-11-20\n---\n\nTeks.\n"
	plainPageEN = "---\ntitle: Title\ndescription: What is here.\n---\n\nText.\n"
)

// smallSections is what the small site asks of its pages: the 14 elements of
// a service standard, and one section of a reason.
var smallSections = func() string {
	out := "- {kind: reason, title: {id: Siapa, en: Who}}\n"
	for n := 1; n <= 14; n++ {
		out += fmt.Sprintf("- {kind: standard, element: %d, title: {id: Komponen %d, en: Element %d}}\n", n, n, n)
	}
	return out
}()

// smallUpkeep is what every kind of page but the plain one needs.
const smallUpkeep = "section: /\norder: 1\nreview_every_days: 180\nsources: [{title: Aturan}]\nchanges: [{date: 2026-11-20, text: {id: Dibuat., en: Made.}}]\n"

// smallStandard is a page of all elements of a service standard.
func smallStandard(title, lines, element string) string {
	out := "---\ntitle: " + title + "\ndescription: Isi halaman.\n" + lines + "---\n"
	for n := 1; n <= 14; n++ {
		out += fmt.Sprintf("\n## %s %d\n\nTeks.\n", element, n)
	}
	return out
}

var smallFiles = map[string]string{
	"index.md":                "---\ntitle: Beranda\ndescription: Isi halaman.\nkind: home\nreviewed: 2026-11-20\n" + smallUpkeep + "---\n\nTeks.\n",
	"standar-pelayanan.md":    smallStandard("Standar", "kind: standard\nreviewed: 2026-11-20\n"+smallUpkeep, "Komponen"),
	"standar-pelayanan.en.md": smallStandard("Standard", "", "Element"),
	"privasi.md":              "---\ntitle: Privasi\ndescription: Isi halaman.\nkind: privacy\nreviewed: 2026-11-20\n" + smallUpkeep + "---\n\nTeks.\n",
	"klaim/pindah.md": `---
title: Pindah kerja
description: Syarat klaim karena pindah kerja.
kind: reason
reviewed: 2026-11-20
situation: Saya pindah kerja
programme: JHT
channels: [online]
aliases: [/klaim/lama/]
sources:
  - {title: Aturan, url: "https://example.org/aturan"}
changes:
  - {date: 2026-11-20, text: {id: Dibuat., en: Made.}}
rules:
  - kind: wait_months
    question: tanggal-keluar
    amount: 1
    refusal: {id: Tunggu dulu., en: Please wait.}
    source: Aturan Pasal 1
lists:
  - basis: law
    valid_from: 2022-04-26
    source: Aturan Pasal 2
    documents:
      - {slot: ktp, need: required}
      - {slot: npwp, need: conditional, when: [saldo-besar]}
      - {slot: bukti, need: required, one_of: [surat-a, surat-b]}
  - basis: practice
    valid_from: 2020-03-23
    source: Daftar lama
    documents:
      - {slot: surat-a, need: advised}
      - {slot: surat-c, need: advised}
applicant: member
section: /klaim/
order: 10
review_every_days: 180
---

## Siapa

Anda yang [pindah](/klaim/).
`,
	"klaim/pindah.en.md": "---\ntitle: Change of job\ndescription: What a claim needs.\nsituation: I change my job\n---\n\n## Who\n\nYou who [move](/klaim/).\n",
	"data/dokumen.yaml": `- {code: ktp, title: {id: KTP, en: ID card}, help: {id: Foto., en: Photo.}}
- {code: npwp, title: {id: NPWP, en: Tax number}, help: {id: Foto., en: Photo.}}
- {code: surat-a, title: {id: Surat A, en: Letter A}, help: {id: Foto., en: Photo.}}
- {code: surat-b, title: {id: Surat B, en: Letter B}, help: {id: Foto., en: Photo.}}
- {code: surat-c, title: {id: Surat C, en: Letter C}, help: {id: Foto., en: Photo.}}
`,
	"data/pertanyaan.yaml": `- {code: tanggal-lahir, kind: date, label: {id: Tanggal lahir, en: Birth date}}
- {code: tanggal-keluar, kind: date, label: {id: Tanggal keluar, en: Last day}}
- code: saldo-besar
  kind: yes_no
  label: {id: Saldo besar?, en: Large balance?}
  condition: {id: bila saldo besar, en: if the balance is large}
`,
	"data/kantor.yaml":      "- {code: kota, name: Kantor Kota, city: Kota, province: Provinsi, zone: WIB, source: Uji, bookable: true}\n",
	"data/jadwal.yaml":      "desks:\n  online: {officers: 2, places: 3, open: \"08:00\", close: \"15:00\", minutes: 60, days: [1, 2, 3, 4, 5]}\nnote: {id: Perkiraan., en: Assumed.}\nassumed: true\n",
	"data/libur.yaml":       "- {date: 2026-12-25, name: {id: Natal, en: Christmas}, source: Uji}\n",
	"data/antrean.yaml":     "horizon_days: 30\ndraft_hours: 24\ncutoff_hours: 2\nreopen_at: [\"12:00\", \"16:00\"]\n" + smallOpening,
	"data/bagian.yaml":      smallSections,
	"data/istilah.yaml":     "- {code: jht, term: {id: JHT, en: JHT}, short: {id: tabungan, en: savings}, meaning: {id: Tabungan., en: Savings.}}\n",
	"data/bahasa.yaml":      "sentence_words: 25\nsyllables: {id: 6, en: 5}\nallowed: {en: [automatically, accessibility]}\n",
	"data/perangkat.yaml":   "min_kbps: 350\nnote: {id: Perkiraan., en: Assumed.}\nsource: https://contoh.id/\n",
	"data/keputusan.yaml":   "mend_days: 7\nmend_days_max: 30\nnote: {id: Perkiraan., en: An assumption.}\nreasons:\n  - {code: berkas-kurang, refuse: true, text: {id: Kurang., en: Missing.}, next: {id: Lengkapi., en: Complete it.}, source: Uji}\n",
	"data/kolektif.yaml":    "percent: 30\nvalid_from: 2020-05-20\nsource: Uji\nnote: {id: Perkiraan., en: Assumed.}\nreasons: []\nletters:\n  - {document: ktp, required: true}\nmax_workers: 100\nopen_days: 14\nhorizon_days: 60\nconsent_days: 7\n",
	"data/kinerja.yaml":     "threshold: 5\nsource: Uji\n",
	"data/survei.yaml":      "- code: mudah\n  label: {id: Mudah?, en: Easy?}\n  options:\n    - {code: ya, label: {id: Ya, en: Yes}, good: true}\n    - {code: tidak, label: {id: Tidak, en: No}}\n",
	"data/layanan.yaml":     "- {path: /daftar, title: {id: Daftar antrean, en: Register}, text: {id: Pesan tempat., en: Book a place.}, keywords: {id: booking, en: appointment}}\n",
	"data/persetujuan.yaml": "- {code: video, asked: true, text: {id: Setuju., en: I agree.}, source: Uji}\n",
}

var sectionLine = regexp.MustCompile(`(?m)^## \S`)

// asLong returns a plain page with as many sections as a body.
func asLong(page, body string) string {
	for n := range sectionLine.FindAllString(body, -1) {
		page += fmt.Sprintf("\n## Bagian %d\n\nTeks.\n", n+1)
	}
	return page
}

// with returns a file of the small site with one place changed.
func with(t testing.TB, name, old, now string) string {
	t.Helper()
	f, ok := small(nil)[name]
	if !ok || !strings.Contains(string(f.Data), old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	return strings.Replace(string(f.Data), old, now, 1)
}

func build(t testing.TB, fsys fstest.MapFS) *site.Result {
	t.Helper()
	r, err := site.Build(context.Background(), fsys, site.Options{Origin: "https://lapakasik.example"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// real is a copy of the content that is published, to be changed at will.
func real(t testing.TB) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	if err := copyInto(fsys, os.DirFS("../content")); err != nil {
		t.Fatal(err)
	}
	if len(fsys) < 50 {
		t.Fatalf("content holds %d files; want the whole content", len(fsys))
	}
	return fsys
}

func mustHold(t testing.TB, r *site.Result, name string, words ...string) {
	t.Helper()
	b, ok := r.Files[name]
	if !ok {
		t.Fatalf("%s was not made", name)
	}
	for _, w := range words {
		if !bytes.Contains(b, []byte(w)) {
			t.Errorf("%s does not hold %q", name, w)
		}
	}
}

// smallOpening are rules of an opening without fault.
const smallOpening = `opening: {mode: first-come, opens_days: 10, opens: "08:00", closes_days: 6, closes: "20:00", commit_hours: 24, confirm_hours: 24, pace: 20, wishes: 3, source: {id: Bursa, en: Exchange}}
`
