// Package requirement is what a claim needs, as dated data: one Set is built
// from content/ by the generator, published with the pages, and loaded by the
// functions, so page, form, checklist and check cannot differ.
//
//	content/klaim/*.md, content/data/*.yaml
//	        │ site (generator)
//	        ▼
//	      Set ──► page of the reason        (site/page)
//	        ├───► questions and Verdict     (Reason.Questions, Reason.Decide)
//	        ├───► upload checklist          (Reason.Checklist)
//	        └───► check before submission   (Checklist.Missing)
//
// It uses the standard library only.
package requirement

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Lang is a language of the service: Indonesian first, English second.
type Lang string

// The two languages of the service.
const (
	ID Lang = "id"
	EN Lang = "en"
)

// Text is one sentence in both languages.
type Text struct {
	ID string `json:"id" yaml:"id"`
	EN string `json:"en" yaml:"en"`
}

// In returns the text in the language, Indonesian for any language but EN.
func (t Text) In(l Lang) string {
	if l == EN {
		return t.EN
	}
	return t.ID
}

// Channel is how a claim is served.
type Channel string

// Online is an interview by video; Onsite a visit to the branch.
const (
	Online Channel = "online"
	Onsite Channel = "onsite"
	// Collective is a company's claim for its workers; no place is booked in it by hand.
	Collective Channel = "kolektif"
)

// Set is everything the functions need to know of the content.
type Set struct {
	Version   string           `json:"version"` // see Seal
	Reasons   []Reason         `json:"reasons"` // in page order
	Documents []Document       `json:"documents"`
	Questions []Question       `json:"questions"`
	Branches  []Branch         `json:"branches"`
	Holidays  []Holiday        `json:"holidays"`
	Booking   Booking          `json:"booking"`
	Consents  []Consent        `json:"consents"`
	Results   Results          `json:"results,omitzero"`
	Survey    []SurveyQuestion `json:"survey,omitempty"` // at most five
	// Device is left out where it is not set, so that older sets keep their version.
	Device   Device   `json:"device,omitzero"`
	Deciding Deciding `json:"deciding,omitzero"`
	Company  Company  `json:"company,omitzero"`
}

// Seal sets Version to the first 16 hexadecimal digits of the SHA-256 of the
// set's canonical JSON: the same content always has the same version.
func (s *Set) Seal() error {
	s.Version = ""
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("seal requirement set: %w", err)
	}
	sum := sha256.Sum256(b)
	s.Version = hex.EncodeToString(sum[:8])
	return nil
}

// ErrVersion is returned by Read for a set whose version is not its content's.
var ErrVersion = errors.New("requirement set: version does not match content")

// Read parses a published set and checks its version.
func Read(b []byte) (*Set, error) {
	var s Set
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("read requirement set: %w", err)
	}
	want := s.Version
	if err := s.Seal(); err != nil {
		return nil, err
	}
	if s.Version != want {
		return nil, fmt.Errorf("%w: %q, content gives %q", ErrVersion, want, s.Version)
	}
	return &s, nil
}

// Reason returns the claim reason (sebab klaim) with the code, or nil.
func (s *Set) Reason(code string) *Reason { return find(s.Reasons, code) }

// Document returns the document type with the code, or nil.
func (s *Set) Document(code string) *Document { return find(s.Documents, code) }

// Question returns the question with the code, or nil.
func (s *Set) Question(code string) *Question { return find(s.Questions, code) }

// Branch returns the branch office with the code, or nil.
func (s *Set) Branch(code string) *Branch { return find(s.Branches, code) }

type coded interface{ code() string }

func find[T coded](list []T, code string) *T {
	for i := range list {
		if list[i].code() == code {
			return &list[i]
		}
	}
	return nil
}

func (r Reason) code() string   { return r.Code }
func (d Document) code() string { return d.Code }
func (q Question) code() string { return q.Code }
func (b Branch) code() string   { return b.Code }
