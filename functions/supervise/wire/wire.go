// Package wire joins the supervisors' pages with their parts, for Lambda and
// for the program on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/supervise"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	sets := p.Sets()
	store := p.Seats(sets)
	s := &supervise.Service{Store: store, People: p.Staff(), Sets: sets, Public: p.Need("SITE_ORIGIN"), Pseudonym: p.Pseudonym}
	h, err := p.Guard(store).Handler(s.Routes())
	return h, errors.Join(p.Err(), err)
}
