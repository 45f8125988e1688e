package claim

import "errors"

// The rules say no: each has a page that says what to do next.
var (
	ErrNotFound      = errors.New("claim: no such registration")                     // also for a wrong second fact
	ErrFull          = errors.New("claim: no free place in this session")            //
	ErrAlreadyBooked = errors.New("claim: claimant has a live registration already") // one per person and programme
	ErrKeyReused     = errors.New("claim: idempotency key used with another content")
	ErrStale         = errors.New("claim: registration was changed meanwhile")
	ErrClosed        = errors.New("claim: not possible in this state or after the deadline")
	ErrNoPlace       = errors.New("claim: there is no place yet") // in a draw, waiting, or only offered one
	ErrTooMany       = errors.New("claim: too many tries")
	ErrNoDay         = errors.New("claim: no seats were made for this day")
	ErrAnswered      = errors.New("claim: the survey was answered already")
	ErrSoldOut       = errors.New("claim: every place of the day is taken")
	ErrBusy          = errors.New("claim: too much contention, try again") // nothing was changed
)
