// Package wire joins the recap with its parts, for Lambda and for the program
// on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/recap"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	service := &recap.Service{Store: p.Results(), Sets: p.Sets(), Log: p.Log}
	h, err := p.Reception().Handler(service.Routes())
	return h, errors.Join(p.Err(), err)
}
