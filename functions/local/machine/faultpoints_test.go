package machine_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/mail"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"lapakasik/functions/local/machine"
	"lapakasik/site/sample"
)

// A process is the built local program with a fault, running or gone.
type process struct {
	cmd         *exec.Cmd
	url, staff  string
	password    map[string]string
	ready, gone chan struct{}
}

func startFaulty(t *testing.T, binary, data, fault string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary, "-addr", "127.0.0.1:0", "-data", data), password: map[string]string{}, ready: make(chan struct{}), gone: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = filepath.Join("..", "..", ".."), append(os.Environ(), "FAULT="+fault)
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.end)
	go p.read(out)
	return p
}

// read takes addresses and passwords from what the program says, and waits for its end.
func (p *process) read(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "Lapak Asik is at"):
			p.url = address.FindString(line)
		case strings.HasPrefix(line, "Officers work at"):
			p.staff = address.FindString(line)
		case strings.HasPrefix(line, "Mails to"):
			close(p.ready)
		case len(words) > 2:
			p.password[words[0]] = words[1]
		}
	}
	_ = p.cmd.Wait() // how it ended is in ProcessState
	close(p.gone)
}

func (p *process) end() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.gone
}

func (p *process) isGone() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// A drill is one folder of data whose program dies again and again, and the
// people who press the same button until they have an answer.
type drill struct {
	*testing.T
	now     *process
	forms   []map[string]any
	codes   []string
	cookies []map[string]string // of each person
	officer map[string]map[string]string
	claim   string // registration id of the claim at the desk
	version int
}

// ask sends JSON; 0 when there was no answer.
func (d *drill) ask(base, path string, cookies map[string]string, value any) (int, map[string]any) {
	method, body := http.MethodGet, []byte(nil)
	if value != nil {
		method = http.MethodPost
		body, _ = json.Marshal(value) // strings and lists of strings
	}
	r, err := http.NewRequestWithContext(d.Context(), method, base+path, bytes.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", base)
	for name, v := range cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: v})
	}
	res, err := (&http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		cookies[c.Name] = c.Value
	}
	var answer map[string]any
	if json.NewDecoder(res.Body).Decode(&answer) != nil {
		return 0, nil
	}
	return res.StatusCode, answer
}

