package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// book takes the place. The same form sent again gives the same code, for as
// long as the registration lives.
func (s *Service) book(c *web.Call) error {
	a, err := s.read(c)
	if errors.Is(err, errUnknownReason) {
		return c.Redirect("/daftar")
	}
	if err != nil {
		return err
	}
	if err := a.approach(); err != nil {
		return err
	}
	if done, err := a.checkForBooking(); done || err != nil {
		return err
	}
	number, done, err := a.gate()
	if done || err != nil {
		return err
	}
	key, done, err := a.key(number)
	if done || err != nil {
		return err
	}
	err = a.bookAs(key)
	if errors.Is(err, claim.ErrKeyReused) && number != nil {
		return a.spent()
	}
	return err
}

// bookAs does what the form asks for under an idempotency key.
func (a *application) bookAs(key []byte) error {
	s, c := a.service, a.call
	b, err := a.booking(key)
	if err != nil {
		return err
	}
	switch {
	case a.draw != nil:
		return s.enter(a, b)
	case a.waits():
		return s.queueUp(a, b)
	}
	reg, err := s.take(a, b)
	if err != nil {
		return a.notTaken(err)
	}
	if err := c.Open(reg.ID); err != nil {
		return err
	}
	return booked(c, a.set, reg)
}

// spent goes on where the number has made another registration: with a new
// number while the door stands, else as a form that never had one.
func (a *application) spent() error {
	if a.door != nil {
		return a.again()
	}
	key, err := a.call.Key(a.in.Get("kunci"))
	if err != nil && !errors.Is(err, web.ErrKeyAge) {
		return err
	}
	return a.bookAs(key)
}

// key returns the key of the booking, that of the number at the door before
// that of the form, and counts the try; done: the form was shown once more.
func (a *application) key(number []byte) (key []byte, done bool, err error) {
	c := a.call
	key, err = c.Key(a.in.Get("kunci"))
	if number != nil && errors.Is(err, web.ErrKeyAge) {
		err = nil // the page has waited for its turn; the number is as good a proof
	}
	switch {
	case errors.Is(err, web.ErrKey), errors.Is(err, web.ErrKeyAge):
		return nil, true, a.show(len(steps)-1, web.Mistakes{{Field: "persetujuan", Message: c.T("daftar.kirim-ulang")}}, http.StatusUnprocessableEntity)
	case err != nil:
		return nil, false, err
	case number != nil && a.door != nil:
		return number, false, c.AttemptValueLightly("nik", a.person.NIK, 2, 20, time.Hour) // the address was counted when it took the number
	}
	if number != nil {
		key = number
	}
	return key, false, c.Attempt("nik", a.person.NIK, 20, time.Hour)
}

// notTaken answers who did not get the place.
func (a *application) notTaken(err error) error {
	c := a.call
	if errors.Is(err, claim.ErrFull) && a.door != nil {
		if gone, err := a.gone(a.door); gone || err != nil {
			return err
		}
	}
	switch {
	case errors.Is(err, claim.ErrFull):
		a.place.Time = ""
		return a.show(stepIndex("jam"), web.Mistakes{{Field: "jam", Message: c.T("daftar.jam.baru-penuh")}}, http.StatusConflict)
	case errors.Is(err, claim.ErrAlreadyBooked):
		return c.Refuse(err, page.Button{Link: page.Link{URL: c.URL("/status"), Text: c.T("galat.sudah-terdaftar.tombol")}})
	}
	return fmt.Errorf("book: %w", err)
}

// take books, and makes the seats of a day that nobody has looked at yet.
func (s *Service) take(a *application, b claim.Booking) (claim.Registration, error) {
	ctx := a.call.Context()
	reg, err := s.Store.Book(ctx, b)
	if !errors.Is(err, claim.ErrFull) || s.seen.glance(b.Place.Branch, b.Place.Date).made.Load() {
		return reg, err
	}
	if _, missing := s.Store.Sessions(ctx, b.Place.Branch, b.Place.Date); !errors.Is(missing, claim.ErrNoDay) {
		return reg, err
	}
	if err := s.Store.EnsureDay(ctx, a.plan(b.Place.Date)); err != nil {
		return reg, fmt.Errorf("make seats on demand: %w", err)
	}
	return s.Store.Book(ctx, b)
}

// checkForBooking is check of all steps, but a session that is full by now
// does not stop a repeated request: its seat may be this person's own.
func (a *application) checkForBooking() (done bool, err error) {
	for i, st := range steps {
		var mistakes web.Mistakes
		if st.name == "jam" {
			mistakes, err = a.checkSessionExists()
		} else {
			mistakes, err = st.check(a)
		}
		if err != nil {
			return false, err
		}
		if len(mistakes) > 0 {
			return true, a.show(i, mistakes, http.StatusUnprocessableEntity)
		}
		if v := a.reason.Decide(a.answers, a.today()); i == 0 && (!v.Eligible || len(a.reason.Channels) == 0) {
			return true, a.notEligible(v)
		}
		if st.name == "tanggal" && !a.joinable(true) {
			return true, a.notOpen()
		}
	}
	return false, nil
}

func (a *application) checkSessionExists() (web.Mistakes, error) {
	if err := a.placed(); err != nil {
		return nil, err
	}
	if a.draw != nil {
		return a.checkWishes()
	}
	if a.waits() {
		return a.checkWait(true)
	}
	a.place.Time = a.in.Get("jam")
	for _, s := range a.plan(a.place.Date).Sessions {
		if s.Channel == a.place.Channel && s.Time == a.place.Time && a.bookable(a.place.Date, s.Time) == nil {
			return nil, a.schedule()
		}
	}
	return web.Mistakes{{Field: "jam", Message: a.call.T("daftar.jam.pilih")}}, nil
}

