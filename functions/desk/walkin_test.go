package desk_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// Somebody came with papers in hand: the officer sees them, and the claim is in
// the queue, with its number.
func TestPaperDocuments(t *testing.T) {
	w := start(t)
	booking := storetest.Booking(1)
	booking.Place.Branch, booking.Place.Channel, booking.SetVersion = branch, requirement.Onsite, w.Set.Version
	reg := must(w.Store.Book(t.Context(), booking))
	b := w.As(officer(1))
	page := b.Post("/meja/"+branch+"/hadir", url.Values{"kode": {reg.Private.Code}})
	pagetest.Check(t, []byte(page.Body))
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "Budi Uji") || !strings.Contains(page.Body, `name="berkas"`) {
		t.Fatalf("arrival of a draft: %d", page.Status)
	}
	var slots []string
	for _, x := range strings.Split(page.Body, `name="berkas" value="`)[1:] {
		slot, _, _ := strings.Cut(x, `"`)
		slots = append(slots, slot)
	}
	send := func(by *apptest.Browser, at string, seen ...string) apptest.Answer {
		return by.Post("/meja/"+at+"/kertas", url.Values{"klaim": {reg.ID}, "versi": {strconv.Itoa(reg.Version)}, "berkas": seen})
	}
	if a := send(b, branch, slots[1:]...); a.Status != http.StatusUnprocessableEntity || strings.Count(a.Body, " checked") != len(slots)-1 {
		t.Errorf("one of %q is missing: %d with %d ticks; want 422 and the others kept", slots, a.Status, strings.Count(a.Body, " checked"))
	}
	if a := send(w.As(apptest.Person(9, staff.Officer, "kudus")), "kudus", slots...); a.Status != http.StatusNotFound {
		t.Errorf("another branch: %d; want 404", a.Status)
	}
	if a := send(b, branch, slots...); a.Status != http.StatusOK || !strings.Contains(a.Body, ">1<") {
		t.Errorf("all seen: %d; want queue number 1", a.Status)
	}
	now := must(w.Store.ByID(t.Context(), reg.ID))
	if now.Status != claim.Submitted || !now.Paper || now.Call.Number != 1 {
		t.Errorf("status %s, paper %t, number %d", now.Status, now.Paper, now.Call.Number)
	}
	if got := w.actions(t, reg.ID); !strings.Contains(got, "view papers") || !strings.Contains(got, "papers, arrive") {
		t.Errorf("the trail says %s", got)
	}
	if a := send(b, branch, slots...); a.Status != http.StatusConflict {
		t.Errorf("once more: %d; want 409", a.Status)
	}
	w.open()
	if a := w.As(officer(1)).Get("/meja/" + branch); !strings.Contains(a.Body, "Berkas kertas") || !strings.Contains(a.Body, w.public+"/hadir/"+branch) {
		t.Error("the desk does not say that the documents are on paper, or how to register somebody")
	}
}

// A draft online is not taken on paper.
func TestPaperOnlyOnsite(t *testing.T) {
	w := start(t)
	booking := storetest.Booking(1)
	booking.Place.Branch, booking.SetVersion = branch, w.Set.Version
	reg := must(w.Store.Book(t.Context(), booking))
	if _, err := w.Store.AcceptPaper(t.Context(), claim.Desk{Officer: "x", Branch: branch}, reg.ID, reg.Version); err == nil {
		t.Error("an online draft was submitted without documents")
	}
}
