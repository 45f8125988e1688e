package web

import (
	"sync"
	"time"
)

// lightTries counts in this process alone, for tries that come in a rush and
// of which nearly every address makes one or two.
type lightTries struct {
	mu      sync.Mutex
	current map[time.Duration]*lightWindow // by how long it lasts
}

// lightWindow is the tries of each name since a moment.
type lightWindow struct {
	start  time.Time
	counts map[string]int
}

// mostLight bounds the memory; beyond it everything is counted in the store.
const mostLight = 100_000

// AttemptAddressLightly is AttemptAddress, but the first tries of an address in
// this process are not worth a write: as many as unseen are not counted
// anywhere else. So an address may try limit times, and unseen more for each
// process that it happens to meet.
func (c *Call) AttemptAddressLightly(what string, unseen, limit int, window time.Duration) error {
	name, err := c.addressName(what)
	if err != nil || name == "" {
		return err
	}
	return c.lightly(name, unseen, limit, window)
}

// AttemptValueLightly counts a try in the same way, against the limit of what
// is tried alone and not that of the address.
func (c *Call) AttemptValueLightly(what, value string, unseen, limit int, window time.Duration) error {
	name, err := c.valueName(what, value)
	if err != nil {
		return err
	}
	return c.lightly(name, unseen, limit, window)
}

func (c *Call) lightly(name string, unseen, limit int, window time.Duration) error {
	if c.site.light.count(name, c.Now(), window) <= unseen {
		return nil
	}
	return c.attempt(name, limit, window)
}

// count returns how many tries of a name there were in the current window of time.
func (l *lightTries) count(name string, now time.Time, window time.Duration) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current == nil {
		l.current = map[time.Duration]*lightWindow{}
	}
	w := l.current[window]
	if start := now.Truncate(window); w == nil || !w.start.Equal(start) {
		w = &lightWindow{start, map[string]int{}}
		l.current[window] = w
	}
	if _, known := w.counts[name]; !known && len(w.counts) >= mostLight {
		return mostLight
	}
	w.counts[name]++
	return w.counts[name]
}
