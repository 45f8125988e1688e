package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

var rules = &requirement.Deciding{MendDays: 7, MendDaysMax: 30, TwoPeopleAbove: 50_000_000, Reasons: []requirement.DecisionReason{
	{Code: "berkas-kurang", Refuse: true, Postpone: true}, {Code: "masa-tunggu", Refuse: true}}}

var officers = []claim.Desk{{Officer: "ani", Branch: "uji", Counter: "1", Limit: 6}, {Officer: "bayu", Branch: "uji", Counter: "2", Limit: 6}}

// submitted books and submits the n-th claim.
func submitted(t *testing.T, s *dynamo.Store, n int) claim.Registration {
	t.Helper()
	reg, err := s.Book(t.Context(), storetest.Booking(n))
	if err != nil {
		t.Fatal(err)
	}
	if reg, err = s.Submit(t.Context(), reg.ID, reg.Version); err != nil {
		t.Fatal(err)
	}
	return reg
}

func desk(t *testing.T, places int) *dynamo.Store {
	t.Helper()
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	if err := s.EnsureDay(t.Context(), storetest.Plan(places)); err != nil {
		t.Fatal(err)
	}
	return s
}

var (
	approve  = claim.Decision{Action: claim.ActApprove, Sum: 1_000_000}
	refuse   = claim.Decision{Action: claim.ActRefuse, Reasons: []string{"masa-tunggu"}}
	postpone = claim.Decision{Action: claim.ActPostpone, Reasons: []string{"berkas-kurang"}, Mend: []string{"ktp"}, Until: "2026-12-02"}
	large    = claim.Decision{Action: claim.ActApprove, Sum: 50_000_001}
)

// Every way through the desk ends where the table says, with the lock closed
// exactly when the claim has ended, and the audit trail whole.
func TestDecisions(t *testing.T) {
	type step func(context.Context, *dynamo.Store, string, int) (claim.Registration, error)
	take := func(o int) step {
		return func(ctx context.Context, s *dynamo.Store, id string, _ int) (claim.Registration, error) {
			return s.Take(ctx, officers[o], id)
		}
	}
	decide := func(o int, d claim.Decision) step {
		return func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
			return s.Decide(ctx, officers[o], id, v, d, rules)
		}
	}
	mend := func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Mend(ctx, id, v, s.Now().Add(time.Hour))
	}
	reopen := func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Reopen(ctx, officers[1], id, v, "berkas-kurang")
	}
	resume := func(ctx context.Context, s *dynamo.Store, id string, v int) (claim.Registration, error) {
		return s.Resume(ctx, officers[0], id, v)
	}
	tests := []struct {
		name  string
		steps []step
		want  claim.Status
		err   error // of the last step
	}{
		{"approve", []step{take(0), decide(0, approve)}, claim.Approved, nil},
		{"refuse", []step{take(0), decide(0, refuse)}, claim.Refused, nil},
		{"postpone, mend, approve", []step{take(0), decide(0, postpone), mend, take(1), decide(1, approve)}, claim.Approved, nil},
		{"two people", []step{take(0), decide(0, large), decide(1, approve)}, claim.Approved, nil},
		{"one person twice", []step{take(0), decide(0, large), decide(0, approve)}, claim.Proposed, claim.ErrSecondPerson},
		{"second returns", []step{take(0), decide(0, large), decide(1, claim.Decision{Action: claim.ActReturn})}, claim.Submitted, nil},
		{"reopen", []step{take(0), decide(0, refuse), reopen, take(1), decide(1, approve)}, claim.Approved, nil},
		{"resume, refuse", []step{take(0), decide(0, postpone), resume, take(0), decide(0, refuse)}, claim.Refused, nil},
		{"postponed is not taken", []step{take(0), decide(0, postpone), take(1)}, claim.Postponed, claim.ErrClosed},
		{"not taken", []step{decide(0, approve)}, claim.Submitted, claim.ErrNotMine},
		{"other officer", []step{take(0), decide(1, approve)}, claim.Submitted, claim.ErrNotMine},
		{"taken twice", []step{take(0), take(1)}, claim.Submitted, claim.ErrNotMine},
		{"no sum", []step{take(0), decide(0, claim.Decision{Action: claim.ActApprove})}, claim.Submitted, claim.ErrNoReason},
		{"no ground", []step{take(0), decide(0, claim.Decision{Action: claim.ActRefuse})}, claim.Submitted, claim.ErrNoReason},
		{"ground of another decision", []step{take(0), decide(0, claim.Decision{Action: claim.ActPostpone, Reasons: []string{"masa-tunggu"}, Mend: []string{"ktp"}, Until: "2026-12-02"})}, claim.Submitted, claim.ErrNoReason},
		{"decided twice", []step{take(0), decide(0, approve), decide(0, refuse)}, claim.Approved, claim.ErrNotMine},
		{"mend what is not postponed", []step{mend}, claim.Submitted, claim.ErrClosed},
		{"reopen what is open", []step{reopen}, claim.Submitted, claim.ErrClosed},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := desk(t, 8)
			reg := submitted(t, s, i)
			var err error
			for _, do := range tt.steps {
				if err != nil {
					t.Fatal(err)
				}
				var next claim.Registration
				if next, err = do(t.Context(), s, reg.ID, reg.Version); err == nil {
					reg = next
				}
			}
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v; want %v", err, tt.err)
			}
			sound(t, s, reg.ID, tt.want)
		})
	}
}

