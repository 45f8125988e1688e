package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// cookie holds which registration the browser has opened, sealed.
const cookie = "__Host-klaim"

// rehearsalCookie is that of a rehearsal, so that both can be open in one browser.
const rehearsalCookie = "__Host-latihan"

// cookie names the cookie, and what its content is sealed for.
func (c *Call) cookie() string {
	if c.site.Rehearsal {
		return rehearsalCookie
	}
	return cookie
}

// sessionLife is how long an opened registration stays open on a shared phone.
const sessionLife = 2 * time.Hour

type session struct {
	ID    string `json:"id"`
	Until int64  `json:"until"` // Unix seconds
}

// Open lets the browser act for a registration for two hours.
func (c *Call) Open(registration string) error {
	until := c.Now().Add(sessionLife)
	b, err := json.Marshal(session{registration, until.Unix()})
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return c.Seal(c.cookie(), b, int(sessionLife.Seconds()))
}

// Leave closes the registration in this browser and drops what it kept of it.
func (c *Call) Leave() {
	c.SetCookie(c.cookie(), "", -1)
	c.W.Header().Set("Clear-Site-Data", `"cache", "storage"`)
}

// SetCookie gives the browser a cookie that no script can read and that other
// sites' forms do not carry, for age seconds; a negative age takes it away
// (TRUST R66). The name begins with "__Host-". SameSite is Lax because the file
// store and the identity provider send the browser back to us.
func (c *Call) SetCookie(name, value string, age int) {
	http.SetCookie(c.W, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Seal gives the browser a value in a cookie that it can neither read nor change.
func (c *Call) Seal(cookie string, plain []byte, age int) error {
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return err
	}
	sealed, err := t.SealToken(cookie, plain)
	if err != nil {
		return fmt.Errorf("seal %s: %w", cookie, err)
	}
	c.SetCookie(cookie, sealed, age)
	return nil
}

// Sealed returns what Seal gave the browser, or ErrNoSession.
func (c *Call) Sealed(cookie string) ([]byte, error) {
	k, err := c.R.Cookie(cookie)
	if err != nil {
		return nil, ErrNoSession
	}
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return nil, err
	}
	b, err := t.OpenToken(cookie, k.Value)
	if err != nil {
		return nil, ErrNoSession
	}
	return b, nil
}

// Session returns the id of the opened registration, or ErrNoSession.
func (c *Call) Session() (string, error) {
	b, err := c.Sealed(c.cookie())
	if err != nil {
		return "", err
	}
	var s session
	if json.Unmarshal(b, &s) != nil || c.Now().Unix() >= s.Until {
		return "", ErrNoSession
	}
	return s.ID, nil
}
