package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/local/machinetest"
)

const (
	companyBranch = "bandar-lampung"
	companyOffice = "/perusahaan/" + companyBranch
)

// A company's claim without JavaScript, from the numbers of the company to what
// the representative sees of a worker who has agreed: a list with a mistake, the
// letters, the branch's places, the documents of a worker in one form, and the
// worker's own consent.
func TestCompanyWithoutScripts(t *testing.T) {
	rep := open(t, 360, false)
	rep.company()
	rep.press(`main a.button[href="/kolektif/permohonan"]`)
	letters, err := cdp.Run(rep.ctx, cdp.Evaluate[[]string](`[...document.querySelectorAll('.tasks a[href*="/surat/"]')].map(a => a.getAttribute('href'))`))
	rep.must(err)
	for _, letter := range letters {
		rep.letter(letter)
	}
	rep.look("perusahaan-surat")
	workers := []string{rep.worker(), rep.worker()}
	bad := strings.Replace(workers[1], ";9901", ";", 1)
	rep.list(workers[0] + bad)
	rep.says("1 hal harus diperbaiki", "B3", "16 angka")
	rep.look("perusahaan-daftar-salah")
	rep.list(workers[0] + workers[1])
	rep.says("Daftar diterima: 2 pekerja")
	rep.look("perusahaan-daftar")
	rep.open("/kolektif/permohonan")
	rep.press(`form[action="/kolektif/kirim"] button`)
	rep.says("Kantor cabang memeriksa permohonan")

	boss := open(t, 1280, true)
	boss.agreeBlock()
	mail := strings.Split(workers[0], ";")[5]
	rep.until("the workers' registrations and mails", func() bool {
		for _, job := range []string{"Companies", "Send"} { // of which the program may be running one itself
			if err := office.Run(t.Context(), job); err != nil {
				t.Log(err)
			}
		}
		rep.open("/kolektif/permohonan")
		return strings.Contains(rep.text("main"), "Semua pekerja sudah didaftarkan") && codeTo(t, mail) != ""
	})
	rep.look("perusahaan-terdaftar")
	rep.papersOf(2)

	open(t, 360, true).consent(codeTo(t, mail))
	rep.open("/kolektif/permohonan")
	if sent := rep.row("Lengkap dan terkirim"); sent != "1" {
		t.Errorf("the representative reads that %q are sent; want 1\n%s", sent, rep.where())
	}
	rep.look("perusahaan-kemajuan")
}

// company fills in the first form, with too few at first.
func (b tab) company() {
	b.t.Helper()
	b.open("/kolektif")
	for name, value := range map[string]string{"perusahaan": "PT Contoh Uji", "jumlah-pekerja": "10", "jumlah-phk": "2", "kantor": companyBranch,
		"nama": "Wati Uji", "ponsel": "0811 9999 0000", "surel": "wati@contoh.id"} {
		b.fill(name, value)
	}
	b.next()
	b.says("30")
	b.look("perusahaan-mulai-salah")
	b.fill("jumlah-phk", "3")
	b.until("the request", func() bool { // refused while it is younger than a person can be
		b.next()
		return b.text(".panel .code") != ""
	})
	b.look("perusahaan-kode")
}

// letter sends a picture of a letter and waits until it is accepted.
func (b tab) letter(path string) {
	b.t.Helper()
	b.open(path)
	b.must(cdp.Do(b.ctx, cdp.SetUploadFiles(cdp.CSS(`input[type=file]`), []string{paper(b.t)})))
	b.next()
	b.until("acceptance of "+path, func() bool {
		b.open("/kolektif/permohonan")
		return b.first(fmt.Sprintf(`li.done a[href=%q], li.warning a[href=%q]`, path, path), "href") != ""
	})
}

