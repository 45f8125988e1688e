package site

import (
	"slices"
	"strings"
	"time"

	"lapakasik/site/requirement"
)

// checkData checks the shared lists: codes once, both languages, dates, times, zones.
func (s *Site) checkData(set *requirement.Set) Problems {
	return slices.Concat(s.checkPapers(set), s.checkQuestions(set), s.checkConsents(set), s.checkDays(set), s.checkBranches(set), s.checkBooking(set), s.checkResults(set), s.checkDeciding(&set.Deciding))
}

// once checks that the codes of a data file are codes and each given once.
func once[T any](d *data, file string, list []T, code func(*T) string) Problems {
	var ps Problems
	seen := map[string]bool{}
	for i := range list {
		c := code(&list[i])
		if !isCode(c) {
			ps = append(ps, d.in(file, way{i, "code"}, "code %q: want small letters, digits and dashes", c))
		}
		if seen[c] {
			ps = append(ps, d.in(file, way{i, "code"}, "code %s is given twice", c))
		}
		seen[c] = true
	}
	return ps
}

// both checks that a text that must be there has both languages.
func (d *data) both(file string, w way, t requirement.Text) Problems {
	if isBlank(t.ID) || isBlank(t.EN) {
		return Problems{d.in(file, w, "%s needs both languages: {id: …, en: …}", w[len(w)-1])}
	}
	return nil
}

func (s *Site) checkPapers(set *requirement.Set) Problems {
	ps := once(&s.data, "dokumen", set.Documents, func(d *requirement.Document) string { return d.Code })
	for i, d := range set.Documents {
		ps = append(ps, s.data.both("dokumen", way{i, "title"}, d.Title)...)
		ps = append(ps, s.data.both("dokumen", way{i, "help"}, d.Help)...)
	}
	return ps
}

func (s *Site) checkQuestions(set *requirement.Set) Problems {
	ps := once(&s.data, "pertanyaan", set.Questions, func(q *requirement.Question) string { return q.Code })
	for i, q := range set.Questions {
		ps = append(ps, s.data.both("pertanyaan", way{i, "label"}, q.Label)...)
		for key, t := range map[string]requirement.Text{"hint": q.Hint, "condition": q.Condition} {
			if t != (requirement.Text{}) {
				ps = append(ps, s.data.both("pertanyaan", way{i, key}, t)...)
			}
		}
		if q.Kind != requirement.AskDate && q.Kind != requirement.AskYesNo {
			ps = append(ps, s.data.in("pertanyaan", way{i, "kind"}, "kind %q: want date or yes_no", q.Kind))
		}
	}
	if q := set.Question(requirement.BirthDate); q == nil || q.Kind != requirement.AskDate {
		ps = append(ps, s.data.in("pertanyaan", nil, "question %s of kind date is missing; every form asks it", requirement.BirthDate))
	}
	return ps
}

func (s *Site) checkConsents(set *requirement.Set) Problems {
	ps := once(&s.data, "persetujuan", set.Consents, func(c *requirement.Consent) string { return c.Code })
	if len(set.Consents) == 0 {
		ps = append(ps, s.data.in("persetujuan", nil, "the consents are missing; nobody can register without them"))
	}
	for i, c := range set.Consents {
		ps = append(ps, s.data.both("persetujuan", way{i, "text"}, c.Text)...)
		ps = append(ps, checkChannels(s.data.files["persetujuan"], way{i, "channels"}, c.Channels)...)
		if isBlank(c.Source) {
			ps = append(ps, s.data.in("persetujuan", way{i, "source"}, "a consent needs its source: law and article"))
		}
	}
	return ps
}

func (s *Site) checkDays(set *requirement.Set) Problems {
	var ps Problems
	if len(set.Holidays) == 0 {
		ps = append(ps, s.data.in("libur", nil, "the holidays are missing; offices would open on them"))
	}
	for i, h := range set.Holidays {
		ps = append(ps, s.data.both("libur", way{i, "name"}, h.Name)...)
		if _, err := requirement.ParseDate(string(h.Date)); err != nil {
			ps = append(ps, s.data.in("libur", way{i, "date"}, wrongDate, "date", h.Date))
		}
		if slices.ContainsFunc(set.Holidays[:i], func(o requirement.Holiday) bool { return o.Date == h.Date }) {
			ps = append(ps, s.data.in("libur", way{i, "date"}, "holiday %s is given twice", h.Date))
		}
		if isBlank(h.Source) {
			ps = append(ps, s.data.in("libur", way{i, "source"}, "a holiday needs its source"))
		}
	}
	return ps
}

