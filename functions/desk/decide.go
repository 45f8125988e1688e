package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// choices are what the form of a decision offers, by the value it sends.
var choices = map[string]claim.Action{"setuju": claim.ActApprove, "tolak": claim.ActRefuse, "tunda": claim.ActPostpone,
	"setujui": claim.ActApprove, "kembalikan": claim.ActReturn}

// decision is the form of what can be decided now, by this person.
func (f *file) decision() []page.Block {
	title := page.Heading{Level: 2, ID: "putusan", Text: f.T("meja.putusan")}
	version := page.Field{Kind: page.Hidden, Name: "versi", Value: f.in.Get("versi")}
	if version.Value == "" {
		version.Value = strconv.Itoa(f.reg.Version)
	}
	switch {
	case f.reg.Status == claim.Proposed:
		return []page.Block{title, page.Text{Text: f.T("meja.putusan.usul", "jumlah", page.Number(f.Lang, int(f.reg.Decision.Sum)))},
			&page.Form{Action: f.at("/putusan"), Fields: []page.Field{version}, Buttons: []page.Submit{
				{Text: f.T("meja.putusan.setujui"), Name: "keputusan", Value: "setujui"}, {Text: f.T("meja.putusan.kembalikan"), Name: "keputusan", Value: "kembalikan", Secondary: true}}}}
	case f.reg.Status == claim.Postponed:
		return []page.Block{title, page.Text{Text: f.T("meja.putusan.menunggu", "tanggal", page.ShortDate(f.Lang, f.reg.Decision.Until))},
			&page.Form{Action: f.at("/lanjutkan"), Fields: []page.Field{version}, Buttons: []page.Submit{{Text: f.T("meja.putusan.lanjutkan"), Secondary: true}}}}
	case (f.reg.Status == claim.Approved || f.reg.Status == claim.Refused) && f.Person.Is(staff.Supervisor):
		return []page.Block{title, &page.Form{Action: f.at("/buka-lagi"), Errors: f.mistakes("alasan-buka"), Buttons: []page.Submit{{Text: f.T("meja.putusan.buka-lagi"), Danger: true}},
			Fields: []page.Field{version, {Kind: page.Select, Name: "alasan-buka", Label: f.T("meja.putusan.alasan-buka"), Options: f.grounds("alasan-buka")}}}}
	case f.reg.Status == claim.Submitted && f.reg.Call.Mine(f.by.Officer):
		return []page.Block{title, f.decisionForm(version)}
	}
	return nil
}

func (f *file) decisionForm(version page.Field) page.Block {
	chosen := f.in.Get("keputusan")
	option := func(v string) page.Option {
		return page.Option{Value: v, Label: f.T("meja.putusan." + v), Hint: f.T("meja.putusan." + v + ".petunjuk"), Checked: chosen == v}
	}
	until, _ := f.in.Date("batas")
	if until == "" {
		until = today(f.branch, f.Now()).AddDays(f.rules.MendDays)
	}
	var mend []page.Option
	for _, slot := range f.slots() {
		mend = append(mend, page.Option{Value: slot, Label: f.title(slot), Checked: slices.Contains(f.in["perbaiki"], slot)})
	}
	return &page.Form{Action: f.at("/putusan"), Errors: f.mistakes("keputusan", "jumlah", "alasan", "perbaiki", "batas"),
		Buttons: []page.Submit{{Text: f.T("meja.putusan.simpan")}}, Fields: []page.Field{version,
			{Kind: page.Radios, Name: "keputusan", Label: f.T("meja.putusan.pilih"), Options: []page.Option{option("setuju"), option("tolak"), option("tunda")}},
			{Kind: page.Digits, Name: "jumlah", Label: f.T("meja.putusan.jumlah"), Hint: f.T("meja.putusan.jumlah.petunjuk", "batas", page.Number(f.Lang, int(f.rules.TwoPeopleAbove))), Value: f.in.Get("jumlah"), Width: 20, Autocomplete: "off"},
			{Kind: page.Boxes, Name: "alasan", Label: f.T("meja.putusan.alasan"), Options: f.grounds("alasan")},
			{Kind: page.Boxes, Name: "perbaiki", Label: f.T("meja.putusan.perbaiki"), Options: mend},
			{Kind: page.DateInput, Name: "batas", Label: f.T("meja.putusan.batas"), Value: string(until)}}}
}

// slots are those of the claim's checklist.
func (f *file) slots() []string {
	var out []string
	for _, it := range claim.ChecklistOf(f.set, f.reg) {
		out = append(out, it.Slot)
	}
	return out
}

func (f *file) grounds(field string) []page.Option {
	var out []page.Option
	for _, g := range f.rules.Reasons {
		var of []string
		if g.Refuse {
			of = append(of, f.T("meja.putusan.tolak"))
		}
		if g.Postpone {
			of = append(of, f.T("meja.putusan.tunda"))
		}
		out = append(out, page.Option{Value: g.Code, Label: g.Text.In(f.Lang), Hint: strings.Join(of, ", "), Checked: slices.Contains(f.in[field], g.Code)})
	}
	return out
}