func sound(t *testing.T, s *dynamo.Store, id string, want claim.Status) {
	t.Helper()
	now, err := s.ByID(t.Context(), id)
	if err != nil || now.Status != want {
		t.Fatalf("the claim is %s, %v; want %s", now.Status, err, want)
	}
	if n, err := s.VerifyEvents(t.Context(), id); n != 0 || err != nil {
		t.Errorf("event %d of the audit trail is broken: %v", n, err)
	}
	differences, err := s.Reconcile(t.Context(), "uji", storetest.Tomorrow)
	if err != nil || len(differences) > 0 {
		t.Errorf("reconciliation: %v %v", differences, err)
	}
}

// Officers who take and decide the same claims at once never share one, never
// have more than their limit, and the recap counts each claim once.
func TestDeskRace(t *testing.T) {
	const claims, staff, limit = 24, 6, 2
	s := desk(t, claims)
	var ids []string
	for n := range claims {
		ids = append(ids, submitted(t, s, n).ID)
	}
	taken, open := make([]atomic.Int64, claims), make([]atomic.Int64, staff)
	var wg sync.WaitGroup
	for o := range staff {
		by := claim.Desk{Officer: fmt.Sprint("officer-", o), Branch: "uji", Limit: limit}
		wg.Go(func() {
			for n := range claims {
				i := (n*7 + o*5) % claims
				reg, err := s.Take(t.Context(), by, ids[i])
				if errors.Is(err, claim.ErrNotMine) || errors.Is(err, claim.ErrClosed) || errors.Is(err, claim.ErrBusy) {
					continue
				}
				if err != nil {
					t.Errorf("take: %v", err)
					return
				}
				if taken[i].Add(1) > 1 || open[o].Add(1) > limit {
					t.Errorf("claim %d was taken %d times, officer %d has %d", i, taken[i].Load(), o, open[o].Load())
				}
				d := []claim.Decision{approve, refuse, postpone}[i%3]
				if _, err := s.Decide(t.Context(), by, ids[i], reg.Version, d, rules); err != nil {
					t.Errorf("decide: %v", err)
				}
				open[o].Add(-1)
			}
		})
	}
	wg.Wait()
	want := map[string]int{}
	for _, id := range ids {
		if err := s.CountRecap(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		reg, err := s.ByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want[string(reg.Status)]++
	}
	if due, err := s.RecapDue(t.Context(), 100); len(due) > 0 || err != nil {
		t.Errorf("still to count: %v %v", due, err)
	}
	days, err := s.Recap(t.Context(), "uji", storetest.Tomorrow, storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	for status, n := range want {
		if got := days[0].Counts[string(requirement.Online)+"#"+status]; got != n {
			t.Errorf("the recap counts %d of %s; the claims say %d", got, status, n)
		}
	}
}

func TestHandsFull(t *testing.T) {
	s := desk(t, 3)
	by := claim.Desk{Officer: "ani", Branch: "uji", Limit: 2}
	for n := range 2 {
		if _, err := s.Take(t.Context(), by, submitted(t, s, n).ID); err != nil {
			t.Fatal(err)
		}
	}
	third := submitted(t, s, 2)
	if _, err := s.Take(t.Context(), by, third.ID); !errors.Is(err, claim.ErrHandsFull) {
		t.Errorf("a third claim: %v; want %v", err, claim.ErrHandsFull)
	}
	by.Branch = "lain"
	if _, err := s.Take(t.Context(), by, third.ID); !errors.Is(err, claim.ErrNotFound) {
		t.Errorf("a claim of another branch: %v; want %v", err, claim.ErrNotFound)
	}
}

// settle takes a claim of Plan's branch and decides it.
func settle(ctx context.Context, s *dynamo.Store, id string, to claim.Status) error {
	by := claim.Desk{Officer: "cita", Branch: "uji", Limit: 6}
	reg, err := s.Take(ctx, by, id)
	if err != nil {
		return err
	}
	d := map[claim.Status]claim.Decision{claim.Approved: approve, claim.Refused: refuse, claim.Postponed: postpone}[to]
	_, err = s.Decide(ctx, by, id, reg.Version, d, rules)
	return err
}

// What nobody decided on its day is on the branch's list, once; what was
// decided, cancelled or is in an officer's hands is not.
func TestLeftover(t *testing.T) {
	s := desk(t, 8)
	waits, absent := submitted(t, s, 0), submitted(t, s, 1)
	done, gone, held := submitted(t, s, 2), submitted(t, s, 3), submitted(t, s, 4)
	var err error
	for _, do := range []func() error{
		func() error { _, err := s.Take(t.Context(), officers[0], absent.ID); return err },
		func() error { _, err := s.Leave(t.Context(), officers[0], absent.ID, claim.Absent); return err },
		func() error { return settle(t.Context(), s, done.ID, claim.Approved) },
		func() error { _, err := s.Cancel(t.Context(), gone.ID, 0); return err },
		func() error { _, err := s.Take(t.Context(), officers[1], held.ID); return err },
	} {
		err = errors.Join(err, do())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} {
		if n, err := s.Leftover(t.Context(), "uji", storetest.Tomorrow); n != want || err != nil {
			t.Errorf("put %d on the list, %v; want %d", n, err, want)
		}
	}
	if _, err := s.Cancel(t.Context(), waits.ID, 0); err != nil {
		t.Fatal(err)
	}
	list, err := s.Backlog(t.Context(), "uji")
	if err != nil || len(list) != 1 || list[0].ID != absent.ID {
		t.Errorf("the list has %d claims, %v; want the one that is still open", len(list), err)
	}
}
