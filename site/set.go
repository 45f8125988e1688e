package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"lapakasik/site/requirement"
)

// assemble builds the requirement set from reasons and data, and checks that
// everything that names something names something that exists.
func (s *Site) assemble() (*requirement.Set, Problems) {
	set := &requirement.Set{Documents: s.data.documents, Questions: s.data.questions, Branches: s.data.branches,
		Holidays: s.data.holidays, Booking: s.data.booking, Consents: s.data.consents}
	ps := s.checkData(set)
	for _, d := range s.reasons() {
		r, found := s.reason(d, set)
		set.Reasons = append(set.Reasons, r)
		ps = append(ps, found...)
	}
	for i := range set.Consents {
		c := &set.Consents[i]
		sum := sha256.Sum256([]byte(c.Text.ID + "\x00" + c.Text.EN))
		c.Version = hex.EncodeToString(sum[:6])
	}
	for i := range set.Branches {
		if len(set.Branches[i].Desks) == 0 {
			set.Branches[i].Desks = s.data.timetable.Desks
		}
	}
	if err := set.Seal(); err != nil {
		ps = append(ps, Problem{File: "data", Message: err.Error()})
	}
	return set, ps
}

// reasons are the Indonesian reason pages in their order.
func (s *Site) reasons() []*document {
	var out []*document
	for _, d := range s.docs {
		if d.Kind == kindReason && d.lang == requirement.ID {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b *document) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.name, b.name))
	})
	return out
}

func (s *Site) reason(d *document, set *requirement.Set) (requirement.Reason, Problems) {
	r := requirement.Reason{Code: d.code(), Programme: d.Programme, Channels: d.Channels, Applicant: d.Applicant, Rules: d.Rules, Lists: d.Lists,
		Title: requirement.Text{ID: d.Title}, Situation: requirement.Text{ID: d.Situation}}
	if r.Applicant == "" {
		r.Applicant = requirement.Member
	}
	var ps Problems
	if en := s.doc(requirement.EN, d.path); en != nil {
		r.Title.EN, r.Situation.EN = en.Title, en.Situation
		if en.Situation == "" {
			ps = append(ps, en.meta.at(1, 0, "situation is missing"))
		}
	}
	if d.Situation == "" {
		ps = append(ps, d.meta.at(1, 0, "situation is missing"))
	}
	if !slices.Contains([]string{"JHT", "JKM", "JKK", "JP", "JKP"}, d.Programme) {
		ps = append(ps, d.meta.find("programme", "programme %q: want JHT, JKM, JKK, JP or JKP", d.Programme))
	}
	for _, c := range d.Channels {
		if c != requirement.Online && c != requirement.Onsite {
			ps = append(ps, d.meta.find(string(c), "channel %q: want online or onsite", c))
		}
	}
	if len(d.Channels) > 0 && !slices.ContainsFunc(d.Lists, func(l requirement.List) bool { return l.Basis == requirement.Law }) {
		ps = append(ps, d.meta.at(1, 0, "a reason that can be claimed needs a list with basis: law"))
	}
	for i := range r.Rules {
		ps = append(ps, checkRule(d, &r.Rules[i], set)...)
	}
	ps = append(ps, checkLists(d, r.Lists, set)...)
	return r, ps
}

func checkRule(d *document, r *requirement.Rule, set *requirement.Set) Problems {
	var ps Problems
	bad := func(format string, args ...any) { ps = append(ps, d.meta.find(r.Question, format, args...)) }
	q := set.Question(r.Question)
	want := requirement.AskDate
	switch r.Kind {
	case requirement.MinAge, requirement.MinYears, requirement.WaitMonths:
		if r.Amount < 1 {
			bad("rule %s needs an amount", r.Kind)
		}
	case requirement.MustBe:
		want = requirement.AskYesNo
		if r.Answer != "ya" && r.Answer != "tidak" {
			bad("rule must_be needs answer: ya or tidak, in quotes where YAML could read them otherwise")
		}
	case requirement.DatePast:
	default:
		bad("unknown rule kind %q", r.Kind)
	}
	switch {
	case q == nil:
		bad("question %q is not in data/pertanyaan.yaml", r.Question)
	case q.Kind != want:
		bad("rule %s needs a question of kind %s; %s is %s", r.Kind, want, q.Code, q.Kind)
	}
	if r.Refusal.ID == "" || r.Refusal.EN == "" {
		bad("rule on %s needs a refusal in both languages", r.Question)
	}
	if r.Source == "" {
		bad("rule on %s needs a source", r.Question)
	}
	return ps
}

func checkLists(d *document, lists []requirement.List, set *requirement.Set) Problems {
	var ps Problems
	for i := range lists {
		l := &lists[i]
		at := func(words, format string, args ...any) { ps = append(ps, d.meta.find(words, format, args...)) }
		if l.Basis != requirement.Law && l.Basis != requirement.Practice {
			at("basis", "list basis %q: want law or practice", l.Basis)
		}
		if l.Source == "" {
			at("lists", "a list needs a source")
		}
		for _, date := range []requirement.Date{l.ValidFrom, l.ValidTo} {
			if _, err := requirement.ParseDate(string(date)); err != nil && (date != "" || date == l.ValidFrom) {
				at("valid_", "list: %v", err)
			}
		}
		if l.ValidTo != "" && l.ValidTo < l.ValidFrom {
			at(string(l.ValidTo), "valid_to %s is before valid_from %s", l.ValidTo, l.ValidFrom)
		}
		for j := range lists[:i] {
			if o := &lists[j]; o.Basis == l.Basis && overlap(o, l) {
				at(string(l.ValidFrom), "two %s lists are in force at once (from %s and from %s)", l.Basis, o.ValidFrom, l.ValidFrom)
			}
		}
		ps = append(ps, checkItems(d, l, set)...)
	}
	return ps
}

