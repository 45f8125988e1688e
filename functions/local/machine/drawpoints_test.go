package machine_test

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lapakasik/functions/draw/lot"
	"lapakasik/functions/local/machinetest"
	"lapakasik/site/requirement"
)

func TestMain(m *testing.M) {
	machinetest.Main(m, func(m *testing.M) (int, error) { return m.Run(), nil })
}

// A drawDrill is a draw of one place whose program dies again and again, and
// the people who press the same button until they have an answer.
type drawDrill struct {
	*drill
	program *machinetest.Process
	day     requirement.Date
	tickets []string
}

// A moment is when a program dies, in days before the drawn one. Without a
// clock it is now, as file store and identity provider have it.
type moment struct {
	before int
	clock  string
}

// A drawStop is a point at which the program dies, and what makes it come
// there; without a fault it is a time at which it goes on.
type drawStop struct {
	fault string
	at    moment
	drive func(*drawDrill)
}

// drawStops go through a draw: each begins where the one before was cut off,
// with the same button pressed and the same job run again.
func drawStops() []drawStop {
	early, window, closed, now := moment{11, "07:30"}, moment{8, "10:00"}, moment{6, "20:02"}, moment{}
	job := func(d *drawDrill) { d.program.Run("Draw") }
	joins := func(people ...int) func(*drawDrill) {
		return func(d *drawDrill) {
			job(d)
			for _, n := range people {
				d.join(n)
			}
		}
	}
	enters := func(names ...string) func(*drawDrill) {
		return func(d *drawDrill) {
			for _, name := range names {
				d.enterValue(name)
			}
		}
	}
	stops := []drawStop{
		{"before:commit", early, job}, {"after:commit", early, job}, {"", early, job},
		{"before:enter", window, joins(0)}, {"after:enter", window, joins(0)}, {"before:reply", window, joins(0)}, {"after:enter:2", window, joins(0, 1, 2)},
		{"before:smtp", window, func(d *drawDrill) { joins(0, 1, 2)(d); d.program.Run("Send") }},
	}
	stops = append(stops, drawStop{"", moment{7, "20:02"}, job})                                                        // the days before have their draws too
	for _, fault := range []string{"before:publish", "after:publish", "before:close", "after:close", "before:finish"} { // the last of the other channel, that nobody joined
		stops = append(stops, drawStop{fault, closed, job})
	}
	stops = append(stops, drawStop{"before:draw-value", now, enters("petugas1")}, drawStop{"after:draw-value", now, enters("petugas1")},
		drawStop{"before:draw-confirm", now, enters("penyelia")}, drawStop{"after:draw-confirm", now, enters("penyelia")})
	for _, fault := range []string{"before:publish", "after:publish", "before:reveal", "after:reveal", "before:award", "after:award", "before:wait", "after:wait",
		"before:settle", "after:settle", "before:finish", "after:finish"} {
		stops = append(stops, drawStop{fault, now, job})
	}
	return append(stops, drawStop{"after:smtp:2", now, func(d *drawDrill) { d.program.Run("Send") }})
}

// start starts the program with its next end.
func (d *drawDrill) start(data, fault string, m moment) {
	d.Helper()
	d.program = machinetest.Start(d.T, data, fault, d.day.AddDays(-m.before), m.clock)
	d.now = &process{url: d.program.URL, staff: d.program.StaffURL, password: map[string]string{}, gone: d.program.Gone}
	for _, a := range d.program.Accounts {
		d.now.password[a.Username] = a.Password
	}
}

// join sends a form; the same form always gets the same ticket.
func (d *drawDrill) join(n int) {
	d.Helper()
	for len(d.forms) <= n && !d.program.IsGone() {
		form := application(&program{url: d.now.url}, len(d.forms), d.day)
		delete(form, "jam")
		form["keinginan-1"], form["surel"] = "10:00", fmt.Sprintf("orang%d@contoh.id", len(d.forms))
		d.forms, d.codes, d.tickets, d.cookies = append(d.forms, form), append(d.codes, ""), append(d.tickets, ""), append(d.cookies, map[string]string{})
	}
	if len(d.forms) <= n {
		return
	}
	got := d.public(n, "/daftar", d.forms[n], http.StatusCreated)
	ticket, _ := got["tiket"].(string)
	if d.tickets[n] != "" && ticket != "" && d.tickets[n] != ticket {
		d.Errorf("person %d was given ticket %s, and now %s", n, d.tickets[n], ticket)
	}
	if ticket != "" {
		d.tickets[n], d.codes[n] = ticket, got["kode"].(string)
	}
}

