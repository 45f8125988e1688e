package claim_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func drawCode(t *rapid.T) string {
	seed := rapid.SliceOfN(rapid.Byte(), 10, 10).Draw(t, "bits")
	return claim.NewCode(func(n int) []byte {
		b := append([]byte(nil), seed...)
		b[9] += byte(n)
		return b
	})
}

func TestCodeFindsTypingMistakes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := drawCode(t)
		typed := " " + strings.ToLower(claim.FormatCode(code)) + " "
		if got, err := claim.ParseCode(typed); err != nil || got != code {
			t.Fatalf("ParseCode(%q) = %q, %v; want %q", typed, got, err, code)
		}
		i, j := rapid.IntRange(0, 16).Draw(t, "i"), rapid.IntRange(0, 16).Draw(t, "j")
		other := crockford[rapid.IntRange(0, 31).Draw(t, "other")]
		wrong := []byte(code)
		wrong[i] = other
		if _, err := claim.ParseCode(string(wrong)); (err == nil) != (other == code[i]) {
			t.Fatalf("ParseCode(%q), character %d of %q changed, = %v", wrong, i, code, err)
		}
		swapped := []byte(code)
		swapped[i], swapped[j] = swapped[j], swapped[i]
		if _, err := claim.ParseCode(string(swapped)); (err == nil) != (code[i] == code[j]) {
			t.Fatalf("ParseCode(%q), %d and %d of %q swapped, = %v", swapped, i, j, code, err)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"", "ABCD-EFGH-JKMN-PQRST", "0000000000000000O", "😀", strings.Repeat("0", 18)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := claim.ParseCode(typed)
		if err != nil {
			return
		}
		if again, err := claim.ParseCode(claim.FormatCode(code)); err != nil || again != code {
			t.Errorf("ParseCode(FormatCode(%q)) = %q, %v", code, again, err)
		}
	})
}

func TestParseNIK(t *testing.T) {
	for _, tt := range []struct {
		typed, want string
		ok          bool
	}{
		{"9901010101900001", "9901010101900001", true},
		{"99 0101 4101.90-0001", "9901014101900001", true}, // a woman, day + 40
		{"9901017201900001", "9901017201900001", false},    // day 32 of a woman
		{"9901013201900001", "9901013201900001", false},
		{"9901014001900001", "9901014001900001", false}, // day 40
		{"9901010013900001", "9901010013900001", false},
		{"9901010101900000", "9901010101900000", false}, // serial from 0001
		{"990101010190001", "990101010190001", false},
		{"99010101019000010", "99010101019000010", false},
		{"99010101o1900001", "99010101o1900001", false},
		{"", "", false},
	} {
		if got, ok := claim.ParseNIK(tt.typed); got != tt.want || ok != tt.ok {
			t.Errorf("ParseNIK(%q) = %q, %t; want %q, %t", tt.typed, got, ok, tt.want, tt.ok)
		}
	}
}

func TestNIKMatches(t *testing.T) {
	for _, tt := range []struct {
		nik   string
		birth requirement.Date
		want  bool
	}{
		{"9901010203900001", "1990-03-02", true},
		{"9901014203900001", "1990-03-02", true},
		{"9901010203900001", "1890-03-02", true}, // the century is not in the NIK
		{"9901010203900001", "1990-03-03", false},
		{"9901010203900001", "1990-04-02", false},
		{"9901010203900001", "1991-03-02", false},
		{"", "1990-03-02", false},
		{"9901010203900001", "", false},
	} {
		if got := claim.NIKMatches(tt.nik, tt.birth); got != tt.want {
			t.Errorf("NIKMatches(%q, %q) = %t; want %t", tt.nik, tt.birth, got, tt.want)
		}
	}
}

