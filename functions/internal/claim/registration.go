// Package claim holds the rules of a registration, from an empty form to a
// submitted claim. It knows no network, no store and no page: standard
// library and the requirement set only.
//
//	enter ─► ENTERED ─► WAITING ◄─► OFFERED    each of them can lapse or be cancelled
//	            │ award    │ award     │ award
//	            ▼          │           │                  reopen
//	book ───► DRAFT ◄──────┴───────────┘       ┌─────────────────────────────┐
//	            │     all documents passed     ▼  above the sum: two people  │
//	lapse ◄─────┼────────────────────────► SUBMITTED ─► PROPOSED ─► APPROVED ┤
//	            │                             │  ▲ └──────────────► REFUSED ─┘
//	            │              documents to   ▼  │ documents mended
//	            └────────► CANCELLED ◄─── POSTPONED
//
// A place is taken at once (book), or by draw: who has entered gets a seat, or
// a rank on the wait list, to whose first a seat that was given back is offered.
// The table is Transitions; the way through the hour of the interview is CallState.
package claim

import (
	"time"

	"lapakasik/site/requirement"
)

// Status is the state of a registration.
type Status string

// The states of a registration.
const (
	// Before there is a place: in the draw of a branch-day, on its wait list, and
	// with a seat that is held for them until the deadline.
	Entered    Status = "ENTERED"
	Waitlisted Status = "WAITING"
	Offered    Status = "OFFERED"

	Draft     Status = "DRAFT"
	Submitted Status = "SUBMITTED"
	Cancelled Status = "CANCELLED"
	Lapsed    Status = "LAPSED"
	// The decisions of the official recap (status tindak lanjut): Setuju, Tolak,
	// Tunda; a claim without one is Belum. The officers' desk gives them.
	Approved  Status = "APPROVED"
	Refused   Status = "REFUSED"
	Postponed Status = "POSTPONED"
	// Proposed is an approval above the set sum that waits for a second person
	// (TRUST R45); the recap counts it as Belum.
	Proposed Status = "PROPOSED"
)

// Ended tells whether nothing more is to come: decided, cancelled or lapsed.
func (s Status) Ended() bool {
	switch s {
	case Cancelled, Lapsed, Approved, Refused:
		return true
	}
	return false
}

// A Registration is one claim with its place in the queue.
type Registration struct {
	ID         string // 32 hexadecimal digits, derived from the code; a pseudonym
	Version    int    // raised by each change; writes are conditional on it
	Status     Status
	Programme  string
	Reason     string // code of the claim reason
	SetVersion string // requirement set it was made under
	Lang       requirement.Lang
	Place      Place     // ENTERED and WAITING: branch, channel and date only
	Deadline   time.Time // UTC; a draft, an entry and an offer lapse after it
	Wishes     []string  // start times "08:00" by preference; empty: any
	Ticket     string    // of the draw, 32 hexadecimal digits, tells nothing of the person; "" where there was none
	Rank       int       // in the draw from 1, and so on the wait list, smallest first; of who came later above LateRank
	Wait       WaitList  // what came of waiting so far
	Created    time.Time // UTC
	Flags      []string  // for the officer, never a refusal: FlagBirthDate…
	Consents   []ConsentProof
	Paper      bool       // an officer has seen the documents on paper, at the branch
	Phone      bool       // the interview is by telephone: the place stays online
	Device     DeviceTest // the newest that the person kept
	Call       Call       // the hour of the interview
	Decision   Decision   // the newest; zero before the first
	Private    Private    // sealed at rest
	Documents  []Document
	// Company is the id of the company's request that made it, "" for everybody
	// who registered alone.
	Company string
}

// LateRank is greater than any rank of a draw. Who joins a wait list later has
// the Unix milliseconds of the moment.
const LateRank = 1_000_000_000

// Place is a seat in the queue of a branch.
type Place struct {
	Branch  string
	Channel requirement.Channel
	Date    requirement.Date // in the branch's zone
	Time    string           // start of the session, "08:00" in the branch's zone
	Seat    int              // 1 … places of the session
}

// Private is what only the person and the officer may read.
type Private struct {
	Code    string              `json:"code"`
	Person  Person              `json:"person"`
	Answers requirement.Answers `json:"answers"`
}

// Person is the claimant as entered. NIK of the member whose benefit is
// claimed is the key of the claimant lock.
type Person struct {
	NIK       string           `json:"nik"`  // 16 digits
	Name      string           `json:"name"` //
	KPJ       []string         `json:"kpj"`  // 11 digits each, at least one
	BirthDate requirement.Date `json:"birth_date"`
	Phone     string           `json:"phone"` // E.164, "+628…"
	Email     string           `json:"email"`
	Bank      string           `json:"bank"`
	Account   string           `json:"account"` // digits
	Holder    string           `json:"holder"`  // name on the account
	// Heir is who claims when the member has died; empty otherwise.
	HeirName     string `json:"heir_name,omitempty"`
	HeirNIK      string `json:"heir_nik,omitempty"`
	HeirRelation string `json:"heir_relation,omitempty"`
}

// ConsentProof is the record that UU 27/2022 art. 24 asks for.
type ConsentProof struct {
	Code    string           `json:"c"`
	Version string           `json:"v"` // of the text that was shown
	Lang    requirement.Lang `json:"l"`
	Given   time.Time        `json:"t"`
}

// DocState is the state of one uploaded file.
type DocState string

// The states of an uploaded file. A slot has passed when one of its files has.
const (
	DocWaiting DocState = "WAITING" // upload allowed, nothing inspected yet
	DocPassed  DocState = "PASSED"
	DocRefused DocState = "REFUSED"
)

// A Document is one file that was sent, or may be sent, for a slot of the checklist.
type Document struct {
	Slot     string
	Upload   string // 32 hexadecimal digits, random; the inbox key is inbox/<Upload>/<Slot>
	Kind     string // document code that the person says it is, one of the item's OneOf
	State    DocState
	Findings []string // codes of what inspection found: FindingBlurred…
	Media    string   // "image/jpeg", "image/png", "application/pdf"
	Size     int64    // bytes in the vault
	SHA256   string   // hexadecimal, of what was sent
	VaultKey string
	Version  string // object version in the vault
	Pages    int    // of a PDF
	Created  time.Time
	Expires  time.Time // WAITING: the pre-signed request dies then
}
