package claim

import (
	"time"

	"lapakasik/site/requirement"
)

// A Booking is a checked request for a place. Place.Seat is 0: the store
// chooses a free seat of the session at random.
type Booking struct {
	Key        []byte // idempotency key, 16 bytes issued by us
	Digest     string // of the whole request; the same Key with another Digest is ErrKeyReused
	Programme  string
	Reason     string
	SetVersion string
	Lang       requirement.Lang
	Place      Place
	Start      time.Time // of the session, UTC
	Deadline   time.Time // of the draft, UTC
	Flags      []string
	Consents   []ConsentProof
	Person     Person
	Answers    requirement.Answers
}

// A DayPlan is every session that a branch offers on one day.
type DayPlan struct {
	Branch   string
	Date     requirement.Date
	Sessions []Session
}

// A Session is one start time of one channel with its places.
type Session struct {
	Channel requirement.Channel
	Time    string // "08:00" in the branch's zone
	Places  int
	Free    int // of Places; filled by the store
	// Reopens is when the next place that was given back can be taken; the zero
	// time if none waits for that. Filled by the store.
	Reopens time.Time
}

// An Entry is a checked request to enter the draw of a branch-day, or its wait
// list. Its Booking has no time yet: Place names branch, channel and date, and
// Deadline is until when a place can still come of it.
type Entry struct {
	Booking
	Status Status   // Entered or Waitlisted
	Wishes []string // start times "08:00" by preference; empty: any
	Rank   int      // of Waitlisted, see Registration.Rank
	// From and Until are the window of a draw; the store's clock decides.
	From, Until time.Time
}

// Seating is the channel whose seats a place is one of: collective claims
// (kolektif) have no officers of their own, they sit in places of the online
// channel, and are counted as what they are.
func (p Place) Seating() requirement.Channel {
	if p.Channel == requirement.Collective {
		return requirement.Online
	}
	return p.Channel
}
