package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/draw/lot"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/schedule"
	"lapakasik/site/requirement"
)

// closed is a draw of three places whose window is over, with n people in it.
func closed(t *testing.T, n int) (drawing, []claim.Registration) {
	t.Helper()
	w := announced(t)
	w.store.Reopening = dynamo.Announced(func(context.Context) (*requirement.Set, error) { return w.set, nil })
	w.at(t, "2026-11-27", "08:00")
	regs := make([]claim.Registration, n)
	for i := range regs {
		var err error
		if regs[i], err = w.join(i, "ponsel"); err != nil {
			t.Fatal(err)
		}
	}
	w.at(t, "2026-12-01", "20:00")
	w.clock.Move(schedule.Grace)
	w.job(t)
	return w, regs
}

const publicValue = "7123.45"

func (w drawing) drawn(t *testing.T) {
	t.Helper()
	w.at(t, "2026-12-02", "17:00")
	w.value(t, publicValue)
	w.job(t)
	if d := w.draw(t); d.State != claim.DrawDone {
		t.Fatalf("the draw is %s", d.State)
	}
}

func (w drawing) stranger(clock string) error {
	b := storetest.Booking(100)
	b.Place = claim.Place{Branch: "uji", Channel: requirement.Online, Date: drawDay, Time: clock}
	b.Start, _ = w.branch.At(drawDay, clock)
	b.Deadline = w.clock.Now().Add(time.Hour)
	_, err := w.store.Book(context.Background(), b)
	return err
}

// winners are the tickets that a closed draw would give a place with a public
// value, which only who has the seed can know.
func (w drawing) winners(t *testing.T, value string) map[string]bool {
	t.Helper()
	d := w.draw(t)
	seed, err := w.store.DrawSeed(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	body, err := w.files.Read(t.Context(), d.ListName())
	if err != nil {
		t.Fatal(err)
	}
	list, err := lot.ReadList(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r, err := lot.Draw(list, seed, value)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, p := range r.Places {
		if p.Time != "" {
			out[p.Ticket] = true
		}
	}
	return out
}

// What the form can ask for is what the check of a result allows; the check
// knows no other package, so that it can be read by itself.
func TestMostWishes(t *testing.T) {
	if lot.MaxWishes != requirement.MaxWishes {
		t.Errorf("a result may have %d wishes, the form has %d", lot.MaxWishes, requirement.MaxWishes)
	}
}

// The places of winners who left between the close and the draw go to who
// waits, by offer, before anybody else can have them.
func TestPlacesOfWinnersWhoLeft(t *testing.T) {
	w, regs := closed(t, 5)
	winners := w.winners(t, publicValue)
	if len(winners) != 3 {
		t.Fatalf("%d winners of 3 places", len(winners))
	}
	var rest []claim.Registration
	for _, r := range regs {
		if !winners[r.Ticket] {
			rest = append(rest, r)
		} else if _, err := w.store.Cancel(t.Context(), r.ID, 0); err != nil {
			t.Fatal(err)
		}
	}
	w.drawn(t)
	for _, s := range w.draw(t).Sessions {
		if err := w.stranger(s.Time); !errors.Is(err, claim.ErrFull) {
			t.Errorf("a stranger books %s: %v", s.Time, err)
		}
	}
	w.at(t, "2026-12-03", "09:00") // offers go by day
	if err := w.Handle(t.Context(), schedule.Event{Job: "offer"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range rest {
		if x, err := w.store.ByID(t.Context(), r.ID); err != nil || x.Place.Time == "" {
			t.Errorf("rank %d is %s without an offer, %v", x.Rank, x.Status, err)
		}
	}
}

// What a draw is to give goes to nobody else: not to who is moved for the branch.
func TestNobodyIsMovedIntoADraw(t *testing.T) {
	const friday requirement.Date = "2026-12-04"
	w := announced(t)
	if err := w.store.EnsureDay(t.Context(), claim.Timetable{}.Plan(w.branch, friday, w.set.Holidays)); err != nil {
		t.Fatal(err)
	}
	b := storetest.Booking(300)
	b.Place = claim.Place{Branch: "uji", Channel: requirement.Online, Date: friday, Time: "08:00"}
	b.Start, _ = w.branch.At(friday, "08:00")
	b.Deadline = b.Start.Add(-2 * time.Hour)
	orphan, err := w.store.Book(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-11-27", "08:00")
	if _, err := w.join(0, "ponsel"); err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-12-01", "20:00")
	w.clock.Move(schedule.Grace)
	w.job(t)
	by := claim.Desk{Officer: strings.Repeat("a", 32), Branch: "uji"}
	if _, err := w.store.SaveTimetable(t.Context(), by, claim.Timetable{Version: 1, Rearrange: true, Days: []claim.DayRule{{From: friday, To: friday, Closed: true}, {From: drawDay, To: drawDay, Mode: requirement.Ballot}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Handle(t.Context(), schedule.Event{Job: "rearrange"}); err != nil {
		t.Fatal(err)
	}
	moved, err := w.store.ByID(t.Context(), orphan.ID)
	if err != nil || moved.Place.Date == drawDay {
		t.Errorf("who had a place on the closed day is at %v, %v", moved.Place, err)
	}
}
