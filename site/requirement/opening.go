package requirement

// A Mode is how the places of a branch-day are opened.
type Mode string

// The modes of an opening.
const (
	FirstCome Mode = "first-come"
	Ballot    Mode = "ballot" // by draw
)

// MaxWishes is the most times that one can wish for in a draw, whatever the rules
// ask: the form has so many fields.
const MaxWishes = 5

// Opening holds the rules by which places are opened.
type Opening struct {
	Mode     Mode            `json:"mode" yaml:"mode"`
	Branches map[string]Mode `json:"branches,omitempty" yaml:"branches"` // instead of Mode, by the branch's code
	// A draw's window, in days before the day of the places and branch time.
	OpensDays    int    `json:"opens_days" yaml:"opens_days"`
	Opens        string `json:"opens" yaml:"opens"`
	ClosesDays   int    `json:"closes_days" yaml:"closes_days"`
	Closes       string `json:"closes" yaml:"closes"`
	CommitHours  int    `json:"commit_hours" yaml:"commit_hours"`   // the seed's digest is public so long before the window
	ConfirmHours int    `json:"confirm_hours" yaml:"confirm_hours"` // from the draw to complete documents
	Pace         int    `json:"pace" yaml:"pace"`                   // places given a second, in each draw
	Wishes       int    `json:"wishes" yaml:"wishes"`               // start times that one can wish for
	Source       Text   `json:"source" yaml:"source"`               // of the public value, in words
}

// Of returns the mode of a branch.
func (o Opening) Of(branch string) Mode {
	if m := o.Branches[branch]; m != "" {
		return m
	}
	return o.Mode
}
