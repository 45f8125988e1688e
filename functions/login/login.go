// Package login lets staff in and out, and says who works here (masuk,
// keluar-petugas, pengguna).
//
//	browser ─ /masuk ─► /masuk/mulai ─► identity provider ─► /masuk/kembali
//	                    state, nonce,    password and         code for token, checked
//	                    verifier sealed  second factor        here; session opened
//	                    in a cookie
//
// OpenID Connect, code flow with PKCE (TRUST R55). The browser never holds a
// token of the provider, only the session's cookie. The provider says who
// somebody is; what they may do stands in our own table.
package login

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Store keeps who works here and who is logged in.
type Store interface {
	Person(ctx context.Context, id string) (staff.Person, error)
	People(ctx context.Context) ([]staff.Person, error)
	Change(ctx context.Context, by string, p staff.Person) (staff.Person, error)
	Changes(ctx context.Context, id string) ([]staff.Change, error)
	OpenSince(ctx context.Context, person string, proved time.Time) (token string, err error)
	Close(ctx context.Context, token string) error
}

// Sets gives the published requirement set, for the names of branches.
type Sets interface {
	Current(ctx context.Context) (*requirement.Set, error)
}

// Service is the login function.
type Service struct {
	Store    Store
	Sets     Sets
	Provider *Provider
	// FirstAdmin is the provider's subject of who may log in as administrator
	// as long as there is none; empty for nobody.
	FirstAdmin string
	Log        *slog.Logger
}

// Open are the routes that need no session.
func (s *Service) Open() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/{$}", Handle: func(c *web.Call) error { return c.Redirect("/masuk") }},
		{Method: http.MethodGet, Path: "/masuk", Handle: s.door},
		{Method: http.MethodGet, Path: "/masuk/mulai", Handle: func(c *web.Call) error { return s.start(c, false) }},
		{Method: http.MethodGet, Path: "/masuk/kembali", Handle: s.back},
		{Method: http.MethodPost, Path: "/keluar-petugas", Handle: s.leave},
	}
}

// Routes are those of administrators.
func (s *Service) Routes() []guard.Route {
	admin := []staff.Role{staff.Admin}
	return []guard.Route{
		{Method: http.MethodGet, Path: "/pengguna", Roles: admin, Handle: s.people},
		// Fresh on the form too, so that nobody fills it in for nothing.
		{Method: http.MethodGet, Path: "/pengguna/{id}", Roles: admin, Fresh: true, Handle: s.person},
		{Method: http.MethodPost, Path: "/pengguna/{id}", Roles: admin, Fresh: true, Handle: s.change},
	}
}

// waiting names the cookie of a login that has begun.
const waiting = "__Host-masuk"

// waits is how long a person may take at the provider, in seconds.
const waits = 10 * 60

// pending is a login that has begun, sealed in the browser's cookie.
type pending struct {
	State    string           `json:"s"`
	Nonce    string           `json:"n"`
	Verifier string           `json:"v"`
	Started  int64            `json:"t"` // Unix seconds
	Again    bool             `json:"a"` // somebody known who has to prove it once more
	Lang     requirement.Lang `json:"l"`
}

// door is the page before the provider's. With ulang=ya it leads on at once.
func (s *Service) door(c *web.Call) error {
	in, err := c.Input("ulang", "keluar")
	if err != nil {
		return err
	}
	if in.Get("ulang") == "ya" {
		return s.start(c, true)
	}
	p := &page.Page{Title: c.T("masuk.judul"), Blocks: []page.Block{page.Lead{Text: c.T("masuk.pengantar")},
		page.Button{Link: page.Link{URL: c.URL("/masuk/mulai"), Text: c.T("masuk.tombol")}}, page.Text{Text: c.T("masuk.bersama")}}}
	if in.Get("keluar") == "ya" {
		// The provider may still know the browser, and the next person at it is another.
		p.Title, p.Blocks[0] = c.T("masuk.keluar.judul"), page.Lead{Text: c.T("masuk.keluar.teks")}
		p.Blocks[1] = page.Button{Link: page.Link{URL: c.URL("/masuk?ulang=ya"), Text: c.T("masuk.tombol")}}
	}
	return c.Show(http.StatusOK, p, map[string]string{"mulai": c.URL("/masuk/mulai")})
}

func (s *Service) start(c *web.Call, again bool) error {
	w := pending{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Started: c.Now().Unix(), Again: again, Lang: c.Lang}
	address, err := s.Provider.address(c.Context(), w)
	if err != nil {
		return s.refuse(c, err)
	}
	b, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("begin login: %w", err)
	}
	if err := c.Seal(waiting, b, waits); err != nil {
		return err
	}
	return c.Away(address)
}

// back is where the provider sends the browser.
func (s *Service) back(c *web.Call) error {
	w, err := begun(c)
	c.SetCookie(waiting, "", -1) // a login is used once, whatever comes of it
	if err != nil {
		return s.refuse(c, err)
	}
	c.Lang = w.Lang
	q := c.R.URL.Query()
	switch {
	case q.Get("state") != w.State:
		return s.refuse(c, refusal("state"))
	case q.Has("iss") && q.Get("iss") != s.Provider.Issuer: // RFC 9207
		return s.refuse(c, refusal("answer of another issuer"))
	case q.Get("code") == "":
		return s.refuse(c, refusal("the provider gives no code"))
	}
	who, err := s.Provider.redeem(c.Context(), q.Get("code"), w)
	if err != nil {
		return s.refuse(c, err)
	}
	return s.enter(c, who)
}

