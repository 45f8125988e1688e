package requirement

import "slices"

// A Reason (sebab klaim) is one ground on which a benefit may be claimed.
type Reason struct {
	Code      string    `json:"code"`      // file name and last URL part: "mengundurkan-diri"
	Programme string    `json:"programme"` // "JHT", "JKM", or of the pages that only guide: "JKK", "JP", "JKP"
	Title     Text      `json:"title"`
	Situation Text      `json:"situation"` // as the person would say it: "Saya mengundurkan diri"
	Channels  []Channel `json:"channels"`  // none: not handled by this service, the page says where to go
	Applicant Applicant `json:"applicant"`
	Rules     []Rule    `json:"rules"`
	Lists     []List    `json:"lists"`
}

// Applicant is who may claim.
type Applicant string

// Member is the participant (peserta); Heir the ahli waris.
const (
	Member Applicant = "member"
	Heir   Applicant = "heir"
)

// RuleKind names how a Rule is evaluated.
type RuleKind string

const (
	// MinAge: at least Amount years old; Question names the birth date.
	MinAge RuleKind = "min_age"
	// WaitMonths: Amount months have passed since the date in Question.
	WaitMonths RuleKind = "wait_months"
	// MinYears: Amount years have passed since the date in Question.
	MinYears RuleKind = "min_years"
	// MustBe: the yes/no Question is answered with Answer.
	MustBe RuleKind = "must_be"
	// DatePast: the date in Question is today or earlier.
	DatePast RuleKind = "date_past"
)

// A Rule is one condition of eligibility with its legal source.
type Rule struct {
	Kind     RuleKind `json:"kind" yaml:"kind"`
	Question string   `json:"question" yaml:"question"`
	Amount   int      `json:"amount,omitempty" yaml:"amount"`
	// WholeMonth counts WaitMonths from the first day of the month after the
	// date; DOMAIN knows this practice from one account only, so it is data.
	WholeMonth bool   `json:"whole_month,omitempty" yaml:"whole_month"`
	Answer     string `json:"answer,omitempty" yaml:"answer"` // "ya" or "tidak"
	Refusal    Text   `json:"refusal" yaml:"refusal"`         // why not (yet) and what to do
	Source     string `json:"source" yaml:"source"`           // law and article
}

// Basis tells which of the two circulating document lists a List is.
type Basis string

const (
	// Law is the list in force; its items are enforced.
	Law Basis = "law"
	// Practice is the older list that branches may still ask for; its items are never enforced.
	Practice Basis = "practice"
)

// A List is one dated list of documents. It is in force on a day d with
// ValidFrom <= d and d <= ValidTo (an empty ValidTo is open).
type List struct {
	Basis     Basis  `json:"basis" yaml:"basis"`
	ValidFrom Date   `json:"valid_from" yaml:"valid_from"`
	ValidTo   Date   `json:"valid_to,omitempty" yaml:"valid_to"`
	Source    string `json:"source" yaml:"source"`
	// Reported: the list is known from the source, no article orders it; the
	// dates say when it was published.
	Reported bool   `json:"reported,omitempty" yaml:"reported"`
	Items    []Item `json:"items" yaml:"documents"`
}

// Need is how strongly an Item is asked for.
type Need string

const (
	// Required is needed for every claim of the reason.
	Required Need = "required"
	// Conditional is required when any question in When is answered "ya".
	Conditional Need = "conditional"
	// Advised may be sent along and is never enforced.
	Advised Need = "advised"
)

// An Item is one line of a checklist: one slot to fill with a document.
type Item struct {
	Slot  string   `json:"slot" yaml:"slot"`             // unique in the list: "ktp", "bukti-phk"
	Need  Need     `json:"need" yaml:"need"`             //
	When  []string `json:"when,omitempty" yaml:"when"`   // codes of yes/no questions
	OneOf []string `json:"one_of" yaml:"one_of"`         // document codes, any one is accepted; empty in a file: the slot's own code
	Files int      `json:"files,omitempty" yaml:"files"` // most files in the slot; 0 is 1
	// Channels the item applies to; empty means every channel.
	Channels []Channel `json:"channels,omitempty" yaml:"channels"`
	Note     Text      `json:"note,omitzero" yaml:"note"`
	// Source is the law and article, or "" when the list's own source holds.
	Source string `json:"source,omitempty" yaml:"source"`
}

// A Document is a type of paper that a claim can need.
type Document struct {
	Code  string `json:"code" yaml:"code"`
	Title Text   `json:"title" yaml:"title"`
	Help  Text   `json:"help" yaml:"help"`             // what it is, and how to photograph it
	Photo bool   `json:"photo,omitempty" yaml:"photo"` // a portrait, so PDF is not accepted
}

// A Question asks for a date or for yes or no. Its code is the form field's name.
type Question struct {
	Code  string       `json:"code" yaml:"code"`
	Kind  QuestionKind `json:"kind" yaml:"kind"`
	Label Text         `json:"label" yaml:"label"`
	Hint  Text         `json:"hint,omitzero" yaml:"hint"`
	// Condition says when a document is needed, for a checklist on a page:
	// "bila saldo JHT di atas Rp50 juta". Only yes/no questions have one.
	Condition Text `json:"condition,omitzero" yaml:"condition"`
}

// QuestionKind is the type of a question's answer.
type QuestionKind string

// AskDate is answered with a Date, AskYesNo with "ya" or "tidak".
const (
	AskDate  QuestionKind = "date"
	AskYesNo QuestionKind = "yes_no"
)

// BirthDate is the code of the question that every reason's form asks.
const BirthDate = "tanggal-lahir"

// A Consent is one purpose of processing of personal data with its legal
// basis (UU 27/2022 art. 20 to 22). Only purposes that rest on consent are asked.
type Consent struct {
	Code     string `json:"code" yaml:"code"`
	Asked    bool   `json:"asked" yaml:"asked"`       // true: rests on consent, a box in the form
	Required bool   `json:"required" yaml:"required"` // the claim cannot be handled in this channel without it
	// Channels and Applicant narrow who is asked; empty means everybody.
	Channels  []Channel `json:"channels,omitempty" yaml:"channels"`
	Applicant Applicant `json:"applicant,omitempty" yaml:"applicant"`
	Text      Text      `json:"text" yaml:"text"`
	Source    string    `json:"source" yaml:"source"`
	Version   string    `json:"version" yaml:"-"` // first 12 hexadecimal digits of the SHA-256 of the text
}

// ConsentsFor returns the consents that a claim of the reason by the channel is asked for.
func (s *Set) ConsentsFor(r *Reason, c Channel) []Consent {
	var out []Consent
	for _, k := range s.Consents {
		if k.Asked && (len(k.Channels) == 0 || slices.Contains(k.Channels, c)) &&
			(k.Applicant == "" || k.Applicant == r.Applicant) {
			out = append(out, k)
		}
	}
	return out
}
