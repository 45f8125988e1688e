package metered_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/load/metered"
)

func open(t *testing.T, m *metered.Store) *dynamo.Store {
	db := dynamodb.New(dynamodb.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String("http://127.0.0.1:1"), HTTPClient: m,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	keys := storetest.Keys(t)
	s := dynamo.New(db, "Table", "KeysTable", func(context.Context) (*seal.Keys, error) { return keys, nil })
	s.Now = storetest.NewClock(storetest.Morning).Now
	return s
}

// The metered store sells what the real engine sells, at the same units.
func TestLikeTheEngine(t *testing.T) {
	const seats, people = 20, 60
	engine := storetest.New(t)
	engine.Now = storetest.NewClock(storetest.Morning).Now
	for name, s := range map[string]*dynamo.Store{"metered": open(t, metered.New()), "engine": engine} {
		units := atomic.Int64{}
		s.OnUnits = func(_ string, n float64) { units.Add(int64(n)) }
		if err := s.EnsureDay(t.Context(), storetest.Plan(seats)); err != nil {
			t.Fatal(err)
		}
		var won, full atomic.Int64
		var wg sync.WaitGroup
		for n := range people {
			wg.Go(func() {
				for {
					_, err := s.Book(t.Context(), storetest.Booking(n))
					switch {
					case err == nil:
						won.Add(1)
					case errors.Is(err, claim.ErrFull):
						full.Add(1)
					case errors.Is(err, claim.ErrBusy):
						continue
					default:
						t.Errorf("%s: %v", name, err)
					}
					return
				}
			})
		}
		wg.Wait()
		got := fmt.Sprintf("%d won, %d full, %d units a booking", won.Load(), full.Load(), units.Load()/seats)
		if want := "20 won, 40 full, 15 units a booking"; got != want {
			t.Errorf("%s: %s; want %s", name, got, want)
		}
		again, err := s.Book(t.Context(), storetest.Booking(-1))
		if !errors.Is(err, claim.ErrFull) {
			t.Errorf("%s: one more = %v, %v; want ErrFull", name, again.ID, err)
		}
		if differences, err := s.Reconcile(t.Context(), "uji", storetest.Tomorrow); err != nil || len(differences) > 0 {
			t.Errorf("%s: %v %v", name, differences, err)
		}
	}
}

// Two transactions on one item at once: one is refused, and says so.
func TestConflicts(t *testing.T) {
	m := metered.New()
	m.Gap = time.Second // long enough for all others to come meanwhile, on a slow machine too
	s := open(t, m)
	if err := s.EnsureDay(t.Context(), storetest.Plan(1)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for n := range 30 {
		wg.Go(func() { _, _ = s.Book(t.Context(), storetest.Booking(n)) })
	}
	wg.Wait()
	if m.Conflicts.Load() == 0 || m.Writes.Load() == 0 || m.Reads.Load() == 0 || m.Peak.Load() == 0 {
		t.Errorf("30 people for one seat: %d conflicts, %d write and %d half read units", m.Conflicts.Load(), m.Writes.Load(), m.Reads.Load())
	}
}

// A key that is asked for more than its second has is throttled; whether the
// store's own tries last until the next second is chance.
func TestThrottles(t *testing.T) {
	m := metered.New()
	m.Limit = 5
	err := open(t, m).EnsureDay(t.Context(), storetest.Plan(120))
	if m.Throttles.Load() == 0 {
		t.Errorf("15 seats of one key in a second at a limit of 5: %v, and no throttle", err)
	}
}
