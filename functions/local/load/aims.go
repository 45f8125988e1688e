package main

import (
	"fmt"
	"strings"
	"time"
)

// What the service has to reach, in one run on two cores.
const (
	aimPresses   = 1_000_000
	aimSeats     = 10_000
	aimASecond   = 530
	aimStretch   = 5000
	aimP99       = 100 * time.Millisecond
	aimConflicts = 5.0
)

// aims says of each aim what this run has measured. What was not run has no figure.
func (r *report) aims(b *strings.Builder) {
	b.WriteString("## Aims\n\n| aim | measured | |\n|---|---|---|\n")
	row := func(aim string, ok bool, format string, args ...any) {
		fmt.Fprintf(b, "| %s | %s | %s |\n", aim, fmt.Sprintf(format, args...), map[bool]string{true: "reached", false: "**not reached**"}[ok])
	}
	for _, a := range r.doors {
		s := a.rush
		row(fmt.Sprintf("%d attempts on %d seats with faults: none twice, none lost, every seat sold (%s)", aimPresses, aimSeats, a.store),
			a.pressed.Load() >= aimPresses && s.seats >= aimSeats && s.won == s.seats && s.lost+s.double+s.twice+len(s.differences)+s.unsold == 0,
			"%d attempts on %d seats: %d twice, %d lost, %d of %d sold", a.pressed.Load(), s.seats, s.double, s.lost, s.won, s.seats)
		row(fmt.Sprintf("over %d confirmed a second (%s)", aimASecond, a.store), a.perSecond() > aimASecond, "%.0f, of %d let in a second", a.perSecond(), a.perBranch*a.branches)
		row("p99 inside admission under 100 ms ("+a.store+")", s.sold.n > 0 && s.sold.quantile(.99) < aimP99, "%s", short(s.sold.quantile(.99)))
	}
	best, where := 0.0, "-"
	for _, s := range r.rushes {
		if s.soldOut > 0 && float64(s.won)/s.soldOut.Seconds() > best {
			best, where = float64(s.won)/s.soldOut.Seconds(), s.store
		}
	}
	if best > 0 {
		row(fmt.Sprintf("stretch: %d confirmed a second, as fast as the machine can", aimStretch), best >= aimStretch, "%.0f (%s); see what bounds it", best, where)
	}
	for _, s := range r.rushes {
		if s.contest() {
			c := float64(s.metered.Conflicts.Load()) / float64(max(s.won, 1))
			row("fewer than 5 conflicts for a sale at 200 to 1", c < aimConflicts, "%.2f", c)
		}
	}
	for _, j := range r.joins {
		if m := j.sale.metered; m != nil {
			row("1,000,000 join a draw within what 2,500 requests a second allow", j.hottest() <= 1000, "%s; the hottest key would take %.0f of 1,000 write units a second", time.Duration(aimPresses/gateway)*time.Second, j.hottest())
		}
	}
	b.WriteString("\n")
}

func (a *admission) perSecond() float64 {
	if a.soldIn == 0 {
		return 0
	}
	return float64(a.rush.won) / a.soldIn.Seconds()
}

func (s *sale) contest() bool { return s.metered != nil && s.rate == 0 && s.attempts == 200*s.seats }

// hottest is how many units the busiest key would take if everybody wanted the
// days of this run, as fast as the gateway lets them.
func (j *joined) hottest() float64 {
	if j.took == 0 || j.entered == 0 {
		return 0
	}
	return float64(j.sale.metered.Peak.Load()) * gateway / (float64(j.entered) / j.took.Seconds())
}

