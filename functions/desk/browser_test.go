package desk_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// The desk in Chromium, narrow and wide.
func TestInBrowser(t *testing.T) {
	root := must(filepath.Abs("../..")) // before the file store changes the working directory
	w := start(t)
	var ids []string
	for n := range 16 {
		ids = append(ids, w.book(t, n, nil).ID)
	}
	w.open()
	b := w.As(officer(1))
	for _, id := range ids[:4] {
		if a := b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {id}}); a.Status != http.StatusSeeOther {
			t.Fatalf("take: status %d", a.Status)
		}
	}
	hall := "/layar/" + branch + "/x"
	if _, rest, ok := strings.Cut(b.Get("/meja/"+branch).Body, `href="/layar/`); ok {
		rest, _, _ = strings.Cut(rest, `"`)
		hall = "/layar/" + rest
	}
	w.Look(t, root, b, map[string]string{"meja": "/meja/" + branch, "klaim": at(ids[0], ""), "meja-en": "/en/meja/" + branch, "milik-lain": at(ids[9], ""), "layar": hall})
}
