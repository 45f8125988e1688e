package page_test

import (
	"bytes"
	"path"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// gallery is a page with every component, in a language.
func gallery(t testing.TB, l requirement.Lang, errors ...page.Error) *page.Page {
	t.Helper()
	qr, err := page.QR("ABCD-EFGH-JKMN-PQRST")
	if err != nil {
		t.Fatal(err)
	}
	link := page.Link{URL: "/klaim/", Text: "Syarat klaim"}
	return &page.Page{Lang: l, Path: "/galeri/", Title: "Galeri komponen", Description: "Semua komponen.", Section: "/klaim/", Origin: "https://lapakasik.example",
		Crumbs: []page.Link{{URL: "/", Text: "Beranda"}}, Step: 2, Steps: 5, Back: &link, Updated: "Diperiksa 24 November 2026.",
		Contents: []page.Link{{URL: "#bagian", Text: "Bagian"}}, Scripts: []page.Script{"berkas", "formulir"},
		Blocks: []page.Block{
			page.Lead{Text: "Pembuka."}, page.Heading{Level: 2, ID: "bagian", Text: "Bagian"}, page.Heading{Level: 3, Text: "Anak bagian"},
			page.Text{Text: "Satu paragraf <aman>."}, page.HTML{Body: "<p>Sudah jadi.</p>"},
			page.List{Items: []string{"satu", "dua"}}, page.List{Ordered: true, Items: []string{"satu"}},
			page.Steps{Items: []page.Step{{Title: "Baca syarat", Text: "Siapkan berkas."}, {Title: "Daftar"}}},
			page.Summary{Rows: []page.Row{{Key: "Kantor", Value: "Bandar Lampung", Change: &link}}},
			page.Panel{Title: "Kode", Text: "Simpan.", Code: "ABCD-EFGH-JKMN-PQRST"},
			page.Notice{Kind: "info", Title: "Info", Text: "Isi.", Link: &link}, page.Notice{Kind: "warning", Title: "Penting"},
			page.Notice{Kind: "success", Title: "Berhasil"}, page.Notice{Kind: "danger", Title: "Peringatan"},
			page.Button{Link: link}, page.Button{Link: page.Link{URL: "/kantor/", Text: "Kantor"}, Secondary: true},
			page.Links{Items: []page.LinkItem{{Link: page.Link{URL: "/privasi/", Text: "Privasi"}, Note: "Catatan"}}},
			page.Cards{Items: []page.LinkItem{{Link: page.Link{URL: "/gratis/", Text: "Gratis"}, Note: "Catatan"}}},
			page.Checklist{Items: []page.Task{
				{Title: "KTP", Hint: "Asli", Status: "Diterima", Kind: "done"}, {Title: "Kartu", Status: "Belum", Kind: "todo", Link: &page.Link{URL: "/berkas/kartu", Text: "Kartu"}},
				{Title: "Bukti", Alternatives: []string{"a", "b"}, Source: "Permenaker 4/2022"}, {Title: "Foto", Status: "Ditolak", Kind: "error", Details: []string{"Buram."}},
				{Title: "NPWP", Status: "Catatan", Kind: "warning"}, {Title: "KK", Status: "Diperiksa", Kind: "busy"}, {Title: "Lain", Status: "Tidak wajib", Kind: "optional"}}},
			page.Table{Caption: "Jadwal", Head: []string{"Jam", "Tempat"}, Rows: [][]string{{"08.00", "12"}}, Numeric: []bool{false, true}},
			page.Drawing{Of: "wait"}, page.Drawing{Of: "broken"}, page.Drawing{Of: "empty"}, page.Picture{SVG: qr, Alt: "Kode QR"},
			page.Chart{Title: "Keputusan", Text: "Separuh disetujui.", Bars: []page.Bar{{Label: "Disetujui", Value: "1.234", Length: 1234}, {Label: "Ditolak", Value: "–"}}},
			page.Details{Summary: "Lebih lanjut", Blocks: []page.Block{page.Text{Text: "Isi."}}},
			&page.Form{Action: "/daftar", Errors: errors, Script: "berkas", Upload: true, Buttons: []page.Submit{{Text: "Lanjut"}, {Text: "Kembali", Name: "kembali", Value: "x", Action: "/y", Secondary: true}, {Text: "Hapus", Danger: true}},
				Fields: []page.Field{
					{Kind: page.Hidden, Name: "kunci", Value: "x"}, {Kind: page.TextInput, Name: "nama", Label: "Nama", Hint: "Seperti di KTP", Value: `"Budi"`, Autocomplete: "name"},
					{Kind: page.EmailBox, Name: "surel", Label: "Surel", Optional: true}, {Kind: page.PhoneBox, Name: "ponsel", Label: "Ponsel"},
					{Kind: page.Digits, Name: "nik", Label: "NIK", Width: 20}, {Kind: page.TextArea, Name: "pesan", Label: "Pesan", Value: "a\nb"},
					{Kind: page.DateInput, Name: "lahir", Label: "Lahir", Value: "1990-02-01", Autocomplete: "bday"},
					{Kind: page.Radios, Name: "pilihan", Label: "Pilihan", Hint: "Satu", Options: []page.Option{{Value: "a", Label: "A", Hint: "Catatan", Group: "G"}, {Value: "b", Label: "B", Checked: true}, {Value: "c", Label: "C", Disabled: true}}},
					{Kind: page.Boxes, Name: "kotak", Label: "Kotak", Options: []page.Option{{Value: "a", Label: "A", Checked: true}}},
					{Kind: page.Select, Name: "kantor", Label: "Kantor", Options: []page.Option{{Value: "a", Label: "A", Group: "G", Checked: true}, {Value: "b", Label: "B"}}},
					{Kind: page.FileInput, Name: "file", Label: "File", Accept: "image/jpeg", Attributes: map[string]string{"data-izin": "/x", "data-a": `"`}},
				}},
		}}
}

func render(t testing.TB, p *page.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compressed(b []byte) int {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, 11)
	_, _ = w.Write(b) // into memory
	_ = w.Close()
	return out.Len()
}

// The budgets of a first view: the whole stylesheet is in every page, and
// each script is small; the browser's tests add them up for each page.
func TestBudgets(t *testing.T) {
	if n := compressed(render(t, gallery(t, requirement.ID, mistakes...))); n > 8<<10 {
		t.Errorf("a page with every component and mistake is %d bytes after brotli; want at most 8192", n)
	}
	_, style, found := strings.Cut(string(render(t, home(requirement.ID))), "<style>")
	style, _, closed := strings.Cut(style, "</style>")
	if n := compressed([]byte(style)); !found || !closed || n > 4<<10 {
		t.Errorf("the stylesheet is %d bytes after brotli; want 1 to 4096", n)
	} else {
		t.Logf("stylesheet: %d bytes", n)
	}
	for name, b := range page.Assets() {
		limit := 2 << 10
		switch {
		case strings.Contains(name, "/luring-"): // on every content page
			limit = 512
		case strings.Contains(name, "/perangkat-"): // one page, with a budget of its own
			limit = 3584
		}
		if n := compressed(b); path.Ext(name) == ".js" && n > limit {
			t.Errorf("%s is %d bytes after brotli; want at most %d", name, n, limit)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	p := gallery(b, requirement.ID)
	for b.Loop() {
		render(b, p)
	}
}
