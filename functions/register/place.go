package register

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func checkBranch(a *application) (web.Mistakes, error) {
	var m web.Mistakes
	a.branch = a.set.Branch(a.in.Get("kantor"))
	if a.branch == nil || !a.branch.Bookable {
		m.Add("kantor", a.call.T("daftar.kantor.pilih"))
	}
	a.place.Channel = requirement.Channel(a.in.Get("kanal"))
	if !a.offers(a.place.Channel) {
		m.Add("kanal", a.call.T("daftar.kanal.pilih"))
	}
	if len(m) > 0 {
		return m, nil
	}
	a.place.Branch = a.branch.Code
	var err error
	if a.door != nil {
		a.hours, err = a.service.hoursBehindDoor(a.call, a.branch.Code, a.door.date)
	} else {
		a.hours, err = a.service.Store.Timetable(a.call.Context(), a.branch.Code)
	}
	return nil, err
}

func (a *application) offers(c requirement.Channel) bool {
	for _, have := range a.reason.Channels {
		if have == c {
			return true
		}
	}
	return false
}

func showBranches(a *application, f *page.Form) ([]page.Block, any, error) {
	c := a.call
	channel := page.Field{Kind: page.Radios, Name: "kanal", Label: c.T("daftar.kanal.label")}
	for _, k := range a.reason.Channels {
		channel.Options = append(channel.Options, page.Option{Value: string(k), Label: c.T("daftar.kanal." + string(k)),
			Hint: c.T("daftar.kanal." + string(k) + ".petunjuk"), Checked: a.in.Get("kanal") == string(k) || len(a.reason.Channels) == 1})
	}
	options, value := branchOptions(a.set, a.in.Get("kantor"))
	f.Fields = append(f.Fields, channel, page.Field{Kind: page.Select, Name: "kantor", Label: c.T("daftar.kantor.label"),
		Hint: c.T("daftar.kantor.petunjuk"), Options: options})
	list := a.reason.Checklist(a.answers, "", a.today())
	blocks := []page.Block{page.Notice{Kind: "success", Title: c.T("daftar.layak.judul"), Text: c.T("daftar.layak.teks", "sebab", a.reason.Title.In(c.Lang))}}
	if len(a.reason.Channels) > 0 {
		list = a.reason.Checklist(a.answers, a.reason.Channels[0], a.today())
	}
	blocks = append(blocks, page.Details{Summary: c.T("daftar.berkas-anda"), Blocks: []page.Block{page.List{Items: a.paperNames(list)}}})
	return blocks, map[string]any{"layak": true, "kantor": value, "kanal": a.reason.Channels, "berkas": list}, nil
}

// paperNames lists what this person has to send.
func (a *application) paperNames(list requirement.Checklist) []string {
	var out []string
	for _, it := range list {
		if it.Need == requirement.Required {
			out = append(out, slotTitle(a.set, it, a.call))
		}
	}
	return out
}

// slotTitle is a document's name, or of several that are accepted the first and how many more.
func slotTitle(set *requirement.Set, it requirement.Item, c *web.Call) string {
	if d := set.Document(it.Slot); d != nil {
		return d.Title.In(c.Lang)
	}
	if len(it.OneOf) > 0 {
		if d := set.Document(it.OneOf[0]); d != nil {
			return c.T("daftar.salah-satu", "dokumen", d.Title.In(c.Lang), "jumlah", strconv.Itoa(len(it.OneOf)-1))
		}
	}
	return it.Slot
}

func branchOptions(set *requirement.Set, chosen string) ([]page.Option, []map[string]string) {
	var options []page.Option
	var value []map[string]string
	for _, b := range set.Branches {
		if b.Bookable {
			options = append(options, page.Option{Value: b.Code, Label: b.Name, Group: b.Province, Checked: b.Code == chosen})
			value = append(value, map[string]string{"kantor": b.Code, "nama": b.Name, "zona": b.Zone})
		}
	}
	return options, value
}

func checkDate(a *application) (web.Mistakes, error) {
	var m web.Mistakes
	d := requirement.Date(a.in.Get("tanggal"))
	for _, offered := range a.dates() {
		if d == offered {
			a.place.Date = d
		}
	}
	if a.place.Date == "" && a.here != nil {
		return nil, claim.ErrFull
	}
	if a.place.Date == "" {
		m.Add("tanggal", a.call.T("daftar.tanggal.pilih"))
		return m, nil
	}
	if err := a.opening(); err != nil {
		return nil, err
	}
	if a.moving && a.draw != nil {
		m.Add("tanggal", a.call.T("undian.pindah"))
	}
	return m, nil
}

// dates are the days of the horizon on which the branch has a session of the
// channel that can still be booked.
func (a *application) dates() []requirement.Date {
	var out []requirement.Date
	for _, d := range claim.Dates(a.branch, a.set.Booking, a.call.Now()) {
		if a.behindDoor(d) {
			continue
		}
		for _, s := range a.plan(d).Sessions {
			if s.Channel == a.place.Channel && a.bookable(d, s.Time) == nil {
				out = append(out, d)
				break
			}
		}
	}
	return out
}

func (a *application) bookable(d requirement.Date, clock string) error {
	if a.here != nil {
		_, err := a.spotDeadline(d, clock)
		return err
	}
	start, err := a.branch.At(d, clock)
	if err != nil {
		return err
	}
	_, err = claim.Deadline(a.set.Booking, a.call.Now(), start)
	return err
}

