package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"lapakasik/site/requirement"
)

// programmes of which a page may speak: old age (JHT), death (JKM), and those
// that other services handle: accident, pension, lost job.
var programmes = []string{"JHT", "JKM", "JKK", "JP", "JKP"}

// assemble builds the requirement set from reasons and data, and checks that
// everything that names something names something that exists.
func (s *Site) assemble() (*requirement.Set, Problems) {
	set := &requirement.Set{Documents: s.data.documents, Questions: s.data.questions, Branches: s.data.branches,
		Holidays: s.data.holidays, Booking: s.data.booking, Consents: s.data.consents, Device: s.data.device, Deciding: s.data.deciding, Company: s.data.company, Results: s.data.results, Survey: s.data.survey}
	ps := append(s.checkData(set), s.checkSectionList()...)
	ps = append(ps, s.checkTerms()...)
	ps = append(ps, s.checkPlain()...)
	unsure := slices.ContainsFunc(s.docs, func(d *document) bool { return d.broken || d.lostKind() })
	for _, d := range s.reasons() {
		r, found := s.reason(d, set)
		unsure = unsure || len(found) > 0
		if s.published(d) {
			set.Reasons = append(set.Reasons, r)
		}
		ps = append(ps, found...)
	}
	ps = append(ps, s.checkCompany(set, unsure)...)
	if !unsure { // else what seems unused may be what is misspelt there
		ps = append(ps, s.checkUse(set)...)
	}
	for i := range set.Consents {
		c := &set.Consents[i]
		sum := sha256.Sum256([]byte(c.Text.ID + "\x00" + c.Text.EN))
		c.Version = hex.EncodeToString(sum[:6])
	}
	for i := range set.Branches {
		if b := &set.Branches[i]; len(b.Desks) == 0 {
			b.Desks = maps.Clone(s.data.timetable.Desks)
			s.assumed[b.Code] = s.data.timetable.Assumed
		}
	}
	if err := set.Seal(); err != nil {
		ps = append(ps, wholeFile("data", "the requirement set cannot be made: %v", err))
	}
	return set, ps
}

// reasons are the Indonesian reason pages in their order.
func (s *Site) reasons() []*document {
	var out []*document
	for _, d := range s.docs {
		if d.Kind == kindReason && d.lang == requirement.ID && !d.broken {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *document) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.name, b.name))
	})
	return out
}

// reason turns a page's front matter into a reason of the set.
func (s *Site) reason(d *document, set *requirement.Set) (requirement.Reason, Problems) {
	r := requirement.Reason{Code: d.code(), Programme: d.Programme, Channels: d.Channels, Applicant: d.Applicant,
		Rules: d.Rules, Lists: d.Lists, Title: requirement.Text{ID: d.Title}, Situation: requirement.Text{ID: d.Situation}}
	ps := s.checkReason(d)
	if en := s.doc(requirement.EN, d.path); en != nil && !en.broken {
		r.Title.EN, r.Situation.EN = en.Title, en.Situation
		if isBlank(en.Situation) {
			ps = append(ps, en.in(way{"situation"}, "situation is missing"))
		}
	}
	for i := range r.Rules {
		ps = append(ps, checkRule(d, i, set)...)
	}
	ps = append(ps, checkLists(d, set)...)
	return r, append(ps, s.checkForce(d)...)
}

// checkReason checks what a reason's front matter says besides rules and lists.
func (s *Site) checkReason(d *document) Problems {
	var ps Problems
	at := func(w way, format string, args ...any) { ps = append(ps, d.in(w, format, args...)) }
	if d.path != "/klaim/"+d.code()+"/" {
		at(way{"kind"}, "a page of kind reason must be in the folder klaim/")
	}
	if isBlank(d.Situation) {
		at(way{"situation"}, "situation is missing")
	}
	if !slices.Contains(programmes, d.Programme) {
		at(way{"programme"}, "programme %q: want JHT, JKM, JKK, JP or JKP", d.Programme)
	}
	switch d.Applicant {
	case requirement.Member, requirement.Heir:
	case "":
		at(way{"applicant"}, "applicant is missing: who claims, the member or the heirs")
	default:
		at(way{"applicant"}, "applicant %q: want member or heir", d.Applicant)
	}
	ps = append(ps, checkChannels(d.meta, way{"channels"}, d.Channels)...)
	if len(d.Channels) == 0 && len(d.Lists)+len(d.Rules) > 0 {
		at(way{"channels"}, "a reason without channels only guides; it has no rules and no lists")
	}
	if len(d.Channels) > 0 && !slices.ContainsFunc(d.Lists, func(l requirement.List) bool { return l.Basis == requirement.Law }) {
		at(way{"lists"}, "a reason that can be claimed needs a list with basis: law")
	}
	return ps
}

func checkChannels(t text, w way, list []requirement.Channel) Problems {
	var ps Problems
	for i, c := range list {
		at := append(slices.Clone(w), i)
		if c != requirement.Online && c != requirement.Onsite && (c != requirement.Collective || t.file != "data/persetujuan.yaml") {
			ps = append(ps, t.in(at, "channel %q: want online or onsite", c))
		}
		if slices.Contains(list[:i], c) {
			ps = append(ps, t.in(at, "channel %s is given twice", c))
		}
	}
	return ps
}
