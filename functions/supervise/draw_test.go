package supervise_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// Two people of the branch enter the public value, an officer too, and a day
// whose draw is announced keeps its mode.
func TestPublicValuePage(t *testing.T) {
	w := start(t)
	d := claim.Draw{Branch: "bandar-lampung", Channel: requirement.Online, Date: storetest.Tomorrow, Opens: storetest.Morning.Add(-48 * time.Hour), Closes: storetest.Morning.Add(-time.Hour),
		Commitment: strings.Repeat("0", 64), Nonce: "1", Source: w.Set.Booking.Opening.Source}
	if _, err := w.Store.AnnounceDraw(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	d.ListDigest, d.Entries = strings.Repeat("1", 64), 12
	if _, err := w.Store.CloseDraw(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	const path = "/penyelia/bandar-lampung/undian"
	first := w.As(apptest.Person(41, staff.Supervisor, "bandar-lampung"))
	second := w.As(apptest.Person(42, staff.Officer, "bandar-lampung"))
	value := func(v string) url.Values { return url.Values{"undian": {d.Name()}, "nilai": {v}} }
	for _, tt := range []struct {
		b     *apptest.Browser
		value string
		want  int
		says  string
	}{
		{first, " ", http.StatusUnprocessableEntity, "Tulis nilai publik"},
		{first, "7123,45", http.StatusSeeOther, ""},
		{first, "7123,45", http.StatusConflict, "Orang lain harus memastikannya"},
		{second, "7123,54", http.StatusConflict, "Orang pertama memasukkan nilai lain"},
		{second, " 7123,45 ", http.StatusSeeOther, ""},
		{second, "1", http.StatusConflict, ""},
	} {
		got := tt.b.Post(path, value(tt.value))
		if got.Status != tt.want || !strings.Contains(got.Body, tt.says) {
			t.Errorf("%q = %d without %q", tt.value, got.Status, tt.says)
		}
	}
	got := first.Get(path)
	pagetest.Check(t, []byte(got.Body))
	if !strings.Contains(got.Body, "7123,45") || strings.Contains(got.Body, `name="nilai"`) {
		t.Errorf("the page does not show the value that stands: %d", got.Status)
	}
	rule := url.Values{"versi": {"0"}, "jenis": {"langsung"}}
	for _, name := range []string{"dari", "sampai"} {
		rule.Set(name, string(storetest.Tomorrow))
	}
	if got := first.Post("/penyelia/bandar-lampung/hari", rule); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "sudah diumumkan") {
		t.Errorf("the mode of an announced draw was changed: %d", got.Status)
	}
}
