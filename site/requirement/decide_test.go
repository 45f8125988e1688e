package requirement_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lapakasik/site/requirement"
)

func TestAddMonths(t *testing.T) {
	for _, tt := range []struct {
		from requirement.Date
		n    int
		want requirement.Date
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"}, // leap year
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-03-31", -1, "2026-02-28"},
		{"1970-02-28", 12 * 56, "2026-02-28"},
		{"1972-02-29", 12 * 56, "2028-02-29"},
		{"1970-11-30", 12 * 56, "2026-11-30"},
	} {
		if got := tt.from.AddMonths(tt.n); got != tt.want {
			t.Errorf("%s.AddMonths(%d) = %s; want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

func TestWeekday(t *testing.T) {
	for d, want := range map[requirement.Date]int{"2026-11-23": 1, "2026-11-29": 7} {
		if got := d.Weekday(); got != want {
			t.Errorf("%s.Weekday() = %d; want %d", d, got, want)
		}
	}
}

func TestDecide(t *testing.T) {
	wait := requirement.Rule{Kind: requirement.WaitMonths, Question: "surat", Amount: 1}
	whole := requirement.Rule{Kind: requirement.WaitMonths, Question: "surat", Amount: 1, WholeMonth: true}
	age := requirement.Rule{Kind: requirement.MinAge, Question: requirement.BirthDate, Amount: 56}
	once := requirement.Rule{Kind: requirement.MustBe, Question: "pernah", Answer: "tidak"}
	member := requirement.Rule{Kind: requirement.MinYears, Question: "mulai", Amount: 10}
	past := requirement.Rule{Kind: requirement.DatePast, Question: "surat"}
	for _, tt := range []struct {
		name    string
		rules   []requirement.Rule
		answers requirement.Answers
		from    requirement.Date
		ok      bool
		failed  string
	}{
		{"a month has passed today", []requirement.Rule{wait}, requirement.Answers{"surat": "2026-10-24"}, "", true, ""},
		{"a month has passed tomorrow", []requirement.Rule{wait}, requirement.Answers{"surat": "2026-10-25"}, "2026-11-25", false, "surat"},
		{"whole calendar month", []requirement.Rule{whole}, requirement.Answers{"surat": "2026-10-24"}, "2026-12-01", false, "surat"},
		{"56 today", []requirement.Rule{age}, requirement.Answers{requirement.BirthDate: "1970-11-24"}, "", true, ""},
		{"56 tomorrow", []requirement.Rule{age}, requirement.Answers{requirement.BirthDate: "1970-11-25"}, "2026-11-25", false, requirement.BirthDate},
		{"already taken a part", []requirement.Rule{once}, requirement.Answers{"pernah": "ya"}, "", false, "pernah"},
		{"the latest of two days counts", []requirement.Rule{wait, member}, requirement.Answers{"surat": "2026-11-01", "mulai": "2017-05-01"}, "2027-05-01", false, "mulai"},
		{"never outweighs not yet", []requirement.Rule{wait, once}, requirement.Answers{"surat": "2026-11-01", "pernah": "ya"}, "", false, "pernah"},
		{"a future end", []requirement.Rule{past}, requirement.Answers{"surat": "2026-12-01"}, "2026-12-01", false, "surat"},
		{"no answer fails its rule", []requirement.Rule{wait}, requirement.Answers{}, "", false, "surat"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := requirement.Reason{Rules: tt.rules}
			v := r.Decide(tt.answers, "2026-11-24")
			failed := ""
			if v.Rule != nil {
				failed = v.Rule.Question
			}
			if v.Eligible != tt.ok || v.From != tt.from || failed != tt.failed {
				t.Errorf("Decide(%v) = %t from %q by %q; want %t from %q by %q", tt.answers, v.Eligible, v.From, failed, tt.ok, tt.from, tt.failed)
			}
		})
	}
}

// A verdict's day is the first on which the same answers are enough.
func TestDecideDayIsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(label string) string {
			return string(requirement.Date("1990-01-01").AddDays(rapid.IntRange(0, 15000).Draw(t, label)))
		}
		r := requirement.Reason{Rules: []requirement.Rule{
			{Kind: requirement.WaitMonths, Question: "a", Amount: rapid.IntRange(1, 13).Draw(t, "months"), WholeMonth: rapid.Bool().Draw(t, "whole")},
			{Kind: requirement.MinYears, Question: "b", Amount: rapid.IntRange(1, 10).Draw(t, "years")},
		}}
		answers := requirement.Answers{"a": day("a"), "b": day("b")}
		v := r.Decide(answers, requirement.Date(day("today")))
		if v.Eligible {
			return
		}
		if !r.Decide(answers, v.From).Eligible || r.Decide(answers, v.From.AddDays(-1)).Eligible {
			t.Fatalf("%v: %s is not the first day", answers, v.From)
		}
	})
}

