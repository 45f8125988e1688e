package tally_test

import (
	"maps"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/tally"
)

// day returns noon in WIB on a day of November 2026; 31 and more are December.
func day(n int) time.Time { return time.Date(2026, 11, n, 5, 0, 0, 0, time.UTC) }

func step(at time.Time, action string, from, to claim.Status) tally.Step {
	return tally.Step{At: at, Action: action, From: from, To: to, Branch: "uji", Channel: "online"}
}

var (
	booked    = step(day(2), "book", "", claim.Draft)
	inspected = step(day(3), "inspect ktp", "WAITING", "PASSED")
	submitted = step(day(4), "submit", claim.Draft, claim.Submitted)
	replaced  = step(day(5), "inspect ktp", "WAITING", "PASSED")
	postponed = step(day(6), "decide", claim.Submitted, claim.Postponed)
	approved  = step(day(7), "decide", claim.Submitted, claim.Approved)
)

// count counts all steps of a history, each a minute after it happened.
func count(t *testing.T, steps ...tally.Step) map[tally.Month]tally.Counts {
	t.Helper()
	got := map[tally.Month]tally.Counts{}
	h := tally.History(steps)
	for i := range h {
		h[i].Seq = i + 1
		step, month, adds, ok := h[:i+1].Due(h[i].At.Add(time.Minute))
		if !ok {
			continue
		}
		if step.Seq != i+1 {
			t.Fatalf("step %d is due; want %d", step.Seq, i+1)
		}
		h[i].Counted = month
		for _, a := range adds {
			if got[a.Month] == nil {
				got[a.Month] = tally.Counts{}
			}
			got[a.Month][a.Counter] += a.N
		}
	}
	if s, _, _, ok := h.Due(day(30)); ok {
		t.Errorf("step %d is still due", s.Seq)
	}
	return got
}

func TestWhatCounts(t *testing.T) {
	later := func(s tally.Step, at time.Time) tally.Step { s.At = at; return s }
	for _, tt := range []struct {
		name  string
		steps []tally.Step
		want  map[tally.Month]tally.Counts
	}{
		{"a draft does not count", []tally.Step{booked, inspected}, nil},
		{"a draft that is cancelled", []tally.Step{booked, step(day(3), "cancel", claim.Draft, claim.Cancelled)}, nil},
		{"submitted", []tally.Step{booked, inspected, submitted}, map[tally.Month]tally.Counts{"2026-11": {"pending": 1}}},
		{"withdrawn", []tally.Step{booked, submitted, step(day(5), "cancel", claim.Submitted, claim.Cancelled)}, map[tally.Month]tally.Counts{"2026-11": {"pending": 0}}},
		{"approved in the same month", []tally.Step{booked, inspected, submitted, approved},
			map[tally.Month]tally.Counts{"2026-11": {"pending": 0, "approved": 1, "complete": 1, "wait3": 1}}},
		{"a document sent after the submission", []tally.Step{booked, submitted, replaced, approved},
			map[tally.Month]tally.Counts{"2026-11": {"pending": 0, "approved": 1, "incomplete": 1, "wait3": 1}}},
		{"postponed first", []tally.Step{booked, submitted, postponed, later(approved, day(20))},
			map[tally.Month]tally.Counts{"2026-11": {"pending": 0, "postponed": 1, "approved": 1, "incomplete": 1, "wait30": 1}}},
		{"decided in the next month", []tally.Step{booked, submitted, later(approved, day(35))},
			map[tally.Month]tally.Counts{"2026-11": {"pending": 1}, "2026-12": {"approved": 1, "complete": 1, "waitlong": 1}}},
		{"refused, then approved after all", []tally.Step{booked, submitted, step(day(5), "decide", claim.Submitted, claim.Refused), step(day(36), "decide", claim.Refused, claim.Approved)},
			map[tally.Month]tally.Counts{"2026-11": {"pending": 0, "refused": 1, "complete": 1, "wait1": 1}, "2026-12": {"approved": 1, "complete": 1, "waitlong": 1}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := count(t, tt.steps...); !maps.EqualFunc(got, tt.want, maps.Equal[tally.Counts, tally.Counts]) {
				t.Errorf("counted %v; want %v", got, tt.want)
			}
		})
	}
}

// What is counted after its month was published belongs to the running one.
func TestLateCount(t *testing.T) {
	s := submitted
	s.Seq = 1
	for _, tt := range []struct {
		now  time.Time
		want tally.Month
	}{{day(30), "2026-11"}, {day(31), "2026-11"}, {day(32), "2026-12"}, {day(75), "2027-01"}} {
		if _, m, _, ok := (tally.History{s}).Due(tt.now); m != tt.want || !ok {
			t.Errorf("on %s it counts in %s; want %s", tt.now, m, tt.want)
		}
	}
}

func TestMonths(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if m := tally.MonthOf(at("2026-11-30T17:00:00Z")); m != "2026-12" {
		t.Errorf("midnight in WIB is in %s", m)
	}
	for _, tt := range []struct{ now, want string }{
		{"2026-12-01T16:59:59Z", "2026-10"}, {"2026-12-01T17:00:00Z", "2026-11"}, {"2026-12-31T16:59:59Z", "2026-11"}, {"2027-01-01T16:59:59Z", "2026-11"}, {"2027-01-01T17:00:00Z", "2026-12"},
	} {
		months := tally.Months(at(tt.now), 13)
		if string(months[0]) != tt.want || len(months) != 13 || months[12].Start().AddDate(1, 0, 0) != months[0].Start() {
			t.Errorf("at %s the newest of %d published months is %s; want %s", tt.now, len(months), months[0], tt.want)
		}
	}
	for _, s := range []string{"", "2026", "2026-13", "2026-1", "2026-11-01", " 2026-11"} {
		if m, err := tally.ParseMonth(s); err == nil {
			t.Errorf("ParseMonth(%q) = %s; want an error", s, m)
		}
	}
}
