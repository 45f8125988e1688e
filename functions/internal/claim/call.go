package claim

import "time"

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
