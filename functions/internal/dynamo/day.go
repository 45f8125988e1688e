package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

const (
	seatFree    = "FREE"
	seatTaken   = "TAKEN"
	seatBlocked = "BLOCKED"
)

// A seat is one place of one session as it is stored.
type seat struct {
	place claim.Place
	state string
	reg   string
	until int64 // Unix seconds; 0 for no end
	opens int64 // Unix seconds: nobody takes it before, once it is given back
	gone  bool  // the plan has it no more: when it is given back, nobody gets it
}

// lapsed tells whether a draft held the seat until a moment that has passed.
func (s *seat) lapsed(now int64) bool { return s.state == seatTaken && s.until > 0 && s.until < now }

// EnsureDay makes the seats of a plan, and blocks free seats that the plan no
// longer has. Seats that are taken stay with who has them; those that the plan
// no longer has are blocked when they are given back. It may run any number of
// times, at once.
func (s *Store) EnsureDay(ctx context.Context, plan claim.DayPlan) error {
	have, err := s.seats(ctx, plan.Branch, plan.Date, "", true)
	if err != nil {
		return err
	}
	rest := map[key]seat{}
	for _, h := range have {
		rest[seatKey(h.place)] = h
	}
	g, each := errgroup.WithContext(ctx)
	g.SetLimit(buckets)
	for _, session := range plan.Sessions {
		for n := 1; n <= session.Places; n++ {
			k := seatKey(claim.Place{Branch: plan.Branch, Channel: session.Channel, Date: plan.Date, Time: session.Time, Seat: n})
			switch was, ok := rest[k]; {
			case !ok:
				g.Go(func() error { return s.makeSeat(each, k, plan.Date) })
			case was.state == seatBlocked:
				g.Go(func() error { return s.turnSeat(each, k, seatBlocked, seatFree) })
			case was.gone:
				g.Go(func() error { return s.markSeat(each, k, "REMOVE #after") })
			}
			delete(rest, k)
		}
	}
	for k, was := range rest {
		switch {
		case was.state == seatFree:
			g.Go(func() error { return s.turnSeat(each, k, seatFree, seatBlocked) })
		case was.state == seatTaken && !was.gone:
			g.Go(func() error { return s.markSeat(each, k, "SET #after = :after") })
		}
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("make seats of %s on %s: %w", plan.Branch, plan.Date, err)
	}
	// The day comes last: who sees it can rely on its seats.
	it := dayKey(plan.Branch, plan.Date).attributes()
	it["made"] = unix(s.Now())
	s.limitDay(it, plan.Date)
	if _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it}); err != nil {
		return fmt.Errorf("make day: %w", err)
	}
	return nil
}

func (s *Store) makeSeat(ctx context.Context, k key, d requirement.Date) error {
	it := k.attributes()
	s.limitDay(it, d)
	it["state"] = str(seatFree)
	_, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it,
		ConditionExpression: aws.String("attribute_not_exists(PK)")})
	return ignoreCondition(err)
}

func (s *Store) turnSeat(ctx context.Context, k key, from, to string) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: k.attributes(),
		UpdateExpression: aws.String("SET #state = :to REMOVE #after"), ConditionExpression: aws.String("#state = :from"),
		ExpressionAttributeNames:  map[string]string{"#state": "state", "#after": "after"},
		ExpressionAttributeValues: item{":from": str(from), ":to": str(to)}})
	return ignoreCondition(err)
}

// markSeat sets or removes what a taken seat becomes when it is given back. A
// seat that was given back meanwhile is turned by the next run.
func (s *Store) markSeat(ctx context.Context, k key, expression string) error {
	in := &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: k.attributes(), UpdateExpression: &expression,
		ConditionExpression: aws.String("#state = :taken"), ExpressionAttributeNames: map[string]string{"#state": "state", "#after": "after"},
		ExpressionAttributeValues: item{":taken": str(seatTaken)}}
	if strings.HasPrefix(expression, "SET") {
		in.ExpressionAttributeValues[":after"] = str(seatBlocked)
	}
	_, err := s.db.UpdateItem(ctx, in)
	return ignoreCondition(err)
}