// begun opens the cookie of the login that has begun in this browser.
func begun(c *web.Call) (pending, error) {
	var w pending
	b, err := c.Sealed(waiting)
	if errors.Is(err, web.ErrNoSession) {
		return w, refusal("no login has begun here")
	}
	if err != nil {
		return w, err
	}
	if err := json.Unmarshal(b, &w); err != nil || w.State == "" || w.Verifier == "" || c.Now().Unix() >= w.Started+waits {
		return w, refusal("the login began too long ago")
	}
	return w, nil
}

// enter opens a session for somebody with a role.
func (s *Service) enter(c *web.Call, who claims) error {
	p, err := s.known(c.Context(), who)
	if err != nil {
		return err
	}
	switch {
	case p.Disabled:
		return s.outside(c, p.ID, "ditutup")
	case len(p.Roles) == 0:
		return s.outside(c, p.ID, "tanpa-peran")
	}
	// A new name at each login; the old one, if any, is of no use to anybody (TRUST R58).
	if k, err := c.R.Cookie(guard.Cookie); err == nil {
		if err := s.Store.Close(c.Context(), k.Value); err != nil {
			return err
		}
	}
	token, err := s.Store.OpenSince(c.Context(), p.ID, who.proved(c.Now()))
	if err != nil {
		return err
	}
	c.SetCookie(guard.Cookie, token, 0) // ends with the browser; the store ends it sooner
	return c.Redirect(home(p))
}

// known returns the person of an identity. One whom we have never seen is
// noted without a role, for an administrator to find.
func (s *Service) known(ctx context.Context, who claims) (staff.Person, error) {
	id := staff.ID(who.Issuer, who.Subject)
	p, err := s.Store.Person(ctx, id)
	fresh := errors.Is(err, staff.ErrNoLogin)
	if err != nil && !fresh {
		return p, err
	}
	if fresh {
		p = staff.Person{ID: id, Name: cut(who.Name)}
	}
	first, err := s.first(ctx, who)
	if err != nil {
		return p, err
	}
	if first {
		p.Roles, p.Disabled = append(p.Roles, staff.Admin), false
	}
	if !fresh && !first {
		return p, nil
	}
	saved, err := s.Store.Change(ctx, staff.System, p)
	if errors.Is(err, staff.ErrStale) { // the same person in two windows
		return s.Store.Person(ctx, id)
	}
	return saved, err
}

// first tells whether this is who may make themselves administrator: named by
// whoever runs the service, while nobody is one.
func (s *Service) first(ctx context.Context, who claims) (bool, error) {
	if s.FirstAdmin == "" || who.Subject != s.FirstAdmin {
		return false, nil
	}
	people, err := s.Store.People(ctx)
	return err == nil && !slices.ContainsFunc(people, func(p staff.Person) bool { return p.Is(staff.Admin) && !p.Disabled }), err
}

// nameLength is the longest name in characters.
const nameLength = 80

func cut(name string) string {
	r := []rune(name)
	return string(r[:min(len(r), nameLength)])
}

// home is the page a person starts at.
func home(p staff.Person) string {
	for _, start := range []struct {
		role staff.Role
		path string
	}{{staff.Officer, "/meja"}, {staff.Supervisor, "/meja"}, {staff.Communications, "/rekap"}, {staff.Auditor, "/audit"}, {staff.Admin, "/pengguna"}} {
		if p.Is(start.role) {
			return start.path
		}
	}
	return "/masuk"
}

// leave ends the session at once. It needs none that still is good.
func (s *Service) leave(c *web.Call) error {
	if c.R.Header.Get("Origin") == "" {
		return staff.ErrForbidden // as the guard does
	}
	if k, err := c.R.Cookie(guard.Cookie); err == nil {
		if err := s.Store.Close(c.Context(), k.Value); err != nil {
			return err
		}
	}
	c.SetCookie(guard.Cookie, "", -1)
	c.W.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return c.Redirect("/masuk?keluar=ya")
}

// outside is the page of somebody whom the provider knows and who may do
// nothing here. The id is what an administrator finds them by.
func (s *Service) outside(c *web.Call, id, words string) error {
	s.Log.LogAttrs(c.Context(), slog.LevelInfo, "login", slog.String("request_id", c.ID), slog.String("state", "outside"))
	p := &page.Page{Title: c.T("masuk." + words + ".judul"), Blocks: []page.Block{page.Lead{Text: c.T("masuk." + words + ".teks")},
		page.Summary{Rows: []page.Row{{Key: c.T("masuk.id"), Value: id}}},
		page.Button{Link: page.Link{URL: c.URL("/masuk?ulang=ya"), Text: c.T("masuk.lain")}, Secondary: true}}}
	return c.Show(http.StatusForbidden, p, map[string]any{"galat": map[string]string{"kode": "petugas-tanpa-akses", "pesan": p.Title, "id": id}})
}

// refuse is the page of a login that does not count. What failed is for the
// log; the page does not teach how to do it better.
func (s *Service) refuse(c *web.Call, err error) error {
	var no refusal
	status, words := http.StatusForbidden, "gagal"
	switch {
	case errors.As(err, &no):
	case errors.Is(err, errAway):
		status, words = http.StatusServiceUnavailable, "penyedia"
	default:
		return err
	}
	s.Log.LogAttrs(c.Context(), slog.LevelWarn, "login", slog.String("request_id", c.ID), slog.String("error", err.Error()))
	p := &page.Page{Title: c.T("masuk." + words + ".judul"), Blocks: []page.Block{page.Lead{Text: c.T("masuk." + words + ".teks")},
		page.Button{Link: page.Link{URL: c.URL("/masuk"), Text: c.T("masuk.lagi")}}, page.Text{Text: c.T("galat.bantuan", "id", c.ID)}}}
	return c.Show(status, p, map[string]any{"galat": map[string]string{"kode": "petugas-masuk-gagal", "pesan": p.Title, "permintaan": c.ID}})
}
