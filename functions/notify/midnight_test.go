package notify_test

import (
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/crashtest"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/mailbox"
	"lapakasik/functions/notify"
	"lapakasik/site/requirement"
)

// The reminder comes on the day before in the branch's own zone: from its
// midnight on and not a second before, over the ends of months and years and
// around 29 February; and not on the day itself.
func TestReminderAtMidnightInThreeZones(t *testing.T) {
	set := *apptest.Content(t, "../..")
	set.Branches = nil
	for zone := range midnights {
		set.Branches = append(set.Branches, requirement.Branch{Code: "uji-" + zone, Zone: zone, Bookable: true})
	}
	for _, day := range []requirement.Date{"2026-11-25", "2027-01-01", "2028-02-29", "2028-03-01", "2027-03-01"} {
		for zone, hour := range midnights {
			// The day before begins at this moment; requirement.Date has no zone.
			begins := day.AddDays(-2).Time().Add(time.Duration(hour) * time.Hour)
			for _, at := range []struct {
				moment time.Time
				want   bool
			}{{begins.Add(-time.Second), false}, {begins, true}, {begins.Add(24*time.Hour - time.Second), true}, {begins.Add(24 * time.Hour), false}} {
				if got := reminded(t, &set, "uji-"+zone, day, at.moment); got != at.want {
					t.Errorf("%s, place on %s: reminded at %v: %t; want %t", zone, day, at.moment, got, at.want)
				}
			}
		}
	}
}

// midnights are the hours of UTC at which a day begins.
var midnights = map[string]int{"WIB": 17, "WITA": 16, "WIT": 15}

// reminded tells whether a claim with a place on a day is owed a reminder by
// the job at a moment.
func reminded(t *testing.T, set *requirement.Set, branch string, day requirement.Date, at time.Time) bool {
	t.Helper()
	s := storetest.New(t)
	clock := storetest.NewClock(storetest.Morning)
	s.Now = clock.Now
	plan, b := storetest.Plan(1), storetest.Booking(1)
	plan.Branch, plan.Date, b.Place.Branch, b.Place.Date = branch, day, branch, day
	b.Consents = []claim.ConsentProof{{Code: "pengingat", Version: "abc", Given: storetest.Morning}}
	err := s.EnsureDay(t.Context(), plan)
	var reg claim.Registration
	if err == nil {
		reg, err = s.Book(t.Context(), b)
	}
	if err == nil {
		_, err = s.Submit(t.Context(), reg.ID, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	clock.Move(at.Sub(clock.Now()))
	p := &post{set: set, clock: clock, box: &mailbox.Server{}}
	sender := p.service(crashtest.Live(t.Context(), crashtest.Plan{}))
	sender.Store = s
	if err := sender.Handle(t.Context(), notify.Event{Job: "remind"}); err != nil {
		t.Fatal(err)
	}
	// The mark is there once it is owed: asking again owes nothing.
	owes, err := s.Remind(t.Context(), reg.ID)
	if err != nil {
		t.Fatal(err)
	}
	return !owes
}