// decide takes the form of a decision. What is missing or does not fit goes
// back to the officer with what was typed.
func (s *Service) decide(c *guard.Call) error {
	in, err := c.Input("versi", "keputusan", "jumlah", "alasan", "perbaiki", "batas")
	if err != nil {
		return err
	}
	by, r, err := s.see(c)
	if err != nil {
		return err
	}
	set, b, err := s.branch(c.Call, c.Branch)
	if err != nil {
		return err
	}
	version, err := versionOf(in)
	if err != nil {
		return err
	}
	if r, err = s.Store.ByID(c.Context(), r.ID); err != nil {
		return err
	}
	own, err := s.Sets.Version(c.Context(), r.SetVersion)
	if err != nil {
		return fmt.Errorf("requirement set of the registration: %w", err)
	}
	d, m := read(c, in, r, &set.Deciding, today(b, c.Now()))
	if list := claim.ChecklistOf(own, r); slices.ContainsFunc(d.Mend, func(slot string) bool { return list.Item(slot) == nil }) {
		m.Add("perbaiki", c.T("meja.salah.perbaiki"))
	}
	if len(m) == 0 {
		_, err = s.Store.Decide(c.Context(), by, r.ID, version, d, &set.Deciding)
		if err == nil {
			return c.Redirect("/meja/" + c.Branch)
		}
		if !errors.Is(err, claim.ErrNoReason) {
			return err
		}
		m.Add("alasan", c.T("meja.salah.alasan"))
	}
	return s.open(c, by, r.ID, "claim", http.StatusUnprocessableEntity, in, m)
}

func versionOf(in web.Input) (int, error) {
	v, err := strconv.Atoi(in.Get("versi"))
	if err != nil || v < 1 {
		return 0, web.Bad{Code: "isian-rusak", Detail: "versi"}
	}
	return v, nil
}

// read makes a decision of what was typed.
func read(c *guard.Call, in web.Input, r claim.Registration, rules *requirement.Deciding, now requirement.Date) (claim.Decision, web.Mistakes) {
	var m web.Mistakes
	action, ok := choices[in.Get("keputusan")]
	if !ok {
		m.Add("keputusan", c.T("meja.salah.keputusan"))
		return claim.Decision{}, m
	}
	d := claim.Decision{Action: action}
	switch {
	case r.Status == claim.Proposed:
	case action == claim.ActApprove:
		sum, err := strconv.ParseInt(strings.NewReplacer(".", "", " ", "").Replace(in.Get("jumlah")), 10, 64)
		if err != nil || sum <= 0 || sum > 1e13 {
			m.Add("jumlah", c.T("meja.salah.jumlah"))
		}
		d.Sum = sum
	default:
		d.Reasons = in["alasan"]
		if !fits(d.Reasons, action, rules) {
			m.Add("alasan", c.T("meja.salah.alasan"))
		}
	}
	if action == claim.ActPostpone {
		readMend(c, in, &d, &m, rules, now)
	}
	return d, m
}

func readMend(c *guard.Call, in web.Input, d *claim.Decision, m *web.Mistakes, rules *requirement.Deciding, now requirement.Date) {
	if d.Mend = in["perbaiki"]; len(d.Mend) == 0 {
		m.Add("perbaiki", c.T("meja.salah.perbaiki"))
	}
	until, ok := in.Date("batas")
	if !ok || until <= now || until > now.AddDays(rules.MendDaysMax) {
		m.Add("batas", c.T("meja.salah.batas", "hari", strconv.Itoa(rules.MendDaysMax)))
	}
	d.Until = until
}

// fits tells whether grounds exist and are of the decision's kind.
func fits(codes []string, a claim.Action, rules *requirement.Deciding) bool {
	for _, code := range codes {
		g := rules.Reason(code)
		if g == nil || a == claim.ActRefuse && !g.Refuse || a == claim.ActPostpone && !g.Postpone {
			return false
		}
	}
	return len(codes) > 0
}

// resume takes a postponed claim up again.
func (s *Service) resume(c *guard.Call) error {
	in, err := c.Input("versi")
	if err != nil {
		return err
	}
	version, err := versionOf(in)
	if err != nil {
		return err
	}
	by, r, err := s.desk(c, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := s.Store.Resume(c.Context(), by, r.ID, version); err != nil {
		return err
	}
	return c.Redirect("/meja/" + c.Branch)
}

// reopen takes a decision back.
func (s *Service) reopen(c *guard.Call) error {
	in, err := c.Input("versi", "alasan-buka")
	if err != nil {
		return err
	}
	version, err := versionOf(in)
	if err != nil {
		return err
	}
	by, r, err := s.desk(c, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	set, _, err := s.branch(c.Call, c.Branch)
	if err != nil {
		return err
	}
	if set.Deciding.Reason(in.Get("alasan-buka")) == nil {
		var m web.Mistakes
		m.Add("alasan-buka", c.T("meja.salah.buka"))
		return s.open(c, by, r.ID, "claim", http.StatusUnprocessableEntity, in, m)
	}
	if _, err := s.Store.Reopen(c.Context(), by, r.ID, version, in.Get("alasan-buka")); err != nil {
		return err
	}
	return c.Redirect("/meja/" + c.Branch)
}
