// Package machinetest runs the program of one machine in a process of its own,
// because a process runs one, with few places and a clock that a test moves:
//
//	test ── "ahead 30m", "run Draw" ──► the same binary once more ── machine.Start
//	     ◄── "ok", or its end ──────────  (Main)
package machinetest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"lapakasik/functions/local/machine"
	"lapakasik/site/requirement"
)

// WIB is the time that tests say.
var WIB = time.FixedZone("WIB", 7*60*60)

// A Process is a program whose clock the test moves. Whatever goes wrong with
// it ends the test.
type Process struct {
	*machine.Program // its addresses and who works there
	Data             string
	Gone             chan struct{} // closed when it has died of its fault

	t       testing.TB
	cmd     *exec.Cmd
	fault   string
	ask     io.WriteCloser
	answers chan string   // closed when it has ended
	err     error         // how it ended
	ahead   time.Duration // of this machine's clock
	stands  time.Time     // where its clock stands; zero: it goes
}

// Start starts a program on a folder of data, at a time in WIB, or now if the
// clock is "". With a fault (machine.Options) it may die while it starts.
func Start(t testing.TB, data, fault string, date requirement.Date, clock string) *Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &Process{Program: &machine.Program{}, Data: data, Gone: make(chan struct{}), t: t, cmd: exec.Command(self), fault: fault, answers: make(chan string)}
	p.cmd.Env, p.cmd.Dir, p.cmd.Stderr = append(os.Environ(), folderVariable+"="+data, faultVariable+"="+fault), Checkout, os.Stderr
	var out io.ReadCloser
	var err1, err2 error
	p.ask, err1 = p.cmd.StdinPipe()
	out, err2 = p.cmd.StdoutPipe()
	if err := errors.Join(err1, err2, p.cmd.Start()); err != nil {
		t.Fatal(err)
	}
	go p.read(out)
	t.Cleanup(p.End)
	if clock != "" {
		p.At(date, clock)
	}
	if answer, alive := p.tell("start"); alive {
		if err := json.Unmarshal([]byte(answer), p.Program); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// read hands on what the program answers, and waits for its end.
func (p *Process) read(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		p.answers <- lines.Text()
	}
	p.err = p.cmd.Wait()
	if state, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && p.fault != "" && state.Signaled() && state.Signal() == syscall.SIGKILL {
		p.err = nil
		close(p.Gone)
	}
	close(p.answers)
}

// End ends the program, if it has not died, and waits for it.
func (p *Process) End() {
	p.t.Helper()
	_ = p.ask.Close() // it ends with its input
	if _, more := <-p.answers; more || p.err != nil {
		p.t.Errorf("the program: %v", p.err)
	}
}

// IsGone tells whether the program died of its fault.
func (p *Process) IsGone() bool {
	select {
	case <-p.Gone:
		return true
	default:
		return false
	}
}

// tell says something to the program and returns its answer; false: it is gone.
func (p *Process) tell(what string) (answer string, alive bool) {
	p.t.Helper()
	_, err := fmt.Fprintln(p.ask, what)
	answer, alive = <-p.answers
	if !alive && !p.IsGone() {
		p.t.Fatalf("%s: the program has ended: %v", what, err)
	}
	return answer, alive
}

// At moves the clock to a time in WIB.
func (p *Process) At(date requirement.Date, clock string) {
	p.t.Helper()
	p.stands = time.Time{}
	p.Pass(time.Until(p.moment(date, clock)) - p.ahead)
}

func (p *Process) moment(date requirement.Date, clock string) time.Time {
	p.t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", string(date)+" "+clock, WIB)
	if err != nil {
		p.t.Fatal(err)
	}
	return moment
}

// Stand stops the clock at a time in WIB, where seconds count.
func (p *Process) Stand(date requirement.Date, clock string) {
	p.t.Helper()
	p.stands = p.moment(date, clock)
	p.Pass(0)
}

// Now moves the clock to this machine's.
func (p *Process) Now() { p.t.Helper(); p.Pass(-p.ahead) }

// Pass lets time pass.
func (p *Process) Pass(d time.Duration) {
	p.t.Helper()
	if !p.stands.IsZero() {
		p.stands = p.stands.Add(d)
		p.tell("stand " + p.stands.Format(time.RFC3339))
		return
	}
	p.ahead += d
	p.tell("ahead " + p.ahead.String())
}

// Run lets schedules of the template run as if their hour had come, until the
// program is gone.
func (p *Process) Run(schedules ...string) {
	p.t.Helper()
	for _, name := range schedules {
		if _, alive := p.tell("run " + name); !alive {
			return
		}
	}
}
