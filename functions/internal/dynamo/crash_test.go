package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/crashtest"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// A shop is a store on tables of its own, to which processes come that may die.
type shop struct {
	url, table, keysTable string
	keys                  *seal.Keys
	clock                 *storetest.Clock
	direct                *dynamo.Store // dies never
	reg                   claim.Registration
}

// A deed is what a person, an officer or a job does, once for each
// process that tries it.
type deed struct {
	name  string
	setup func(context.Context, *shop) error
	do    func(context.Context, *dynamo.Store, *shop) error
	// steps: more than one transaction, so it may stop in between.
	steps bool
}

// hall is a branch-day with two places in each of three sessions.
func hall() claim.DayPlan {
	plan := claim.DayPlan{Branch: "uji", Date: storetest.Tomorrow}
	for _, x := range []claim.Session{{Channel: requirement.Online, Time: "08:00"}, {Channel: requirement.Online, Time: "09:00"}, {Channel: requirement.Onsite, Time: "08:00"}} {
		x.Places = 2
		plan.Sessions = append(plan.Sessions, x)
	}
	return plan
}

func openShop(ctx context.Context, t *testing.T, o deed) (*shop, error) {
	w := &shop{url: storetest.Engine(t).URL, keys: storetest.Keys(t), clock: storetest.NewClock(storetest.Morning)}
	db := storetest.Client(w.url)
	w.table, w.keysTable = storetest.Tables(t, db)
	w.direct = w.store(db)
	err := w.direct.EnsureDay(ctx, hall())
	if err == nil && o.setup != nil {
		err = o.setup(ctx, w)
	}
	return w, err
}

func (w *shop) close(ctx context.Context) error {
	var failed error
	for _, name := range []string{w.table, w.keysTable} {
		_, err := storetest.Client(w.url).DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name})
		failed = errors.Join(failed, err)
	}
	return failed
}

func (w *shop) store(db *dynamodb.Client) *dynamo.Store {
	s := dynamo.New(db, w.table, w.keysTable, func(context.Context) (*seal.Keys, error) { return w.keys, nil })
	s.Now = w.clock.Now
	s.Random = func(int) int { return 0 }
	return s
}

// content is everything that is stored, but for what is random by nature.
func (w *shop) content(ctx context.Context) ([]string, error) {
	var all []string
	for _, name := range []string{w.table, w.keysTable} {
		for p := dynamodb.NewScanPaginator(storetest.Client(w.url), &dynamodb.ScanInput{TableName: &name}); p.HasMorePages(); {
			page, err := p.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, it := range page.Items {
				all = append(all, text(it))
			}
		}
	}
	slices.Sort(all)
	return all, nil
}

func text(it map[string]types.AttributeValue) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(it)) {
		switch v := it[name].(type) {
		case *types.AttributeValueMemberS:
			fmt.Fprintf(&b, "%s=%s ", name, v.Value)
		case *types.AttributeValueMemberN:
			fmt.Fprintf(&b, "%s=%s ", name, v.Value)
		case *types.AttributeValueMemberSS:
			fmt.Fprintf(&b, "%s=%v ", name, v.Value)
		default: // sealed, and the wrapped data key
			fmt.Fprintf(&b, "%s ", name)
		}
	}
	return b.String()
}

// A trial plays scripts of a deed, and knows what is stored when nothing
// was done and when everything was.
type trial struct {
	deed
	t            *testing.T
	spread       spread
	before, done []string
}

// script plays one script.
func (x *trial) script(s crashtest.Script) ([]int, error) {
	ctx := context.Background()
	w, err := openShop(ctx, x.t, x.deed)
	if err != nil {
		return nil, fmt.Errorf("setup: %w", err)
	}
	if x.before == nil {
		if x.before, err = w.content(ctx); err != nil {
			return nil, err
		}
	}
	lives := s.Lives
	if s.Returns {
		lives = append(slices.Clone(lives), crashtest.Plan{})
	}
	var made []int
	var answers []error
	for _, p := range lives {
		l := crashtest.Live(ctx, p)
		l.Spread = x.spread
		answers = append(answers, x.do(l.Context(), w.store(l.DB(w.url)), w))
		made = append(made, l.Made())
	}
	return made, errors.Join(x.judge(ctx, w, s, answers), w.close(ctx))
}

