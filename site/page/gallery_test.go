package page_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"lapakasik/site/page"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

var mistakes = []page.Error{{Field: "nama", Message: "Isi nama lengkap"}, {Field: "lahir", Message: "Tanggal ini tidak ada. Periksa hari, bulan dan tahun"},
	{Field: "pilihan", Message: "Pilih salah satu"}, {Field: "kotak", Message: "Cara layanan ini perlu persetujuan Anda"},
	{Field: "kantor", Message: "Pilih kantor cabang"}, {Field: "file", Message: "Pilih file"}, {Field: "pesan", Message: "Isi pesan"},
	{Field: "kunci", Message: "Halaman ini terlalu lama terbuka. Kirim sekali lagi"}}

// pages are pages as the generator and the functions make them, by name.
func pages(t testing.TB, l requirement.Lang) map[string]*page.Page {
	t.Helper()
	return map[string]*page.Page{
		"semua":       gallery(t, l),
		"semua-galat": gallery(t, l, mistakes...),
		"beranda":     home(l),
		"sebab":       reason(l),
		"berkas":      checklist(l),
		"bukti":       receipt(t, l),
		"jam":         times(l),
		"tersesat": {Lang: l, Path: "/404.html", Title: "Halaman tidak ditemukan", OnlyLang: true, Blocks: []page.Block{
			page.Drawing{Of: "lost"}, page.Lead{Text: "Periksa alamatnya, atau mulai dari beranda."}, page.Button{Link: page.Link{URL: "/", Text: "Ke beranda"}}}},
	}
}

