package collective_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
)

func top(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// The pages of the company, of a worker and of the branch, at 360 and 1280 px.
func TestInBrowser(t *testing.T) {
	root := top(t) // the file store changes the working directory
	w := start(t)
	b, _ := w.representative()
	w.letters(b)
	bad := bytes.Replace(w.listOf(3), []byte(storetest.NIK(1)), []byte("9,97101E+15"), 1)
	if got := multi(t, b, "/kolektif/daftar", "daftar", "", map[string][]byte{"daftar.csv": bad}); got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("a bad list: %d", got.Status)
	}
	w.Look(t, root, b, map[string]string{"kolektif": "/kolektif", "kolektif-buka": "/kolektif/buka", "kolektif-permohonan": "/kolektif/permohonan",
		"kolektif-daftar": "/kolektif/daftar", "kolektif-surat": "/kolektif/surat/surat-kuasa-perusahaan"})
}

// The pages after the branch has agreed.
func TestAgreedInBrowser(t *testing.T) {
	root := top(t) // the file store changes the working directory
	w := start(t)
	b, id := w.agreed()
	multi(t, b, "/kolektif/berkas", "berkas", "", map[string][]byte{"2_ktp.png": picture(t, 51)})
	w.settle(1)
	w.Look(t, root, b, map[string]string{"kolektif-terdaftar": "/kolektif/permohonan", "kolektif-pekerja": "/kolektif/pekerja",
		"kolektif-satu": "/kolektif/pekerja/2", "kolektif-slot": "/kolektif/pekerja/2/bukti-phk", "kolektif-berkas": "/kolektif/berkas"})
	w.Look(t, root, w.as(0), map[string]string{"kolektif-status": "/status", "kolektif-persetujuan": "/kolektif/persetujuan"})
	at := "/perusahaan/" + branch
	w.office.Look(t, root, w.boss(), map[string]string{"perusahaan": at, "perusahaan-permohonan": at + "/" + id, "perusahaan-daftar": at + "/" + id + "/daftar"})
}

// The branch's decision on a request that waits for it.
func TestSentInBrowser(t *testing.T) {
	root := top(t) // the file store changes the working directory
	w := start(t)
	_, id := w.sent()
	at := "/perusahaan/" + branch + "/" + id
	w.office.Look(t, root, w.boss(), map[string]string{"perusahaan-putusan": at, "perusahaan-jadwal": at + "/jadwal"})
}

// Many files with the script: each is matched by its name, sent straight to
// the file store, and what is not taken is said beside it.
func TestBulkWithScript(t *testing.T) {
	w := start(t)
	w.Serve(web.Route{Method: http.MethodGet, Path: "/aset/{nama}", Handle: func(c *web.Call) error {
		return c.File("text/javascript", c.R.PathValue("nama"), page.Assets()["/aset/"+c.R.PathValue("nama")])
	}})
	b, _ := w.agreed()
	dir := t.TempDir()
	var files []string
	for i, name := range []string{"2_ktp.png", storetest.NIK(2) + "_kartu-peserta.png", "99_ktp.png"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, picture(t, 60+i), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	ctx := w.Chromium(t, b)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(cdp.Do(ctx, cdp.EmulateViewport(360, 900)))
	do(cdp.Do(ctx, cdp.Navigate(w.URL+"/kolektif/berkas")))
	do(cdp.Do(ctx, cdp.SetUploadFiles(cdp.CSS("input[type=file]"), files)))
	do(cdp.Do(ctx, cdp.Click(cdp.CSS("main form button[type=submit]"))))
	said, err := cdp.Run(ctx, cdp.Poll[string](`(() => { const l = [...document.querySelectorAll('main ul[aria-live] li')].map(x => x.textContent); return l.length === 3 && !l.some(x => x.endsWith('Mengirim')) ? l.join('|') : '' })()`))
	do(err)
	w.settle(2)
	lines := strings.Split(said, "|")
	if !strings.Contains(lines[0], "Diterima untuk diperiksa") || !strings.Contains(lines[1], "Diterima untuk diperiksa") || !strings.Contains(lines[2], "Tidak ada pekerja") {
		t.Errorf("the page says %q", lines)
	}
	if shown := w.page(b, "/kolektif/pekerja/2"); !strings.Contains(shown, "Diterima") {
		t.Error("the file is not with the worker")
	}
}
