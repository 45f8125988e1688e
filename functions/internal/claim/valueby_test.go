package claim_test

import (
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// A value is awaited for as long as every winner would have the whole time for
// the documents before the day, at least for a day, and never into the day.
func TestValueBy(t *testing.T) {
	b := &requirement.Branch{Zone: "WITA"}
	at := func(d requirement.Date, clock string) time.Time {
		m, err := b.At(d, clock)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, tt := range []struct {
		confirm int
		opens   string
		closes  time.Time
		want    time.Time
	}{
		{24, "08:00", at("2026-12-01", "20:00"), at("2026-12-05", "08:00")},
		{24, "00:00", at("2026-12-01", "20:00"), at("2026-12-06", "00:00")},
		{1, "08:00", at("2026-12-01", "20:00"), at("2026-12-06", "08:00")},
		{30, "08:00", at("2026-12-01", "20:00"), at("2026-12-05", "08:00")},
		{48, "08:00", at("2026-12-01", "20:00"), at("2026-12-04", "08:00")},
		{240, "08:00", at("2026-12-01", "20:00"), at("2026-12-07", "00:00")},
		{24, "08:00", at("2026-12-06", "20:00"), at("2026-12-07", "00:00")},
	} {
		d := claim.Draw{Date: "2026-12-07", Closes: tt.closes}
		if got, err := d.ValueBy(b, requirement.Opening{Opens: tt.opens, ConfirmHours: tt.confirm}); err != nil || !got.Equal(tt.want) {
			t.Errorf("%d hours, %s, closed %s: %s, %v; want %s", tt.confirm, tt.opens, tt.closes, got, err, tt.want)
		}
	}
}
