package dynamo_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

var histories = flag.Int("histories", 200, "how many seeded histories to check")

// The world of a history: people with two forms each, two sessions of few seats.
const (
	people   = 4
	forms    = 2 * people // form f is of person f/2
	perHalf  = 3
	allSeats = 2 * perHalf // seats 0-2 are of the first session, 3-5 of the second
	clients  = 5
	steps    = 6 // of each client
)

var hours = [2]string{"08:00", "09:00"}

// ask is what a client does. Times are minutes since storetest.Morning.
type ask struct {
	kind    string // book, move, cancel, submit, status, wait; look and count are of the checker
	form    int
	other   bool // the form was sent with another content
	session int
	until   int // the deadline that a booking or move gets
	asOf    int // the clock when the call began
	version int // that the person saw; 0: any
	seat    int // of a look
}

// told is what came back. unknown: an error that leaves open whether it was done.
type told struct {
	err     error
	unknown bool
	status  claim.Status
	seat    int
	version int
	free    int
}

// registered is a form's registration in the model.
type registered struct {
	status  claim.Status
	seat    int
	until   int
	version int
	other   bool
}

// world is the model's state: what is true of seats and claimants, and nothing of how it is stored.
type world struct {
	now   int
	regs  [forms]registered
	opens [allSeats]int // when a seat that was given back can be taken
}

// reopens is when a seat that was given back at a minute can be taken: at the
// next full hour.
func reopens(given int) int { return (given/60 + 1) * 60 }

// bookable tells whether a seat may be taken at a minute.
func (w *world) bookable(seat, now int) bool {
	if h := w.holder(seat); h >= 0 {
		return w.overdue(h) && reopens(w.regs[h].until) <= now
	}
	return w.opens[seat] <= now
}

// given returns the worlds after a seat was given back by a call that read the
// clock at some moment since asOf.
func (w world) given(seat, asOf int) []world {
	var next []world
	for at := reopens(asOf); at <= reopens(w.now); at += 60 {
		w.opens[seat] = at
		next = append(next, w)
	}
	return next
}

func (w *world) overdue(f int) bool {
	return w.regs[f].status == claim.Draft && w.regs[f].until < w.now
}
func (w *world) live(f int) bool { return w.regs[f].status.Live() }

// lapse: a draft whose time has passed may have been ended by anybody, at any
// time; its seat opens as its deadline said.
func (w *world) lapse(f int) {
	w.opens[w.regs[f].seat] = reopens(w.regs[f].until)
	w.regs[f].status = claim.Lapsed
	w.regs[f].version++
}

// holder is the form whose registration holds a seat, -1 for none.
func (w *world) holder(seat int) int {
	for f := range w.regs {
		if w.live(f) && w.regs[f].seat == seat {
			return f
		}
	}
	return -1
}

// take gives a seat to a form's registration; false if somebody holds it, or
// it was given back and its time has not come.
func (w *world) take(f, seat int) bool {
	if !w.bookable(seat, w.now) {
		return false
	}
	if h := w.holder(seat); h >= 0 {
		w.lapse(h)
	}
	w.regs[f].seat = seat
	return true
}

// step is the whole promise of the store: every world that may follow, none if
// the answer was impossible.
func step(state, input, output any) []any {
	w, in, out := state.(world), input.(ask), output.(told)
	if errors.Is(out.err, claim.ErrBusy) {
		return []any{w} // nothing was changed
	}
	if out.unknown {
		return append(w.done(in), w)
	}
	switch in.kind {
	case "wait":
		w.now = in.until
		return []any{w}
	case "look": // a seat that a refusal as full speaks of: somebody else had it at a moment of the call, or it was not open yet
		if h := w.holder(in.seat); h >= 0 && h == in.form || w.bookable(in.seat, in.asOf) {
			return nil
		}
		return []any{w}
	case "count":
		for seat := in.session * perHalf; seat < (in.session+1)*perHalf; seat++ {
			if w.bookable(seat, w.now) {
				out.free--
			}
		}
		if out.free != 0 {
			return nil
		}
		return []any{w}
	case "status":
		return w.shown(in, out)
	}
	if out.err != nil {
		return w.refused(in, out.err)
	}
	if in.kind == "book" && w.live(in.form) { // the same form again: the same place, whatever has happened meanwhile
		if w.regs[in.form].seat != out.seat || w.regs[in.form].other != in.other {
			return nil
		}
		return []any{w}
	}
	var next []any
	for _, x := range w.done(in) {
		if y := x.(world); y.regs[in.form].seat == out.seat || in.kind != "book" && in.kind != "move" {
			next = append(next, x)
		}
	}
	return next
}

