// Package wire joins document uploads with their parts, for Lambda and for
// the program on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/upload"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	store := p.Store()
	service := &upload.Service{Store: store, Sets: p.Sets(), Files: p.Uploads(store)}
	h, err := p.Site(store).Handler(service.Routes())
	return h, errors.Join(p.Err(), err)
}
