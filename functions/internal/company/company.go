// Package company holds the rules of a collective claim (klaim kolektif): a
// company that lays off many workers hands in their claims together.
//
//	        letters and list          branch agrees        all rows are in
//	OPEN ───────────────────► SENT ───────► RESERVING ─► AGREED ──────► DONE
//	  ▲                        │  ▲              │          each worker: own code,
//	  └──── given back ────────┤  └─ no places ──┘          consent, status, result
//	                           └──► REFUSED
//
// What the representative may learn of a worker is Standing, and nothing else.
package company

import (
	"slices"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// A Status is the state of a request.
type Status string

// The states of a request.
const (
	Open      Status = "OPEN"
	Sent      Status = "SENT"
	Reserving Status = "RESERVING" // the branch has agreed, its places are being taken
	Agreed    Status = "AGREED"    // each worker is being registered
	Done      Status = "DONE"
	Refused   Status = "REFUSED"
)

// A Request is a company's collective claim.
type Request struct {
	ID         string // 32 hexadecimal digits, derived from the code; a pseudonym
	Version    int    // raised by each change; writes are conditional on it
	Status     Status
	Branch     string
	SetVersion string
	Lang       requirement.Lang
	Created    time.Time // UTC
	Until      time.Time // UTC; letters and list must be sent by then
	List       string    // id of the newest list of workers that is valid as a whole, "" for none
	Rows       int       // of the list
	Block      []Session // that the branch agreed
	Returns    []string  // grounds on which the branch gave the request back, or refused it
	Private    Private   // sealed at rest
	Documents  []claim.Document
	Agreed     time.Time // UTC; what the workers need is that of this day
}

// Private is what only the representative and the branch may read.
type Private struct {
	Code    string `json:"code"`
	Company string `json:"company"`
	Workers int    `json:"workers"`  // in all
	LaidOff int    `json:"laid_off"` //
	Name    string `json:"name"`     // of the representative (wakil perusahaan)
	Phone   string `json:"phone"`    // E.164
	Email   string `json:"email"`
}

// A Session is a part of the block of places that the branch agreed.
type Session struct {
	Date   requirement.Date `json:"d"`
	Time   string           `json:"t"`
	Places int              `json:"n"`
}

// A Worker is one row of a company's list (daftar pekerja).
type Worker struct {
	Row     int                 `json:"row"` // of the spreadsheet, from 2
	Person  claim.Person        `json:"person"`
	Reason  string              `json:"reason"`
	Answers requirement.Answers `json:"answers"`
	From    requirement.Date    `json:"from"` // period of work
	To      requirement.Date    `json:"to"`
}

// A Head is a request as the branch's list shows it.
type Head struct {
	ID      string
	Status  Status
	Created time.Time
}

// A Line is what became of one row of the list. Loose rows have no
// registration, only files: the worker had a claim already, which is nobody
// else's business (see Standing).
type Line struct {
	Row   int
	Owner string // id under which the files of the row are kept
	Loose bool
	Sent  bool // the claim was submitted at some time
}

// Passed tells whether a letter has a file that passed inspection.
func (r *Request) Passed(document string) bool {
	return slices.ContainsFunc(r.Documents, func(d claim.Document) bool { return d.Slot == document && d.State == claim.DocPassed })
}

// Missing returns the letters that are required and have not passed.
func (r *Request) Missing(rules *requirement.Company) []string {
	var out []string
	for _, l := range rules.Letters {
		if l.Required && !r.Passed(l.Document) {
			out = append(out, l.Document)
		}
	}
	return out
}

// Editable tells whether letters and list may still be changed.
func (r *Request) Editable(now time.Time) bool { return r.Status == Open && now.Before(r.Until) }

// Places is how many workers a block has a place for.
func Places(block []Session) int {
	n := 0
	for _, s := range block {
		n += s.Places
	}
	return n
}

// Spread lays a day's number of workers over its sessions, the earliest first,
// none beyond what is free. left is how many found no place.
func Spread(d requirement.Date, n int, sessions []claim.Session) (block []Session, left int) {
	for _, s := range sessions {
		if s.Channel != requirement.Online || s.Free == 0 || n == 0 {
			continue
		}
		take := min(n, s.Free)
		block = append(block, Session{d, s.Time, take})
		n -= take
	}
	return block, n
}
