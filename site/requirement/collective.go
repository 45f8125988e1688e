package requirement

// Company holds the rules of a collective claim (klaim kolektif): a company
// that lays off many workers hands in their claims together. The zero Company
// offers none.
type Company struct {
	Percent   int    `json:"percent" yaml:"percent"` // laid off, of all workers, at least
	ValidFrom Date   `json:"valid_from" yaml:"valid_from"`
	ValidTo   Date   `json:"valid_to,omitempty" yaml:"valid_to"`
	Source    string `json:"source" yaml:"source"`
	Note      Text   `json:"note" yaml:"note"` // what of the rules is not certain
	// Reasons are the codes of the claim reasons that a list may name.
	Reasons []string `json:"reasons" yaml:"reasons"`
	// Letters are the papers of the company, by their codes in dokumen.yaml.
	Letters     []Letter `json:"letters" yaml:"letters"`
	MaxWorkers  int      `json:"max_workers" yaml:"max_workers"`   // of one list
	OpenDays    int      `json:"open_days" yaml:"open_days"`       // to hand in letters and list
	HorizonDays int      `json:"horizon_days" yaml:"horizon_days"` // how far ahead a block of places reaches
	ConsentDays int      `json:"consent_days" yaml:"consent_days"` // for each worker to agree
	// Returns are grounds on which a branch gives a request back or refuses it.
	Returns []Return `json:"returns" yaml:"returns"`
}

// A Letter is a paper of the company that goes with a collective claim.
type Letter struct {
	Document string `json:"document" yaml:"document"`
	Required bool   `json:"required,omitempty" yaml:"required"`
}

// A Return is a ground on which a branch gives a request back, in the words
// that the representative reads.
type Return struct {
	Code string `json:"code" yaml:"code"`
	Text Text   `json:"text" yaml:"text"`
}

// Letter returns the letter of a document code, or nil.
func (c *Company) Letter(document string) *Letter {
	for i := range c.Letters {
		if c.Letters[i].Document == document {
			return &c.Letters[i]
		}
	}
	return nil
}

// Return returns the ground with the code, or nil.
func (c *Company) Return(code string) *Return {
	for i := range c.Returns {
		if c.Returns[i].Code == code {
			return &c.Returns[i]
		}
	}
	return nil
}

// Offered tells whether collective claims are taken on a day.
func (c *Company) Offered(on Date) bool {
	return c.Percent > 0 && c.ValidFrom <= on && (c.ValidTo == "" || on <= c.ValidTo)
}

// Enough tells whether a company lays off enough of its workers.
func (c *Company) Enough(workers, laidOff int) bool {
	return workers > 0 && laidOff > 0 && laidOff <= workers && laidOff*100 >= c.Percent*workers
}
