package claim

import (
	"errors"
	"slices"
	"time"

	"lapakasik/site/requirement"
)

// An Action is a step in the life of a registration that changes its status.
type Action string

// The actions. Their names are those of the audit trail.
const (
	ActEnter    Action = "enter"   // the draw, or the wait list of a full day
	ActAward    Action = "award"   // a seat, with a deadline for the documents
	ActWait     Action = "wait"    // drawn without a seat
	ActOffer    Action = "offer"   // a seat is held for the first who waits
	ActPass     Action = "pass"    // the offer ran out
	ActDecline  Action = "decline" // the person did not want it
	ActBook     Action = "book"
	ActSubmit   Action = "submit"
	ActLapse    Action = "lapse"
	ActCancel   Action = "cancel"
	ActPropose  Action = "propose"  // approval above the set sum, by the first of two people
	ActApprove  Action = "approve"  // Setuju
	ActReturn   Action = "return"   // the second of two people sends a proposal back
	ActRefuse   Action = "refuse"   // Tolak
	ActPostpone Action = "postpone" // Tunda: names the documents to mend and a deadline
	ActMend     Action = "mend"     // the participant has replaced what was to mend
	ActResume   Action = "resume"   // an officer takes a postponed claim up again
	ActReopen   Action = "reopen"   // a decision is taken back, with a reason
)

// A Transition is one line of the table of what may follow what.
type Transition struct {
	Action Action
	From   []Status
	To     Status
}

// Transitions is the whole life of a registration after its booking. What is
// not in it is refused.
var Transitions = []Transition{
	{ActAward, []Status{Entered, Waitlisted, Offered}, Draft},
	{ActWait, []Status{Entered}, Waitlisted},
	{ActOffer, []Status{Waitlisted}, Offered},
	{ActPass, []Status{Offered}, Waitlisted},
	{ActDecline, []Status{Offered}, Waitlisted},
	{ActSubmit, []Status{Draft}, Submitted},
	{ActLapse, []Status{Entered, Waitlisted, Offered, Draft}, Lapsed},
	{ActCancel, []Status{Entered, Waitlisted, Offered, Draft, Submitted, Postponed}, Cancelled},
	{ActPropose, []Status{Submitted}, Proposed},
	{ActApprove, []Status{Submitted, Proposed}, Approved},
	{ActReturn, []Status{Proposed}, Submitted},
	{ActRefuse, []Status{Submitted}, Refused},
	{ActPostpone, []Status{Submitted}, Postponed},
	{ActMend, []Status{Postponed}, Submitted},
	{ActResume, []Status{Postponed}, Submitted},
	{ActReopen, []Status{Approved, Refused}, Submitted},
}

// Next returns what a registration becomes by an action. ErrClosed if the
// table has no such step.
func Next(from Status, a Action) (Status, error) {
	for _, t := range Transitions {
		if t.Action == a && slices.Contains(t.From, from) {
			return t.To, nil
		}
	}
	return "", ErrClosed
}

// Live tells whether the claim is on its way: it holds the claimant's lock.
func (s Status) Live() bool {
	switch s {
	case Entered, Waitlisted, Offered, Draft, Submitted, Proposed, Postponed:
		return true
	}
	return false
}

// Queued tells whether the claim has no place yet: only a branch, channel and day.
func (s Status) Queued() bool { return s == Entered || s == Waitlisted }

// Placeless tells whether the person has no place to call theirs: none yet, or
// only the offer of one.
func (s Status) Placeless() bool { return s.Queued() || s == Offered }

// Seated tells whether a registration of the status keeps its seat. What was
// decided keeps it too: the hour was used. An offer holds one.
func (s Status) Seated() bool { return s.Live() && !s.Queued() || s == Approved || s == Refused }

// A Recap status of the official recap (status tindak lanjut, DOMAIN 3.1).
func (s Status) Recap() (Status, bool) {
	switch s {
	case Submitted, Proposed:
		return Submitted, true // Belum: not followed up yet
	case Approved, Refused, Postponed:
		return s, true
	}
	return "", false
}

