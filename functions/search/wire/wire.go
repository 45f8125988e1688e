// Package wire joins the search page with its parts, for Lambda and for the
// program on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/search"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	service := &search.Service{Indexes: p.SearchIndexes().Current}
	h, err := p.PublicSite().Handler(service.Routes())
	return h, errors.Join(p.Err(), err)
}
