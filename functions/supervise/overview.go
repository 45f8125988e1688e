package supervise

import (
	"net/http"
	"strconv"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

var channels = []requirement.Channel{requirement.Online, requirement.Onsite}

// A load is what a day's places hold.
type load struct {
	places, booked, decided int
}

// loadOf counts a channel of a day; clock may be empty: the whole day.
func loadOf(plan claim.DayPlan, regs []claim.Registration, ch requirement.Channel, clock string) load {
	var l load
	for _, s := range plan.Sessions {
		if s.Channel == ch && (clock == "" || s.Time == clock) {
			l.places += s.Places
		}
	}
	for _, r := range regs {
		if r.Place.Seating() != ch || clock != "" && r.Place.Time != clock {
			continue
		}
		switch r.Status {
		case claim.Approved, claim.Refused, claim.Postponed, claim.Proposed:
			l.decided++
			l.booked++
		case claim.Draft, claim.Submitted, claim.Offered:
			l.booked++
		case claim.Cancelled, claim.Lapsed:
		}
	}
	return l
}

// week is how many days the overview looks ahead, today included.
const week = 7

func (o *office) overview() error {
	regs, waiting := make([][]claim.Registration, week), make([]int, week)
	g, ctx := errgroup.WithContext(o.Context())
	for i := range week {
		g.Go(func() (err error) {
			if regs[i], err = o.Store.Day(ctx, o.code(), o.today().AddDays(i)); err != nil {
				return err
			}
			waiting[i], err = o.Store.Waiting(ctx, o.code(), o.today().AddDays(i))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	orphans, err := o.Store.Orphans(o.Context(), &o.Roster)
	if err != nil {
		return err
	}
	p := &page.Page{Title: o.T("penyelia.judul", "kantor", o.Roster.Branch.Name), Section: "/penyelia"}
	if len(orphans) > 0 {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: o.T("penyelia.tanpa-tempat.ada", "n", strconv.Itoa(len(orphans))), Text: o.T("penyelia.tanpa-tempat.ada.teks")},
			page.Button{Link: page.Link{URL: o.at("/tanpa-tempat"), Text: o.T("penyelia.tanpa-tempat.lihat")}})
	}
	weekTable, chart := o.week(regs, waiting)
	p.Blocks = append(p.Blocks, o.day(regs[0]), weekTable, chart, page.Heading{Level: 2, ID: "cari", Text: o.T("penyelia.cari")}, o.searchForm("", nil),
		page.Heading{Level: 2, Text: o.T("penyelia.atur")}, o.links())
	return o.Show(http.StatusOK, p, map[string]any{"tanpa-tempat": len(orphans), "hari-ini": len(regs[0])})
}

// day is today by hour.
func (o *office) day(regs []claim.Registration) page.Block {
	plan := o.Plan(o.today())
	t := page.Table{Caption: o.T("penyelia.hari-ini", "hari", page.Date(o.Lang, o.today())), Numeric: []bool{false, false, true, true, true},
		Head: []string{o.T("penyelia.kolom.jam"), o.T("penyelia.kolom.kanal"), o.T("penyelia.kolom.tempat"), o.T("penyelia.kolom.terisi"), o.T("penyelia.kolom.diputus")}}
	for _, s := range plan.Sessions {
		l := loadOf(plan, regs, s.Channel, s.Time)
		t.Rows = append(t.Rows, []string{s.Time, o.channel(s.Channel), strconv.Itoa(l.places), strconv.Itoa(l.booked), strconv.Itoa(l.decided)})
	}
	if len(t.Rows) == 0 {
		return page.Notice{Kind: "info", Title: o.T("penyelia.hari-ini", "hari", page.Date(o.Lang, o.today())), Text: o.T("penyelia.hari-ini.tutup")}
	}
	return t
}

func (o *office) week(regs [][]claim.Registration, waiting []int) (page.Block, page.Block) {
	t := page.Table{Caption: o.T("penyelia.pekan"), Numeric: []bool{false, true, true, true, true, true},
		Head: []string{o.T("penyelia.kolom.hari"), o.T("penyelia.pekan.online"), o.T("penyelia.pekan.onsite"), o.T("penyelia.kolom.tempat"), o.T("penyelia.kolom.beban"), o.T("penyelia.kolom.menunggu")}}
	chart := page.Chart{Title: o.T("penyelia.pekan.gambar"), Text: o.T("penyelia.pekan.gambar.teks")}
	for i, day := range regs {
		d := o.today().AddDays(i)
		plan := o.Plan(d)
		on, off := loadOf(plan, day, requirement.Online, ""), loadOf(plan, day, requirement.Onsite, "")
		places, booked := on.places+off.places, on.booked+off.booked
		share := "–"
		if places > 0 {
			share = page.Percent(o.Lang, booked, places)
			chart.Bars = append(chart.Bars, page.Bar{Label: page.ShortDate(o.Lang, d), Value: share, Length: booked * 100 / places})
		}
		t.Rows = append(t.Rows, []string{page.ShortDate(o.Lang, d), strconv.Itoa(on.booked), strconv.Itoa(off.booked), strconv.Itoa(places), share, strconv.Itoa(waiting[i])})
	}
	if len(chart.Bars) == 0 {
		return t, page.Text{Text: o.T("penyelia.pekan.tutup")}
	}
	return t, chart
}

func (o *office) links() page.Block {
	var out page.Links
	add := func(path, name string) {
		out.Items = append(out.Items, page.LinkItem{Link: page.Link{URL: o.at(path), Text: o.T("penyelia.menu." + name)}, Note: o.T("penyelia.menu." + name + ".catatan")})
	}
	add("/jam/online", "jam-online")
	add("/jam/onsite", "jam-onsite")
	add("/hari", "hari")
	add("/tanpa-tempat", "tanpa-tempat")
	add("/petugas", "petugas")
	add("/pesan", "pesan")
	add("/undian", "undian")
	add("/poster", "poster")
	return out
}

func (o *office) searchForm(code string, m web.Mistakes) page.Block {
	return &page.Form{Action: o.at("/cari"), Errors: m, Buttons: []page.Submit{{Text: o.T("penyelia.cari.tombol"), Secondary: len(m) == 0}},
		Fields: []page.Field{{Kind: page.TextInput, Name: "kode", Label: o.T("penyelia.cari.kode"), Value: code, Autocomplete: "off", Width: 30}}}
}

// search leads from a code to its claim at the desk, where the look is noted.
func (o *office) search() error {
	in, err := o.Input("kode")
	if err != nil {
		return err
	}
	code, err := claim.ParseCode(in.Get("kode"))
	if err != nil {
		m := web.Mistakes{{Field: "kode", Message: o.T("daftar.kode.salah")}}
		return o.Show(http.StatusUnprocessableEntity, o.page("penyelia.cari", o.searchForm(in.Get("kode"), m)), m.Value())
	}
	id, err := o.Store.ByCode(o.Context(), o.code(), code)
	if err != nil {
		return err
	}
	return o.Redirect("/meja/" + o.code() + "/klaim/" + id)
}
