package page

import (
	"strconv"
	"strings"
	"time"

	"lapakasik/site/requirement"
)

var (
	days = map[requirement.Lang][]string{
		requirement.ID: {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"},
		requirement.EN: {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
	}
	months = map[requirement.Lang][]string{
		requirement.ID: {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
		requirement.EN: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
)

// Date says a date in words: "Selasa, 24 November 2026". A malformed date is returned as it is.
func Date(l requirement.Lang, d requirement.Date) string {
	if _, err := requirement.ParseDate(string(d)); err != nil {
		return string(d)
	}
	return Weekday(l, d.Weekday()) + ", " + ShortDate(l, d)
}

// DayHere stands in the refusal of a rule for the day from which the rule is met.
const DayHere = "{tanggal}"

// Refusal says the refusal of a rule, with the day from which it is met.
func Refusal(l requirement.Lang, refusal requirement.Text, from requirement.Date) string {
	return strings.ReplaceAll(refusal.In(l), DayHere, Date(l, from))
}

// ShortDate says a date without its weekday: "24 November 2026".
func ShortDate(l requirement.Lang, d requirement.Date) string {
	t := d.Time()
	if t.IsZero() {
		return string(d)
	}
	return strconv.Itoa(t.Day()) + " " + months[lang(l)][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Month says a month "2006-01" in words: "November 2026". A malformed month is returned as it is.
func Month(l requirement.Lang, m string) string {
	t, err := time.Parse("2006-01", m)
	if err != nil {
		return m
	}
	return months[lang(l)][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Number writes a whole number with its thousands apart: "16.800", in English "16,800".
func Number(l requirement.Lang, n int) string {
	s, point := strconv.Itoa(n), "."
	if l == requirement.EN {
		point = ","
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + point + s[i:]
	}
	return s
}

// Percent says what share of a whole a part is: "42 %", in English "42%". "–" of nothing.
func Percent(l requirement.Lang, part, whole int) string {
	if whole <= 0 {
		return "–"
	}
	s := strconv.Itoa((200*part + whole) / (2 * whole))
	if l == requirement.EN {
		return s + "%"
	}
	return s + "\u00a0%"
}

// Weekday names a day of the week, 1 Monday to 7 Sunday.
func Weekday(l requirement.Lang, n int) string { return days[lang(l)][(n+6)%7] }

// Clock says a time of day with its zone: "08.00 WIB", in English "08:00 WIB".
func Clock(l requirement.Lang, clock, zone string) string {
	if l != requirement.EN {
		clock = strings.ReplaceAll(clock, ":", ".")
	}
	return strings.TrimSpace(clock + " " + zone)
}

// Moment says a moment with the date and the time of day at a branch: "Selasa, 24
// November 2026, 08.00 WIB".
func Moment(l requirement.Lang, t time.Time, b *requirement.Branch) string {
	local := t.In(b.Location())
	return Date(l, requirement.DateOf(local)) + ", " + Clock(l, local.Format("15:04"), b.Zone)
}

func lang(l requirement.Lang) requirement.Lang {
	if l == requirement.EN {
		return l
	}
	return requirement.ID
}

// Clocks says several times of day with their zone: "08.00, 12.00, 16.00 WIB".
func Clocks(l requirement.Lang, clocks []string, zone string) string {
	said := make([]string, len(clocks))
	for i, c := range clocks {
		said[i] = Clock(l, c, "")
	}
	return strings.TrimSpace(strings.Join(said, ", ") + " " + zone)
}
