package site

import (
	"maps"
	"slices"

	"lapakasik/site/requirement"
)

// checkOpening looks at the rules by which places are opened.
func (s *Site) checkOpening(set *requirement.Set) Problems {
	o, at := s.data.booking.Opening, way{"opening"}
	ps := s.data.both("antrean", append(at, "source"), o.Source)
	for _, m := range slices.Sorted(maps.Keys(o.Branches)) {
		if set.Branch(m) == nil {
			ps = append(ps, s.data.in("antrean", append(at, "branches", m), "branch %q is not in kantor.yaml", m))
		}
		ps = append(ps, s.checkMode(append(at, "branches", m), o.Branches[m])...)
	}
	ps = append(ps, s.checkMode(append(at, "mode"), o.Mode)...)
	horizon := s.data.booking.HorizonDays
	if horizon < 1 { // which is a problem of its own
		horizon = o.OpensDays
	}
	for _, n := range []struct {
		key           string
		got, from, to int
	}{{"opens_days", o.OpensDays, 1, horizon}, {"closes_days", o.ClosesDays, 1, o.OpensDays}, {"commit_hours", o.CommitHours, 1, 240},
		{"confirm_hours", o.ConfirmHours, 1, 240}, {"pace", o.Pace, 1, 200}, {"wishes", o.Wishes, 1, requirement.MaxWishes}} {
		if n.got < n.from || n.got > n.to {
			ps = append(ps, s.data.in("antrean", append(at, n.key), "%s is %d; want %d to %d", n.key, n.got, n.from, n.to))
		}
	}
	for _, c := range []struct{ key, clock string }{{"opens", o.Opens}, {"closes", o.Closes}} {
		if !isClock(c.clock) {
			ps = append(ps, s.data.in("antrean", append(at, c.key), "%s %q: want a time such as \"08:00\"", c.key, c.clock))
		}
	}
	if o.OpensDays == o.ClosesDays && isClock(o.Opens) && isClock(o.Closes) && o.Closes <= o.Opens {
		ps = append(ps, s.data.in("antrean", append(at, "closes"), "the window closes at %s of the day on which it opens at %s", o.Closes, o.Opens))
	}
	return ps
}

func (s *Site) checkMode(w way, m requirement.Mode) Problems {
	if m == requirement.FirstCome || m == requirement.Ballot {
		return nil
	}
	return Problems{s.data.in("antrean", w, "mode %q: want first-come or ballot", m)}
}
