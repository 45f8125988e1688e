package lot

import (
	"fmt"
	"slices"
)

// A Result is the published file of a draw. There is no person in it: a
// participant knows the own ticket from the receipt.
type Result struct {
	Terms
	ListDigest  string  `json:"list_digest"` // published at Closes
	PublicValue string  `json:"public_value"`
	Seed        string  `json:"seed"`
	Places      []Place `json:"places"` // in order of rank
}

// A Place is what an entry got; Time is empty on the wait list.
type Place struct {
	Entry
	Time string `json:"time,omitempty"`
}

// Draw makes the result of a closed list.
func Draw(l List, seed, public string) (Result, error) {
	r := Result{Terms: l.Terms, ListDigest: l.Digest(), PublicValue: public, Seed: seed}
	key, err := Key(seed, r.ListDigest, public)
	if err != nil {
		return r, err
	}
	order := Order(key, l.Tickets)
	r.Places = make([]Place, len(order))
	for i, t := range Seats(order, r.Sessions) {
		r.Places[i] = Place{order[i], t}
	}
	return r, nil
}

// List returns the list that a result was drawn from.
func (r Result) List() List {
	l := List{Terms: r.Terms, Tickets: make([]Entry, len(r.Places))}
	for i, p := range r.Places {
		l.Tickets[i] = p.Entry
	}
	return l
}

// Against returns what differs from the commitment and the list digest that
// somebody noted when they were published; an empty one was not noted. Without
// it Verify alone cannot tell a file that was made anew as a whole.
func (r Result) Against(commitment, listDigest string) error {
	for _, x := range []struct{ name, noted, is string }{{"commitment", commitment, r.Commitment}, {"list digest", listDigest, r.ListDigest}} {
		if x.noted != "" && x.noted != x.is {
			return fmt.Errorf("lot: the file's %s is %s, not %s as it was published: another draw, or the file was made anew", x.name, x.is, x.noted)
		}
	}
	return nil
}

// Verify recomputes a result and returns the first thing that is not as the
// rules make it, nil if all is. That it is the one of the published digests is
// for Against; that the public value is that of its source, for people.
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
	list := r.List()
	if err := list.Check(); err != nil {
		return err
	}
	if digest := list.Digest(); digest != r.ListDigest {
		return fmt.Errorf("lot: the list is not the one that was closed: its digest is %s", digest)
	}
	again, err := Draw(list, r.Seed, r.PublicValue)
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
