package requirement

import "slices"

// Deciding holds the rules of decisions at the desk.
type Deciding struct {
	// Reasons are those an officer can choose; what a participant reads.
	Reasons []DecisionReason `json:"reasons" yaml:"reasons"`
	// MendDays is how many calendar days a participant has to replace documents
	// after Tunda; the officer may name a later day, up to MendDaysMax.
	MendDays    int `json:"mend_days" yaml:"mend_days"`
	MendDaysMax int `json:"mend_days_max" yaml:"mend_days_max"`
	// TwoPeopleAbove is the sum in rupiah above which a second person approves.
	TwoPeopleAbove int64 `json:"two_people_above" yaml:"two_people_above"`
	// EarlyMinutes is how long before the hour an officer may call who has said to be ready.
	EarlyMinutes int `json:"early_minutes" yaml:"early_minutes"`
	// Interview is how the officer reaches the participant.
	Interview Interview `json:"interview" yaml:"interview"`
	Note      Text      `json:"note" yaml:"note"` // what of these numbers nobody has confirmed
	Source    string    `json:"source" yaml:"source"`
}

// An Interview is how an online interview takes place. Room is the address of
// a video room with {room} where our unguessable name of 26 characters goes;
// empty: the officer calls by WhatsApp or telephone, as the original does
// (DOMAIN 2.2).
type Interview struct {
	Room string `json:"room" yaml:"room"`
}

// A DecisionReason is a ground (alasan) of Tolak or Tunda in plain words.
type DecisionReason struct {
	Code     string `json:"code" yaml:"code"`
	Refuse   bool   `json:"refuse,omitempty" yaml:"refuse"`     // may be a ground of Tolak
	Postpone bool   `json:"postpone,omitempty" yaml:"postpone"` // may be a ground of Tunda
	Text     Text   `json:"text" yaml:"text"`                   // what is wrong
	Next     Text   `json:"next" yaml:"next"`                   // what the participant can do
	Source   string `json:"source" yaml:"source"`
}

// Reason returns the ground with the code, or nil.
func (d *Deciding) Reason(code string) *DecisionReason {
	if i := slices.IndexFunc(d.Reasons, func(r DecisionReason) bool { return r.Code == code }); i >= 0 {
		return &d.Reasons[i]
	}
	return nil
}
