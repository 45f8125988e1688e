package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// waitField marks a journey to the wait list of a full day, waitTimes are the
// times that the person would take.
const (
	waitField = "tunggu"
	waitTimes = "jam-tunggu"
)

// waitable tells whether a day can have a wait list for this journey: not while
// its draw goes on, not in the hall, not in a rehearsal, not for who has a place and wants to move.
func (a *application) waitable() bool {
	return a.set.Booking.Offers.Most > 0 && a.draw == nil && a.here == nil && !a.call.Rehearsal() && a.in.Get("sebab") != ""
}

// waits tells whether the person asked for the wait list.
func (a *application) waits() bool {
	return a.waitable() && a.in.Get(waitField) == "ya" && a.in.Get("jam") == ""
}

// full tells whether no place of the day can be taken now.
func full(sessions []claim.Session) bool {
	return !slices.ContainsFunc(sessions, func(s claim.Session) bool { return s.Free > 0 })
}

// checkWait reads the times that the person would take. On a day that has
// places by now, one can be had at once.
func (a *application) checkWait(final bool) (web.Mistakes, error) {
	var m web.Mistakes
	var known []string
	plan := a.plan(a.place.Date)
	for _, s := range plan.Sessions {
		if s.Channel == a.place.Channel && a.bookable(a.place.Date, s.Time) == nil {
			known = append(known, s.Time)
		}
	}
	a.place.Time, a.waitFor = "", nil
	for _, clock := range a.in[waitTimes] {
		switch {
		case !slices.Contains(known, clock):
			m.Add(waitTimes, a.call.T("daftar.jam.pilih"))
		case !slices.Contains(a.waitFor, clock):
			a.waitFor = append(a.waitFor, clock)
		}
	}
	a.until = claim.WaitsUntil(a.branch, a.set.Booking, plan, a.place.Channel)
	if final || len(m) > 0 {
		return m, nil
	}
	sessions, err := a.sessions()
	if err == nil && !full(sessions) {
		m.Add("jam", a.call.T("daftar.tunggu.ada-tempat"))
	}
	return m, err
}

// askWait offers the wait list on the page of a full day, or takes the offer
// back on one that has places.
func (a *application) askWait(f *page.Form, sessions []claim.Session, value map[string]any) []page.Block {
	c := a.call
	if !full(sessions) || !a.waitable() || len(sessions) == 0 {
		delete(a.in, waitField)
		delete(a.in, waitTimes)
		return nil
	}
	delete(a.in, "jam")
	for i := range f.Errors {
		f.Errors[i].Field = waitTimes
	}
	boxes := page.Field{Kind: page.Boxes, Name: waitTimes, Label: c.T("daftar.tunggu.jam"), Hint: c.T("daftar.tunggu.jam.petunjuk")}
	var times []string
	for _, s := range sessions {
		hint := ""
		if at, ok := a.reopening(s); ok {
			hint = c.T("daftar.jam.dibuka", "saat", moment(c, a.branch, at))
		}
		boxes.Options = append(boxes.Options, page.Option{Value: s.Time, Label: page.Clock(c.Lang, s.Time, a.branch.Zone), Hint: hint, Checked: slices.Contains(a.in[waitTimes], s.Time)})
		times = append(times, s.Time)
	}
	f.Fields = []page.Field{{Kind: page.Hidden, Name: waitField, Value: "ya"}, boxes}
	f.Buttons[0].Text = c.T("daftar.tunggu.lanjut")
	value["tunggu"] = times
	o := a.set.Booking.Offers
	return []page.Block{page.Notice{Kind: "info", Title: c.T("daftar.tunggu.judul"), Text: c.T("daftar.tunggu.teks",
		"jam", page.Number(c.Lang, o.Hours), "banyak", page.Number(c.Lang, o.Most))}}
}

// waitRow says which times the person would take.
func waitRow(c *web.Call, zone string, times []string) page.Row {
	said := c.T("daftar.tunggu.semua")
	if len(times) > 0 {
		said = page.Clocks(c.Lang, times, zone)
	}
	return page.Row{Key: c.T("daftar.tunggu.jam"), Value: said}
}

// queueUp puts the person on the wait list. The same form sent again gives the
// same code.
func (s *Service) queueUp(a *application, b claim.Booking) error {
	c := a.call
	digest, err := json.Marshal([]any{b.Digest, waitField, a.waitFor})
	if err != nil {
		return fmt.Errorf("digest of the request: %w", err)
	}
	if b.Digest, err = s.Pseudonym(c.Context(), "request", string(digest)); err != nil {
		return err
	}
	reg, err := s.Store.Enter(c.Context(), claim.Entry{Booking: b, Status: claim.Waitlisted, Wishes: a.waitFor, Rank: int(c.Now().UnixMilli())})
	if errors.Is(err, claim.ErrAlreadyBooked) {
		return c.Refuse(err, page.Button{Link: page.Link{URL: c.URL("/status"), Text: c.T("galat.sudah-terdaftar.tombol")}})
	}
	if err != nil {
		return fmt.Errorf("join the wait list: %w", err)
	}
	if err := c.Open(reg.ID); err != nil {
		return err
	}
	blocks, err := s.waiting(c, a.set, reg)
	if err != nil {
		return err
	}
	p := journeyPage(c, "daftar.tunggu.masuk", 0)
	p.Steps = 0
	p.Blocks = append([]page.Block{page.Panel{Title: c.T("daftar.terdaftar.kode"), Text: c.T("daftar.terdaftar.simpan"), Code: claim.FormatCode(reg.Private.Code)}}, blocks...)
	p.Blocks = append(p.Blocks, page.Summary{Rows: summary(c, a.set, reg)},
		page.Button{Link: page.Link{URL: c.URL("/status"), Text: c.T("daftar.status.judul")}, Secondary: true})
	v, err := s.registration(c, a.set, reg)
	if err != nil {
		return err
	}
	return c.Show(http.StatusCreated, p, v)
}

