package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A report is what all profiles of a run came to.
type report struct {
	options
	rushes []*sale
	visits []*went
	doors  []*admission
	joins  []*joined
	began  time.Time
	load   string // the machine's load before the run, which says whether others worked beside it
}

func newReport(o options) *report {
	b, err := os.ReadFile("/proc/loadavg")
	load := "unknown"
	if f := strings.Fields(string(b)); err == nil && len(f) > 2 {
		load = strings.Join(f[:3], " ")
	}
	return &report{options: o, began: time.Now(), load: load}
}

// broken tells what must never happen and did.
func (r *report) broken() error {
	var errs []error
	for _, s := range r.rushes {
		if s.lost+s.double+s.twice+len(s.differences) > 0 {
			errs = append(errs, fmt.Errorf("rush on %s: %d lost, %d given twice, %d double taps told two things, %d differences", s.store, s.lost, s.double, s.twice, len(s.differences)))
		}
	}
	for _, a := range r.doors {
		if s := a.rush; s.lost+s.double+s.twice+len(s.differences) > 0 {
			errs = append(errs, fmt.Errorf("door on %s: %d lost, %d given twice, %d double taps told two things, %v", s.store, s.lost, s.double, s.twice, s.differences))
		}
	}
	for _, j := range r.joins {
		if int(j.entered) != j.entries {
			errs = append(errs, fmt.Errorf("join on %s: %d told that they are in the draw, which finds %d", j.store, j.entered, j.entries))
		}
	}
	for _, w := range r.visits {
		if w.reopened != w.tried {
			errs = append(errs, fmt.Errorf("%s: %d of %d registrations do not open", w.name, w.tried-w.reopened, w.tried))
		}
	}
	return errors.Join(errs...)
}

func (r *report) text() string {
	var b strings.Builder
	r.aims(&b)
	for _, a := range r.doors {
		a.tell(&b)
	}
	for _, j := range r.joins {
		j.tell(&b)
	}
	for _, s := range r.rushes {
		s.tell(&b)
	}
	for _, w := range r.visits {
		w.tell(&b)
	}
	return b.String()
}

func perSecond(n int, d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f a second", float64(n)/d.Seconds())
}

func (s *sale) tell(b *strings.Builder) {
	name := storeName(s.store)
	title := "As fast as they can"
	switch {
	case s.rate > 0:
		title = "Admitted"
	case s.contest():
		title = "Contest"
	}
	fmt.Fprintf(b, "### %s on %s\n\n%d people at once pressed %d times in %s on %d seats of %d branch-days", title, name, s.clients, s.presses, s.took.Round(time.Second), s.seats, s.days())
	if s.rate > 0 {
		fmt.Fprintf(b, ", let in at %d a second", s.rate)
	}
	b.WriteString(".\n\n| what | figure |\n|---|---|\n")
	row := func(what, format string, args ...any) {
		fmt.Fprintf(b, "| %s | %s |\n", what, fmt.Sprintf(format, args...))
	}
	row("confirmed", "%d of %d seats; %d left over", s.won, s.seats, s.unsold)
	row("given twice, lost, double taps told two things, differences at the end", "%d, %d, %d, %d", s.double, s.lost, s.twice, len(s.differences))
	if s.soldOut > 0 {
		row("sold out after", "%s: **%s**", s.soldOut.Round(100*time.Millisecond), perSecond(s.won, s.soldOut))
	} else {
		row("not sold out, confirmed", "%s", perSecond(s.won, s.took))
	}
	row("presses", "%s", perSecond(s.presses, s.took))
	row("told full, registered already, gave up", "%d, %d, %d", s.full, s.already, s.gaveUp)
	row("wait of those with a seat", "%s", s.sold)
	row("wait of all", "%s", s.waits)
	l := s.line
	row("lost requests, lost replies, throttles and conflicts that the line made", "%d, %d, %d, %d", l.lostRequests.Load(), l.lostReplies.Load(), l.throttles.Load(), l.made.Load())
	row("requests to the store", "%d, %.1f a press", l.requests.Load(), float64(l.requests.Load())/float64(s.presses))
	row("write units of a confirmed booking", "%.1f, without those of refused tries", s.units/float64(max(s.won, 1)))
	if m := s.metered; m != nil {
		row("conflicts of the store for a sale", "**%.2f**", float64(m.Conflicts.Load())/float64(max(s.won, 1)))
		row("write units for a sale, with all refused tries", "%.1f", float64(m.Writes.Load())/float64(max(s.won, 1)))
		row("most write units of one key in a second, throttled", "%d of 1,000, %d times", m.Peak.Load(), m.Throttles.Load())
	} else {
		row("conflicts of the store for a sale", "none: the engine lets one transaction in at a time")
	}
	if s.cut {
		row("note", "the time was over before the attempts were")
	}
	b.WriteString("\n")
}

