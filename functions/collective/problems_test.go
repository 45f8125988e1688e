package collective_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"lapakasik/functions/internal/apptest"
	"lapakasik/site/page/pagetest"
)

// heads are the column heads of a list, and row one line below them. Its KPJ
// and mail are right where good.
const heads = "Nama;NIK;KPJ;Tanggal lahir;Nomor ponsel;Surel;Bank;Nomor rekening;Nama pemilik rekening;Sebab klaim;Mulai kerja;Akhir kerja;Tanggal phk;Kepesertaan nonaktif;Saldo di atas 50 juta;Pernah klaim sebagian;Tanggal kontrak berakhir;Tanggal surat pengunduran diri"

// row is the line of the n-th worker of a long list, laid off on a day.
func row(n int, laidOff string) string {
	return fmt.Sprintf("Pekerja Uji;990101010190%04d;990%08d;1990-01-01;0812900%05d;p%d@contoh.id;Bank Uji;00777%06d;Pekerja Uji;phk;2015-01-02;%s;%s;ya;tidak;tidak;;",
		n+1, n, n, n, n, laidOff, laidOff)
}

func (w *world) sendRows(b *apptest.Browser, accept string, rows []string) apptest.Answer {
	w.t.Helper()
	return multi(w.t, b, "/kolektif/daftar", "daftar", accept, map[string][]byte{"daftar.csv": []byte(heads + "\r\n" + strings.Join(rows, "\r\n"))})
}

// problemFile is the file of problems, a line each, without its head.
func problemFile(t *testing.T, b *apptest.Browser) []string {
	t.Helper()
	got := b.Get("/kolektif/daftar/galat.csv")
	if got.Status != http.StatusOK {
		t.Fatalf("errors as a file: %d %.300s", got.Status, got.Body)
	}
	return strings.Split(strings.TrimSpace(got.Body), "\r\n")[1:]
}

// The longest list, in which each row has several problems or the long words
// of a rule, is answered, and all of them are in the file.
func TestManyProblems(t *testing.T) {
	w := start(t)
	b, _ := w.representative()
	early := w.Clock.Now().AddDate(0, 0, -5).Format("2006-01-02")
	var rows []string
	for n := range 5000 {
		x := row(n, early)
		if n%2 == 0 {
			x = strings.NewReplacer("990101010190", "", "1990-01-01", "1990", "@contoh.id", "").Replace(x)
		}
		rows = append(rows, x)
	}
	got := w.sendRows(b, "application/json", rows)
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `"jumlah":10000`) {
		t.Fatalf("a list of 10,000 problems: %d %.300s", got.Status, got.Body)
	}
	lines := problemFile(t, b)
	if last := lines[len(lines)-1]; len(lines) != 10000 || !strings.HasPrefix(last, "5001;M5001;Tanggal phk;") || !strings.Contains(last, "Masa tunggu") {
		t.Errorf("the file has %d problems, the last %q", len(lines), last)
	}
}

// Where the file cannot hold every problem, page and file say how many it
// holds, and when the others show.
func TestMoreProblemsThanTheFileHolds(t *testing.T) {
	w := start(t)
	b, _ := w.representative()
	var rows []string
	for n := range 5000 {
		rows = append(rows, strings.NewReplacer("990101010190", "", "1990-01-01", "1990", "@contoh.id", "", ";ya;", ";;", "Bank Uji", "-").Replace(row(n, "2026-01-02")))
	}
	got := w.sendRows(b, "text/html", rows)
	for _, want := range []string{"25.000 hal harus diperbaiki", "Masih ada 19.900 lagi di dalam file galat", "File galat memuat 20.000 hal pertama", "(5.000)", "Unduh 20.000 galat"} {
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, want) {
			t.Errorf("%d; the page does not say %q", got.Status, want)
		}
	}
	pagetest.Check(t, []byte(got.Body))
	lines := problemFile(t, b)
	if last := lines[len(lines)-1]; len(lines) != 20001 || !strings.Contains(last, "20.000") {
		t.Errorf("the file has %d lines, the last %q", len(lines), last)
	}
}

// The words of a rule are said to the worker: on the representative's page they
// are introduced as such, with what the representative can do.
func TestRefusalIsAboutTheWorker(t *testing.T) {
	w := start(t)
	b, _ := w.representative()
	rows := []string{row(0, w.Clock.Now().AddDate(0, 0, -5).Format("2006-01-02"))}
	if got := w.sendRows(b, "text/html", rows); !strings.Contains(got.Body, "Pekerja ini belum dapat mengajukan klaim") || !strings.Contains(got.Body, "Pesan untuk pekerja: “Masa tunggu") {
		t.Errorf("%d; the page does not say whom the words are for", got.Status)
	}
	if lines := problemFile(t, b); len(lines) != 1 || !strings.Contains(lines[0], "Pesan untuk pekerja: “Masa tunggu") {
		t.Errorf("the file says %q", lines)
	}
}

// A letter sent as the list is called no list, and nothing of its columns.
func TestPDFIsNoList(t *testing.T) {
	w := start(t)
	b, _ := w.representative()
	got := multi(t, b, "/kolektif/daftar", "daftar", "application/json", map[string][]byte{"daftar.pdf": []byte("%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n")})
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `"jumlah":1`) || !strings.Contains(got.Body, "bukan daftar pekerja") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
