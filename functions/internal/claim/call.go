package claim

import (
	"cmp"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
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

// MayCall tells whether an officer may call a submitted claim at a moment.
// Places belong to the branch until the hour: online from the start of the
// session, or early by rules.EarlyMinutes if the person said to be ready;
// onsite once the person has arrived. What comes back from a decision (mended,
// reopened) waits for no hour. ErrTooEarly otherwise.
func MayCall(b *requirement.Branch, r Registration, rules *requirement.Deciding, now time.Time) error {
	if r.Decision.Action != "" {
		return nil
	}
	if r.Place.Channel == requirement.Onsite {
		if r.Call.Arrived.IsZero() {
			return ErrTooEarly
		}
		return nil
	}
	from, err := b.At(r.Place.Date, r.Place.Time)
	if err != nil {
		return err
	}
	if r.Call.State == Arrived {
		from = from.Add(-time.Duration(rules.EarlyMinutes) * time.Minute)
	}
	if now.Before(from) {
		return ErrTooEarly
	}
	return nil
}

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Room returns the address of the video room of a registration at its place,
// "" where rules name none. digest is a keyed digest of 32 hexadecimal digits,
// so that only we can tell the room's name: 26 characters of Crockford's
// alphabet. Another place has another room.
func Room(r Registration, rules requirement.Interview, digest func(purpose, value string) (string, error)) (string, error) {
	if rules.Room == "" || r.Place.Channel != requirement.Online || r.Phone {
		return "", nil
	}
	p := r.Place
	sum, err := digest("room", fmt.Sprint(r.ID, "#", p.Branch, "#", p.Date, "#", p.Time, "#", p.Seat))
	if err != nil {
		return "", err
	}
	raw, err := hex.DecodeString(sum)
	if err != nil {
		return "", fmt.Errorf("room: %w", err)
	}
	return strings.ReplaceAll(rules.Room, "{room}", crockford.EncodeToString(raw)), nil
}

// Ahead returns how many of a day's claims are called before one that has
// arrived: of its channel, arrived too, and by the order of the desk (hour,
// queue number, arrival).
func Ahead(r Registration, day []Registration) int {
	n := 0
	for _, x := range day {
		if x.ID == r.ID || x.Status != Submitted || x.Call.State != Arrived || x.Place.Channel != r.Place.Channel {
			continue
		}
		if cmp.Or(cmp.Compare(x.Place.Time, r.Place.Time), cmp.Compare(x.Call.Number, r.Call.Number), x.Call.Arrived.Compare(r.Call.Arrived)) < 0 {
			n++
		}
	}
	return n
}

// Wait estimates how long so many claims take a desk whose officers serve
// desk.Places people at once, desk.Minutes each: in whole five minutes,
// upwards. 0 if nobody is ahead or nobody serves.
func Wait(ahead int, desk requirement.Desk) time.Duration {
	hands := desk.Officers * desk.Places
	if ahead <= 0 || hands <= 0 {
		return 0
	}
	minutes := (ahead*desk.Minutes + hands - 1) / hands
	return time.Duration((minutes+4)/5*5) * time.Minute
}