// press presses a button until it is answered as wanted, or the program is
// gone. Other answers are given while it is too early.
func (d *drill) press(base, path string, cookies map[string]string, value any, want ...int) map[string]any {
	d.Helper()
	ctx, cancel := context.WithTimeout(d.Context(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		status, answer := d.ask(base, path, cookies, value)
		for _, w := range want {
			if status == w {
				return answer
			}
		}
		select {
		case <-d.now.gone:
			return nil
		case <-ctx.Done():
			d.Fatalf("%s = %d %v; want %v", path, status, answer, want)
		case <-tick.C:
		}
	}
}

func (d *drill) public(n int, path string, value any, want ...int) map[string]any {
	d.Helper()
	return d.press(d.now.url, path, d.cookies[n], value, want...)
}

// fill prepares people with their forms, online or in the hall.
func (d *drill) fill(channels ...string) {
	d.Helper()
	for n, channel := range channels {
		form := application(&program{url: d.now.url}, n, "")
		delete(form, "tanggal")
		form["kanal"] = channel
		_, step := d.ask(d.now.url, "/daftar/kantor", nil, form)
		dates, _ := step["tanggal"].([]any)
		if len(dates) < 3 {
			d.Fatalf("dates on offer: %v", step)
		}
		form["tanggal"] = dates[2]
		_, step = d.ask(d.now.url, "/daftar/tanggal", nil, form)
		times, _ := step["jam"].([]any)
		if len(times) < 2 {
			d.Fatalf("hours on offer: %v", step)
		}
		form["jam"], form["surel"] = times[n/4].(map[string]any)["jam"], fmt.Sprintf("orang%d@contoh.id", n)
		d.forms, d.codes, d.cookies = append(d.forms, form), append(d.codes, ""), append(d.cookies, map[string]string{})
	}
}

// book sends a form; the same form always gets the same code.
func (d *drill) book(n int) {
	d.Helper()
	code, _ := d.public(n, "/daftar", d.forms[n], http.StatusCreated)["kode"].(string)
	if d.codes[n] != "" && code != "" && d.codes[n] != code {
		d.Errorf("person %d was answered %s, and now %s", n, d.codes[n], code)
	}
	if code != "" {
		d.codes[n] = code
	}
}

// upload sends a document of the first person.
func (d *drill) upload(slot, kind string, s sample.Sample) {
	d.Helper()
	sum := sha256.Sum256(s.Body)
	permit := d.public(0, "/berkas/"+slot+"/izin", map[string]any{"dokumen": kind, "jenis": mime.TypeByExtension(path.Ext(s.Name)),
		"ukuran": strconv.Itoa(len(s.Body)), "sha256": hex.EncodeToString(sum[:])}, http.StatusOK)
	if permit == nil {
		return
	}
	r, err := http.NewRequestWithContext(d.Context(), http.MethodPut, permit["url"].(string), bytes.NewReader(s.Body))
	if err != nil {
		d.Fatal(err)
	}
	for name, value := range permit["header"].(map[string]any) {
		r.Header.Set(name, value.(string))
	}
	if res, err := http.DefaultClient.Do(r); err == nil {
		_ = res.Body.Close()
	}
}

// submit sends the first person's claim when all is inspected.
func (d *drill) submit() {
	d.Helper()
	if d.public(0, "/berkas/kirim", map[string]any{}, http.StatusOK, http.StatusConflict) != nil {
		if got := d.public(0, "/status", nil, http.StatusOK)["status"]; got != "terkirim" && !d.now.isGone() {
			d.Errorf("after sending the claim it is %v", got)
		}
	}
}

// login lets an officer in at a new process; a session that is open stays.
func (d *drill) login(name string) map[string]string {
	d.Helper()
	if d.officer[name] == nil {
		o := &officer{d, map[string]string{}}
		if status, _, at := o.login(&machine.Program{StaffURL: d.now.staff}, name, d.now.password[name]); status != http.StatusOK {
			d.Fatalf("login of %s: %d at %s", name, status, at)
		}
		d.officer[name] = o.cookies
	}
	return d.officer[name]
}

const deskPath = "/meja/bandar-lampung"

func (d *drill) desk(name, path string, value any, want ...int) map[string]any {
	d.Helper()
	return d.press(d.now.staff, deskPath+path, d.login(name), value, want...)
}

// papers: the second person stands at the branch with everything on paper.
func (d *drill) papers() {
	d.Helper()
	d.book(1)
	seen := d.desk("petugas1", "/hadir", map[string]any{"kode": d.codes[1]}, http.StatusOK)
	if seen["klaim"] == nil {
		return // they are noted already
	}
	d.claim, _ = seen["klaim"].(string)
	d.desk("petugas1", "/kertas", seen, http.StatusOK)
}

func (d *drill) arrive() {
	d.Helper()
	if got := d.desk("petugas1", "/hadir", map[string]any{"kode": d.codes[1]}, http.StatusOK); got != nil && got["nomor"] != 1.0 {
		d.Errorf("queue number %v; want 1", got["nomor"])
	}
}

func (d *drill) take() {
	d.Helper()
	d.desk("petugas1", "/ambil", map[string]any{"klaim": d.claim}, http.StatusOK, http.StatusConflict)
}

// decide presses a button of the page that was opened before anybody died.
func (d *drill) decide(name, suffix string, form map[string]any) {
	d.Helper()
	form["versi"] = strconv.Itoa(d.version)
	d.desk(name, "/klaim/"+d.claim+suffix, form, http.StatusOK, http.StatusConflict)
}

// see opens the claim's page and remembers its version.
func (d *drill) see(name string) {
	d.Helper()
	page := d.desk(name, "/klaim/"+d.claim, nil, http.StatusOK)
	if v, ok := page["versi"].(float64); ok {
		d.version = int(v)
	} else if v, ok := page["versi"].(string); ok {
		d.version, _ = strconv.Atoi(v)
	} else if page != nil {
		d.Fatalf("the claim's page has no version: %v", page)
	}
}

// A stop is a point at which the program dies, and what makes it come there;
// nil: its jobs do.
type stop struct {
	fault string
	drive func(*drill)
}

// stops is one long day: each begins where the one before was cut off, with
// the same button pressed again.
func stops(list []sample.Sample) []stop {
	return []stop{
		{"before:seal", nil},
		{"after:seats:3", nil},
		{"before:book", func(d *drill) { d.fill("online", "onsite", "online", "online", "online", "online"); d.book(0) }},
		{"after:book", func(d *drill) { d.book(0) }},
		{"before:smtp", nil},
		{"before:reply", func(d *drill) { d.book(0) }},
		{"after:allow", func(d *drill) { d.book(0); d.upload("kartu-peserta", "kartu-peserta", list[0]) }},
		{"after:inbox", func(d *drill) { d.upload("kartu-peserta", "kartu-peserta", list[0]) }},
		{"before:vault", nil},
		{"after:vault", nil},
		{"before:inspect", nil},
		{"after:inspect", nil},
		{"before:drop", nil},
		{"after:drop", nil},
		{"before:submit", func(d *drill) {
			d.upload("ktp", "ktp", list[0])
			d.upload("foto-diri", "foto-diri", list[1])
			d.upload("bukti-pengunduran-diri", "keterangan-pengunduran-diri", list[2])
			d.submit()
		}},
		{"after:submit", (*drill).submit},
		{"after:smtp", nil},
		{"before:mark", nil},
		{"after:mark", nil},
		{"after:papers", func(d *drill) { d.submit(); d.papers() }},
		{"before:recap", nil},
		{"after:recap", nil},
		{"after:arrive", (*drill).arrive},
		{"after:take", func(d *drill) { d.arrive(); d.take() }},
		{"after:propose", func(d *drill) {
			d.see("petugas1")
			d.decide("petugas1", "/putusan", map[string]any{"keputusan": "setuju", "jumlah": "60000000"})
		}},
		{"before:approve", func(d *drill) {
			d.see("penyelia")
			d.decide("penyelia", "/putusan", map[string]any{"keputusan": "setujui"})
		}},
		{"after:approve", func(d *drill) { d.decide("penyelia", "/putusan", map[string]any{"keputusan": "setujui"}) }},
		{"after:tally", nil},
		{"before:cancel", func(d *drill) { d.book(2); d.book(3); d.public(3, "/status/batal", map[string]any{}, http.StatusOK) }},
		{"after:mark:2", func(d *drill) { d.book(4); d.book(5) }}, // in the middle of several mails
		{"after:cancel", func(d *drill) { d.public(3, "/status/batal", map[string]any{}, http.StatusOK) }},
		{"after:begin", nil},
		{"after:move", func(d *drill) {
			d.public(2, "/status/pindah", map[string]any{"kantor": "bandar-lampung", "tanggal": d.forms[2]["tanggal"], "jam": "10:00"}, http.StatusOK)
		}},
	}
}

// The running program is ended by SIGKILL at each of these points, one after
// the other on the same data, while people press their buttons again. Each
// point is reached. In the end everybody has what was confirmed, once: seats,
// registrations, locks, documents and messages agree, the audit trails are
// whole, each mail came, and no more often than the deaths between the mail
// server and the mark explain.
func TestKilledAtEveryFaultPoint(t *testing.T) {
	list, err := sample.All()
	if err != nil {
		t.Fatal(err)
	}
	binary, data := build(t), t.TempDir()
	d := &drill{T: t, officer: map[string]map[string]string{}}
	began := time.Now()
	all := stops(list)
	for _, s := range all {
		d.now = startFaulty(t, binary, data, s.fault)
		select {
		case <-d.now.gone:
		case <-d.now.ready:
			if s.drive != nil {
				s.drive(d)
			}
		}
		d.died(s.fault)
	}
	d.now = startFaulty(t, binary, data, "")
	<-d.now.ready
	d.evening(filepath.Join(data, "mail"), len(all))
	d.now.end()
	t.Logf("%d points reached in %v", len(all), time.Since(began).Round(time.Second))
	d.whole(data)
}

// died waits for the program's death at its point.
func (d *drill) died(fault string) {
	d.Helper()
	select {
	case <-d.now.gone:
	case <-time.After(2 * time.Minute): // the jobs come each minute
		d.Fatalf("%s was not reached", fault)
	}
	if state, ok := d.now.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !state.Signaled() || state.Signal() != syscall.SIGKILL {
		d.Fatalf("%s: the program ended by itself: %v", fault, d.now.cmd.ProcessState)
	}
}

// evening finds everything as it was confirmed.
func (d *drill) evening(mails string, deaths int) {
	d.Helper()
	for n, want := range []string{"terkirim", "disetujui", "draf", "dibatalkan", "draf", "draf"} {
		if n != 3 {
			d.book(n) // the same form, the same code
		}
		d.public(n, "/status", map[string]any{"kode": d.codes[n], "tanggal-lahir": "1990-01-01"}, http.StatusOK)
		if got := d.public(n, "/status", nil, http.StatusOK)["status"]; got != want {
			d.Errorf("person %d: %v; want %s", n, got, want)
		}
	}
	// Two deaths were between the mail server's yes to this one and its mark.
	came, all := d.wait(mails, 11), 0
	for letter, n := range came {
		if all += n; n > 3 {
			d.Errorf("%q came %d times", letter, n)
		}
	}
	if all > len(came)+deaths || came["orang0 Pengajuan Anda lengkap"] < 3 {
		d.Errorf("%d mails for %d messages after %d deaths: %v", all, len(came), deaths, came)
	}
}

// wait waits until so many different mails have come, and counts each.
func (d *drill) wait(dir string, distinct int) map[string]int {
	d.Helper()
	ctx, cancel := context.WithTimeout(d.Context(), 3*time.Minute)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		came := readMails(d.T, dir)
		if len(came) >= distinct {
			return came
		}
		select {
		case <-ctx.Done():
			d.Fatalf("mails %v; want %d different ones", came, distinct)
		case <-tick.C:
		}
	}
}

func readMails(t *testing.T, dir string) map[string]int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	came := map[string]int{}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(f)
		_ = f.Close()
		if err != nil {
			continue // the program died while it was written
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		who, _, _ := strings.Cut(strings.Trim(m.Header.Get("To"), "<>"), "@")
		came[who+" "+subject]++
	}
	return came
}

// A point that does not exist stops the program at once.
func TestUnknownFaultPoint(t *testing.T) {
	binary := build(t)
	for _, fault := range []string{"book", "after:nothing", "during:book", "after:book:0", "after:book:x"} {
		cmd := exec.Command(binary, "-addr", "127.0.0.1:0", "-data", t.TempDir())
		cmd.Dir, cmd.Env = filepath.Join("..", "..", ".."), append(os.Environ(), "FAULT="+fault)
		if out, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("FAULT is")) {
			t.Errorf("FAULT=%s: %v: %s", fault, err, out)
		}
	}
}
