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

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		n      int
		id, en string
	}{{0, "0", "0"}, {999, "999", "999"}, {1000, "1.000", "1,000"}, {16800, "16.800", "16,800"}, {1234567, "1.234.567", "1,234,567"}, {-123456, "-123.456", "-123,456"}, {-123, "-123", "-123"}} {
		if id, en := page.Number(requirement.ID, tt.n), page.Number(requirement.EN, tt.n); id != tt.id || en != tt.en {
			t.Errorf("Number(%d) = %s, %s; want %s, %s", tt.n, id, en, tt.id, tt.en)
		}
	}
	for _, tt := range []struct {
		part, whole int
		want        string
	}{{0, 0, "–"}, {0, 3, "0%"}, {1, 3, "33%"}, {2, 3, "67%"}, {1, 200, "1%"}, {3, 3, "100%"}} {
		if got := page.Percent(requirement.EN, tt.part, tt.whole); got != tt.want {
			t.Errorf("Percent(%d, %d) = %s; want %s", tt.part, tt.whole, got, tt.want)
		}
	}
	if got := page.Month(requirement.ID, "2026-08") + page.Month(requirement.EN, "2026-13"); got != "Agustus 20262026-13" {
		t.Errorf("Month = %s", got)
	}
}
