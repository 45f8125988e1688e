// Package wire joins the audit pages with their parts, for Lambda and for the
// program on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/audit"
	"lapakasik/functions/internal/parts"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	service := &audit.Service{Store: p.Results(), People: p.Staff(), Sets: p.Sets()}
	h, err := p.Reception().Handler(service.Routes())
	return h, errors.Join(p.Err(), err)
}
