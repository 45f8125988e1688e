// Package wire joins the desk with its parts, for Lambda and for the program
// on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/desk"
	"lapakasik/functions/internal/parts"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	store := p.Store()
	service := &desk.Service{Store: store, Sets: p.Sets(), Vault: p.Vault()}
	h, err := p.Guard(store).Handler(service.Routes())
	return h, errors.Join(p.Err(), err)
}
