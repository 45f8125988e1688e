package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A ticket is a number at the door in the browser that took it, sealed for the
// branch. Its key is the idempotency key of the booking, so one number makes
// at most one registration, and the same one however often it is sent. That of
// a number that a form took is the form's own: it outlives a lost cookie.
type ticket struct {
	Date requirement.Date `json:"d"`
	N    int64            `json:"n"`
	Key  []byte           `json:"k"` // 16 bytes
}

// boardLife is how long the distribution shows everybody the same board.
const boardLife = 5 * time.Second

// An address may take mostNumbers numbers in numbersWindow, and the first few
// without a write (see web.Call.AttemptAddressLightly). Mobile carriers have
// thousands of lines behind one address, and at the hour many of them may come
// (TRUST R7): so the limit only stops a program that would fill the door by
// itself, and is over soon. A claimant, whom a carrier does not multiply, may
// take few: with a filled-in form mostOfOne in an hour, beside two that each
// function does not count. What a number can do is bound anyway: one
// registration, of a claimant who has no other.
const (
	mostNumbers   = 5000
	numbersWindow = 10 * time.Minute
	firstNumbers  = 5
	mostOfOne     = 20
)

// entrance is the door before a branch's newest day, at the moment of a call.
type entrance struct {
	service *Service
	call    *web.Call
	branch  *requirement.Branch
	date    requirement.Date
	door    claim.Door
	early   claim.Early // of an open door
	first   int64       // how many early numbers are below the first
}

// newest is the last day that a branch offers.
func newest(c *web.Call, set *requirement.Set, b *requirement.Branch) requirement.Date {
	return requirement.DateOf(c.Now().In(b.Location())).AddDays(set.Booking.HorizonDays)
}

// entrance returns the door before a branch's newest day while it stands; nil
// if there is none. A rehearsal has no doors, nor has a day opened by draw.
func (s *Service) entrance(c *web.Call, set *requirement.Set, b *requirement.Branch) (*entrance, error) {
	if c.Rehearsal() || b == nil || !b.Bookable {
		return nil, nil
	}
	d := newest(c, set, b)
	door, ok := claim.DoorOf(b, set.Booking, d)
	if !ok || !door.Stands(c.Now()) {
		return nil, nil
	}
	if drawn, err := s.byDraw(c, set.Booking.Opening, b.Code, d); drawn || err != nil {
		return nil, err
	}
	e := &entrance{service: s, call: c, branch: b, date: d, door: door}
	if !door.Open(c.Now()) {
		return e, nil
	}
	var err error
	if e.early, err = s.Store.Early(c.Context(), b.Code, d); err != nil {
		return nil, fmt.Errorf("door: %w", err)
	}
	secret, err := s.Pseudonym(c.Context(), "door", b.Code+"#"+string(d))
	e.first = claim.FirstOf([]byte(secret), e.early.Total())
	return e, err
}

func (e *entrance) cookie() string { return cookieOf(e.branch.Code) }

func cookieOf(branch string) string { return "__Host-antre-" + branch }

// ticket returns the number that the browser has; web.ErrNoSession if it has none.
func (e *entrance) ticket() (ticket, error) { return ticketOf(e.call, e.branch.Code, e.date) }

func ticketOf(c *web.Call, branch string, d requirement.Date) (t ticket, err error) {
	b, err := c.Sealed(cookieOf(branch))
	if err != nil {
		return t, err
	}
	if json.Unmarshal(b, &t) != nil || t.Date != d || len(t.Key) != 16 {
		return t, web.ErrNoSession
	}
	return t, nil
}

// take gives the browser a number. The browser keeps it until the day, as long
// as what it makes lives: the same form gives the same code after the door, too.
func (e *entrance) take(key []byte) (t ticket, err error) {
	c := e.call
	if err := c.AttemptAddressLightly("nomor", firstNumbers, mostNumbers, numbersWindow); err != nil {
		return t, err
	}
	if key == nil {
		if key, err = web.RandomKey(); err != nil {
			return t, err
		}
	}
	t = ticket{Date: e.date, Key: key}
	if t.N, err = e.service.Store.TakeNumber(c.Context(), e.branch.Code, e.date, e.door); err != nil {
		return t, fmt.Errorf("door: %w", err)
	}
	b, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	day, err := e.branch.At(e.date.AddDays(1), "00:00")
	if err != nil {
		return t, fmt.Errorf("door: %w", err)
	}
	return t, c.Seal(e.cookie(), b, int(day.Sub(c.Now()).Seconds()))
}

