package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// reportHead is what stands above a report that is kept.
const reportHead = `# Beside Hugo

What ` + "`go run ./infra/bench -write infra/bench/RESULTS.md`" + ` printed: medians, best read as ratios. Where the load of the machine is high, those of processor time say more than those of wall time.

Hugo makes no index of the search page and checks no plain language. The index is left out of the race and has rows of its own; the language is looked at by ` + "`check`" + `, not by a build. Most of a full build is the markdown library (phase "markdown").

`

func (r *race) head() {
	of := func(name string, args ...string) string {
		b, _ := command(r.root, name, args...).Output() // only to be shown
		return strings.TrimSpace(string(b))
	}
	cpu, _ := os.ReadFile("/proc/cpuinfo")
	_, model, _ := strings.Cut(string(cpu), "model name\t: ")
	model, _, _ = strings.Cut(model, "\n")
	changed := ""
	if of("git", "status", "--porcelain") != "" {
		changed = " and changes"
	}
	fmt.Fprintf(r.out, "%s, commit %s%s, %s, %d processors (%s), %d runs, seed %d\n", time.Now().Format(time.DateOnly),
		of("git", "rev-parse", "--short", "HEAD"), changed, runtime.Version(), runtime.NumCPU(), model, r.runs, r.seed)
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		first, _, _ := strings.Cut(string(load), " ")
		fmt.Fprintf(r.out, "load of the machine before the first run: %s\n", first)
	}
	if r.hugo != "" {
		fmt.Fprintln(r.out, of(r.hugo, "version"))
	}
}

// median returns the middle of the runs, of each figure by itself.
func (t *track) median(what string) result {
	var walls, cpus []time.Duration
	var peaks []int64
	for _, r := range t.took[what] {
		walls, cpus, peaks = append(walls, r.wall), append(cpus, r.cpu), append(peaks, r.peak)
	}
	if len(walls) == 0 {
		return result{}
	}
	slices.Sort(walls)
	slices.Sort(cpus)
	slices.Sort(peaks)
	return result{walls[len(walls)/2], cpus[len(cpus)/2], peaks[len(peaks)/2]}
}

func (t *track) table() {
	fmt.Fprintf(t.out, "\n%d pages in 2 languages", t.n)
	for _, out := range t.outs() {
		pages, bytes := count(t.path(out))
		fmt.Fprintf(t.out, "; %s: %d pages, %d MB", out, pages, bytes>>20)
	}
	fmt.Fprintf(t.out, "\n\n| | ours | Hugo | ours is | aim |\n|---|---|---|---|---|\n")
	for _, x := range []struct {
		name, what string
		aim        float64
	}{{"full", "full build", 4}, {"change", "one page changed, command line", 50}, {"preview", "one page changed, preview in memory", 50}} {
		ours, hugo := t.median(x.name+" ours"), t.median(x.name+" hugo")
		t.row(x.what, seconds(ours.wall), seconds(hugo.wall), float64(hugo.wall)/float64(ours.wall), x.aim)
	}
	for _, x := range []struct{ name, what string }{{"full", "full build, processor time"}, {"change", "one page changed, command line, processor time"}} {
		ours, hugo := t.median(x.name+" ours"), t.median(x.name+" hugo")
		t.row(x.what, seconds(ours.cpu), seconds(hugo.cpu), float64(hugo.cpu)/float64(ours.cpu), 0)
	}
	ours, hugo := t.median("full ours"), t.median("full hugo")
	t.row("peak memory, full build", fmt.Sprint(ours.peak>>20, " MiB"), fmt.Sprint(hugo.peak>>20, " MiB"), float64(hugo.peak)/float64(ours.peak), 3)
	full, change := t.median("search full ours"), t.median("search change ours")
	fmt.Fprintf(t.out, "| full build with the search index | %s | - | - | - |\n| one page changed with the search index | %s | - | - | - |\n", seconds(full.wall), seconds(change.wall))
}

// row compares a figure; without an aim it is only told.
func (t *track) row(what, ours, hugo string, ratio, aim float64) {
	part, goal := fmt.Sprintf("1/%.1f", ratio), "-"
	if aim > 0 {
		goal = fmt.Sprintf("1/%.0f", aim)
	}
	if t.hugo == "" {
		hugo, part = "-", "-"
	}
	fmt.Fprintf(t.out, "| %s | %s | %s | %s | %s |\n", what, ours, hugo, part, goal)
}

func seconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// count returns how many pages a folder has, and the bytes of all its files.
func count(dir string) (pages int, bytes int64) {
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error { // only to be shown
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(name, ".html") {
			pages++
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return pages, bytes
}
