package claim

import (
	"slices"
	"time"

	"lapakasik/site/requirement"
)

// Plan returns the sessions that a branch (see Timetable.On) offers on a day, by channel and
// time: officers × places in each session of the desk, without breaks. It is
// empty on days off, holidays and closures.
func Plan(b *requirement.Branch, d requirement.Date, holidays []requirement.Holiday) DayPlan {
	plan := DayPlan{Branch: b.Code, Date: d}
	if !b.Bookable || closed(b, d, holidays) {
		return plan
	}
	for _, c := range []requirement.Channel{requirement.Online, requirement.Onsite} {
		desk, ok := b.Desks[c]
		if !ok || !slices.Contains(desk.Days, d.Weekday()) {
			continue
		}
		for _, clock := range starts(desk, d.Weekday()) {
			plan.Sessions = append(plan.Sessions, Session{Channel: c, Time: clock, Places: desk.Officers * desk.Places})
		}
	}
	return plan
}

func closed(b *requirement.Branch, d requirement.Date, holidays []requirement.Holiday) bool {
	return slices.ContainsFunc(holidays, func(h requirement.Holiday) bool { return h.Date == d }) ||
		slices.ContainsFunc(b.Closures, func(c requirement.Closure) bool { return c.From <= d && d <= c.To })
}

// starts returns the start times of a desk's sessions. Clock times "15:04" compare as strings.
func starts(desk requirement.Desk, weekday int) []string {
	var out []string
	if desk.Minutes <= 0 {
		return nil
	}
	step := time.Duration(desk.Minutes) * time.Minute
	open, err := time.Parse("15:04", desk.Open)
	if err != nil {
		return nil
	}
	for t := open; t.Day() == open.Day(); t = t.Add(step) {
		from, to := t.Format("15:04"), t.Add(step).Format("15:04")
		if to > desk.Close || to <= from {
			break
		}
		if !duringBreak(desk, weekday, from, to) {
			out = append(out, from)
		}
	}
	return out
}

func duringBreak(desk requirement.Desk, weekday int, from, to string) bool {
	return slices.ContainsFunc(desk.Breaks, func(b requirement.Break) bool {
		return (len(b.Days) == 0 || slices.Contains(b.Days, weekday)) && from < b.To && b.From < to
	})
}

// minDraft is the least time that a person gets to send the documents.
const minDraft = time.Hour

// Deadline returns until when the documents of a draft must be complete: the
// draft time after now, but not later than the cutoff before the session.
// ErrClosed: the session starts too soon to be booked.
func Deadline(rules requirement.Booking, now, start time.Time) (time.Time, error) {
	last := LastChange(rules, start)
	if last.Sub(now) < minDraft {
		return time.Time{}, ErrClosed
	}
	if d := now.Add(time.Duration(rules.DraftHours) * time.Hour); d.Before(last) {
		return d, nil
	}
	return last, nil
}

// LastChange returns until when a place can be cancelled or moved and a
// document replaced.
func LastChange(rules requirement.Booking, start time.Time) time.Time {
	return start.Add(-time.Duration(rules.CutoffHours) * time.Hour)
}

// Dates returns the days of the horizon in the branch's zone, today first.
func Dates(b *requirement.Branch, rules requirement.Booking, now time.Time) []requirement.Date {
	today := requirement.DateOf(now.In(b.Location()))
	out := make([]requirement.Date, 0, rules.HorizonDays+1)
	for n := range rules.HorizonDays + 1 {
		out = append(out, today.AddDays(n))
	}
	return out
}