func (w *went) tell(b *strings.Builder) {
	fmt.Fprintf(b, "### %s: %d people through the pages\n\n| what | figure |\n|---|---|\n", map[string]string{"opening": "Opening minute", "day": "Normal day of a branch", "national": "Day of the country"}[w.name], w.people)
	row := func(what, format string, args ...any) {
		fmt.Fprintf(b, "| %s | %s |\n", what, fmt.Sprintf(format, args...))
	}
	row("spread over, took", "%s, %s", w.over, w.took.Round(time.Second))
	row("confirmed, told full, let in later, failed", "%d, %d, %d, %d", w.won, w.full, w.limited, w.failed)
	row("confirmed", "%s", perSecond(w.won, w.took))
	row("wait for a booking's answer", "%s", w.books)
	row("wait for other pages", "%s", w.pages)
	row("registrations that open with their code afterwards", "%d of %d tried", w.reopened, w.tried)
	if w.cut {
		row("note", "the time was over before all had come")
	}
	b.WriteString("\n")
}

func (r *report) chart() string {
	var b strings.Builder
	y := 10
	body := ""
	for _, a := range r.doors {
		body += a.rush.sold.chart(fmt.Sprintf("%d presses on %d seats through the door, %s: wait from the turn to the place", a.pressed.Load(), a.seats, a.store), y)
		body += a.door.chart("the same: answers of the door", y+180)
		y += 360
	}
	for _, s := range r.rushes {
		body += s.waits.chart(fmt.Sprintf("%d presses on %d seats, %s: wait of all, people by duration", s.presses, s.seats, s.store), y)
		body += s.sold.chart("the same: wait of those with a seat", y+180)
		y += 360
	}
	for _, w := range r.visits {
		body += w.books.chart(w.name+": wait for a booking's answer", y)
		y += 180
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="740" height="%d" viewBox="-20 0 740 %d"><style>text{font:12px sans-serif;fill:#222}.t{font-weight:bold}rect{fill:#0b6e4f}path{stroke:#222;fill:none}svg{background:#fff}</style>`, y, y)
	b.WriteString(body + "</svg>\n")
	return b.String()
}

func command(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func processor() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(b)) {
		if name, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

// write puts the report and its chart into a folder.
func (r *report) write(dir string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Results of the load generator\n\nWritten by `infra/load`, not by hand. Engine, functions and generator share one machine: %s, %d cores, %s, %s. Commit %s, %s. Load of the machine before the run, from others: %s (1, 5, 15 minutes; %d is all cores busy).\n\n",
		processor(), runtime.NumCPU(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH, command("git", "-C", r.root, "rev-parse", "--short", "HEAD"), r.began.UTC().Format("2006-01-02 15:04 UTC"), r.load, runtime.NumCPU())
	fmt.Fprintf(&b, "Again, with the same seed: `infra/load/run -profile %s -seats %d -attempts %d -clients %d -rate %d -pace %d -seed %d -limit %s`\n\n![How long people waited](waits.svg)\n\n",
		r.profiles, r.seats, r.attempts, r.clients, r.rate, r.pace, r.seed, r.limit)
	b.WriteString(r.text())
	if notes, err := os.ReadFile(filepath.Join(dir, "NOTES.md")); err == nil {
		b.Write(notes)
	}
	if err := os.WriteFile(filepath.Join(dir, "RESULTS.md"), []byte(strings.TrimRight(b.String(), "\n")+"\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "waits.svg"), []byte(r.chart()), 0o600)
}
