package notify_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/crashtest"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/notify"
)

// unreadable cannot read one registration.
type unreadable struct {
	notify.Store
	id string
}

var errUnreadable = errors.New("this one cannot be read")

func (u unreadable) ByID(ctx context.Context, id string) (claim.Registration, error) {
	if id == u.id {
		return claim.Registration{}, errUnreadable
	}
	return u.Store.ByID(ctx, id)
}

// The jobs come one to three times in any order, one at a time as the template
// says, while one person's message cannot be made: everybody else has each
// mail once, the trouble is reported each time, and its mails come when it is
// over (TRUST T7).
func TestSendingDuplicatedAndReordered(t *testing.T) {
	set := apptest.Content(t, "../..")
	seeds := []uint64{1, 2, 3, 4}
	if one, ok := storetest.Seed(); ok {
		seeds = []uint64{one}
	}
	for _, seed := range seeds {
		p, err := openPost(t.Context(), t, set)
		if err != nil {
			t.Fatal(err)
		}
		s := p.service(crashtest.Live(t.Context(), crashtest.Plan{}))
		whole := s.Store
		letters, err := whole.LettersDue(t.Context(), 100)
		if err != nil || len(letters) != 2 {
			t.Fatalf("%d letters are first, %v; want 2", len(letters), err)
		}
		r := rand.New(rand.NewPCG(seed, 5))
		poison := letters[r.IntN(2)].Registration
		s.Store = unreadable{whole, poison}
		jobs := []string{"send", "send", "remind", "remind", "send", "remind"}[:4+r.IntN(3)]
		r.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
		for _, job := range jobs {
			if err := s.Handle(t.Context(), notify.Event{Job: job}); errors.Is(err, errUnreadable) != (job == "send") {
				t.Errorf("-seed %d: job %s = %v", seed, job, err)
			}
		}
		s.Store = whole
		for range 3 {
			if err := s.Handle(t.Context(), notify.Event{Job: "send"}); err != nil {
				t.Errorf("-seed %d: %v", seed, err)
			}
		}
		mails, err := p.arrived()
		if err != nil || len(mails) != len(owed) {
			t.Errorf("-seed %d: mails %q, %v; want %q", seed, mails, err, owed)
		}
		if err := errors.Join(p.judge(t.Context(), crashtest.Script{Returns: true}), p.close(t.Context())); err != nil {
			t.Errorf("-seed %d: %v", seed, err)
		}
	}
}

// Were several senders at work after all, each mail would still come once:
// who begins it first sends it.
func TestSendersAtOnce(t *testing.T) {
	p, err := openPost(t.Context(), t, apptest.Content(t, "../.."))
	if err != nil {
		t.Fatal(err)
	}
	send := func() error {
		return p.service(crashtest.Live(t.Context(), crashtest.Plan{})).Handle(t.Context(), notify.Event{Job: "send"})
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := send(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	err = send() // what came second in its registration may be left
	mails, failed := p.arrived()
	if err = errors.Join(err, failed); err != nil || len(mails) != len(owed) {
		t.Errorf("mails %q, %v; want %q", mails, err, owed)
	}
	if err := errors.Join(p.judge(t.Context(), crashtest.Script{Returns: true}), p.close(t.Context())); err != nil {
		t.Error(err)
	}
}
