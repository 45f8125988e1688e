package requirement

import "slices"

// Answers holds a person's answers by question code: a Date, "ya" or "tidak".
type Answers map[string]string

// Verdict is the outcome of the eligibility questions.
type Verdict struct {
	Eligible bool
	Rule     *Rule // the first rule that is not met
	From     Date  // the day from which that rule is met; "" if waiting does not help
}

// Decide applies the reason's rules to the answers on a day. Answers must be
// complete (see Set.QuestionsFor); a missing or malformed one fails its rule.
// Where several rules are not yet met, the latest day counts.
func (r *Reason) Decide(a Answers, today Date) Verdict {
	var later Verdict
	for i := range r.Rules {
		rule := &r.Rules[i]
		from, ok := rule.metFrom(a)
		switch {
		case !ok:
			return Verdict{Rule: rule}
		case from > today && from > later.From:
			later = Verdict{Rule: rule, From: from}
		}
	}
	if later.Rule != nil {
		return later
	}
	return Verdict{Eligible: true}
}

// metFrom returns the day from which the rule is met; false: never.
func (r *Rule) metFrom(a Answers) (Date, bool) {
	answer := a[r.Question]
	if r.Kind == MustBe {
		return "", answer == r.Answer
	}
	d, err := ParseDate(answer)
	if err != nil {
		return "", false
	}
	switch r.Kind {
	case MinAge, MinYears:
		return d.AddMonths(12 * r.Amount), true
	case WaitMonths:
		if r.WholeMonth {
			d = d.AddMonths(1)[:8] + "01"
		}
		return d.AddMonths(r.Amount), true
	case DatePast:
		return d, true
	}
	return "", false
}

// QuestionsFor returns what the form of the reason asks on a day: the birth
// date, then what the rules read, then what decides on conditional documents.
func (s *Set) QuestionsFor(r *Reason, on Date) []Question {
	var out []Question
	seen := map[string]bool{}
	add := func(code string) {
		if q := s.Question(code); q != nil && !seen[code] {
			seen[code] = true
			out = append(out, *q)
		}
	}
	add(BirthDate)
	for _, rule := range r.Rules {
		add(rule.Question)
	}
	for _, l := range r.Lists {
		for _, it := range l.Items {
			if l.inForce(on) && l.Basis == Law {
				for _, w := range it.When {
					add(w)
				}
			}
		}
	}
	return out
}

func (l *List) inForce(on Date) bool {
	return l.ValidFrom <= on && (l.ValidTo == "" || on <= l.ValidTo)
}

// Checklist is what one claim needs, each slot once.
type Checklist []Item

// Checklist returns the items of the lists in force on a day for a channel:
// from the law what is required with these answers, from all lists the rest
// as Advised.
func (r *Reason) Checklist(a Answers, c Channel, on Date) Checklist {
	var out Checklist
	seen := map[string]bool{}
	for _, basis := range []Basis{Law, Practice} {
		for _, l := range r.Lists {
			if l.Basis != basis || !l.inForce(on) {
				continue
			}
			for _, it := range l.Items {
				if seen[it.Slot] || !it.applies(c) {
					continue
				}
				seen[it.Slot] = true
				it.Need = it.needFor(l.Basis, a)
				out = append(out, it)
			}
		}
	}
	return out
}

func (it *Item) applies(c Channel) bool {
	return len(it.Channels) == 0 || slices.Contains(it.Channels, c)
}

func (it *Item) needFor(b Basis, a Answers) Need {
	if b != Law || it.Need == Advised {
		return Advised
	}
	if it.Need == Required {
		return Required
	}
	for _, w := range it.When {
		if a[w] == "ya" {
			return Required
		}
	}
	return Advised
}

// Item returns the item of a slot, or nil.
func (c Checklist) Item(slot string) *Item {
	for i := range c {
		if c[i].Slot == slot {
			return &c[i]
		}
	}
	return nil
}

// Missing returns the slots that are required and not passed.
func (c Checklist) Missing(passed func(slot string) bool) []string {
	var out []string
	for _, it := range c {
		if it.Need == Required && !passed(it.Slot) {
			out = append(out, it.Slot)
		}
	}
	return out
}
