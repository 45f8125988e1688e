// Package desk is where officers work: who is ready, the claims in their own
// hands, the documents, the decision, and the screen in the hall.
//
//	/meja ─► /meja/{kantor} ── ambil ──► own tile ──► /meja/{kantor}/klaim/{id}
//	              │  queue: no names        tahan, lanjut, kembali,   person, flags, documents,
//	              │                         tidak-datang, serahkan    notes, putusan, history
//	              └─► /layar/{kantor}/{kunci}: queue numbers for the hall, for whoever has the key
//
// A claim is shown to the officer who has it, to any officer while it waits
// for a second person, and to supervisors. Each opening, each look at a
// document and each look at a whole NIK is an event of its audit trail.
//
// Its permission: read and change registrations, read the vault.
package desk

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Store is what the desk needs of the store; its errors are those of package claim.
type Store interface {
	Timetable(ctx context.Context, branch string) (claim.Timetable, error)
	Day(ctx context.Context, branch string, d requirement.Date) ([]claim.Registration, error)
	ByCode(ctx context.Context, branch, code string) (string, error)
	Arrive(ctx context.Context, actor, id string) (claim.Registration, error)
	AcceptPaper(ctx context.Context, by claim.Desk, id string, version int) (claim.Registration, error)
	Backlog(ctx context.Context, branch string) ([]claim.Registration, error)
	InHand(ctx context.Context, branch, officer string) ([]string, error)
	Peek(ctx context.Context, branch, id string) (claim.Registration, error)
	ByID(ctx context.Context, id string) (claim.Registration, error)
	View(ctx context.Context, by claim.Desk, id, what string) (claim.Registration, error)
	SameFile(ctx context.Context, r claim.Registration) (map[string]int, error)
	Notes(ctx context.Context, id string) ([]claim.Note, error)
	History(ctx context.Context, id string) ([]claim.Step, error)
	Take(ctx context.Context, by claim.Desk, id string, may ...func(claim.Registration) error) (claim.Registration, error)
	Leave(ctx context.Context, by claim.Desk, id string, state claim.CallState) (claim.Registration, error)
	Hold(ctx context.Context, by claim.Desk, id string, hold bool) (claim.Registration, error)
	HandOver(ctx context.Context, actor, from string, to claim.Desk, id string) (claim.Registration, error)
	Decide(ctx context.Context, by claim.Desk, id string, version int, d claim.Decision, rules *requirement.Deciding) (claim.Registration, error)
	Resume(ctx context.Context, by claim.Desk, id string, version int) (claim.Registration, error)
	Reopen(ctx context.Context, by claim.Desk, id string, version int, reason string) (claim.Registration, error)
	AddNote(ctx context.Context, by claim.Desk, id, text string) error
}

// People says who works here.
type People interface {
	People(ctx context.Context) ([]staff.Person, error)
}