func (s *Site) checkBranches(set *requirement.Set) Problems {
	ps := once(&s.data, "kantor", set.Branches, func(b *requirement.Branch) string { return b.Code })
	for i, b := range set.Branches {
		at := func(key, format string, args ...any) {
			ps = append(ps, s.data.in("kantor", way{i, key}, format, args...))
		}
		if isBlank(b.Name) || isBlank(b.City) || isBlank(b.Province) {
			at("name", "a branch needs name, city and province")
		}
		if b.Zone != "WIB" && b.Zone != "WITA" && b.Zone != "WIT" {
			at("zone", "zone %q: want WIB, WITA or WIT", b.Zone)
		}
		if isBlank(b.Source) {
			at("source", "a branch needs its source")
		}
		ps = append(ps, checkDesks(s.data.files["kantor"], way{i, "desks"}, b.Desks)...)
		for j, c := range b.Closures {
			_, from := requirement.ParseDate(string(c.From))
			_, to := requirement.ParseDate(string(c.To))
			switch {
			case from != nil:
				ps = append(ps, s.data.in("kantor", way{i, "closures", j, "from"}, wrongDate, "from", c.From))
			case to != nil:
				ps = append(ps, s.data.in("kantor", way{i, "closures", j, "to"}, wrongDate, "to", c.To))
			case c.To < c.From:
				ps = append(ps, s.data.in("kantor", way{i, "closures", j, "to"}, "the closure ends before it begins"))
			}
			ps = append(ps, s.data.both("kantor", way{i, "closures", j, "reason"}, c.Reason)...)
		}
	}
	return ps
}

func (s *Site) checkBooking(set *requirement.Set) Problems {
	ps := checkDesks(s.data.files["jadwal"], way{"desks"}, s.data.timetable.Desks)
	if s.data.timetable.Assumed {
		ps = append(ps, s.data.both("jadwal", way{"note"}, s.data.timetable.Note)...)
	}
	b := s.data.booking
	for _, n := range []struct {
		key       string
		got, from int
	}{{"horizon_days", b.HorizonDays, 1}, {"draft_hours", b.DraftHours, 1}, {"cutoff_hours", b.CutoffHours, 0}} {
		if n.got < n.from {
			ps = append(ps, s.data.in("antrean", way{n.key}, "%s is %d; want at least %d", n.key, n.got, n.from))
		}
	}
	return slices.Concat(ps, s.checkOpening(set), s.checkReopening(), s.checkOffers(b.Offers), s.checkDoors(b.Doors), s.checkDevice(), s.checkServices())
}

const (
	mostPerSecond = 500 // let in at one branch: what its keys of the store take
	longestDoor   = 240 // minutes
)

func (s *Site) checkDoors(doors []requirement.Door) (ps Problems) {
	seen := map[string]bool{}
	for i, d := range doors {
		at := func(key, format string, args ...any) {
			ps = append(ps, s.data.in("antrean", way{"doors", i, key}, format, args...))
		}
		known := slices.ContainsFunc(s.data.branches, func(b requirement.Branch) bool { return b.Code == d.Branch && b.Bookable })
		if !known || seen[d.Branch] {
			at("branch", "%q is no branch that can be booked, or has a door already", d.Branch)
		}
		seen[d.Branch] = true
		if !isClock(d.Opens) {
			at("opens", "%q is no time; write it as 08:00", d.Opens)
		}
		for _, n := range []struct {
			key           string
			got, from, to int
		}{{"gather_minutes", d.GatherMinutes, 0, longestDoor}, {"stands_minutes", d.StandsMinutes, 1, longestDoor}, {"per_second", d.PerSecond, 0, mostPerSecond}} {
			if n.got < n.from || n.got > n.to {
				at(n.key, "%s is %d; want %d to %d", n.key, n.got, n.from, n.to)
			}
		}
	}
	return ps
}