func TestChecklist(t *testing.T) {
	r := requirement.Reason{Lists: []requirement.List{
		{Basis: requirement.Practice, ValidFrom: "2020-03-23", Items: []requirement.Item{
			{Slot: "kk", Need: requirement.Advised}, {Slot: "ktp", Need: requirement.Advised}}},
		{Basis: requirement.Law, ValidFrom: "2022-04-26", Items: []requirement.Item{
			{Slot: "ktp", Need: requirement.Required},
			{Slot: "npwp", Need: requirement.Conditional, When: []string{"saldo", "sebagian"}},
			{Slot: "foto", Need: requirement.Required, Channels: []requirement.Channel{requirement.Online}}}},
		{Basis: requirement.Law, ValidFrom: "2019-01-01", ValidTo: "2022-04-25", Items: []requirement.Item{
			{Slot: "formulir", Need: requirement.Required}}},
	}}
	for _, tt := range []struct {
		name     string
		answers  requirement.Answers
		channel  requirement.Channel
		on       requirement.Date
		required []string
		all      []string
	}{
		{"online", requirement.Answers{"saldo": "tidak"}, requirement.Online, "2026-11-24", []string{"ktp", "foto"}, []string{"ktp", "npwp", "foto", "kk"}},
		{"onsite needs no portrait", nil, requirement.Onsite, "2026-11-24", []string{"ktp"}, []string{"ktp", "npwp", "kk"}},
		{"any condition is enough", requirement.Answers{"saldo": "tidak", "sebagian": "ya"}, requirement.Onsite, "2026-11-24", []string{"ktp", "npwp"}, []string{"ktp", "npwp", "kk"}},
		{"the last day of the old law", nil, requirement.Online, "2022-04-25", []string{"formulir"}, []string{"formulir", "kk", "ktp"}},
		{"the first day of the new law", nil, requirement.Onsite, "2022-04-26", []string{"ktp"}, []string{"ktp", "npwp", "kk"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := r.Checklist(tt.answers, tt.channel, tt.on)
			var all []string
			for _, it := range list {
				all = append(all, it.Slot)
			}
			missing := list.Missing(func(string) bool { return false })
			if !slices.Equal(missing, tt.required) || !slices.Equal(all, tt.all) {
				t.Errorf("Checklist = %v, missing %v; want %v, missing %v", all, missing, tt.all, tt.required)
			}
			if rest := list.Missing(func(string) bool { return true }); len(rest) != 0 {
				t.Errorf("Missing with everything passed = %v; want none", rest)
			}
		})
	}
}

func TestReadRefusesAChangedSet(t *testing.T) {
	s := requirement.Set{Documents: []requirement.Document{{Code: "ktp"}}}
	if err := s.Seal(); err != nil {
		t.Fatal(err)
	}
	good := `{"version":"` + s.Version + `","reasons":null,"documents":[{"code":"ktp","title":{"id":"","en":""},"help":{"id":"","en":""}}],"questions":null,"branches":null,"holidays":null,"booking":{"horizon_days":0,"draft_hours":0,"cutoff_hours":0},"consents":null}`
	if _, err := requirement.Read([]byte(good)); err != nil {
		t.Fatalf("Read(good) = %v; want nil", err)
	}
	for _, bad := range []string{"", "{", `{"version":"0"}`, good[:len(good)-1] + `,"reasons":[{"code":"x"}]}`} {
		if _, err := requirement.Read([]byte(bad)); err == nil {
			t.Errorf("Read(%.40q) = nil; want an error", bad)
		}
	}
}
