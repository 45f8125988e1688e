package company_test

import (
	"os"
	"testing"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/site"
	"lapakasik/site/requirement"
)

const day requirement.Date = "2026-11-24"

func set(tb testing.TB) *requirement.Set {
	tb.Helper()
	s, err := site.Load(tb.Context(), os.DirFS("../../../content"), site.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return s.Set
}

var list = []company.Worker{
	{Row: 2, Reason: "phk", Person: claim.Person{NIK: "9901010101900001", Name: "Satu"}},
	{Row: 3, Reason: "phk", Person: claim.Person{NIK: "9901010101900002", Name: "Dua"}},
}

// A file's name finds the worker and the slot, or says why not.
func TestMatch(t *testing.T) {
	s := set(t)
	for _, tt := range []struct {
		name string
		want company.Match
		miss company.Miss
	}{
		{"2_ktp.jpg", company.Match{Row: 2, Slot: "ktp", Kind: "ktp"}, ""},
		{"9901010101900002_KTP.JPEG", company.Match{Row: 3, Slot: "ktp", Kind: "ktp"}, ""},
		{`C:\berkas\3_Kartu Peserta.pdf`, company.Match{Row: 3, Slot: "kartu-peserta", Kind: "kartu-peserta"}, ""},
		{"a/b/2_putusan-phi.png", company.Match{Row: 2, Slot: "bukti-phk", Kind: "putusan-phi"}, ""},
		{"2_bukti-phk.pdf", company.Match{}, company.MissDocument}, // which of five papers?
		{"4_ktp.jpg", company.Match{}, company.MissWorker},
		{"1_ktp.jpg", company.Match{}, company.MissWorker},
		{"ktp.jpg", company.Match{}, company.MissForm},
		{"2_.jpg", company.Match{}, company.MissForm},
		{"2_ktp.docx", company.Match{}, company.MissType},
		{"2_foto-diri.jpg", company.Match{}, company.MissDocument}, // only for a video interview
		{"", company.Match{}, company.MissType},
	} {
		got, miss := company.NewMatcher(s, day, list).Match(tt.name)
		if got != tt.want || miss != tt.miss {
			t.Errorf("%q = %+v, %q; want %+v, %q", tt.name, got, miss, tt.want, tt.miss)
		}
	}
	m := company.NewMatcher(s, day, list)
	place, miss := m.Match("2_ktp.jpg")
	if miss != "" {
		t.Error(miss)
	}
	if again, miss := m.Match("2_ktp.png"); again != place || miss != "" {
		t.Errorf("after a file that was not taken = %+v, %q", again, miss)
	}
	m.Take(place)
	if _, miss := m.Match("9901010101900001_ktp.png"); miss != company.MissTwice {
		t.Errorf("the same place twice = %q", miss)
	}
}

// Whatever a file is called: no panic, and a place only of a worker and slot that exist.
func FuzzMatch(f *testing.F) {
	s := set(f)
	f.Add("2_ktp.jpg")
	f.Add("../9901010101900002_kartu peserta.PDF")
	f.Fuzz(func(t *testing.T, name string) {
		got, miss := company.NewMatcher(s, day, list).Match(name)
		if (miss == "") != (got.Row == 2 || got.Row == 3) || miss == "" && list[got.Row-2].Checklist(s, day).Item(got.Slot) == nil {
			t.Errorf("%q = %+v, %q", name, got, miss)
		}
	})
}

// The rule of 30 per cent, at its edges.
func TestEnough(t *testing.T) {
	rules := requirement.Company{Percent: 30, ValidFrom: "2020-05-20", ValidTo: "2026-12-31"}
	for _, tt := range []struct {
		workers, laidOff int
		want             bool
	}{{10, 3, true}, {10, 2, false}, {1000, 299, false}, {1000, 300, true}, {3, 1, true}, {0, 0, false}, {5, 6, false}, {5, 5, true}} {
		if got := rules.Enough(tt.workers, tt.laidOff); got != tt.want {
			t.Errorf("%d of %d = %t; want %t", tt.laidOff, tt.workers, got, tt.want)
		}
	}
	for d, want := range map[requirement.Date]bool{"2020-05-19": false, "2020-05-20": true, "2026-12-31": true, "2027-01-01": false} {
		if got := rules.Offered(d); got != want {
			t.Errorf("on %s offered = %t; want %t", d, got, want)
		}
	}
}

// A day's workers take the earliest free places and none that is not free.
func TestSpread(t *testing.T) {
	sessions := []claim.Session{{Channel: requirement.Online, Time: "08:00", Places: 6, Free: 2}, {Channel: requirement.Onsite, Time: "08:00", Places: 6, Free: 6},
		{Channel: requirement.Online, Time: "09:00", Places: 6}, {Channel: requirement.Online, Time: "10:00", Places: 6, Free: 6}}
	block, left := company.Spread(day, 5, sessions)
	if left != 0 || company.Places(block) != 5 || len(block) != 2 || block[0].Places != 2 || block[1].Time != "10:00" {
		t.Errorf("block %+v, left %d", block, left)
	}
	if _, left := company.Spread(day, 9, sessions); left != 1 {
		t.Errorf("left %d; want 1", left)
	}
}