// judge says what is wrong with what is stored, and with the last answer.
func (x *trial) judge(ctx context.Context, w *shop, s crashtest.Script, answers []error) error {
	now, err := w.content(ctx)
	if err != nil {
		return err
	}
	if x.done == nil { // the first script, in which nothing happens
		x.done = now
	}
	all := slices.Equal(now, x.done)
	confirmed := slices.ContainsFunc(answers, func(err error) bool { return err == nil })
	switch last := answers[len(answers)-1]; {
	case s.Returns && last != nil && !mayRefuse(last):
		return fmt.Errorf("who came back was answered: %w", last)
	case (s.Returns || confirmed) && !all:
		return fmt.Errorf("not as it should be at the end:\n%s", difference(x.done, now))
	case !all && !x.steps && !slices.Equal(now, x.before):
		return fmt.Errorf("done by half:\n%s", difference(x.before, now))
	}
	return w.agrees(ctx)
}

// agrees says what does not agree with what.
func (w *shop) agrees(ctx context.Context) error {
	differences, err := w.direct.Reconcile(ctx, "uji", storetest.Tomorrow)
	for _, d := range differences {
		err = errors.Join(err, errors.New(d))
	}
	err = errors.Join(err, w.direct.Chains(ctx, func(id string, broken, _ int) error {
		if broken > 0 {
			return fmt.Errorf("registration %s: event %d is broken", id, broken)
		}
		differences, err := w.direct.ReconcileClaim(ctx, id)
		for _, d := range differences {
			err = errors.Join(err, errors.New(d))
		}
		return err
	}))
	due, failed := w.direct.RecapDue(ctx, 100)
	err = errors.Join(err, failed)
	for _, id := range due {
		err = errors.Join(err, w.direct.CountRecap(ctx, id))
	}
	if drift, failed := w.direct.Recount(ctx, "uji", storetest.Tomorrow); len(drift) > 0 || failed != nil {
		err = errors.Join(err, failed, fmt.Errorf("the recap is wrong by %v", drift))
	}
	return err
}

// difference are the lines of two contents that the other does not have.
func difference(want, got []string) string {
	var b strings.Builder
	for _, x := range want {
		if !slices.Contains(got, x) {
			fmt.Fprintf(&b, "  lacks %s\n", x)
		}
	}
	for _, x := range got {
		if !slices.Contains(want, x) {
			fmt.Fprintf(&b, "  has   %s\n", x)
		}
	}
	return b.String()
}

// then does steps one after the other on the shop's registration.
func then(steps ...func(context.Context, *shop) error) func(context.Context, *shop) error {
	return func(ctx context.Context, w *shop) error {
		for _, do := range steps {
			if err := do(ctx, w); err != nil {
				return err
			}
			reg, err := w.direct.Peek(ctx, "uji", w.reg.ID)
			if err != nil {
				return err
			}
			w.reg = reg
		}
		return nil
	}
}

func atPlace(c requirement.Channel) func(context.Context, *shop) error {
	return func(ctx context.Context, w *shop) (err error) {
		b := storetest.Booking(1)
		b.Place.Channel = c
		b.Consents[0].Code = "pengingat"
		w.reg, err = w.direct.Book(ctx, b)
		return err
	}
}

func entering(ctx context.Context, w *shop) (err error) {
	w.reg, err = w.direct.Enter(ctx, entry(1, "08:00"))
	return err
}

var (
	booked = atPlace(requirement.Online)
	onsite = atPlace(requirement.Onsite)
)

func submit(ctx context.Context, w *shop) error {
	_, err := w.direct.Submit(ctx, w.reg.ID, 0)
	return err
}

func takes(o int) func(context.Context, *shop) error {
	return func(ctx context.Context, w *shop) error {
		_, err := w.direct.Take(ctx, officers[o], w.reg.ID)
		return err
	}
}

