package tally

import (
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
)

// Counters of a claim. Pending is what was submitted in a month and had no
// decision when the month ended; the others count decisions of the month.
// Complete is a final decision on a claim as it was first submitted: never
// postponed, and no document sent after the submission.
const (
	CountApproved   = "approved"
	CountRefused    = "refused"
	CountPostponed  = "postponed"
	CountPending    = "pending"
	CountComplete   = "complete"
	CountIncomplete = "incomplete"
)

// A Wait is a class of the time from submission to the final decision.
type Wait struct {
	Counter string
	Days    int // at most so many days of 24 hours; 0 for any longer time
}

// Waits are all classes, shortest first.
var Waits = []Wait{{"wait1", 1}, {"wait3", 3}, {"wait7", 7}, {"wait14", 14}, {"wait30", 30}, {"waitlong", 0}}

func waitCounter(d time.Duration) string {
	for _, w := range Waits {
		if w.Days > 0 && d <= time.Duration(w.Days)*24*time.Hour {
			return w.Counter
		}
	}
	return Waits[len(Waits)-1].Counter
}

// Counted tells whether a change of status counts. The store notes each such
// change as due in the transaction that makes it.
func Counted(from, to claim.Status) bool {
	switch to {
	case claim.Submitted:
		return from == claim.Draft
	case claim.Approved, claim.Refused, claim.Postponed:
		return true
	case claim.Cancelled:
		_, submitted := from.Recap()
		return submitted
	}
	return false
}

// A Step is one event of a claim's audit trail, as far as it matters here.
type Step struct {
	Seq             int
	At              time.Time
	Action          string
	From, To        claim.Status
	Branch, Channel string // of its place after the step
	Counted         Month  // in which it was counted; "" if it was not yet
}

// A History is a claim's audit trail, oldest step first.
type History []Step

// Due returns the first step that counts and was not counted yet, with the
// month it belongs to and what it adds. ok is false if there is none.
func (h History) Due(now time.Time) (step Step, month Month, adds []Add, ok bool) {
	for i, s := range h {
		if Counted(s.From, s.To) && s.Counted == "" {
			m := CountedIn(s.At, now)
			return s, m, h[:i].adds(s, m), true
		}
	}
	return Step{}, "", nil, false
}

// adds is what step s adds in month m after the steps before it.
func (h History) adds(s Step, m Month) []Add {
	here := Key{m, s.Branch, s.Channel}
	if s.To == claim.Submitted {
		return []Add{{here, CountPending, 1}}
	}
	submitted, complete, waiting := h.submission()
	var out []Add
	// No longer undecided at the end of the month it was submitted in, if that has not ended.
	if waiting && submitted.Counted == m {
		out = append(out, Add{Key{m, submitted.Branch, submitted.Channel}, CountPending, -1})
	}
	switch s.To {
	case claim.Postponed:
		return append(out, Add{here, CountPostponed, 1})
	case claim.Approved:
		out = append(out, Add{here, CountApproved, 1})
	case claim.Refused:
		out = append(out, Add{here, CountRefused, 1})
	default:
		return out
	}
	completeness := CountIncomplete
	if complete {
		completeness = CountComplete
	}
	return append(out, Add{here, completeness, 1}, Add{here, waitCounter(s.At.Sub(submitted.At)), 1})
}

// submission returns the step that submitted the claim, whether it is still as
// complete as it was then, and whether nothing was decided since.
func (h History) submission() (s Step, complete, waiting bool) {
	for _, x := range h {
		switch {
		case x.To == claim.Submitted && x.From == claim.Draft:
			s, complete, waiting = x, true, true
		case x.To == claim.Postponed:
			complete, waiting = false, false
		case Counted(x.From, x.To):
			waiting = false
		case strings.HasPrefix(x.Action, "inspect ") && s.Seq > 0:
			complete = false
		}
	}
	return s, complete, waiting
}
