package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lapakasik/functions/draw/lot"
	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/objects"
	"lapakasik/functions/schedule"
	"lapakasik/site/requirement"
)

// drawDay is the day of the places; its window is from 27 November, 08.00, to
// 1 December, 20.00 at the branch.
const drawDay requirement.Date = "2026-12-07"

// drawing is a world with one office of three places on drawDay, by draw.
type drawing struct {
	world
	branch *requirement.Branch
	files  *bucket.Draws
}

// startDrawing makes it at an office of a zone, behind a proxy if url is given.
func startDrawing(t testing.TB, set *requirement.Set, files *bucket.Draws, zone string, url ...string) drawing {
	t.Helper()
	w := drawing{world: world{store: storetest.New(t, url...), clock: storetest.NewClock(storetest.Morning), log: &apptest.Log{}}, files: files}
	own := *set
	own.Branches = []requirement.Branch{{Code: "uji", Name: "Kantor Uji", Zone: zone, Bookable: true, Desks: map[requirement.Channel]requirement.Desk{
		requirement.Online: {Officers: 1, Places: 1, Open: "08:00", Close: "09:30", Minutes: 30, Days: []int{1, 2, 3, 4, 5}}}}}
	own.Booking.Opening.Pace = 200
	w.set, w.branch = &own, &own.Branches[0]
	w.store.Now = w.clock.Now
	w.Service = &schedule.Service{Store: w.store, Sets: sets{w.set}, Published: files, Log: parts.Logger(w.log), Now: w.clock.Now}
	by := claim.Desk{Officer: strings.Repeat("a", 32), Branch: "uji"}
	if _, err := w.store.SaveTimetable(context.Background(), by, claim.Timetable{Days: []claim.DayRule{{From: drawDay, To: drawDay, Mode: requirement.Ballot}}}); err != nil {
		t.Fatal(err)
	}
	return w
}

// announced is a draw of an office in WIB on the morning when it was announced.
func announced(t *testing.T) drawing {
	t.Helper()
	w := startDrawing(t, apptest.Content(t, "../.."), published(t), "WIB")
	w.at(t, "2026-11-25", "08:00")
	w.job(t)
	return w
}

// published is a bucket for the files of draws.
func published(t *testing.T) *bucket.Draws {
	t.Helper()
	g := objects.Test(t, objects.Options{})
	if err := g.MakeBucket(t.Context(), "situs"); err != nil {
		t.Fatal(err)
	}
	return bucket.NewDraws(g.Client(), "situs")
}

func (w drawing) at(t testing.TB, d requirement.Date, clock string) {
	t.Helper()
	moment, err := w.branch.At(d, clock)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Move(moment.Sub(w.clock.Now()))
}

func (w drawing) job(t testing.TB) {
	t.Helper()
	if err := w.Handle(context.Background(), schedule.Event{Job: "draw"}); err != nil {
		t.Fatal(err)
	}
}