func decides(o int, d claim.Decision) func(context.Context, *shop) error {
	return func(ctx context.Context, w *shop) error {
		_, err := w.direct.Decide(ctx, officers[o], w.reg.ID, 0, d, rules)
		return err
	}
}

func hoursLater(n int) func(context.Context, *shop) error {
	return func(_ context.Context, w *shop) error {
		w.clock.Move(time.Duration(n) * time.Hour)
		return nil
	}
}

// page is a step of a registration as its page sends it: at the version shown.
func page(do func(ctx context.Context, s *dynamo.Store, id string, version int) (claim.Registration, error)) func(context.Context, *dynamo.Store, *shop) error {
	return func(ctx context.Context, s *dynamo.Store, w *shop) error {
		_, err := do(ctx, s, w.reg.ID, w.reg.Version)
		return err
	}
}

func decision(o int, d claim.Decision) func(context.Context, *dynamo.Store, *shop) error {
	return page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Decide(ctx, officers[o], id, v, d, rules)
	})
}

// atDesk is a step of the desk, which asks for no version.
func atDesk(do func(ctx context.Context, s *dynamo.Store, id string) (claim.Registration, error)) func(context.Context, *dynamo.Store, *shop) error {
	return page(func(ctx context.Context, s *dynamo.Store, id string, _ int) (claim.Registration, error) {
		return do(ctx, s, id)
	})
}

var passed = claim.Document{Slot: "ktp", Upload: strings.Repeat("a", 32), Kind: "ktp", State: claim.DocPassed, VaultKey: "vault/a", Version: "1",
	Created: storetest.Morning, Expires: storetest.Morning.Add(time.Hour)}

func allow(ctx context.Context, w *shop) error {
	doc := passed
	doc.State = claim.DocWaiting
	return w.direct.AllowUpload(ctx, w.reg.ID, doc)
}

var (
	inQueue = then(booked, submit)
	inHand  = then(booked, submit, takes(0))
)

// waiting is how the n-th made-up person joins the wait list of the day.
func waiting(n int) claim.Entry {
	e := entry(n)
	e.Status, e.Rank = claim.Waitlisted, claim.LateRank+n
	return e
}

func onList(ctx context.Context, w *shop) (err error) {
	w.reg, err = w.direct.Enter(ctx, waiting(1))
	return err
}

func firstSeat() claim.Place {
	p := storetest.Booking(1).Place
	p.Seat = 1
	return p
}

func offers(most int) func(context.Context, *shop) error {
	return func(ctx context.Context, w *shop) error {
		_, err := w.direct.Offer(ctx, w.reg.ID, firstSeat(), storetest.Morning.Add(4*time.Hour), most)
		return err
	}
}

// serves is a run of the job of the wait lists.
func serves(ctx context.Context, s *dynamo.Store, _ *shop) error {
	_, err := s.ServeWaits(ctx, waitRoster(), storetest.Tomorrow)
	return err
}

