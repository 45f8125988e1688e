package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"lapakasik/functions/local/machine"
)

// A visit is people who come to the pages of the running program, each from a
// loopback address of their own, and go through what the JSON form asks for:
//
//	GET / ─► GET /daftar (form key) ─► POST /daftar/kantor (days) ─► three seconds later POST /daftar
type visit struct {
	name    string
	people  int
	over    time.Duration // the first steps of all people are spread over this
	burst   bool          // half of all come in the first 14 % (TRUST 3.2), for one branch
	seed    uint64
	limit   time.Duration
	root    string // the checkout
	dir     string
	url     string // of a program that runs already
	timeOff int    // people of other profiles before these
}

// went is what became of a visit.
type went struct {
	visit
	won, full, limited, failed int
	took                       time.Duration
	pages, books               *histogram
	perSecond                  map[int]int
	codes                      map[string]int
	cut                        bool
	reopened                   int // registrations that opened with their code afterwards, of those tried
	tried                      int
}

func (v visit) run(ctx context.Context) (w *went, err error) {
	w = &went{visit: v, pages: &histogram{}, books: &histogram{}, perSecond: map[int]int{}, codes: map[string]int{}}
	if v.url == "" {
		p, err := machine.Start(ctx, machine.Options{Root: v.root, Data: v.dir, Addr: "127.0.0.1:0", Progress: io.Discard, Log: io.Discard})
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, p.Close()) }()
		w.url = p.URL
	}
	if err := loopback(w.url); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, v.limit)
	defer cancel()
	first := newPerson(w, 0)
	open, err := first.offer(ctx)
	if err != nil {
		return nil, fmt.Errorf("what is on offer: %w", err)
	}
	w.come(ctx, open)
	return w, nil
}

// come lets all people in, each at a moment that the seed decides.
func (w *went) come(ctx context.Context, open []place) {
	r := rand.New(rand.NewPCG(w.seed, 3))
	first := slices.IndexFunc(open, func(x place) bool { return x.date != open[0].date })
	if first < 0 {
		first = len(open)
	}
	began := time.Now()
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := map[int]string{}
	for n := range w.people {
		at := time.Duration(r.Int64N(int64(w.over) + 1))
		if w.burst && n%2 == 0 {
			at = at * 14 / 100
		}
		to := open[r.IntN(len(open))]
		if w.burst { // everybody wants the first day
			to = open[r.IntN(first)]
		}
		wg.Go(func() {
			pause(ctx, time.Until(began.Add(at)))
			p := newPerson(w, w.timeOff+n+1)
			status, code := p.journey(ctx, to)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case ctx.Err() != nil:
				w.cut = true
			case status == http.StatusCreated:
				w.won++
				w.perSecond[int(time.Since(began).Seconds())]++
				codes[n] = code
			case status == http.StatusConflict:
				w.full++
			case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
				w.limited++
			default:
				w.failed++
			}
			w.codes[fmt.Sprint(status)]++
		})
	}
	wg.Wait()
	w.took = time.Since(began)
	w.reopen(ctx, codes)
}

// reopen asks for a sample of the registrations with their codes.
func (w *went) reopen(ctx context.Context, codes map[int]string) {
	for n, code := range codes {
		if w.tried == 200 {
			return
		}
		w.tried++
		p := newPerson(w, w.timeOff+n+1)
		if status, _ := p.ask(ctx, w.pages, "/status", map[string]any{"kode": code, "tanggal-lahir": "1990-01-01"}); status == http.StatusOK {
			w.reopened++
		}
	}
}

// loopback refuses every address but this machine's own.
func loopback(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "http" || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%s is not this machine: only http://127.0.0.1 and its like are ever asked", address)
	}
	return nil
}

// A person has an address of the loopback network and asks for JSON.
type person struct {
	n    int
	url  string
	w    *went
	http *http.Client
}

func newPerson(w *went, n int) *person {
	from := &net.TCPAddr{IP: net.IPv4(127, byte(1+n>>16), byte(n>>8), byte(n))}
	dial := &net.Dialer{LocalAddr: from, Timeout: 10 * time.Second}
	return &person{n: n, url: w.url, w: w, http: &http.Client{Timeout: 60 * time.Second,
		Transport: &http.Transport{DialContext: dial.DialContext, DisableKeepAlives: false, MaxIdleConnsPerHost: 1, IdleConnTimeout: 20 * time.Second}}}
}

