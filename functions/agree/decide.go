package agree

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func (d *desk) version() page.Field {
	return page.Field{Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(d.req.Version)}
}

func (d *desk) returnForm(in web.Input, m web.Mistakes) *page.Form {
	why := page.Field{Kind: page.Boxes, Name: "alasan", Label: d.T("perusahaan.alasan"), Hint: d.T("perusahaan.alasan.petunjuk")}
	for _, g := range d.set.Company.Returns {
		o := page.Option{Value: g.Code, Label: g.Text.In(d.Lang)}
		for _, v := range in["alasan"] {
			o.Checked = o.Checked || v == g.Code
		}
		why.Options = append(why.Options, o)
	}
	return &page.Form{Action: d.at("/kembali"), Errors: m, Fields: []page.Field{d.version(), why}, Buttons: []page.Submit{
		{Text: d.T("perusahaan.kembalikan"), Name: "putusan", Value: "kembali", Secondary: true},
		{Text: d.T("perusahaan.tolak"), Name: "putusan", Value: "tolak", Danger: true}}}
}

// giveBack gives the request back to be mended, or refuses it, with grounds.
func (s *Service) giveBack(c *guard.Call) error {
	in, err := c.Input("versi", "alasan", "putusan")
	if err != nil {
		return err
	}
	d, err := s.open(c, "company")
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(in.Get("versi"))
	if verdict := in.Get("putusan"); err != nil || verdict != "kembali" && verdict != "tolak" {
		return web.Bad{Code: "isian-rusak", Detail: "putusan"}
	}
	var grounds []string
	for _, code := range in["alasan"] {
		if d.set.Company.Return(code) != nil {
			grounds = append(grounds, code)
		}
	}
	if len(grounds) == 0 {
		var m web.Mistakes
		m.Add("alasan", c.T("perusahaan.alasan.pilih"))
		return d.show(http.StatusUnprocessableEntity, in, m)
	}
	until := c.Now().AddDate(0, 0, d.set.Company.OpenDays)
	if in.Get("putusan") == "tolak" {
		until = time.Time{}
	}
	if _, err := s.Store.ReturnCompany(c.Context(), d.by, d.req.ID, version, grounds, until); err != nil {
		return err
	}
	return c.Redirect("/perusahaan/" + c.Branch + "/" + d.req.ID)
}

// notice is how many days lie before the first place of a block: workers need
// time to agree, and the company to send documents.
const notice = 3

// A day is a day of the block's form with what is free.
type day struct {
	date     requirement.Date
	sessions []claim.Session
	free     int
}

