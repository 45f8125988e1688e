// Package lot holds the rules of an opening by draw: how places are given to
// people who joined in a window of time, so that speed is worth nothing, and so
// that anybody can recompute the result from a published file without persons.
//
//	before the window   seed (secret) ─ SHA-256 ─► commitment, published
//	in the window       each person gets a random ticket; when they came does not matter
//	at its close        SHA-256 of all tickets, wishes and places ─► list digest, published
//	after the close     a public value that nobody could know before
//	                    key = HMAC-SHA256(seed, list digest, public value)
//	                    rank of a ticket = HMAC-SHA256(key, ticket); smallest first
//	then                seats in order of rank, by wish; the rest are the wait list
//
// Who knows the seed cannot choose the order, because the public value is
// fixed only after the close; who chooses the public value cannot either,
// because the seed is committed before. Whoever has the list before the public
// value is known cannot change it afterwards, nor the places of any time: all
// that decides who gets what is in the list digest, and that was published.
// It knows no network and no store.
package lot

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// SeedSize is the length of a seed in bytes.
const SeedSize = 32

// NewSeed returns a random seed, hexadecimal.
func NewSeed() string {
	b := make([]byte, SeedSize)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// Commitment is what is published of a seed before the window: SHA-256 of its
// bytes, hexadecimal. An error for what is no seed.
func Commitment(seed string) (string, error) {
	b, err := hex.DecodeString(seed)
	if err != nil || len(b) != SeedSize || seed != hex.EncodeToString(b) {
		return "", fmt.Errorf("lot: a seed is %d hexadecimal digits, small", 2*SeedSize)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// An Entry is one who joined: a random ticket, and the times they wish in
// order; none means any.
type Entry struct {
	Ticket string   `json:"ticket"` // 32 hexadecimal digits
	Times  []string `json:"times,omitempty"`
}

// Key mixes seed, list and public value; only all three together have it.
func Key(seed, listDigest, public string) ([]byte, error) {
	if _, err := Commitment(seed); err != nil {
		return nil, err
	}
	b, _ := hex.DecodeString(seed) // Commitment has read it
	m := hmac.New(sha256.New, b)
	fmt.Fprintf(m, "%d:%s%s", len(listDigest), listDigest, public)
	return m.Sum(nil), nil
}

// Order returns the entries by their rank under the key.
func Order(key []byte, entries []Entry) []Entry {
	type ranked struct {
		rank []byte
		Entry
	}
	all := make([]ranked, len(entries))
	for i, e := range entries {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(e.Ticket))
		all[i] = ranked{m.Sum(nil), e}
	}
	slices.SortFunc(all, func(a, b ranked) int { return bytes.Compare(a.rank, b.rank) })
	out := make([]Entry, len(all))
	for i, r := range all {
		out[i] = r.Entry
	}
	return out
}

// A Session is a start time with its places.
type Session struct {
	Time   string `json:"time"` // "08:00"
	Places int    `json:"places"`
}

// Seats gives each entry in order the first of its wishes that has a place
// left, or the earliest session with one where it has no wish; "" is the wait
// list. A wish that is full is not replaced by another time that was not wished.
func Seats(order []Entry, sessions []Session) []string {
	left := map[string]int{}
	var times []string
	for _, s := range sessions {
		left[s.Time] += s.Places
		times = append(times, s.Time)
	}
	slices.Sort(times)
	out := make([]string, len(order))
	for i, e := range order {
		wishes := e.Times
		if len(wishes) == 0 {
			wishes = times
		}
		for _, t := range wishes {
			if left[t] > 0 {
				left[t]--
				out[i] = t
				break
			}
		}
	}
	return out
}
