// Package wire joins the jobs with their parts, for Lambda and for the
// program on one machine.
package wire

import (
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/schedule"
)

// Service returns the jobs. The error names what is missing.
func Service(p *parts.Parts) (*schedule.Service, error) {
	store, sets := p.Store(), p.Sets()
	store.Reopening = dynamo.Announced(sets.Current)
	s := &schedule.Service{Store: store, Sets: sets, Archive: p.Archive(), Vault: p.Vault(), Log: p.Log, Now: p.Now}
	return s, p.Err()
}
