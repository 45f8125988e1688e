package supervise_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// The office's page of its draws in Chromium, narrow and wide: none, one that
// is committed beside one that waits for its value, and a value that waits for
// the second person.
func TestDrawsInBrowser(t *testing.T) {
	w := start(t)
	const path = home + "/undian"
	tab := w.Chromium(t, w.boss)
	look := func(name string, page apptest.Opening) {
		t.Helper()
		apptest.LookIn(t, "../..", tab, map[string]apptest.Opening{name: page})
	}
	look("penyelia-undian-kosong", w.At(path))
	d := claim.Draw{Branch: branch, Channel: requirement.Online, Date: storetest.Tomorrow, Opens: storetest.Morning.Add(-48 * time.Hour), Closes: storetest.Morning.Add(-time.Hour),
		Commitment: strings.Repeat("0", 64), Nonce: "1", Source: w.Set.Booking.Opening.Source}
	later := d
	later.Date, later.Closes = storetest.Tomorrow.AddDays(1), storetest.Morning.Add(time.Hour)
	for _, x := range []claim.Draw{d, later} {
		if _, err := w.Store.AnnounceDraw(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	d.ListDigest, d.Entries = strings.Repeat("1", 64), 12
	if _, err := w.Store.CloseDraw(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	look("penyelia-undian", w.At(path))
	look("penyelia-undian-salah", w.Sent(path, url.Values{"undian": {d.Name()}, "nilai": {" "}}))
	w.send(t, path, url.Values{"undian": {d.Name()}, "nilai": {"7123,45"}}, http.StatusSeeOther)
	look("penyelia-undian-menunggu", w.At(path))
}
