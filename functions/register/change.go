package register

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// changing returns the opened registration if it can still be changed.
func (s *Service) changing(c *web.Call) (claim.Registration, *requirement.Set, error) {
	reg, set, err := s.mine(c)
	if err == nil {
		err = changeable(c, set, reg)
	}
	return reg, set, err
}

// leaving returns the opened registration if it can still be cancelled: who
// has no place yet, or only the offer of one, can go at any time.
func (s *Service) leaving(c *web.Call) (claim.Registration, *requirement.Set, error) {
	reg, set, err := s.mine(c)
	if err == nil && !reg.Status.Placeless() {
		err = changeable(c, set, reg)
	}
	return reg, set, err
}

func (s *Service) askCancel(c *web.Call) error {
	reg, set, err := s.leaving(c)
	if err != nil {
		return err
	}
	p := personalPage(c, "daftar.batal.judul")
	p.Back = &page.Link{URL: c.URL("/status"), Text: c.T("daftar.batal.tidak")}
	p.Blocks = []page.Block{
		consequence(c, set, reg),
		page.Summary{Rows: summary(c, set, reg)},
		&page.Form{Action: c.URL("/status/batal"), Fields: []page.Field{versionField(reg)},
			Buttons: []page.Submit{{Text: c.T("daftar.batal.ya"), Danger: true}}},
	}
	return c.Show(http.StatusOK, p, registrationValue(reg))
}

// consequence says what a cancellation gives up: a turn, an offer, or a place,
// with the moment at which others can book it.
func consequence(c *web.Call, set *requirement.Set, reg claim.Registration) page.Notice {
	said := func(title, text string, args ...string) page.Notice {
		return page.Notice{Kind: "warning", Title: c.T("daftar.batal." + title), Text: c.T("daftar.batal."+text+".teks", args...) + " " + c.T("daftar.batal.tetap")}
	}
	switch {
	case reg.Status.Queued():
		return said("antre", "antre")
	case reg.Status == claim.Offered:
		return said("tawaran", "tawaran")
	}
	if b := set.Branch(reg.Place.Branch); b != nil {
		start, err := b.At(reg.Place.Date, reg.Place.Time)
		at := claim.Reopens(b, set.Booking, c.Now(), start)
		if err == nil && at.Before(claim.Closes(set.Booking, start)) {
			return said("akibat", "akibat", "saat", moment(c, b, at))
		}
	}
	return said("akibat", "setempat")
}

// versionField ties a form to the state that the person saw.
func versionField(reg claim.Registration) page.Field {
	return page.Field{Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(reg.Version)}
}

// seenVersion returns the version that the form was made for; JSON callers may leave it out.
func seenVersion(in web.Input, reg claim.Registration) (int, error) {
	if in.Get("versi") == "" {
		return reg.Version, nil
	}
	v, err := strconv.Atoi(in.Get("versi"))
	if err != nil {
		return 0, web.Bad{Code: "isian-rusak", Detail: "versi"}
	}
	return v, nil
}

func (s *Service) cancel(c *web.Call) error {
	in, err := c.Input("versi")
	if err != nil {
		return err
	}
	reg, _, err := s.leaving(c)
	if err != nil {
		return err
	}
	version, err := seenVersion(in, reg)
	if err != nil {
		return err
	}
	if _, err := s.Store.Cancel(c.Context(), reg.ID, version); err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	return c.Redirect("/status")
}

func (s *Service) askMove(c *web.Call) error {
	in, err := c.Input("kanal")
	if err != nil {
		return err
	}
	reg, set, err := s.changing(c)
	if err != nil {
		return err
	}
	in["kantor"] = []string{reg.Place.Branch}
	m, err := s.mover(c, set, reg, in)
	if err != nil {
		return err
	}
	if !m.toOnsite {
		return m.show(0, nil, http.StatusOK)
	}
	_, err = m.ask()
	return err
}

// A mover is the short journey to another place: branch, day, time. The
// channel stays, because it decides on the documents; only from online to
// onsite at the same branch is there a way, which skips the choice of branch.
type mover struct {
	*application
	toOnsite bool
}

var moveSteps = []step{
	{"kantor", []string{"kantor"}, checkBranch, showMoveBranches},
	{"tanggal", []string{"tanggal"}, checkDate, showDates},
	{"jam", []string{"jam"}, checkTime, showTimes},
}

