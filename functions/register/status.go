package register

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// status shows the opened registration, or asks for code and birth date.
func (s *Service) status(c *web.Call) error {
	reg, set, err := s.mine(c)
	if errors.Is(err, web.ErrNoSession) && !c.JSON() {
		return c.Show(http.StatusOK, statusForm(c, nil, nil), nil)
	}
	if err != nil {
		return err
	}
	p := personalPage(c, "daftar.status.judul")
	p.Blocks = consentNotice(c, set, reg)
	waiting, err := s.waiting(c, set, reg)
	if err != nil {
		return err
	}
	if reg.Status != claim.Waitlisted || len(waiting) == 0 { // which says the number too
		p.Blocks = append(p.Blocks, statusNotice(c, set, reg))
	}
	decision, err := s.decision(c, set, reg)
	if err != nil {
		return err
	}
	p.Blocks = append(p.Blocks, decision...)
	own := page.Summary{Rows: summary(c, set, reg)}
	if reg.Status == claim.Waitlisted {
		p.Blocks = append(append(p.Blocks, waiting...), own)
	} else {
		p.Blocks = append(append(append(p.Blocks, own), readiness(c, set, reg)...), waiting...)
	}
	queueing, err := s.queueing(c, reg)
	if err != nil {
		return err
	}
	p.Blocks = append(p.Blocks, queueing...)
	p.Blocks = append(p.Blocks, actions(c, set, reg)...)
	drawing, err := s.drawing(c, set, reg)
	if err != nil {
		return err
	}
	p.Blocks = append(p.Blocks, drawing...)
	if reg.Status.Ended() {
		survey, err := c.Invitation(reg.ID)
		if err != nil {
			return err
		}
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "survei", Text: c.T("survei.undangan.judul")}, page.Text{Text: c.T("survei.undangan.teks")},
			page.Button{Link: page.Link{URL: c.URL(survey), Text: c.T("survei.undangan.tombol")}, Secondary: true})
	}
	p.Blocks = append(p.Blocks, &page.Form{Action: c.URL("/keluar"), Buttons: []page.Submit{{Text: c.T("daftar.keluar"), Secondary: true}}})
	v, err := s.registration(c, set, reg)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, p, v)
}

// mine returns the registration that this browser has opened, with the
// requirement set it was made under.
func (s *Service) mine(c *web.Call) (claim.Registration, *requirement.Set, error) {
	id, err := c.Session()
	if err != nil {
		return claim.Registration{}, nil, err
	}
	reg, err := s.Store.ByID(c.Context(), id)
	if err != nil {
		return reg, nil, fmt.Errorf("open registration: %w", err)
	}
	set, err := s.Sets.Version(c.Context(), reg.SetVersion)
	if err != nil {
		return reg, nil, fmt.Errorf("requirement set of the registration: %w", err)
	}
	return reg, set, nil
}

func personalPage(c *web.Call, title string) *page.Page {
	return &page.Page{Title: c.T(title), Section: "/status", Scripts: []page.Script{"formulir"},
		Crumbs: []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}}}
}

func statusForm(c *web.Call, in web.Input, m web.Mistakes) *page.Page {
	birth, _ := in.Date(requirement.BirthDate)
	p := personalPage(c, "daftar.status.cari")
	p.Blocks = []page.Block{
		page.Lead{Text: c.T("daftar.status.pengantar")},
		&page.Form{Action: c.URL("/status"), Errors: m, Buttons: []page.Submit{{Text: c.T("daftar.status.buka")}}, Fields: []page.Field{
			{Kind: page.TextInput, Name: "kode", Label: c.T("daftar.kode.label"), Hint: c.T("daftar.kode.petunjuk"), Value: in.Get("kode"), Autocomplete: "off", Width: 30},
			{Kind: page.DateInput, Name: requirement.BirthDate, Label: c.T("daftar.tanggal-lahir"), Hint: c.T("daftar.tanggal-contoh"), Value: string(birth), Autocomplete: "bday"},
		}},
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL("/bantuan/kode/"), Text: c.T("daftar.kode.hilang")}}}},
	}
	return p
}