// ask sends JSON, or only asks for nil, and returns the status; 0 for no answer.
func (p *person) ask(ctx context.Context, h *histogram, path string, value any) (int, map[string]any) {
	method, body := http.MethodGet, []byte(nil)
	if value != nil {
		method = http.MethodPost
		body, _ = json.Marshal(value) // strings and lists of strings
	}
	r, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	began := time.Now()
	res, err := p.http.Do(r)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = res.Body.Close() }()
	var answer map[string]any
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	h.add(time.Since(began))
	_ = json.Unmarshal(b, &answer) // a page is no JSON
	return res.StatusCode, answer
}

// A place is a session that can be asked for.
type place struct{ branch, date, time string }

var code = regexp.MustCompile(`(?m)^- code: (\S+)$`)

// branches returns the branches of the checkout that can be booked; the
// profiles of one branch take the first.
func (v *visit) branches() ([]string, error) {
	b, err := os.ReadFile(filepath.Join(v.root, filepath.FromSlash("content/data/kantor.yaml")))
	if err != nil {
		return nil, err
	}
	var found []string
	for _, part := range strings.Split(string(b), "\n- ") {
		if m := code.FindStringSubmatch("- " + part); m != nil && strings.Contains(part, "bookable: true") {
			found = append(found, m[1])
		}
	}
	if len(found) == 0 {
		return nil, errors.New("no branch can be booked")
	}
	if v.name != "national" {
		found = found[:1]
	}
	return found, nil
}

// offer asks which sessions of the next days there are.
func (p *person) offer(ctx context.Context) ([]place, error) {
	branches, err := p.w.branches()
	if err != nil {
		return nil, err
	}
	var all []place
	for _, branch := range branches {
		f := p.form(place{branch: branch})
		delete(f, "tanggal")
		delete(f, "jam")
		status, step := p.ask(ctx, p.w.pages, "/daftar/kantor", f)
		dates, _ := step["tanggal"].([]any)
		if status != http.StatusOK || len(dates) == 0 {
			return nil, fmt.Errorf("%s: %d %v", branch, status, step)
		}
		for _, d := range dates[min(2, len(dates)-1):] {
			f["tanggal"] = d
			_, step := p.ask(ctx, p.w.pages, "/daftar/tanggal", f)
			hours, _ := step["jam"].([]any)
			for _, h := range hours {
				all = append(all, place{branch, fmt.Sprint(d), hourOf(h)})
			}
		}
	}
	if len(all) == 0 {
		return nil, errors.New("no session is on offer")
	}
	return slices.DeleteFunc(all, func(x place) bool { return x.time == "" }), nil
}

func hourOf(h any) string {
	switch x := h.(type) {
	case string:
		return x
	case map[string]any:
		s, _ := x["jam"].(string)
		return s
	}
	return ""
}

func (p *person) form(to place) map[string]any {
	return map[string]any{"sebab": "mengundurkan-diri", "tanggal-lahir": "1990-01-01",
		"tanggal-surat-pengunduran-diri": "2026-01-01", "kepesertaan-nonaktif": "ya", "saldo-di-atas-50-juta": "tidak", "pernah-klaim-sebagian": "tidak",
		"kantor": to.branch, "kanal": "online", "tanggal": to.date, "jam": to.time, "nama": "Budi Uji", "nik": fmt.Sprintf("99%04d010190%04d", p.n/9999, p.n%9999+1),
		"kpj": "99000000001", "ponsel": "081234567890", "surel": "budi@contoh.id", "bank": "Bank Uji", "rekening": "1234567890", "pemilik": "Budi Uji",
		"persetujuan": []string{"pengenalan-wajah", "pengingat"}}
}

// journey goes from the home page to a place, and presses again when no answer came.
func (p *person) journey(ctx context.Context, to place) (status int, code string) {
	p.ask(ctx, p.w.pages, "/", nil)
	_, start := p.ask(ctx, p.w.pages, "/daftar", nil)
	f := p.form(to)
	p.ask(ctx, p.w.pages, "/daftar/kantor", f)
	f["kunci"] = start["kunci"]
	pause(ctx, 3100*time.Millisecond) // a form that is sent sooner is refused as a machine's
	for try := range 4 {
		var answer map[string]any
		if status, answer = p.ask(ctx, p.w.books, "/daftar", f); status != 0 && status < 500 {
			code, _ = answer["kode"].(string)
			break
		}
		pause(ctx, time.Duration(200<<try)*time.Millisecond)
	}
	p.http.CloseIdleConnections()
	return status, code
}
