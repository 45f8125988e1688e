// Command bench races the site generator against Hugo, in one run on the same
// pages and in memory (tmpfs):
//
//	go run ./infra/bench -pages 1000,10000 -runs 5
//
//	corpus ─► DIR/content ─► site/build ─► DIR/ours ┐ wall time and peak
//	     └──► DIR/hugo ────► hugo ───────► DIR/race ┘ memory of each process
//
// It prints tables in markdown; RESULTS.md keeps some. Each figure is the
// median of the runs, which take turns. "One page changed" is a sentence more
// in one file: site/build is started again on its folder, and so is Hugo,
// which has no incremental build but that of its server and so makes all.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lapakasik/infra/bench/corpus"
	"lapakasik/site"
)

const hugoVersion = "v0.165.0"

var errNoHugo = errors.New("hugo is missing: go install github.com/gohugoio/hugo@" + hugoVersion + ", and put it on the PATH or name it with -hugo")

// A race is what to measure.
type race struct {
	root  string // of the module
	dir   string // to work in
	hugo  string // program, "" to run alone
	pages []int
	runs  int
	seed  uint64
	out   io.Writer
}

func main() {
	pages := flag.String("pages", "1000,10000", "numbers of pages, each in two languages")
	runs := flag.Int("runs", 3, "runs of each; figures are medians")
	dir := flag.String("dir", "/dev/shm", "folder to work in, best in memory")
	hugo := flag.String("hugo", "hugo", "the Hugo program")
	seed := flag.Uint64("seed", 1, "seed of the pages")
	flag.Parse()
	r := race{root: ".", dir: *dir, runs: *runs, seed: *seed, out: os.Stdout}
	if err := r.start(*pages, *hugo); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (r *race) start(pages, hugo string) error {
	for _, s := range strings.Split(pages, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 2 {
			return fmt.Errorf("-pages %q: want numbers of at least 2", s)
		}
		r.pages = append(r.pages, n)
	}
	var err error
	if r.hugo, err = exec.LookPath(hugo); err != nil {
		return errNoHugo
	}
	return r.run()
}

// run measures every size and prints the tables.
func (r *race) run() error {
	dir, err := os.MkdirTemp(r.dir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "build")
	if b, err := command(r.root, "go", "build", "-trimpath", "-o", program, "./site/build").CombinedOutput(); err != nil {
		return fmt.Errorf("build the generator: %w: %s", err, b)
	}
	r.head()
	for _, n := range r.pages {
		t := track{race: r, n: n, dir: filepath.Join(dir, strconv.Itoa(n)), program: program, took: map[string][]result{}}
		if err := t.run(); err != nil {
			return fmt.Errorf("%d pages: %w", n, err)
		}
	}
	return nil
}

func command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	return cmd
}

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
	if r.hugo != "" {
		fmt.Fprintln(r.out, of(r.hugo, "version"))
	}
}

// A track is the race at one size.
type track struct {
	*race
	n       int
	dir     string
	program string
	took    map[string][]result
}

// A result is what one process took.
type result struct {
	wall time.Duration
	peak int64 // bytes
}

func (t *track) path(elem ...string) string {
	return filepath.Join(append([]string{t.dir}, elem...)...)
}

func (t *track) run() error {
	o := corpus.Options{Pages: t.n, Seed: t.seed, Base: os.DirFS(filepath.Join(t.root, "content"))}
	if err := corpus.Write(t.dir, o); err != nil {
		return err
	}
	for i := range t.runs {
		for _, f := range []func(int) error{t.full, t.change} {
			if err := f(i); err != nil {
				return err
			}
		}
	}
	if err := t.preview(); err != nil {
		return err
	}
	t.table()
	return t.phases()
}

// full builds all, into new folders.
func (t *track) full(int) error {
	for _, name := range []string{"ours", "race"} {
		if err := os.RemoveAll(t.path(name)); err != nil {
			return err
		}
	}
	return t.both("full")
}

