package requirement

// Results holds the rules of the public results page.
type Results struct {
	// Threshold: a number from 1 to Threshold - 1 is not shown.
	Threshold int    `json:"threshold" yaml:"threshold"`
	Source    string `json:"source" yaml:"source"`
	Recap     Recap  `json:"recap" yaml:"recap"`
}

// A Recap is a count of claims that others published, from before this service.
type Recap struct {
	Branch string     `json:"branch" yaml:"branch"`
	Period Text       `json:"period" yaml:"period"`
	Source string     `json:"source" yaml:"source"`
	Rows   []RecapRow `json:"rows" yaml:"rows"`
}

// A RecapRow is one status of a Recap with its claims by channel.
type RecapRow struct {
	Status Text `json:"status" yaml:"status"`
	Online int  `json:"online" yaml:"online"`
	Onsite int  `json:"onsite" yaml:"onsite"`
}

// A SurveyQuestion is one question of the satisfaction survey. A question that
// changes its meaning gets a new code, because answers are counted by it.
type SurveyQuestion struct {
	Code    string         `json:"code" yaml:"code"`
	Label   Text           `json:"label" yaml:"label"`
	Options []SurveyOption `json:"options" yaml:"options"`
}

// A SurveyOption is one answer. Good tells which side it is on where single
// answers are too few to be shown; Advice is told to who gave it.
type SurveyOption struct {
	Code   string `json:"code" yaml:"code"`
	Label  Text   `json:"label" yaml:"label"`
	Good   bool   `json:"good" yaml:"good"`
	Advice Text   `json:"advice,omitzero" yaml:"advice"`
}

// Option returns the answer with the code, or nil.
func (q *SurveyQuestion) Option(code string) *SurveyOption { return find(q.Options, code) }

func (o SurveyOption) code() string { return o.Code }
