package supervise_test

import (
	"net/http"
	"net/url"
	"testing"

	"lapakasik/functions/internal/storetest"
)

// The supervisors' pages in Chromium, narrow and wide.
func TestInBrowser(t *testing.T) {
	w := start(t)
	for n := range 5 {
		w.book(t, n)
	}
	for version, kind := range []url.Values{{"jenis": {"petugas"}, "petugas-online": {"0"}, "petugas-onsite": {"2"}}, {"jenis": {"tutup"}}} {
		w.send(t, home+"/hari", join(closing(version, storetest.Tomorrow), kind, url.Values{"pasti": {"simpan"}}), http.StatusSeeOther)
	}
	w.Look(t, "../..", w.boss, map[string]string{"penyelia": home, "jam": home + "/jam/online", "hari": home + "/hari", "tanpa-tempat": home + "/tanpa-tempat",
		"petugas": home + "/petugas", "pesan": home + "/pesan", "poster": home + "/poster"})
}
