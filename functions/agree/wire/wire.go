// Package wire joins the branch's side of collective claims with its parts,
// for Lambda and for the program on one machine.
package wire

import (
	"errors"
	"net/http"

	"lapakasik/functions/agree"
	"lapakasik/functions/internal/parts"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	store := p.Store()
	s := &agree.Service{Store: store, Sets: p.Sets(), Files: p.Viewer(), FilesOrigin: p.VaultOrigin()}
	h, err := p.Guard(store).Handler(s.Routes())
	return h, errors.Join(p.Err(), err)
}
