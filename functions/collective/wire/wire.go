// Package wire joins collective claims with their parts, for Lambda and for
// the program on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/collective"
	"lapakasik/functions/internal/parts"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	store := p.Store()
	s := &collective.Service{Store: store, Sets: p.Sets(), Files: p.Uploads(store), Inbox: p.Signer(), Pseudonym: p.Pseudonym}
	site := p.Site(store)
	site.Refusals = append(site.Refusals, collective.Refusals...)
	h, err := site.Handler(s.Routes())
	return h, errors.Join(p.Err(), err)
}