// deeds are every step of booking, submission, call and decision, and
// what the jobs count and end.
var deeds = []deed{
	{"book", nil, func(ctx context.Context, s *dynamo.Store, _ *shop) error {
		_, err := s.Book(ctx, storetest.Booking(1))
		return err
	}, false},
	{"book the seat of a draft that has run out", func(ctx context.Context, w *shop) error {
		for n := 2; n <= 3; n++ {
			reg, err := w.direct.Book(ctx, storetest.Booking(n))
			if err == nil && n == 2 { // one place alone has run out
				_, err = w.direct.Submit(ctx, reg.ID, 0)
			}
			if err != nil {
				return err
			}
		}
		w.clock.Move(23 * time.Hour)
		return nil
	}, func(ctx context.Context, s *dynamo.Store, w *shop) error {
		b := storetest.Booking(1)
		b.Deadline = b.Start.Add(time.Hour)
		_, err := s.Book(ctx, b)
		return err
	}, true},
	{"submit", booked, page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Submit(ctx, id, v)
	}), false},
	{"cancel", inQueue, page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Cancel(ctx, id, v)
	}), false},
	{"move", booked, page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		to := storetest.Booking(1).Place
		to.Time = "09:00"
		return s.Move(ctx, id, v, to, storetest.Morning.Add(25*time.Hour), storetest.Morning.Add(20*time.Hour))
	}), false},
	{"by telephone", booked, page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.SetPhone(ctx, id, v, true)
	}), false},
	{"allow an upload", booked, func(ctx context.Context, s *dynamo.Store, w *shop) error {
		doc := passed
		doc.State = claim.DocWaiting
		err := s.AllowUpload(ctx, w.reg.ID, doc)
		if err != nil && strings.Contains(err.Error(), "ConditionalCheckFailed") {
			return claim.ErrClosed // a page makes an upload of another number each time
		}
		return err
	}, false},
	{"note an inspection", then(booked, allow), func(ctx context.Context, s *dynamo.Store, w *shop) error {
		return s.FinishUpload(ctx, w.reg.ID, passed)
	}, false},
	{"arrive", then(onsite, submit), atDesk(func(ctx context.Context, s *dynamo.Store, id string) (claim.Registration, error) {
		return s.Arrive(ctx, "claimant", id)
	}), false},
	{"papers", onsite, page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.AcceptPaper(ctx, officers[0], id, v)
	}), false},
	{"take", inQueue, atDesk(func(ctx context.Context, s *dynamo.Store, id string) (claim.Registration, error) {
		return s.Take(ctx, officers[0], id)
	}), false},
	{"hand over", inHand, atDesk(func(ctx context.Context, s *dynamo.Store, id string) (claim.Registration, error) {
		return s.HandOver(ctx, "ani", "ani", officers[1], id)
	}), false},
	{"give back", inHand, atDesk(func(ctx context.Context, s *dynamo.Store, id string) (claim.Registration, error) {
		return s.Leave(ctx, officers[0], id, claim.Arrived)
	}), false},
	{"did not come", inHand, atDesk(func(ctx context.Context, s *dynamo.Store, id string) (claim.Registration, error) {
		return s.Leave(ctx, officers[0], id, claim.Absent)
	}), false},
	{"approve", inHand, decision(0, approve), false},
	{"propose", inHand, decision(0, large), false},
	{"approve as the second", then(inHand, decides(0, large)), decision(1, approve), false},
	{"return a proposal", then(inHand, decides(0, large)), decision(1, claim.Decision{Action: claim.ActReturn}), false},
	{"refuse", inHand, decision(0, refuse), false},
	{"postpone", inHand, decision(0, postpone), false},
	{"mend", then(inHand, decides(0, postpone)), page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Mend(ctx, id, v, storetest.Morning.Add(48*time.Hour))
	}), false},
	{"resume", then(inHand, decides(0, postpone)), page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Resume(ctx, officers[1], id, v)
	}), false},
	{"cancel what is postponed", then(inHand, decides(0, postpone)), page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Cancel(ctx, id, v)
	}), false},
	{"reopen", then(inHand, decides(0, refuse)), page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Reopen(ctx, officers[1], id, v, "berkas-kurang")
	}), false},
	{"lapse", then(booked, hoursLater(23)), func(ctx context.Context, s *dynamo.Store, _ *shop) error {
		_, err := s.LapseDue(ctx, "uji", storetest.Tomorrow)
		return err
	}, false},
	{"move for the branch", inQueue, func(ctx context.Context, s *dynamo.Store, w *shop) error {
		to := storetest.Booking(1).Place
		to.Time = "09:00"
		_, err := s.MoveFor(ctx, claim.Desk{Branch: "uji"}, w.reg.ID, w.reg.Version, to, storetest.Morning.Add(25*time.Hour))
		return err
	}, false},
	{"leftover", then(inQueue, hoursLater(48)), func(ctx context.Context, s *dynamo.Store, _ *shop) error {
		_, err := s.Leftover(ctx, "uji", storetest.Tomorrow)
		return err
	}, false},
	{"remind", inQueue, func(ctx context.Context, s *dynamo.Store, w *shop) error {
		_, err := s.Remind(ctx, w.reg.ID)
		return err
	}, false},
	{"count for the recap", then(inHand, decides(0, approve)), func(ctx context.Context, s *dynamo.Store, w *shop) error {
		return s.CountRecap(ctx, w.reg.ID)
	}, false},
	{"count for the recap again", then(inHand, decides(0, refuse), func(ctx context.Context, w *shop) error { return w.direct.CountRecap(ctx, w.reg.ID) },
		func(ctx context.Context, w *shop) error {
			_, err := w.direct.Reopen(ctx, officers[1], w.reg.ID, 0, "berkas-kurang")
			return err
		}), func(ctx context.Context, s *dynamo.Store, w *shop) error {
		return s.CountRecap(ctx, w.reg.ID)
	}, false},
	{"count for the results", then(inHand, decides(0, approve)), func(ctx context.Context, s *dynamo.Store, w *shop) error {
		_, err := s.Tally(ctx, w.reg.ID)
		return err
	}, true},
	{"enter a draw", nil, func(ctx context.Context, s *dynamo.Store, _ *shop) error {
		_, err := s.Enter(ctx, entry(1, "08:00"))
		return err
	}, false},
	{"get a place by draw", entering, func(ctx context.Context, s *dynamo.Store, w *shop) error {
		b := storetest.Booking(1)
		_, err := s.Award(ctx, w.reg.ID, 0, b.Place, 0, b.Start, b.Deadline)
		return err
	}, false},
	{"wait for a place", entering, func(ctx context.Context, s *dynamo.Store, w *shop) error {
		_, err := s.Wait(ctx, w.reg.ID, 7)
		return err
	}, true}, // first the day notes that it has a wait list
	{"leave a draw", entering, page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Cancel(ctx, id, v)
	}), false},
	{"join the wait list", nil, func(ctx context.Context, s *dynamo.Store, _ *shop) error {
		_, err := s.Enter(ctx, waiting(1))
		return err
	}, true},
	{"offer", onList, func(ctx context.Context, s *dynamo.Store, w *shop) error {
		_, err := s.Offer(ctx, w.reg.ID, firstSeat(), storetest.Morning.Add(4*time.Hour), 2)
		return err
	}, false},
	{"accept an offer", then(onList, offers(2)), page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Accept(ctx, id, v, storetest.Morning.Add(22*time.Hour))
	}), false},
	{"decline an offer", then(onList, offers(2)), page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Decline(ctx, id, v)
	}), false},
	{"decline the last offer", then(onList, offers(1)), page(func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Decline(ctx, id, v)
	}), false},
	{"an offer runs out", then(onList, offers(2), hoursLater(5)), serves, true},
	{"waiting ends", then(onList, hoursLater(30)), serves, true},
	{"make the seats", nil, func(ctx context.Context, s *dynamo.Store, _ *shop) error {
		plan := hall()
		plan.Sessions[0].Places, plan.Sessions[1].Places = 3, 1
		return s.EnsureDay(ctx, plan)
	}, true},
}