func (d *drawDrill) name() string {
	return fmt.Sprintf("%s-%s-online", machinetest.DrawBranch, d.day)
}

// enterValue enters the public value; who comes back after it counted is told so.
func (d *drawDrill) enterValue(name string) {
	d.Helper()
	d.press(d.now.staff, "/penyelia/"+machinetest.DrawBranch+"/undian", d.login(name), map[string]any{"undian": d.name(), "nilai": "7.123,45"}, http.StatusOK, http.StatusConflict)
}

var sha256Digits = regexp.MustCompile(`[0-9a-f]{64}`)

// commitment is what everybody could read before the window.
func (d *drawDrill) commitment() string {
	d.Helper()
	res, err := http.Get(d.now.url + "/undian?cabang=" + machinetest.DrawBranch)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.Fatal(err)
	}
	_, after, _ := strings.Cut(string(body), `id="`+d.name()+`"`)
	return sha256Digits.FindString(after)
}

// The running program is ended by SIGKILL at each point of a draw, from the
// commitment to the last mail, and started again on the same data. In the end
// the seed is the one that was committed at first, everybody who was given a
// ticket is in the published list, once, and got what it says; each was told so;
// and seats, registrations, locks and messages agree.
func TestKilledAtEveryPointOfADraw(t *testing.T) {
	d := &drawDrill{drill: &drill{T: t, officer: map[string]map[string]string{}}, day: machinetest.DrawDay()}
	data, committed := t.TempDir(), ""
	all := drawStops()
	for _, s := range all {
		d.start(data, s.fault, s.at)
		s.drive(d)
		switch {
		case s.fault == "":
			committed = cmp.Or(committed, d.commitment())
			d.program.End()
		case !d.program.IsGone():
			t.Fatalf("%s was not reached", s.fault)
		}
	}
	d.start(data, "", moment{})
	d.program.Run("Draw", "Send")
	d.drawn(data, committed, len(all))
	d.program.End()
	d.whole(data)
	t.Logf("%d points reached", len(all))
}

// drawn finds everything as the published file says.
func (d *drawDrill) drawn(data, committed string, deaths int) {
	d.Helper()
	res, err := http.Get(d.now.url + "/data/undian/" + d.name() + ".json")
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	r, err := lot.Read(res.Body)
	if err != nil {
		d.Fatal(err)
	}
	if err := r.Verify(); err != nil || len(r.Places) != len(d.tickets) || committed == "" || r.Commitment != committed {
		d.Errorf("the published file has %d tickets of %d and commitment %s, %v; want %s", len(r.Places), len(d.tickets), r.Commitment, err, committed)
	}
	came, seats := readMails(d.T, filepath.Join(data, "mail")), 0
	for n, ticket := range d.tickets {
		d.public(n, "/status", map[string]any{"kode": d.codes[n], "tanggal-lahir": "1990-01-01"}, http.StatusOK)
		is := d.public(n, "/status", nil, http.StatusOK)
		rank, clock := r.Find(ticket)
		want, told := "menunggu", "Anda di daftar tunggu"
		if clock != "" {
			want, told = "draf", "Anda mendapat tempat: lengkapi berkas"
			seats++
		}
		if is["status"] != want || is["jam"] != clock || is["peringkat"] != float64(rank) {
			d.Errorf("person %d is %v, rank %v at %q; the file says %s, %d, %q", n, is["status"], is["peringkat"], is["jam"], want, rank, clock)
		}
		if got := came[fmt.Sprintf("orang%d %s", n, told)]; got < 1 || got > 1+deaths {
			d.Errorf("person %d was told %q %d times", n, told, got)
		}
	}
	if seats != 1 {
		d.Errorf("%d people have the one place", seats)
	}
}

// whole finds no difference in what the program left.
func (d *drill) whole(data string) {
	d.Helper()
	verify := exec.Command("go", "run", "./functions/local/verify", "-claims", "-data", data)
	verify.Dir = machinetest.Checkout
	if out, err := verify.CombinedOutput(); err != nil || !strings.Contains(string(out), "0 differences") || !strings.Contains(string(out), "whole") {
		d.Errorf("the check of everything: %v\n%s", err, out)
	}
}