// checkReopening checks the times at which places open again: people are told
// them, so there is at least one, and each comes after the one before.
func (s *Site) checkReopening() Problems {
	times := s.data.booking.ReopenAt
	if len(times) == 0 {
		return Problems{s.data.in("antrean", way{"reopen_at"}, "reopen_at names no time")}
	}
	var ps Problems
	for i, clock := range times {
		if !isClock(clock) || i > 0 && clock <= times[i-1] {
			ps = append(ps, s.data.in("antrean", way{"reopen_at", i}, "time %q: want times like 08:00, in order", clock))
		}
	}
	return ps
}

// checkOffers checks how places are offered to who waits. Without the key there
// are no wait lists.
func (s *Site) checkOffers(o requirement.Offers) (ps Problems) {
	if o == (requirement.Offers{}) {
		return nil
	}
	at := func(key, format string, args ...any) {
		ps = append(ps, s.data.in("antrean", way{"offers", key}, format, args...))
	}
	for _, n := range []struct {
		key           string
		got, from, to int
	}{{"hours", o.Hours, 1, 24}, {"most", o.Most, 0, 10}} {
		if n.got < n.from || n.got > n.to {
			at(n.key, "%s is %d; want %d to %d", n.key, n.got, n.from, n.to)
		}
	}
	for _, c := range []struct{ key, clock string }{{"from", o.From}, {"to", o.To}} {
		if !isClock(c.clock) {
			at(c.key, "%q is no time; write it as 08:00", c.clock)
		}
	}
	if isClock(o.From) && isClock(o.To) && o.To <= o.From {
		at("to", "the day of offers ends at %s, not after %s", o.To, o.From)
	}
	return ps
}

func (s *Site) checkDevice() Problems {
	d := s.data.device
	ps := s.data.both("perangkat", way{"note"}, d.Note)
	if d.MinKbps < 1 {
		ps = append(ps, s.data.in("perangkat", way{"min_kbps"}, "%s is %d; want at least %d", "min_kbps", d.MinKbps, 1))
	}
	if !strings.HasPrefix(d.Source, "https://") {
		ps = append(ps, s.data.in("perangkat", way{"source"}, "source %q: want an https address", d.Source))
	}
	return ps
}

func checkDesks(t text, w way, desks map[requirement.Channel]requirement.Desk) Problems {
	var ps Problems
	for c, d := range desks {
		at := append(slices.Clone(w), string(c))
		if c != requirement.Online && c != requirement.Onsite {
			ps = append(ps, t.in(at, "channel %q: want online or onsite", c))
		}
		if key, problem := deskProblem(d); problem != "" {
			ps = append(ps, t.in(append(at, key...), "desk %s: %s", c, problem))
		}
	}
	return ps
}

// deskProblem says what is wrong with a desk and where in it, or "".
func deskProblem(d requirement.Desk) (way, phrase) {
	switch {
	case !isClock(d.Open):
		return way{"open"}, clocks
	case !clockOrder(d.Open, d.Close):
		return way{"close"}, clocks
	case d.Places < 1 || d.Places > 6:
		return way{"places"}, "places for each officer must be 1 to 6"
	case d.Officers < 0:
		return way{"officers"}, "officers must be at least 0"
	case d.Minutes < 5 || d.Minutes > 480:
		return way{"minutes"}, "minutes of a session must be 5 to 480"
	case len(d.Days) == 0 || slices.ContainsFunc(d.Days, isNoDay):
		return way{"days"}, "days must be 1 (Monday) to 7 (Sunday)"
	}
	for i, b := range d.Breaks {
		if !clockOrder(b.From, b.To) || slices.ContainsFunc(b.Days, isNoDay) {
			return way{"breaks", i}, "a break must have times like 12:00, in order, and days 1 to 7"
		}
	}
	return nil, ""
}

const clocks phrase = "open and close must be times like 08:00, in this order"

func isNoDay(n int) bool { return n < 1 || n > 7 }

func clockOrder(from, to string) bool { return isClock(from) && isClock(to) && from < to }

func isClock(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == 5
}
