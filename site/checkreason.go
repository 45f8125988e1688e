package site

import (
	"slices"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// isCode tells whether a text is a code, as in addresses and names of form
// fields: small letters and digits, with dashes between them.
func isCode(s string) bool {
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || strings.Trim(part, small) != "" {
			return false
		}
	}
	return true
}

// checkRule checks rule i of a reason.
func checkRule(d *document, i int, set *requirement.Set) Problems {
	var ps Problems
	r := d.Rules[i]
	at := func(key, format string, args ...any) {
		ps = append(ps, d.in(way{"rules", i, key}, format, args...))
	}
	want := requirement.AskDate
	switch r.Kind {
	case requirement.MinAge, requirement.MinYears, requirement.WaitMonths:
		if r.Amount < 1 {
			at("amount", "rule %s needs an amount of at least 1", r.Kind)
		}
	case requirement.MustBe:
		want = requirement.AskYesNo
		if r.Answer != "ya" && r.Answer != "tidak" {
			at("answer", "rule must_be: answer %q: want ya or tidak", r.Answer)
		}
	case requirement.DatePast:
	default:
		at("kind", "rule kind %q: want min_age, wait_months, min_years, must_be or date_past", r.Kind)
		return ps
	}
	if r.WholeMonth && r.Kind != requirement.WaitMonths {
		at("whole_month", "whole_month is only for wait_months")
	}
	if q := set.Question(r.Question); q == nil {
		at("question", "question %q is not in data/pertanyaan.yaml", r.Question)
	} else if q.Kind != want {
		at("question", "rule %s needs a question of kind %s; %s has kind %s", r.Kind, want, q.Code, q.Kind)
	}
	if isBlank(r.Refusal.ID) || isBlank(r.Refusal.EN) {
		at("refusal", "the rule on %s needs a refusal in both languages", r.Question)
	}
	ps = append(ps, checkRefusal(d, i)...)
	if isBlank(r.Source) {
		at("source", "the rule on %s needs its source: law and article", r.Question)
	}
	return ps
}

// checkRefusal finds in the refusal of rule i what would be shown in braces,
// because nothing fills it in.
func checkRefusal(d *document, i int) Problems {
	var ps Problems
	r := d.Rules[i]
	for key, words := range map[string]string{"id": r.Refusal.ID, "en": r.Refusal.EN} {
		at := way{"rules", i, "refusal", key}
		if r.Kind == requirement.MustBe && strings.Contains(words, page.DayHere) {
			ps = append(ps, d.in(at, "%s is not filled in: a rule must_be is met on no certain day", page.DayHere))
		}
		if odd := braced(strings.ReplaceAll(words, page.DayHere, "")); odd != "" {
			ps = append(ps, d.in(at, "%s is not filled in; want %s", odd, page.DayHere))
		}
	}
	return ps
}

// braced returns the first thing in braces, or a brace alone with its word.
func braced(s string) string {
	i := strings.IndexAny(s, "{}")
	if i < 0 {
		return ""
	}
	end := strings.IndexAny(s[i:], "} \n")
	switch {
	case end < 0:
		return s[i:]
	case s[i+end] == '}':
		end++
	}
	return s[i : i+end]
}

// checkUse finds documents and questions that no reason names.
func (s *Site) checkUse(set *requirement.Set) Problems {
	used := map[string]bool{requirement.BirthDate: true}
	for _, l := range set.Company.Letters {
		used[l.Document] = true
	}
	for _, d := range s.docs {
		for _, r := range d.Rules {
			used[r.Question] = true
		}
		for _, l := range d.Lists {
			for _, it := range l.Items {
				used[it.Slot] = true
				for _, code := range slices.Concat(it.OneOf, it.When) {
					used[code] = true
				}
			}
		}
	}
	var ps Problems
	for i, x := range set.Documents {
		if !used[x.Code] {
			ps = append(ps, s.data.in("dokumen", way{i, "code"}, "document %s is in no list of any claim reason", x.Code))
		}
	}
	for i, x := range set.Questions {
		if !used[x.Code] {
			ps = append(ps, s.data.in("pertanyaan", way{i, "code"}, "question %s is asked by no claim reason", x.Code))
		}
	}
	return ps
}