func showDates(a *application, f *page.Form) ([]page.Block, any, error) {
	c := a.call
	field := page.Field{Kind: page.Radios, Name: "tanggal", Label: c.T("daftar.tanggal.label"), Hint: c.T("daftar.zona", "zona", a.branch.Zone)}
	dates := a.dates()
	for _, d := range dates {
		hint := ""
		if a.hours.Mode(a.set.Booking.Opening, a.branch.Code, d) == requirement.Ballot && !c.Rehearsal() {
			hint = c.T("undian.tanggal")
		}
		field.Options = append(field.Options, page.Option{Value: string(d), Label: page.Date(c.Lang, d), Hint: hint, Checked: a.in.Get("tanggal") == string(d)})
	}
	f.Fields = append(f.Fields, field)
	var blocks []page.Block
	if len(dates) == 0 {
		blocks = append(blocks, page.Notice{Kind: "warning", Title: c.T("daftar.tanggal.tidak-ada.judul"), Text: c.T("daftar.tanggal.tidak-ada.teks")})
	}
	return append(blocks, page.Text{Text: c.T("daftar.tanggal.pengantar", "kantor", a.branch.Name)}), map[string]any{"tanggal": dates}, nil
}

func checkTime(a *application) (web.Mistakes, error) {
	if a.draw != nil {
		return a.checkWishes()
	}
	var m web.Mistakes
	if err := a.placed(); err != nil {
		return nil, err
	}
	if a.waits() {
		return a.checkWait(false)
	}
	sessions, err := a.sessions()
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		if s.Time == a.in.Get("jam") && s.Free > 0 {
			a.place.Time = s.Time
		}
	}
	if a.place.Time == "" {
		m.Add("jam", a.call.T("daftar.jam.pilih"))
		return m, nil
	}
	return m, a.schedule()
}

// schedule computes the start of the session and the deadline of the draft.
func (a *application) schedule() (err error) {
	if a.start, err = a.branch.At(a.place.Date, a.place.Time); err != nil {
		return err
	}
	if a.here != nil {
		a.until, err = a.spotDeadline(a.place.Date, a.place.Time)
		return err
	}
	a.until, err = claim.Deadline(a.set.Booking, a.call.Now(), a.start)
	return err
}

// sessions returns the chosen day's sessions of the channel that can still be booked.
func (a *application) sessions() ([]claim.Session, error) {
	plan := a.plan(a.place.Date)
	all, err := a.service.sessions(a.call.Context(), plan)
	if err != nil {
		return nil, err
	}
	var out []claim.Session
	for _, s := range all {
		// A session that the hours no longer have may still have a free seat.
		offered := plan.Has(claim.Place{Channel: s.Channel, Time: s.Time, Seat: 1})
		if s.Channel == a.place.Channel && offered && a.bookable(a.place.Date, s.Time) == nil {
			out = append(out, s)
		}
	}
	return out, nil
}

// sessions makes the seats of a day that the nightly job has not made yet.
func (s *Service) sessions(ctx context.Context, plan claim.DayPlan) ([]claim.Session, error) {
	list, err := s.Store.Sessions(ctx, plan.Branch, plan.Date)
	if !errors.Is(err, claim.ErrNoDay) {
		return list, err
	}
	if err := s.Store.EnsureDay(ctx, plan); err != nil {
		return nil, fmt.Errorf("make seats on demand: %w", err)
	}
	return s.Store.Sessions(ctx, plan.Branch, plan.Date)
}

func showTimes(a *application, f *page.Form) ([]page.Block, any, error) {
	c := a.call
	if a.draw != nil {
		return a.showWishes(f)
	}
	sessions, err := a.sessions()
	if err != nil {
		return nil, nil, err
	}
	field := page.Field{Kind: page.Radios, Name: "jam", Label: c.T("daftar.jam.label"), Hint: c.T("daftar.jam.petunjuk")}
	value, free := []map[string]any{}, 0
	for _, s := range sessions {
		hint, entry := c.T("daftar.jam.sisa", "jumlah", strconv.Itoa(s.Free)), map[string]any{"jam": s.Time, "sisa": s.Free}
		if s.Free == 0 {
			hint = c.T("daftar.jam.penuh")
		}
		if at, ok := a.reopening(s); ok {
			entry["dibuka"] = at.Format(time.RFC3339)
			hint += ". " + c.T("daftar.jam.dibuka", "saat", moment(c, a.branch, at))
		}
		field.Options = append(field.Options, page.Option{Value: s.Time, Label: page.Clock(c.Lang, s.Time, a.branch.Zone), Hint: hint,
			Disabled: s.Free == 0, Checked: a.in.Get("jam") == s.Time && s.Free > 0})
		value = append(value, entry)
		free += s.Free
	}
	f.Fields = append(f.Fields, field)
	blocks := []page.Block{page.Text{Text: c.T("daftar.jam.pengantar", "kantor", a.branch.Name, "tanggal", page.Date(c.Lang, a.place.Date))}}
	if free == 0 {
		blocks = append(blocks, page.Notice{Kind: "warning", Title: c.T("daftar.jam.habis.judul"), Text: c.T("daftar.jam.habis.teks", "jam", a.announced())})
	}
	answer := map[string]any{"jam": value, "zona": a.branch.Zone}
	return append(blocks, a.askWait(f, sessions, answer)...), answer, nil
}
