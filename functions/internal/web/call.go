package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A Call is one request with its answer.
type Call struct {
	W      http.ResponseWriter
	R      *http.Request
	Lang   requirement.Lang
	ID     string      // of the request, on error pages and in the log
	Staff  *page.Staff // the frame of an officer's page, once it is known who asks
	site   *Site
	status int
	public bool
	limit  int64      // of the body, in bytes
	form   string     // Route.Form
	asked  url.Values // what the address says that the page knows
}

// Context returns the request's context.
func (c *Call) Context() context.Context { return c.R.Context() }

// Now returns the moment by the server's clock, the only clock that counts.
func (c *Call) Now() time.Time { return c.site.Now() }

// Rehearsal tells whether nothing of this counts (see Site.Rehearsal).
func (c *Call) Rehearsal() bool { return c.site.Rehearsal }

// URL returns a path of the Indonesian site in the language of the call, in
// a rehearsal that of the rehearsal (see page.Address).
func (c *Call) URL(path string) string { return page.Address(c.Lang, c.site.Rehearsal, path) }

// Absolute returns URL(path) with the public origin.
func (c *Call) Absolute(path string) string { return c.site.Origin + c.URL(path) }

// JSON tells whether the caller wants the JSON form.
func (c *Call) JSON() bool {
	return strings.Contains(c.R.Header.Get("Accept"), "application/json") ||
		strings.HasPrefix(c.R.Header.Get("Content-Type"), "application/json")
}

// Show answers with the page or, where asked, with the value as JSON. It
// fills in the page's language, its marks and the upload origin.
func (c *Call) Show(status int, p *page.Page, value any) error {
	if c.JSON() {
		return c.write(status, value)
	}
	p.Lang, p.Private, p.Rehearsal, p.Upload = c.Lang, !c.public, c.site.Rehearsal, c.site.UploadOrigin
	if p.Staff = c.Staff; p.Staff == nil && c.site.Staff {
		p.Staff = &page.Staff{}
	}
	if c.public {
		p.Origin, p.Upload = c.site.Origin, ""
		p.Card = cmp.Or(p.Card, page.CardPath("", c.Lang))
	}
	if p.Path == "" {
		p.Path = strings.TrimPrefix(c.R.URL.Path, "/en")
	}
	p.Switch = cmp.Or(p.Switch, c.switchTo(p, status))
	var b bytes.Buffer
	if err := page.Render(&b, p); err != nil {
		return fmt.Errorf("render %s: %w", p.Path, err)
	}
	c.W.Header().Set("Content-Security-Policy", page.ContentSecurityPolicy(p))
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.W.Header().Set("Content-Language", string(c.Lang))
	return c.send(status, b.Bytes())
}

// switchTo is where the language switch of an answer leads, "" to its address:
// a page that was asked for stays about the same, and what a form has made
// stands on the status page, as the form cannot be sent again.
func (c *Call) switchTo(p *page.Page, status int) string {
	reads := c.R.Method == http.MethodGet || c.R.Method == http.MethodHead
	switch question := c.asked.Encode(); {
	case status == http.StatusCreated:
		return "/status"
	case reads && status == http.StatusOK && question != "":
		return p.Path + "?" + question
	case reads && p.Step > 1:
		return p.Path
	}
	return ""
}

// Asked returns what the address says under a name, which the page in the
// other language is asked too.
func (c *Call) Asked(name string) string {
	v := c.R.URL.Query().Get(name)
	if v != "" {
		c.ask(name, v)
	}
	return v
}

func (c *Call) ask(name, value string) {
	if c.asked == nil {
		c.asked = url.Values{}
	}
	c.asked.Add(name, value)
}

// Found says that search engines may find the page, which is made anew for each request.
func (c *Call) Found(p *page.Page) { c.public, p.Fresh = true, true }

// Public says that the answer is the same for everybody, may be kept for a
// time by the distribution, and may be found by search engines.
func (c *Call) Public(keep time.Duration) {
	c.public = true
	c.Cache(keep)
}

