// Command build makes the public site from content/, and helps those who edit it:
//
//	go run ./site/build                      the site into site/dist
//	go run ./site/build check                everything that is wrong, and advice
//	go run ./site/build serve                the site at http://127.0.0.1:8090, anew after each saved edit
//	go run ./site/build new halaman ALAMAT   a page from a template, as a draft
//	go run ./site/build new sebab KODE       a claim reason from a template, as a draft
//	go run ./site/build review               the pages in the order in which their reviews are due
//
// It exits with 1 when the content has mistakes, each with file:line:column,
// an excerpt and what to do, and with 2 when it was called wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"lapakasik/site"
	"lapakasik/site/disk"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// errMistakes is returned when the content's mistakes were printed already.
var errMistakes = errors.New("the content has mistakes")

// errUsage is returned when the call was wrong and the usage was printed.
var errUsage = errors.New("wrong call")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case err == nil:
	case errors.Is(err, errUsage):
		os.Exit(2)
	case errors.Is(err, errMistakes):
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// collectLate has the first collection of garbage wait until some 32 MB are in
// use, which a build of one changed page never has. A build lives only a moment.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(800) // of the least heap, 4 MB
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, 160)
}

// A job is one call: its flags and where it writes.
type job struct {
	flags        *flag.FlagSet
	content, day string
	lang         requirement.Lang
	out, err     io.Writer
}

// commands are what the program can do, by name. It is no variable, because a
// command may name them.
func commands() map[string]func(context.Context, *job, []string) error {
	return map[string]func(context.Context, *job, []string) error{
		"": buildSite, "check": check, "serve": serve, "new": create, "review": reviews,
	}
}

func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	command, ok := commands()[name]
	if !ok {
		return unknown(errOut, name)
	}
	j := &job{flags: flag.NewFlagSet("build "+name, flag.ContinueOnError), out: out, err: errOut, lang: requirement.ID}
	j.flags.SetOutput(errOut)
	j.flags.StringVar(&j.content, "content", "content", "folder of the content")
	j.flags.StringVar(&j.day, "today", string(site.Today(time.Now())), "day that decides what is published and due, YYYY-MM-DD")
	j.flags.Func("lang", "language of the messages: id or en (default id)", func(s string) error {
		j.lang = requirement.Lang(s)
		if s != "id" && s != "en" {
			return errors.New("want id or en")
		}
		return nil
	})
	return command(ctx, j, args)
}

// unknown says which commands there are, in both languages: it is not known yet
// which one is wanted.
func unknown(out io.Writer, name string) error {
	if commands()[name] != nil {
		fmt.Fprintf(out, "%s: tulis perintah di depan, misalnya %s -lang en / write the command first, as %s -lang en\n", name, name, name)
	} else {
		fmt.Fprintf(out, "%s: perintah tidak dikenal; pakai check, serve, new atau review, atau kosongkan untuk membuat situs / unknown command; want check, serve, new, review, or none to build the site\n", name)
	}
	return errUsage
}

// parse reads the flags, which may stand before and after the other arguments,
// and returns those.
func (j *job) parse(args []string) ([]string, error) {
	var rest []string
	for len(args) > 0 {
		if err := j.flags.Parse(args); err != nil {
			return nil, errUsage
		}
		if args = j.flags.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	if _, err := requirement.ParseDate(j.day); err != nil {
		fmt.Fprintln(j.err, err)
		return nil, errUsage
	}
	return rest, nil
}

func (j *job) plainOptions() site.Options {
	return site.Options{Today: requirement.Date(j.day), Search: true}
}

// options of a build, after the words are those of the content.
func (j *job) options() (site.Options, error) {
	return j.plainOptions(), j.told(site.UseWords(disk.Open(j.content)))
}

// told prints mistakes of the content, and passes other errors on.
func (j *job) told(err error) error {
	var ps site.Problems
	if !errors.As(err, &ps) {
		return err
	}
	fmt.Fprintln(j.err, ps.In(j.lang))
	return errMistakes
}

func buildSite(ctx context.Context, j *job, args []string) error {
	out := j.flags.String("out", "site/dist", "folder to write to")
	search := j.flags.Bool("search", true, "make the index of the search page")
	origin := j.flags.String("origin", "http://127.0.0.1:8080", "public origin, for canonical links")
	rest, err := j.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return unknown(j.err, rest[0])
	}
	began := time.Now()
	if !site.Remembers(*out) {
		makeRoom()
	}
	collectLate()
	go page.Prepare() // while words and state are read
	o, err := j.options()
	if err != nil {
		return err
	}
	o.Origin, o.Search = strings.TrimSuffix(*origin, "/"), *search
	r, err := site.Update(ctx, disk.Open(j.content), *out, o)
	if err != nil {
		return j.told(err)
	}
	fmt.Fprintf(j.out, "%d pages, %d of them made, %d files in %s, requirement set %s, %d ms\n",
		r.Pages, r.Made, r.Files, *out, r.Set, time.Since(began).Milliseconds())
	return nil
}

// check prints everything that is wrong. With -strict advice counts as wrong.
func check(ctx context.Context, j *job, args []string) error {
	strict := j.flags.Bool("strict", false, "fail on advice too")
	if _, err := j.parse(args); err != nil {
		return err
	}
	var words site.Problems
	if err := site.UseWords(disk.Open(j.content)); err != nil && !errors.As(err, &words) {
		return err
	}
	ps, err := site.Check(ctx, disk.Open(j.content), j.plainOptions())
	if err != nil {
		return err
	}
	ps = ps.With(words)
	for _, p := range ps {
		fmt.Fprintln(j.out, p.In(j.lang)+"\n")
	}
	advice := ps.Warnings()
	summary := requirement.Text{ID: "%d kesalahan, %d saran\n", EN: "%d mistakes, %d pieces of advice\n"}
	fmt.Fprintf(j.out, summary.In(j.lang), len(ps)-advice, advice)
	if len(ps) > advice || *strict && advice > 0 {
		return errMistakes
	}
	return nil
}

// reviews lists the pages by the day on which they must be read again.
func reviews(ctx context.Context, j *job, args []string) error {
	if _, err := j.parse(args); err != nil {
		return err
	}
	o, err := j.options()
	if err != nil {
		return err
	}
	s, err := site.Load(ctx, disk.Open(j.content), o)
	if err != nil {
		return j.told(err)
	}
	head := requirement.Text{ID: "tinjau sebelum  terakhir    halaman", EN: "review by       last        page"}
	late := requirement.Text{ID: "  ← terlambat", EN: "  ← overdue"}
	fmt.Fprintln(j.out, head.In(j.lang))
	for _, r := range s.Reviews() {
		mark := ""
		if r.Due < o.Today {
			mark = late.In(j.lang)
		}
		fmt.Fprintf(j.out, "%-14s  %s  %s (%s)%s\n", r.Due, r.Reviewed, r.File, r.Title, mark)
	}
	return nil
}
