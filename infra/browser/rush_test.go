package browser_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/local/machine"
	"lapakasik/site/requirement"
)

// The branches of a rush have a place or two a day, so that a few people fill
// it: one opens its days by draw, one has a wait list, one a door.
const (
	drawBranch = "bandar-lampung"
	waitBranch = "cirebon"
	doorBranch = "jakarta-sudirman"
)

// desks of the branches of a rush.
const desks = `  desks:
    online: {officers: 1, places: 1, open: "10:00", close: "10:30", minutes: 30, days: [1, 2, 3, 4, 5]}
    onsite: {officers: 1, places: 1, open: "10:00", close: "10:30", minutes: 30, days: [1, 2, 3, 4, 5]}
`

// A rush is a running program of its own, whose clock the test moves. It is
// this binary in a second process, because a process runs one program.
type rush struct {
	*machine.Program // its addresses and who works there
	t                *testing.T
	data             string
	ask              io.Writer
	answers          *bufio.Scanner
	ahead            time.Duration // of this machine's clock
	stands           time.Time     // where its clock stands; zero: it goes
}

// rushFolder is the variable that makes this binary a rush, in the folder that it names.
const rushFolder = "RUSH_FOLDER"

// startRush starts a rush at a time in WIB.
func startRush(t *testing.T, date requirement.Date, clock string) *rush {
	t.Helper()
	r := &rush{Program: &machine.Program{}, t: t, data: t.TempDir()}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env, cmd.Dir, cmd.Stderr = append(os.Environ(), rushFolder+"="+r.data), filepath.Join(root, "infra", "browser"), os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil { // it ends with its input
			t.Error(err)
		}
	})
	r.ask, r.answers = in, bufio.NewScanner(out)
	r.at(date, clock)
	if err := json.Unmarshal([]byte(r.tell("start")), r.Program); err != nil {
		t.Fatal(err)
	}
	return r
}

// tell says something to the rush and returns its answer.
func (r *rush) tell(what string) string {
	r.t.Helper()
	if _, err := fmt.Fprintln(r.ask, what); err != nil {
		r.t.Fatal(err)
	}
	r.answers.Scan()
	answer, ok := strings.CutPrefix(r.answers.Text(), "ok ")
	if !ok {
		r.t.Fatalf("%s: %s, %v", what, r.answers.Text(), r.answers.Err())
	}
	return answer
}

var wib = time.FixedZone("WIB", 7*60*60)

func today() requirement.Date { return requirement.DateOf(time.Now().In(wib)) }

// at moves the clock to a time in WIB.
func (r *rush) at(date requirement.Date, clock string) {
	r.t.Helper()
	r.stands = time.Time{}
	r.pass(time.Until(r.moment(date, clock)) - r.ahead)
}

func (r *rush) moment(date requirement.Date, clock string) time.Time {
	r.t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", string(date)+" "+clock, wib)
	if err != nil {
		r.t.Fatal(err)
	}
	return moment
}

// stand stops the clock at a time in WIB, where seconds count.
func (r *rush) stand(date requirement.Date, clock string) {
	r.t.Helper()
	r.stands = r.moment(date, clock)
	r.pass(0)
}

// now moves the clock to this machine's.
func (r *rush) now() { r.t.Helper(); r.pass(-r.ahead) }

// pass lets time pass.
func (r *rush) pass(d time.Duration) {
	r.t.Helper()
	if !r.stands.IsZero() {
		r.stands = r.stands.Add(d)
		r.tell("stand " + r.stands.Format(time.RFC3339))
		return
	}
	r.ahead += d
	r.tell("ahead " + r.ahead.String())
}

// run lets jobs run as if their hour had come.
func (r *rush) run(jobs ...string) {
	r.t.Helper()
	for _, name := range jobs {
		r.tell("run " + name)
	}
}

// serveRush is the other side: it does what its input says, a line each.
func serveRush(dir string) (err error) {
	var clock atomic.Value // of func() time.Time
	var p *machine.Program
	defer func() {
		if p != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var answer []byte
		switch what, value, _ := strings.Cut(lines.Text(), " "); what {
		case "ahead":
			var d time.Duration
			d, err = time.ParseDuration(value)
			clock.Store(func() time.Time { return time.Now().Add(d) })
		case "stand":
			var at time.Time
			at, err = time.Parse(time.RFC3339, value)
			clock.Store(func() time.Time { return at })
		case "start":
			if p, err = makeRush(dir, func() time.Time { return clock.Load().(func() time.Time)() }); err == nil {
				answer, err = json.Marshal(map[string]any{"URL": p.URL, "StaffURL": p.StaffURL, "Accounts": p.Accounts})
			}
		case "run":
			err = p.Run(context.Background(), value)
		}
		if err != nil {
			return err
		}
		fmt.Printf("ok %s\n", answer)
	}
	return nil
}

