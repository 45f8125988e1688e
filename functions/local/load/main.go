// Command load presses on the service, on this machine only, for a bounded
// time and number of people, and says what came of it. infra/load runs it:
//
//	door      1,000,000 attempts on 10,000 seats of 80 branch-days with faults, through the door and the function's handlers
//	rush      as many as can, straight at the code that books
//	join      people enter the draw, straight at the code that enters them
//	admitted  as many people as seats, let in at a pace
//	contest   200 people for each seat of one branch-day, 512 at once, on a store whose transactions conflict
//	opening   a branch opens a day: 2,000 people in a minute, half of them in the first seconds
//	day       268 people of one branch, a weekday of seven hours in one minute
//	national  12,300 people, a day of the country in two minutes
//
// The last three go through the real pages of the running local program. With
// -record the figures go into infra/load/RESULTS.md, with a chart.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"time"
)

func main() {
	debug.SetGCPercent(400) // all functions and clients in one process: there is memory enough, and AWS has no such heap
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Bounds that no flag can lift.
const (
	mostTime   = 2 * time.Hour
	mostPeople = 1_000_000
)

type options struct {
	profiles string
	url      string
	store    string
	seats    int
	attempts int
	people   int
	clients  int
	rate     int
	pace     int
	rushed   int
	seed     uint64
	limit    time.Duration
	dir      string
	record   string
	profile  string
	root     string
}

func read(args []string) (o options, err error) {
	f := flag.NewFlagSet("load", flag.ContinueOnError)
	f.StringVar(&o.profiles, "profile", "rush", "door, rush, admitted, contest, join, opening, day, national; several with commas")
	f.StringVar(&o.url, "url", "", "program that runs already, on this machine; empty: start one")
	f.StringVar(&o.store, "store", "engine,metered", "of a rush: engine (the real one) or metered (in memory, with DynamoDB's conflicts and limits)")
	f.IntVar(&o.seats, "seats", 10_000, "of a rush")
	f.IntVar(&o.attempts, "attempts", 1_000_000, "of a rush and at the door: how often a button is pressed in all")
	f.IntVar(&o.pace, "pace", 640, "of door: numbers let in a second, at all branches together")
	f.IntVar(&o.rushed, "rushed", 40_000, "of rush: at most so many presses, and a fifth as many seats")
	f.IntVar(&o.people, "people", 0, "of the other profiles; 0: as many as the profile has")
	f.IntVar(&o.clients, "clients", 64, "of a rush: how many press at the same moment")
	f.IntVar(&o.rate, "rate", 300, "of admitted: people let in a second; 0: as fast as they can")
	f.Uint64Var(&o.seed, "seed", 1, "of everything that chance decides")
	f.DurationVar(&o.limit, "limit", 30*time.Minute, "longest time of one profile")
	f.StringVar(&o.dir, "dir", "/dev/shm", "folder for what the engine writes, best in memory; it is emptied again")
	f.StringVar(&o.record, "record", "", "folder for RESULTS.md and its charts")
	f.StringVar(&o.profile, "cpuprofile", "", "file for a CPU profile of the whole run")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case o.limit <= 0 || o.limit > mostTime:
		return o, fmt.Errorf("-limit must be more than nothing and at most %s", mostTime)
	case o.attempts < 1 || o.attempts > mostPeople || o.people < 0 || o.people > mostPeople || o.seats < 1 || o.seats > mostPeople || o.clients < 1 || o.clients > 4096 || o.pace < 1 || o.rushed < 1:
		return o, fmt.Errorf("at most %d people, attempts and seats, and 4,096 clients", mostPeople)
	case o.url != "":
		return o, loopback(o.url)
	}
	return o, nil
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := read(args)
	if err != nil {
		return err
	}
	if o.root, err = os.Getwd(); err != nil {
		return err
	}
	// The file store makes its folder this process's own, so every path is a whole one.
	if _, err := os.Stat(filepath.Join(o.root, "template.yaml")); err != nil {
		return errors.New("template.yaml is not here: run this from the top of the checkout")
	}
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer func() { pprof.StopCPUProfile(); err = errors.Join(err, f.Close()) }()
	}
	r := newReport(o)
	for _, name := range strings.Split(o.profiles, ",") {
		if err := o.one(ctx, name, r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if _, err := io.WriteString(out, r.text()); err != nil {
		return err
	}
	if o.record != "" {
		err = r.write(filepath.Join(o.root, o.record))
	}
	return errors.Join(err, r.broken())
}

// one runs a profile in a folder of its own.
func (o options) one(ctx context.Context, name string, r *report) (err error) {
	stores := o.store // o is a copy
	switch name {
	case "door", "join":
		return o.through(ctx, name, r)
	case "rush":
		o.rate = 0
		o.attempts = min(o.attempts, o.rushed)
		o.seats = min(o.seats, max(1, o.attempts/5))
	case "admitted":
		o.seats = min(o.seats, 5000)
		name, o.attempts = "rush", o.seats*11/10 // every tenth taps twice
	case "contest":
		name, stores, o.seats, o.attempts, o.clients, o.rate = "rush", "metered", perDay, 200*perDay, 512, 0
	}
	if name == "rush" {
		for _, store := range strings.Split(stores, ",") {
			if store != "engine" && store != "metered" {
				return fmt.Errorf("unknown store %q", store)
			}
			err := o.inFolder(func(dir string) error {
				s, err := rush{store, o.seats, o.attempts, o.clients, o.rate, o.seed, o.limit, o.root, dir}.run(ctx)
				if err == nil {
					r.rushes = append(r.rushes, s)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	v := visit{name: name, seed: o.seed, limit: o.limit, root: o.root, url: o.url}
	switch name {
	case "opening":
		v.people, v.over, v.burst, v.timeOff = 2000, time.Minute, true, 1<<20
	case "day":
		v.people, v.over, v.timeOff = 268, time.Minute, 2<<20
	case "national":
		v.people, v.over, v.timeOff = 12_300, 2*time.Minute, 3<<20
	default:
		return errors.New("unknown profile")
	}
	if o.people > 0 {
		v.people = o.people
	}
	return o.inFolder(func(dir string) error {
		v.dir = dir
		w, err := v.run(ctx)
		if err == nil {
			r.visits = append(r.visits, w)
		}
		return err
	})
}

// through runs what goes through the door, or into the draw, on each store.
func (o options) through(ctx context.Context, name string, r *report) error {
	for _, store := range strings.Split(o.store, ",") {
		err := o.inFolder(func(dir string) error {
			if name == "door" {
				a, err := throng{store, o.seats, o.attempts, o.clients, o.pace, o.seed, o.limit, o.root, dir}.run(ctx)
				if err == nil {
					r.doors = append(r.doors, a)
				}
				return err
			}
			people := 20_000
			if o.people > 0 {
				people = o.people
			}
			j, err := joining{rush{store, 8 * perDay, people, o.clients, 0, o.seed, o.limit, o.root, dir}, people}.run(ctx)
			if err == nil {
				r.joins = append(r.joins, j)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (o options) inFolder(f func(dir string) error) (err error) {
	dir, err := os.MkdirTemp(o.dir, "load-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return f(dir)
}