func (w drawing) draw(t testing.TB) claim.Draw {
	t.Helper()
	d, err := w.store.Draw(context.Background(), "uji", drawDay, requirement.Online)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// join enters the n-th made-up person from a device.
func (w drawing) join(n int, device string, wishes ...string) (claim.Registration, error) {
	d, err := w.store.Draw(context.Background(), "uji", drawDay, requirement.Online)
	if err != nil {
		return claim.Registration{}, err
	}
	e := claim.Entry{Booking: storetest.Booking(n), Status: claim.Entered, Wishes: wishes, From: d.Opens, Until: d.Closes}
	e.Key = []byte((device + fmt.Sprint("-", n, "----------------"))[:16])
	e.Place = claim.Place{Branch: "uji", Channel: requirement.Online, Date: drawDay}
	e.Deadline = d.Closes.Add(6 * 24 * time.Hour)
	return w.store.Enter(context.Background(), e)
}

func (w drawing) value(t testing.TB, value string) {
	t.Helper()
	for _, who := range []string{"b", "c"} {
		if _, err := w.store.EnterValue(context.Background(), claim.Desk{Officer: strings.Repeat(who, 32), Branch: "uji"}, drawDay, requirement.Online, value); err != nil {
			t.Fatal(err)
		}
	}
}

func (w drawing) result(t testing.TB) lot.Result {
	t.Helper()
	b, err := w.files.Read(context.Background(), w.draw(t).Name())
	if err != nil {
		t.Fatal(err)
	}
	r, err := lot.Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(); err != nil {
		t.Fatal(err)
	}
	return r
}

// A draw from its announcement to the last rank.
func TestDraw(t *testing.T) {
	w := startDrawing(t, apptest.Content(t, "../.."), published(t), "WIB")
	w.job(t)
	if _, err := w.store.Draw(t.Context(), "uji", drawDay, requirement.Online); !errors.Is(err, claim.ErrNotFound) {
		t.Errorf("announced too early: %v", err)
	}
	w.at(t, "2026-11-25", "08:00")
	w.job(t)
	d := w.draw(t)
	if opens, _ := w.branch.At("2026-11-27", "08:00"); !d.Opens.Equal(opens) || d.Commitment == "" || d.Seed != "" {
		t.Errorf("announced as %+v", d)
	}
	if w.job(t); w.draw(t).Commitment != d.Commitment {
		t.Error("another run commits to another seed")
	}
	if _, err := w.join(1, "ponsel"); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("joined before the window: %v", err)
	}
	w.at(t, "2026-11-27", "08:00")
	regs := map[string]claim.Registration{}
	for n := range 6 {
		reg, err := w.join(n, "ponsel")
		if err != nil {
			t.Fatal(err)
		}
		regs[reg.Ticket] = reg
	}
	gone, err := w.join(6, "ponsel")
	if err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-12-01", "20:00")
	if _, err := w.join(7, "ponsel"); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("joined after the window: %v", err)
	}
	if w.job(t); w.draw(t).State != claim.DrawCommitted {
		t.Error("the list is closed while somebody may still be writing")
	}
	w.clock.Move(schedule.Grace)
	w.job(t)
	if d = w.draw(t); d.State != claim.DrawClosed || d.Entries != 7 || len(d.Sessions) != 3 {
		t.Errorf("closed as %+v", d)
	}
	if w.job(t); w.draw(t).State != claim.DrawClosed {
		t.Error("drawn without a public value")
	}
	if _, err := w.store.Cancel(t.Context(), gone.ID, 0); err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-12-02", "17:00")
	w.value(t, "7123.45")
	w.job(t)
	d = w.draw(t)
	if d.State != claim.DrawDone || d.Settled != 7 {
		t.Errorf("ends as %+v", d)
	}
	r := w.result(t)
	for i, p := range r.Places {
		if p.Ticket == gone.Ticket {
			continue
		}
		reg, err := w.store.ByID(t.Context(), regs[p.Ticket].ID)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case p.Time != "" && (reg.Status != claim.Draft || reg.Place.Time != p.Time || reg.Rank != i+1 || reg.Deadline.Sub(w.clock.Now()) != 24*time.Hour):
			t.Errorf("rank %d won %s and is %s at %s until %s", i+1, p.Time, reg.Status, reg.Place.Time, reg.Deadline)
		case p.Time == "" && (reg.Status != claim.Waitlisted || reg.Rank != i+1):
			t.Errorf("rank %d is %s with rank %d", i+1, reg.Status, reg.Rank)
		}
	}
	w.agree(t)
}

func (w drawing) agree(t testing.TB) {
	t.Helper()
	differences, err := w.store.Reconcile(context.Background(), "uji", drawDay)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Error(d)
	}
}

// Where nobody joined there is no value to wait for: the places are open to all
// once the list is closed.
func TestDrawOfNobody(t *testing.T) {
	w := announced(t)
	w.at(t, "2026-12-01", "20:00")
	w.clock.Move(schedule.Grace)
	w.job(t)
	d := w.draw(t)
	if d.At(w.clock.Now()) != claim.DrawOver || d.StateName(w.clock.Now()) != "kosong" || d.ListDigest == "" {
		t.Errorf("a draw in which nobody is ends as %+v, %s; want its places to be booked by anybody", d, d.StateName(w.clock.Now()))
	}
	b := storetest.Booking(1)
	b.Place = claim.Place{Branch: "uji", Channel: requirement.Online, Date: drawDay, Time: "08:00"}
	if _, err := w.store.Book(t.Context(), b); err != nil {
		t.Errorf("booking a place that nobody wanted: %v", err)
	}
}