// turn is when a ticket is let in; before the hour nobody can tell.
func (e *entrance) turn(t ticket) (at time.Time, known bool) {
	if !e.door.Open(e.call.Now()) {
		return e.door.Opens, false
	}
	return e.door.Turn(claim.OrderOf(t.N, e.early, e.first)), true
}

func (e *entrance) admitted(t ticket) bool {
	at, known := e.turn(t)
	return known && !at.After(e.call.Now())
}

// ahead is how many numbers are let in before a ticket's, from now on.
func (e *entrance) ahead(t ticket) int64 {
	return max(0, claim.OrderOf(t.N, e.early, e.first)-e.door.Served(e.call.Now()))
}

// behindDoor tells whether a day cannot be chosen for a door: to book before
// numbers are given, to move to as long as it stands, which would be a way round it.
func (a *application) behindDoor(d requirement.Date) bool {
	if a.call.Rehearsal() || a.here != nil {
		return false
	}
	door, ok := claim.DoorOf(a.branch, a.set.Booking, d)
	if !ok || d != newest(a.call, a.set, a.branch) || a.hours.Mode(a.set.Booking.Opening, a.branch.Code, d) == requirement.Ballot {
		return false
	}
	return a.call.Now().Before(door.Gathers) || a.moving && door.Stands(a.call.Now())
}

// approach finds the door that the form stands before, if any. It asks the store
// for nothing that others have not asked for lately.
func (a *application) approach() error {
	e, err := a.service.entrance(a.call, a.set, a.set.Branch(a.in.Get("kantor")))
	if err == nil && e != nil && requirement.Date(a.in.Get("tanggal")) == e.date {
		a.door = e
	}
	return err
}

// gate lets a form for the newest day through with a number whose turn has
// come, and returns the number's key; done: it was answered with a page to wait on.
// It asks the store for a number at most, and nothing for who has one.
func (a *application) gate() (key []byte, done bool, err error) {
	e := a.door
	if e == nil {
		key, err = a.kept()
		return key, false, err
	}
	t, err := e.ticket()
	if err == nil && e.admitted(t) {
		return t.Key, false, nil
	}
	if !a.waits() {
		if gone, err := a.gone(e); gone || err != nil {
			return nil, true, err
		}
	}
	if errors.Is(err, web.ErrNoSession) {
		t, err = a.number()
	}
	if err != nil {
		return nil, false, err
	}
	if e.admitted(t) { // nobody was waiting
		return t.Key, false, nil
	}
	return nil, true, a.wait(e, t)
}

// number takes a number for the form.
func (a *application) number() (ticket, error) {
	own, err := a.call.Key(a.in.Get("kunci"))
	if err != nil && !errors.Is(err, web.ErrKey) && !errors.Is(err, web.ErrKeyAge) {
		return ticket{}, err
	}
	if err := a.call.AttemptValueLightly("nomor-nik", a.person.NIK, 2, mostOfOne, time.Hour); err != nil {
		return ticket{}, err
	}
	return a.door.take(own)
}

// kept returns the key of the number that the browser took while a door stood
// before the day; nil if it has none.
func (a *application) kept() ([]byte, error) {
	if a.call.Rehearsal() || a.branch == nil {
		return nil, nil
	}
	t, err := ticketOf(a.call, a.branch.Code, a.place.Date)
	if errors.Is(err, web.ErrNoSession) {
		return nil, nil
	}
	return t.Key, err
}

// again takes a new number where the old one has made another registration.
func (a *application) again() error {
	t, err := a.door.take(nil)
	if err != nil {
		return err
	}
	return a.wait(a.door, t)
}

// gone answers who waits for a day that is sold out already: nobody has to
// wait for nothing. Whose turn has come is never sent away here.
func (e *entrance) gone() (bool, error) {
	out, err := e.service.soldOut(e)
	if err != nil || !out {
		return false, err
	}
	return true, e.call.Refuse(claim.ErrSoldOut, e.elsewhere())
}

// gone is that of the entrance for who has filled in everything, which the way
// to the day's wait list keeps.
func (a *application) gone(e *entrance) (bool, error) {
	if !a.waitable() {
		return e.gone()
	}
	out, err := a.service.soldOut(e)
	if err != nil || !out {
		return false, err
	}
	key, err := a.call.RenewKey(a.in.Get("kunci"))
	if err != nil {
		return false, err
	}
	form := &page.Form{Action: a.call.URL("/daftar/tanggal"), Fields: a.hidden(nil, key), Buttons: []page.Submit{{Text: a.call.T("antre.daftar-tunggu")}}}
	return true, a.call.Refuse(claim.ErrSoldOut, form, e.elsewhere())
}

