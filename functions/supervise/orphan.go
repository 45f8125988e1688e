package supervise

import (
	"net/http"
	"strconv"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// atOnce is how many places one press of a button moves; the job that comes
// every five minutes goes on.
const atOnce = 40

// propose shows what a change of hours does before it counts, and does it when
// the supervisor says so. fields are the form as it was sent.
func (o *office) propose(in web.Input, title string, next claim.Timetable, action string, fields []page.Field) error {
	seen, err := strconv.Atoi(in.Get("versi"))
	if err != nil {
		return web.Bad{Code: "isian-rusak", Detail: "versi"}
	}
	after := o.Roster
	after.Hours = next
	sure := in.Get("pasti")
	if sure == "" {
		return o.preview(&after, title, action, fields)
	}
	next.Version, next.Rearrange = seen, sure == "pindah"
	if after.Hours, err = o.Store.SaveTimetable(o.Context(), o.by(), next); err != nil {
		return err
	}
	if err := o.Store.Apply(o.Context(), &after); err != nil {
		return err
	}
	if next.Rearrange {
		if _, _, err := o.Store.Rearrange(o.Context(), o.by(), &after, atOnce); err != nil {
			return err
		}
		return o.Redirect("/penyelia/" + o.code() + "/tanpa-tempat")
	}
	return o.Redirect("/penyelia/" + o.code())
}

func (o *office) preview(after interface {
	Plan(requirement.Date) claim.DayPlan
}, title, action string, fields []page.Field) error {
	t := page.Table{Caption: o.T("penyelia.akibat.tabel"), Numeric: []bool{false, false, true, true, true},
		Head: []string{o.T("penyelia.kolom.hari"), o.T("penyelia.kolom.kanal"), o.T("penyelia.akibat.kini"), o.T("penyelia.akibat.nanti"), o.T("penyelia.akibat.tanpa")}}
	var orphans int
	for _, d := range claim.Dates(o.Roster.Branch, o.Booking, o.Now()) {
		old, plan := o.Plan(d), after.Plan(d)
		regs, err := o.Store.Day(o.Context(), o.code(), d)
		if err != nil {
			return err
		}
		lost := claim.Orphans(plan, regs)
		orphans += len(lost)
		for _, ch := range channels {
			n := 0
			for _, r := range lost {
				if r.Place.Channel == ch {
					n++
				}
			}
			if old.Places(ch) != plan.Places(ch) || n > 0 {
				t.Rows = append(t.Rows, []string{page.ShortDate(o.Lang, d), o.channel(ch), strconv.Itoa(old.Places(ch)), strconv.Itoa(plan.Places(ch)), strconv.Itoa(n)})
			}
		}
	}
	form := &page.Form{Action: o.URL(action), Fields: hidden(fields), Buttons: []page.Submit{{Text: o.T("penyelia.simpan"), Name: "pasti", Value: "simpan"}}}
	p := o.page(title)
	if orphans > 0 {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: o.T("penyelia.akibat.ada", "n", strconv.Itoa(orphans)), Text: o.T("penyelia.akibat.ada.teks")})
		form.Buttons = []page.Submit{{Text: o.T("penyelia.simpan.pindah"), Name: "pasti", Value: "pindah"}, {Text: o.T("penyelia.simpan.nanti"), Name: "pasti", Value: "simpan", Secondary: true}}
	} else {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "info", Title: o.T("penyelia.akibat.tiada"), Text: o.T("penyelia.akibat.tiada.teks")})
	}
	if len(t.Rows) > 0 {
		p.Blocks = append(p.Blocks, t)
	}
	p.Blocks = append(p.Blocks, form)
	return o.Show(http.StatusOK, p, map[string]any{"tanpa-tempat": orphans})
}

// hidden carries a form on to the next page as it was typed. Several ticks
// travel as one field, "1,2,3", because no two hidden fields share a name.
func hidden(fields []page.Field) []page.Field {
	var out []page.Field
	for _, f := range fields {
		switch f.Kind {
		case page.Boxes, page.Radios:
			var ticked []string
			for _, x := range f.Options {
				if x.Checked {
					ticked = append(ticked, x.Value)
				}
			}
			if len(ticked) > 0 {
				out = append(out, page.Field{Kind: page.Hidden, Name: f.Name, Value: strings.Join(ticked, ",")})
			}
		default:
			out = append(out, page.Field{Kind: page.Hidden, Name: f.Name, Value: f.Value})
		}
	}
	return out
}

// orphans lists whose place the hours do not have; without names.
func (o *office) orphans() error {
	regs, err := o.Store.Orphans(o.Context(), &o.Roster)
	if err != nil {
		return err
	}
	p := o.page("penyelia.tanpa-tempat")
	if len(regs) == 0 {
		p.Blocks = []page.Block{page.Notice{Kind: "success", Title: o.T("penyelia.tanpa-tempat.tiada"), Text: o.T("penyelia.tanpa-tempat.tiada.teks")}}
		return o.Show(http.StatusOK, p, map[string]int{"tanpa-tempat": 0})
	}
	var list page.Links
	for _, r := range regs {
		list.Items = append(list.Items, page.LinkItem{Note: o.channel(r.Place.Channel),
			Link: page.Link{URL: o.URL("/meja/" + o.code() + "/klaim/" + r.ID), Text: page.Date(o.Lang, r.Place.Date) + ", " + page.Clock(o.Lang, r.Place.Time, o.Roster.Branch.Zone)}})
	}
	p.Blocks = []page.Block{page.Lead{Text: o.T("penyelia.tanpa-tempat.pengantar", "n", strconv.Itoa(len(regs)))},
		&page.Form{Action: o.at("/tanpa-tempat"), Buttons: []page.Submit{{Text: o.T("penyelia.tanpa-tempat.pindahkan")}}}, list}
	return o.Show(http.StatusOK, p, map[string]int{"tanpa-tempat": len(regs)})
}

// rearrange moves and tells them: some at once, the rest by the job.
func (o *office) rearrange() error {
	if !o.Hours.Rearrange {
		next := o.Hours
		next.Rearrange = true
		var err error
		if o.Hours, err = o.Store.SaveTimetable(o.Context(), o.by(), next); err != nil {
			return err
		}
	}
	moved, left, err := o.Store.Rearrange(o.Context(), o.by(), &o.Roster, atOnce)
	if err != nil {
		return err
	}
	p := o.page("penyelia.tanpa-tempat", page.Notice{Kind: "success", Title: o.T("penyelia.tanpa-tempat.dipindah", "n", strconv.Itoa(moved)), Text: o.T("penyelia.tanpa-tempat.dipindah.teks")})
	if len(left) > 0 {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: o.T("penyelia.tanpa-tempat.sisa", "n", strconv.Itoa(len(left))), Text: o.T("penyelia.tanpa-tempat.sisa.teks")})
	}
	return o.Show(http.StatusOK, p, map[string]int{"dipindah": moved, "tanpa-tempat": len(left)})
}