// A wish for a time that the branch has no longer at the close, or of which
// every place is taken by then, gives none; the result is right all the same.
func TestDrawOfATimeThatIsGone(t *testing.T) {
	w := announced(t)
	taken := storetest.Booking(9)
	taken.Place = claim.Place{Branch: "uji", Channel: requirement.Online, Date: drawDay, Time: "08:30"}
	if err := w.store.EnsureDay(t.Context(), (claim.Timetable{}).Plan(w.branch, drawDay, nil)); err != nil {
		t.Fatal(err)
	}
	taken.Deadline = taken.Deadline.AddDate(0, 1, 0)
	if _, err := w.store.Book(t.Context(), taken); err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-11-27", "08:00")
	for n, wish := range []string{"11:00", "08:30", "08:00"} {
		if _, err := w.join(n, "ponsel", wish); err != nil {
			t.Fatal(err)
		}
	}
	w.at(t, "2026-12-01", "21:00")
	w.job(t)
	w.value(t, "7123.45")
	w.job(t)
	w.served(t, 3)
	want := []lot.Session{{Time: "08:00", Places: 1}, {Time: "08:30", Places: 0}, {Time: "09:00", Places: 1}, {Time: "11:00", Places: 0}}
	if r := w.result(t); !slices.Equal(r.Sessions, want) {
		t.Errorf("places %v; want %v", r.Sessions, want)
	}
}

// The window is that of the branch's zone, to the second by the server's
// clock; two seconds of difference between two functions change nothing more.
func TestDrawWindow(t *testing.T) {
	set, files := apptest.Content(t, "../.."), published(t)
	for _, zone := range []string{"WIB", "WITA", "WIT"} {
		w := startDrawing(t, set, files, zone)
		w.at(t, "2026-11-26", "07:00")
		w.job(t)
		for i, tt := range []struct {
			date  requirement.Date
			clock string
			move  time.Duration
			want  error
		}{
			{"2026-11-27", "08:00", -time.Second, claim.ErrClosed},
			{"2026-11-27", "08:00", 0, nil},
			{"2026-12-01", "20:00", -time.Second, nil},
			{"2026-12-01", "20:00", 0, claim.ErrClosed},
		} {
			w.at(t, tt.date, tt.clock)
			w.clock.Move(tt.move)
			if _, err := w.join(i, "a"); !errors.Is(err, tt.want) {
				t.Errorf("%s: %s %s %v: %v; want %v", zone, tt.date, tt.clock, tt.move, err, tt.want)
			}
		}
		// A function whose clock is two seconds behind still writes in time.
		slow := func() time.Time { return w.clock.Now().Add(-2 * time.Second) }
		w.clock.Move(time.Second)
		w.store.Now = slow
		late, err := w.join(9, "a")
		w.store.Now = w.clock.Now
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Move(schedule.Grace)
		w.job(t)
		w.value(t, "1")
		w.job(t)
		if rank, _ := w.result(t).Find(late.Ticket); rank == 0 {
			t.Errorf("%s: who pressed in time by a slow clock is not in the list", zone)
		}
	}
}

// Given who has joined, nothing else matters: not the order, not the moment,
// not how often or from how many devices somebody tried.
func TestJoiningIsWorthTheSame(t *testing.T) {
	set, files := apptest.Content(t, "../.."), published(t)
	rapid.Check(t, func(r *rapid.T) {
		people := rapid.IntRange(1, 9).Draw(r, "people")
		wishes := make([][]string, people)
		for n := range wishes {
			wishes[n] = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"08:00", "08:30", "09:00"}), 0, 2, rapid.ID).Draw(r, "wishes")
		}
		nonce := fmt.Sprintf("%032x", rapid.Uint64().Draw(r, "nonce"))
		var results [2]string
		for run := range results {
			w := startDrawing(t, set, files, "WIB")
			w.at(t, "2026-11-25", "08:00")
			w.commit(t, nonce)
			w.at(t, "2026-11-27", "08:00")
			for _, n := range rapid.Permutation(slices.Collect(seq(people))).Draw(r, "arrival") {
				first, err := w.join(n, "ponsel", wishes[n]...)
				if err != nil {
					t.Fatal(err)
				}
				for range rapid.IntRange(0, 2).Draw(r, "taps") {
					if again, err := w.join(n, "ponsel", wishes[n]...); err != nil || again.Ticket != first.Ticket {
						r.Fatalf("the same form again: ticket %s, %v; want %s", again.Ticket, err, first.Ticket)
					}
				}
				for i := range rapid.IntRange(0, 2).Draw(r, "devices") {
					if _, err := w.join(n, fmt.Sprint("lain", i)); !errors.Is(err, claim.ErrAlreadyBooked) {
						r.Fatalf("from another device: %v", err)
					}
				}
				w.clock.Move(time.Duration(rapid.IntRange(0, 10*3600).Draw(r, "pause")) * time.Second)
			}
			w.at(t, "2026-12-01", "20:00")
			w.clock.Move(schedule.Grace)
			w.job(t)
			w.value(t, "7123.45")
			w.job(t)
			results[run] = fmt.Sprint(w.result(t).Places)
			w.agree(t)
		}
		if results[0] != results[1] {
			r.Fatalf("another arrival, another result:\n%s\n%s", results[0], results[1])
		}
	})
}

