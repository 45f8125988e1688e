package claim

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"lapakasik/site/requirement"
)

// A Timetable is what a branch's supervisor has changed of its published hours.
//
//	published desks and closures (content) ─┐
//	Timetable: desks, days ─────────────────┴─► On(day) ─► Plan ─► seats
//
// The zero Timetable changes nothing.
type Timetable struct {
	Version int
	// Desks take the place of the published ones, channel by channel.
	Desks map[requirement.Channel]requirement.Desk
	Days  []DayRule // by From
	// Rearrange: places that the hours no longer have are moved, and their
	// people told, without anybody pressing a button for each.
	Rearrange bool
}

// A DayRule changes the hours of some days, From and To included.
type DayRule struct {
	From, To requirement.Date
	Closed   bool
	// Officers take the place of a desk's number; 0 closes the channel.
	Officers map[requirement.Channel]int
	Mode     requirement.Mode // how places are opened; empty: as without the rule
}

// On returns the branch as it serves on a day.
func (t Timetable) On(b *requirement.Branch, d requirement.Date) *requirement.Branch {
	out := *b
	out.Desks = maps.Clone(b.Desks)
	if out.Desks == nil {
		out.Desks = map[requirement.Channel]requirement.Desk{}
	}
	maps.Copy(out.Desks, t.Desks)
	for _, r := range t.Days {
		if d < r.From || r.To < d {
			continue
		}
		for ch, n := range r.Officers {
			desk := out.Desks[ch]
			desk.Officers = n
			out.Desks[ch] = desk
		}
		if r.Closed {
			out.Closures = append(slices.Clone(out.Closures), requirement.Closure{From: r.From, To: r.To})
		}
	}
	return &out
}

// Plan returns the sessions of a day.
func (t Timetable) Plan(b *requirement.Branch, d requirement.Date, holidays []requirement.Holiday) DayPlan {
	return Plan(t.On(b, d), d, holidays)
}

// Has tells whether the plan has a place.
func (p DayPlan) Has(x Place) bool {
	return slices.ContainsFunc(p.Sessions, func(s Session) bool {
		return s.Channel == x.Seating() && s.Time == x.Time && x.Seat <= s.Places
	})
}

// Places returns how many places the plan has in a channel.
func (p DayPlan) Places(ch requirement.Channel) int {
	n := 0
	for _, s := range p.Sessions {
		if s.Channel == ch {
			n += s.Places
		}
	}
	return n
}

// Orphans returns the registrations that wait for a place which the plan of
// their day does not have.
func Orphans(p DayPlan, regs []Registration) []Registration {
	var out []Registration
	for _, r := range regs {
		if (r.Status == Draft || r.Status == Submitted && r.Decision.Action == "" && r.Call.Free()) && !p.Has(r.Place) {
			out = append(out, r)
		}
	}
	return out
}

// An Offer is a session to which an orphan can be moved.
type Offer struct {
	Date  requirement.Date
	Start time.Time
	Session
}

// Nearest returns the offers of the registration's channel that begin at its
// hour or later and not before earliest, soonest first: nobody is asked to
// come earlier than they planned.
func Nearest(r Registration, start, earliest time.Time, offers []Offer) []Offer {
	var out []Offer
	for _, o := range offers {
		if o.Channel == r.Place.Seating() && o.Free > 0 && !o.Start.Before(start) && !o.Start.Before(earliest) {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b Offer) int { return cmp.Compare(a.Start.Unix(), b.Start.Unix()) })
	return out
}
