package site

import (
	"strings"

	"lapakasik/site/requirement"
)

// checkDeciding checks the rules of decisions and their grounds.
func (s *Site) checkDeciding(d *requirement.Deciding) Problems {
	var ps Problems
	at := func(w way, format string, args ...any) { ps = append(ps, s.data.in("keputusan", w, format, args...)) }
	if d.MendDays < 1 || d.MendDaysMax < d.MendDays {
		at(way{"mend_days"}, "mend_days is %d and mend_days_max %d; want at least 1, and the second not less", d.MendDays, d.MendDaysMax)
	}
	if d.TwoPeopleAbove < 0 {
		at(way{"two_people_above"}, "two_people_above is negative")
	}
	if room := d.Interview.Room; room != "" && (!strings.HasPrefix(room, "https://") || !strings.Contains(room, "{room}")) {
		at(way{"interview", "room"}, "an interview room starts with https:// and holds {room}")
	}
	ps = append(ps, s.data.both("keputusan", way{"note"}, d.Note)...)
	seen := map[string]bool{}
	for i, r := range d.Reasons {
		w := way{"reasons", i, "code"}
		switch {
		case !isCode(r.Code):
			at(w, "code %q: want small letters, digits and dashes", r.Code)
		case seen[r.Code]:
			at(w, "code %s is given twice", r.Code)
		case !r.Refuse && !r.Postpone:
			at(w, "ground %s is of no decision; want refuse or postpone", r.Code)
		}
		seen[r.Code] = true
		ps = append(ps, s.data.both("keputusan", way{"reasons", i, "text"}, r.Text)...)
		ps = append(ps, s.data.both("keputusan", way{"reasons", i, "next"}, r.Next)...)
	}
	return ps
}
