package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// A claim that nobody decided is left over when its day has ended in the
// branch's own zone, to the second, and the night makes the seats of the
// horizon's last day from then on; also over the ends of years and around 29
// February.
func TestMidnightInThreeZones(t *testing.T) {
	set := apptest.Content(t, "../..")
	for zone, hour := range map[string]int{"WIB": 17, "WITA": 16, "WIT": 15} {
		for _, day := range []requirement.Date{"2026-12-31", "2028-02-29"} {
			midnight := day.Time().Add(time.Duration(hour) * time.Hour) // the end of the day
			w := with(t, oneBranch(set, zone))
			branch := w.set.Branches[0].Code
			plan, b := storetest.Plan(1), storetest.Booking(1)
			plan.Branch, plan.Date, b.Place.Branch, b.Place.Date = branch, day, branch, day
			b.Deadline = midnight.Add(-time.Hour)
			w.clock.Move(midnight.Add(-2 * time.Hour).Sub(w.clock.Now()))
			err := w.store.EnsureDay(t.Context(), plan)
			var reg claim.Registration
			if err == nil {
				reg, err = w.store.Book(t.Context(), b)
			}
			if err == nil {
				_, err = w.store.Submit(t.Context(), reg.ID, 0)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range []struct {
				after time.Duration
				over  int
			}{{-time.Second, 0}, {0, 1}, {2 * time.Second, 1}} {
				w.clock.Move(midnight.Add(x.after).Sub(w.clock.Now()))
				w.run(t, "leftover")
				w.run(t, "seats")
				left, err := w.store.Backlog(t.Context(), branch)
				if err != nil || len(left) != x.over {
					t.Errorf("%s, %v after the end of %s: %d left over, %v; want %d", zone, x.after, day, len(left), err, x.over)
				}
				last := day.AddDays(x.over + w.set.Booking.HorizonDays)
				if _, err := w.store.Sessions(t.Context(), branch, last); err != nil {
					t.Errorf("%s, %v after the end of %s: no seats on %s: %v", zone, x.after, day, last, err)
				}
				if _, err := w.store.Sessions(t.Context(), branch, last.AddDays(1)); err == nil {
					t.Errorf("%s, %v after the end of %s: seats on %s already", zone, x.after, day, last.AddDays(1))
				}
			}
		}
	}
}

// oneBranch is the set with one branch of a zone that is open every day.
func oneBranch(set *requirement.Set, zone string) *requirement.Set {
	small := *set
	small.Holidays, small.Booking.HorizonDays = nil, 1
	small.Branches = []requirement.Branch{{Code: fmt.Sprint("uji-", zone), Zone: zone, Bookable: true, Desks: map[requirement.Channel]requirement.Desk{
		requirement.Online: {Officers: 1, Places: 1, Open: "08:00", Close: "10:00", Minutes: 60, Days: []int{1, 2, 3, 4, 5, 6, 7}}}}}
	return &small
}
