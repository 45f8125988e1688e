package main

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/lambdahttp"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/register"
	"lapakasik/site"
	"lapakasik/site/requirement"
)

// A throng is people who want the day that opens at many branches at once,
// through the function's own edge and handlers:
//
//	before the hour   a fifth of all presses: people take a number
//	from the hour on  whose turn comes sends the form, every tenth twice at once;
//	                  meanwhile others come, as many a second as the gateway lets through
//	later             all who have no place press, and are told that nothing is left
type throng struct {
	store   string // "engine" or "metered"
	seats   int
	presses int
	clients int
	rate    int // numbers let in a second, at all branches together
	seed    uint64
	limit   time.Duration
	root    string
	dir     string
}

// later is after what time each function knows that nothing is left.
const later = 30 * time.Second

// gateway is what API Gateway lets through in Jakarta (TRUST R1).
const gateway = 2500

// admission is what became of a throng.
type admission struct {
	throng
	faults                        firstErrors
	rush                          *sale // seats, people, faults and what was lost
	pressed, numbers, told, early atomic.Int64
	statuses                      [600]atomic.Int64
	soldIn, gathered, after       time.Duration
	door                          *histogram // answers of the door
	tooEarly, retries             atomic.Int64
	branches                      int
	perBranch                     int
	handler                       func(context.Context, lambdahttp.Event) (lambdahttp.Response, error)
	keys                          *seal.Keys
	offset                        atomic.Int64 // of the service's clock
	opens                         time.Time
	date                          requirement.Date
	formKey                       string
	set                           *requirement.Set
}

// now is the service's clock.
func (a *admission) now() time.Time { return time.Now().Add(time.Duration(a.offset.Load())) }

func branchCode(n int) string { return fmt.Sprintf("beban-%02d", n) }

type fixedSet struct{ *requirement.Set }

func (s fixedSet) Current(context.Context) (*requirement.Set, error)         { return s.Set, nil }
func (s fixedSet) Version(context.Context, string) (*requirement.Set, error) { return s.Set, nil }

// rules are the content's, with branches of the throng's own and a door before each.
func (a *admission) rules(ctx context.Context) (*requirement.Set, error) {
	s, err := site.Load(ctx, os.DirFS(filepath.Join(a.root, "content")), site.Options{})
	if err != nil {
		return nil, err
	}
	set := *s.Set
	set.Branches, set.Holidays, set.Booking.Doors = nil, nil, nil
	for n := range a.branches {
		code := branchCode(n)
		places := a.seats*(n+1)/a.branches - a.seats*n/a.branches
		set.Branches = append(set.Branches, requirement.Branch{Code: code, Name: code, Zone: "WIB", Bookable: true, Desks: map[requirement.Channel]requirement.Desk{
			requirement.Online: {Officers: places, Places: 1, Open: "09:00", Close: "10:00", Minutes: 60, Days: []int{1, 2, 3, 4, 5, 6, 7}}}})
		set.Booking.Doors = append(set.Booking.Doors, requirement.Door{Branch: code, Opens: "08:00", GatherMinutes: 60, StandsMinutes: 60, PerSecond: a.perBranch})
	}
	return &set, nil
}

func (t throng) run(ctx context.Context) (a *admission, err error) {
	a = &admission{throng: t, door: &histogram{}, branches: max(1, (t.seats+perDay-1)/perDay)}
	a.perBranch = max(1, t.rate/a.branches)
	a.rush = &sale{rush: rush{store: t.store, seats: t.seats, clients: t.clients, limit: t.limit, root: t.root, dir: t.dir}, waits: &histogram{}, sold: &histogram{},
		line: &line{faults: true, r: mathrand.New(mathrand.NewPCG(t.seed, 2))}}
	store, calm, end, err := a.rush.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, end()) }()
	a.keys = a.rush.keys
	set, err := a.rules(ctx)
	if err != nil {
		return nil, err
	}
	a.set = set
	zone := set.Branches[0].Location()
	today := requirement.DateOf(time.Now().In(zone))
	if a.opens, err = set.Branches[0].At(today, "08:00"); err != nil {
		return nil, err
	}
	a.date = today.AddDays(set.Booking.HorizonDays)
	a.offset.Store(int64(time.Until(a.opens.Add(-10 * time.Minute))))
	store.Now, calm.Now, store.Remember = a.now, a.now, time.Second
	for i := range set.Branches {
		b := &set.Branches[i]
		if err := calm.EnsureDay(ctx, claim.Plan(b, a.date, nil)); err != nil {
			return nil, err
		}
	}
	if err := a.serve(store, set); err != nil {
		return nil, err
	}
	if m := a.rush.metered; m != nil {
		m.Limit = 1000
	}
	winners, err := a.play(ctx, calm)
	if m := a.rush.metered; m != nil {
		m.Limit = 0
	}
	if err != nil {
		return nil, err
	}
	return a, a.verify(ctx, calm, winners)
}

