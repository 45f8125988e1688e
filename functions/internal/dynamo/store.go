package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/seal"
)

// A Store keeps registrations. It is safe for concurrent use.
type Store struct {
	db    *dynamodb.Client
	table string
	keys  string // name of the keys table
	seal  func(context.Context) (*seal.Keys, error)
	// Now is the server's clock, the only one that decides.
	Now func() time.Time
	// Random returns a number in [0, n) for choosing seats and spreading retries.
	Random func(n int) int
	// Life is how long what a rehearsal writes lives: the table's time to live
	// takes it away after that, and the store no longer shows it. 0: for good.
	Life time.Duration
	// Remember is how long this process goes by what it knows of a session's
	// free seats, that there are none too; 0: each booking looks for itself. A
	// repeated form is answered with its own registration all the same.
	Remember time.Duration
	// Reopening returns when seats that are given back open again; nil: at once.
	Reopening func(context.Context) (Reopening, error)
	// OnUnits, if set, hears the write units of each transaction as the engine reports them.
	OnUnits func(operation string, units float64)

	pools pools
	doors doors
	noted sync.Map // keys of days whose wait list is noted
}

// New returns a store on two tables. keys is called when they are first needed.
func New(db *dynamodb.Client, table, keysTable string, keys func(context.Context) (*seal.Keys, error)) *Store {
	return &Store{db: db, table: table, keys: keysTable, seal: keys, Now: time.Now, Random: rand.IntN}
}

// Another returns a store on the same tables that knows nothing of this one, as
// another process would.
func (s *Store) Another() *Store {
	return &Store{db: s.db, table: s.table, keys: s.keys, seal: s.seal, Now: s.Now, Random: s.Random, Remember: s.Remember, Life: s.Life, OnUnits: s.OnUnits}
}

// maxTries bounds the attempts at one transaction under contention (TRUST R18).
const maxTries = 8

// cancelled is a transaction that the engine refused, with a reason for each item.
type cancelled struct{ reasons []types.CancellationReason }

func (c *cancelled) Error() string {
	s := "transaction cancelled:"
	for _, r := range c.reasons {
		s += " " + aws.ToString(r.Code)
	}
	return s
}

// failed tells whether the condition of the i-th item failed.
func (c *cancelled) failed(i int) bool {
	return i < len(c.reasons) && aws.ToString(c.reasons[i].Code) == "ConditionalCheckFailed"
}

// conflicts tells whether another transaction had the i-th item in hand.
func (c *cancelled) conflicts(i int) bool {
	return i < len(c.reasons) && aws.ToString(c.reasons[i].Code) == "TransactionConflict"
}

// old is the item that made the i-th condition fail.
func (c *cancelled) old(i int) item { return c.reasons[i].Item }

// passing tells whether every reason is contention, which may be gone at the next try.
func (c *cancelled) passing() bool {
	for _, r := range c.reasons {
		switch aws.ToString(r.Code) {
		case "None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
		default:
			return false
		}
	}
	return true
}

// transact writes all items or none. A *cancelled error says why nothing was
// written; any other error leaves open whether it was.
func (s *Store) transact(ctx context.Context, operation, token string, items []types.TransactWriteItem) error {
	s.limit(items)
	in := &dynamodb.TransactWriteItemsInput{TransactItems: items, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	if token != "" {
		in.ClientRequestToken = aws.String(token)
	}
	out, err := s.db.TransactWriteItems(ctx, in)
	if err == nil {
		s.count(operation, out.ConsumedCapacity)
		return nil
	}
	var c *types.TransactionCanceledException
	if errors.As(err, &c) {
		return &cancelled{c.CancellationReasons}
	}
	return fmt.Errorf("%s: %w", operation, err)
}

func (s *Store) count(operation string, used []types.ConsumedCapacity) {
	if s.OnUnits == nil {
		return
	}
	var units float64
	for _, c := range used {
		units += aws.ToFloat64(c.CapacityUnits)
	}
	s.OnUnits(operation, units)
}

// again runs attempt until it does not ask for another try, with full jitter
// between tries. claim.ErrBusy after maxTries: nothing was changed.
func (s *Store) again(ctx context.Context, attempt func() (done bool, err error)) error {
	for try := range maxTries {
		done, err := attempt()
		if done || err != nil {
			return err
		}
		if err := s.pause(ctx, try); err != nil {
			return err
		}
	}
	return claim.ErrBusy
}

func (s *Store) pause(ctx context.Context, try int) error {
	limit := min(10<<try, 500) // milliseconds
	t := time.NewTimer(time.Duration(1+s.Random(limit)) * time.Millisecond)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// get reads one item, strongly consistent; nil if there is none.
func (s *Store) get(ctx context.Context, table string, k key) (item, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(table), Key: k.attributes(), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	if len(out.Item) == 0 || s.over(out.Item) {
		return nil, nil
	}
	return out.Item, nil
}

// query reads all items of a partition whose sort key begins with prefix.
func (s *Store) query(ctx context.Context, pk, prefix string, consistent bool) ([]item, error) {
	in := &dynamodb.QueryInput{TableName: aws.String(s.table), ConsistentRead: aws.Bool(consistent),
		KeyConditionExpression:    aws.String("PK = :pk AND begins_with(SK, :sk)"),
		ExpressionAttributeValues: item{":pk": str(pk), ":sk": str(prefix)}}
	if prefix == "" {
		in.KeyConditionExpression = aws.String("PK = :pk")
		delete(in.ExpressionAttributeValues, ":sk")
	}
	return s.pages(ctx, in)
}

func (s *Store) pages(ctx context.Context, in *dynamodb.QueryInput) ([]item, error) {
	var all []item
	for p := dynamodb.NewQueryPaginator(s.db, in); p.HasMorePages(); {
		out, err := p.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("query: %w", err)
		}
		all = append(all, slices.DeleteFunc(out.Items, s.over)...)
	}
	return all, nil
}
