package desk

import (
	"errors"
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

// decisions are the words of the official recap for what an officer can do.
var decisions = map[string]claim.Action{"setuju": claim.ActApprove, "tolak": claim.ActRefuse, "tunda": claim.ActPostpone, "kembali": claim.ActReturn}

// decide reads a decision and writes it; what is missing is asked for on the
// same page, with everything that was typed.
func (s *Service) decide(c *guard.Call) error {
	in, err := c.Input("versi", "keputusan", "jumlah", "alasan-tolak", "alasan-tunda", "perbaiki", "sampai")
	if err != nil {
		return err
	}
	f, err := s.open(c, "claim")
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(in.Get("versi"))
	if err != nil {
		return web.Bad{Code: "isian-rusak", Detail: "versi"}
	}
	d, m := f.decision(in)
	if len(m) > 0 {
		return f.show(http.StatusUnprocessableEntity, in, m)
	}
	if d.Action == claim.ActResume {
		_, err = s.Store.Resume(c.Context(), at(c, f.branch), f.reg.ID, version)
	} else {
		_, err = s.Store.Decide(c.Context(), at(c, f.branch), f.reg.ID, version, d, &f.now.Deciding)
	}
	if errors.Is(err, claim.ErrNoReason) {
		return f.show(http.StatusUnprocessableEntity, in, web.Mistakes{{Field: "keputusan", Message: c.T("meja.keputusan.kurang")}})
	}
	if err != nil {
		return err
	}
	return c.Redirect("/meja/" + c.Branch)
}

func (f *folder) decision(in web.Input) (claim.Decision, web.Mistakes) {
	c := f.call
	var m web.Mistakes
	d := claim.Decision{Action: decisions[in.Get("keputusan")]}
	if in.Get("keputusan") == "lanjutkan" {
		d.Action = claim.ActResume
	}
	switch d.Action {
	case "":
		m.Add("keputusan", c.T("meja.keputusan.pilih"))
	case claim.ActApprove:
		if f.reg.Status == claim.Proposed {
			break
		}
		sum, err := strconv.ParseInt(strings.NewReplacer(".", "", " ", "", "Rp", "").Replace(in.Get("jumlah")), 10, 64)
		if err != nil || sum <= 0 {
			m.Add("jumlah", c.T("meja.jumlah.salah"))
		}
		d.Sum = sum
	case claim.ActRefuse:
		if d.Reasons = in["alasan-tolak"]; len(d.Reasons) == 0 {
			m.Add("alasan-tolak", c.T("meja.alasan.pilih"))
		}
	case claim.ActPostpone:
		f.postponement(in, &d, &m)
	}
	return d, m
}

func (f *folder) postponement(in web.Input, d *claim.Decision, m *web.Mistakes) {
	c := f.call
	if d.Reasons = in["alasan-tunda"]; len(d.Reasons) == 0 {
		m.Add("alasan-tunda", c.T("meja.alasan.pilih"))
	}
	for _, slot := range in["perbaiki"] {
		if slices.ContainsFunc(f.list, func(i requirement.Item) bool { return i.Slot == slot }) {
			d.Mend = append(d.Mend, slot)
		}
	}
	if len(d.Mend) == 0 {
		m.Add("perbaiki", c.T("meja.perbaiki.pilih"))
	}
	until, ok := in.Date("sampai")
	today := requirement.DateOf(c.Now().In(f.branch.Location()))
	if !ok || until <= today || until > today.AddDays(f.now.Deciding.MendDaysMax) {
		m.Add("sampai", c.T("meja.sampai.salah", "hari", page.Number(c.Lang, f.now.Deciding.MendDaysMax)))
	}
	d.Until = until
}

// decisions are the forms that fit the claim's status.
func (f *folder) decisions(in web.Input, m web.Mistakes) []page.Block {
	c := f.call
	title := page.Heading{Level: 2, ID: "putusan", Text: c.T("meja.keputusan")}
	switch {
	case f.reg.Status == claim.Submitted && f.reg.Call.Mine(c.Person.ID):
		return []page.Block{title, f.form(in, m)}
	case f.reg.Status == claim.Proposed:
		sum := page.Summary{Rows: []page.Row{{Key: c.T("meja.jumlah"), Value: "Rp " + page.Number(c.Lang, int(f.reg.Decision.Sum))}}}
		return []page.Block{title, page.Text{Text: c.T("meja.usulan.teks")}, sum, f.buttons("/keputusan",
			page.Submit{Text: c.T("meja.usulan.setujui"), Name: "keputusan", Value: "setuju"},
			page.Submit{Text: c.T("meja.usulan.kembalikan"), Name: "keputusan", Value: "kembali", Secondary: true})}
	case f.reg.Status == claim.Postponed:
		return append(append([]page.Block{title}, f.decided()...), f.buttons("/keputusan", page.Submit{Text: c.T("meja.lanjutkan"), Name: "keputusan", Value: "lanjutkan", Secondary: true}))
	case f.reg.Status.Ended() && f.reg.Decision.Action != "":
		out := append([]page.Block{title}, f.decided()...)
		if c.Person.Is(staff.Supervisor) {
			out = append(out, f.reopening(m))
		}
		return out
	}
	return nil
}

func (f *folder) decided() []page.Block {
	c, d := f.call, f.reg.Decision
	var items []string
	for _, code := range d.Reasons {
		if g := f.now.Deciding.Reason(code); g != nil {
			items = append(items, g.Text.In(c.Lang))
		}
	}
	for _, slot := range d.Mend {
		items = append(items, c.T("meja.perbaiki.berkas", "berkas", f.slotTitle(slot)))
	}
	if d.Until != "" {
		items = append(items, c.T("meja.sampai.hari", "hari", page.Date(c.Lang, d.Until)))
	}
	return []page.Block{page.List{Items: items}}
}

func (f *folder) buttons(path string, buttons ...page.Submit) page.Block {
	return &page.Form{Action: f.call.URL(address(f.call, f.reg.ID) + path), Fields: []page.Field{f.version()}, Buttons: buttons}
}

// version binds a form to what the officer saw.
func (f *folder) version() page.Field {
	return page.Field{Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(f.reg.Version)}
}

func (f *folder) form(in web.Input, m web.Mistakes) *page.Form {
	c := f.call
	which := page.Field{Kind: page.Radios, Name: "keputusan", Label: c.T("meja.keputusan.label")}
	for _, name := range []string{"setuju", "tolak", "tunda"} {
		which.Options = append(which.Options, page.Option{Value: name, Label: c.T("meja.status." + name), Hint: c.T("meja.keputusan." + name), Checked: in.Get("keputusan") == name})
	}
	mend := page.Field{Kind: page.Boxes, Name: "perbaiki", Label: c.T("meja.perbaiki"), Optional: true}
	for _, item := range f.list {
		mend.Options = append(mend.Options, page.Option{Value: item.Slot, Label: f.slotTitle(item.Slot), Checked: slices.Contains(in["perbaiki"], item.Slot)})
	}
	until, _ := in.Date("sampai")
	if until == "" {
		until = requirement.DateOf(c.Now().In(f.branch.Location())).AddDays(f.now.Deciding.MendDays)
	}
	return &page.Form{Action: c.URL(address(c, f.reg.ID) + "/keputusan"), Errors: slices.DeleteFunc(slices.Clone(m), func(e page.Error) bool { return e.Field == "alasan" || e.Field == "alasan-buka" }),
		Fields: []page.Field{f.version(), which,
			{Kind: page.Digits, Name: "jumlah", Label: c.T("meja.jumlah"), Hint: c.T("meja.jumlah.petunjuk", "batas", page.Number(c.Lang, int(f.now.Deciding.TwoPeopleAbove))), Value: in.Get("jumlah"), Width: 15, Optional: true},
			f.groundsField("alasan-tolak", in, func(g requirement.DecisionReason) bool { return g.Refuse }),
			f.groundsField("alasan-tunda", in, func(g requirement.DecisionReason) bool { return g.Postpone }),
			mend,
			{Kind: page.DateInput, Name: "sampai", Label: c.T("meja.sampai"), Hint: c.T("meja.sampai.petunjuk"), Value: string(until), Optional: true}},
		Buttons: []page.Submit{{Text: c.T("meja.keputusan.simpan")}}}
}

func (f *folder) groundsField(name string, in web.Input, fits func(requirement.DecisionReason) bool) page.Field {
	x := page.Field{Kind: page.Boxes, Name: name, Label: f.call.T("meja." + name), Optional: true}
	for _, g := range f.now.Deciding.Reasons {
		if fits(g) {
			x.Options = append(x.Options, page.Option{Value: g.Code, Label: g.Text.In(f.call.Lang), Checked: slices.Contains(in[name], g.Code)})
		}
	}
	return x
}

func (f *folder) reopening(m web.Mistakes) page.Block {
	c := f.call
	x := page.Field{Kind: page.Select, Name: "alasan-buka", Label: c.T("meja.buka-lagi.alasan"), Options: []page.Option{{Label: c.T("situs.pilih")}}}
	for _, g := range f.now.Deciding.Reasons {
		x.Options = append(x.Options, page.Option{Value: g.Code, Label: g.Text.In(c.Lang)})
	}
	return &page.Form{Action: c.URL(address(c, f.reg.ID) + "/buka-lagi"), Fields: []page.Field{f.version(), x},
		Errors:  slices.DeleteFunc(slices.Clone(m), func(e page.Error) bool { return e.Field != "alasan-buka" }),
		Buttons: []page.Submit{{Text: c.T("meja.buka-lagi"), Danger: true}}}
}

// reopen takes a decision back.
func (s *Service) reopen(c *guard.Call) error {
	in, err := c.Input("versi", "alasan-buka")
	if err != nil {
		return err
	}
	f, err := s.open(c, "claim")
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(in.Get("versi"))
	if err != nil {
		return web.Bad{Code: "isian-rusak", Detail: "versi"}
	}
	if f.now.Deciding.Reason(in.Get("alasan-buka")) == nil {
		return f.show(http.StatusUnprocessableEntity, in, web.Mistakes{{Field: "alasan-buka", Message: c.T("meja.alasan.pilih")}})
	}
	if _, err := s.Store.Reopen(c.Context(), at(c, f.branch), f.reg.ID, version, in.Get("alasan-buka")); err != nil {
		return err
	}
	return c.Redirect("/meja/" + c.Branch)
}