func overlap(a, b *requirement.List) bool {
	return (a.ValidTo == "" || b.ValidFrom <= a.ValidTo) && (b.ValidTo == "" || a.ValidFrom <= b.ValidTo)
}

func checkItems(d *document, l *requirement.List, set *requirement.Set) Problems {
	var ps Problems
	seen := map[string]bool{}
	for i := range l.Items {
		it := &l.Items[i]
		at := func(format string, args ...any) { ps = append(ps, d.meta.find(it.Slot, format, args...)) }
		if it.Slot == "" || strings.Trim(it.Slot, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			at("slot %q: want small letters, digits and dashes", it.Slot)
		}
		if seen[it.Slot] {
			at("slot %s is in the list twice", it.Slot)
		}
		seen[it.Slot] = true
		if len(it.OneOf) == 0 {
			it.OneOf = []string{it.Slot}
		}
		for _, code := range it.OneOf {
			if set.Document(code) == nil {
				at("document %q is not in data/dokumen.yaml", code)
			}
		}
		ps = append(ps, checkNeed(d, it, set)...)
	}
	return ps
}

func checkNeed(d *document, it *requirement.Item, set *requirement.Set) Problems {
	var ps Problems
	at := func(format string, args ...any) { ps = append(ps, d.meta.find(it.Slot, format, args...)) }
	switch it.Need {
	case requirement.Required, requirement.Advised:
		if len(it.When) > 0 {
			at("slot %s has a condition but is %s; want need: conditional", it.Slot, it.Need)
		}
	case requirement.Conditional:
		if len(it.When) == 0 {
			at("slot %s is conditional without when", it.Slot)
		}
	default:
		at("slot %s: need %q: want required, conditional or advised", it.Slot, it.Need)
	}
	for _, w := range it.When {
		if q := set.Question(w); q == nil || q.Kind != requirement.AskYesNo || q.Condition.ID == "" {
			at("condition %q of slot %s is not a yes/no question with a condition text in data/pertanyaan.yaml", w, it.Slot)
		}
	}
	return ps
}

// checkData checks the shared lists: codes once, both languages, dates, times, zones.
func (s *Site) checkData(set *requirement.Set) Problems {
	var ps Problems
	at := func(file, words, format string, args ...any) {
		ps = append(ps, s.data.files[file].find(words, format, args...))
	}
	seen := map[string]bool{}
	once := func(file, code string) {
		if code == "" || seen[file+code] {
			at(file, code, "code %q is empty or given twice", code)
		}
		seen[file+code] = true
	}
	both := func(file, code string, texts ...requirement.Text) {
		for _, t := range texts {
			if t.ID == "" || t.EN == "" {
				at(file, code, "%s needs its texts in both languages", code)
			}
		}
	}
	for _, d := range set.Documents {
		once("dokumen", d.Code)
		both("dokumen", d.Code, d.Title, d.Help)
	}
	for _, q := range set.Questions {
		once("pertanyaan", q.Code)
		both("pertanyaan", q.Code, q.Label)
		if q.Kind != requirement.AskDate && q.Kind != requirement.AskYesNo {
			at("pertanyaan", q.Code, "question %s: kind %q: want date or yes_no", q.Code, q.Kind)
		}
	}
	for _, c := range set.Consents {
		once("persetujuan", c.Code)
		both("persetujuan", c.Code, c.Text)
	}
	for _, h := range set.Holidays {
		both("libur", string(h.Date), h.Name)
		if _, err := requirement.ParseDate(string(h.Date)); err != nil {
			at("libur", string(h.Date), "%v", err)
		}
	}
	for _, b := range set.Branches {
		once("kantor", b.Code)
		if b.Name == "" || b.Zone != "WIB" && b.Zone != "WITA" && b.Zone != "WIT" {
			at("kantor", b.Code, "branch %s needs a name and zone WIB, WITA or WIT", b.Code)
		}
		for _, desk := range b.Desks {
			if problem := deskProblem(desk); problem != "" {
				at("kantor", b.Code, "branch %s: %s", b.Code, problem)
			}
		}
	}
	for _, desk := range s.data.timetable.Desks {
		if problem := deskProblem(desk); problem != "" {
			at("jadwal", "desks", "%s", problem)
		}
	}
	if b := set.Booking; b.HorizonDays < 1 || b.DraftHours < 1 || b.CutoffHours < 0 {
		at("antrean", "", "horizon_days and draft_hours must be at least 1, cutoff_hours at least 0")
	}
	return ps
}

func deskProblem(d requirement.Desk) string {
	for _, clock := range []string{d.Open, d.Close} {
		if _, err := time.Parse("15:04", clock); err != nil {
			return "open and close must be times like 08:00"
		}
	}
	for _, b := range d.Breaks {
		_, from := time.Parse("15:04", b.From)
		_, to := time.Parse("15:04", b.To)
		if from != nil || to != nil {
			return "breaks must be times like 12:00"
		}
	}
	switch {
	case d.Places < 1 || d.Places > 6:
		return "places per officer must be 1 to 6"
	case d.Officers < 0 || d.Minutes < 5 || d.Minutes > 480:
		return "officers must be at least 0, minutes 5 to 480"
	}
	return ""
}
