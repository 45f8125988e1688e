package machine_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/engine"
	"lapakasik/site/requirement"
)

// A program is the built local program, running.
type program struct {
	cmd *exec.Cmd
	url string
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "local")
	if out, err := exec.Command("go", "build", "-o", binary, "lapakasik/functions/local").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	return binary
}

func start(t *testing.T, binary, data string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(binary, "-addr", "127.0.0.1:0", "-data", data)}
	p.cmd.Dir = filepath.Join("..", "..", "..")
	p.run(t)
	return p
}

// run starts the program and returns when it is ready.
func (p *program) run(t *testing.T) {
	t.Helper()
	p.cmd.Stderr = io.Discard
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program ended before it was ready: %v", err)
	}
	p.url = address.FindString(line)
}

// kill ends the program as kill -9 does.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	_ = p.cmd.Wait()
}

// ask sends JSON and returns the status and answer; 0 when there was none.
func (p *program) ask(path string, value any) (int, map[string]any) {
	method, body := http.MethodGet, []byte(nil)
	if value != nil {
		method = http.MethodPost
		body, _ = json.Marshal(value) // strings and lists of strings
	}
	r, err := http.NewRequest(method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	res, err := (&http.Client{Timeout: 20 * time.Second}).Do(r)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	var answer map[string]any
	if json.NewDecoder(res.Body).Decode(&answer) != nil {
		return 0, nil
	}
	return res.StatusCode, answer
}

// until asks again, as a person presses a button again, until the status is one of want.
func (p *program) until(t *testing.T, path string, value any, want int) map[string]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		status, answer := p.ask(path, value)
		if status == want {
			return answer
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s = %d %v; want %d", path, status, answer, want)
		case <-tick.C:
		}
	}
}

