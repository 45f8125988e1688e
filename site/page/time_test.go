package page_test

import (
	"testing"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func TestDate(t *testing.T) {
	for _, tt := range []struct {
		lang        requirement.Lang
		date        requirement.Date
		long, short string
	}{
		{requirement.ID, "2026-11-24", "Selasa, 24 November 2026", "24 November 2026"},
		{requirement.EN, "2026-11-24", "Tuesday, 24 November 2026", "24 November 2026"},
		{requirement.ID, "2028-02-29", "Selasa, 29 Februari 2028", "29 Februari 2028"},
		{requirement.EN, "2027-08-01", "Sunday, 1 August 2027", "1 August 2027"},
		{requirement.ID, "2026-11-29", "Minggu, 29 November 2026", "29 November 2026"},
		{requirement.ID, "2026-02-30", "2026-02-30", "2026-02-30"},
		{requirement.ID, "", "", ""},
	} {
		if got := page.Date(tt.lang, tt.date); got != tt.long {
			t.Errorf("Date(%q, %q) = %q; want %q", tt.lang, tt.date, got, tt.long)
		}
		if got := page.ShortDate(tt.lang, tt.date); got != tt.short {
			t.Errorf("ShortDate(%q, %q) = %q; want %q", tt.lang, tt.date, got, tt.short)
		}
	}
}

func TestClock(t *testing.T) {
	for _, tt := range []struct {
		lang              requirement.Lang
		clock, zone, want string
	}{
		{requirement.ID, "08:00", "WIB", "08.00 WIB"},
		{requirement.EN, "08:00", "WITA", "08:00 WITA"},
		{requirement.ID, "23:59", "", "23.59"},
	} {
		if got := page.Clock(tt.lang, tt.clock, tt.zone); got != tt.want {
			t.Errorf("Clock(%q, %q, %q) = %q; want %q", tt.lang, tt.clock, tt.zone, got, tt.want)
		}
	}
}
