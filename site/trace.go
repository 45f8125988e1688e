package site

import (
	"context"
	"time"
)

type traceKey struct{}

// WithTrace has a build tell f how long each piece of its work took, by the
// name of its phase: "read", "front matter", "markdown", "describe", "render",
// "links", "write" … Pieces run side by side, so f is called by many
// goroutines at a time, and the sum may be longer than the build.
func WithTrace(ctx context.Context, f func(phase string, took time.Duration)) context.Context {
	return context.WithValue(ctx, traceKey{}, f)
}

// phase begins a piece of work; the function it returns ends it.
func phase(ctx context.Context, name string) func() {
	f, ok := ctx.Value(traceKey{}).(func(string, time.Duration))
	if !ok {
		return func() {}
	}
	began := time.Now()
	return func() { f(name, time.Since(began)) }
}
