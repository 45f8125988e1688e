package page_test

import (
	"os"
	"testing"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// TestGallery writes a page with every component to $GALLERY, to look at.
func TestGallery(t *testing.T) {
	out := os.Getenv("GALLERY")
	for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
		html := render(t, gallery(t, l, page.Error{Field: "nama", Message: "Isi nama"}, page.Error{Field: "lahir", Message: "Isi tanggal"}, page.Error{Field: "pilihan", Message: "Pilih"}))
		if out == "" {
			continue
		}
		if err := os.WriteFile(out+"/"+string(l)+".html", html, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
