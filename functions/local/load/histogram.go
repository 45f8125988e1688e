package main

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"time"
)

// A histogram counts durations in steps of a tenth of a decade from 0.1 ms on,
// so that a figure is at most a quarter too high and never too low.
type histogram struct {
	mu     sync.Mutex
	counts [61]int // up to 100 s
	n      int
	max    time.Duration
}

func (h *histogram) add(d time.Duration) {
	step := int(math.Ceil(10 * math.Log10(float64(d)/float64(100*time.Microsecond))))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[min(max(step, 0), len(h.counts)-1)]++
	h.n++
	h.max = max(h.max, d)
}

// upper is the longest duration of a step.
func upper(step int) time.Duration {
	return time.Duration(float64(100*time.Microsecond) * math.Pow(10, float64(step)/10))
}

// quantile returns the duration that a share of all did not exceed.
func (h *histogram) quantile(share float64) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := 0
	for step, n := range h.counts {
		if seen += n; n > 0 && float64(seen) >= share*float64(h.n) {
			return min(upper(step), h.max)
		}
	}
	return h.max
}

func (h *histogram) String() string {
	return fmt.Sprintf("p50 %s, p90 %s, p99 %s, p99.9 %s, longest %s", short(h.quantile(.5)), short(h.quantile(.9)), short(h.quantile(.99)), short(h.quantile(.999)), short(h.max))
}

func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	case d < 10*time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// chart draws the histogram: durations to the right on a scale of decades, how
// many took so long upwards.
func (h *histogram) chart(title string, y int) string {
	const left, width, height = 40, 640, 120
	most := 1
	for _, n := range h.counts {
		most = max(most, n)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<text x="%d" y="%d" class="t">%s</text>`, left, y+14, title)
	base := y + 24 + height
	bar := width / len(h.counts)
	for step, n := range h.counts {
		if n == 0 {
			continue
		}
		tall := max(1, n*height/most)
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d"/>`, left+step*bar, base-tall, bar-1, tall)
	}
	fmt.Fprintf(&b, `<path d="M%d %dh%d"/>`, left, base, bar*len(h.counts))
	for step := 0; step <= 60; step += 10 {
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, left+step*bar, base+14, []string{"0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"}[step/10])
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%d</text>`, left-4, y+30, most)
	return b.String()
}