// serve makes the registration function as Lambda has it.
func (a *admission) serve(store *dynamo.Store, set *requirement.Set) error {
	pseudonym := func(_ context.Context, p, v string) (string, error) { return a.keys.Pseudonym(p, v), nil }
	service := &register.Service{Store: store, Sets: fixedSet{set}, Pseudonym: pseudonym}
	web1 := &web.Site{Log: parts.Logger(&a.faults), Now: a.now, Attempt: store.Attempt, Origin: "https://lapakasik.example",
		Tokens: func(context.Context) (web.Tokens, error) { return a.keys, nil }}
	h, err := web1.Handler(service.Routes())
	if err != nil {
		return err
	}
	a.handler = lambdahttp.Adapt(h, web.WithRequestID)
	return nil
}

// firstErrors keeps the first few errors that the function logged.
type firstErrors struct {
	mu    sync.Mutex
	lines []string
}

func (f *firstErrors) Write(b []byte) (int, error) {
	var line struct {
		Error string `json:"error"`
	}
	if bytes.Contains(b, []byte(`"error":`)) && json.Unmarshal(b, &line) == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.lines) < 3 {
			f.lines = append(f.lines, line.Error)
		}
	}
	return len(b), nil
}

// A guest is one person with an address, a number and a branch.
type guest struct {
	n      int
	branch string
	cookie string
	turn   time.Time
	done   bool
}

// ask sends JSON through the edge, from an address of the guest's own.
func (a *admission) ask(ctx context.Context, g *guest, method, path string, value any) (lambdahttp.Response, error) {
	e := lambdahttp.Event{Version: "2.0", RawPath: path, Headers: map[string]string{"host": "lapakasik.example", "accept": "application/json", "content-type": "application/json",
		"cloudfront-viewer-address": fmt.Sprintf("10.%d.%d.%d:1", g.n>>16, g.n>>8&255, g.n&255)}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = method, path
	if g.cookie != "" {
		e.Cookies = []string{g.cookie}
	}
	if value != nil {
		b, err := json.Marshal(value)
		if err != nil {
			return lambdahttp.Response{}, err
		}
		e.Body = string(b)
	}
	res, err := a.handler(ctx, e)
	a.pressed.Add(1)
	if err == nil && res.StatusCode < len(a.statuses) {
		a.statuses[res.StatusCode].Add(1)
	}
	for _, c := range res.Cookies {
		if name, _, _ := strings.Cut(c, "="); strings.HasPrefix(name, "__Host-antre-") {
			g.cookie, _, _ = strings.Cut(c, ";")
		}
	}
	return res, err
}

// knock asks the door for a number.
func (a *admission) knock(ctx context.Context, g *guest) {
	began := time.Now()
	res, err := a.ask(ctx, g, http.MethodPost, "/daftar/nomor/"+g.branch, map[string]any{})
	if err != nil || ctx.Err() != nil {
		return
	}
	a.door.add(time.Since(began))
	switch {
	case res.StatusCode == http.StatusConflict:
		a.told.Add(1)
	case g.cookie != "":
		a.numbers.Add(1)
	}
}

// number is what the guest's cookie holds; only who has the keys can read it.
func (a *admission) number(g *guest) (int64, error) {
	name, value, _ := strings.Cut(g.cookie, "=")
	b, err := a.keys.OpenToken(name, value)
	if err != nil {
		return 0, err
	}
	var t struct {
		N int64 `json:"n"`
	}
	return t.N, json.Unmarshal(b, &t)
}

func (a *admission) each(ctx context.Context, from, to int, f func(n int)) {
	var next atomic.Int64
	next.Store(int64(from))
	together(a.clients, func() {
		for ctx.Err() == nil {
			n := int(next.Add(1)) - 1
			if n >= to {
				return
			}
			f(n)
		}
	})
}

// together runs f so many times at once.
func together(n int, f func()) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(f)
	}
	wg.Wait()
}

