// Package wire joins the jobs with their parts, for Lambda and for the
// program on one machine.
package wire

import (
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/schedule"
)

// Service returns the jobs. The error names what is missing.
func Service(p *parts.Parts) (*schedule.Service, error) {
	sets := p.Sets()
	s := &schedule.Service{Store: p.Seats(sets), Sets: sets, Archive: p.Archive(), Published: p.Draws(), Vault: p.Vault(), Log: p.Log, Now: p.Now}
	return s, p.Err()
}
