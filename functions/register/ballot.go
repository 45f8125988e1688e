package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func wishField(n int) string { return "keinginan-" + strconv.Itoa(n) }

func wishFields() []string {
	var out []string
	for n := range requirement.MaxWishes {
		out = append(out, wishField(n+1))
	}
	return out
}

// opening finds out whether the chosen day is opened by draw. A day that is
// not, or whose draw is over, is booked as any other.
func (a *application) opening() error {
	a.draw = nil
	if a.here != nil || a.call.Rehearsal() {
		return nil
	}
	d, err := a.drawOfDay()
	rules := a.set.Booking.Opening
	switch {
	case errors.Is(err, claim.ErrNotFound) && a.hours.Mode(rules, a.branch.Code, a.place.Date) == requirement.Ballot:
		d.Branch, d.Date, d.Channel = a.branch.Code, a.place.Date, a.place.Channel
		d.Opens, d.Closes, err = claim.Announce(a.branch, a.place.Date, rules, a.call.Now())
		if errors.Is(err, claim.ErrClosed) {
			return nil // too late for a draw
		}
		if errors.Is(err, claim.ErrTooEarly) {
			err = nil
		}
	case errors.Is(err, claim.ErrNotFound):
		return nil
	}
	if err != nil {
		return err
	}
	if d.At(a.call.Now()) != claim.DrawOver {
		a.draw = &d
	}
	return nil
}

// drawOfDay returns the draw of the chosen day. claim.ErrNotFound if there is none.
func (a *application) drawOfDay() (claim.Draw, error) {
	if a.door != nil {
		return a.service.drawBehindDoor(a.call, a.branch.Code, a.place.Date, a.place.Channel)
	}
	return a.service.Store.Draw(a.call.Context(), a.branch.Code, a.place.Date, a.place.Channel)
}

// joinable: the page for who comes before the window. After it only the store
// can tell, who may have pressed twice over its end.
func (a *application) joinable(final bool) bool {
	if a.draw == nil {
		return true
	}
	phase := a.draw.At(a.call.Now())
	return phase == claim.DrawOpen || final && phase == claim.DrawPending
}

// notOpen says when the window opens, or that the list is closed.
func (a *application) notOpen() error {
	c, d := a.call, a.draw
	key := "tutup"
	if d.At(c.Now()) == claim.DrawBefore {
		key = "belum"
	}
	p := journeyPage(c, "undian."+key+".judul", 0)
	p.Steps = 0
	words := []string{"kantor", a.branch.Name, "tanggal", page.Date(c.Lang, d.Date), "buka", moment(c, a.branch, d.Opens), "tutup", moment(c, a.branch, d.Closes)}
	p.Blocks = []page.Block{
		page.Notice{Kind: "info", Title: c.T("undian."+key+".kapan", words...), Text: c.T("undian."+key+".teks", words...)},
		page.Text{Text: c.T("undian.cepat")},
		page.Button{Link: page.Link{URL: c.URL("/undian?cabang=" + d.Branch), Text: c.T("undian.lihat")}},
		page.Button{Link: page.Link{URL: c.URL("/daftar"), Text: c.T("undian.hari-lain")}, Secondary: true},
	}
	return c.Show(http.StatusConflict, p, map[string]any{"undian": drawValue(*d), "galat": map[string]string{"kode": "undian-" + key, "pesan": c.T("undian." + key + ".judul"), "permintaan": c.ID}})
}

// drawValue is the JSON form of a draw.
func drawValue(d claim.Draw) map[string]any {
	v := map[string]any{"buka": d.Opens.UTC(), "tutup": d.Closes.UTC()}
	for name, x := range map[string]string{"ikrar": d.Commitment, "sidik_daftar": d.ListDigest} {
		if x != "" {
			v[name] = x
		}
	}
	return v
}

// checkWishes reads the wished times: different ones, of the day's sessions; none means any.
func (a *application) checkWishes() (web.Mistakes, error) {
	var m web.Mistakes
	a.wishes, a.place.Time = nil, ""
	times := a.times()
	for n := range a.set.Booking.Opening.Wishes {
		switch v := a.in.Get(wishField(n + 1)); {
		case v == "":
		case !slices.Contains(times, v):
			m.Add(wishField(n+1), a.call.T("daftar.jam.pilih"))
		case slices.Contains(a.wishes, v):
			m.Add(wishField(n+1), a.call.T("undian.keinginan.sama"))
		default:
			a.wishes = append(a.wishes, v)
		}
	}
	end, err := a.branch.At(a.place.Date, "23:59")
	a.until, a.start = end, end
	return m, err
}

// times are the start times of the channel on the day.
func (a *application) times() []string {
	var out []string
	for _, s := range a.plan(a.place.Date).Sessions {
		if s.Channel == a.place.Channel {
			out = append(out, s.Time)
		}
	}
	return out
}

