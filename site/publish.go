package site

import (
	"cmp"
	"slices"
	"time"

	"lapakasik/site/requirement"
)

// defaultReview is after how many days a page is read against its sources
// again when it does not say.
const defaultReview = 180

// endingSoon is how many days before its end a list without a follower is pointed out.
const endingSoon = 60

// Today is the day at a moment for Options: the day in Jakarta (WIB).
func Today(now time.Time) requirement.Date {
	return requirement.DateOf(now.In(time.FixedZone("WIB", 7*60*60)))
}

// published tells whether a document is on the site: no draft, on or after
// its publish day, before its expires day. A translation follows the original.
// With Options.Drafts everything is, with Options.Today empty no day counts.
func (s *Site) published(d *document) bool {
	o := s.original(d)
	today := s.options.Today
	switch {
	case s.options.Drafts, o.broken: // whether that one is published is not known, and no link to it wrong
		return true
	case o.Draft:
		return false
	case today == "":
		return true
	}
	return (o.Publish == "" || o.Publish <= today) && (o.Expires == "" || today < o.Expires)
}

// unpublished tells whether a document is shown only because drafts are.
func (s *Site) unpublished(d *document) bool {
	if !s.options.Drafts {
		return false
	}
	public := &Site{byPath: s.byPath, options: Options{Today: s.options.Today}}
	return !public.published(d)
}

// shown are the documents that are published, in order of their names.
func (s *Site) shown() []*document {
	return slices.DeleteFunc(slices.Clone(s.docs), func(d *document) bool { return !s.published(d) })
}

// checkDays checks the days of publication in a front matter.
func (d *document) checkDays() Problems {
	var ps Problems
	for key, day := range map[string]requirement.Date{"publish": d.Publish, "expires": d.Expires} {
		if _, err := requirement.ParseDate(string(day)); day != "" && err != nil {
			ps = append(ps, d.in(way{key}, wrongDate, key, day))
		}
	}
	if len(ps) == 0 && d.Publish != "" && d.Expires != "" && d.Expires <= d.Publish {
		ps = append(ps, d.in(way{"expires"}, "expires %s is not after publish %s", d.Expires, d.Publish))
	}
	return ps
}

// checkForce checks that each reason that can be claimed has a list of the law
// in force today, and points out one that ends soon and has no follower.
func (s *Site) checkForce(d *document) Problems {
	today := s.options.Today
	if today == "" || len(d.Channels) == 0 || !s.published(d) {
		return nil
	}
	var last *requirement.List
	at, inForce := 0, false
	for i := range d.Lists {
		l := &d.Lists[i]
		if l.Basis != requirement.Law {
			continue
		}
		inForce = inForce || l.ValidFrom <= today && (l.ValidTo == "" || today <= l.ValidTo)
		if last == nil || last.ValidTo != "" && (l.ValidTo == "" || l.ValidTo > last.ValidTo) {
			last, at = l, i
		}
	}
	switch {
	case last == nil:
		return nil // said already
	case !inForce:
		return Problems{d.in(way{"lists", at, "valid_to"}, "no list of documents is in force on %s", today)}
	case last.ValidTo != "" && last.ValidTo < today.AddDays(endingSoon):
		return Problems{advise(d.in(way{"lists", at, "valid_to"}, "this list ends on %s and none follows", last.ValidTo))}
	}
	return nil
}

// advise makes a problem a piece of advice, which stops no build.
func advise(p Problem) Problem {
	p.Warning = true
	return p
}

// A Review is a page that somebody must read against its sources again.
type Review struct {
	File     string // "klaim/phk.md"
	Title    string
	Reviewed requirement.Date
	Due      requirement.Date
}

// Reviews are all pages in the order in which their reviews are due.
func (s *Site) Reviews() []Review {
	var out []Review
	for _, d := range s.docs {
		if d.lang == requirement.ID && !d.broken {
			out = append(out, Review{d.name, d.Title, d.Reviewed, d.due()})
		}
	}
	slices.SortFunc(out, func(a, b Review) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.File, b.File)) })
	return out
}

// due is the day by which a page must be read again.
func (d *document) due() requirement.Date {
	return d.Reviewed.AddDays(cmp.Or(d.ReviewEvery, defaultReview))
}

// checkReview points out a page whose review is overdue.
func (s *Site) checkReview(d *document) Problems {
	if due := d.due(); s.options.Today != "" && due < s.options.Today && s.published(d) {
		return Problems{advise(d.in(way{"reviewed"}, "this page should have been reviewed by %s", due))}
	}
	return nil
}

// checkFuture finds days of what has happened that are still to come. A page
// that is published later may tell the change of that day.
func (s *Site) checkFuture(d *document) Problems {
	today := s.options.Today
	if today == "" {
		return nil
	}
	var ps Problems
	if d.Reviewed > today {
		ps = append(ps, d.in(way{"reviewed"}, "reviewed %s is a day to come; today is %s", d.Reviewed, today))
	}
	for i, c := range d.Changes {
		if c.Date > max(today, d.Publish) {
			ps = append(ps, d.in(way{"changes", i, "date"}, "the change of %s is of a day to come; today is %s", c.Date, today))
		}
	}
	return ps
}
