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
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return err
	}
	until := c.Now().Add(sessionLife)
	b, err := json.Marshal(session{registration, until.Unix()})
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	sealed, err := t.SealToken(c.cookie(), b)
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	c.setCookie(sealed, int(sessionLife.Seconds()))
	return nil
}

// Leave closes the registration in this browser and drops what it kept of it.
func (c *Call) Leave() {
	c.setCookie("", -1)
	c.W.Header().Set("Clear-Site-Data", `"cache", "storage"`)
}

// SameSite is Lax because the file store sends the browser back to us after
// an upload without JavaScript.
func (c *Call) setCookie(value string, age int) {
	http.SetCookie(c.W, &http.Cookie{Name: c.cookie(), Value: value, Path: "/", MaxAge: age,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Session returns the id of the opened registration, or ErrNoSession.
func (c *Call) Session() (string, error) {
	k, err := c.R.Cookie(c.cookie())
	if err != nil {
		return "", ErrNoSession
	}
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return "", err
	}
	b, err := t.OpenToken(c.cookie(), k.Value)
	if err != nil {
		return "", ErrNoSession
	}
	var s session
	if json.Unmarshal(b, &s) != nil || c.Now().Unix() >= s.Until {
		return "", ErrNoSession
	}
	return s.ID, nil
}