// A Decision is what was decided of a claim, or proposed.
type Decision struct {
	Action  Action           `json:"a"`
	Reasons []string         `json:"r,omitempty"` // codes of requirement.DecisionReason; for Tolak and Tunda at least one
	Mend    []string         `json:"m,omitempty"` // Tunda: slots of the checklist to send anew
	Until   requirement.Date `json:"u,omitempty"` // Tunda: the last day for it, in the branch's zone
	Sum     int64            `json:"s,omitempty"` // Setuju: rupiah to be paid
	At      time.Time        `json:"t"`           // UTC, to the second
	By      string           `json:"b"`           // staff id
	First   string           `json:"f,omitempty"` // staff id of who proposed
}

// Errors of decisions.
var (
	ErrSecondPerson = errors.New("claim: needs a second person")              // the one who proposed may not approve
	ErrNotMine      = errors.New("claim: another officer has this claim")     //
	ErrHandsFull    = errors.New("claim: the officer has as many as allowed") //
	ErrTooEarly     = errors.New("claim: the session has not begun")          // places belong to the branch until the hour
	ErrNoReason     = errors.New("claim: a decision without what it needs")
)

// Unmended are the slots that a postponed claim still has to mend: without a
// file that passed inspection and was sent after the decision.
func Unmended(r Registration) []string {
	if r.Status != Postponed {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Decision.Mend), func(slot string) bool {
		return slices.ContainsFunc(r.Documents, func(d Document) bool {
			return d.Slot == slot && d.State == DocPassed && d.Created.After(r.Decision.At)
		})
	})
}

// MendUntil returns the end of the last day on which a postponed claim's
// documents can be replaced; the zero time if it has none.
func MendUntil(b *requirement.Branch, r Registration) time.Time {
	if r.Status != Postponed || r.Decision.Until == "" {
		return time.Time{}
	}
	end, err := b.At(r.Decision.Until, "23:59")
	if err != nil {
		return time.Time{}
	}
	return end.Add(time.Minute)
}

// A Desk is an officer at work: who, where, and how many claims at once.
type Desk struct {
	Officer string // staff id
	Branch  string
	Counter string // desk (loket) that participants come to; may be empty
	Limit   int    // claims at once: 1 to 6
}

// Decide holds a decision against the rules and returns the action that
// follows: an approval above the set sum becomes a proposal, and the one who
// proposed may not approve (TRUST R45).
//
//	ErrNotFound      the claim is of another branch
//	ErrNotMine       another officer has it, or nobody has taken it
//	ErrClosed        not possible in its state
//	ErrSecondPerson  the same person proposed it
//	ErrNoReason      a ground, document, day or sum is missing or not allowed
func Decide(r *Registration, by Desk, d Decision, rules *requirement.Deciding) (Action, error) {
	switch {
	case r.Place.Branch != by.Branch:
		return "", ErrNotFound
	case r.Status != Proposed && !r.Call.Mine(by.Officer):
		return "", ErrNotMine
	}
	action := d.Action
	switch d.Action {
	case ActApprove:
		if r.Status == Proposed {
			return action, secondApproval(r, by)
		}
		if d.Sum <= 0 {
			return "", ErrNoReason
		}
		if d.Sum > rules.TwoPeopleAbove {
			action = ActPropose
		}
	case ActReturn:
	case ActRefuse, ActPostpone:
		if !grounds(d, rules) {
			return "", ErrNoReason
		}
	default:
		return "", ErrClosed
	}
	_, err := Next(r.Status, action)
	return action, err
}

func secondApproval(r *Registration, by Desk) error {
	if r.Decision.By == by.Officer {
		return ErrSecondPerson
	}
	return nil
}

// grounds tells whether a decision's grounds exist and are of its kind, and
// whether Tunda names a day and a document.
func grounds(d Decision, rules *requirement.Deciding) bool {
	for _, code := range d.Reasons {
		g := rules.Reason(code)
		if g == nil || d.Action == ActRefuse && !g.Refuse || d.Action == ActPostpone && !g.Postpone {
			return false
		}
	}
	if d.Action == ActPostpone && (d.Until == "" || len(d.Mend) == 0) {
		return false
	}
	return len(d.Reasons) > 0
}