// ignoreCondition: somebody else was there first, and what they did stands.
func ignoreCondition(err error) error {
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return nil
	}
	return err
}

// seats returns the seats of a branch-day whose sort key begins with prefix, in no order.
func (s *Store) seats(ctx context.Context, branch string, d requirement.Date, prefix string, consistent bool) ([]seat, error) {
	found := make([][]seat, buckets)
	g, ctx := errgroup.WithContext(ctx)
	for k := range buckets {
		g.Go(func() (err error) {
			found[k], err = s.bucket(ctx, branch, d, k, prefix, consistent)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// bucket returns the seats of one of the eight keys that a branch-day is spread over.
func (s *Store) bucket(ctx context.Context, branch string, d requirement.Date, k int, prefix string, consistent bool) ([]seat, error) {
	items, err := s.query(ctx, bucketPK(branch, d, k), prefix, consistent)
	if err != nil {
		return nil, fmt.Errorf("seats of %s on %s: %w", branch, d, err)
	}
	found := make([]seat, len(items))
	for i, it := range items {
		c, clock, n, err := parseSeatSK(getS(it, "SK"))
		if err != nil {
			return nil, err
		}
		found[i] = seat{claim.Place{Branch: branch, Channel: c, Date: d, Time: clock, Seat: n},
			getS(it, "state"), getS(it, "reg"), getN(it, "until"), getN(it, "opens"), getS(it, "after") != ""}
	}
	return found, nil
}

// FreePlaces tells about how many places of a branch-day are free: of one of
// its eight keys, eight times as many, and where that has none what all have. So
// 0 is sure, at the moment of the look. It does not tell a day without places
// from one whose seats were not made yet.
func (s *Store) FreePlaces(ctx context.Context, branch string, d requirement.Date) (int, error) {
	now := s.Now().Unix()
	free := func(all []seat) (n int) {
		for _, x := range all {
			if !x.gone && x.bookable(now) {
				n++
			}
		}
		return n
	}
	some, err := s.bucket(ctx, branch, d, s.Random(buckets), "", false)
	if n := free(some); n > 0 || err != nil {
		return n * buckets, err
	}
	all, err := s.seats(ctx, branch, d, "", false)
	return free(all), err
}

// Sessions returns a branch-day's sessions with their places and how many are
// free, in order of channel and time. A seat held by a draft whose deadline
// has passed counts as free. One that was given back is free from its announced
// time on, the earliest of which is the session's Reopens. claim.ErrNoDay if its seats were not made yet.
func (s *Store) Sessions(ctx context.Context, branch string, d requirement.Date) ([]claim.Session, error) {
	day, err := s.get(ctx, s.table, dayKey(branch, d))
	if err != nil {
		return nil, err
	}
	if day == nil {
		return nil, claim.ErrNoDay
	}
	all, err := s.seats(ctx, branch, d, "", false)
	if err != nil {
		return nil, err
	}
	now := s.Now().Unix()
	byTime := map[string]*claim.Session{}
	for _, x := range all {
		if x.state == seatBlocked || x.gone {
			continue
		}
		name := string(x.place.Channel) + x.place.Time
		if byTime[name] == nil {
			byTime[name] = &claim.Session{Channel: x.place.Channel, Time: x.place.Time}
		}
		byTime[name].Places++
		switch v := byTime[name]; {
		case x.bookable(now):
			v.Free++
		case x.state == seatFree || x.lapsed(now):
			if at := time.Unix(x.opens, 0).UTC(); v.Reopens.IsZero() || at.Before(v.Reopens) {
				v.Reopens = at
			}
		}
	}
	out := make([]claim.Session, 0, len(byTime))
	for _, v := range byTime {
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b claim.Session) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Time, b.Time))
	})
	return out, nil
}
