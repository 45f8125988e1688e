package dynamo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// Numbers at a door come from eight counters, so that no key takes more than
// its share: the i-th of counter k is i·8+k. A process takes them in turn from
// each counter, and never twice: a lost reply skips some. Before the hour, when
// the crowd comes and the order does not matter, it takes blocks, as large as
// it used lately; what it does not use within blockLife is left out. After the
// hour it takes one by one: numbers of one process are in order of arrival, and
// of P processes no more than 8·P away from it, mostly far less. All requests
// that the gateway lets in would be 313 writes a second on a key of the 1,000
// that it bears.
const (
	blockLife = time.Second
	mostBlock = 16
)

// block is what is left of numbers that a process took.
type block struct {
	mu         sync.Mutex
	turn       int // counter to ask next
	next       int64
	left, size int64
	early      bool
	taken      time.Time
}

// doors is what a process knows of doors.
type doors struct {
	mu     sync.Mutex
	blocks map[string]*block
	early  map[string]claim.Early // once it is final
	ending singleflight.Group     // of early numbers: at the hour all ask at once
}

func doorID(branch string, d requirement.Date) string { return branch + "#" + string(d) }

func (s *Store) block(id string) *block {
	s.doors.mu.Lock()
	defer s.doors.mu.Unlock()
	b := s.doors.blocks[id]
	if b == nil {
		if s.doors.blocks == nil || len(s.doors.blocks) >= mostPools {
			s.doors.blocks = map[string]*block{}
		}
		b = &block{turn: s.Random(buckets), size: 1}
		s.doors.blocks[id] = b
	}
	return b
}

// TakeNumber gives the next number at the door before a branch's day, which
// nobody else gets. After the hour it has no turn that has passed.
func (s *Store) TakeNumber(ctx context.Context, branch string, d requirement.Date, door claim.Door) (int64, error) {
	b := s.block(doorID(branch, d))
	b.mu.Lock()
	defer b.mu.Unlock()
	if !door.Open(s.Now()) {
		n, err := s.takeFrom(ctx, branch, d, b, 0, true)
		if !errors.Is(err, errOpened) {
			return n, err
		} // another function's clock is ahead
	}
	early, err := s.Early(ctx, branch, d)
	if err != nil {
		return 0, err
	}
	return s.takeFrom(ctx, branch, d, b, early.Later(door.Next(s.Now())), false)
}

// takeFrom uses a number of the block, or of a new one; it is at least lowest.
func (s *Store) takeFrom(ctx context.Context, branch string, d requirement.Date, b *block, lowest int64, early bool) (int64, error) {
	now := s.Now()
	fresh := b.early == early && now.Sub(b.taken) < blockLife
	if fresh && b.left > 0 && b.next >= lowest {
		return b.use(), nil
	}
	b.size = min(2*b.size, mostBlock)
	if !fresh || !early {
		b.size = 1
	}
	first, err := s.takeBlock(ctx, doorKey(branch, d, b.turn), int64(b.turn), b.size, lowest, early)
	if err != nil {
		return 0, err
	}
	b.turn = (b.turn + 1) % buckets
	b.next, b.left, b.early, b.taken = first, b.size, early, now
	return b.use(), nil
}

func (b *block) use() int64 {
	n := b.next
	b.next += buckets
	b.left--
	return n
}

// errOpened: the counter takes no early numbers any more.
var errOpened = errors.New("dynamo: the door has opened")

// takeBlock moves a counter on by size and returns the first number of these,
// which is at least lowest.
func (s *Store) takeBlock(ctx context.Context, k key, counter, size, lowest int64, early bool) (int64, error) {
	for range maxTries {
		in := &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: k.attributes(), UpdateExpression: aws.String("ADD n :size"),
			ExpressionAttributeValues: item{":size": num(size)}, ReturnValues: types.ReturnValueUpdatedNew}
		if early {
			in.ConditionExpression = aws.String("attribute_not_exists(early)")
		}
		out, err := s.db.UpdateItem(ctx, in)
		var failed *types.ConditionalCheckFailedException
		switch {
		case errors.As(err, &failed):
			return 0, errOpened
		case err != nil:
			return 0, fmt.Errorf("take numbers: %w", err)
		}
		if first := (getN(out.Attributes, "n")-size)*buckets + counter; first >= lowest {
			return first, nil
		}
		// Nobody came for a while: what went by unused stays unused.
		at := (lowest - counter + buckets - 1) / buckets
		_, err = s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: k.attributes(), UpdateExpression: aws.String("SET n = :at"),
			ConditionExpression: aws.String("n < :at"), ExpressionAttributeValues: item{":at": num(at)}})
		if err := ignoreCondition(err); err != nil {
			return 0, fmt.Errorf("take numbers: %w", err)
		}
	}
	return 0, claim.ErrBusy
}

// Early ends the time of early numbers at a door, and returns how many each
// counter gave. Only who knows that the hour has come may ask.
func (s *Store) Early(ctx context.Context, branch string, d requirement.Date) (claim.Early, error) {
	id := doorID(branch, d)
	s.doors.mu.Lock()
	counts, known := s.doors.early[id]
	s.doors.mu.Unlock()
	if known {
		return counts, nil
	}
	ended, err, _ := s.doors.ending.Do(id, func() (any, error) { return s.endEarly(context.WithoutCancel(ctx), branch, d) })
	if err != nil {
		return claim.Early{}, err
	}
	counts = ended.(claim.Early)
	s.doors.mu.Lock()
	defer s.doors.mu.Unlock()
	if s.doors.early == nil || len(s.doors.early) >= mostPools {
		s.doors.early = map[string]claim.Early{}
	}
	s.doors.early[id] = counts
	return counts, nil
}

// endEarly closes all counters of a door.
func (s *Store) endEarly(ctx context.Context, branch string, d requirement.Date) (counts claim.Early, err error) {
	g, each := errgroup.WithContext(ctx)
	for k := range buckets {
		g.Go(func() (err error) {
			counts[k], err = s.closeCounter(each, doorKey(branch, d, k))
			return err
		})
	}
	return counts, g.Wait()
}

// closeCounter fixes how many early numbers a counter gave.
func (s *Store) closeCounter(ctx context.Context, k key) (early int64, err error) {
	err = s.again(ctx, func() (bool, error) {
		it, err := s.get(ctx, s.table, k)
		if err != nil {
			return false, err
		}
		early = getN(it, "n")
		if it["early"] != nil {
			early = getN(it, "early")
			return true, nil
		}
		in := &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: k.attributes(), UpdateExpression: aws.String("SET early = :n, n = :n"),
			ConditionExpression: aws.String("attribute_not_exists(early) AND n = :n"), ExpressionAttributeValues: item{":n": num(early)}}
		if it == nil {
			in.ConditionExpression = aws.String("attribute_not_exists(PK)")
		}
		_, err = s.db.UpdateItem(ctx, in)
		var failed *types.ConditionalCheckFailedException
		if errors.As(err, &failed) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return 0, fmt.Errorf("early numbers: %w", err)
	}
	return early, nil
}
