package web

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// A form key (kunci) is the idempotency key of one booking and the proof that
// the form came from us: 16 random bytes and the time of issue, sealed. Its
// age counts from the first page of the journey, so that nobody who reads is
// too quick; a page that is shown after a while carries the key with a new time.
const (
	keyPurpose = "form-key"
	rehearsing = "rehearsal-form-key" // what a rehearsal's are sealed for
	keyMinAge  = 3 * time.Second
	keyRenew   = 10 * time.Minute
	keyMaxAge  = 30 * time.Minute
)

var (
	// ErrKeyAge: the form was sent sooner than a person can, or the page stood
	// open too long; the person may send the same page again.
	ErrKeyAge = errors.New("web: form key too young or too old")
	// ErrKey: not a key of ours.
	ErrKey = errors.New("web: not a form key")
)

// NewKey returns a form key for a new booking.
func (c *Call) NewKey() (string, error) {
	key, err := RandomKey()
	if err != nil {
		return "", err
	}
	return c.sealKey(key)
}

// RandomKey returns the 16 bytes of a new idempotency key.
func RandomKey() ([]byte, error) {
	key := make([]byte, 16)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("form key: %w", err)
	}
	return key, nil
}

// RenewKey returns the same key, with a new time if it was issued a while ago,
// or a new key for one that is not ours.
func (c *Call) RenewKey(token string) (string, error) {
	key, issued, err := c.openKey(token)
	if errors.Is(err, ErrKey) {
		return c.NewKey()
	}
	if err != nil {
		return "", err
	}
	if c.Now().Sub(issued) < keyRenew {
		return token, nil
	}
	return c.sealKey(key)
}

// Key opens a form key. ErrKey, or ErrKeyAge with the key.
func (c *Call) Key(token string) ([]byte, error) {
	key, issued, err := c.openKey(token)
	if err != nil {
		return nil, err
	}
	if age := c.Now().Sub(issued); age < keyMinAge || age > keyMaxAge {
		return key, ErrKeyAge
	}
	return key, nil
}

func (c *Call) keyPurpose() string {
	if c.site.Rehearsal {
		return rehearsing
	}
	return keyPurpose
}

func (c *Call) sealKey(key []byte) (string, error) {
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return "", err
	}
	return t.SealToken(c.keyPurpose(), binary.BigEndian.AppendUint64(key[:16:16], uint64(c.Now().UnixMilli())))
}

func (c *Call) openKey(token string) ([]byte, time.Time, error) {
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return nil, time.Time{}, err
	}
	b, err := t.OpenToken(c.keyPurpose(), token)
	if err != nil || len(b) != 24 {
		return nil, time.Time{}, ErrKey
	}
	return b[:16], time.UnixMilli(int64(binary.BigEndian.Uint64(b[16:]))), nil
}