// mover reads the fields so far. web.Bad for a channel that the registration
// may not change to.
func (s *Service) mover(c *web.Call, set *requirement.Set, reg claim.Registration, in web.Input) (mover, error) {
	if reg.Company != "" {
		return mover{}, claim.ErrClosed // its day is agreed with the branch
	}
	if in.Get("kanal") == "" {
		in["kanal"] = []string{string(reg.Place.Channel)}
	}
	channel := requirement.Channel(in.Get("kanal"))
	toOnsite := channel == requirement.Onsite && channel != reg.Place.Channel
	if channel != reg.Place.Channel && !(toOnsite && claim.MayGoOnsite(set, reg)) {
		return mover{}, web.Bad{Code: "isian-rusak", Detail: "kanal"}
	}
	if toOnsite {
		in["kantor"] = []string{reg.Place.Branch}
	}
	if in.Get("versi") == "" {
		in["versi"] = []string{strconv.Itoa(reg.Version)}
	}
	reason := set.Reason(reg.Reason)
	if reason == nil {
		return mover{}, claim.ErrClosed
	}
	return mover{&application{call: c, service: s, in: in, set: set, reason: reason, answers: reg.Private.Answers, moving: true}, toOnsite}, nil
}

func showMoveBranches(a *application, f *page.Form) ([]page.Block, any, error) {
	options, value := branchOptions(a.set, a.in.Get("kantor"))
	f.Fields = append(f.Fields, page.Field{Kind: page.Select, Name: "kantor", Label: a.call.T("daftar.kantor.label"), Options: options})
	return []page.Block{page.Lead{Text: a.call.T("daftar.pindah.pengantar")}}, map[string]any{"kantor": value}, nil
}

func (m mover) show(i int, mistakes web.Mistakes, status int) error {
	c := m.call
	form := &page.Form{Action: c.URL("/status/pindah"), Errors: mistakes, Buttons: []page.Submit{{Text: c.T("daftar.lanjut")}}}
	if i == len(moveSteps)-1 {
		form.Buttons[0].Text = c.T("daftar.pindah.ya")
	}
	blocks, value, err := moveSteps[i].show(m.application, form)
	if err != nil {
		return err
	}
	names := []string{"kantor", "tanggal", "versi"}
	p := personalPage(c, "daftar.pindah.judul")
	p.Step, p.Steps = i+1, len(moveSteps)
	if m.toOnsite {
		names[0] = "kanal"
		p.Step, p.Steps = i, len(moveSteps)-1
		p.Switch = "/status/pindah?kanal=onsite"
		blocks = append([]page.Block{page.Lead{Text: c.T("perangkat.kantor.teks", "kantor", m.branch.Name)}}, blocks...)
	}
	for _, name := range names {
		if form.Fields[0].Name != name && m.in.Get(name) != "" {
			form.Fields = append(form.Fields, page.Field{Kind: page.Hidden, Name: name, Value: m.in.Get(name)})
		}
	}
	if len(mistakes) > 0 {
		value = mistakes.Value()
	}
	p.Back = &page.Link{URL: c.URL("/status"), Text: c.T("daftar.pindah.tidak")}
	p.Blocks = append(blocks, form)
	return c.Show(status, p, value)
}

// ask shows the first step whose field is missing or wrong. done: there is none.
func (m mover) ask() (done bool, err error) {
	for i, st := range moveSteps {
		if len(m.in[st.fields[0]]) == 0 {
			return false, m.show(i, nil, http.StatusOK)
		}
		mistakes, err := st.check(m.application)
		if err != nil {
			return false, err
		}
		if len(mistakes) > 0 {
			return false, m.show(i, mistakes, http.StatusUnprocessableEntity)
		}
	}
	return true, nil
}

// move takes the fields so far, and with the last of them moves the place in
// one transaction: the old seat is free in the moment the new one is taken.
func (s *Service) move(c *web.Call) error {
	in, err := c.Input("kantor", "kanal", "tanggal", "jam", "versi")
	if err != nil {
		return err
	}
	reg, set, err := s.changing(c)
	if err != nil {
		return err
	}
	m, err := s.mover(c, set, reg, in)
	if err != nil {
		return err
	}
	if done, err := m.ask(); !done || err != nil {
		return err
	}
	version, err := seenVersion(in, reg)
	if err != nil {
		return err
	}
	_, err = s.Store.Move(c.Context(), reg.ID, version, m.place, m.start.UTC(), m.deadline(reg).UTC())
	if errors.Is(err, claim.ErrFull) {
		return m.show(len(moveSteps)-1, web.Mistakes{{Field: "jam", Message: c.T("daftar.jam.baru-penuh")}}, http.StatusConflict)
	}
	if err != nil {
		return fmt.Errorf("move: %w", err)
	}
	return c.Redirect("/status")
}

// deadline of a moved draft: moving gives no more time, but never less than the new place leaves.
func (m mover) deadline(reg claim.Registration) time.Time {
	if m.until.Before(reg.Deadline) {
		return m.until
	}
	return reg.Deadline
}
