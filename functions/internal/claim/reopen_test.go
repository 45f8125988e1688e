package claim_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

var reopening = requirement.Booking{HorizonDays: 14, DraftHours: 24, CutoffHours: 2, ReopenAt: []string{"08:00", "12:00", "20:00"}}

func local(t testing.TB, zone, date, clock string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", date+" "+clock, (&requirement.Branch{Zone: zone}).Location())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestReopens(t *testing.T) {
	for _, tt := range []struct {
		name, zone, given, start, want string
	}{
		{"the next announced time of the day", "WIB", "2026-11-24 09:15:00", "2026-11-26 08:00:00", "2026-11-24 12:00:00"},
		{"given back at the announced time itself", "WIB", "2026-11-24 12:00:00", "2026-11-26 08:00:00", "2026-11-24 20:00:00"},
		{"too short before it: who waits is asked first", "WIB", "2026-11-24 11:45:01", "2026-11-26 08:00:00", "2026-11-24 20:00:00"},
		{"a quarter of an hour before it", "WIB", "2026-11-24 11:45:00", "2026-11-26 08:00:00", "2026-11-24 12:00:00"},
		{"in the evening, the first of the next day", "WIB", "2026-11-24 21:00:00", "2026-11-26 08:00:00", "2026-11-25 08:00:00"},
		{"over midnight and the end of a month", "WIT", "2026-11-30 23:30:00", "2026-12-02 09:00:00", "2026-12-01 08:00:00"},
		{"the branch's zone decides", "WITA", "2026-11-24 11:30:00", "2026-11-26 08:00:00", "2026-11-24 12:00:00"},
		{"the eve of an early session, in time for the evening", "WIB", "2026-11-24 19:00:00", "2026-11-25 08:00:00", "2026-11-24 20:00:00"},
		{"too late for any announced time: when booking closes", "WIB", "2026-11-24 20:30:00", "2026-11-25 08:00:00", "2026-11-25 05:00:01"},
		{"the announced time is when booking closes", "WIB", "2026-11-25 08:30:00", "2026-11-25 15:00:00", "2026-11-25 12:00:01"},
		{"the same morning, booking still open", "WIB", "2026-11-25 09:00:00", "2026-11-25 13:00:00", "2026-11-25 10:00:01"},
		{"booking has closed: at once, for people at the branch", "WIB", "2026-11-25 10:30:00", "2026-11-25 13:00:00", "2026-11-25 10:30:00"},
		{"after the session began", "WIB", "2026-11-25 13:10:00", "2026-11-25 13:00:00", "2026-11-25 13:10:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			moment := func(s string) time.Time { return local(t, tt.zone, s[:10], s[11:]) }
			got := claim.Reopens(&requirement.Branch{Zone: tt.zone}, reopening, moment(tt.given).UTC(), moment(tt.start).UTC())
			if !got.Equal(moment(tt.want)) {
				t.Errorf("Reopens(%s, %s) = %s; want %s", tt.given, tt.start, got.In(moment(tt.want).Location()), tt.want)
			}
		})
	}
}

// For as long as a place can be booked from afar, a seat that was given back
// opens at an announced time or not at all, in every zone.
func TestReopensOnlyAtAnnouncedTimes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := &requirement.Branch{Zone: rapid.SampledFrom([]string{"WIB", "WITA", "WIT"}).Draw(r, "zone")}
		given := time.Unix(rapid.Int64Range(1_790_000_000, 1_800_000_000).Draw(r, "given"), 0).UTC()
		start := given.Add(time.Duration(rapid.IntRange(-3600, 14*24*3600).Draw(r, "until the session")) * time.Second)
		at := claim.Reopens(b, reopening, given, start)
		if at.Before(given) {
			t.Fatalf("given back %s, opens %s", given, at)
		}
		clock := at.In(b.Location()).Format("15:04:05")
		announced := clock == "08:00:00" || clock == "12:00:00" || clock == "20:00:00"
		if _, err := claim.Deadline(reopening, at, start); err == nil && !announced {
			t.Fatalf("given back %s for %s: opens %s, while it can be booked from afar", given, start, at)
		}
	})
}
