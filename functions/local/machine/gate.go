package machine

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"
)

// A gate lets requests into the functions. In AWS each function has processors
// and a concurrency of its own (ReservedConcurrentExecutions); here all share
// the machine's. So the officers come first, and the public pages get half of
// the processors while no officer waits: a rush leaves the desk as it was.
type gate struct {
	slots chan struct{} // of public requests in progress

	mu       sync.Mutex
	officers int           // requests of officers in progress
	quiet    chan struct{} // closed when there are none
}

func newGate() *gate {
	g := &gate{slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), quiet: make(chan struct{})}
	close(g.quiet)
	return g
}

// patience is how long a public request waits before it is sent away.
const patience = 10 * time.Second

// enter waits for a request's turn and returns what ends it; false if the turn
// did not come in time.
func (g *gate) enter(ctx context.Context, api string) (leave func(), ok bool) {
	if api == staffAPI {
		g.officer(1)
		return func() { g.officer(-1) }, true
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	g.mu.Lock()
	quiet := g.quiet
	g.mu.Unlock()
	select {
	case <-quiet:
		return func() { <-g.slots }, true
	case <-ctx.Done():
		<-g.slots
		return nil, false
	}
}

func (g *gate) officer(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.officers == 0 {
		g.quiet = make(chan struct{})
	}
	if g.officers += n; g.officers == 0 {
		close(g.quiet)
	}
}

// busy is the answer of an overloaded edge: as small as API Gateway's.
func busy(rw http.ResponseWriter) {
	rw.Header().Set("Retry-After", "5")
	rw.Header().Set("Cache-Control", "no-store")
	http.Error(rw, "Sedang penuh. Coba lagi sebentar. / Busy. Try again soon.", http.StatusServiceUnavailable)
}