// worker is a line of the list, of somebody new.
func (b tab) worker() string {
	n := people.Add(1)
	ended := machinetest.Today().AddDays(-60)
	return fmt.Sprintf("Pekerja Uji %s;990101010190%04d;9900000%04d;1990-03-02;0812345%05d;pekerja%d@contoh.id;Bank Uji;00777%05d;Pekerja Uji;phk;2015-01-02;%s;%s;ya;tidak;tidak;;\n",
		strings.Repeat("A", int(n%7)+1), n, n, n, n, n, ended, ended)
}

// list sends a list of workers below the template's header.
func (b tab) list(lines string) {
	b.t.Helper()
	head, _, _ := strings.Cut(string(fetch(b.t, site+"/kolektif/templat.csv")), "\n")
	path := filepath.Join(b.t.TempDir(), "daftar.csv")
	b.must(os.WriteFile(path, []byte(head+"\n"+lines), 0o600))
	b.open("/kolektif/daftar")
	b.must(cdp.Do(b.ctx, cdp.SetUploadFiles(cdp.CSS(`input[type=file]`), []string{path})))
	b.next()
}

// agreeBlock is the branch's supervisor, who looks at the request and gives
// the places that the form proposes.
func (b tab) agreeBlock() {
	b.t.Helper()
	b.login("", "penyelia", func(string) {})
	b.visit(office.StaffURL + companyOffice)
	b.press(fmt.Sprintf(`main a[href^="%s/"]`, companyOffice))
	b.look("perusahaan-kantor")
	b.press(`main a[href$="/jadwal"]`)
	b.look("perusahaan-jadwal")
	b.next()
	b.says("Disetujui")
}

// papersOf sends every document that the worker of a row needs with one form,
// and one of nobody, and waits until each is accepted.
func (b tab) papersOf(row int) {
	b.t.Helper()
	dir := b.t.TempDir()
	needed := []string{"kartu-peserta", "ktp", "surat-lapor-phk"}
	names := []string{"99_ktp.jpg"}
	for _, kind := range needed {
		names = append(names, fmt.Sprintf("%d_%s.jpg", row, kind))
	}
	var files []string
	for _, name := range names {
		files = append(files, filepath.Join(dir, name))
		b.must(os.Rename(paper(b.t), filepath.Join(dir, name)))
	}
	b.open("/kolektif/berkas")
	b.must(cdp.Do(b.ctx, cdp.SetUploadFiles(cdp.CSS(`input[type=file]`), files)))
	b.next()
	b.says("3 dari 4 file diambil", "99_ktp.jpg", "Tidak ada pekerja dengan nomor baris")
	b.look("perusahaan-berkas")
	b.until("acceptance of the documents", func() bool {
		b.open(fmt.Sprintf("/kolektif/pekerja/%d", row))
		n, err := cdp.Run(b.ctx, cdp.Evaluate[int](`document.querySelectorAll('.tasks li.done, .tasks li.warning').length`))
		return err == nil && n == len(needed)
	})
	b.look("perusahaan-pekerja")
}

// consent is a worker who reads what the company hands in, and agrees.
func (b tab) consent(code string) {
	b.t.Helper()
	b.reopen("", code)
	b.says("Perusahaan mengajukan klaim ini untuk Anda")
	b.press(`main a[href="/kolektif/persetujuan"]`)
	b.look("perusahaan-persetujuan")
	b.says("Pekerja Uji", "Wakil perusahaan hanya melihat apakah berkas Anda lengkap")
	b.next()
	b.says("Beri tanda bila Anda setuju")
	b.tick(`input[name=persetujuan]`)
	b.next()
	b.says("Pengajuan")
}

var codeShape = regexp.MustCompile(`[A-Z0-9*]{4}-[A-Z0-9*]{4}-[A-Z0-9*]{4}-[A-Z0-9*$=~]{4,5}`)

// codeTo is the code in the mail to an address; "" if none has come.
func codeTo(t *testing.T, address string) string {
	t.Helper()
	for _, m := range mails(t, data) {
		if m.to == address {
			return codeShape.FindString(m.text)
		}
	}
	return ""
}