func (a *application) showWishes(f *page.Form) ([]page.Block, any, error) {
	c, d := a.call, a.draw
	times := a.times()
	for n := range a.set.Booking.Opening.Wishes {
		name := wishField(n + 1)
		field := page.Field{Kind: page.Select, Name: name, Label: c.T("undian.keinginan", "nomor", page.Number(c.Lang, n+1)), Optional: true}
		for _, t := range times {
			field.Options = append(field.Options, page.Option{Value: t, Label: page.Clock(c.Lang, t, a.branch.Zone), Checked: a.in.Get(name) == t})
		}
		f.Fields = append(f.Fields, field)
	}
	blocks := []page.Block{
		page.Notice{Kind: "info", Title: c.T("undian.langkah.judul", "tutup", moment(c, a.branch, d.Closes)), Text: c.T("undian.cepat")},
		page.Text{Text: c.T("undian.langkah.teks", "kantor", a.branch.Name, "tanggal", page.Date(c.Lang, a.place.Date))},
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL("/bantuan/undian/"), Text: c.T("undian.cara")}}, {Link: page.Link{URL: c.URL("/undian?cabang=" + a.branch.Code), Text: c.T("undian.lihat")}}}},
	}
	return blocks, map[string]any{"undian": drawValue(*d), "keinginan": times, "paling_banyak": a.set.Booking.Opening.Wishes, "zona": a.branch.Zone}, nil
}

// wishRow says the wishes in order.
func (a *application) wishRow() page.Row {
	c := a.call
	said := c.T("undian.keinginan.bebas")
	for i, w := range a.wishes {
		clock := page.Clock(c.Lang, w, a.branch.Zone)
		if i == 0 {
			said = clock
		} else {
			said += ", " + clock
		}
	}
	return page.Row{Key: c.T("undian.keinginan.baris"), Value: said}
}

// enter puts the person into the draw. The same form sent again gives the same
// ticket, even when the window has closed meanwhile.
func (s *Service) enter(a *application, b claim.Booking) error {
	c := a.call
	digest, err := json.Marshal([]any{b.Digest, a.wishes})
	if err != nil {
		return fmt.Errorf("digest of the request: %w", err)
	}
	if b.Digest, err = s.Pseudonym(c.Context(), "request", string(digest)); err != nil {
		return err
	}
	reg, err := s.Store.Enter(c.Context(), claim.Entry{Booking: b, Status: claim.Entered, Wishes: a.wishes, From: a.draw.Opens, Until: a.draw.Closes})
	switch {
	case errors.Is(err, claim.ErrClosed):
		return a.notOpen()
	case errors.Is(err, claim.ErrAlreadyBooked):
		return c.Refuse(err, page.Button{Link: page.Link{URL: c.URL("/status"), Text: c.T("galat.sudah-terdaftar.tombol")}})
	case err != nil:
		return fmt.Errorf("enter draw: %w", err)
	}
	if err := c.Open(reg.ID); err != nil {
		return err
	}
	return entered(c, a, reg)
}

// entered is the answer to joining a draw: the code, the ticket, and what comes next.
func entered(c *web.Call, a *application, reg claim.Registration) error {
	p := journeyPage(c, "undian.ikut.judul", 0)
	p.Steps = 0
	p.Blocks = []page.Block{
		page.Panel{Title: c.T("daftar.terdaftar.kode"), Text: c.T("daftar.terdaftar.simpan"), Code: claim.FormatCode(reg.Private.Code)},
		page.Notice{Kind: "info", Title: c.T("undian.langkah.judul", "tutup", moment(c, a.branch, a.draw.Closes)), Text: c.T("undian.ikut.teks")},
		page.Summary{Rows: summary(c, a.set, reg)},
		page.Button{Link: page.Link{URL: c.URL("/tanda-terima"), Text: c.T("daftar.terdaftar.bukti")}, Secondary: true},
		page.Button{Link: page.Link{URL: c.URL("/undian?cabang=" + reg.Place.Branch), Text: c.T("undian.lihat")}, Secondary: true},
	}
	return c.Show(http.StatusCreated, p, registrationValue(reg))
}

// drawn tells whether a registration's ticket has its rank in the draw.
func drawn(reg claim.Registration) bool {
	return reg.Ticket != "" && 0 < reg.Rank && reg.Rank < claim.LateRank
}

// drawing says what a registration's draw has published so far.
func (s *Service) drawing(c *web.Call, set *requirement.Set, reg claim.Registration) ([]page.Block, error) {
	if reg.Ticket == "" {
		return nil, nil
	}
	d, err := s.Store.Draw(c.Context(), reg.Place.Branch, reg.Place.Date, reg.Place.Channel)
	if errors.Is(err, claim.ErrNotFound) {
		return nil, nil // it was moved to another day since
	}
	if err != nil {
		return nil, err
	}
	b := set.Branch(d.Branch)
	rows := []page.Row{{Key: c.T("undian.jendela"), Value: c.T("undian.dari-sampai", "buka", moment(c, b, d.Opens), "tutup", moment(c, b, d.Closes))},
		{Key: c.T("undian.keadaan"), Value: c.T("undian.keadaan." + d.StateName(c.Now()))}, {Key: c.T("undian.ikrar"), Value: d.Commitment}}
	if d.ListDigest != "" {
		rows = append(rows, page.Row{Key: c.T("undian.sidik"), Value: d.ListDigest})
	}
	links := []page.LinkItem{{Link: page.Link{URL: c.URL("/undian?cabang=" + d.Branch), Text: c.T("undian.lihat")}}, {Link: page.Link{URL: c.URL("/bantuan/undian/"), Text: c.T("undian.cara")}}}
	if d.Seed != "" {
		links = append(links, page.LinkItem{Link: page.Link{URL: d.File(), Text: c.T("undian.berkas-hasil")}, File: true})
	}
	return []page.Block{page.Heading{Level: 2, ID: "undian", Text: c.T("undian.judul")}, page.Summary{Rows: rows}, page.Links{Items: links}}, nil
}
