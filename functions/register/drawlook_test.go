package register_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"lapakasik/functions/internal/apptest"
	"lapakasik/site/requirement"
)

// The public pages of a draw in Chromium, narrow and wide: before it is
// announced, in the window, closed and drawn; and the status page of who is in
// it, won, or waits.
func TestDrawInBrowser(t *testing.T) {
	d := startDrawn(t)
	tab := d.Chromium(t, d.Browser())
	look := func(pages map[string]apptest.Opening) {
		t.Helper()
		apptest.LookIn(t, d.root, tab, pages)
	}
	look(map[string]apptest.Opening{"undian-kosong": d.At(drawList)})
	d.at(t, "2026-11-26", "07:00")
	form := wish(d.Application(1), "09:00", "08:00")
	look(map[string]apptest.Opening{"undian-diumumkan": d.At(drawList), "daftar-belum": d.Sent("/daftar/tanggal", form), "daftar-tanggal": d.Sent("/daftar/kantor", form)})
	d.at(t, "2026-11-27", "08:00")
	var codes []string
	for n := range 8 {
		codes = append(codes, d.join(t, n+2, "08:00"))
	}
	form = wish(d.Application(1), "09:00", "08:00")
	bad := wish(d.Application(1), "09:00", "09:00", "07:00")
	look(map[string]apptest.Opening{"daftar-keinginan": d.Sent("/daftar/tanggal", form), "daftar-keinginan-salah": d.Sent("/daftar/jam", bad), "daftar-tinjau": d.Sent("/daftar/data-diri", form)})
	look(map[string]apptest.Opening{"daftar-ikut": d.Sent("/daftar", form)})
	look(map[string]apptest.Opening{"status-undian": d.At("/status"), "tanda-terima-undian": d.At("/tanda-terima")})
	d.at(t, "2026-12-01", "21:00")
	look(map[string]apptest.Opening{"undian-tutup": d.At(drawList), "daftar-tutup": d.Sent("/daftar", wish(d.Application(20)))})
	d.value(t)
	pages := map[string]apptest.Opening{"undian-hasil": d.At(drawList)}
	for _, code := range codes {
		status := fmt.Sprint(d.open(t, code).Ask(http.MethodGet, "/status", nil).JSON(t)["status"])
		pages["status-"+status] = d.Sent("/status", url.Values{"kode": {code}, requirement.BirthDate: {"1990-01-01"}})
	}
	if pages["status-draf"] == nil || pages["status-menunggu"] == nil {
		t.Errorf("nobody has won, or nobody waits, of %d people", len(codes))
	}
	look(pages)
}
