// Package web is what all our functions' handlers share: one table of routes
// in both languages, one way to read input, one way to answer, one way to fail.
//
//	request ─► Site.Handler ─► guards (origin secret, cross-origin, size, panic)
//	                               │
//	                               ▼
//	                        Route.Handle(*Call)
//	             ┌─────────────────┼───────────────────────┐
//	        Call.Show         error: Mistakes         error: claim.Err…, or unknown
//	      page or JSON      same page, 422, values    page with what to do next,
//	                        kept (Call.Show)          or 500 with the request id
//
// HTML and JSON are two forms of one API: a request whose Content-Type or
// Accept is application/json gets JSON with the same names and rules.
package web

import (
	"cmp"
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// MaxBody is the largest request body in bytes.
const MaxBody = 64 << 10

// A Route is one address of the Indonesian site; its English form is "/en" + Path.
// In a rehearsal both have page.RehearsalBase before Path, where page.Rehearsed.
type Route struct {
	Method, Path string // as http.ServeMux takes them
	Handle       func(*Call) error
	Body         int64  // the largest request body in bytes; 0: MaxBody
	Form         string // the page with its form, to which what cannot be read leads back; "": the registration's first
}

// Tokens makes and opens values that only we can make.
type Tokens interface {
	SealToken(purpose string, plain []byte) (string, error)
	OpenToken(purpose, token string) ([]byte, error)
	Pseudonym(purpose, value string) string // keyed, for counting tries without keeping the value
}

// Site is what the handlers of one function have in common.
type Site struct {
	Log           *slog.Logger
	Tokens        func(context.Context) (Tokens, error)
	Origin        string   // "https://…" that the public sees
	UploadOrigin  string   // of the inbox bucket, for the Content-Security-Policy
	OriginSecrets []string // any one must be in x-origin-secret; empty: not checked
	Now           func() time.Time
	// Rehearsal serves the same routes below page.RehearsalBase, marks every
	// page, and has cookies and form keys that only a rehearsal takes.
	Rehearsal bool
	// Staff marks the officers' site: every page has their frame.
	Staff bool
	// Refusals are errors with a page of their own beside those of every function.
	Refusals []Refusal
	// Attempt counts a try; claim.ErrTooMany over the limit.
	Attempt func(ctx context.Context, bucket string, limit int, window time.Duration) error

	light lightTries
}

// Handler serves the routes in both languages.
func (s *Site) Handler(routes []Route) (http.Handler, error) {
	mux, base := http.NewServeMux(), ""
	if s.Rehearsal {
		base = page.RehearsalBase
	}
	for _, rt := range routes {
		if s.Rehearsal && !page.Rehearsed(rt.Path) {
			continue
		}
		for _, prefix := range []string{"", "/en"} {
			mux.Handle(rt.Method+" "+prefix+base+rt.Path, s.serve(Route{Path: base + rt.Path, Handle: rt.Handle, Body: rt.Body, Form: rt.Form}))
		}
	}
	mux.Handle("/", s.Lost(mux))
	cross := http.NewCrossOriginProtection()
	if s.Origin != "" {
		if err := cross.AddTrustedOrigin(s.Origin); err != nil {
			return nil, fmt.Errorf("public origin: %w", err)
		}
	}
	cross.SetDenyHandler(s.serve(Route{Path: "cross-origin", Handle: foreign}))
	return s.fromEdge(cross.Handler(mux)), nil
}

// fromEdge lets only requests through that came by way of our CDN.
func (s *Site) fromEdge(next http.Handler) http.Handler {
	if len(s.OriginSecrets) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := []byte(r.Header.Get("X-Origin-Secret"))
		ok := 0
		for _, want := range s.OriginSecrets {
			ok |= subtle.ConstantTimeCompare(got, []byte(want))
		}
		if ok == 0 {
			s.serve(Route{Path: "edge", Handle: foreign}).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func foreign(*Call) error { return errForeign }

func (s *Site) serve(rt Route) http.Handler {
	limit := cmp.Or(rt.Body, MaxBody)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		c := &Call{W: w, R: r, Lang: langOf(r), ID: requestID(r), site: s, limit: limit, form: rt.Form}
		c.headers()
		err := c.run(rt.Handle)
		if err != nil {
			c.fail(err)
		}
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("request_id", c.ID), slog.String("method", r.Method), slog.String("route", rt.Path),
			slog.Int("status", c.status), slog.Int64("ms", s.Now().Sub(start).Milliseconds()))
	})
}

// run turns a panic of a handler into an error, so that the person gets a page with the request id.
func (c *Call) run(handle func(*Call) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return handle(c)
}

// Lost answers what no route of a mux takes; the mux may have it as its "/".
func (s *Site) Lost(mux *http.ServeMux) http.Handler {
	return s.serve(Route{Path: "/", Handle: func(c *Call) error { return c.lost(mux) }})
}

// lost leads from an address with a slash at its end to the one without, and
// answers any other that no route has: 405 where another method exists, else 404.
func (c *Call) lost(mux *http.ServeMux) error {
	at, reads := c.R.URL.EscapedPath(), c.R.Method == http.MethodGet || c.R.Method == http.MethodHead
	if short := strings.TrimSuffix(at, "/"); reads && short != at && c.routed(mux, http.MethodGet, short) {
		return c.moved(short)
	}
	var allow []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		if c.routed(mux, m, at) {
			allow = append(allow, m)
		}
	}
	if len(allow) == 0 {
		return ErrNoPage
	}
	c.W.Header().Set("Allow", strings.Join(allow, ", "))
	return errMethod
}

// routed tells whether a mux has a route other than "/" for an escaped path.
func (c *Call) routed(mux *http.ServeMux, method, path string) bool {
	u, err := url.Parse(path)
	if err != nil {
		return false
	}
	r := c.R.Clone(c.R.Context())
	r.Method, r.URL = method, u
	_, pattern := mux.Handler(r)
	return pattern != "" && pattern != "/"
}

// moved leads to another address of the same page for good, with the question
// but for trackers.
func (c *Call) moved(path string) error {
	if q := untracked(c.R.URL.Query()).Encode(); q != "" {
		path += "?" + q
	}
	c.W.Header().Set("Location", path)
	return c.send(http.StatusPermanentRedirect, nil)
}

// headers of every answer (TRUST R64, R65, R68).
func (c *Call) headers() {
	h := c.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("X-Request-Id", c.ID)
	h.Set("Vary", "Accept")
}

func langOf(r *http.Request) requirement.Lang {
	if r.URL.Path == "/en" || strings.HasPrefix(r.URL.Path, "/en/") {
		return requirement.EN
	}
	return requirement.ID
}

// T returns the words of a key in the language of the call.
func (c *Call) T(key string, pairs ...string) string { return page.T(c.Lang, key, pairs...) }
