package lot

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// A Result is the published file of a draw. There is no person in it: a
// participant knows the own ticket from the receipt.
type Result struct {
	Branch       string    `json:"branch"`
	Channel      string    `json:"channel"`
	Date         string    `json:"date"`
	Opens        string    `json:"opens"`         // RFC 3339, of the window
	Closes       string    `json:"closes"`        //
	Commitment   string    `json:"commitment"`    // published before Opens
	ListDigest   string    `json:"list_digest"`   // published at Closes
	PublicSource string    `json:"public_source"` // where PublicValue comes from, in words
	PublicValue  string    `json:"public_value"`
	Seed         string    `json:"seed"`
	Sessions     []Session `json:"sessions"`
	Places       []Place   `json:"places"` // in order of rank
}

// A Place is what an entry got; Time is empty on the wait list.
type Place struct {
	Entry
	Time string `json:"time,omitempty"`
}

// Draw makes the result of the entries: r has everything but ListDigest and Places.
func Draw(r Result, entries []Entry) (Result, error) {
	r.ListDigest = ListDigest(entries)
	key, err := Key(r.Seed, r.ListDigest, r.PublicValue)
	if err != nil {
		return r, err
	}
	order := Order(key, entries)
	r.Places = make([]Place, len(order))
	for i, t := range Seats(order, r.Sessions) {
		r.Places[i] = Place{order[i], t}
	}
	return r, nil
}

// maxFile is the largest file that Read takes, in bytes: a million entries.
const maxFile = 128 << 20

// Read reads a published file. Unknown keys are an error: they could hide something.
func Read(r io.Reader) (Result, error) {
	var out Result
	d := json.NewDecoder(io.LimitReader(r, maxFile))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return out, fmt.Errorf("lot: the file cannot be read: %w", err)
	}
	if d.More() {
		return out, fmt.Errorf("lot: there is more after the result")
	}
	return out, nil
}

// Verify recomputes a result and returns the first thing that is not as the
// rules make it, nil if all is.
func (r Result) Verify() error {
	commitment, err := Commitment(r.Seed)
	if err != nil {
		return err
	}
	if commitment != r.Commitment {
		return fmt.Errorf("lot: the seed is not the one that was committed: its digest is %s", commitment)
	}
	if r.PublicValue == "" {
		return fmt.Errorf("lot: there is no public value, so whoever knew the seed could know the order")
	}
	entries := make([]Entry, len(r.Places))
	seen := map[string]bool{}
	for i, p := range r.Places {
		if seen[p.Ticket] {
			return fmt.Errorf("lot: ticket %s stands in the list twice", p.Ticket)
		}
		seen[p.Ticket], entries[i] = true, p.Entry
	}
	if digest := ListDigest(entries); digest != r.ListDigest {
		return fmt.Errorf("lot: the list is not the one that was closed: its digest is %s", digest)
	}
	again, err := Draw(r, entries)
	if err != nil {
		return err
	}
	for i, p := range again.Places {
		if got := r.Places[i]; got.Ticket != p.Ticket {
			return fmt.Errorf("lot: rank %d is ticket %s, not %s", i+1, p.Ticket, got.Ticket)
		} else if got.Time != p.Time {
			return fmt.Errorf("lot: ticket %s at rank %d gets %q, not %q", p.Ticket, i+1, p.Time, got.Time)
		}
	}
	return nil
}

// Find returns the rank of a ticket from 1 and what it got; 0 if it is not in the list.
func (r Result) Find(ticket string) (rank int, time string) {
	i := slices.IndexFunc(r.Places, func(p Place) bool { return p.Ticket == ticket })
	if i < 0 {
		return 0, ""
	}
	return i + 1, r.Places[i].Time
}
