package crashtest

import (
	"flag"
	"fmt"
	"hash/fnv"
	"sync"
	"testing"
)

var script = new(string)

func init() {
	if testing.Testing() {
		flag.StringVar(script, "script", "", `of crash tests, the one script to report, such as "dies after 3, comes back"`)
	}
}

// A Play runs an operation by a script in a world of its own, and returns how
// many requests each process made, and an error that says what is not as it
// should be afterwards.
type Play func(Script) (made []int, wrong error)

// A Report is what Scripts played.
type Report struct {
	Requests int // of the operation when nothing happens
	Played   int
	LeftOut  int // scripts of two faults that were not played
	Wrong    []error
}

// String is one line about the report.
func (r Report) String() string {
	s := fmt.Sprintf("%d requests, %d scripts, %d wrong", r.Requests, r.Played, len(r.Wrong))
	if r.LeftOut > 0 {
		s += fmt.Sprintf(" (LEFT OUT: %d scripts of two faults; -full plays them)", r.LeftOut)
	}
	return s
}

// Scripts plays every fault at every request with somebody who comes back, the
// deaths also with nobody who does, and of all pairs of faults one in so many, which a seed chooses.
// -script reports one of them alone.
func Scripts(play Play, oneIn int, seed uint64) Report {
	s := &stage{play: play, oneIn: max(1, oneIn), seed: seed, room: make(chan struct{}, atOnce)}
	none := Script{Lives: []Plan{{}}}
	made, err := play(none)
	s.Played = 1
	if s.wrong(none, err); err != nil || len(made) == 0 {
		return s.Report
	}
	s.Requests = made[0]
	for at := 1; at <= made[0]; at++ {
		for _, f := range faults {
			p := Plan{at, f}
			if f == DiesBefore || f == DiesAfter { // who lives on has an answer
				s.run(Script{Lives: []Plan{p}})
			}
			s.wg.Go(func() { s.again(p) })
		}
	}
	s.wg.Wait()
	return s.Report
}

// atOnce is how many scripts are played at a time.
const atOnce = 4

type stage struct {
	Report
	play  Play
	oneIn int
	seed  uint64
	mu    sync.Mutex
	wg    sync.WaitGroup
	room  chan struct{}
}

func (s *stage) wrong(x Script, err error) {
	if err != nil && (*script == "" || *script == x.String()) {
		s.Wrong = append(s.Wrong, fmt.Errorf("%v: %w", x, err))
	}
}

// one plays one script.
func (s *stage) one(x Script) []int {
	s.room <- struct{}{}
	defer func() { <-s.room }()
	made, err := s.play(x)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Played++
	s.wrong(x, err)
	return made
}

func (s *stage) run(x Script) { s.wg.Go(func() { s.one(x) }) }

// again plays what follows a first fault: somebody comes back, and meets none
// or one more.
func (s *stage) again(first Plan) {
	made := s.one(Script{Lives: []Plan{first}, Returns: true})
	if len(made) < 2 {
		return
	}
	for at := 1; at <= made[1]; at++ {
		for _, f := range faults {
			x := Script{Lives: []Plan{first, {at, f}}, Returns: true}
			if s.chosen(x) {
				s.run(x)
			}
		}
	}
}

// chosen tells whether a script of two faults is played.
func (s *stage) chosen(x Script) bool {
	if *script != "" {
		return *script == x.String()
	}
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, s.seed, x)
	if h.Sum64()%uint64(s.oneIn) == 0 {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.LeftOut++
	return false
}
