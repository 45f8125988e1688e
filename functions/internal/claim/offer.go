package claim

import (
	"slices"
	"strconv"
	"time"

	"lapakasik/site/requirement"
)

// WaitList is what a wait list has done for a registration so far.
type WaitList struct {
	Offers int       `json:"n"`          // made
	Left   int       `json:"l"`          // that may still be made
	Until  time.Time `json:"u,omitzero"` // of an offer: the registration's deadline before it
	// Passed are the times that the person declined, "08:00", and the seats whose
	// offer ran out, "08:00#3": neither is offered again.
	Passed []string `json:"p,omitempty"`
}

// Pass notes that an offer went by.
func (w *WaitList) Pass(p Place, declined bool) {
	passed := p.Time
	if !declined {
		passed = seatName(p)
	}
	w.Passed = append(slices.Clone(w.Passed), passed)
}

func seatName(p Place) string { return p.Time + "#" + strconv.Itoa(p.Seat) }

// Fits tells whether a place may be offered to who wishes for some times, none
// meaning any, and has let some pass.
func Fits(p Place, wishes, passed []string) bool {
	return (len(wishes) == 0 || slices.Contains(wishes, p.Time)) && !slices.Contains(passed, p.Time) && !slices.Contains(passed, seatName(p))
}

// minAnswer is the least time by day that a person gets to answer an offer.
const minAnswer = time.Hour

// OfferUntil returns until when a person can answer the offer of a place in a
// session: the hours of the rules, of which only those by day count, so that
// nobody has to look at mails at night. It is not later than booking closes,
// and never at night.
//
//	ErrTooEarly  it is night: nobody is sent an offer now
//	ErrClosed    too late for an offer
func OfferUntil(b *requirement.Branch, rules requirement.Booking, now, start time.Time) (time.Time, error) {
	if !byDay(b, rules.Offers, now) {
		return time.Time{}, ErrTooEarly
	}
	until := daytime(b, rules.Offers, now, time.Duration(rules.Offers.Hours)*time.Hour)
	if last := evening(b, rules.Offers, Closes(rules, start)); until.After(last) {
		until = last
	}
	if daytime(b, rules.Offers, now, minAnswer).After(until) {
		return time.Time{}, ErrClosed
	}
	return until, nil
}

// byDay tells whether a moment is in the hours in which people are asked.
func byDay(b *requirement.Branch, o requirement.Offers, t time.Time) bool {
	clock := t.In(b.Location()).Format("15:04")
	return o.From <= clock && clock < o.To
}

// daytime returns the moment at which so much time by day has passed since t,
// which is by day.
func daytime(b *requirement.Branch, o requirement.Offers, t time.Time, d time.Duration) time.Time {
	for day := requirement.DateOf(t.In(b.Location())); ; day = day.AddDays(1) {
		from, err := b.At(day, o.From)
		if err != nil {
			return t
		}
		to, err := b.At(day, o.To)
		if err != nil || !to.After(from) {
			return t
		}
		if t.Before(from) {
			t = from
		}
		if left := to.Sub(t); left < d {
			d -= left
			continue
		}
		return t.Add(d)
	}
}

// evening returns a moment by day itself, and for one at night the end of the day before.
func evening(b *requirement.Branch, o requirement.Offers, t time.Time) time.Time {
	day, clock := requirement.DateOf(t.In(b.Location())), t.In(b.Location()).Format("15:04")
	if byDay(b, o, t) {
		return t
	}
	if clock < o.From {
		day = day.AddDays(-1)
	}
	end, err := b.At(day, o.To)
	if err != nil {
		return t
	}
	return end
}

// WaitsUntil is until when the wait list of a channel of a day can bring a
// place: its last session can be booked no longer. The zero time without sessions.
func WaitsUntil(b *requirement.Branch, rules requirement.Booking, plan DayPlan, ch requirement.Channel) time.Time {
	var last time.Time
	for _, s := range plan.Sessions {
		start, err := b.At(plan.Date, s.Time)
		if closes := Closes(rules, start); err == nil && s.Channel == ch && closes.After(last) {
			last = closes
		}
	}
	return last
}