// registration is the JSON form of a registration with its place in the wait list.
func (s *Service) registration(c *web.Call, set *requirement.Set, reg claim.Registration) (map[string]any, error) {
	v := registrationValue(reg)
	if reg.Status != claim.Waitlisted && reg.Status != claim.Offered {
		return v, nil
	}
	v["sisa_tawaran"] = left(set, reg)
	if reg.Status == claim.Offered {
		return v, nil
	}
	n, err := s.Store.Position(c.Context(), reg)
	v["posisi"] = n
	return v, err
}

// left is how many offers the person may still get.
func left(set *requirement.Set, reg claim.Registration) int {
	if reg.Wait.Offers > 0 {
		return reg.Wait.Left
	}
	return set.Booking.Offers.Most
}

// waiting says where in the list the person is and how many offers are left,
// or asks whether an offered place is wanted.
func (s *Service) waiting(c *web.Call, set *requirement.Set, reg claim.Registration) ([]page.Block, error) {
	switch reg.Status {
	case claim.Waitlisted:
		n, err := s.Store.Position(c.Context(), reg)
		if err != nil || n == 0 {
			return nil, err
		}
		b := set.Branch(reg.Place.Branch)
		rows := []page.Row{waitRow(c, b.Zone, reg.Wishes), {Key: c.T("daftar.tunggu.sisa"), Value: page.Number(c.Lang, left(set, reg))}}
		if passed := declined(reg); len(passed) > 0 {
			rows = append(rows, page.Row{Key: c.T("daftar.tunggu.dilewatkan"), Value: page.Clocks(c.Lang, passed, b.Zone)})
		}
		return []page.Block{page.Notice{Kind: "info", Title: c.T("daftar.tunggu.posisi", "nomor", page.Number(c.Lang, n)), Text: c.T("daftar.tunggu.posisi.teks")},
			page.Summary{Rows: rows}}, nil
	case claim.Offered:
		text := c.T("daftar.tawaran.sisa", "sisa", page.Number(c.Lang, left(set, reg)))
		if left(set, reg) == 0 {
			text = c.T("daftar.tawaran.terakhir")
		}
		return []page.Block{page.Text{Text: text}, &page.Form{Action: c.URL("/status/tawaran"), Fields: []page.Field{versionField(reg)}, Buttons: []page.Submit{
			{Text: c.T("daftar.tawaran.terima"), Name: "jawaban", Value: "terima"}, {Text: c.T("daftar.tawaran.lewatkan"), Name: "jawaban", Value: "lewatkan", Secondary: true}}}}, nil
	}
	return nil, nil
}

// declined are the times that the person let pass.
func declined(reg claim.Registration) []string {
	return slices.DeleteFunc(slices.Clone(reg.Wait.Passed), func(p string) bool { return strings.Contains(p, "#") })
}

// answer accepts an offered place or lets it pass. Only the button does: a
// link in a mail that somebody's mail program opens changes nothing.
func (s *Service) answer(c *web.Call) error {
	in, err := c.Input("jawaban", "versi")
	if err != nil {
		return err
	}
	reg, set, err := s.mine(c)
	if err != nil {
		return err
	}
	version, err := seenVersion(in, reg)
	if err != nil {
		return err
	}
	switch in.Get("jawaban") {
	case "terima":
		var deadline time.Time
		if deadline, err = offerDeadline(c, set, reg); err == nil {
			_, err = s.Store.Accept(c.Context(), reg.ID, version, deadline)
		}
	case "lewatkan":
		_, err = s.Store.Decline(c.Context(), reg.ID, version)
	default:
		return web.Bad{Code: "isian-rusak", Detail: "jawaban"}
	}
	if err != nil {
		return fmt.Errorf("answer an offer: %w", err)
	}
	return c.Redirect("/status")
}

// offerDeadline is until when the documents must be there of who accepts now.
func offerDeadline(c *web.Call, set *requirement.Set, reg claim.Registration) (time.Time, error) {
	b := set.Branch(reg.Place.Branch)
	if b == nil || reg.Status != claim.Offered {
		return time.Time{}, claim.ErrClosed
	}
	start, err := b.At(reg.Place.Date, reg.Place.Time)
	if err != nil {
		return time.Time{}, err
	}
	deadline, err := claim.Deadline(set.Booking, c.Now(), start)
	return deadline.UTC(), err
}
