package requirement

import (
	"fmt"
	"time"
)

// Date is a day of the calendar as "2006-01-02". Dates compare as strings.
type Date string

// ParseDate accepts exactly "2006-01-02" of a day that exists.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("date %q: want YYYY-MM-DD of a day that exists", s)
	}
	return Date(s), nil
}

// DateOf returns the day of the moment in its own zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Time returns midnight UTC of the date, the zero time for a malformed one.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// AddMonths returns the same day n months later, or the last day of that
// month where it is shorter: 31 January + 1 month is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return DateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Weekday returns 1 for Monday to 7 for Sunday (ISO 8601).
func (d Date) Weekday() int { return (int(d.Time().Weekday())+6)%7 + 1 }