// Every step of a claim is done wholly or not at all, whichever of its
// requests the process dies at, before or after, and whichever request or
// reply is lost; whoever comes back finds it done once. Nothing confirmed is
// lost, nothing is doubled: what is stored is, item by item, what it is after
// a run in which nothing happened. Of pairs of faults, with somebody who comes
// back twice, one in sixty-four is played; -full plays all.
func TestEveryCrashPoint(t *testing.T) {
	oneIn, total := 64, crashtest.Report{}
	if storetest.Full() {
		oneIn = 1
	}
	seed, _ := storetest.Seed()
	began := time.Now()
	for _, o := range deeds {
		t.Run(o.name, func(t *testing.T) {
			x := &trial{deed: o, t: t}
			r := crashtest.Scripts(x.script, oneIn, seed)
			for _, err := range r.Wrong {
				t.Errorf("%v (-seed %d)", err, seed)
			}
			if r.Requests == 0 || r.Played < 7 {
				t.Errorf("this shows nothing: %v", r)
			}
			total.Requests, total.Played, total.LeftOut = total.Requests+r.Requests, total.Played+r.Played, total.LeftOut+r.LeftOut
		})
	}
	t.Logf("%d deeds: %v in %v", len(deeds), total, time.Since(began).Round(time.Millisecond))
}
