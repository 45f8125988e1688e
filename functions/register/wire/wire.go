// Package wire joins registration with its parts, for Lambda and for the
// program on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/register"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	sets := p.Sets()
	store := p.Seats(sets)
	service := &register.Service{Store: store, Sets: sets, Pseudonym: p.Pseudonym}
	h, err := p.Site(store).Handler(service.Routes())
	return h, errors.Join(p.Err(), err)
}
