// Package trail seals the audit trails of a day, so that nobody can take
// events away unseen, not even who can write to the store (TRUST R89).
//
//	claim A   EV1 ◄─ EV2 ◄─ EV3 ◄─ EV4      each event holds the hash of the one before
//	claim B   EV1 ◄─ EV2
//	                  │      │
//	day n     heads: B/2, A/4 ─► digest ◄─ day n+1 ◄─ …   each day holds the digest of the day before
//	                                   └─► a bucket whose objects cannot be changed or removed
//
// A chain alone tells when an event was changed or taken from its middle; only
// the day's heads tell when its end was cut off. There is nothing personal in
// a day: registration ids are pseudonyms.
package trail

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Head is the newest event of a claim on a day.
type Head struct {
	Claim string `json:"claim"` // registration id
	Event int    `json:"event"`
	Hash  string `json:"hash"`
}

// A Day is what the archive keeps of one day (UTC).
type Day struct {
	Date   string `json:"date"`           // "2026-11-24"
	Prev   string `json:"prev,omitempty"` // Digest of the day before, empty on the first
	Heads  []Head `json:"heads"`          // in order of claim
	Digest string `json:"digest"`         // SHA-256 of everything above, hexadecimal
}

// Seal returns the day after prev (nil for the first) with its digest. heads
// may hold several events of a claim; the newest counts.
func Seal(date string, prev *Day, heads []Head) (Day, error) {
	newest := map[string]Head{}
	for _, h := range heads {
		if newest[h.Claim].Event < h.Event {
			newest[h.Claim] = h
		}
	}
	d := Day{Date: date, Heads: make([]Head, 0, len(newest))}
	if prev != nil {
		d.Prev = prev.Digest
	}
	for _, h := range newest {
		d.Heads = append(d.Heads, h)
	}
	slices.SortFunc(d.Heads, func(a, b Head) int { return cmp.Compare(a.Claim, b.Claim) })
	var err error
	d.Digest, err = d.sum()
	return d, err
}

func (d Day) sum() (string, error) {
	d.Digest = ""
	b, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("digest of %s: %w", d.Date, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// ErrNoDay is what an Archive returns for a day that it does not hold.
var ErrNoDay = errors.New("trail: no such day")

// An Archive keeps sealed days for ever, or as long as the law says.
type Archive interface {
	// Days returns the dates that it holds, oldest first.
	Days(ctx context.Context) ([]string, error)
	// Day returns one of them, or ErrNoDay.
	Day(ctx context.Context, date string) (Day, error)
	// Keep stores a day once; a day that is there stays as it is.
	Keep(ctx context.Context, d Day) error
}

// Events is what the store knows of events.
type Events interface {
	// EventsOf returns the events that were written on a day (UTC).
	EventsOf(ctx context.Context, date string) ([]Head, error)
	// EventHash returns the hash of an event, "" if there is none.
	EventHash(ctx context.Context, claim string, event int) (string, error)
	// Chains calls visit for every claim with the number of its first broken
	// event, 0 if its chain is whole, and of its events.
	Chains(ctx context.Context, visit func(claim string, broken, events int) error) error
}

// Catch seals every day from the one after the last sealed, up to yesterday,
// and returns how many. The first day ever is yesterday.
func Catch(ctx context.Context, events Events, archive Archive, now time.Time) (int, error) {
	days, err := archive.Days(ctx)
	if err != nil {
		return 0, err
	}
	yesterday := now.UTC().AddDate(0, 0, -1)
	next := yesterday
	var prev *Day
	if len(days) > 0 {
		last, err := archive.Day(ctx, days[len(days)-1])
		if err != nil {
			return 0, err
		}
		at, err := time.Parse(time.DateOnly, last.Date)
		if err != nil {
			return 0, fmt.Errorf("sealed day: %w", err)
		}
		prev, next = &last, at.AddDate(0, 0, 1)
	}
	n := 0
	for ; next.Format(time.DateOnly) <= yesterday.Format(time.DateOnly); next = next.AddDate(0, 0, 1) {
		heads, err := events.EventsOf(ctx, next.Format(time.DateOnly))
		if err != nil {
			return n, err
		}
		d, err := Seal(next.Format(time.DateOnly), prev, heads)
		if err != nil {
			return n, err
		}
		if err := archive.Keep(ctx, d); err != nil {
			return n, err
		}
		prev = &d
		n++
	}
	return n, nil
}
