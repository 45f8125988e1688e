package site

import "lapakasik/site/requirement"

// checkCompany checks the rules of collective claims; percent 0 offers none.
// unsure: a page of a claim reason is broken, so one that is not found may be there.
func (s *Site) checkCompany(set *requirement.Set, unsure bool) Problems {
	c := &set.Company
	if c.Percent == 0 {
		return nil
	}
	var ps Problems
	at := func(w way, format string, args ...any) { ps = append(ps, s.data.in("kolektif", w, format, args...)) }
	for _, n := range []struct {
		key     string
		got, to int
	}{{"percent", c.Percent, 100}, {"max_workers", c.MaxWorkers, 5000}, {"open_days", c.OpenDays, 90}, {"horizon_days", c.HorizonDays, 90}, {"consent_days", c.ConsentDays, 90}} {
		if n.got < 1 || n.got > n.to {
			at(way{n.key}, "%s is %d; want 1 to %d", n.key, n.got, n.to)
		}
	}
	for key, d := range map[string]requirement.Date{"valid_from": c.ValidFrom, "valid_to": c.ValidTo} {
		if _, err := requirement.ParseDate(string(d)); err != nil && (d != "" || key == "valid_from") {
			at(way{key}, wrongDate, key, d)
		}
	}
	if isBlank(c.Source) {
		at(way{"source"}, "a rule needs its source: law and article")
	}
	ps = append(ps, s.data.both("kolektif", way{"note"}, c.Note)...)
	for i, l := range c.Letters {
		if set.Document(l.Document) == nil {
			at(way{"letters", i, "document"}, "document %q is not in data/dokumen.yaml", l.Document)
		}
	}
	for i, code := range c.Reasons {
		if r := set.Reason(code); !unsure && (r == nil || len(r.Channels) == 0 || r.Applicant != requirement.Member) {
			at(way{"reasons", i}, "claim reason %q: want one that a member can claim for here", code)
		}
	}
	seen := map[string]bool{}
	for i, r := range c.Returns {
		if !isCode(r.Code) {
			at(way{"returns", i, "code"}, "code %q: want small letters, digits and dashes", r.Code)
		}
		if seen[r.Code] {
			at(way{"returns", i, "code"}, "code %s is given twice", r.Code)
		}
		seen[r.Code] = true
		ps = append(ps, s.data.both("kolektif", way{"returns", i, "text"}, r.Text)...)
	}
	return ps
}