// open takes code and birth date. An unknown code and a wrong birth date are
// answered alike (TRUST R48); ten tries an hour for each code (R47).
func (s *Service) open(c *web.Call) error {
	in, err := c.Input("kode", requirement.BirthDate)
	if err != nil {
		return err
	}
	var m web.Mistakes
	code, err := claim.ParseCode(in.Get("kode"))
	switch {
	case in.Get("kode") == "":
		m.Add("kode", c.T("daftar.kode.kosong"))
	case err != nil:
		m.Add("kode", c.T("daftar.kode.salah"))
	}
	birth, ok := in.Date(requirement.BirthDate)
	switch {
	case birth == "":
		m.Add(requirement.BirthDate, c.T("daftar.lahir-salah"))
	case !ok:
		m.Add(requirement.BirthDate, dateWrong(c, in, requirement.BirthDate, c.T("daftar.tanggal-lahir")))
	}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, statusForm(c, in, m), m.Value())
	}
	if err := c.Attempt("code", code, 10, time.Hour); err != nil {
		return err
	}
	reg, err := s.Store.Find(c.Context(), code, birth)
	if errors.Is(err, claim.ErrNotFound) {
		m.Add("kode", c.T("daftar.kode.tidak-cocok"))
		p := statusForm(c, in, m)
		if !c.Rehearsal() {
			p.Blocks = append(p.Blocks, page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL(page.RehearsalBase + "/status"), Text: c.T("latihan.kode")}}}})
		}
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	if err != nil {
		return fmt.Errorf("find by code: %w", err)
	}
	if err := c.Open(reg.ID); err != nil {
		return err
	}
	return c.Redirect("/status")
}

func (s *Service) leave(c *web.Call) error {
	c.Leave()
	return c.Redirect("/status")
}

// consentNotice asks a worker whose company hands in the claim to agree first.
func consentNotice(c *web.Call, set *requirement.Set, reg claim.Registration) []page.Block {
	if claim.Consented(reg) || reg.Status != claim.Draft || !c.Now().Before(reg.Deadline) {
		return nil
	}
	deadline := moment(c, set.Branch(reg.Place.Branch), reg.Deadline)
	return []page.Block{page.Notice{Kind: "warning", Title: c.T("kolektif.status-klaim.judul"), Text: c.T("kolektif.status-klaim.teks", "batas", deadline)},
		page.Button{Link: page.Link{URL: c.URL("/kolektif/persetujuan"), Text: c.T("kolektif.status-klaim.tombol")}}}
}

func statusNotice(c *web.Call, set *requirement.Set, reg claim.Registration) page.Block {
	name := statusName(reg.Status)
	kind := map[claim.Status]string{claim.Draft: "warning", claim.Postponed: "warning", claim.Submitted: "success", claim.Proposed: "success", claim.Approved: "success"}[reg.Status]
	if kind == "" {
		kind = "info"
	}
	if reg.Status == claim.Lapsed && reg.Place.Time == "" {
		return page.Notice{Kind: kind, Title: c.T("daftar.selesai." + unserved(reg) + ".judul"), Text: c.T("daftar.selesai."+unserved(reg)+".teks", "tanggal", page.Date(c.Lang, reg.Place.Date))}
	}
	deadline := moment(c, set.Branch(reg.Place.Branch), reg.Deadline)
	if reg.Status == claim.Postponed {
		if !mendable(c, set, reg) {
			return page.Notice{Kind: kind, Title: c.T("daftar.status.ditunda.lewat"), Text: c.T("daftar.status.ditunda.lewat.teks")}
		}
		deadline = page.Date(c.Lang, reg.Decision.Until)
	}
	return page.Notice{Kind: kind, Title: c.T("daftar.status."+name+".judul", "batas", deadline), Text: c.T("daftar.status."+name+".teks", "batas", deadline)}
}

// unserved is how it ended for who never had a place.
func unserved(reg claim.Registration) string {
	switch {
	case reg.Ticket != "" && reg.Rank == 0:
		return "undian"
	case reg.Wait.Offers > 0 && reg.Wait.Left == 0:
		return "tawaran"
	}
	return "tunggu"
}

// actions are what the person can do in this state at this time.
func actions(c *web.Call, set *requirement.Set, reg claim.Registration) []page.Block {
	link := func(path, key string, quiet bool) page.Block {
		return page.Button{Link: page.Link{URL: c.URL(path), Text: c.T(key)}, Secondary: quiet}
	}
	switch {
	case reg.Status.Placeless():
		return []page.Block{link("/tanda-terima", "daftar.tanda-terima", true), link("/status/batal", "daftar.batal", true)}
	case reg.Status == claim.Postponed && mendable(c, set, reg):
		return []page.Block{link("/berkas", "daftar.perbaiki", false), link("/tanda-terima", "daftar.tanda-terima", true)}
	case reg.Status.Live() && !live(reg):
		return []page.Block{link("/tanda-terima", "daftar.tanda-terima", true)}
	case !live(reg):
		return []page.Block{link("/daftar", "daftar.mulai-lagi", false)}
	}
	blocks := []page.Block{link("/berkas", "daftar.berkas", reg.Status != claim.Draft), link("/tanda-terima", "daftar.tanda-terima", true)}
	if changeable(c, set, reg) == nil {
		if reg.Company == "" { // the days of a company's workers are agreed with the branch
			blocks = append(blocks, link("/status/pindah", "daftar.pindah", true))
		}
		blocks = append(blocks, link("/status/batal", "daftar.batal", true))
	}
	return blocks
}

