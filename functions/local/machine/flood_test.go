package machine_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lapakasik/functions/local/machine"
)

// BenchmarkDeskUnderFlood asks for the desk again and again, quiet and while
// 64 clients flood the public pages, and reports the 99th percentile of both
// in milliseconds and what the flood got.
func BenchmarkDeskUnderFlood(b *testing.B) {
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		b.Fatal(err)
	}
	p, err := machine.Start(b.Context(), machine.Options{Root: root, Data: b.TempDir(), Addr: "127.0.0.1:0", Progress: io.Discard, Log: io.Discard})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			b.Error(err)
		}
	}()
	o := &officer{b, map[string]string{}}
	for _, a := range p.Accounts {
		if a.Username == "petugas1" {
			if status, _, at := o.login(p, a.Username, a.Password); status != http.StatusOK {
				b.Fatalf("login: %d at %s", status, at)
			}
		}
	}
	o.p99(p, 300) // the jobs of the start
	for b.Loop() {
		quiet := o.p99(p, 300)
		stop, done := flood(b, p.URL, 64)
		busy := o.p99(p, 300)
		stop()
		answered, refused := done()
		b.ReportMetric(float64(quiet.Microseconds())/1000, "quiet-p99-ms")
		b.ReportMetric(float64(busy.Microseconds())/1000, "flood-p99-ms")
		b.ReportMetric(float64(answered), "answered")
		b.ReportMetric(float64(refused), "refused")
	}
}

// p99 is the 99th percentile of n requests for the desk, one after the other.
func (o *officer) p99(p *machine.Program, n int) time.Duration {
	o.t.Helper()
	var took []time.Duration
	for range n {
		began := time.Now()
		if status, _, _ := o.send(http.MethodGet, p.StaffURL+"/meja/bandar-lampung", nil, ""); status != http.StatusOK {
			o.t.Fatalf("the desk answers %d", status)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}

// flood asks for public pages with so many clients until stop.
func flood(tb testing.TB, site string, clients int) (stop func(), done func() (answered, refused int64)) {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	var wg sync.WaitGroup
	var answered, refused atomic.Int64
	form := url.Values{"sebab": {"mengundurkan-diri"}, "kantor": {"bandar-lampung"}, "kanal": {"online"}}.Encode()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	for i := range clients {
		wg.Go(func() {
			for ctx.Err() == nil {
				method, path := http.MethodGet, "/daftar"
				if i%2 == 0 {
					method, path = http.MethodPost, "/daftar/tanggal"
				}
				r, err := http.NewRequestWithContext(ctx, method, site+path, strings.NewReader(form))
				if err != nil {
					return
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				res, err := client.Do(r)
				if err != nil {
					continue
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if res.StatusCode == http.StatusServiceUnavailable || res.StatusCode == http.StatusTooManyRequests {
					refused.Add(1)
				} else {
					answered.Add(1)
				}
			}
		})
	}
	return cancel, func() (int64, int64) { wg.Wait(); return answered.Load(), refused.Load() }
}