func makeRush(dir string, now func() time.Time) (*machine.Program, error) {
	var err error
	if root, err = filepath.Abs(filepath.Join("..", "..")); err != nil {
		return nil, err
	}
	today, err := everyDay(filepath.Join(dir, "root"))
	if err == nil {
		err = fewPlaces(filepath.Join(today, "content", "data"))
	}
	if err != nil {
		return nil, err
	}
	return machine.Start(context.Background(), machine.Options{Root: today, Data: dir, Addr: "127.0.0.1:0", Progress: io.Discard, Log: os.Stderr, Now: now})
}

// fewPlaces leaves three branches that can be booked, as a rush has them.
func fewPlaces(dir string) error {
	branches, err := os.ReadFile(filepath.Join(dir, "kantor.yaml"))
	if err != nil {
		return err
	}
	parts := strings.Split(string(branches), "- code: ")
	for i, p := range parts {
		switch name, _, _ := strings.Cut(p, "\n"); name {
		case drawBranch, waitBranch, doorBranch:
			parts[i] += desks
		default:
			parts[i] = strings.Replace(p, "bookable: true", "bookable: false", 1)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "kantor.yaml"), []byte(strings.Join(parts, "- code: ")), 0o600); err != nil {
		return err
	}
	rules, err := os.ReadFile(filepath.Join(dir, "antrean.yaml"))
	if err != nil {
		return err
	}
	changed := strings.NewReplacer("branches: {}", "branches: {"+drawBranch+": ballot}", "per_second: 50", "per_second: 5").Replace(string(rules))
	return os.WriteFile(filepath.Join(dir, "antrean.yaml"), []byte(changed), 0o600)
}

// open is a tab at 360 px on the rush's pages.
func (r *rush) open(javascript bool) tab {
	r.t.Helper()
	return openIn(r.t, chrome, r.Program, 360, javascript)
}

// choose goes from the questions to the times of a day at a branch.
func (b tab) chooseDay(branch, channel string, date requirement.Date) {
	b.t.Helper()
	b.open("/daftar/syarat?sebab=mengundurkan-diri")
	b.resigned()
	b.choose("kanal", channel)
	b.fill("kantor", branch)
	b.next()
	b.choose("tanggal", string(date))
	b.next()
}

// apply goes from the chosen time to the answer of who sends it all.
func (r *rush) apply(b tab, mail string) {
	b.t.Helper()
	b.person(fmt.Sprintf("990101010190%04d", people.Add(1)), mail)
	b.tick(`input[name=persetujuan]`)
	r.pass(10 * time.Second) // longer than a program takes to fill it in
	b.next()
}

// look holds the page that is open against the width of the screen, narrow and
// wide, and against axe where scripts run.
func (b tab) look(name string) {
	b.t.Helper()
	axe, err := os.ReadFile(axePath)
	b.must(err)
	for _, width := range []int64{1280, 360} {
		b.must(cdp.Do(b.ctx, cdp.EmulateViewport(width, 800)))
		b.shoot(fmt.Sprintf("%s-%d", name, width))
		wide, err := cdp.Run(b.ctx, cdp.Evaluate[int64](`document.documentElement.scrollWidth`))
		b.must(err)
		if wide > width {
			b.t.Errorf("%s is %d px wide on a screen of %d", name, wide, width)
		}
		if b.scripts {
			b.accessible(b.t, string(axe), fmt.Sprintf("%s at %d px", name, width))
		}
	}
}

// says holds the page's words against what it must say.
func (b tab) says(want ...string) {
	b.t.Helper()
	text := b.text("main")
	for _, w := range want {
		if !strings.Contains(text, w) {
			b.t.Errorf("the page does not say %q\n%s", w, b.where())
		}
	}
}

// row is what a page's summary says of something.
func (b tab) row(of string) string {
	b.t.Helper()
	v, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf(`[...document.querySelectorAll('.summary dt')].find(x => x.textContent.trim() === %q)?.nextElementSibling.textContent.trim() ?? ''`, of)))
	b.must(err)
	return v
}
