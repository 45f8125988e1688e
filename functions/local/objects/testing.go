package objects

import (
	"context"
	"testing"
)

// Test serves a folder of its own until the test ends. Tests that use it run
// one after the other; a test calls it once.
func Test(tb testing.TB, o Options) *Gateway {
	tb.Helper()
	oneTest.Lock()
	tb.Cleanup(oneTest.Unlock)
	o.Dir, o.Addr = tb.TempDir(), "127.0.0.1:0"
	g, err := Start(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := g.Close(); err != nil {
			tb.Error(err)
		}
	})
	return g
}