// Sets loads published requirement sets.
type Sets interface {
	Current(ctx context.Context) (*requirement.Set, error)
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// Service is the desk.
type Service struct {
	Store  Store
	People People
	Sets   Sets
	Files  guard.Files
	// Public is the address of the public site.
	Public string
	// FilesOrigin is where Files' addresses are, for the page's policy.
	FilesOrigin string
	// Pseudonym returns a keyed digest of 32 hexadecimal digits.
	Pseudonym func(ctx context.Context, purpose, value string) (string, error)
}

var officers = []staff.Role{staff.Officer, staff.Supervisor}

// Routes returns every address that needs a login.
func (s *Service) Routes() []guard.Route {
	get := func(path string, h func(*guard.Call) error) guard.Route {
		return guard.Route{Method: http.MethodGet, Path: path, Roles: officers, Handle: h}
	}
	post := func(path string, h func(*guard.Call) error) guard.Route {
		return guard.Route{Method: http.MethodPost, Path: path, Roles: officers, Handle: h}
	}
	const one = "/meja/{kantor}/klaim/{id}"
	return []guard.Route{
		get("/meja", s.branches), get("/meja/{kantor}", s.board), get("/meja/{kantor}/antrean", s.queueOnly),
		post("/meja/{kantor}/ambil", s.take), post("/meja/{kantor}/loket", s.counter), post("/meja/{kantor}/hadir", s.arrive), post("/meja/{kantor}/kertas", s.paper),
		get(one, s.claim), get(one+"/berkas/{berkas}", s.document), post(one+"/buka", s.reveal), post(one+"/catatan", s.note),
		post(one+"/tahan", s.act(func(c *guard.Call, by claim.Desk, id string) error {
			return drop(s.Store.Hold(c.Context(), by, id, true))
		})),
		post(one+"/lanjut", s.act(func(c *guard.Call, by claim.Desk, id string) error {
			return drop(s.Store.Hold(c.Context(), by, id, false))
		})),
		post(one+"/kembali", s.act(func(c *guard.Call, by claim.Desk, id string) error {
			return drop(s.Store.Leave(c.Context(), by, id, claim.Arrived))
		})),
		post(one+"/tidak-datang", s.act(func(c *guard.Call, by claim.Desk, id string) error {
			return drop(s.Store.Leave(c.Context(), by, id, claim.Absent))
		})),
		post(one+"/serahkan", s.handOver), post(one+"/putusan", s.decide), post(one+"/lanjutkan", s.resume),
		{Method: http.MethodPost, Path: one + "/buka-lagi", Roles: []staff.Role{staff.Supervisor}, Handle: s.reopen},
	}
}

func drop(_ claim.Registration, err error) error { return err }

// Open returns the addresses that need nobody, but an address nobody can guess.
func (s *Service) Open() []web.Route {
	return []web.Route{{Method: http.MethodGet, Path: "/layar/{kantor}/{kunci}", Handle: s.screen}}
}

// act answers a button of a tile.
func (s *Service) act(do func(*guard.Call, claim.Desk, string) error) func(*guard.Call) error {
	return func(c *guard.Call) error {
		by, _, err := s.desk(c, c.R.PathValue("id"))
		if err != nil {
			return err
		}
		if err := do(c, by, c.R.PathValue("id")); err != nil {
			return err
		}
		return c.Redirect("/meja/" + c.Branch)
	}
}

// counterCookie keeps the desk's number (loket) in the officer's browser.
const counterCookie = "__Host-loket"

// desk returns the officer at work, with the limit of the claim's channel; id
// may be empty. claim.ErrNotFound for a claim of another branch.
func (s *Service) desk(c *guard.Call, id string) (claim.Desk, claim.Registration, error) {
	by := claim.Desk{Officer: c.Person.ID, Branch: c.Branch, Counter: counterOf(c), Limit: 1}
	_, b, err := s.branch(c.Call, c.Branch)
	if err != nil {
		return by, claim.Registration{}, err
	}
	if id == "" {
		for ch := range b.Desks {
			by.Limit = max(by.Limit, limit(b, ch))
		}
		return by, claim.Registration{}, nil
	}
	r, err := s.Store.Peek(c.Context(), c.Branch, id)
	by.Limit = limit(b, r.Place.Seating())
	return by, r, err
}

// limit is how many claims of a channel an officer may have at once: 1 to 6.
func limit(b *requirement.Branch, ch requirement.Channel) int {
	return min(6, max(1, b.Desks[ch].Places))
}

func counterOf(c *guard.Call) string {
	k, err := c.R.Cookie(counterCookie)
	if err != nil || !counterOK(k.Value) {
		return ""
	}
	return k.Value
}

func counterOK(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1 && n <= 99 && strconv.Itoa(n) == s
}

// branch returns a branch with the hours that it keeps today.
func (s *Service) branch(c *web.Call, code string) (*requirement.Set, *requirement.Branch, error) {
	ctx := c.Context()
	set, err := s.Sets.Current(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("requirement set: %w", err)
	}
	b := set.Branch(code)
	if b == nil {
		return nil, nil, claim.ErrNotFound
	}
	hours, err := s.Store.Timetable(ctx, code)
	if err != nil {
		return nil, nil, err
	}
	return set, hours.On(b, today(b, c.Now())), nil
}

func today(b *requirement.Branch, now time.Time) requirement.Date {
	return requirement.DateOf(now.In(b.Location()))
}

// names returns the people who serve a branch by id.
func (s *Service) names(ctx context.Context) (map[string]staff.Person, []staff.Person, error) {
	all, err := s.People.People(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("people: %w", err)
	}
	by := map[string]staff.Person{}
	for _, p := range all {
		by[p.ID] = p
	}
	return by, all, nil
}

// screenKey is the part of the hall screen's address that nobody can guess.
func (s *Service) screenKey(ctx context.Context, branch string) (string, error) {
	return s.Pseudonym(ctx, "layar", branch)
}

// screen shows the newest calls of the day to the hall: numbers, no names.
func (s *Service) screen(c *web.Call) error {
	code := c.R.PathValue("kantor")
	key, err := s.screenKey(c.Context(), code)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(key), []byte(c.R.PathValue("kunci"))) != 1 {
		return claim.ErrNotFound
	}
	_, b, err := s.branch(c, code)
	if err != nil {
		return err
	}
	regs, err := s.Store.Day(c.Context(), code, today(b, c.Now()))
	if err != nil {
		return err
	}
	sc := page.Screen{Source: c.R.URL.Path, Empty: c.T("meja.layar.kosong"), Voice: c.T("meja.layar.suara")}
	for i, r := range called(regs) {
		x := page.ScreenCall{Number: strconv.Itoa(r.Call.Number), Desk: c.T("meja.layar.ke", "loket", r.Call.Counter)}
		sc.Calls = append(sc.Calls, x)
		if i == 0 {
			sc.Speak = c.T("meja.layar.ucapan", "nomor", x.Number, "loket", r.Call.Counter)
			sc.News = sc.Speak
		}
	}
	p := &page.Page{Title: b.Name, Blocks: []page.Block{sc}, Scripts: []page.Script{"meja"}, Reload: 10, Wide: true}
	return c.Show(http.StatusOK, p, map[string]any{"panggilan": sc.Calls})
}
