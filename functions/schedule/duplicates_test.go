package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/schedule"
	"lapakasik/site/requirement"
)

// A night is a world of one branch with claims of every kind, two of them
// broken: the jobs cannot read them.
type night struct {
	world
	t     *testing.T
	seed  uint64
	r     *rand.Rand
	db    *dynamodb.Client
	table string
	regs  map[string]claim.Registration
}

func startNight(t *testing.T, set *requirement.Set, seed uint64) *night {
	t.Helper()
	small := *set
	small.Branches, small.Booking.HorizonDays = nil, 1
	for _, b := range set.Branches {
		if b.Code == "bandar-lampung" {
			small.Branches = append(small.Branches, b)
		}
	}
	n := &night{world: with(t, &small), t: t, seed: seed, r: rand.New(rand.NewPCG(seed, 3)), db: storetest.Client(storetest.Engine(t).URL), regs: map[string]claim.Registration{}}
	keys := storetest.Keys(t)
	var keysTable string
	n.table, keysTable = storetest.Tables(t, n.db)
	n.store = dynamo.New(n.db, n.table, keysTable, func(context.Context) (*seal.Keys, error) { return keys, nil })
	n.store.Now = n.clock.Now
	n.Store = n.store
	var papers []string
	for _, it := range set.Reason("mengundurkan-diri").Checklist(nil, requirement.Online, storetest.Tomorrow) {
		if it.Need == requirement.Required {
			papers = append(papers, it.Slot)
		}
	}
	for i, name := range []string{"complete", "complete, to be approved", "complete, broken", "incomplete", "incomplete, too"} {
		if i > 2 {
			papers = papers[1:]
		}
		n.regs[name] = n.book(t, i+1, papers...)
	}
	n.spoil("complete, broken", "{")
	return n
}

// spoil makes a registration unreadable, and readable again with "[]".
func (n *night) spoil(name, consents string) {
	n.t.Helper()
	_, err := n.db.UpdateItem(n.t.Context(), &dynamodb.UpdateItemInput{TableName: &n.table,
		Key:              map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "REG#" + n.regs[name].ID}, "SK": &types.AttributeValueMemberS{Value: "REG"}},
		UpdateExpression: aws.String("SET consents = :c"), ExpressionAttributeValues: map[string]types.AttributeValue{":c": &types.AttributeValueMemberS{Value: consents}}})
	if err != nil {
		n.t.Fatal(err)
	}
}

// deliver gives each job one to three times, in any order, two at once as the
// template allows. Those that meet what is broken say so, each time.
func (n *night) deliver(fails string, jobs ...string) {
	n.t.Helper()
	var all []string
	for _, j := range jobs {
		for range 1 + n.r.IntN(3) {
			all = append(all, j)
		}
	}
	n.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var wg sync.WaitGroup
	room := make(chan struct{}, 2)
	for _, job := range all {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			if err := n.Handle(n.t.Context(), schedule.Event{Job: job}); (err != nil) != strings.Contains(fails, job) {
				n.t.Errorf("-seed %d, job %s: %v", n.seed, job, err)
			}
		})
	}
	wg.Wait()
}

// once holds the steps of a claim's trail against what is wanted, each once.
func (n *night) once(name string, want ...string) {
	n.t.Helper()
	steps, err := n.store.History(n.t.Context(), n.regs[name].ID)
	var got []string
	for _, x := range steps {
		if _, ok := told[x.Action]; ok {
			got = append(got, x.Action)
		}
	}
	if err != nil || !slices.Equal(got, want) {
		n.t.Errorf("-seed %d, %s: steps %v, %v; want %v", n.seed, name, got, err, want)
	}
}

var told = map[string]bool{"book": true, "submit": true, "lapse": true, "approve": true}

// Every job comes one to three times, in any order and two at once; what it
// cannot read stops nothing else. Every claim is submitted, ended, counted and
// put on the branch's list once, and what was broken when it is mended
// (TRUST T7).
func TestJobsDuplicatedAndReordered(t *testing.T) {
	set := apptest.Content(t, "../..")
	seeds := []uint64{1, 2, 3, 4, 5, 6}
	if one, ok := storetest.Seed(); ok {
		seeds = []uint64{one}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			n := startNight(t, set, seed)
			n.deliver("lapse", "seats", "lapse", "recap", "tally", "leftover", "rearrange")
			n.clock.Move(9 * time.Minute)
			n.deliver("lapse", "seats", "lapse", "recap", "tally", "leftover", "rearrange")
			n.approve("complete, to be approved")
			n.spoil("complete, to be approved", "{") // its approval is not counted yet
			n.deliver("lapse recap", "lapse", "recap", "tally", "leftover")
			n.spoil("complete, to be approved", "[]")
			n.clock.Move(48 * time.Hour)
			n.deliver("", "recap", "tally", "leftover", "recount", "rearrange")
			n.once("complete", "book", "submit")
			n.once("complete, to be approved", "book", "submit", "approve")
			n.once("incomplete", "book", "lapse")
			n.once("incomplete, too", "book", "lapse")
			n.once("complete, broken", "book")
			n.counted(map[string]int{"online#SUBMITTED": 1, "online#APPROVED": 1})
			n.spoil("complete, broken", "[]")
			n.lapseLate()
			n.once("complete, broken", "book", "lapse")
			differences, err := n.store.Reconcile(t.Context(), "bandar-lampung", storetest.Tomorrow)
			if err != nil || len(differences) > 0 {
				t.Errorf("-seed %d: %v %v", seed, differences, err)
			}
		})
	}
}

func (n *night) approve(name string) {
	n.t.Helper()
	by := claim.Desk{Officer: "ani", Branch: "bandar-lampung", Limit: 6}
	reg, err := n.store.Take(n.t.Context(), by, n.regs[name].ID)
	if err == nil {
		_, err = n.store.Decide(n.t.Context(), by, reg.ID, reg.Version, claim.Decision{Action: claim.ActApprove, Sum: 1}, &n.set.Deciding)
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// lapseLate ends what could not be ended in time, three times at once.
func (n *night) lapseLate() {
	n.t.Helper()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, err := n.store.LapseDue(n.t.Context(), "bandar-lampung", storetest.Tomorrow); err != nil {
				n.t.Errorf("-seed %d: %v", n.seed, err)
			}
		})
	}
	wg.Wait()
}

// counted holds recap, results and the branch's list against what is wanted.
func (n *night) counted(want map[string]int) {
	n.t.Helper()
	ctx := n.t.Context()
	days, err := n.store.RecapSum(ctx, "bandar-lampung", storetest.Tomorrow, storetest.Tomorrow)
	maps.DeleteFunc(days, func(_ string, x int) bool { return x == 0 })
	if err != nil || !maps.Equal(days, want) {
		n.t.Errorf("-seed %d: the recap is %v, %v; want %v", n.seed, days, err, want)
	}
	rows, err := n.store.Results(ctx, "2026-11")
	if err != nil || len(rows) != 1 || rows[0].Counts["approved"] != 1 || rows[0].Counts["pending"] != 1 {
		n.t.Errorf("-seed %d: the results are %v, %v; want 1 approved, 1 pending", n.seed, rows, err)
	}
	list, failed := n.store.Backlog(ctx, "bandar-lampung")
	if err = errors.Join(err, failed); err != nil || len(list) != 1 || list[0].ID != n.regs["complete"].ID {
		n.t.Errorf("-seed %d: %d claims on the branch's list, %v; want the undecided one", n.seed, len(list), err)
	}
}
