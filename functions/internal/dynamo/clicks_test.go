package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// refused are the answers that a click may get without anything being wrong;
// a lost line (anything else) is looked at again by the next click.
var refused = []error{claim.ErrNotMine, claim.ErrClosed, claim.ErrBusy, claim.ErrStale, claim.ErrHandsFull, claim.ErrSecondPerson, claim.ErrNoReason}

func mayRefuse(err error) bool {
	for _, r := range refused {
		if errors.Is(err, r) {
			return true
		}
	}
	return false
}

// A clicker is an officer who presses buttons at random.
type clicker struct {
	s       *dynamo.Store
	by      claim.Desk
	peers   []claim.Desk
	ids     []string
	r       *rand.Rand
	seen    map[string]int // versions as last seen, to be stale
	strange func(error)
}

func (c *clicker) click(ctx context.Context) {
	id := c.ids[c.r.IntN(len(c.ids))]
	own, err := c.s.InHand(ctx, c.by.Branch, c.by.Officer)
	if err == nil && len(own) > 0 && c.r.IntN(4) > 0 {
		id = own[c.r.IntN(len(own))]
	}
	reg, err := c.s.Peek(ctx, c.by.Branch, id)
	if err != nil {
		c.strange(err)
		return
	}
	version := reg.Version
	if old, ok := c.seen[id]; ok && c.r.IntN(10) == 0 {
		version = old
	}
	c.seen[id] = reg.Version
	if err := c.press(ctx, reg, version); err != nil && !mayRefuse(err) {
		c.strange(err)
	}
}

func (c *clicker) press(ctx context.Context, reg claim.Registration, version int) error {
	var err error
	switch c.r.IntN(12) {
	case 0, 1, 2:
		_, err = c.s.Take(ctx, c.by, reg.ID)
	case 3:
		_, err = c.s.Hold(ctx, c.by, reg.ID, c.r.IntN(2) == 0)
	case 4:
		_, err = c.s.Leave(ctx, c.by, reg.ID, []claim.CallState{claim.Arrived, claim.Absent}[c.r.IntN(2)])
	case 5:
		_, err = c.s.HandOver(ctx, c.by.Officer, c.by.Officer, c.peers[c.r.IntN(len(c.peers))], reg.ID)
	case 6:
		if c.r.IntN(4) == 0 {
			_, err = c.s.Reopen(ctx, c.by, reg.ID, version, "berkas-kurang")
		}
	case 7:
		_, err = c.s.Resume(ctx, c.by, reg.ID, version)
	case 8:
		_, err = c.s.Arrive(ctx, "claimant", reg.ID)
	default:
		_, err = c.s.Decide(ctx, c.by, reg.ID, version, []claim.Decision{approve, refuse, postpone, large, {Action: claim.ActReturn}}[c.r.IntN(5)], rules)
	}
	return err
}

// Officers press buttons at random on one day's claims while requests and
// replies are lost and the table is busy. By the audit trail of every claim
// nobody takes what another has, and nothing is decided twice; afterwards all
// can be finished, none is lost, and the recap equals a full count.
// -full: 20 officers and 2,000 claims. -seed repeats the clicks of a run; how
// they fall between each other is up to the machine.
func TestRandomClicks(t *testing.T) {
	officers, claims, clicks := 6, 60, 60
	if storetest.Full() {
		officers, claims, clicks = 20, 2000, 900
	}
	seed, one := storetest.Seed()
	if !one {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", seed)
	p := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, p.url)
	s.Now = storetest.NewClock(storetest.Morning).Now
	if err := s.EnsureDay(t.Context(), storetest.Plan(claims)); err != nil {
		t.Fatal(err)
	}
	ids := make([]string, claims)
	for n := range claims {
		ids[n] = submitted(t, s, n).ID
	}
	p.loseRequest.Store(31)
	p.loseReply.Store(37)
	p.conflict.Store(11)
	p.thrtl.Store(41)
	desks := make([]claim.Desk, officers)
	for o := range desks {
		desks[o] = claim.Desk{Officer: fmt.Sprint("petugas-", o), Branch: "uji", Counter: fmt.Sprint(o + 1), Limit: 6}
	}
	begin := time.Now()
	var wg sync.WaitGroup
	for o := range desks {
		c := &clicker{s: s, by: desks[o], peers: desks, ids: ids, r: rand.New(rand.NewPCG(seed, uint64(o))), seen: map[string]int{},
			strange: func(err error) { t.Errorf("a click: %v", err) }}
		wg.Go(func() {
			for range clicks {
				c.click(t.Context())
			}
		})
	}
	wg.Wait()
	t.Logf("%d clicks on %d claims with %d lost lines took %v", officers*clicks, claims, p.lost.Load(), time.Since(begin))
	finish(t, s, desks, ids)
	for _, id := range ids {
		replay(t, s, id)
	}
	recapEqualsCount(t, s, ids)
}

