// Package wire joins inspection with its parts, for Lambda and for the
// program on one machine.
package wire

import (
	"context"
	"errors"

	"lapakasik/functions/inspect"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/examine"
	"lapakasik/functions/internal/parts"
)

// Service returns inspection. The error names what is missing.
func Service(p *parts.Parts) (*inspect.Service, error) {
	s := &inspect.Service{Store: p.Store(), Files: Files{p.Files()}, Limits: examine.Default(), Log: p.Log}
	return s, p.Err()
}

// Files is the buckets as inspection sees them.
type Files struct{ *bucket.Files }

// Fetch reads an inbox object with the errors that inspection knows.
func (f Files) Fetch(ctx context.Context, key string) (inspect.Object, error) {
	o, err := f.Files.Fetch(ctx, key)
	switch {
	case errors.Is(err, bucket.ErrNoObject):
		err = inspect.ErrGone
	case errors.Is(err, bucket.ErrTooLarge):
		err = inspect.ErrTooLarge
	}
	return inspect.Object{Body: o.Body, Version: o.Version, Received: o.Received}, err
}
