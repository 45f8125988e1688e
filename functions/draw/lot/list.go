package lot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// Version is that of the files and of what the list digest covers.
const Version = 2

// MaxWishes is how many times an entry can wish for: that of the form
// (requirement.MaxWishes).
const MaxWishes = 5

// Terms are what a draw is about, all of it fixed and public at the close.
type Terms struct {
	Version      int       `json:"version"`
	Branch       string    `json:"branch"`
	Channel      string    `json:"channel"`
	Date         string    `json:"date"`
	Opens        string    `json:"opens"`         // RFC 3339, of the window
	Closes       string    `json:"closes"`        //
	Commitment   string    `json:"commitment"`    // published before Opens
	PublicSource string    `json:"public_source"` // where the public value comes from, in words
	Sessions     []Session `json:"sessions"`      // places to give, by time
}

// A List is the file that is published at the close: nobody who knows it can
// know the order, and nobody can change it without changing its digest.
type List struct {
	Terms
	Tickets []Entry `json:"tickets"`
}

// Digest is the list digest: the SHA-256, hexadecimal, of the following texts.
// Each is written as its length in bytes, ":", the text, and a line feed; so
// "08:00" is "5:08:00\n", and no two lists give the same bytes.
//
//	lapakasik draw
//	version, branch, channel, date, opens, closes, commitment, public_source
//	number of sessions; of each, as they stand in the file: time, places
//	number of tickets; of each, sorted by ticket: ticket, number of its times, its times as they stand
//
// All is written as it stands in the file, numbers decimal.
func (l List) Digest() string {
	h := sha256.New()
	put := func(texts ...string) {
		for _, s := range texts {
			fmt.Fprintf(h, "%d:%s\n", len(s), s)
		}
	}
	put("lapakasik draw", strconv.Itoa(l.Version), l.Branch, l.Channel, l.Date, l.Opens, l.Closes, l.Commitment, l.PublicSource)
	put(strconv.Itoa(len(l.Sessions)))
	for _, s := range l.Sessions {
		put(s.Time, strconv.Itoa(s.Places))
	}
	put(strconv.Itoa(len(l.Tickets)))
	for _, e := range slices.SortedFunc(slices.Values(l.Tickets), func(a, b Entry) int { return cmp.Compare(a.Ticket, b.Ticket) }) {
		put(e.Ticket, strconv.Itoa(len(e.Times)))
		put(e.Times...)
	}
	return hex.EncodeToString(h.Sum(nil))
}

var (
	ticketForm = regexp.MustCompile(`^[0-9a-f]{32}$`)
	timeForm   = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// Check returns the first thing for which a list is none: a version that is
// not ours, times that are not in order, a ticket that stands in it twice, or a
// wish for a time that is not among the sessions. nil if there is none.
func (l List) Check() error {
	if l.Version != Version {
		return fmt.Errorf("lot: the file is of version %d; this program knows %d", l.Version, Version)
	}
	times := map[string]bool{}
	for i, s := range l.Sessions {
		if !timeForm.MatchString(s.Time) || s.Places < 0 || i > 0 && s.Time <= l.Sessions[i-1].Time {
			return fmt.Errorf("lot: session %d, %q with %d places, is malformed or not in the order of time", i+1, s.Time, s.Places)
		}
		times[s.Time] = true
	}
	seen := map[string]bool{}
	for _, e := range l.Tickets {
		if err := e.check(times); err != nil {
			return err
		}
		if seen[e.Ticket] {
			return fmt.Errorf("lot: ticket %s stands in the list twice", e.Ticket)
		}
		seen[e.Ticket] = true
	}
	return nil
}

func (e Entry) check(times map[string]bool) error {
	if !ticketForm.MatchString(e.Ticket) {
		return fmt.Errorf("lot: ticket %q is not 32 hexadecimal digits", e.Ticket)
	}
	if len(e.Times) > MaxWishes {
		return fmt.Errorf("lot: ticket %s wishes for %d times; want at most %d", e.Ticket, len(e.Times), MaxWishes)
	}
	for i, t := range e.Times {
		if !times[t] || slices.Contains(e.Times[:i], t) {
			return fmt.Errorf("lot: ticket %s wishes for %q, which is no time of the draw, or twice", e.Ticket, t)
		}
	}
	return nil
}

// maxFile is the largest file that is read, in bytes: a million entries.
const maxFile = 128 << 20

// ReadList reads a list as it is published at the close.
func ReadList(r io.Reader) (List, error) { return read[List](r) }

// Read reads the published result.
func Read(r io.Reader) (Result, error) { return read[Result](r) }

// read takes no unknown keys: they could hide something.
func read[T any](r io.Reader) (T, error) {
	var out T
	d := json.NewDecoder(io.LimitReader(r, maxFile))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return out, fmt.Errorf("lot: the file cannot be read: %w", err)
	}
	if d.More() {
		return out, fmt.Errorf("lot: there is more after the file's value")
	}
	return out, nil
}
