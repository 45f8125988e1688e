package claim

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"

	"lapakasik/site/requirement"
)

// A Door (pintu antrean) stands before the newest day of a branch while it
// opens: who wants a place takes a number, and the number is let in when the
// clock says so. Nobody counts at the door, so every function says the same:
//
//	gathers            opens                                        closes
//	   │  numbers 0…e-1  │  the first number is drawn, then one after   │  no door any more
//	   └─────────────────┴── another, PerSecond of them; from e on ─────┘
//	                          numbers about in order of arrival
//
// Early numbers are let in from a random one on, round to the one before it:
// to come early, or fast, is worth nothing before the hour.
type Door struct {
	Gathers, Opens, Closes time.Time
	PerSecond              int
	Lag                    time.Duration // of the first turn behind the hour; less than the time between two
}

// DoorOf returns the door before a branch's day; false if it has none.
func DoorOf(b *requirement.Branch, rules requirement.Booking, d requirement.Date) (Door, bool) {
	for _, x := range rules.Doors {
		if x.Branch != b.Code || x.PerSecond < 1 {
			continue
		}
		opens, err := b.At(d.AddDays(-rules.HorizonDays), x.Opens)
		if err != nil {
			return Door{}, false
		}
		return Door{opens.Add(-time.Duration(x.GatherMinutes) * time.Minute).UTC(), opens.UTC(),
			opens.Add(time.Duration(x.StandsMinutes) * time.Minute).UTC(), x.PerSecond, lagOf(b.Code, x.PerSecond)}, true
	}
	return Door{}, false
}

// lagOf differs by branch, so that doors that open at the same hour do not let
// people in at the same instants.
func lagOf(branch string, perSecond int) time.Duration {
	sum := sha256.Sum256([]byte(branch))
	return time.Duration(binary.BigEndian.Uint32(sum[:4])) * time.Second / time.Duration(perSecond) >> 32
}

// Stands tells whether a number is needed at a moment.
func (d Door) Stands(now time.Time) bool { return !now.Before(d.Gathers) && now.Before(d.Closes) }

// Open tells whether numbers are let in yet.
func (d Door) Open(now time.Time) bool { return !now.Before(d.Opens) }

// Turn is when a place in the order is let in. No second has more than
// PerSecond turns.
func (d Door) Turn(place int64) time.Time {
	seconds, rest := place/int64(d.PerSecond), place%int64(d.PerSecond)
	return d.Opens.Add(d.Lag + time.Duration(seconds)*time.Second + time.Duration(rest)*time.Second/time.Duration(d.PerSecond))
}

// Served is how many places have had their turn at a moment.
func (d Door) Served(now time.Time) int64 {
	if !d.Open(now) {
		return 0
	}
	p := max(0, d.Next(now)-1)
	for !d.Turn(p).After(now) {
		p++
	}
	return p
}

// Next is the first place whose turn is not before a moment: who comes now
// gets none that is, so that turns nobody used do not add up to a crowd.
func (d Door) Next(now time.Time) int64 {
	since := now.Sub(d.Opens.Add(d.Lag))
	if since <= 0 {
		return 0
	}
	p := int64(since/time.Second) * int64(d.PerSecond)
	p += int64(math.Floor(float64(since%time.Second) / float64(time.Second) * float64(d.PerSecond)))
	for d.Turn(p).Before(now) {
		p++
	}
	return p
}

// FirstOf draws the number that is let in first of so many early ones. secret is
// ours alone, so that nobody can tell it before the number of early ones is final.
func FirstOf(secret []byte, early int64) int64 {
	if early < 2 {
		return 0
	}
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(append([]byte("door-first#"), secret...), uint64(early)))
	return int64(binary.BigEndian.Uint64(sum[:8]) % uint64(early)) // of 2^64 the remainder is nothing
}

// Early is how many early numbers each of eight counters gave: the i-th of
// counter k is i·8+k. Counters may differ, so some numbers below the highest
// one were never given.
type Early [8]int64

// Total is how many early numbers there are.
func (e Early) Total() (n int64) {
	for _, c := range e {
		n += c
	}
	return n
}

// End is the first number that is not early.
func (e Early) End() (n int64) {
	for k, c := range e {
		if c > 0 {
			n = max(n, (c-1)*int64(len(e))+int64(k)+1)
		}
	}
	return n
}

// rank is how many early numbers are below n.
func (e Early) rank(n int64) (below int64) {
	for k, c := range e {
		below += min(c, max(0, (n-int64(k)+int64(len(e))-1)/int64(len(e))))
	}
	return below
}

// Number is the early number with so many others below it.
func (e Early) Number(rank int64) int64 {
	low, high := int64(0), e.End()-1
	for low < high {
		if mid := (low + high) / 2; e.rank(mid+1) > rank {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// OrderOf is the place of a number in the order: of the early ones, counted
// from the first on and round, which has so many below it; later ones follow.
func OrderOf(n int64, early Early, first int64) int64 {
	total := early.Total()
	if end := early.End(); n >= end {
		return n - end + total
	}
	return (early.rank(n) - first + total) % total
}

// Later is the number whose place is not before a place in the order.
func (e Early) Later(place int64) int64 { return max(e.End(), place-e.Total()+e.End()) }