// days are the days on which the branch has places, from notice on, without
// those that a draw is to give.
func (d *desk) days() ([]day, claim.Timetable, *requirement.Set, error) {
	set, err := d.s.Sets.Current(d.Context())
	if err != nil {
		return nil, claim.Timetable{}, nil, fmt.Errorf("days of a block: %w", err)
	}
	hours, err := d.s.Store.Timetable(d.Context(), d.Call.Branch)
	if err != nil {
		return nil, hours, nil, err
	}
	today := requirement.DateOf(d.Now().In(d.branch.Location()))
	draws, err := d.s.Store.Draws(d.Context(), d.Call.Branch, today)
	if err != nil {
		return nil, hours, nil, err
	}
	all := make([]day, d.set.Company.HorizonDays-notice+1)
	g, ctx := errgroup.WithContext(d.Context())
	g.SetLimit(8)
	for i := range all {
		date := today.AddDays(notice + i)
		plan := hours.Plan(d.branch, date, set.Holidays)
		if plan.Places(requirement.Online) == 0 || claim.InDraw(draws, date, requirement.Online) {
			continue
		}
		g.Go(func() error {
			sessions, err := d.s.Store.Sessions(ctx, d.Call.Branch, date)
			if errors.Is(err, claim.ErrNoDay) {
				sessions, err = fresh(plan), nil // nobody has booked there yet
			}
			all[i] = day{date: date, sessions: sessions}
			for _, x := range sessions {
				if x.Channel == requirement.Online {
					all[i].free += x.Free
				}
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, hours, nil, err
	}
	var out []day
	for _, x := range all {
		if x.free > 0 {
			out = append(out, x)
		}
	}
	return out, hours, set, nil
}

func fresh(plan claim.DayPlan) []claim.Session {
	var out []claim.Session
	for _, x := range plan.Sessions {
		x.Free = x.Places
		out = append(out, x)
	}
	return out
}

// schedule offers the days, with half of what is free each day until all
// workers have a place, so that others find places too.
func (s *Service) schedule(c *guard.Call) error {
	d, err := s.open(c, "company")
	if err != nil {
		return err
	}
	if d.req.Status != company.Sent {
		return claim.ErrClosed
	}
	days, _, _, err := d.days()
	if err != nil {
		return err
	}
	in, left := web.Input{}, d.req.Rows
	for _, x := range days {
		n := min(left, (x.free+1)/2)
		left -= n
		if n > 0 {
			in[fieldOf(x.date)] = []string{strconv.Itoa(n)}
		}
	}
	return d.showDays(http.StatusOK, days, in, nil)
}

func fieldOf(d requirement.Date) string { return "hari-" + string(d) }

// enough are the first days, so that the form is no longer than it must be:
// ten of them at least, and four times as many places as workers.
func (d *desk) enough(days []day) []day {
	free := 0
	for i, x := range days {
		if free += x.free; i >= 9 && free >= 4*d.req.Rows {
			return days[:i+1]
		}
	}
	return days
}

func (d *desk) showDays(status int, days []day, in web.Input, m web.Mistakes) error {
	all := days
	if m == nil && d.R.URL.Query().Get("semua") == "" {
		days = d.enough(days)
	}
	form := &page.Form{Action: d.at("/jadwal"), Errors: m, Fields: []page.Field{d.version()}, Buttons: []page.Submit{{Text: d.T("perusahaan.jadwal.setujui")}}}
	free := 0
	for _, x := range all {
		free += x.free
	}
	for _, x := range days {
		form.Fields = append(form.Fields, page.Field{Kind: page.Digits, Name: fieldOf(x.date), Label: page.Date(d.Lang, x.date),
			Hint: d.T("perusahaan.jadwal.bebas", "n", page.Number(d.Lang, x.free)), Value: in.Get(fieldOf(x.date)), Width: 10, Optional: true})
	}
	p := d.page(d.T("perusahaan.jadwal"), page.Lead{Text: d.T("perusahaan.jadwal.pengantar", "n", page.Number(d.Lang, d.req.Rows))})
	if free < d.req.Rows {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: d.T("perusahaan.jadwal.kurang", "bebas", page.Number(d.Lang, free)), Text: d.T("perusahaan.jadwal.kurang.teks")})
	}
	p.Blocks = append(p.Blocks, form)
	if len(days) < len(all) {
		p.Blocks = append(p.Blocks, page.Links{Items: []page.LinkItem{{Link: page.Link{URL: d.at("/jadwal") + "?semua=ya", Text: d.T("perusahaan.jadwal.semua", "n", strconv.Itoa(len(all)))}}}})
	}
	if m != nil {
		return d.Show(status, p, m.Value())
	}
	list := []map[string]any{}
	for _, x := range all {
		list = append(list, map[string]any{"tanggal": x.date, "bebas": x.free})
	}
	return d.Show(status, p, map[string]any{"versi": d.req.Version, "pekerja": d.req.Rows, "hari": list})
}

// agree agrees the block and takes its places; what cannot be taken any more
// is said with the numbers as they are now.
func (s *Service) agree(c *guard.Call) error {
	d, err := s.open(c, "company")
	if err != nil {
		return err
	}
	if d.req.Status != company.Sent {
		return claim.ErrClosed
	}
	days, hours, set, err := d.days()
	if err != nil {
		return err
	}
	names := []string{"versi"}
	for _, x := range days {
		names = append(names, fieldOf(x.date))
	}
	in, err := c.Input(names...)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(in.Get("versi"))
	if err != nil {
		return web.Bad{Code: "isian-rusak", Detail: "versi"}
	}
	block, m := d.block(days, in)
	if len(m) > 0 {
		return d.showDays(http.StatusUnprocessableEntity, days, in, m)
	}
	for _, x := range block { // seats of days beyond the public horizon are not made yet
		if _, missing := s.Store.Sessions(c.Context(), c.Branch, x.Date); errors.Is(missing, claim.ErrNoDay) {
			if err := s.Store.EnsureDay(c.Context(), hours.Plan(d.branch, x.Date, set.Holidays)); err != nil {
				return fmt.Errorf("make seats for a block: %w", err)
			}
		}
	}
	if _, err := s.Store.AgreeCompany(c.Context(), d.by, d.req.ID, version, block); err != nil {
		return err
	}
	err = s.Store.Reserve(c.Context(), d.req.ID)
	if errors.Is(err, claim.ErrFull) {
		if d, err = s.open(c, "company"); err != nil {
			return err
		}
		if days, _, _, err = d.days(); err != nil {
			return err
		}
		m.Add("jadwal", c.T("perusahaan.jadwal.terambil"))
		return d.showDays(http.StatusConflict, days, in, m)
	}
	if err != nil {
		return fmt.Errorf("reserve a block: %w", err)
	}
	return c.Redirect("/perusahaan/" + c.Branch + "/" + d.req.ID)
}

// block reads how many workers come on each day, and spreads them.
func (d *desk) block(days []day, in web.Input) ([]company.Session, web.Mistakes) {
	var m web.Mistakes
	var block []company.Session
	for _, x := range days {
		typed := in.Get(fieldOf(x.date))
		if typed == "" || typed == "0" {
			continue
		}
		n, err := strconv.Atoi(typed)
		if err != nil || n < 0 || n > x.free {
			m.Add(fieldOf(x.date), d.T("perusahaan.jadwal.salah", "n", strconv.Itoa(x.free)))
			continue
		}
		some, _ := company.Spread(x.date, n, x.sessions)
		block = append(block, some...)
	}
	if n := company.Places(block); len(m) == 0 && n != d.req.Rows {
		m.Add("jadwal", d.T("perusahaan.jadwal.jumlah", "n", page.Number(d.Lang, n), "semua", page.Number(d.Lang, d.req.Rows)))
	}
	return block, m
}
