// Package supervise is where a branch's supervisor arranges the work:
//
//	/penyelia/{kantor}               today and the week: places, booked, done; search by code
//	  ├─ /jam/{kanal}                officers, places, hours, breaks of every week ─┐ each with a look at
//	  ├─ /hari                       days that are closed or have other officers ───┤ whom it leaves without
//	  ├─ /tanpa-tempat               those people; one button moves and tells them ◄┘ a place, before it counts
//	  ├─ /petugas                    what each officer has in hand; give it to another, or back
//	  ├─ /pesan                      mails that could not be sent; send again
//	  ├─ /undian                     openings by draw; the public value, by two people
//	  └─ /poster                     the sheet with the QR code for the hall
//
// What it changes lies over the published hours (claim.Timetable) and is kept
// version by version with who made it.
//
// Its permission: read and change registrations, seats and hours; no document.
package supervise

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Store is what the pages need of the store; its errors are those of package claim.
type Store interface {
	Timetable(ctx context.Context, branch string) (claim.Timetable, error)
	SaveTimetable(ctx context.Context, by claim.Desk, t claim.Timetable) (claim.Timetable, error)
	Apply(ctx context.Context, r *dynamo.Roster) error
	Orphans(ctx context.Context, r *dynamo.Roster) ([]claim.Registration, error)
	Rearrange(ctx context.Context, by claim.Desk, r *dynamo.Roster, limit int) (moved int, left []claim.Registration, err error)
	Waiting(ctx context.Context, branch string, d requirement.Date) (int, error)
	Day(ctx context.Context, branch string, d requirement.Date) ([]claim.Registration, error)
	Peek(ctx context.Context, branch, id string) (claim.Registration, error)
	ByCode(ctx context.Context, branch, code string) (string, error)
	InHand(ctx context.Context, branch, officer string) ([]string, error)
	HandOver(ctx context.Context, actor, from string, to claim.Desk, id string) (claim.Registration, error)
	Release(ctx context.Context, actor string, from claim.Desk, id string) (claim.Registration, error)
	DeadLetters(ctx context.Context, limit int) ([]dynamo.Letter, error)
	DrawStore
	Retry(ctx context.Context, by claim.Desk, l dynamo.Letter) error
}

// People says who works here.
type People interface {
	People(ctx context.Context) ([]staff.Person, error)
}

// Sets loads the published requirement set.
type Sets interface {
	Current(ctx context.Context) (*requirement.Set, error)
}

// Service is the supervisors' pages.
type Service struct {
	Store  Store
	People People
	Sets   Sets
	// Public is the address of the public site, for the poster's QR code.
	Public string
	// Pseudonym returns a keyed digest of 32 hexadecimal digits.
	Pseudonym func(ctx context.Context, purpose, value string) (string, error)
}

// Routes returns every address of the function.
func (s *Service) Routes() []guard.Route {
	get := func(path string, h func(*office) error) guard.Route {
		return guard.Route{Method: http.MethodGet, Path: "/penyelia/{kantor}" + path, Roles: supervisors, Handle: s.in(h)}
	}
	post := func(path string, h func(*office) error) guard.Route {
		return guard.Route{Method: http.MethodPost, Path: "/penyelia/{kantor}" + path, Roles: supervisors, Handle: s.in(h)}
	}
	return []guard.Route{
		{Method: http.MethodGet, Path: "/penyelia", Roles: supervisors, Handle: s.branches},
		get("", (*office).overview), post("/cari", (*office).search),
		get("/jam/{kanal}", (*office).hours), post("/jam/{kanal}", (*office).setHours),
		get("/hari", (*office).days), post("/hari", (*office).addDay), post("/hari/hapus", (*office).dropDay),
		get("/tanpa-tempat", (*office).orphans), post("/tanpa-tempat", (*office).rearrange),
		get("/petugas", (*office).hands), post("/petugas", (*office).reassign),
		get("/pesan", (*office).letters), post("/pesan", (*office).sendAgain),
		get("/poster", (*office).poster),
		{Method: http.MethodGet, Path: "/penyelia/{kantor}/undian", Roles: both, Handle: s.in((*office).draws)},
		{Method: http.MethodPost, Path: "/penyelia/{kantor}/undian", Roles: both, Handle: s.in((*office).enterValue)},
	}
}

var supervisors = []staff.Role{staff.Supervisor}

// both may enter the public value of a draw: it takes two people of the branch.
var both = []staff.Role{staff.Officer, staff.Supervisor}

// An office is a request about one branch, with the hours that it keeps.
type office struct {
	*guard.Call
	*Service
	dynamo.Roster
	set *requirement.Set
}

// in opens the branch. claim.ErrNotFound for one that nobody can book at.
func (s *Service) in(handle func(*office) error) func(*guard.Call) error {
	return func(c *guard.Call) error {
		set, err := s.Sets.Current(c.Context())
		if err != nil {
			return fmt.Errorf("supervise: %w", err)
		}
		b := set.Branch(c.Branch)
		if b == nil || !b.Bookable {
			return claim.ErrNotFound
		}
		hours, err := s.Store.Timetable(c.Context(), b.Code)
		if err != nil {
			return err
		}
		return handle(&office{c, s, dynamo.Roster{Branch: b, Hours: hours, Holidays: set.Holidays, Booking: set.Booking}, set})
	}
}

// branches lets the supervisor choose; who serves one branch is there at once.
func (s *Service) branches(c *guard.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("supervise: %w", err)
	}
	var links page.Links
	for _, b := range set.Branches {
		if b.Bookable && c.Person.Serves(b.Code) {
			links.Items = append(links.Items, page.LinkItem{Link: page.Link{URL: c.URL("/penyelia/" + b.Code), Text: b.Name}})
		}
	}
	if len(links.Items) == 1 {
		return c.Redirect("/penyelia/" + set.Branches[slices.IndexFunc(set.Branches, func(b requirement.Branch) bool { return b.Bookable && c.Person.Serves(b.Code) })].Code)
	}
	p := &page.Page{Title: c.T("penyelia.pilih"), Section: "/penyelia", Blocks: []page.Block{links}}
	if len(links.Items) == 0 {
		p.Blocks = []page.Block{page.Lead{Text: c.T("meja.tanpa-kantor")}}
	}
	return c.Show(http.StatusOK, p, map[string]int{"kantor": len(links.Items)})
}

// at is an address below the branch's.
func (o *office) at(path string) string { return o.URL("/penyelia/" + o.code() + path) }

func (o *office) code() string { return o.Roster.Branch.Code }

// by is the supervisor.
func (o *office) by() claim.Desk {
	return claim.Desk{Officer: o.Person.ID, Branch: o.code(), Limit: 6}
}

func (o *office) today() requirement.Date {
	return requirement.DateOf(o.Now().In(o.Roster.Branch.Location()))
}

// page begins a page below the branch's first one.
func (o *office) page(key string, blocks ...page.Block) *page.Page {
	return &page.Page{Title: o.T(key), Section: "/penyelia", Blocks: blocks, Back: &page.Link{URL: o.at(""), Text: o.Roster.Branch.Name}}
}

func (o *office) clock(t time.Time) string {
	return page.Clock(o.Lang, t.In(o.Roster.Branch.Location()).Format("15:04"), o.Roster.Branch.Zone)
}

func (o *office) channel(ch requirement.Channel) string { return o.T("penyelia.kanal." + string(ch)) }
