package guard

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/page"
)

// Files are the documents of the vault.
type Files interface {
	// Clean tells whether the file may be shown.
	Clean(ctx context.Context, key, version string) (bool, error)
	// PresignGET returns an address that shows the file for a minute.
	PresignGET(ctx context.Context, key, version, media, name string) (string, error)
}

// ShowDocument shows a file that passed inspection on p for a minute, by a name
// that begins with prefix; a page says so while the search for malware has not
// let it through. seen writes down who looks, before there is an address.
func (c *Call) ShowDocument(p *page.Page, files Files, d claim.Document, prefix string, seen func() error) error {
	clean, err := files.Clean(c.Context(), d.VaultKey, d.Version)
	if err != nil {
		return err
	}
	if !clean {
		p.Blocks = []page.Block{page.Notice{Kind: "warning", Title: c.T("meja.berkas.belum-bersih"), Text: c.T("meja.berkas.belum-bersih.teks")}}
		return c.Show(http.StatusConflict, p, map[string]string{"keadaan": "belum-bersih"})
	}
	if err := seen(); err != nil {
		return err
	}
	ext := map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}[d.Media]
	if ext == "" {
		return fmt.Errorf("document of type %q", d.Media)
	}
	url, err := files.PresignGET(c.Context(), d.VaultKey, d.Version, d.Media, prefix+d.Upload[:8]+ext)
	if err != nil {
		return err
	}
	p.Blocks = []page.Block{page.Photo{URL: url, Alt: p.Title}}
	if d.Media == "application/pdf" {
		p.Blocks = []page.Block{page.Button{Link: page.Link{URL: url, Text: c.T("meja.berkas.pdf", "n", strconv.Itoa(d.Pages))}}}
	}
	p.Blocks = append(p.Blocks, page.Text{Text: c.T("meja.berkas.semenit")})
	return c.Show(http.StatusOK, p, map[string]string{"alamat": url})
}
