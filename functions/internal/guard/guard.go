// Package guard lets staff to what their role may do. It is the one place that
// decides (TRUST R46): what it does not allow is refused, and a route without
// a rule does not start.
//
//	request ─► web.Site guards ─► Guard ─┬─ no session ─────────► /masuk
//	                                     ├─ POST from elsewhere ► 403
//	                                     ├─ role not in Roles ──► 403
//	                                     ├─ {kantor} not theirs ► 403
//	                                     └─► Route.Handle(*Call)
//
// A branch stands in the path as {kantor}, so that the guard sees it, and the
// store refuses a claim of another branch as if there were none.
package guard

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
)

// Cookie names the session's cookie; its value is the session's token.
const Cookie = "__Host-petugas"

// A Route is one address of a staff function. Path may hold {kantor}, the
// code of a branch that the person must serve.
type Route struct {
	Method, Path string
	Roles        []staff.Role // who may; Handler refuses a route without
	// Fresh asks for a login of the last five minutes (TRUST R57).
	Fresh  bool
	Handle func(*Call) error
}

// fresh is how long ago the login may be where Route.Fresh is set.
const fresh = 5 * time.Minute

// A Call is a request of somebody who may make it.
type Call struct {
	*web.Call
	Person staff.Person
	Branch string // from {kantor}; empty where the path has none
}

// A Guard serves staff functions.
type Guard struct {
	Site     *web.Site
	Sessions staff.Sessions
}

// Handler serves the routes, and open ones (login) that need nobody. A route
// without roles is an error.
func (g *Guard) Handler(routes []Route, open ...web.Route) (http.Handler, error) {
	all := slices.Clone(open)
	for _, rt := range routes {
		if len(rt.Roles) == 0 {
			return nil, fmt.Errorf("staff route %s %s has no rule", rt.Method, rt.Path)
		}
		all = append(all, web.Route{Method: rt.Method, Path: rt.Path, Handle: g.guard(rt)})
	}
	g.Site.Staff = true
	g.Site.Refusals = append(g.Site.Refusals,
		web.Refusal{Err: staff.ErrNoLogin, Status: http.StatusUnauthorized, Code: "petugas-belum-masuk", Next: "/masuk"},
		web.Refusal{Err: staff.ErrForbidden, Status: http.StatusForbidden, Code: "petugas-tidak-boleh", Next: "/meja"},
		web.Refusal{Err: staff.ErrStale, Status: http.StatusConflict, Code: "petugas-berubah", Next: "/meja"},
		web.Refusal{Err: staff.ErrOldLogin, Status: http.StatusForbidden, Code: "petugas-masuk-lagi", Next: "/masuk?ulang=ya"})
	for _, r := range refusals {
		g.Site.Refusals = append(g.Site.Refusals, web.Refusal{Err: r.err, Status: r.status, Code: r.code, Next: "/meja"})
	}
	return g.Site.Handler(all)
}

// refusals are what the rules of claims say no to in an officer's words.
var refusals = []struct {
	err    error
	status int
	code   string
}{
	{claim.ErrNotFound, http.StatusNotFound, "meja-tiada"},
	{claim.ErrStale, http.StatusConflict, "meja-berubah"},
	{claim.ErrSecondPerson, http.StatusConflict, "meja-orang-kedua"},
	{claim.ErrNotMine, http.StatusConflict, "meja-petugas-lain"},
	{claim.ErrHandsFull, http.StatusConflict, "meja-penuh"},
	{claim.ErrTooEarly, http.StatusConflict, "meja-belum-jam"},
	{claim.ErrClosed, http.StatusConflict, "meja-selesai"},
	{claim.ErrAlreadyBooked, http.StatusConflict, "meja-klaim-baru"},
	{claim.ErrBusy, http.StatusServiceUnavailable, "meja-sibuk"},
}

func (g *Guard) guard(rt Route) func(*web.Call) error {
	return func(c *web.Call) error {
		s, err := g.session(c)
		if errors.Is(err, staff.ErrNoLogin) && c.R.Method == http.MethodGet && !c.JSON() {
			return c.Redirect("/masuk")
		}
		if err != nil {
			return err
		}
		call := &Call{Call: c, Person: s.Person, Branch: c.R.PathValue("kantor")}
		c.Staff = call.frame()
		if err := call.allowed(rt, s, c.Now()); err != nil {
			return err
		}
		return rt.Handle(call)
	}
}

func (g *Guard) session(c *web.Call) (staff.Session, error) {
	k, err := c.R.Cookie(Cookie)
	if err != nil {
		return staff.Session{}, staff.ErrNoLogin
	}
	return g.Sessions.Session(c.Context(), k.Value)
}

func (c *Call) allowed(rt Route, s staff.Session, now time.Time) error {
	switch {
	// The cross-origin guard lets requests through that have neither header;
	// no browser of a desk sends such (TRUST R61).
	case c.R.Method != http.MethodGet && c.R.Header.Get("Origin") == "":
		return staff.ErrForbidden
	case !c.Person.Is(rt.Roles...):
		return staff.ErrForbidden
	case c.Branch != "" && !c.Person.Serves(c.Branch):
		return staff.ErrForbidden
	case rt.Fresh && now.Sub(s.LoginAt) > fresh:
		return staff.ErrOldLogin
	}
	return nil
}

// menu is the staff site's navigation: what each role sees of it.
var menu = []struct {
	path, key string
	roles     []staff.Role
}{
	{"/meja", "petugas.menu.meja", []staff.Role{staff.Officer, staff.Supervisor}},
	{"/perusahaan", "petugas.menu.perusahaan", []staff.Role{staff.Officer, staff.Supervisor}},
	{"/penyelia", "petugas.menu.penyelia", []staff.Role{staff.Supervisor}},
	{"/rekap", "petugas.menu.rekap", []staff.Role{staff.Supervisor, staff.Communications, staff.Auditor}},
	{"/audit", "petugas.menu.audit", []staff.Role{staff.Auditor}},
	{"/pengguna", "petugas.menu.pengguna", []staff.Role{staff.Admin}},
}

// frame is what stands above every page of the person.
func (c *Call) frame() *page.Staff {
	f := &page.Staff{Name: c.Person.Name, Leave: c.URL("/keluar-petugas")}
	for _, m := range menu {
		if c.Person.Is(m.roles...) {
			f.Links = append(f.Links, page.Link{URL: c.URL(m.path), Text: c.T(m.key)})
		}
	}
	return f
}
