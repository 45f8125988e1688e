package collective_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lapakasik/site/page/pagetest"
)

// Of more files than a form may bring the first are taken, and the page says
// how many may come at a time and which are left.
func TestTooManyFilesAtOnce(t *testing.T) {
	w := start(t)
	b, _ := w.agreed()
	if shown := w.page(b, "/kolektif/berkas"); !strings.Contains(shown, "paling banyak 40 file") {
		t.Error("the field does not say how many files at a time")
	}
	files := map[string][]byte{"2_ktp.png": picture(t, 1), "9_ktp.png": picture(t, 2)}
	for n := range 43 {
		files[fmt.Sprintf("2_lain-%02d.png", n)] = []byte("x")
	}
	got := multi(t, b, "/kolektif/berkas", "berkas", "", files)
	for _, want := range []string{"1 dari 45 file diambil", "Paling banyak 40 file sekali kirim. 5 file belum diambil", "2_lain-42.png", "9_ktp.png"} {
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, want) {
			t.Errorf("%d; the page does not say %q", got.Status, want)
		}
	}
	pagetest.Check(t, []byte(got.Body))
	w.settle(1)
	if got := multi(t, b, "/kolektif/berkas", "berkas", "", map[string][]byte{"9_ktp.png": nil, "2_lain.png": nil}); strings.Contains(got.Body, "sekali kirim. ") {
		t.Error("two files are too many")
	}
}

// Who only looks at a worker's file page has sent nothing: the representative
// and the worker can still send the file.
func TestLookingIsNoFile(t *testing.T) {
	w := start(t)
	b, _ := w.agreed()
	for n := range 60 {
		if got := b.Get("/kolektif/pekerja/4/ktp"); got.Status != http.StatusOK {
			t.Fatalf("look %d: %d", n+1, got.Status)
		}
	}
	w.plain(b, "/kolektif/pekerja/4/ktp", picture(t, 1))
	if got := multi(t, b, "/kolektif/berkas", "berkas", "", map[string][]byte{"4_kartu-peserta.png": picture(t, 2)}); got.Status != http.StatusOK {
		t.Errorf("a file after many looks: %d", got.Status)
	}
	w.settle(1)
	if shown := w.page(b, "/kolektif/pekerja/4"); strings.Count(shown, "Diterima") < 2 {
		t.Error("the files are not with the worker")
	}
}

// A file that is not taken for what it holds keeps no other from its place.
func TestBadFileKeepsNothingOut(t *testing.T) {
	w := start(t)
	b, _ := w.agreed()
	got := multi(t, b, "/kolektif/berkas", "berkas", "application/json", map[string][]byte{
		"4_kartu peserta.pdf": []byte("hello"), "4_kartu-peserta.png": picture(t, 1), "4_kartu_peserta.png": picture(t, 2)})
	var said []string
	list, _ := got.JSON(t)["berkas"].([]any)
	for _, x := range list {
		r, _ := x.(map[string]any)
		said = append(said, fmt.Sprint(r["nama"], ": ", r["pesan"]))
	}
	if len(said) != 3 || !strings.Contains(said[0], "JPG") || !strings.HasSuffix(said[1], "png: <nil>") || !strings.Contains(said[2], "tempat yang sama") {
		t.Errorf("%d %q; want the second file taken", got.Status, said)
	}
	w.settle(1)
}

// A refusal is still said after a look at the page of the file.
func TestLookingHidesNoRefusal(t *testing.T) {
	w := start(t)
	b, _ := w.representative()
	w.plain(b, "/kolektif/surat/surat-kuasa-perusahaan", []byte("bukan gambar"))
	w.Clock.Move(time.Second)
	w.page(b, "/kolektif/surat/surat-kuasa-perusahaan")
	for _, path := range []string{"/kolektif/permohonan", "/kolektif/surat/surat-kuasa-perusahaan"} {
		if shown := w.page(b, path); !strings.Contains(shown, "Perlu diganti") {
			t.Errorf("%s does not say that the letter was refused", path)
		}
	}
}