// Cache says that the answer is the same for everybody and may be kept for a
// time by the distribution.
func (c *Call) Cache(keep time.Duration) {
	h := c.W.Header()
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(keep.Seconds())))
	h.Del("X-Request-Id") // of one of many
}

// private takes Public back, for an answer that turned out to be about one request.
func (c *Call) private() {
	c.public = false
	c.W.Header().Set("Cache-Control", "no-store")
	c.W.Header().Set("X-Request-Id", c.ID)
}

func (c *Call) write(status int, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("answer as JSON: %w", err)
	}
	c.W.Header().Set("Content-Type", "application/json")
	return c.send(status, b)
}

// File answers with a file to download.
func (c *Call) File(media, name string, body []byte) error {
	c.W.Header().Set("Content-Type", media)
	c.W.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return c.send(http.StatusOK, body)
}

// Redirect sends the browser to a path of the site with GET.
func (c *Call) Redirect(path string) error {
	if c.JSON() {
		return c.write(http.StatusOK, map[string]string{"lanjut": c.URL(path)})
	}
	c.W.Header().Set("Location", c.URL(path))
	return c.send(http.StatusSeeOther, nil)
}

// Away sends the browser to an address of another site with GET.
func (c *Call) Away(address string) error {
	if c.JSON() {
		return c.write(http.StatusOK, map[string]string{"lanjut": address})
	}
	c.W.Header().Set("Location", address)
	return c.send(http.StatusSeeOther, nil)
}

func (c *Call) send(status int, body []byte) error {
	c.status = status
	c.W.WriteHeader(status)
	// A reader that went away is no fault of ours, and there is nobody left to tell.
	_, _ = c.W.Write(body)
	return nil
}

// Attempt counts a try against limits of their own for what is tried and for
// the address it comes from (TRUST R10). claim.ErrTooMany over either.
func (c *Call) Attempt(what, value string, limit int, window time.Duration) error {
	// Mobile lines share addresses, so an address may try more often than one value.
	if err := c.AttemptAddress(what, 20*limit, window); err != nil {
		return err
	}
	name, err := c.valueName(what, value)
	if err != nil {
		return err
	}
	return c.attempt(name, limit, window)
}

// tooMany is claim.ErrTooMany with the end of the window of time.
type tooMany struct {
	error
	until time.Time
}

func (e tooMany) Unwrap() error { return e.error }

// attempt counts a try, and remembers when one may try again.
func (c *Call) attempt(name string, limit int, window time.Duration) error {
	err := c.site.Attempt(c.Context(), name, limit, window)
	if errors.Is(err, claim.ErrTooMany) {
		return tooMany{err, c.Now().Truncate(window).Add(window)}
	}
	return err
}

// valueName is what tries of a value are counted under.
func (c *Call) valueName(what, value string) (string, error) {
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return "", err
	}
	return what + "#" + t.Pseudonym(what, value), nil
}

// AttemptAddress counts a try against the limit of the address it comes from.
func (c *Call) AttemptAddress(what string, limit int, window time.Duration) error {
	name, err := c.addressName(what)
	if err != nil || name == "" {
		return err
	}
	return c.attempt(name, limit, window)
}

// addressName is what an address's tries are counted under, "" where none is known.
func (c *Call) addressName(what string) (string, error) {
	t, err := c.site.Tokens(c.Context())
	host := c.client()
	if err != nil || host == "" {
		return "", err
	}
	return "address#" + what + "#" + t.Pseudonym("address", host), nil
}

// client returns the address that the edge adapter trusts (see lambdahttp).
func (c *Call) client() string {
	host, _, err := net.SplitHostPort(c.R.RemoteAddr)
	if err != nil {
		return c.R.RemoteAddr
	}
	return host
}

type requestIDKey struct{}

// WithRequestID puts the edge's request id into a context.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

func requestID(r *http.Request) string {
	if id, ok := r.Context().Value(requestIDKey{}).(string); ok && id != "" {
		return id
	}
	return rand.Text()
}
