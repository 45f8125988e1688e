package schedule_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/schedule"
	"lapakasik/site/requirement"
)

type sets struct{ set *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error) {
	if s.set == nil {
		return nil, errors.New("no set")
	}
	return s.set, nil
}
func (s sets) Version(ctx context.Context, _ string) (*requirement.Set, error) { return s.Current(ctx) }

type world struct {
	*schedule.Service
	store *dynamo.Store
	clock *storetest.Clock
	set   *requirement.Set
	log   *apptest.Log
}

func start(t *testing.T) world {
	t.Helper()
	return with(t, apptest.Content(t, "../.."))
}

func with(t *testing.T, set *requirement.Set) world {
	t.Helper()
	w := world{store: storetest.New(t), clock: storetest.NewClock(storetest.Morning), set: set, log: &apptest.Log{}}
	w.store.Now = w.clock.Now
	w.Service = &schedule.Service{Store: w.store, Sets: sets{w.set}, Log: parts.Logger(w.log), Now: w.clock.Now}
	return w
}

func (w world) run(t *testing.T, job string) {
	t.Helper()
	if err := w.Handle(t.Context(), schedule.Event{Job: job}); err != nil {
		t.Fatal(err)
	}
}

// The nightly job makes exactly the planned seats of every branch and day, however often it runs.
func TestSeats(t *testing.T) {
	w := start(t)
	w.run(t, "seats")
	w.run(t, "seats")
	branches := 0
	for i := range w.set.Branches {
		b := &w.set.Branches[i]
		for _, d := range claim.Dates(b, w.set.Booking, w.clock.Now()) {
			want := 0
			for _, s := range claim.Plan(b, d, w.set.Holidays).Sessions {
				want += s.Places
			}
			got := 0
			sessions, err := w.store.Sessions(t.Context(), b.Code, d)
			if err != nil && !errors.Is(err, claim.ErrNoDay) {
				t.Fatal(err)
			}
			for _, s := range sessions {
				got += s.Free
			}
			if got != want {
				t.Errorf("%s on %s has %d free places; want %d", b.Code, d, got, want)
			}
		}
		if b.Bookable {
			branches++
		}
	}
	if branches == 0 || !strings.Contains(w.log.String(), `"job":"seats"`) {
		t.Errorf("%d bookable branches, log %s", branches, w.log)
	}
}

func (w world) book(t *testing.T, n int, papers ...string) claim.Registration {
	t.Helper()
	b := storetest.Booking(n)
	b.Place.Branch, b.SetVersion = "bandar-lampung", w.set.Version
	b.Deadline = w.clock.Now().Add(8 * time.Minute)
	if err := w.store.EnsureDay(t.Context(), claim.Plan(w.set.Branch("bandar-lampung"), storetest.Tomorrow, w.set.Holidays)); err != nil {
		t.Fatal(err)
	}
	reg, err := w.store.Book(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for i, slot := range papers {
		doc := claim.Document{Slot: slot, Kind: slot, Upload: reg.ID[:31] + string(rune('a'+i)), State: claim.DocWaiting, Created: w.clock.Now(), Expires: b.Deadline}
		if err := w.store.AllowUpload(t.Context(), reg.ID, doc); err != nil {
			t.Fatal(err)
		}
		doc.State = claim.DocPassed
		if err := w.store.FinishUpload(t.Context(), reg.ID, doc); err != nil {
			t.Fatal(err)
		}
	}
	return reg
}

// A draft that lacks a paper lapses after its deadline; one that is complete
// is submitted for its owner before it could.
func TestLapse(t *testing.T) {
	w := start(t)
	var required []string
	for _, it := range w.set.Reason("mengundurkan-diri").Checklist(nil, requirement.Online, storetest.Tomorrow) {
		if it.Need == requirement.Required {
			required = append(required, it.Slot)
		}
	}
	if len(required) < 3 {
		t.Fatalf("required slots: %v", required)
	}
	complete, incomplete := w.book(t, 1, required...), w.book(t, 2, required[1:]...)
	w.run(t, "lapse")
	status := func(r claim.Registration) claim.Status {
		now, err := w.store.ByID(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now.Status
	}
	if a, b := status(complete), status(incomplete); a != claim.Submitted || b != claim.Draft {
		t.Errorf("before the deadline: complete is %s, incomplete %s; want SUBMITTED and DRAFT", a, b)
	}
	w.clock.Move(9 * time.Minute)
	w.run(t, "lapse")
	if a, b := status(complete), status(incomplete); a != claim.Submitted || b != claim.Lapsed {
		t.Errorf("after the deadline: complete is %s, incomplete %s; want SUBMITTED and LAPSED", a, b)
	}
	differences, err := w.store.Reconcile(t.Context(), "bandar-lampung", storetest.Tomorrow)
	if err != nil || len(differences) > 0 {
		t.Errorf("Reconcile = %v, %v", differences, err)
	}
}

func TestUnknownJobAndMissingSet(t *testing.T) {
	w := start(t)
	for _, job := range []string{"", "sweep everything"} {
		if err := w.Handle(t.Context(), schedule.Event{Job: job}); err == nil {
			t.Errorf("job %q = nil; want an error", job)
		}
	}
	w.Sets = sets{}
	if err := w.Handle(t.Context(), schedule.Event{Job: "seats"}); err == nil {
		t.Error("without a set = nil; want an error")
	}
}

// What becomes of a claim is counted once, however often the job runs.
func TestTally(t *testing.T) {
	w := start(t)
	if err := w.store.EnsureDay(t.Context(), storetest.Plan(4)); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		reg, err := w.store.Book(t.Context(), storetest.Booking(n))
		if err == nil && n > 0 {
			_, err = w.store.Submit(t.Context(), reg.ID, reg.Version)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		w.run(t, "tally")
		rows, err := w.store.Results(t.Context(), "2026-11")
		if err != nil || len(rows) != 1 || rows[0].Branch != "uji" || rows[0].Counts["pending"] != 2 {
			t.Errorf("results are %v, %v; want 2 claims pending at uji", rows, err)
		}
	}
	if log := w.log.String(); !strings.Contains(log, `"job":"tally","count":2`) || !strings.Contains(log, `"job":"tally","count":0`) {
		t.Errorf("log: %s", log)
	}
}
