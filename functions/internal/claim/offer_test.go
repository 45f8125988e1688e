package claim_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

var offering = requirement.Booking{HorizonDays: 14, DraftHours: 24, CutoffHours: 2, ReopenAt: []string{"08:00"},
	Offers: requirement.Offers{Hours: 4, Most: 3, From: "07:00", To: "21:00"}}

func TestOfferUntil(t *testing.T) {
	for _, tt := range []struct {
		name, zone, now, start, want string
		err                          error
	}{
		{"four hours of one day", "WIB", "2026-11-24 09:00:00", "2026-11-26 08:00:00", "2026-11-24 13:00:00", nil},
		{"the night does not count", "WIB", "2026-11-24 19:00:00", "2026-11-26 10:00:00", "2026-11-25 09:00:00", nil},
		{"until the last minute of the day", "WIB", "2026-11-24 17:00:00", "2026-11-26 10:00:00", "2026-11-24 21:00:00", nil},
		{"at night nobody is asked", "WIB", "2026-11-24 21:00:00", "2026-11-26 10:00:00", "", claim.ErrTooEarly},
		{"before the morning nobody is asked", "WIT", "2026-11-24 06:59:59", "2026-11-26 10:00:00", "", claim.ErrTooEarly},
		{"not later than booking closes", "WITA", "2026-11-24 09:00:00", "2026-11-24 15:00:00", "2026-11-24 12:00:00", nil},
		{"an early session: by the evening before", "WIB", "2026-11-24 18:30:00", "2026-11-25 08:00:00", "2026-11-24 21:00:00", nil},
		{"less than an hour to answer", "WIB", "2026-11-24 20:30:00", "2026-11-25 08:00:00", "", claim.ErrClosed},
		{"less than an hour to answer, over the night", "WIB", "2026-11-24 20:50:00", "2026-11-25 10:30:00", "", claim.ErrClosed},
		{"booking has closed", "WIB", "2026-11-24 12:30:00", "2026-11-24 15:00:00", "", claim.ErrClosed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			moment := func(s string) time.Time { return local(t, tt.zone, s[:10], s[11:]) }
			got, err := claim.OfferUntil(&requirement.Branch{Zone: tt.zone}, offering, moment(tt.now).UTC(), moment(tt.start).UTC())
			if !errors.Is(err, tt.err) || tt.err == nil && !got.Equal(moment(tt.want)) {
				t.Errorf("OfferUntil = %s, %v; want %s, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// In every zone: whoever is asked is asked by day, has at least an hour, never
// has to answer at night, and has time for the documents afterwards.
func TestOfferUntilIsByDay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := &requirement.Branch{Zone: rapid.SampledFrom([]string{"WIB", "WITA", "WIT"}).Draw(r, "zone")}
		now := time.Unix(rapid.Int64Range(1_790_000_000, 1_800_000_000).Draw(r, "now"), 0).UTC()
		start := now.Add(time.Duration(rapid.IntRange(-3600, 14*24*3600).Draw(r, "until the session")) * time.Second)
		until, err := claim.OfferUntil(b, offering, now, start)
		if err != nil {
			return
		}
		if until.Sub(now) < time.Hour {
			t.Fatalf("offered %s, to be answered by %s", now, until)
		}
		for _, at := range []time.Time{now, until} {
			if clock := at.In(b.Location()).Format("15:04:05"); clock < "07:00:00" || clock > "21:00:00" {
				t.Fatalf("offered %s, to be answered by %s: at night", now, until)
			}
		}
		if _, err := claim.Deadline(offering, until, start); err != nil {
			t.Fatalf("offered %s for %s: answered by %s it is too late to book", now, start, until)
		}
	})
}
