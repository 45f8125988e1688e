package claim

import "time"

// A Note is what an officer wrote of a claim for colleagues. None is ever changed.
type Note struct {
	At   time.Time
	By   string // staff id
	Text string
}

// A Step is one event of a registration as its history shows it.
type Step struct {
	At            time.Time
	Actor, Action string // actor: a staff id, "claimant" or "system"
}

// An Act is one thing that somebody of the staff did. Registration is empty for
// what touches no claim, such as a branch's hours.
type Act struct {
	At                   time.Time
	Action, Registration string
}