// finish decides what is left, as a calm evening would.
func finish(t *testing.T, s *dynamo.Store, desks []claim.Desk, ids []string) {
	t.Helper()
	for _, id := range ids {
		reg, err := s.Peek(t.Context(), "uji", id)
		if err != nil {
			t.Fatalf("a claim is lost: %v", err)
		}
		by := desks[0]
		switch {
		case reg.Status == claim.Proposed:
			if reg.Decision.By == by.Officer {
				by = desks[1]
			}
			_, err = s.Decide(t.Context(), by, id, reg.Version, approve, rules)
		case reg.Status == claim.Submitted:
			if !reg.Call.Free() {
				by = claim.Desk{Officer: reg.Call.Officer, Branch: "uji", Limit: 6}
			} else if reg, err = s.Take(t.Context(), by, id); err != nil {
				// Only hands that are full of what comes later in the list.
				by.Officer, by.Limit = "petugas-malam", 6
				if reg, err = s.Take(t.Context(), by, id); err != nil {
					t.Fatal(err)
				}
			}
			_, err = s.Decide(t.Context(), by, id, reg.Version, refuse, rules)
		}
		if err != nil {
			t.Fatalf("claim %s cannot be finished: %v", id, err)
		}
	}
	for _, d := range desks {
		if own, err := s.InHand(t.Context(), d.Branch, d.Officer); err != nil || len(own) > 0 {
			t.Errorf("%s still has %v %v", d.Officer, own, err)
		}
	}
}

// replay holds a claim's audit trail against what may follow what.
func replay(t *testing.T, s *dynamo.Store, id string) {
	t.Helper()
	if n, err := s.VerifyEvents(t.Context(), id); n != 0 || err != nil {
		t.Errorf("claim %s: event %d is broken: %v", id, n, err)
	}
	steps, err := s.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	holder, decided, proposer := "", false, ""
	for i, x := range steps {
		mine := holder == x.Actor || holder == "*" // handed over: the trail names who gave it
		ok := true
		switch x.Action {
		case "take":
			ok, holder = holder == "" && !decided && proposer == "", x.Actor
		case "release", "no-show":
			ok, holder = mine, ""
		case "hold", "continue":
			ok = mine
		case "hand over":
			ok, holder = mine, "*"
		case "refuse", "approve":
			ok = !decided && (mine && proposer == "" || x.Action == "approve" && proposer != "" && proposer != x.Actor)
			holder, decided, proposer = "", true, ""
		case "propose":
			ok, holder, proposer = mine && !decided, "", x.Actor
		case "return":
			ok, proposer = proposer != "", ""
		case "postpone":
			ok, holder = mine && !decided, ""
		case "reopen":
			ok, decided = decided, false
		}
		if !ok {
			t.Errorf("claim %s: event %d %q by %s does not follow", id, i+1, x.Action, x.Actor)
		}
	}
}

func recapEqualsCount(t *testing.T, s *dynamo.Store, ids []string) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, id := range ids {
		if err := s.CountRecap(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		reg, err := s.Peek(t.Context(), "uji", id)
		if err != nil {
			t.Fatal(err)
		}
		status, ok := reg.Status.Recap()
		if !ok {
			t.Errorf("claim %s is %s", id, reg.Status)
		}
		want[string(status)]++
	}
	days, err := s.Recap(t.Context(), "uji", storetest.Tomorrow, storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		for cell, n := range d.Counts {
			if status, ok := strings.CutPrefix(cell, string(requirement.Online)+"#"); ok && n != 0 {
				got[status] = n
			}
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the recap says %v; the claims say %v", got, want)
	}
}