// byTurn is the guests in the order of their turns.
type byTurn []*guest

func (q byTurn) Len() int           { return len(q) }
func (q byTurn) Less(i, j int) bool { return q[i].turn.Before(q[j].turn) }
func (q byTurn) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *byTurn) Push(x any)        { *q = append(*q, x.(*guest)) }
func (q *byTurn) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// play is the whole morning.
func (a *admission) play(ctx context.Context, store *dynamo.Store) ([]winner, error) {
	ctx, cancel := context.WithTimeout(ctx, a.limit)
	defer cancel()
	res, err := a.ask(ctx, &guest{}, http.MethodGet, "/daftar", nil)
	if err != nil {
		return nil, err
	}
	var start struct {
		Key string `json:"kunci"`
	}
	if err := json.Unmarshal([]byte(res.Body), &start); err != nil {
		return nil, err
	}
	a.formKey = start.Key
	guests := make([]guest, a.presses/5)
	began := time.Now()
	a.each(ctx, 0, len(guests), func(n int) {
		guests[n] = guest{n: n, branch: branchCode(n % a.branches)}
		a.knock(ctx, &guests[n])
	})
	a.gathered = time.Since(began)
	// The hour comes.
	a.offset.Store(int64(time.Until(a.opens.Add(-500 * time.Millisecond))))
	pause(ctx, 600*time.Millisecond)
	queue, err := a.order(ctx, store, guests)
	if err != nil {
		return nil, err
	}
	// Finding out the order took the generator a while, so the clock is set back to the hour.
	a.offset.Store(int64(time.Until(a.opens)))
	winners := a.sell(ctx, queue, len(guests))
	a.offset.Add(int64(later))
	began = time.Now()
	rest := a.presses - int(a.pressed.Load())
	a.each(ctx, 0, max(0, rest), func(i int) {
		if i < len(guests) && !guests[i].done { // waits still, and asks
			b := time.Now()
			if res, err := a.ask(ctx, &guests[i], http.MethodPost, "/daftar", a.form(&guests[i])); err == nil && res.StatusCode == http.StatusConflict {
				a.told.Add(1)
			}
			a.door.add(time.Since(b))
			return
		}
		g := guest{n: 4_000_000 + i, branch: branchCode(i % a.branches)}
		a.knock(ctx, &g)
	})
	a.after = time.Since(began)
	a.rush.cut = ctx.Err() != nil
	return winners, nil
}

// order gives each guest the turn that the door will give.
func (a *admission) order(ctx context.Context, store *dynamo.Store, guests []guest) (byTurn, error) {
	doors, early, first := map[string]claim.Door{}, map[string]claim.Early{}, map[string]int64{}
	for n := range a.set.Branches {
		code := a.set.Branches[n].Code
		doors[code], _ = claim.DoorOf(&a.set.Branches[n], a.set.Booking, a.date) // rules gives each one
		e, err := store.Early(ctx, code, a.date)
		if err != nil {
			return nil, err
		}
		early[code], first[code] = e, claim.FirstOf([]byte(a.keys.Pseudonym("door", code+"#"+string(a.date))), e.Total())
		a.early.Add(e.Total())
	}
	var queue byTurn
	for i := range guests {
		g := &guests[i]
		if g.cookie == "" {
			continue
		}
		n, err := a.number(g)
		if err != nil {
			return nil, err
		}
		g.turn = doors[g.branch].Turn(claim.OrderOf(n, early[g.branch], first[g.branch]))
		queue = append(queue, g)
	}
	heap.Init(&queue)
	return queue, nil
}

func (a *admission) form(g *guest) map[string]any {
	f := (&person{n: g.n}).form(place{branch: g.branch, date: string(a.date), time: "09:00"})
	f["kunci"] = a.formKey
	f["tanggal-surat-pengunduran-diri"] = string(a.date.AddDays(-60))
	return f
}

