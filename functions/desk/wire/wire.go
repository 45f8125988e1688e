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
	s := &desk.Service{Store: store, People: p.Staff(), Sets: p.Sets(), Files: p.Viewer(), FilesOrigin: p.VaultOrigin(), Public: p.Need("SITE_ORIGIN"), Pseudonym: p.Pseudonym}
	h, err := p.Guard(store).Handler(s.Routes(), s.Open()...)
	return h, errors.Join(p.Err(), err)
}