// change adds a sentence to a page and builds again.
func (t *track) change(i int) error {
	name := corpus.Name(1 + i*7%(t.n-1))
	sentence := fmt.Sprintf("Kalimat tambahan nomor %d.", i+1)
	for _, dir := range []string{"content", "hugo/content"} {
		file := name
		if dir == "hugo/content" {
			file = corpus.HugoName(name)
		}
		if err := add(t.path(dir, file), sentence); err != nil {
			return err
		}
	}
	if err := t.both("change"); err != nil {
		return err
	}
	for _, out := range t.outs() {
		b, err := os.ReadFile(t.path(out, strings.TrimSuffix(name, ".md"), "index.html"))
		if err != nil || !strings.Contains(string(b), sentence) {
			return fmt.Errorf("%s: the sentence is not on the page (%v)", out, err)
		}
	}
	return nil
}

func add(file, sentence string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("\n" + sentence + "\n")
	return errors.Join(err, f.Close())
}

// outs are the folders that are built.
func (t *track) outs() []string {
	if t.hugo == "" {
		return []string{"ours"}
	}
	return []string{"ours", "race"}
}

// both runs ours and Hugo and keeps what they took.
func (t *track) both(what string) error {
	ours, err := measure(exec.Command(t.program, "-content", t.path("content"), "-out", t.path("ours"), "-origin", "https://lapakasik.example", "-search=false"))
	if err != nil {
		return err
	}
	t.took[what+" ours"] = append(t.took[what+" ours"], ours)
	if t.hugo == "" {
		return nil
	}
	hugo, err := measure(exec.Command(t.hugo, "--quiet", "--source", t.path("hugo"), "--destination", t.path("race"), "--cacheDir", t.path("cache"), "--noBuildLock"))
	t.took[what+" hugo"] = append(t.took[what+" hugo"], hugo)
	return err
}

func measure(cmd *exec.Cmd) (result, error) {
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	if err != nil {
		return result{}, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, out.String())
	}
	return result{took, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10}, nil // Linux counts in KiB
}

// preview changes a page under a Builder, which keeps everything in memory.
func (t *track) preview() error {
	fsys := os.DirFS(t.path("content"))
	b := site.Builder{Options: site.Options{Origin: "https://lapakasik.example"}}
	if _, err := b.Build(context.Background(), fsys); err != nil {
		return err
	}
	for i := range t.runs {
		if err := add(t.path("content", corpus.Name(i+1)), "Kalimat lain."); err != nil {
			return err
		}
		runtime.GC()
		began := time.Now()
		if _, err := b.Build(context.Background(), fsys); err != nil {
			return err
		}
		t.took["preview ours"] = append(t.took["preview ours"], result{wall: time.Since(began)})
	}
	t.took["preview hugo"] = t.took["change hugo"]
	return nil
}

// median returns the middle of the runs, of each figure by itself.
func (t *track) median(what string) result {
	var walls []time.Duration
	var peaks []int64
	for _, r := range t.took[what] {
		walls, peaks = append(walls, r.wall), append(peaks, r.peak)
	}
	if len(walls) == 0 {
		return result{}
	}
	slices.Sort(walls)
	slices.Sort(peaks)
	return result{walls[len(walls)/2], peaks[len(peaks)/2]}
}

func (t *track) table() {
	fmt.Fprintf(t.out, "\n%d pages in 2 languages", t.n)
	for _, out := range t.outs() {
		pages, bytes := count(t.path(out))
		fmt.Fprintf(t.out, "; %s: %d pages, %d MB", out, pages, bytes>>20)
	}
	fmt.Fprintf(t.out, "\n\n| | ours | Hugo | ours is | aim |\n|---|---|---|---|---|\n")
	row := func(what, ours, hugo string, ratio, aim float64) {
		if t.hugo == "" {
			hugo, ratio = "-", 0
		}
		fmt.Fprintf(t.out, "| %s | %s | %s | 1/%.1f | 1/%.0f |\n", what, ours, hugo, ratio, aim)
	}
	for _, x := range []struct {
		name, what string
		aim        float64
	}{{"full", "full build", 4}, {"change", "one page changed, command line", 50}, {"preview", "one page changed, preview in memory", 50}} {
		ours, hugo := t.median(x.name+" ours"), t.median(x.name+" hugo")
		row(x.what, seconds(ours.wall), seconds(hugo.wall), float64(hugo.wall)/float64(ours.wall), x.aim)
	}
	ours, hugo := t.median("full ours"), t.median("full hugo")
	row("peak memory, full build", fmt.Sprint(ours.peak>>20, " MiB"), fmt.Sprint(hugo.peak>>20, " MiB"), float64(hugo.peak)/float64(ours.peak), 3)
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
