package claim

import (
	"time"

	"lapakasik/site/requirement"
)

// A CallState is where a submitted claim is on its way through the hour of
// its interview:
//
//	WAITING ─ arrive ─► ARRIVED ─ take ─► TAKEN ◄─ hold ─► HELD
//	   │ ▲                 ▲                │ release, hand over, decide
//	   │ └── arrive ──┐    └────────────────┘
//	   └─ no-show ─► ABSENT
type CallState string

// The states of a call. An officer may take whoever waits, has arrived, or
// was absent and came after all.
const (
	Waiting CallState = ""
	Arrived CallState = "ARRIVED" // the participant said so, or stood at the branch
	Taken   CallState = "TAKEN"   // one officer has it
	Held    CallState = "HELD"    // the same officer, for the moment not in talk
	Absent  CallState = "ABSENT"  // did not come when called
)

// A Call is what the desk knows of a claim's hour.
type Call struct {
	State   CallState
	Officer string    // staff id of who has it: TAKEN and HELD
	Counter string    // desk (loket) to come to, "3"; onsite
	Number  int       // queue number of the day at the branch, from 1; 0: none
	Since   time.Time // of the state, UTC
	Arrived time.Time // UTC; zero: not yet
	Calls   int       // how often it was called
}

// Mine tells whether an officer has the claim.
func (c Call) Mine(officer string) bool {
	return officer != "" && c.Officer == officer && (c.State == Taken || c.State == Held)
}

// Free tells whether an officer may take the claim.
func (c Call) Free() bool { return c.State != Taken && c.State != Held }

// CallFrom returns from when an officer may call a claim: places belong to the
// branch until the hour, or some minutes before it where the participant has
// said to be ready. Onsite it is when the participant has arrived, and what
// waits in the backlog may be called at any time. false: not yet, whatever the
// time.
func CallFrom(b *requirement.Branch, rules *requirement.Deciding, r Registration, backlog bool) (time.Time, bool) {
	start, err := b.At(r.Place.Date, r.Place.Time)
	switch {
	case backlog:
		return r.Call.Since, true
	case err != nil:
		return time.Time{}, false
	case r.Place.Channel == requirement.Onsite:
		return r.Call.Arrived, !r.Call.Arrived.IsZero()
	case r.Call.State == Arrived:
		return start.Add(-time.Duration(rules.EarlyMinutes) * time.Minute), true
	}
	return start, true
}