// done returns the worlds in which a call has done its work, one for each seat
// that it may have got.
func (w world) done(in ask) []any {
	r := &w.regs[in.form]
	seats := []int{r.seat}
	switch in.kind {
	case "book":
		mate := in.form ^ 1
		if r.status != "" || w.live(mate) && !w.overdue(mate) {
			return nil
		}
		if w.live(mate) {
			w.lapse(mate)
		}
		*r = registered{status: claim.Draft, until: in.until, version: 1, other: in.other, seat: -1}
		seats = seatsOf(in.session)
	case "cancel":
		if !w.live(in.form) || in.version != r.version {
			return nil
		}
		r.status = claim.Cancelled
		r.version++
		return anyOf(w.given(r.seat, in.asOf))
	case "submit", "move":
		// The clock is read once during the call; a step that began in time may end after it.
		if !w.live(in.form) || in.version != r.version || r.status == claim.Draft && r.until < in.asOf {
			return nil
		}
		r.version++
		if in.kind == "submit" {
			if r.status != claim.Draft || r.until == in.asOf { // at the deadline the hold stands, and it is too late to submit
				return nil
			}
			r.status = claim.Submitted
			return []any{w}
		}
		if r.status == claim.Draft {
			r.until = in.until
		}
		seats = seatsOf(in.session)
	}
	var next []any
	for _, seat := range seats {
		x, old := w, r.seat
		if x.holder(seat) == in.form || !x.take(in.form, seat) {
			continue
		}
		if in.kind == "move" {
			next = append(next, anyOf(x.given(old, in.asOf))...)
		} else {
			next = append(next, x)
		}
	}
	return next
}

func anyOf(worlds []world) []any {
	out := make([]any, len(worlds))
	for i, w := range worlds {
		out[i] = w
	}
	return out
}

func seatsOf(session int) []int {
	all := make([]int, perHalf)
	for i := range all {
		all[i] = session*perHalf + i
	}
	return all
}

// refused returns the worlds in which a call may be refused so.
func (w world) refused(in ask, err error) []any {
	r := &w.regs[in.form]
	mate := in.form ^ 1
	ok := false
	switch {
	case errors.Is(err, claim.ErrFull):
		ok = in.kind == "move" || r.status == "" // and a look at each seat
	case errors.Is(err, claim.ErrAlreadyBooked):
		ok = w.live(mate) && !w.overdue(mate)
	case errors.Is(err, claim.ErrKeyReused):
		if w.overdue(in.form) && r.other == in.other {
			w.lapse(in.form)
		}
		ok = r.status != "" && (!w.live(in.form) || r.other != in.other)
	case errors.Is(err, claim.ErrNotFound):
		ok = r.status == ""
	case errors.Is(err, claim.ErrStale):
		if in.version == r.version && w.overdue(in.form) {
			w.lapse(in.form)
		}
		ok = r.status != "" && in.version != r.version
	case errors.Is(err, claim.ErrClosed):
		switch {
		case w.overdue(in.form) && in.kind != "cancel": // refused for the time alone
			ok = true
		case in.kind == "submit":
			ok = r.status != "" && (r.status != claim.Draft || r.until <= w.now)
		default:
			ok = r.status != "" && !w.live(in.form)
		}
		ok = ok && in.version == r.version
	}
	if !ok {
		return nil
	}
	return []any{w}
}

func (w world) shown(in ask, out told) []any {
	r := &w.regs[in.form]
	if errors.Is(out.err, claim.ErrNotFound) {
		if r.status != "" {
			return nil
		}
		return []any{w}
	}
	if out.status == claim.Lapsed && w.overdue(in.form) {
		w.lapse(in.form)
	}
	if out.err != nil || r.status != out.status || r.version != out.version || w.live(in.form) && r.seat != out.seat {
		return nil
	}
	return []any{w}
}

