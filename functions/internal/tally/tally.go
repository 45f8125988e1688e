// Package tally holds the rules of the public results: what is counted of a
// claim, when it is published, and which numbers are too small to be shown.
// It knows no network, no store and no page.
//
//	audit trail of a claim ─► History.Due ─► Adds ─► counters (branch, month, channel)
//	                                                      │ the month has ended
//	                                                      ▼
//	                                 Publish ─► Cells: every number of page, chart and CSV
//
// Three things keep a person out of the numbers:
//
//   - A month is published once, after it has ended, and never changes again. A
//     running count would tell who watches it how yesterday's one claim ended.
//   - A number from 1 to the threshold - 1 is not shown, and what adds up with
//     it is not shown either (see Publish).
//   - Every total is a sum of shown numbers only, so no difference of two
//     totals tells what was left out.
package tally

import (
	"fmt"
	"time"
)

// A Month is a month of the calendar in WIB as "2026-11". Months compare as strings.
type Month string

// wib is the zone of all months, so that the country's month ends at one moment.
var wib = time.FixedZone("WIB", 7*3600)

// grace is the time after a month's end in which what happened in it is still counted.
const grace = 24 * time.Hour

// MonthOf returns the month of a moment.
func MonthOf(t time.Time) Month { return Month(t.In(wib).Format("2006-01")) }

// ParseMonth accepts exactly "2006-01" of a month that exists.
func ParseMonth(s string) (Month, error) {
	if _, err := time.Parse("2006-01", s); err != nil {
		return "", fmt.Errorf("month %q: want YYYY-MM", s)
	}
	return Month(s), nil
}

// Start returns the month's first moment, the zero time for a malformed month.
func (m Month) Start() time.Time {
	t, err := time.ParseInLocation("2006-01", string(m), wib)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Next returns the month that follows.
func (m Month) Next() Month { return Month(m.Start().AddDate(0, 1, 0).Format("2006-01")) }

// PublishedAt returns the moment from which the month's numbers are shown and
// do not change any more: a day after its end.
func (m Month) PublishedAt() time.Time { return m.Next().Start().Add(grace) }

// Published tells whether the month's numbers are final.
func (m Month) Published(now time.Time) bool { return !now.Before(m.PublishedAt()) }

// Months returns the n newest published months, newest first.
func Months(now time.Time, n int) []Month {
	first := MonthOf(now).Start()
	var out []Month
	for back := 1; len(out) < n; back++ {
		if m := Month(first.AddDate(0, -back, 0).Format("2006-01")); m.Published(now) {
			out = append(out, m)
		}
	}
	return out
}

// CountedIn returns the month in which something that happened at a moment is
// counted: its own, or the running one if its own is published already.
func CountedIn(at, now time.Time) Month {
	if m := MonthOf(at); !m.Published(now) {
		return m
	}
	return MonthOf(now)
}

// Counts are numbers by the name of their counter.
type Counts map[string]int

// A Row is what was counted for one branch, month and channel.
type Row struct {
	Key
	Counts Counts
}

// A Key names a Row. Branch and Channel are empty for what is counted for the
// whole service: the survey.
type Key struct {
	Month           Month
	Branch, Channel string
}

// An Add changes one counter of a row.
type Add struct {
	Key
	Counter string
	N       int
}
