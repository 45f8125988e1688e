// Package desk is the officers' desk: who waits, one claim at a time or six at
// once, its documents, and the decision.
//
//	GET /meja ─► GET /meja/{kantor} ── POST ambil ─► GET /meja/{kantor}/klaim/{id}
//	              │ own claims (up to six)             │ person (masked), flags, checklist
//	              │ who waits today, the backlog       ├─ GET  …/berkas/{upload} ─► file store, one minute
//	              │                                    ├─ POST …/identitas     full numbers, with a ground
//	              │                                    ├─ POST …/panggilan     hold, continue, release, absent
//	              │                                    └─ POST …/keputusan     Setuju, Tolak, Tunda; second person
//	              ▼
//	        asks again every few seconds; without JavaScript by reload
//
// Each look at a claim, a document or a full number is an event of the claim's
// audit trail. Its permission: read and write registrations, read the vault.
package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
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
	Day(ctx context.Context, branch string, d requirement.Date) ([]claim.Registration, error)
	Backlog(ctx context.Context, branch string) ([]claim.Registration, error)
	ByID(ctx context.Context, id string) (claim.Registration, error)
	View(ctx context.Context, by claim.Desk, id, what string) (claim.Registration, error)
	Take(ctx context.Context, by claim.Desk, id string) (claim.Registration, error)
	Hold(ctx context.Context, by claim.Desk, id string, hold bool) (claim.Registration, error)
	Leave(ctx context.Context, by claim.Desk, id string, state claim.CallState) (claim.Registration, error)
	Arrive(ctx context.Context, actor, id string) (claim.Registration, error)
	Decide(ctx context.Context, by claim.Desk, id string, version int, d claim.Decision, rules *requirement.Deciding) (claim.Registration, error)
	Resume(ctx context.Context, by claim.Desk, id string, version int) (claim.Registration, error)
	Reopen(ctx context.Context, by claim.Desk, id string, version int, reason string) (claim.Registration, error)
}

// Sets loads published requirement sets.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// Vault signs requests that read one document.
type Vault interface {
	// PresignGET returns an address that shows the object's version for a
	// minute under a name, as the media type.
	PresignGET(ctx context.Context, key, version, media, name string) (string, error)
}

// Service is the officers' desk.
type Service struct {
	Store Store
	Sets  Sets
	Vault Vault
}

var (
	officers    = []staff.Role{staff.Officer, staff.Supervisor}
	supervisors = []staff.Role{staff.Supervisor}
)

// Routes returns every address of the function.
func (s *Service) Routes() []guard.Route {
	one := "/meja/{kantor}/klaim/{id}"
	return []guard.Route{
		{Method: http.MethodGet, Path: "/meja", Roles: officers, Handle: s.branches},
		{Method: http.MethodGet, Path: "/meja/{kantor}", Roles: officers, Handle: s.today},
		{Method: http.MethodPost, Path: "/meja/{kantor}/ambil", Roles: officers, Handle: s.take},
		{Method: http.MethodPost, Path: "/meja/{kantor}/loket", Roles: officers, Handle: s.counter},
		{Method: http.MethodGet, Path: one, Roles: officers, Handle: s.claim},
		{Method: http.MethodPost, Path: one + "/identitas", Roles: officers, Handle: s.identity},
		{Method: http.MethodGet, Path: one + "/berkas/{unggahan}", Roles: officers, Handle: s.document},
		{Method: http.MethodPost, Path: one + "/panggilan", Roles: officers, Handle: s.call},
		{Method: http.MethodPost, Path: one + "/keputusan", Roles: officers, Handle: s.decide},
		{Method: http.MethodPost, Path: one + "/buka-lagi", Roles: supervisors, Handle: s.reopen},
	}
}

// branches leads to the officer's branch, or lets choose between several.
func (s *Service) branches(c *guard.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("branches: %w", err)
	}
	var items []page.LinkItem
	for _, b := range set.Branches {
		if b.Bookable && c.Person.Serves(b.Code) {
			items = append(items, page.LinkItem{Link: page.Link{URL: c.URL("/meja/" + b.Code), Text: b.Name}})
		}
	}
	if len(items) == 1 {
		return c.Redirect("/meja/" + branchOf(set, c.Person))
	}
	p := &page.Page{Title: c.T("meja.pilih-kantor"), Section: "/meja", Blocks: []page.Block{page.Cards{Items: items}}}
	if len(items) == 0 {
		p.Blocks = []page.Block{page.Notice{Kind: "warning", Title: c.T("meja.tanpa-kantor"), Text: c.T("meja.tanpa-kantor.teks")}}
	}
	return c.Show(http.StatusOK, p, map[string]any{"kantor": len(items)})
}

func branchOf(set *requirement.Set, p staff.Person) string {
	for _, b := range set.Branches {
		if b.Bookable && p.Serves(b.Code) {
			return b.Code
		}
	}
	return ""
}

// counterCookie keeps which desk of the hall this browser stands at.
const counterCookie = "__Host-loket"