func TestParseContact(t *testing.T) {
	type parser func(string) (string, bool)
	for _, tt := range []struct {
		name        string
		parse       parser
		typed, want string
		ok          bool
	}{
		{"phone 08", claim.ParsePhone, "0812-3456 7890", "+6281234567890", true},
		{"phone +62", claim.ParsePhone, "+62 812 3456 7890", "+6281234567890", true},
		{"phone 62", claim.ParsePhone, "6281234567890", "+6281234567890", true},
		{"land line", claim.ParsePhone, "0721 123456", "0721123456", false},
		{"080 is no mobile prefix", claim.ParsePhone, "08012345678", "08012345678", false},
		{"phone too short", claim.ParsePhone, "0812345", "0812345", false},
		{"KPJ", claim.ParseKPJ, "99 0000 00001", "99000000001", true},
		{"KPJ too short", claim.ParseKPJ, "9900000001", "9900000001", false},
		{"KPJ with a letter", claim.ParseKPJ, "9900000000A", "9900000000A", false},
		{"e-mail", claim.ParseEmail, " budi@contoh.id ", "budi@contoh.id", true},
		{"e-mail with a name", claim.ParseEmail, "Budi <budi@contoh.id>", "Budi <budi@contoh.id>", false},
		{"e-mail without a dot", claim.ParseEmail, "budi@contoh", "budi@contoh", false},
		{"account", claim.ParseAccount, "123-456-7890", "1234567890", true},
		{"account too short", claim.ParseAccount, "1234", "1234", false},
		{"name", claim.ParseName, "  Ni  Made  Ayu-Citra, S.H. ", "Ni Made Ayu-Citra, S.H.", true},
		{"name of one letter", claim.ParseName, "O", "O", true},
		{"name with markup", claim.ParseName, "<b>Budi</b>", "<b>Budi</b>", false},
		{"name of dots", claim.ParseName, "...", "...", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := tt.parse(tt.typed); got != tt.want || ok != tt.ok {
				t.Errorf("parse(%q) = %q, %t; want %q, %t", tt.typed, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func FuzzIdentity(f *testing.F) {
	f.Add("9901010101900001")
	f.Add("+62 812 3456 7890")
	f.Add("budi@contoh.id")
	f.Fuzz(func(t *testing.T, typed string) {
		for name, parse := range map[string]func(string) (string, bool){
			"NIK": claim.ParseNIK, "KPJ": claim.ParseKPJ, "phone": claim.ParsePhone,
			"email": claim.ParseEmail, "account": claim.ParseAccount, "name": claim.ParseName,
		} {
			v, ok := parse(typed)
			if !ok {
				continue
			}
			if again, ok := parse(v); !ok || again != v {
				t.Errorf("%s: parse(%q) = %q, parsed again %q, %t", name, typed, v, again, ok)
			}
		}
	})
}

func testBranch() *requirement.Branch {
	return &requirement.Branch{Code: "uji", Zone: "WIT", Bookable: true, Desks: map[requirement.Channel]requirement.Desk{
		requirement.Online: {Officers: 2, Places: 6, Open: "08:00", Close: "15:00", Minutes: 30, Days: []int{1, 2, 3, 4, 5},
			Breaks: []requirement.Break{{From: "12:00", To: "13:00", Days: []int{1, 2, 3, 4}}, {From: "11:30", To: "13:00", Days: []int{5}}}},
		requirement.Onsite: {Officers: 1, Places: 1, Open: "08:00", Close: "12:00", Minutes: 60, Days: []int{1, 2, 3, 4, 5, 6}},
	}}
}

func TestPlan(t *testing.T) {
	holidays := []requirement.Holiday{{Date: "2026-12-25"}}
	for _, tt := range []struct {
		name   string
		date   requirement.Date
		change func(*requirement.Branch)
		online int // places
		onsite int
	}{
		{"Monday", "2026-11-23", nil, 12 * 12, 4},
		{"Friday has a longer break", "2026-11-27", nil, 12 * 11, 4},
		{"Saturday: onsite only", "2026-11-28", nil, 0, 4},
		{"Sunday", "2026-11-29", nil, 0, 0},
		{"holiday", "2026-12-25", nil, 0, 0},
		{"closed", "2026-11-24", func(b *requirement.Branch) {
			b.Closures = []requirement.Closure{{From: "2026-11-24", To: "2026-11-25"}}
		}, 0, 0},
		{"the day after a closure", "2026-11-26", func(b *requirement.Branch) {
			b.Closures = []requirement.Closure{{From: "2026-11-24", To: "2026-11-25"}}
		}, 12 * 12, 4},
		{"not bookable", "2026-11-23", func(b *requirement.Branch) { b.Bookable = false }, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := testBranch()
			if tt.change != nil {
				tt.change(b)
			}
			got := map[requirement.Channel]int{}
			for _, s := range claim.Plan(b, tt.date, holidays).Sessions {
				got[s.Channel] += s.Places
			}
			if got[requirement.Online] != tt.online || got[requirement.Onsite] != tt.onsite {
				t.Errorf("Plan(%s) = %v places; want online %d, onsite %d", tt.date, got, tt.online, tt.onsite)
			}
		})
	}
}

// Sessions lie inside opening hours, outside breaks, and do not overlap.
func TestPlanSessionsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := func(label string) string {
			return time.Date(2000, 1, 1, 0, rapid.IntRange(0, 1439).Draw(t, label), 0, 0, time.UTC).Format("15:04")
		}
		desk := requirement.Desk{Officers: 1, Places: rapid.IntRange(1, 6).Draw(t, "places"), Open: clock("open"), Close: clock("close"),
			Minutes: rapid.IntRange(5, 180).Draw(t, "minutes"), Days: []int{1, 2, 3, 4, 5, 6, 7},
			Breaks: []requirement.Break{{From: clock("from"), To: clock("to")}}}
		b := &requirement.Branch{Bookable: true, Desks: map[requirement.Channel]requirement.Desk{requirement.Online: desk}}
		last := ""
		for _, s := range claim.Plan(b, "2026-11-23", nil).Sessions {
			start, _ := time.Parse("15:04", s.Time)
			end := start.Add(time.Duration(desk.Minutes) * time.Minute).Format("15:04")
			inBreak := s.Time < desk.Breaks[0].To && desk.Breaks[0].From < end
			if s.Time < desk.Open || end > desk.Close || s.Time < last || inBreak || s.Places != desk.Places {
				t.Fatalf("session %s to %s (%d places) of %+v", s.Time, end, s.Places, desk)
			}
			last = end
		}
	})
}

func TestDeadline(t *testing.T) {
	rules := requirement.Booking{HorizonDays: 14, DraftHours: 24, CutoffHours: 2}
	start := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		before time.Duration
		want   time.Duration // before start
		err    error
	}{
		{"two days ahead: 24 hours", 48 * time.Hour, 24 * time.Hour, nil},
		{"tomorrow: until the cutoff", 20 * time.Hour, 2 * time.Hour, nil},
		{"three hours ahead: an hour is left", 3 * time.Hour, 2 * time.Hour, nil},
		{"a second too late", 3*time.Hour - time.Second, 0, claim.ErrClosed},
		{"started", -time.Minute, 0, claim.ErrClosed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := claim.Deadline(rules, start.Add(-tt.before), start)
			if !errors.Is(err, tt.err) || err == nil && start.Sub(got) != tt.want {
				t.Errorf("Deadline = %v before the session, %v; want %v, %v", start.Sub(got), err, tt.want, tt.err)
			}
		})
	}
}