// elsewhere leads to another day.
func (e *entrance) elsewhere() page.Button {
	return page.Button{Link: page.Link{URL: e.call.URL("/daftar"), Text: e.call.T("antre.lain")}, Secondary: true}
}

// wait is the page of who has filled in everything and waits for the turn.
func (a *application) wait(e *entrance, t ticket) error {
	c := a.call
	key, err := c.RenewKey(a.in.Get("kunci"))
	if err != nil {
		return err
	}
	form := &page.Form{Action: c.URL("/daftar"), Buttons: []page.Submit{{Text: c.T("daftar.pesan")}}, Fields: a.hidden(nil, key), Script: "antre",
		Attributes: map[string]string{"data-giliran": strconv.Itoa(e.seconds(t)), "data-lagi": c.T("antre.coba"), "data-gagal": c.T("antre.gagal")}}
	p := journeyPage(c, "antre.judul", len(steps)+1)
	p.Scripts = []page.Script{"antre"}
	p.Blocks = append(e.number(t), page.Text{Text: c.T("antre.tersimpan")}, form)
	v := e.value(t)
	v["kunci"] = key
	return c.Show(http.StatusAccepted, p, map[string]any{"antre": v})
}

// number says which number it is, when its turn is, and how many are before it.
func (e *entrance) number(t ticket) []page.Block {
	c := e.call
	at, known := e.turn(t)
	text := c.T("antre.sebelum", "jam", e.hour())
	if known {
		text = c.T("antre.giliran", "jam", e.clock(at), "jumlah", page.Number(c.Lang, int(e.ahead(t))))
	}
	board := page.Link{URL: c.URL("/daftar/antre/" + e.branch.Code), Text: c.T("antre.papan")}
	return []page.Block{
		page.Panel{Title: c.T("antre.nomor"), Text: e.branch.Name, Code: page.Number(c.Lang, int(t.N+1))},
		page.Notice{Kind: "info", Title: text, Text: c.T("antre.laju", "laju", strconv.Itoa(e.door.PerSecond)), Link: &board},
	}
}

func (e *entrance) value(t ticket) map[string]any {
	v := map[string]any{"nomor": t.N + 1, "kantor": e.branch.Code, "tanggal": e.date, "buka": e.door.Opens.Format(time.RFC3339), "laju": e.door.PerSecond}
	if at, known := e.turn(t); known {
		v["giliran"], v["di_depan"] = at.Format(time.RFC3339Nano), e.ahead(t)
	}
	return v
}

// spread is over how long after the hour early people ask when their turn is.
const spread = 30 * time.Second

// seconds is until when a page waits before it asks again: until the turn, or
// until some moment after the hour, by chance, so that not all ask at once.
func (e *entrance) seconds(t ticket) int {
	at, known := e.turn(t)
	if !known {
		at = at.Add(time.Duration(rand.Int64N(int64(spread)))) //nolint:gosec // spreads load only
	}
	return 1 + int(at.Sub(e.call.Now()).Seconds())
}

// clock says a moment to the second at the branch.
func (e *entrance) clock(t time.Time) string {
	return page.Clock(e.call.Lang, t.In(e.branch.Location()).Format("15:04:05"), e.branch.Zone)
}

// hour says when the door opens, to the minute.
func (e *entrance) hour() string {
	return page.Clock(e.call.Lang, e.door.Opens.In(e.branch.Location()).Format("15:04"), e.branch.Zone)
}

// at opens the door that an address names. errNoDoor if none stands there,
// web.ErrNoPage if there is no such branch.
func (s *Service) at(c *web.Call) (*entrance, error) {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return nil, err
	}
	b := set.Branch(c.R.PathValue("kantor"))
	if b == nil {
		return nil, web.ErrNoPage
	}
	e, err := s.entrance(c, set, b)
	if err == nil && e == nil {
		err = errNoDoor
	}
	return e, err
}

// errNoDoor: no number is needed at the branch now.
var errNoDoor = errors.New("register: no door stands here")