// sell lets guests send their forms when their turn comes, while a crowd knocks
// as fast as the gateway lets it, until all is sold.
func (a *admission) sell(ctx context.Context, queue byTurn, people int) []winner {
	s := a.rush
	var mu sync.Mutex
	var winners []winner
	var wg sync.WaitGroup
	over, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	crowd := sync.WaitGroup{}
	crowd.Go(func() { a.crowd(over, people) })
	slots := make(chan struct{}, 1024)
	for queue.Len() > 0 && over.Err() == nil {
		g := heap.Pop(&queue).(*guest)
		pause(over, g.turn.Sub(a.now()))
		if over.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			w, status, twice := a.enter(ctx, g)
			waited := a.now().Sub(g.turn)
			mu.Lock()
			defer mu.Unlock()
			g.done = true
			s.waits.add(waited)
			if twice {
				s.twice++
			}
			switch status {
			case http.StatusCreated:
				s.sold.add(waited)
				winners = append(winners, w)
				if len(winners) == s.seats {
					s.soldOut, a.soldIn = time.Since(began), time.Since(began)
					stop()
				}
			case http.StatusConflict:
				s.full++
			default:
				s.gaveUp++
			}
		})
	}
	wg.Wait()
	stop()
	crowd.Wait()
	s.took, s.won, s.presses = time.Since(began), len(winners), int(a.pressed.Load())
	return winners
}

// crowd knocks gateway times a second, whatever is answered.
func (a *admission) crowd(ctx context.Context, from int) {
	slots := make(chan struct{}, 256)
	began := time.Now()
	var wg sync.WaitGroup
	for i := 0; ctx.Err() == nil && int(a.pressed.Load()) < a.presses*9/10; i++ {
		pause(ctx, time.Until(began.Add(time.Duration(i)*time.Second/time.Duration(max(1, gateway-a.rate)))))
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			g := guest{n: 1_000_000 + from + i, branch: branchCode(i % a.branches)}
			a.knock(context.WithoutCancel(ctx), &g)
		})
	}
	wg.Wait()
}

// enter sends a form whose turn has come until there is an answer that stays,
// as the page's script does. Every tenth taps twice at once.
func (a *admission) enter(ctx context.Context, g *guest) (w winner, status int, twice bool) {
	if g.n%10 != 0 {
		w, status = a.persist(ctx, g)
		return w, status, false
	}
	other := *g
	var second winner
	var secondStatus int
	var wg sync.WaitGroup
	wg.Go(func() { second, secondStatus = a.persist(ctx, &other) })
	w, status = a.persist(ctx, g)
	wg.Wait()
	return w, status, (status == http.StatusCreated) != (secondStatus == http.StatusCreated) || second.code != w.code
}

func (a *admission) persist(ctx context.Context, g *guest) (w winner, status int) {
	for try := range 8 {
		res, err := a.ask(ctx, g, http.MethodPost, "/daftar", a.form(g))
		if err != nil {
			return w, 0
		}
		switch status = res.StatusCode; status {
		case http.StatusCreated:
			var v struct {
				Code string `json:"kode"`
			}
			_ = json.Unmarshal([]byte(res.Body), &v) // an answer of ours
			code := strings.ReplaceAll(v.Code, "-", "")
			return winner{a.keys.RegistrationID(code), code}, status
		case http.StatusAccepted: // the turn is a moment away by the other clock
			a.tooEarly.Add(1)
			pause(ctx, 5*time.Millisecond)
		case http.StatusInternalServerError, http.StatusServiceUnavailable:
			a.retries.Add(1)
			pause(ctx, time.Duration(mathrand.Int64N(int64(50*time.Millisecond)<<try)))
		default:
			return w, status
		}
	}
	return w, status
}

// verify looks for what was promised.
func (a *admission) verify(ctx context.Context, store *dynamo.Store, winners []winner) error {
	s := a.rush
	seen := map[claim.Place]bool{}
	for _, w := range winners {
		reg, err := store.ByID(ctx, w.id)
		switch {
		case errors.Is(err, claim.ErrNotFound):
			s.lost++
		case err != nil:
			return err
		case seen[reg.Place]:
			s.double++
		}
		seen[reg.Place] = true
	}
	for n := range a.branches {
		found, err := store.Reconcile(ctx, branchCode(n), a.date)
		if err != nil {
			return err
		}
		s.differences = append(s.differences, found...)
		sessions, err := store.Sessions(ctx, branchCode(n), a.date)
		if err != nil {
			return err
		}
		for _, x := range sessions {
			s.unsold += x.Free
		}
	}
	return nil
}