// Midnight is the branch's: 23.30 in Jakarta is the next day in Jayapura.
func TestDatesInTheBranchsZone(t *testing.T) {
	now := time.Date(2026, 11, 24, 16, 30, 0, 0, time.UTC)
	for zone, want := range map[string]requirement.Date{"WIB": "2026-11-24", "WITA": "2026-11-25", "WIT": "2026-11-25"} {
		b := &requirement.Branch{Zone: zone}
		if got := claim.Dates(b, requirement.Booking{HorizonDays: 14}, now); got[0] != want || len(got) != 15 {
			t.Errorf("Dates(%s)[0] = %s of %d; want %s of 15", zone, got[0], len(got), want)
		}
	}
}

// Around midnight of each of the three zones the days on offer change at the
// second, and not two seconds before.
func TestMidnightInThreeZones(t *testing.T) {
	for zone, hour := range map[string]int{"WIB": 17, "WITA": 16, "WIT": 15} { // of midnight, in UTC
		midnight := time.Date(2026, 12, 31, hour, 0, 0, 0, time.UTC)
		b := &requirement.Branch{Zone: zone}
		for after, want := range map[time.Duration]requirement.Date{-2 * time.Second: "2026-12-31", -time.Nanosecond: "2026-12-31", 0: "2027-01-01", 2 * time.Second: "2027-01-01"} {
			got := claim.Dates(b, requirement.Booking{HorizonDays: 1}, midnight.Add(after))
			if len(got) != 2 || got[0] != want || got[1] != want.AddDays(1) {
				t.Errorf("%s, %v after midnight: %v; want from %s", zone, after, got, want)
			}
		}
	}
}

func TestFlagsNeverRefuse(t *testing.T) {
	p := claim.Person{NIK: "9901010203900001", BirthDate: "1990-03-02", Name: "Budi Santoso", Holder: "BUDI  SANTOSO"}
	if got := claim.FlagsOf(p); len(got) != 0 {
		t.Errorf("FlagsOf(agreeing) = %v; want none", got)
	}
	p.BirthDate, p.Holder = "1991-03-02", "Siti"
	if got := claim.FlagsOf(p); len(got) != 2 {
		t.Errorf("FlagsOf(disagreeing) = %v; want both flags", got)
	}
}

// The room of an interview is nobody's to guess, is another one at another
// place, and is not there for who is called by telephone or comes in person.
func TestRoom(t *testing.T) {
	rules := requirement.Interview{Room: "https://video.example/{room}"}
	digest := func(purpose, value string) (string, error) {
		sum := sha256.Sum256([]byte("secret" + purpose + value))
		return hex.EncodeToString(sum[:16]), nil
	}
	r := claim.Registration{ID: "1", Place: claim.Place{Branch: "uji", Channel: requirement.Online, Date: "2026-11-25", Time: "08:00", Seat: 1}}
	room, err := claim.Room(r, rules, digest)
	if err != nil || !regexp.MustCompile(`^https://video\.example/[0-9A-HJKMNP-TV-Z]{26}$`).MatchString(room) {
		t.Fatalf("room %q, %v", room, err)
	}
	if again, _ := claim.Room(r, rules, digest); again != room {
		t.Error("another room for the same place")
	}
	moved, phone, onsite := r, r, r
	moved.Place.Time, phone.Phone, onsite.Place.Channel = "08:30", true, requirement.Onsite
	if other, _ := claim.Room(moved, rules, digest); other == room || other == "" {
		t.Errorf("after a move the room is %q", other)
	}
	for name, x := range map[string]claim.Registration{"telephone": phone, "onsite": onsite} {
		if got, _ := claim.Room(x, rules, digest); got != "" {
			t.Errorf("%s has the room %q", name, got)
		}
	}
	if got, _ := claim.Room(r, requirement.Interview{}, digest); got != "" {
		t.Errorf("without a provider: %q", got)
	}
}
