package trail

import (
	"context"
	"fmt"
	"time"
)

// A Finding is something that is not as it was written.
type Finding struct {
	Claim string // "" for a day
	Event int    // first broken event of the claim
	Day   string // that is broken, or that holds the event; "" if no day does
	What  string
}

// String names the finding in one line.
func (f Finding) String() string {
	if f.Claim == "" {
		return fmt.Sprintf("day %s: %s", f.Day, f.What)
	}
	where := fmt.Sprintf("claim %s, event %d: %s", f.Claim, f.Event, f.What)
	if f.Day != "" {
		where += " (sealed on " + f.Day + ")"
	}
	return where
}

// A Report is what Verify has looked at and found.
type Report struct {
	Claims, Events, Days int
	Findings             []Finding
}

// Verify checks every chain of events, every sealed day, and that what the
// days name is there. Findings come in the order: days, what days name, chains.
func Verify(ctx context.Context, events Events, archive Archive) (Report, error) {
	var r Report
	days, err := archive.Days(ctx)
	if err != nil {
		return r, err
	}
	var prev *Day
	for _, date := range days {
		d, err := archive.Day(ctx, date)
		if err != nil {
			return r, err
		}
		if err := r.day(ctx, events, prev, d); err != nil {
			return r, err
		}
		prev = &d
	}
	err = events.Chains(ctx, func(claim string, broken, n int) error {
		r.Claims++
		r.Events += n
		if broken > 0 {
			r.Findings = append(r.Findings, Finding{Claim: claim, Event: broken, What: "was changed, or is missing"})
		}
		return nil
	})
	return r, err
}

func (r *Report) day(ctx context.Context, events Events, prev *Day, d Day) error {
	r.Days++
	odd := func(format string, args ...any) {
		r.Findings = append(r.Findings, Finding{Day: d.Date, What: fmt.Sprintf(format, args...)})
	}
	sum, err := d.sum()
	if err != nil {
		return err
	}
	if sum != d.Digest {
		odd("its digest does not fit its content")
	}
	if prev != nil {
		if d.Prev != prev.Digest {
			odd("it does not follow %s", prev.Date)
		}
		if next, err := time.Parse(time.DateOnly, prev.Date); err != nil || next.AddDate(0, 0, 1).Format(time.DateOnly) != d.Date {
			odd("a day between %s and this one is missing", prev.Date)
		}
	}
	sealed := map[string]int{}
	for _, h := range d.Heads {
		sealed[h.Claim] = h.Event
		hash, err := events.EventHash(ctx, h.Claim, h.Event)
		switch {
		case err != nil:
			return err
		case hash == "":
			r.Findings = append(r.Findings, Finding{h.Claim, h.Event, d.Date, "is missing"})
		case hash != h.Hash:
			r.Findings = append(r.Findings, Finding{h.Claim, h.Event, d.Date, "is another one than was sealed"})
		}
	}
	written, err := events.EventsOf(ctx, d.Date)
	if err != nil {
		return err
	}
	for _, h := range written {
		if h.Event > sealed[h.Claim] {
			r.Findings = append(r.Findings, Finding{h.Claim, h.Event, d.Date, "was added after the day was sealed"})
		}
	}
	return nil
}