var model = func() porcupine.Model {
	nm := porcupine.NondeterministicModel{Init: func() []any { return []any{world{}} }, Step: step,
		DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v -> %+v", in, out) }}
	return nm.ToModel()
}()

// A counter is what clients press buttons of. Broken variants wrap it.
type counter interface {
	Book(context.Context, claim.Booking) (claim.Registration, error)
	Cancel(ctx context.Context, id string, version int) (claim.Registration, error)
	Submit(ctx context.Context, id string, version int) (claim.Registration, error)
	Move(ctx context.Context, id string, version int, to claim.Place, start, deadline time.Time) (claim.Registration, error)
	ByID(ctx context.Context, id string) (claim.Registration, error)
}

// A history is one seeded run.
type history struct {
	*sim
	seed  uint64
	space int64 // no two runs meet in the store
	date  requirement.Date
	clock *storetest.Clock
	keys  *seal.Keys
	store func(client int) counter

	mu      sync.Mutex
	ops     []porcupine.Operation
	pending []int // operations that may still be under way
}

func minutes(t time.Time) int      { return int(t.Sub(storetest.Morning) / time.Minute) }
func at(minutes int) time.Time     { return storetest.Morning.Add(time.Duration(minutes) * time.Minute) }
func (h *history) moment() int     { return minutes(h.clock.Now()) }
func (h *history) id(f int) string { return h.keys.RegistrationID(h.keys.Code(h.key(f))) }
func (h *history) key(f int) []byte {
	return fmt.Appendf(nil, "%08d-form-%02d", h.space, f)
}

func (h *history) booking(in ask) claim.Booking {
	b := storetest.Booking(0)
	b.Key, b.Digest = h.key(in.form), fmt.Sprintf("%d-%v", in.form, in.other)
	b.Person.NIK = fmt.Sprintf("9901%010d%02d", h.space, in.form/2)
	b.Place.Date, b.Place.Time = h.date, hours[in.session]
	b.Deadline = at(in.until)
	return b
}

func (h *history) seat(p claim.Place) int {
	s := p.Seat - 1
	if p.Time == hours[1] {
		s += perHalf
	}
	return s
}

// client does what a seed says.
func (h *history) client(c int) {
	r := rand.New(rand.NewPCG(h.seed, uint64(10+c)))
	s := h.store(c)
	seen := [forms]int{}
	for range steps {
		f := r.IntN(forms)
		in := ask{form: f, session: r.IntN(2), other: r.IntN(12) == 0}
		kind := r.IntN(20)
		switch {
		case kind < 11:
			in.kind = "book"
			if kind < 4 { // a double tap: the form that another client is sending
				in.form, in.session, in.other = int(h.seed%forms), int(h.seed%2), false
			}
		case kind < 13 || seen[f] == 0:
			in.kind = "status"
		case kind < 15:
			in.kind, in.version = "cancel", seen[f]
		case kind < 17:
			in.kind, in.version = "submit", seen[f]
		case kind < 19:
			in.kind, in.version = "move", seen[f]
		default:
			in.kind = "wait"
		}
		in.until = 30 + 60*r.IntN(2)
		out := h.call(s, c, in)
		if out.version > 0 {
			seen[in.form] = out.version
		}
		if in.kind == "book" && r.IntN(3) > 0 {
			seen[in.form] = h.call(s, c, ask{kind: "status", form: in.form}).version
		}
	}
}

// call does one thing and writes it down.
func (h *history) call(s counter, c int, in ask) told {
	began := h.step(c, func() {
		in.asOf = h.moment()
		in.until += in.asOf
		if in.kind == "wait" {
			h.clock.Move(time.Duration(in.until-in.asOf) * time.Minute)
		}
	})
	out := h.do(s, in)
	h.note(c, in, out, began, h.step(c, nil))
	return out
}

// do sends a form until there is an answer, six times at most; other buttons are pressed once.
func (h *history) do(s counter, in ask) (out told) {
	var reg claim.Registration
	ctx := context.Background()
	switch in.kind {
	case "wait":
		return told{}
	case "book":
		for range 6 {
			if reg, out.err = s.Book(ctx, h.booking(in)); out.err == nil || isRule(out.err) {
				break
			}
		}
	case "cancel":
		reg, out.err = s.Cancel(ctx, h.id(in.form), in.version)
	case "submit":
		reg, out.err = s.Submit(ctx, h.id(in.form), in.version)
	case "move":
		to := h.booking(in).Place
		reg, out.err = s.Move(ctx, h.id(in.form), in.version, to, at(24*60), at(in.until))
	case "status":
		for range 10 {
			if reg, out.err = s.ByID(ctx, h.id(in.form)); out.err == nil || isRule(out.err) {
				break
			}
		}
	}
	out.unknown = out.err != nil && !isRule(out.err)
	out.status, out.version, out.seat = reg.Status, reg.Version, h.seat(reg.Place)
	return out
}

func isRule(err error) bool {
	for _, r := range []error{claim.ErrFull, claim.ErrAlreadyBooked, claim.ErrKeyReused, claim.ErrNotFound, claim.ErrStale, claim.ErrClosed, claim.ErrBusy} {
		if errors.Is(err, r) {
			return true
		}
	}
	return false
}

// note writes a call into the history. "Full" is a look at each seat of the
// session, each at its own moment of the call: the store reads eight keys, and
// promises no more than that.
func (h *history) note(c int, in ask, out told, began, ended int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if out.unknown {
		h.pending = append(h.pending, len(h.ops))
	}
	h.ops = append(h.ops, porcupine.Operation{ClientId: c, Input: in, Output: out, Call: began, Return: ended})
	if !errors.Is(out.err, claim.ErrFull) {
		return
	}
	for _, seat := range seatsOf(in.session) {
		look := ask{kind: "look", form: in.form, seat: seat, asOf: in.asOf}
		if in.kind == "move" {
			look.form = -1
		}
		h.ops = append(h.ops, porcupine.Operation{ClientId: c, Input: look, Output: told{}, Call: began, Return: ended})
	}
}

// String is the history as text, the same for the same seed.
func (h *history) String() string {
	var b strings.Builder
	for _, op := range h.ops {
		in, out := op.Input.(ask), op.Output.(told)
		fmt.Fprintf(&b, "%4d-%-4d client %d %-6s form %d", op.Call, op.Return, op.ClientId, in.kind, in.form)
		switch {
		case out.unknown:
			b.WriteString(" -> no answer\n")
		case out.err != nil:
			fmt.Fprintf(&b, " (session %d, v%d, as of %d) -> %v\n", in.session, in.version, in.asOf, out.err)
		default:
			fmt.Fprintf(&b, " (session %d, v%d, as of %d, until %d) -> %s seat %d v%d free %d\n", in.session, in.version, in.asOf, in.until, out.status, out.seat, out.version, out.free)
		}
	}
	return b.String()
}

// A bench runs histories on two tables; each history has a day and people of its own.
type bench struct {
	table, keysTable string
	keys             *seal.Keys
	engine           string
	runs             atomic.Int64
}

func newBench(t *testing.T) *bench {
	b := &bench{engine: storetest.Engine(t).URL, keys: storetest.Keys(t)}
	b.table, b.keysTable = storetest.Tables(t, storetest.Client(b.engine))
	return b
}

func (b *bench) open(l line, now func() time.Time, seed uint64) *dynamo.Store {
	s := dynamo.New(l.db(), b.table, b.keysTable, func(context.Context) (*seal.Keys, error) { return b.keys, nil })
	r := rand.New(rand.NewPCG(seed, uint64(100+l.client)))
	// Each reading is a millisecond later: two steps of the same moment would be one event.
	s.Now = func() time.Time { return now().Add(time.Duration(l.s.readings.Add(1)) * time.Millisecond) }
	s.Random = r.IntN
	s.Reopening = hourly
	return s
}

// hourly opens seats that were given back at the next full hour.
func hourly(context.Context) (dynamo.Reopening, error) {
	return func(_ claim.Place, given time.Time) time.Time { return at(reopens(minutes(given))) }, nil
}

// A variant is a store that is wrong in one way; the zero variant is the real one.
type variant struct {
	name   string
	broken mutation
	wrap   func(h *history, s *dynamo.Store, c int) counter
	seed   uint64 // of a history that found it out
}

// play runs the history of a seed to its end and then asks what became of everything.
func (b *bench) play(t *testing.T, seed uint64, v variant) *history {
	t.Helper()
	space := b.runs.Add(1)
	h := &history{sim: newSim(b.engine, seed, v.broken), seed: seed, space: space, date: storetest.Tomorrow.AddDays(int(space)),
		clock: storetest.NewClock(storetest.Morning), keys: b.keys}
	plan := claim.DayPlan{Branch: "uji", Date: h.date}
	for _, hour := range hours {
		plan.Sessions = append(plan.Sessions, claim.Session{Channel: requirement.Online, Time: hour, Places: perHalf})
	}
	direct := dynamo.New(storetest.Client(b.engine), b.table, b.keysTable, func(context.Context) (*seal.Keys, error) { return b.keys, nil })
	direct.Now = h.clock.Now
	if err := direct.EnsureDay(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	h.store = func(c int) counter {
		s := b.open(line{h.sim, c}, h.clock.Now, seed)
		if v.wrap != nil {
			return v.wrap(h, s, c)
		}
		return s
	}
	h.run(clients, h.client)
	h.settle(t, direct)
	return h
}

// settle asks, without faults, what became of every form and seat.
func (h *history) settle(t *testing.T, s *dynamo.Store) {
	t.Helper()
	h.stamp++
	for _, i := range h.pending {
		h.ops[i].Return = h.stamp
	}
	tell := func(in ask, out told) {
		h.stamp += 2
		h.note(clients, in, out, h.stamp, h.stamp+1)
	}
	for f := range forms {
		in := ask{kind: "status", form: f}
		tell(in, h.do(s, in))
	}
	h.count(t, s, tell)
	// At the next announced time whatever was given back is there for everybody.
	now := h.moment()
	h.clock.Move(time.Duration(reopens(now)-now) * time.Minute)
	tell(ask{kind: "wait", until: reopens(now)}, told{})
	h.count(t, s, tell)
}

func (h *history) count(t *testing.T, s *dynamo.Store, tell func(ask, told)) {
	t.Helper()
	sessions, err := s.Sessions(t.Context(), "uji", h.date)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range sessions {
		tell(ask{kind: "count", session: map[string]int{hours[0]: 0, hours[1]: 1}[x.Time]}, told{free: x.Free})
	}
}

// check asks the checker for an order of single steps that explains every answer.
func (h *history) check() porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(model, h.ops, 5*time.Second)
}

// Every answer of the store can be explained by single steps in some order
// that keeps to when the calls were made: no seat is given twice, nobody has
// two registrations, a form sent again gets its place again, a seat that was
// given back is nobody's before its announced time, and what is lost on the
// line is done wholly or not at all. Over 200 seeded histories of five
// clients with lost, late and doubled requests, lost replies, throttles,
// conflicts, double taps and a clock that moves.
//
// -seed N runs one history and prints it; -histories N asks for more.
func TestLinearizable(t *testing.T) {
	b := newBench(t)
	if seed, one := storetest.Seed(); one {
		h := b.play(t, seed, variant{})
		t.Logf("-seed %d: %s\n%s", seed, h.check(), h)
		if h.check() != porcupine.Ok {
			t.Fail()
		}
		return
	}
	began := time.Now()
	var mu sync.Mutex
	calls, lost, hits := 0, 0, map[string]int{}
	each(*histories, func(n int) {
		h := b.play(t, uint64(n+1), variant{})
		if got := h.check(); got != porcupine.Ok {
			t.Errorf("-seed %d: %s\n%s", n+1, got, h)
		}
		mu.Lock()
		defer mu.Unlock()
		calls, lost = calls+len(h.ops), lost+h.lost
		for k, v := range h.hit {
			hits[k] += v
		}
	})
	t.Logf("%d histories, %d calls, %d lost lines in %v: %v", *histories, calls, lost, time.Since(began).Round(time.Millisecond), hits)
}

// each runs f for 0 … n-1, four at once.
func each(n int, f func(int)) {
	var wg sync.WaitGroup
	work := make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range work {
				f(i)
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	wg.Wait()
}

// One seed reruns one history, to the letter.
func TestSeedRepeats(t *testing.T) {
	b := newBench(t)
	for _, seed := range []uint64{3, 14, 159} {
		first, second := b.play(t, seed, variant{}), b.play(t, seed, variant{})
		if first.String() != second.String() {
			t.Errorf("seed %d gave two histories:\n%s\n%s", seed, first, second)
		}
	}
}