var counterName = regexp.MustCompile(`^[0-9A-Z]{1,3}$`)

func (s *Service) counter(c *guard.Call) error {
	in, err := c.Input("loket")
	if err != nil {
		return err
	}
	name := in.Get("loket")
	if !counterName.MatchString(name) {
		return s.show(c, http.StatusUnprocessableEntity, web.Mistakes{{Field: "loket", Message: c.T("meja.loket.salah")}}, name)
	}
	http.SetCookie(c.W, &http.Cookie{Name: counterCookie, Value: name, Path: "/", MaxAge: int((12 * time.Hour).Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	return c.Redirect("/meja/" + c.Branch)
}

// at is the officer at work: with the desk's number and as many claims at once
// as the branch's desk has places.
func at(c *guard.Call, b *requirement.Branch) claim.Desk {
	by := claim.Desk{Officer: c.Person.ID, Branch: c.Branch, Limit: 1}
	for _, d := range b.Desks {
		by.Limit = max(by.Limit, d.Places)
	}
	if k, err := c.R.Cookie(counterCookie); err == nil && counterName.MatchString(k.Value) {
		by.Counter = k.Value
	}
	return by
}

// branch returns the officer's branch of the path. claim.ErrNotFound for none.
func (s *Service) branch(c *guard.Call) (*requirement.Set, *requirement.Branch, error) {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return nil, nil, fmt.Errorf("desk: %w", err)
	}
	b := set.Branch(c.Branch)
	if b == nil {
		return nil, nil, claim.ErrNotFound
	}
	return set, b, nil
}

func (s *Service) today(c *guard.Call) error { return s.show(c, http.StatusOK, nil, "") }

// refresh is how often the desk's page asks again, in seconds.
const refresh = 15

// show is the desk's page: own claims, who waits, the backlog.
func (s *Service) show(c *guard.Call, status int, m web.Mistakes, counter string) error {
	set, b, err := s.branch(c)
	if err != nil {
		return err
	}
	q, err := s.queue(c.Context(), set, b, c.Person.ID, c.Now())
	if err != nil {
		return err
	}
	by := at(c, b)
	p := &page.Page{Title: c.T("meja.judul", "kantor", b.Name), Section: "/meja", Wide: true, Refresh: refresh}
	p.Blocks = append(p.Blocks, page.Text{Text: c.T("meja.keadaan", "siap", page.Number(c.Lang, q.ready), "menunggu", page.Number(c.Lang, len(q.waiting)), "jam", c.Now().In(b.Location()).Format("15:04:05"))})
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "meja-saya", Text: c.T("meja.saya", "n", page.Number(c.Lang, len(q.mine)), "paling", page.Number(c.Lang, by.Limit))})
	p.Blocks = append(p.Blocks, tiles(c, q.mine)...)
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "antrean", Text: c.T("meja.antrean")})
	p.Blocks = append(p.Blocks, waiting(c, set, q.waiting, m)...)
	if len(q.proposed) > 0 {
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "usulan", Text: c.T("meja.usulan")}, proposals(c, set, q.proposed))
	}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "hari-ini", Text: c.T("meja.hari-ini")}, table(c, set, q.all),
		&page.Form{Action: c.URL("/meja/" + c.Branch + "/loket"), Errors: slices.DeleteFunc(slices.Clone(m), func(e page.Error) bool { return e.Field != "loket" }),
			Fields:  []page.Field{{Kind: page.TextInput, Name: "loket", Label: c.T("meja.loket"), Hint: c.T("meja.loket.petunjuk"), Value: cmp.Or(counter, by.Counter), Width: 3, Autocomplete: "off"}},
			Buttons: []page.Submit{{Text: c.T("meja.loket.simpan"), Secondary: true}}})
	return c.Show(status, p, q.value())
}

// take gives the chosen claim to the officer, or the next one.
func (s *Service) take(c *guard.Call) error {
	in, err := c.Input("klaim", "berikut")
	if err != nil {
		return err
	}
	set, b, err := s.branch(c)
	if err != nil {
		return err
	}
	q, err := s.queue(c.Context(), set, b, c.Person.ID, c.Now())
	if err != nil {
		return err
	}
	id := in.Get("klaim")
	if in.Get("berikut") != "" {
		if id = q.next(); id == "" {
			return s.show(c, http.StatusUnprocessableEntity, web.Mistakes{{Field: "klaim", Message: c.T("meja.tidak-ada-yang-siap")}}, "")
		}
	}
	if id == "" {
		return s.show(c, http.StatusUnprocessableEntity, web.Mistakes{{Field: "klaim", Message: c.T("meja.pilih-dahulu")}}, "")
	}
	i := slices.IndexFunc(q.waiting, func(w waiter) bool { return w.ID == id })
	if i >= 0 && !q.waiting[i].may {
		return claim.ErrTooEarly
	}
	if _, err := s.Store.Take(c.Context(), at(c, b), id); err != nil {
		return err
	}
	return c.Redirect("/meja/" + c.Branch + "/klaim/" + id)
}