// board shows everybody the same: which numbers have had their turn.
func (s *Service) board(c *web.Call) error {
	e, err := s.at(c)
	if errors.Is(err, errNoDoor) {
		return s.noDoor(c)
	}
	if err != nil {
		return err
	}
	gone, err := s.soldOut(e)
	if err != nil {
		return err
	}
	c.Cache(boardLife)
	p := journeyPage(c, "antre.papan", 0)
	p.Steps, p.Reload, p.Path = 0, int(2*boardLife.Seconds()), "/daftar/antre/"+e.branch.Code
	head := page.Panel{Title: c.T("antre.masuk"), Text: e.branch.Name, Code: e.serving()}
	if !e.door.Open(c.Now()) {
		head.Title, head.Code = c.T("antre.sebelum", "jam", e.hour()), ""
	}
	p.Blocks = []page.Block{head}
	switch {
	case gone:
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: c.T("galat.habis.judul"), Text: c.T("galat.habis.teks")}, e.elsewhere())
	default:
		p.Blocks = append(p.Blocks, page.Text{Text: c.T("antre.aturan", "jam", e.hour(), "tanggal", page.Date(c.Lang, e.date), "laju", strconv.Itoa(e.door.PerSecond))},
			&page.Form{Action: c.URL("/daftar/nomor/" + e.branch.Code), Buttons: []page.Submit{{Text: c.T("antre.ambil")}}})
	}
	v := map[string]any{"kantor": e.branch.Code, "tanggal": e.date, "buka": e.door.Opens.Format(time.RFC3339), "laju": e.door.PerSecond, "habis": gone, "masuk": e.serving()}
	return c.Show(http.StatusOK, p, v)
}

// serving says which numbers have had their turn: "4.501–5.120", and where the
// order has come round "4.501–6.000, 1–120"; later "1–7.000".
func (e *entrance) serving() string {
	n := func(n int64) string { return page.Number(e.call.Lang, int(n)) }
	p, total := e.door.Served(e.call.Now()), e.early.Total()
	switch {
	case p == 0:
		return "–"
	case p >= total:
		return "1–" + n(p-total+e.early.End())
	case e.first+p <= total:
		return n(e.early.Number(e.first)+1) + "–" + n(e.early.Number(e.first+p-1)+1)
	}
	return n(e.early.Number(e.first)+1) + "–" + n(e.early.End()) + ", 1–" + n(e.early.Number(e.first+p-total-1)+1)
}

// noDoor leads on where no number is needed.
func (s *Service) noDoor(c *web.Call) error {
	p := journeyPage(c, "antre.tanpa.judul", 0)
	p.Steps = 0
	p.Blocks = []page.Block{page.Lead{Text: c.T("antre.tanpa.teks")}, page.Button{Link: page.Link{URL: c.URL("/daftar"), Text: c.T("antre.tanpa.tombol")}}}
	return c.Show(http.StatusOK, p, map[string]any{"antre": nil})
}

// join gives a number to who has none, before or after filling in the form.
func (s *Service) join(c *web.Call) error {
	e, err := s.at(c)
	if errors.Is(err, errNoDoor) {
		return s.noDoor(c)
	}
	if err != nil {
		return err
	}
	if gone, err := e.gone(); gone || err != nil {
		return err
	}
	if _, err = e.ticket(); errors.Is(err, web.ErrNoSession) {
		_, err = e.take(nil)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/daftar/nomor/" + e.branch.Code)
}

// own shows the browser's number, and asks again when its turn has come.
func (s *Service) own(c *web.Call) error {
	e, err := s.at(c)
	if errors.Is(err, errNoDoor) {
		return s.noDoor(c)
	}
	if err != nil {
		return err
	}
	t, err := e.ticket()
	if errors.Is(err, web.ErrNoSession) {
		return c.Redirect("/daftar/antre/" + e.branch.Code)
	}
	if err != nil {
		return err
	}
	p := journeyPage(c, "antre.judul", 0)
	p.Steps = 0
	if e.admitted(t) {
		p.Blocks = []page.Block{page.Notice{Kind: "success", Title: c.T("antre.masuk-sekarang"), Text: c.T("antre.masuk-sekarang.teks")},
			page.Button{Link: page.Link{URL: c.URL("/daftar"), Text: c.T("antre.isi")}}}
		v := e.value(t)
		v["masuk"] = true
		return c.Show(http.StatusOK, p, map[string]any{"antre": v})
	}
	p.Refresh = e.seconds(t)
	p.Blocks = append(e.number(t), page.Text{Text: c.T("antre.isi.teks")}, page.Button{Link: page.Link{URL: c.URL("/daftar"), Text: c.T("antre.isi")}},
		page.Button{Link: page.Link{URL: c.URL("/daftar/nomor/" + e.branch.Code), Text: c.T("antre.lagi")}, Secondary: true})
	return c.Show(http.StatusOK, p, map[string]any{"antre": e.value(t)})
}