func application(p *program, n int, date requirement.Date) map[string]any {
	_, start := p.ask("/daftar", nil)
	times := []string{"08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "13:00", "13:30", "14:00", "14:30"}
	return map[string]any{"kunci": start["kunci"], "sebab": "mengundurkan-diri", "tanggal-lahir": "1990-01-01",
		"tanggal-surat-pengunduran-diri": "2026-01-01", "kepesertaan-nonaktif": "ya", "saldo-di-atas-50-juta": "tidak", "pernah-klaim-sebagian": "tidak",
		"kantor": "bandar-lampung", "kanal": "online", "tanggal": string(date), "jam": times[n%len(times)], "nama": "Budi Uji", "nik": storetest.NIK(n),
		"kpj": "99000000001", "ponsel": "081234567890", "surel": "budi@contoh.id", "bank": "Bank Uji", "rekening": "1234567890", "pemilik": "Budi Uji",
		"persetujuan": []string{"pengenalan-wajah", "pengingat"}}
}

// Killed in the middle of a hundred bookings: no booking that was answered
// is missing, and no seat is held by nobody.
func TestKilledInTheMiddleOfBookings(t *testing.T) {
	const people, killAfter = 100, 40
	binary, data := build(t), t.TempDir()
	p := start(t, binary, data)
	_, step := p.ask("/daftar/kantor", func() map[string]any { f := application(p, 0, ""); delete(f, "tanggal"); return f }())
	dates, _ := step["tanggal"].([]any)
	if len(dates) < 3 {
		t.Fatalf("dates on offer: %v", step)
	}
	date := requirement.Date(dates[2].(string))
	forms := make([]map[string]any, people)
	for n := range forms {
		forms[n] = application(p, n, date)
	}
	codes := make([]string, people)
	codes[0], _ = p.until(t, "/daftar", forms[0], http.StatusCreated)["kode"].(string) // from here on the keys are old enough
	var answered atomic.Int64
	var wg sync.WaitGroup
	work := make(chan int)
	for range 16 {
		wg.Go(func() {
			for n := range work {
				if status, answer := p.ask("/daftar", forms[n]); status == http.StatusCreated {
					codes[n], _ = answer["kode"].(string)
					if answered.Add(1) == killAfter {
						_ = p.cmd.Process.Kill()
					}
				}
			}
		})
	}
	for n := 1; n < people; n++ {
		work <- n
	}
	close(work)
	wg.Wait()
	p.kill()
	if answered.Load() < killAfter {
		t.Fatalf("only %d bookings were answered before the end", answered.Load())
	}
	t.Logf("killed after %d answers of %d", answered.Load()+1, people)

	p = start(t, binary, data)
	for n, code := range codes {
		if code != "" {
			p.until(t, "/status", map[string]any{"kode": code, "tanggal-lahir": "1990-01-01"}, http.StatusOK)
		}
		again, _ := p.until(t, "/daftar", forms[n], http.StatusCreated)["kode"].(string)
		if code != "" && again != code {
			t.Errorf("person %d: the same form gives %s after the restart; was answered %s", n, again, code)
		}
	}
	p.kill()
	agree(t, data, date, people)
}

// agree opens the store that the program left and reconciles it.
func agree(t *testing.T, data string, date requirement.Date, people int) {
	t.Helper()
	e, err := engine.Start(t.Context(), filepath.Join(data, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	s := dynamo.New(storetest.Client(e.URL), "Table", "KeysTable", func(context.Context) (*seal.Keys, error) {
		return seal.FromFile(filepath.Join(data, "root.key"))
	})
	differences, err := s.Reconcile(t.Context(), "bandar-lampung", date)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Error(d)
	}
	sessions, err := s.Sessions(t.Context(), "bandar-lampung", date)
	if err != nil {
		t.Fatal(err)
	}
	taken := 0
	for _, x := range sessions {
		taken += x.Places - x.Free
	}
	if taken != people {
		t.Errorf("%d seats are taken; want %d", taken, people)
	}
}

// Ctrl-C ends all that the program started, and the next start finds its data.
func TestInterrupt(t *testing.T) {
	binary, data := build(t), t.TempDir()
	p := start(t, binary, data)
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v; want exit code 0", err)
	}
	out, err := exec.Command("pgrep", "-f", filepath.Join(data, "store.db")).Output()
	if err == nil {
		t.Errorf("still running after Ctrl-C: %s", out)
	}
	if status, _ := start(t, binary, data).ask("/daftar", nil); status != http.StatusOK {
		t.Errorf("GET /daftar after a second start = %d", status)
	}
}

// A folder of data is one program's: a second one is told so, and the first goes on.
func TestDataInUse(t *testing.T) {
	binary, data := build(t), t.TempDir()
	p := start(t, binary, data)
	second := exec.Command(binary, "-addr", "127.0.0.1:0", "-data", data)
	second.Dir = filepath.Join("..", "..", "..")
	if out, err := second.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("another program uses")) {
		t.Errorf("a second program on the same data: %v: %s", err, out)
	}
	if status, _ := p.ask("/daftar", nil); status != http.StatusOK {
		t.Errorf("GET /daftar of the first program = %d", status)
	}
}

// What the program says when something is missing is one sentence.
func TestMissingPrerequisites(t *testing.T) {
	binary := build(t)
	empty := t.TempDir()
	for _, tt := range []struct {
		name, dir, want string
		env             []string
		args            []string
	}{
		{"not in the checkout", empty, "template.yaml is not here", nil, nil},
		{"address in use", filepath.Join("..", "..", ".."), "is in use", nil, []string{"-addr", "256.0.0.1:1"}},
		{"no npm", filepath.Join("..", "..", ".."), "npm client is missing", []string{"PATH=" + empty, "XDG_CACHE_HOME=" + empty, "HOME=" + empty}, []string{"-addr", "127.0.0.1:0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command(binary, append(tt.args, "-data", t.TempDir())...)
			cmd.Dir, cmd.Env = tt.dir, append(os.Environ(), tt.env...)
			out, err := cmd.CombinedOutput()
			if err == nil || !bytes.Contains(out, []byte(tt.want)) {
				t.Errorf("%v: %s; want %q", err, out, tt.want)
			}
		})
	}
}