// checkLists checks the document lists of a reason.
func checkLists(d *document, set *requirement.Set) Problems {
	var ps Problems
	for i := range d.Lists {
		l := &d.Lists[i]
		at := func(key, format string, args ...any) {
			ps = append(ps, d.in(way{"lists", i, key}, format, args...))
		}
		if l.Basis != requirement.Law && l.Basis != requirement.Practice {
			at("basis", "basis %q: want law or practice", l.Basis)
		}
		if isBlank(l.Source) {
			at("source", "a list needs its source")
		}
		if len(l.Items) == 0 {
			at("documents", "a list needs documents")
		}
		if _, err := requirement.ParseDate(string(l.ValidFrom)); err != nil {
			at("valid_from", wrongDate, "valid_from", l.ValidFrom)
		}
		if _, err := requirement.ParseDate(string(l.ValidTo)); err != nil && l.ValidTo != "" {
			at("valid_to", wrongDate, "valid_to", l.ValidTo)
		} else if l.ValidTo != "" && l.ValidTo < l.ValidFrom {
			at("valid_to", "valid_to %s is before valid_from %s", l.ValidTo, l.ValidFrom)
		}
		for _, o := range d.Lists[:i] {
			if o.Basis == l.Basis && overlap(&o, l) {
				at("valid_from", "two %s lists are in force at once: since %s and since %s", l.Basis, o.ValidFrom, l.ValidFrom)
			}
		}
		ps = append(ps, checkGap(d, i)...)
		ps = append(ps, checkItems(d, i, set)...)
	}
	return ps
}

// checkGap finds days between list i of the law and the one before it, on
// which nobody could claim.
func checkGap(d *document, i int) Problems {
	l := &d.Lists[i]
	if l.Basis != requirement.Law {
		return nil
	}
	var before requirement.Date
	for j := range d.Lists {
		o := &d.Lists[j]
		if _, err := requirement.ParseDate(string(o.ValidTo)); o.Basis != requirement.Law || o.ValidFrom >= l.ValidFrom || err != nil && o.ValidTo != "" {
			continue
		}
		if o.ValidTo == "" {
			return nil // they overlap, which is said elsewhere
		}
		before = max(before, o.ValidTo)
	}
	if _, err := requirement.ParseDate(string(l.ValidFrom)); err != nil || before == "" || l.ValidFrom <= before.AddDays(1) {
		return nil
	}
	return Problems{d.in(way{"lists", i, "valid_from"}, "no list of the law is in force after %s and before %s", before, l.ValidFrom)}
}

func overlap(a, b *requirement.List) bool {
	return (a.ValidTo == "" || b.ValidFrom <= a.ValidTo) && (b.ValidTo == "" || a.ValidFrom <= b.ValidTo)
}

// checkItems checks the documents of list i and fills in what an empty one_of means.
func checkItems(d *document, i int, set *requirement.Set) Problems {
	var ps Problems
	items := d.Lists[i].Items
	for j := range items {
		it := &items[j]
		at := func(key, format string, args ...any) {
			ps = append(ps, d.in(way{"lists", i, "documents", j, key}, format, args...))
		}
		if !isCode(it.Slot) {
			at("slot", "slot %q: want small letters, digits and dashes", it.Slot)
		}
		if slices.ContainsFunc(items[:j], func(o requirement.Item) bool { return o.Slot == it.Slot }) {
			at("slot", "slot %s is in the list twice", it.Slot)
		}
		if len(it.OneOf) == 0 {
			it.OneOf = []string{it.Slot}
		}
		for k, code := range it.OneOf {
			if set.Document(code) == nil {
				ps = append(ps, d.in(way{"lists", i, "documents", j, "one_of", k}, "document %q is not in data/dokumen.yaml", code))
			}
			if slices.Contains(it.OneOf[:k], code) {
				ps = append(ps, d.in(way{"lists", i, "documents", j, "one_of", k}, "document %s is given twice", code))
			}
		}
		if it.Files < 0 || it.Files > 10 {
			at("files", "files %d: want 1 to 10", it.Files)
		}
		if isBlank(it.Note.ID) != isBlank(it.Note.EN) {
			at("note", "a note needs both languages")
		}
		ps = append(ps, checkChannels(d.meta, way{"lists", i, "documents", j, "channels"}, it.Channels)...)
		ps = append(ps, checkNeed(d, way{"lists", i, "documents", j}, it, set)...)
	}
	return ps
}

func checkNeed(d *document, w way, it *requirement.Item, set *requirement.Set) Problems {
	var ps Problems
	at := func(key, format string, args ...any) {
		ps = append(ps, d.in(append(slices.Clone(w), key), format, args...))
	}
	switch it.Need {
	case requirement.Required, requirement.Advised:
		if len(it.When) > 0 {
			at("when", "slot %s has a condition but is %s; want need: conditional", it.Slot, it.Need)
		}
	case requirement.Conditional:
		if len(it.When) == 0 {
			at("need", "slot %s is conditional; say when", it.Slot)
		}
	default:
		at("need", "need %q: want required, conditional or advised", it.Need)
	}
	for _, code := range it.When {
		switch q := set.Question(code); {
		case q == nil:
			at("when", "question %q is not in data/pertanyaan.yaml", code)
		case q.Kind != requirement.AskYesNo:
			at("when", "question %s is not a yes_no question, so it is no condition", code)
		case isBlank(q.Condition.ID):
			at("when", "question %s has no condition text in data/pertanyaan.yaml", code)
		}
	}
	return ps
}