func (a *admission) tell(b *strings.Builder) {
	s := a.rush
	fmt.Fprintf(b, "### Through the door, on %s\n\n%d presses on %d seats of %d branch-days, %d numbers let in a second at each, %d more presses a second from outside.\n\n| what | figure |\n|---|---|\n",
		storeName(a.store), a.pressed.Load(), a.seats, a.branches, a.perBranch, gateway-a.rate)
	row := func(what, format string, args ...any) {
		fmt.Fprintf(b, "| %s | %s |\n", what, fmt.Sprintf(format, args...))
	}
	row("confirmed", "%d of %d seats; %d left over", s.won, s.seats, s.unsold)
	row("given twice, lost, double taps told two things, differences at the end", "%d, %d, %d, %d", s.double, s.lost, s.twice, len(s.differences))
	if a.soldIn > 0 {
		row("sold out after", "%s from the hour on: **%.0f a second**", a.soldIn.Round(100*time.Millisecond), a.perSecond())
	} else {
		row("not sold out, confirmed", "%s", perSecond(s.won, s.took))
	}
	row("wait from the turn to the place", "%s", s.sold)
	row("answers of the door", "%s", a.door)
	row("numbers given, told that nothing is left at the door", "%d, %d", a.numbers.Load(), a.told.Load())
	row("let in and told full, gave up, sent again after an overload or a lost line", "%d, %d, %d", s.full, s.gaveUp, a.retries.Load())
	row("early numbers, of them given to nobody", "%d, %d", a.early.Load(), a.early.Load()-int64(a.presses/5))
	row("before the hour, after it was sold out", "%s and %s", a.gathered.Round(time.Second), a.after.Round(time.Second))
	l := s.line
	row("lost requests, lost replies, throttles and conflicts that the line made", "%d, %d, %d, %d", l.lostRequests.Load(), l.lostReplies.Load(), l.throttles.Load(), l.made.Load())
	row("requests to the store", "%d, %.2f a press", l.requests.Load(), float64(l.requests.Load())/float64(max(1, a.pressed.Load())))
	row("write units of a confirmed booking", "%.1f", s.units/float64(max(s.won, 1)))
	if m := s.metered; m != nil {
		row("conflicts of the store for a sale", "**%.2f**", float64(m.Conflicts.Load())/float64(max(s.won, 1)))
		row("most write units of one key in a second, throttled", "%d of 1,000, %d times", m.Peak.Load(), m.Throttles.Load())
	}
	for code := range a.statuses {
		if n := a.statuses[code].Load(); n > 0 {
			row(fmt.Sprintf("answers with %d", code), "%d", n)
		}
	}
	for _, line := range a.faults.lines {
		row("the function logged", "%s", strings.ReplaceAll(line, "|", "/"))
	}
	if s.cut {
		row("note", "the time was over before the presses were")
	}
	b.WriteString("\n")
}

func (j *joined) tell(b *strings.Builder) {
	s := j.sale
	fmt.Fprintf(b, "### Joining the draw, on %s\n\n%d people, %d at once, %d branch-days.\n\n| what | figure |\n|---|---|\n", storeName(j.store), j.people, j.clients, j.days())
	row := func(what, format string, args ...any) {
		fmt.Fprintf(b, "| %s | %s |\n", what, fmt.Sprintf(format, args...))
	}
	row("entered, failed, found by the draw", "%d, %d, %d", j.entered, j.failed, j.entries)
	row("joined", "%s", perSecond(int(j.entered), j.took))
	row("wait", "%s", s.waits)
	row("requests to the store for one", "%.2f", float64(s.line.requests.Load())/float64(max(1, j.entered)))
	units := s.units / float64(max(1, j.entered))
	row("write units for one", "%.1f", units)
	row("1,000,000 at 2,500 requests a second at the gateway", "%s, %.0f write units a second for the table", time.Duration(aimPresses/gateway)*time.Second, units*gateway)
	if m := s.metered; m != nil {
		row("most write units of one key in a second, throttled", "%d of 1,000, %d times", m.Peak.Load(), m.Throttles.Load())
		row("of one key at 2,500 a second, all for these days", "%.0f", j.hottest())
	}
	b.WriteString("\n")
}

func storeName(store string) string {
	return map[string]string{"engine": "the real engine", "metered": "a metered store in memory, with transactions that conflict and 1,000 units per key and second"}[store]
}
