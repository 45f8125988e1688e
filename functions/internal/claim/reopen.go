package claim

import (
	"time"

	"lapakasik/site/requirement"
)

// Closes is the last moment at which a place of a session that starts at a
// moment can be booked from afar (see Deadline).
func Closes(rules requirement.Booking, start time.Time) time.Time {
	return LastChange(rules, start).Add(-minDraft)
}

// notice is the least time between giving a seat back and the announced time:
// within it the jobs offer the seat to who waits for one, if anybody does.
const notice = 15 * time.Minute

// Reopens returns from when on others can take a seat that is given back at a
// moment. Were it at once, whoever sells places could hand one over to a buyer
// by giving it back and taking it again; at an announced time
// (content/data/antrean.yaml) everybody has the same chance.
//
//	an announced time comes before booking closes   the first at least a quarter of an hour away
//	none comes, and booking is still open           when booking closes
//	booking has closed                              at once
//
// A seat of the last two rows cannot be had from afar any more: it is for
// people who stand at the branch, register on the spot and show their identity
// card to the officer minutes later. They need no announced time, and they
// cannot have it earlier, because the address of the hall's poster may be known
// elsewhere.
func Reopens(b *requirement.Branch, rules requirement.Booking, given, start time.Time) time.Time {
	closes := Closes(rules, start)
	if len(rules.ReopenAt) == 0 || closes.Before(given) {
		return given
	}
	today := requirement.DateOf(given.In(b.Location()))
	for n := range 2 { // the first time of tomorrow comes after every moment of today
		for _, clock := range rules.ReopenAt {
			at, err := b.At(today.AddDays(n), clock)
			if err == nil && at.Sub(given) >= notice && at.Before(closes) {
				return at
			}
		}
	}
	// Deadline still allows the moment itself.
	return closes.Add(time.Second)
}