// commit announces the draw with a nonce that is not random, so that two worlds have the same seed.
func (w drawing) commit(t testing.TB, nonce string) {
	t.Helper()
	opens, closes, err := claim.Window(w.branch, drawDay, w.set.Booking.Opening)
	if err != nil {
		t.Fatal(err)
	}
	d := claim.Draw{Branch: "uji", Channel: requirement.Online, Date: drawDay, Opens: opens, Closes: closes, Nonce: nonce, Source: w.set.Booking.Opening.Source}
	seed, err := w.store.DrawSeed(context.Background(), d)
	if err == nil {
		d.Commitment, err = lot.Commitment(seed)
	}
	if err == nil {
		_, err = w.store.AnnounceDraw(context.Background(), d)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// A crashing proxy ends the run, as a function that is stopped, at its n-th
// write: before the engine hears of it, or after, with the answer lost.
type crashing struct {
	url    string
	engine string
	writes atomic.Int64
	at     atomic.Int64
	after  atomic.Bool
	stop   atomic.Pointer[context.CancelFunc]
}

func newCrashing(t testing.TB) *crashing {
	p := &crashing{engine: storetest.Engine(t).URL}
	srv := httptest.NewServer(p)
	t.Cleanup(srv.Close)
	p.url = srv.URL
	return p
}

func (p *crashing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	target := r.Header.Get("X-Amz-Target")
	write := strings.HasSuffix(target, "TransactWriteItems") || strings.HasSuffix(target, "PutItem") || strings.HasSuffix(target, "UpdateItem")
	hit := write && p.at.Load() > 0 && p.writes.Add(1) == p.at.Load()
	if hit && !p.after.Load() {
		(*p.stop.Load())()
		return
	}
	req, err := http.NewRequestWithContext(context.Background(), r.Method, p.engine+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return
	}
	req.Header = r.Header
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return
	}
	defer res.Body.Close()
	if hit {
		(*p.stop.Load())()
		return
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

// Whichever write of announcing, closing, drawing or giving places is the last
// before a run is stopped, the next runs end as one undisturbed run does.
func TestDrawCrashPoints(t *testing.T) {
	set, files := apptest.Content(t, "../.."), published(t)
	proxy := newCrashing(t)
	const people = 5
	points := 0
	for n := int64(1); ; n++ {
		reached := false
		for _, after := range []bool{false, true} {
			w := startDrawing(t, set, files, "WIB", proxy.url)
			proxy.writes.Store(0)
			proxy.after.Store(after)
			hit := false
			job := func() {
				ctx, cancel := context.WithCancel(t.Context())
				proxy.stop.Store(&cancel)
				proxy.at.Store(n)
				err := w.Handle(ctx, schedule.Event{Job: "draw"})
				proxy.at.Store(0)
				if ctx.Err() != nil {
					hit = true
				} else if err != nil {
					t.Fatal(err)
				}
				cancel()
				w.job(t)
				if hit {
					proxy.writes.Store(1 << 40)
				}
			}
			w.at(t, "2026-11-25", "08:00")
			job()
			w.at(t, "2026-11-27", "08:00")
			for i := range people {
				if _, err := w.join(i, "ponsel"); err != nil {
					t.Fatal(err)
				}
			}
			w.at(t, "2026-12-01", "21:00")
			job()
			w.value(t, "7123.45")
			job()
			if d := w.draw(t); d.State != claim.DrawDone || d.Settled != people {
				t.Errorf("write %d, after %v: ends as %+v", n, after, d)
			}
			w.served(t, people)
			reached = reached || hit
			if hit {
				points++
			}
		}
		if !reached {
			break
		}
	}
	t.Logf("%d crash points", points)
	if points < 20 {
		t.Errorf("only %d crash points; the proxy sees no writes", points)
	}
}

// served holds everybody's registration against the published result.
func (w drawing) served(t testing.TB, people int) {
	t.Helper()
	r := w.result(t)
	if len(r.Places) != people {
		t.Errorf("%d ranks; want %d", len(r.Places), people)
	}
	for n := range people {
		e, err := w.join(n, "ponsel") // the same form again says what became of it
		if err != nil {
			t.Fatal(err)
		}
		rank, time := r.Find(e.Ticket)
		if time != "" && (e.Status != claim.Draft || e.Place.Time != time || e.Rank != rank) || time == "" && (e.Status != claim.Waitlisted || e.Rank != rank) {
			t.Errorf("rank %d got %q and is %s at %q, rank %d", rank, time, e.Status, e.Place.Time, e.Rank)
		}
		if broken, err := w.store.VerifyEvents(context.Background(), e.ID); broken != 0 || err != nil {
			t.Errorf("events of rank %d: broken at %d, %v", rank, broken, err)
		}
	}
	w.agree(t)
}

// Any number of runs at once give every place once.
func TestDrawRunsAtOnce(t *testing.T) {
	w := startDrawing(t, apptest.Content(t, "../.."), published(t), "WIB")
	const people, runs = 12, 4
	at := func() {
		var wg sync.WaitGroup
		for range runs {
			wg.Go(func() {
				if err := w.Handle(context.Background(), schedule.Event{Job: "draw"}); err != nil && !errors.Is(err, claim.ErrBusy) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	w.at(t, "2026-11-25", "08:00")
	at()
	w.at(t, "2026-11-27", "08:00")
	for n := range people {
		if _, err := w.join(n, "ponsel"); err != nil {
			t.Fatal(err)
		}
	}
	w.at(t, "2026-12-01", "21:00")
	at()
	w.value(t, "7123.45")
	at()
	w.job(t)
	w.served(t, people)
}

// One person alone cannot set the value, and the second must enter the same.
func TestPublicValue(t *testing.T) {
	w := startDrawing(t, apptest.Content(t, "../.."), published(t), "WIB")
	enter := func(who, value string) error {
		_, err := w.store.EnterValue(t.Context(), claim.Desk{Officer: strings.Repeat(who, 32), Branch: "uji"}, drawDay, requirement.Online, value)
		return err
	}
	w.at(t, "2026-11-25", "08:00")
	w.job(t)
	if err := enter("b", "1"); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("before the close: %v", err)
	}
	w.at(t, "2026-11-27", "08:00")
	if _, err := w.join(1, "ponsel"); err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-12-01", "21:00")
	w.job(t)
	for i, tt := range []struct {
		who, value string
		want       error
	}{
		{"b", "7123.54", nil}, {"b", "7123.54", claim.ErrSecondPerson}, {"c", "7123.45", claim.ErrStale},
		{"b", "7123.45", nil}, {"c", "7123.45", nil}, {"c", "9", claim.ErrClosed}, {"b", "9", claim.ErrClosed},
	} {
		if err := enter(tt.who, tt.value); !errors.Is(err, tt.want) {
			t.Errorf("%d: %s enters %s: %v; want %v", i, tt.who, tt.value, err, tt.want)
		}
	}
	if d := w.draw(t); d.Value != "7123.45" || d.Entered[0] != 'b' || d.Confirmed[0] != 'c' {
		t.Errorf("value %+v", d)
	}
	acts, err := w.store.Acts(t.Context(), strings.Repeat("c", 32), requirement.DateOf(w.clock.Now()))
	if err != nil || len(acts) != 1 || acts[0].Action != "draw-confirm" {
		t.Errorf("what the second person did: %v, %v", acts, err)
	}
}

// told finds that the newest message owed to a registration is of a kind.
func (w drawing) told(t testing.TB, id string, want claim.Message) {
	t.Helper()
	var last claim.Message
	for {
		due, err := w.store.LettersDue(context.Background(), 100)
		if err != nil {
			t.Fatal(err)
		}
		sent := 0
		for _, l := range due {
			if l.Registration != id {
				continue
			}
			last = l.Kind
			if err := w.store.LetterSent(context.Background(), l, "uji"); err != nil {
				t.Fatal(err)
			}
			sent++
		}
		if sent == 0 {
			break
		}
	}
	if last != want {
		t.Errorf("told %q last; want %q", last, want)
	}
}

// Nobody is kept by a draw that never came: the day after, entries are over.
func TestDrawThatNeverCame(t *testing.T) {
	w := announced(t)
	w.at(t, "2026-11-27", "08:00")
	reg, err := w.join(1, "ponsel")
	if err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-12-08", "08:00")
	w.job(t)
	if got, err := w.store.ByID(t.Context(), reg.ID); err != nil || got.Status != claim.Lapsed {
		t.Errorf("ends as %s, %v", got.Status, err)
	}
	if d := w.draw(t); d.StateName(w.clock.Now()) != "gagal" {
		t.Errorf("the draw is %s", d.StateName(w.clock.Now()))
	}
	w.told(t, reg.ID, claim.MsgDrawOver)
	w.agree(t)
}

// A draw whose public value nobody enters calls somebody a day before it is too
// late, and then ends: who is in it is told and may book again, and the places
// are open to all, two days before the day.
func TestDrawWithoutValue(t *testing.T) {
	w := announced(t)
	w.at(t, "2026-11-27", "08:00")
	reg, err := w.join(1, "ponsel")
	if err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-12-01", "21:00")
	w.job(t)
	w.at(t, "2026-12-04", "07:59")
	if w.job(t); strings.Contains(w.log.String(), `"level":"ERROR"`) {
		t.Errorf("somebody is called too early: %s", w.log)
	}
	w.at(t, "2026-12-04", "08:00")
	w.job(t)
	w.job(t)
	line := `"level":"ERROR","msg":"` + schedule.Overdue + `","job":"draw","state":"uji-2026-12-07-online","count":1`
	if n := strings.Count(w.log.String(), line); n != 2 {
		t.Errorf("two runs call %d times: %s", n, w.log)
	}
	w.at(t, "2026-12-05", "07:59")
	w.job(t)
	if got, err := w.store.ByID(t.Context(), reg.ID); err != nil || got.Status != claim.Entered {
		t.Errorf("in time for a value the entry is %s, %v", got.Status, err)
	}
	w.at(t, "2026-12-05", "08:00")
	w.job(t)
	d := w.draw(t)
	if d.StateName(w.clock.Now()) != "gagal" || d.At(w.clock.Now()) != claim.DrawOver {
		t.Errorf("ends as %+v", d)
	}
	if got, err := w.store.ByID(t.Context(), reg.ID); err != nil || got.Status != claim.Lapsed {
		t.Errorf("the entry ends as %s, %v", got.Status, err)
	}
	w.told(t, reg.ID, claim.MsgDrawOver)
	if _, err := w.store.EnterValue(t.Context(), claim.Desk{Officer: strings.Repeat("b", 32), Branch: "uji"}, drawDay, requirement.Online, "7123.45"); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("a value after the end: %v", err)
	}
	again := storetest.Booking(1) // the same person
	again.Key = []byte("once more, later")
	again.Place = claim.Place{Branch: "uji", Channel: requirement.Online, Date: drawDay, Time: "08:00"}
	again.Deadline = w.clock.Now().Add(24 * time.Hour)
	if _, err := w.store.Book(t.Context(), again); err != nil {
		t.Errorf("booking a place of the draw that ended: %v", err)
	}
	w.job(t)
	w.agree(t)
}

// A value that comes in the last minute still counts, and one that was
// confirmed while the job wanted to end the draw too.
func TestValueInTheLastMinute(t *testing.T) {
	w := announced(t)
	w.at(t, "2026-11-27", "08:00")
	if _, err := w.join(0, "ponsel"); err != nil {
		t.Fatal(err)
	}
	w.at(t, "2026-12-01", "21:00")
	w.job(t)
	seen := w.draw(t)
	w.at(t, "2026-12-05", "07:59")
	w.value(t, "7123.45")
	if d, err := w.store.VoidDraw(t.Context(), seen); err != nil || d.State != claim.DrawClosed {
		t.Errorf("a draw with a value is ended: %+v, %v", d, err)
	}
	w.at(t, "2026-12-05", "08:01")
	w.job(t)
	if d := w.draw(t); d.State != claim.DrawDone || d.Seed == "" {
		t.Errorf("ends as %+v", d)
	}
	w.served(t, 1)
}
