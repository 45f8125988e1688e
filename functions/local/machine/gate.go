package machine

import (
	"context"
	"net/http"
	"runtime"
	"time"
)

// A gate lets so many requests of one API into the functions at once. In AWS
// each function has processors and a concurrency of its own
// (ReservedConcurrentExecutions); here all share the machine's, so the public
// pages get half of them and a rush leaves the officers' desk its share.
type gate chan struct{}

func gates() map[string]gate {
	cores := runtime.GOMAXPROCS(0)
	return map[string]gate{publicAPI: make(gate, max(1, cores/2)), staffAPI: make(gate, cores)}
}

// patience is how long a request waits at the gate before it is sent away.
const patience = 10 * time.Second

// enter waits for a place; false if none came free in time.
func (g gate) enter(ctx context.Context) bool {
	select {
	case g <- struct{}{}:
		return true
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case g <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g gate) leave() { <-g }

// busy is the answer of an overloaded edge: as small as API Gateway's.
func busy(rw http.ResponseWriter) {
	rw.Header().Set("Retry-After", "5")
	rw.Header().Set("Cache-Control", "no-store")
	http.Error(rw, "Sedang penuh. Coba lagi sebentar. / Busy. Try again soon.", http.StatusServiceUnavailable)
}