func (a *application) booking(key []byte) (claim.Booking, error) {
	b := claim.Booking{
		Key: key, Programme: a.reason.Programme, Reason: a.reason.Code, SetVersion: a.set.Version, Lang: a.call.Lang,
		Place: a.place, Start: a.start.UTC(), Deadline: a.until.UTC(), Flags: claim.FlagsOf(a.person), Consents: a.proofs,
		Person: a.person, Answers: a.answers,
	}
	asked := b.Place
	if a.here != nil {
		asked.Time = "" // we chose it, and the next time might choose another
	}
	digest, err := json.Marshal([]any{b.Reason, asked, b.Person, b.Answers})
	if err != nil {
		return b, fmt.Errorf("digest of the request: %w", err)
	}
	b.Digest, err = a.service.Pseudonym(a.call.Context(), "request", string(digest))
	return b, err
}

// booked is the answer to a booking: the code, and what to do until when.
func booked(c *web.Call, set *requirement.Set, reg claim.Registration) error {
	branch := set.Branch(reg.Place.Branch)
	deadline := moment(c, branch, reg.Deadline)
	p := journeyPage(c, "daftar.terdaftar.judul", 0)
	p.Steps = 0
	p.Blocks = []page.Block{
		page.Panel{Title: c.T("daftar.terdaftar.kode"), Text: c.T("daftar.terdaftar.simpan"), Code: claim.FormatCode(reg.Private.Code)},
		page.Notice{Kind: "warning", Title: c.T("daftar.terdaftar.batas", "batas", deadline), Text: c.T("daftar.terdaftar.lepas")},
		page.Button{Link: page.Link{URL: c.URL("/berkas"), Text: c.T("daftar.terdaftar.kirim")}},
		page.Summary{Rows: summary(c, set, reg)},
		page.Button{Link: page.Link{URL: c.URL("/tanda-terima"), Text: c.T("daftar.terdaftar.bukti")}, Secondary: true},
	}
	return c.Show(http.StatusCreated, p, registrationValue(reg))
}

// registrationValue is the JSON form of a registration. It holds what its
// owner needs and nothing of the stored item (TRUST R50).
func registrationValue(reg claim.Registration) map[string]any {
	v := map[string]any{
		"kode": claim.FormatCode(reg.Private.Code), "status": statusName(reg.Status), "sebab": reg.Reason,
		"kantor": reg.Place.Branch, "kanal": reg.Place.Channel, "tanggal": reg.Place.Date, "jam": reg.Place.Time,
		"batas": reg.Deadline.UTC().Format(time.RFC3339),
	}
	if reg.Place.Channel == requirement.Online {
		v["telepon"] = reg.Phone
	}
	if reg.Ticket != "" {
		v["tiket"] = reg.Ticket
	}
	if drawn(reg) {
		v["peringkat"] = reg.Rank
	}
	if len(reg.Wishes) > 0 {
		v["keinginan"] = reg.Wishes
	}
	if !reg.Device.Taken.IsZero() {
		v["uji_perangkat"] = deviceValue(reg.Device)
	}
	return v
}

// statusName is the status as people read it in the JSON form and the words.
func statusName(s claim.Status) string {
	return map[claim.Status]string{claim.Entered: "undian", claim.Waitlisted: "menunggu", claim.Offered: "ditawari", claim.Draft: "draf", claim.Submitted: "terkirim", claim.Cancelled: "dibatalkan", claim.Lapsed: "kedaluwarsa",
		claim.Proposed: "terkirim", claim.Approved: "disetujui", claim.Refused: "ditolak", claim.Postponed: "ditunda"}[s]
}

// moment says a time in the branch's zone.
func moment(c *web.Call, b *requirement.Branch, t time.Time) string {
	if b == nil {
		b = &requirement.Branch{Zone: "WIB"}
	}
	return page.Moment(c.Lang, t, b)
}

func summary(c *web.Call, set *requirement.Set, reg claim.Registration) []page.Row {
	rows := []page.Row{{Key: c.T("daftar.status"), Value: c.T("daftar.status." + statusName(reg.Status))}}
	if r := set.Reason(reg.Reason); r != nil {
		rows = append(rows, page.Row{Key: c.T("daftar.sebab"), Value: r.Programme + ": " + r.Title.In(c.Lang)})
	}
	if b := set.Branch(reg.Place.Branch); b != nil {
		rows = append(rows,
			page.Row{Key: c.T("daftar.kantor"), Value: b.Name},
			page.Row{Key: c.T("daftar.kanal"), Value: channelName(c, reg)},
			page.Row{Key: c.T("daftar.waktu"), Value: when(c, reg.Place, b.Zone)})
		if reg.Place.Channel == requirement.Onsite && b.Address != "" {
			rows = append(rows, page.Row{Key: c.T("daftar.alamat"), Value: b.Address})
		}
	}
	if reg.Ticket != "" {
		rows = append(rows, page.Row{Key: c.T("daftar.tiket"), Value: reg.Ticket})
	}
	if drawn(reg) {
		rows = append(rows, page.Row{Key: c.T("daftar.peringkat"), Value: page.Number(c.Lang, reg.Rank)})
	}
	if live(reg) && reg.Place.Channel == requirement.Online {
		rows = append(rows, deviceRow(c, set, reg))
	}
	return rows
}
