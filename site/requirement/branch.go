package requirement

import (
	"fmt"
	"time"
)

// A Branch is an office that serves claims.
type Branch struct {
	Code     string `json:"code" yaml:"code"` // URL part: "bandar-lampung"
	Name     string `json:"name" yaml:"name"`
	City     string `json:"city" yaml:"city"`
	Province string `json:"province" yaml:"province"`
	Address  string `json:"address,omitempty" yaml:"address"` // "": not known, and the page says so
	Zone     string `json:"zone" yaml:"zone"`                 // WIB, WITA or WIT
	Source   string `json:"source" yaml:"source"`
	Bookable bool   `json:"bookable" yaml:"bookable"`
	// Desks is the capacity by channel. In the file an empty map takes the default of jadwal.yaml.
	Desks    map[Channel]Desk `json:"desks,omitempty" yaml:"desks"`
	Closures []Closure        `json:"closures,omitempty" yaml:"closures"`
}

// A Desk is the daily plan of one channel at one branch:
// places = officers × places per officer × sessions, minus breaks.
type Desk struct {
	Officers int     `json:"officers" yaml:"officers"`
	Places   int     `json:"places" yaml:"places"` // people at once per officer, 1 to 6
	Open     string  `json:"open" yaml:"open"`     // first session starts, "08:00" in the branch's zone
	Close    string  `json:"close" yaml:"close"`   // last session has ended
	Minutes  int     `json:"minutes" yaml:"minutes"`
	Days     []int   `json:"days" yaml:"days"` // 1 Monday … 7 Sunday
	Breaks   []Break `json:"breaks,omitempty" yaml:"breaks"`
}

// A Break is a part of the day without sessions.
type Break struct {
	From string `json:"from" yaml:"from"`
	To   string `json:"to" yaml:"to"`
	Days []int  `json:"days,omitempty" yaml:"days"` // empty: every working day
}

// A Closure is a time of days on which one branch serves nobody.
type Closure struct {
	From   Date `json:"from" yaml:"from"`
	To     Date `json:"to" yaml:"to"`
	Reason Text `json:"reason" yaml:"reason"`
}

// A Holiday is a day on which no branch serves.
type Holiday struct {
	Date   Date   `json:"date" yaml:"date"`
	Name   Text   `json:"name" yaml:"name"`
	Source string `json:"source" yaml:"source"`
}

// Booking holds the rules of the queue that the agency sets.
type Booking struct {
	HorizonDays int `json:"horizon_days" yaml:"horizon_days"` // how far ahead a place can be booked
	DraftHours  int `json:"draft_hours" yaml:"draft_hours"`   // time to complete the documents
	CutoffHours int `json:"cutoff_hours" yaml:"cutoff_hours"` // documents and changes end this long before the session
	// ReopenAt are the clock times at the branch at which places that were given
	// back can be taken again, "12:00", in order; empty: at once.
	ReopenAt []string `json:"reopen_at,omitempty" yaml:"reopen_at"`
	Offers   Offers   `json:"offers,omitzero" yaml:"offers"`
	Doors    []Door   `json:"doors,omitempty" yaml:"doors,omitempty"`
	Opening  Opening  `json:"opening" yaml:"opening"`
}

// A Door paces the opening of a branch's newest day (claim.Door): it opens at
// an hour of the branch's clock to who took a number.
type Door struct {
	Branch        string `json:"branch" yaml:"branch"`
	Opens         string `json:"opens" yaml:"opens"`                   // "08:00"; the newest day can be booked from then on
	GatherMinutes int    `json:"gather_minutes" yaml:"gather_minutes"` // numbers are given this long before, all with the same chance
	StandsMinutes int    `json:"stands_minutes" yaml:"stands_minutes"` // after that time no number is needed
	PerSecond     int    `json:"per_second" yaml:"per_second"`         // numbers let in a second; 0: no door
}

// Offers holds how places that were given up are offered to who waits for one.
type Offers struct {
	Hours int    `json:"hours" yaml:"hours"` // by day, to answer an offer
	Most  int    `json:"most" yaml:"most"`   // to one person; 0: there are no wait lists
	From  string `json:"from" yaml:"from"`   // the day begins, "07:00" at the branch; nobody is asked at night
	To    string `json:"to" yaml:"to"`
}

// Device holds what a video interview asks of a person's line.
type Device struct {
	MinKbps int    `json:"min_kbps" yaml:"min_kbps"` // kilobits a second, each way
	Note    Text   `json:"note" yaml:"note"`         // where the number comes from, in words for everybody
	Source  string `json:"source" yaml:"source"`     // address of the document
}

// zones: Indonesia has three zones and no daylight saving (Keppres 41/1987).
var zones = map[string]*time.Location{
	"WIB":  time.FixedZone("WIB", 7*3600),
	"WITA": time.FixedZone("WITA", 8*3600),
	"WIT":  time.FixedZone("WIT", 9*3600),
}

// Location returns the branch's time zone.
func (b *Branch) Location() *time.Location {
	if l := zones[b.Zone]; l != nil {
		return l
	}
	return time.UTC
}

// At returns the moment of a local clock time "15:04" on a date at the branch.
func (b *Branch) At(d Date, clock string) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", string(d)+" "+clock, b.Location())
	if err != nil {
		return time.Time{}, fmt.Errorf("time %q on %q: %w", clock, d, err)
	}
	return t, nil
}
