package claim_test

import (
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// A postponed claim can be mended until the day that the officer named has
// ended in the branch's zone: to the second, over the end of the year and
// around 29 February.
func TestMendUntilMidnightInThreeZones(t *testing.T) {
	for zone, hour := range map[string]int{"WIB": 17, "WITA": 16, "WIT": 15} { // of midnight, in UTC
		b := &requirement.Branch{Zone: zone}
		for _, day := range []requirement.Date{"2026-11-30", "2026-12-31", "2027-02-28", "2028-02-28", "2028-02-29"} {
			r := claim.Registration{Status: claim.Postponed, Decision: claim.Decision{Until: day}}
			if got, want := claim.MendUntil(b, r), day.Time().Add(time.Duration(hour)*time.Hour); !got.Equal(want) {
				t.Errorf("%s: until %s is %v; want %v", zone, day, got.UTC(), want)
			}
		}
	}
}

// The horizon has as many days in a leap year, and each is a day of its own.
func TestHorizonOverLeapDay(t *testing.T) {
	for zone := range map[string]int{"WIB": 17, "WITA": 16, "WIT": 15} {
		b := &requirement.Branch{Zone: zone}
		for year, want := range map[int]requirement.Date{2027: "2027-03-01", 2028: "2028-02-29"} {
			got := claim.Dates(b, requirement.Booking{HorizonDays: 14}, time.Date(year, 2, 28, 5, 0, 0, 0, time.UTC))
			if got[0] != requirement.DateOf(time.Date(year, 2, 28, 0, 0, 0, 0, time.UTC)) || got[1] != want || len(got) != 15 {
				t.Errorf("%s, %d: %v; want %s after 28 February", zone, year, got, want)
			}
		}
	}
}