// beforeHour is how long before its session an online participant can say to be ready.
const beforeHour = 30 * time.Minute

// mayBeReady tells whether a participant can say so now: online from half an
// hour before the session until the end of its day, onsite in the branch's hall.
func mayBeReady(c *web.Call, set *requirement.Set, reg claim.Registration) bool {
	b := set.Branch(reg.Place.Branch)
	if b == nil || reg.Status != claim.Submitted {
		return false
	}
	if reg.Place.Channel == requirement.Onsite {
		here := onTheSpot(c, set)
		return here != nil && here.Code == b.Code && requirement.DateOf(c.Now().In(b.Location())) == reg.Place.Date
	}
	start, err := b.At(reg.Place.Date, reg.Place.Time)
	return err == nil && !c.Now().Before(start.Add(-beforeHour)) && requirement.DateOf(c.Now().In(b.Location())) == reg.Place.Date
}

// readiness offers the button "I am ready" on the day, and says what was noted.
func readiness(c *web.Call, set *requirement.Set, reg claim.Registration) []page.Block {
	switch {
	case reg.Status == claim.Submitted && reg.Call.State == claim.Arrived && reg.Call.Number > 0:
		return []page.Block{page.Panel{Title: c.T("daftar.siap.nomor"), Text: c.T("daftar.siap.nomor.teks"), Code: page.Number(c.Lang, reg.Call.Number)}}
	case reg.Status == claim.Submitted && reg.Call.State == claim.Arrived:
		return []page.Block{page.Notice{Kind: "success", Title: c.T("daftar.siap.tercatat"), Text: c.T("daftar.siap.tercatat.teks")}}
	case reg.Call.Free() && mayBeReady(c, set, reg):
		text := c.T("daftar.siap")
		if reg.Place.Channel == requirement.Onsite {
			text = c.T("daftar.siap.di-kantor")
		}
		return []page.Block{&page.Form{Action: c.URL("/status/siap"), Buttons: []page.Submit{{Text: text}}}}
	}
	return nil
}

// ready notes that the participant is there. claim.ErrClosed at another time.
func (s *Service) ready(c *web.Call) error {
	reg, set, err := s.mine(c)
	if err != nil {
		return err
	}
	if !mayBeReady(c, set, reg) {
		return claim.ErrClosed
	}
	if _, err := s.Store.Arrive(c.Context(), "claimant", reg.ID); err != nil {
		return fmt.Errorf("ready: %w", err)
	}
	return c.Redirect("/status")
}

// mendable tells whether a postponed claim's documents can still be replaced.
func mendable(c *web.Call, set *requirement.Set, reg claim.Registration) bool {
	b := set.Branch(reg.Place.Branch)
	return b != nil && c.Now().Before(claim.MendUntil(b, reg))
}

// decision says the newest decision in plain words: its grounds, what the
// person can do, and which documents to send again.
func (s *Service) decision(c *web.Call, set *requirement.Set, reg claim.Registration) ([]page.Block, error) {
	if reg.Status != claim.Postponed && reg.Status != claim.Refused {
		return nil, nil
	}
	now, err := s.Sets.Current(c.Context())
	if err != nil {
		return nil, fmt.Errorf("grounds of a decision: %w", err)
	}
	var items []string
	for _, code := range reg.Decision.Reasons {
		if g := now.Deciding.Reason(code); g != nil {
			items = append(items, g.Text.In(c.Lang)+" "+g.Next.In(c.Lang))
		}
	}
	for _, slot := range reg.Decision.Mend {
		name := slot
		if d := set.Document(slot); d != nil {
			name = d.Title.In(c.Lang)
		}
		items = append(items, c.T("daftar.keputusan.berkas", "berkas", name))
	}
	return []page.Block{page.Heading{Level: 2, ID: "keputusan", Text: c.T("daftar.keputusan")}, page.List{Items: items}}, nil
}

func live(reg claim.Registration) bool {
	return reg.Status == claim.Draft || reg.Status == claim.Submitted
}

// changeable: claim.ErrNoPlace before there is a place, claim.ErrClosed after
// the last change before the session, or when it is over.
func changeable(c *web.Call, set *requirement.Set, reg claim.Registration) error {
	if reg.Status.Placeless() {
		return claim.ErrNoPlace
	}
	b := set.Branch(reg.Place.Branch)
	if b == nil || !live(reg) || reg.Status == claim.Draft && !c.Now().Before(reg.Deadline) {
		return claim.ErrClosed
	}
	start, err := b.At(reg.Place.Date, reg.Place.Time)
	if err != nil {
		return err
	}
	if !c.Now().Before(claim.LastChange(set.Booking, start)) {
		return claim.ErrClosed
	}
	return nil
}
