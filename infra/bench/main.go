// Command bench races the site generator against Hugo, in one run on the same
// pages and in memory (tmpfs):
//
//	go run ./infra/bench                                  both sizes, to be read
//	go run ./infra/bench -write infra/bench/RESULTS.md    and kept
//	go run ./infra/bench -pages 1000 -runs 5
//
//	corpus ─► DIR/content ─► site/build ─► DIR/ours ┐ wall time and peak
//	     └──► DIR/hugo ────► hugo ───────► DIR/race ┘ memory of each process
//
// It prints tables in markdown, with commit, machine and how busy that was.
// Each figure is the median of the runs, which take turns. "One page changed"
// is a sentence more in one file: site/build, built without cgo, is started
// again on its folder, and so is Hugo, which has no incremental build but that
// of its server and so makes all. The pages are some seconds old when they are
// built first. The index of the search page, which Hugo does not make, is left
// out of the race and has rows of its own.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lapakasik/infra/bench/corpus"
	"lapakasik/site"
	"lapakasik/site/disk"
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
	age   time.Duration // of the pages when they are built first
	out   io.Writer
}

// usualAge is older than what a build cannot trust to be finished (see
// disk.Mark.Settled), as nearly all content is.
const usualAge = 3 * time.Second

func main() {
	pages := flag.String("pages", "1000,10000", "numbers of pages, each in two languages")
	runs := flag.Int("runs", 3, "runs of each; figures are medians")
	dir := flag.String("dir", "/dev/shm", "folder to work in, best in memory")
	hugo := flag.String("hugo", "hugo", "the Hugo program")
	seed := flag.Uint64("seed", 1, "seed of the pages")
	write := flag.String("write", "", "file to keep the report in too")
	flag.Parse()
	var report bytes.Buffer
	r := race{root: ".", dir: *dir, runs: *runs, seed: *seed, age: usualAge, out: io.MultiWriter(os.Stdout, &report)}
	err := r.start(*pages, *hugo)
	if err == nil && *write != "" {
		err = os.WriteFile(*write, append([]byte(reportHead), report.Bytes()...), 0o644)
	}
	if err != nil {
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
	build := command(r.root, "go", "build", "-trimpath", "-o", program, "./site/build")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // a program without C starts faster
	if b, err := build.CombinedOutput(); err != nil {
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
	wall, cpu time.Duration // cpu is that of all processors together
	peak      int64         // bytes
}

func (t *track) path(elem ...string) string {
	return filepath.Join(append([]string{t.dir}, elem...)...)
}

func (t *track) run() error {
	o := corpus.Options{Pages: t.n, Seed: t.seed, Base: os.DirFS(filepath.Join(t.root, "content"))}
	if err := corpus.Write(t.dir, o); err != nil {
		return err
	}
	time.Sleep(t.age)
	for i := range t.runs {
		for _, f := range []func(int) error{t.full, t.change, t.search} {
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

// search does the same once more with the index, ours alone.
func (t *track) search(i int) error {
	if err := os.RemoveAll(t.path("search")); err != nil {
		return err
	}
	if err := t.ours("search full", "search", true); err != nil {
		return err
	}
	if err := add(t.path("content", corpus.Name(1+i*11%(t.n-1))), "Kalimat untuk pencarian."); err != nil {
		return err
	}
	return t.ours("search change", "search", true)
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

// ours runs our program and keeps what it took.
func (t *track) ours(what, out string, search bool) error {
	r, err := measure(exec.Command(t.program, "-content", t.path("content"), "-out", t.path(out), "-origin", "https://lapakasik.example", "-search="+strconv.FormatBool(search)))
	if err == nil {
		t.took[what+" ours"] = append(t.took[what+" ours"], r)
	}
	return err
}

// both runs ours and Hugo and keeps what they took.
func (t *track) both(what string) error {
	if err := t.ours(what, "ours", false); err != nil || t.hugo == "" {
		return err
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
	state := cmd.ProcessState
	return result{took, state.UserTime() + state.SystemTime(), state.SysUsage().(*syscall.Rusage).Maxrss << 10}, nil // Linux counts in KiB
}

// preview changes a page under a Builder, which keeps everything in memory.
func (t *track) preview() error {
	fsys := disk.Open(t.path("content"))
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
