package claim

import (
	"fmt"
	"slices"
	"time"

	"lapakasik/site/requirement"
)

// DrawState is how far the draw of a branch-day has come:
//
//	committed ─ window opens, closes ─► closed ─ public value, by two people ─► drawn ─ everybody served ─► done
//	                                      └─ nobody has joined, or no value came ─────────────────────────────┘
type DrawState string

// The states of a draw.
const (
	DrawCommitted DrawState = "COMMITTED" // the seed's digest is public; before and in the window
	DrawClosed    DrawState = "CLOSED"    // the list's digest is public too
	DrawDrawn     DrawState = "DRAWN"     // the seed and the result are; places are given out
	DrawDone      DrawState = "DONE"      // everybody has a place or a rank on the wait list, nobody came, or it ended without a result
)

// A Draw is the opening of one channel of a branch-day by draw. While there is
// one, the places of that day are given by it, whatever the rules say by then.
type Draw struct {
	Branch     string
	Channel    requirement.Channel
	Date       requirement.Date
	State      DrawState
	Opens      time.Time // UTC, of the window
	Closes     time.Time
	Commitment string // SHA-256 of the seed, hexadecimal
	Nonce      string // from which, with our key, the seed comes
	Source     requirement.Text
	Sessions   []Session // places to give, fixed at the close
	ListDigest string    // from the close on
	Entries    int       //
	Value      string    // the public value
	Entered    string    // staff id of who entered it
	Confirmed  string    // staff id of who entered the same once more; empty: the draw waits
	Seed       string    // from the draw on
	Settled    int       // ranks that have been served
}

// A Phase is what a person meets who comes to a draw at a moment.
type Phase int

// The phases of a draw.
const (
	DrawBefore Phase = iota // the window has not opened
	DrawOpen
	DrawPending // closed, not everybody served
	DrawOver    // what is free is given out as on any other day
)

// At returns the phase of a draw at a moment.
func (d Draw) At(now time.Time) Phase {
	switch {
	case d.State == DrawDone:
		return DrawOver
	case now.Before(d.Opens):
		return DrawBefore
	case now.Before(d.Closes):
		return DrawOpen
	}
	return DrawPending
}

// InDraw tells whether a channel of a day is in a draw that has not ended: from
// its announcement on nobody but the draw gives those places.
func InDraw(draws []Draw, date requirement.Date, ch requirement.Channel) bool {
	return slices.ContainsFunc(draws, func(d Draw) bool { return d.Date == date && d.Channel == ch && d.State != DrawDone })
}

// Void tells whether a draw has ended without a result though somebody was in it.
func (d Draw) Void() bool { return d.State == DrawDone && d.Seed == "" && d.Entries > 0 }

// Name is the draw's name in addresses and files: it has no person in it.
func (d Draw) Name() string { return fmt.Sprintf("%s-%s-%s", d.Branch, d.Date, d.Channel) }

// ListName is the name of the file with the closed list. Its digest is in it:
// of two runs that close at once each has its own file, and one counts.
func (d Draw) ListName() string { return d.Name() + "-daftar-" + d.ListDigest[:16] }

// File is where everybody can download the result, once the draw has its seed.
func (d Draw) File() string { return "/data/undian/" + d.Name() + ".json" }

// StateName is how far the draw has come at a moment, as words and the JSON
// form call it.
func (d Draw) StateName(now time.Time) string {
	switch phase := d.At(now); {
	case phase == DrawBefore:
		return "belum"
	case phase == DrawOpen:
		return "buka"
	case d.Seed != "":
		return "diundi"
	case d.Void():
		return "gagal"
	case phase == DrawOver:
		return "kosong"
	case d.Confirmed != "":
		return "siap"
	}
	return "tutup"
}

// Mode returns how the places of a branch-day are opened: as the newest rule
// of the branch's supervisor for that day says, or the published one.
func (t Timetable) Mode(rules requirement.Opening, branch string, d requirement.Date) requirement.Mode {
	mode := rules.Of(branch)
	for _, r := range t.Days {
		if r.Mode != "" && r.From <= d && d <= r.To {
			mode = r.Mode
		}
	}
	return mode
}

// Window returns when a draw's window opens and closes by the rules.
func Window(b *requirement.Branch, d requirement.Date, rules requirement.Opening) (opens, closes time.Time, err error) {
	if opens, err = b.At(d.AddDays(-rules.OpensDays), rules.Opens); err != nil {
		return opens, closes, err
	}
	closes, err = b.At(d.AddDays(-rules.ClosesDays), rules.Closes)
	return opens.UTC(), closes.UTC(), err
}

// minWindow is the least time for which people can join a draw.
const minWindow = 12 * time.Hour

// Announce returns the window of a draw that is announced now: that of the
// rules, or one that begins so much later that its commitment is public for as
// long as the rules say. ErrTooEarly before it is time, ErrClosed when no
// window of at least twelve hours is left: the day stays first-come.
func Announce(b *requirement.Branch, d requirement.Date, rules requirement.Opening, now time.Time) (opens, closes time.Time, err error) {
	if opens, closes, err = Window(b, d, rules); err != nil {
		return opens, closes, err
	}
	lead := time.Duration(rules.CommitHours) * time.Hour
	// A day earlier than it must be, so that a job that fails has time.
	if now.Before(opens.Add(-lead - 24*time.Hour)) {
		return opens, closes, ErrTooEarly
	}
	if earliest := now.Add(lead).UTC().Truncate(time.Minute); opens.Before(earliest) {
		opens = earliest
	}
	if closes.Sub(opens) < minWindow {
		return opens, closes, ErrClosed
	}
	return opens, closes, nil
}

// minWait is the least time for which a closed draw waits for its public value.
const minWait = 24 * time.Hour

// ValueBy returns when a draw that still has no public value ends without a
// result, and its places are open to all: at the hour at which windows open,
// so early that every winner would have the whole time for the documents before
// the day. Where that is less than a day after the close, when the day begins.
func (d Draw) ValueBy(b *requirement.Branch, rules requirement.Opening) (time.Time, error) {
	day, err := b.At(d.Date, "00:00")
	if err != nil {
		return day, err
	}
	last := day.Add(-time.Duration(rules.ConfirmHours) * time.Hour)
	by, err := b.At(requirement.DateOf(last), rules.Opens)
	if err == nil && by.After(last) {
		by, err = b.At(requirement.DateOf(last).AddDays(-1), rules.Opens)
	}
	if by.Before(d.Closes.Add(minWait)) {
		by = day
	}
	return by.UTC(), err
}

// urgent is how long before its end a draw that waits for its value calls somebody.
const urgent = 24 * time.Hour

// Waits tells whether a closed draw waits for its public value.
func (d Draw) Waits() bool { return d.State == DrawClosed && d.Entries > 0 && d.Confirmed == "" }

// Overdue tells whether a draw that waits must have its value soon; by is ValueBy.
func (d Draw) Overdue(by, now time.Time) bool { return d.Waits() && !now.Before(by.Add(-urgent)) }

// Confirm returns until when who got a place by draw must have completed the
// documents. ErrClosed: the session starts too soon.
func Confirm(rules requirement.Booking, now, start time.Time) (time.Time, error) {
	rules.DraftHours = rules.Opening.ConfirmHours
	return Deadline(rules, now, start)
}