// TestEveryPage holds every component and page in both languages against what
// a page must be. With $GALLERY it writes them there, to look at.
func TestEveryPage(t *testing.T) {
	for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
		all := pages(t, l)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				html := render(t, all[name])
				pagetest.Check(t, html)
				if out := os.Getenv("GALLERY"); out != "" {
					if err := os.WriteFile(filepath.Join(out, string(l)+"-"+name+".html"), html, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

func home(l requirement.Lang) *page.Page {
	return &page.Page{Lang: l, Path: "/", Title: "Klaim jaminan hari tua tanpa antre di kantor", Wide: true, Origin: "https://lapakasik.example",
		Description: "Periksa syarat, pesan tempat, kirim berkas dari ponsel.",
		Blocks: []page.Block{
			page.Lead{Text: "Periksa syarat, pesan tempat, lalu kirim berkas dari ponsel. Petugas menemui Anda lewat panggilan video."},
			page.Button{Link: page.Link{URL: "/daftar", Text: "Mulai pendaftaran"}},
			page.Button{Link: page.Link{URL: "/klaim/", Text: "Periksa syarat"}, Secondary: true},
			page.Heading{Level: 2, ID: "keadaan", Text: "Apa yang terjadi?"},
			page.Cards{Items: []page.LinkItem{
				{Link: page.Link{URL: "/klaim/mengundurkan-diri/", Text: "Mengundurkan diri"}, Note: "Saya mengundurkan diri dari perusahaan."},
				{Link: page.Link{URL: "/klaim/phk/", Text: "Pemutusan hubungan kerja"}, Note: "Perusahaan mengakhiri hubungan kerja saya."},
				{Link: page.Link{URL: "/klaim/usia-pensiun-56/", Text: "Usia 56 tahun"}, Note: "Saya sudah berusia 56 tahun atau lebih."},
				{Link: page.Link{URL: "/klaim/sebagian-10/", Text: "Sebagian, 10 persen"}, Note: "Saya masih bekerja dan sudah 10 tahun menjadi peserta."},
			}},
			page.Heading{Level: 2, ID: "cara", Text: "Tiga langkah"},
			page.Steps{Items: []page.Step{{Title: "Periksa syarat", Text: "Jawab beberapa pertanyaan. Anda langsung tahu berkas yang diperlukan."},
				{Title: "Pesan tempat", Text: "Pilih kantor, tanggal dan jam. Tidak perlu bangun sebelum subuh."},
				{Title: "Kirim berkas", Text: "Setiap foto diperiksa langsung, jadi tidak ada penolakan karena kurang berkas."}}},
		}}
}

func reason(l requirement.Lang) *page.Page {
	return &page.Page{Lang: l, Path: "/klaim/mengundurkan-diri/", Section: "/klaim/", Title: "Mengundurkan diri", Origin: "https://lapakasik.example", Updated: "Diperiksa 20 November 2026.",
		Description: "Syarat klaim JHT bagi yang mengundurkan diri.", Crumbs: []page.Link{{URL: "/", Text: "Beranda"}, {URL: "/klaim/", Text: "Syarat klaim"}},
		Contents: []page.Link{{URL: "#siapa", Text: "Siapa yang dapat mengajukan"}, {URL: "#berkas", Text: "Berkas wajib"}, {URL: "#lama", Text: "Berkas yang kadang masih diminta"}},
		Blocks: []page.Block{
			page.Lead{Text: "Anda dapat mengambil seluruh saldo JHT satu bulan setelah mengundurkan diri."},
			page.Heading{Level: 2, ID: "siapa", Text: "Siapa yang dapat mengajukan"},
			page.List{Items: []string{"Kepesertaan sudah tidak aktif.", "Sudah lewat satu bulan sejak tanggal di surat pengunduran diri."}},
			page.HTML{Body: `<p>Contoh: surat bertanggal 3 Maret 2026, klaim mulai <a href="/bantuan/">3 April 2026</a>.</p><blockquote><p>Pajak dapat dipotong.</p></blockquote>`},
			page.Heading{Level: 2, ID: "berkas", Text: "Berkas wajib"},
			page.Checklist{Items: []page.Task{{Title: "Kartu peserta", Status: "Wajib", Kind: "todo", Hint: "Foto bagian depan, semua huruf terbaca.", Source: "Permenaker 4/2022 Pasal 7"},
				{Title: "Surat keterangan pengunduran diri", Status: "Wajib", Kind: "todo", Alternatives: []string{"Surat dari perusahaan", "Surat dari dinas tenaga kerja"}},
				{Title: "NPWP", Status: "Bila saldo di atas Rp50 juta", Kind: "optional"}}},
			page.Heading{Level: 2, ID: "lama", Text: "Berkas yang kadang masih diminta"},
			page.Table{Caption: "Daftar lama 2020–2022", Head: []string{"Berkas", "Jumlah"}, Rows: [][]string{{"Kartu keluarga", "1"}, {"Paklaring", "1"}}, Numeric: []bool{false, true}},
			page.Notice{Kind: "info", Title: "Layanan ini gratis", Text: "Jangan membayar siapa pun untuk mendaftar.", Link: &page.Link{URL: "/gratis/", Text: "Waspada calo"}},
			page.Button{Link: page.Link{URL: "/daftar/syarat?sebab=mengundurkan-diri", Text: "Daftar untuk sebab ini"}},
		}}
}

func checklist(l requirement.Lang) *page.Page {
	to := func(path, text string) *page.Link { return &page.Link{URL: path, Text: text} }
	return &page.Page{Lang: l, Path: "/berkas", Private: true, Title: "Berkas saya", Section: "/status", Refresh: 3, Back: to("/status", "Ke halaman status"),
		Blocks: []page.Block{
			page.Notice{Kind: "warning", Title: "Lengkapi sebelum Rabu, 25 November 2026, 08.00 WIB", Text: "Tempat Anda dipegang sampai saat itu."},
			page.Heading{Level: 2, ID: "wajib", Text: "Berkas wajib"},
			page.Checklist{Items: []page.Task{{Title: "Kartu peserta", Status: "Diterima", Kind: "done", Link: to("/berkas/kartu-peserta", "Kartu peserta")},
				{Title: "KTP", Status: "Perlu diganti", Kind: "error", Link: to("/berkas/ktp", "KTP"), Details: []string{"Foto buram: dekatkan ponsel dan cari cahaya."}},
				{Title: "Buku tabungan", Status: "Sedang diperiksa", Kind: "busy", Link: to("/berkas/buku-tabungan", "Buku tabungan")},
				{Title: "Surat keterangan pengunduran diri", Status: "Belum dikirim", Kind: "todo", Link: to("/berkas/surat", "Surat keterangan pengunduran diri")}}},
			&page.Form{Action: "/berkas/kirim", Buttons: []page.Submit{{Text: "Kirim pengajuan"}}},
			&page.Form{Action: "/keluar", Buttons: []page.Submit{{Text: "Keluar", Secondary: true}}},
		}}
}

func receipt(t testing.TB, l requirement.Lang) *page.Page {
	t.Helper()
	qr, err := page.QR("ABCD-EFGH-JKMN-PQRST")
	if err != nil {
		t.Fatal(err)
	}
	return &page.Page{Lang: l, Path: "/tanda-terima", Private: true, Title: "Tanda terima", Section: "/status", Blocks: []page.Block{
		page.Panel{Title: "Pengajuan diterima", Text: "Simpan kode ini. Jangan berikan kepada orang lain.", Code: "ABCD-EFGH-JKMN-PQRST"},
		page.Picture{SVG: qr, Alt: "Kode pendaftaran sebagai kode QR"},
		page.Summary{Rows: []page.Row{{Key: "Kantor cabang", Value: "Bandar Lampung"}, {Key: "Tanggal dan jam", Value: page.Date(l, "2026-11-25") + ", " + page.Clock(l, "08:00", "WIB")}, {Key: "Cara layanan", Value: "Online dengan panggilan video"}}},
		page.Notice{Kind: "success", Title: "Semua berkas wajib sudah diterima", Text: "Siapkan berkas asli."},
		page.Button{Link: page.Link{URL: "/tanda-terima/jadwal.ics", Text: "Simpan ke kalender"}, Secondary: true},
	}}
}

func times(l requirement.Lang) *page.Page {
	return &page.Page{Lang: l, Path: "/daftar/jadwal", Private: true, Title: "Pilih jam", Section: "/daftar", Step: 3, Steps: 6, Back: &page.Link{URL: "/daftar", Text: "Kembali"},
		Blocks: []page.Block{page.Lead{Text: "Bandar Lampung, Rabu, 25 November 2026."},
			&page.Form{Action: "/daftar/data-diri", Buttons: []page.Submit{{Text: "Lanjut"}, {Text: "Kembali", Name: "kembali", Value: "1", Secondary: true}}, Fields: []page.Field{
				{Kind: page.Radios, Name: "jam", Label: "Jam mulai", Hint: "Waktu setempat di kantor cabang.", Options: []page.Option{
					{Value: "08:00", Label: "08.00 WIB", Hint: "3 tempat tersisa", Group: "Pagi"}, {Value: "09:00", Label: "09.00 WIB", Hint: "Penuh", Disabled: true, Group: "Pagi"},
					{Value: "13:00", Label: "13.00 WIB", Hint: "12 tempat tersisa", Checked: true, Group: "Siang"}}}}}}}
}
