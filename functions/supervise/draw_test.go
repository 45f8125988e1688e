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

// closedDraw is a draw with twelve people in it that waits for its value.
func (w *world) closedDraw(t *testing.T, day requirement.Date, opens, closes time.Time) claim.Draw {
	t.Helper()
	d := claim.Draw{Branch: "bandar-lampung", Channel: requirement.Online, Date: day, Opens: opens, Closes: closes,
		Commitment: strings.Repeat("0", 64), Nonce: "1", Source: w.Set.Booking.Opening.Source}
	if _, err := w.Store.AnnounceDraw(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	d.ListDigest, d.Entries = strings.Repeat("1", 64), 12
	if _, err := w.Store.CloseDraw(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Two people of the branch enter the public value, an officer too, and a day
// whose draw is announced keeps its mode.
func TestPublicValuePage(t *testing.T) {
	w := start(t)
	d := w.closedDraw(t, storetest.Tomorrow, storetest.Morning.Add(-48*time.Hour), storetest.Morning.Add(-time.Hour))
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

// Several draws that wait for their values are on one page, and a value goes to
// the one that was chosen.
func TestPublicValuesOfTwoDraws(t *testing.T) {
	w := start(t)
	first, second := w.As(apptest.Person(41, staff.Supervisor, "bandar-lampung")), w.As(apptest.Person(42, staff.Officer, "bandar-lampung"))
	var names []string
	for _, ch := range []requirement.Channel{requirement.Online, requirement.Onsite} {
		d := claim.Draw{Branch: "bandar-lampung", Channel: ch, Date: storetest.Tomorrow, Opens: storetest.Morning.Add(-48 * time.Hour), Closes: storetest.Morning.Add(-time.Hour),
			Commitment: strings.Repeat("0", 64), Nonce: "1", Source: w.Set.Booking.Opening.Source, ListDigest: strings.Repeat("1", 64)}
		if _, err := w.Store.AnnounceDraw(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Store.CloseDraw(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		names = append(names, d.Name())
	}
	const path = "/penyelia/bandar-lampung/undian"
	pagetest.Check(t, []byte(first.Get(path).Body))
	if got := first.Post(path, url.Values{"nilai": {"42"}}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Pilih undian") {
		t.Errorf("a value for no draw: %d", got.Status)
	}
	for _, b := range []*apptest.Browser{first, second} {
		if got := b.Post(path, url.Values{"undian": {names[1]}, "nilai": {"42"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("the value: %d", got.Status)
		}
	}
	list, err := w.Store.Draws(t.Context(), "bandar-lampung", storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if confirmed := d.Confirmed != ""; confirmed != (d.Name() == names[1]) {
			t.Errorf("%s is confirmed: %v", d.Name(), confirmed)
		}
	}
	pagetest.Check(t, []byte(first.Get(path).Body))
}

// A draw that must have its value soon says so on the branch's page, with the
// time at which it ends; one that has time does not.
func TestOverdueDrawOnThePage(t *testing.T) {
	w := start(t)
	boss := w.As(apptest.Person(41, staff.Supervisor, "bandar-lampung"))
	for _, tt := range []struct {
		day     requirement.Date
		overdue bool
	}{{storetest.Tomorrow.AddDays(1), true}, {storetest.Tomorrow.AddDays(5), false}} {
		d := w.closedDraw(t, tt.day, storetest.Morning.Add(-96*time.Hour), storetest.Morning.Add(-72*time.Hour))
		for path, says := range map[string]string{"/penyelia/bandar-lampung/undian": "Nilai publik mendesak", "/en/penyelia/bandar-lampung/undian": "The public value is overdue"} {
			got := boss.Get(path)
			pagetest.Check(t, []byte(got.Body))
			_, own, _ := strings.Cut(got.Body, `id="`+d.Name()+`"`)
			if strings.Contains(own, says) != tt.overdue {
				t.Errorf("%s: says %q: %v; want %v", tt.day, says, !tt.overdue, tt.overdue)
			}
		}
	}
}
