package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
)

// A firmChange is one step of a company's request.
type firmChange struct {
	action  string
	actor   string
	message claim.Message // empty: nobody is told
	version int           // that the person saw; 0: whichever there is
	quiet   bool          // a look, which changes no version
	check   func(*firm) error
	apply   func(*firm)
}

// changeFirm writes request, event, outbox row and the branch's list in one
// transaction. claim.ErrStale if the request is no longer at the version;
// claim.ErrBusy under too much contention.
func (s *Store) changeFirm(ctx context.Context, id string, ch firmChange) (f firm, err error) {
	err = s.again(ctx, func() (bool, error) {
		old, err := s.firm(ctx, id)
		if err != nil {
			return false, err
		}
		if ch.version != 0 && old.Version != ch.version {
			return true, claim.ErrStale
		}
		if err := ch.check(&old); err != nil {
			return true, err
		}
		f = old
		if ch.apply != nil {
			ch.apply(&f)
		}
		if !ch.quiet {
			f.Version++
		}
		items, err := s.changedFirm(&f, old, ch)
		if err != nil {
			return false, err
		}
		err = s.transact(ctx, ch.action, "", items)
		if err == nil {
			return true, nil
		}
		// See written: a second answer may refuse what the first try wrote.
		if done, readErr := s.happened(ctx, &f.chain); readErr == nil && done {
			return true, nil
		}
		var c *cancelled
		if errors.As(err, &c) && (c.failed(0) || c.failed(1) || c.passing()) {
			return false, nil
		}
		return false, err
	})
	return f, err
}

func (s *Store) changedFirm(f *firm, old firm, ch firmChange) ([]types.TransactWriteItem, error) {
	event, err := s.next(&f.chain, ch.actor, ch.action, claim.Status(old.Status), claim.Status(f.Status))
	if err != nil {
		return nil, err
	}
	it, err := f.item()
	if err != nil {
		return nil, err
	}
	items := []types.TransactWriteItem{putIf(s.table, companyKey(f.ID), it, "v = :v AND seq = :seq", nil,
		item{":v": num(int64(old.Version)), ":seq": num(int64(old.chain.seq))}), event}
	if ch.message != "" {
		items = append(items, s.outbox(&f.chain, ch.message))
	}
	if f.Status != old.Status {
		items = append(items, s.listed(f))
	}
	if ch.actor != actorCompany && ch.actor != actorSystem {
		items = append(items, s.act(&f.chain, change{actor: ch.actor, action: ch.action}))
	}
	return items, nil
}

func (s *Store) editable(f *firm) error {
	if !f.Editable(s.Now()) {
		return claim.ErrClosed
	}
	return nil
}

// ofBranch: the request is of the officer's branch; to others it does not exist.
func ofBranch(branch string, then func(*firm) error) func(*firm) error {
	return func(f *firm) error {
		if f.Branch != branch {
			return claim.ErrNotFound
		}
		return then(f)
	}
}

// rollPart is how many workers one item of a staged list holds, rollLife how
// long a list is kept: until long after its claims were decided.
const (
	rollPart = 250
	rollLife = 180 * 24 * time.Hour
)

// KeepList takes the place of a request's list of workers: the parts are
// written under a new id first, and one change makes the list count, so that
// nobody ever sees half of one. claim.ErrClosed if it cannot be changed any more.
func (s *Store) KeepList(ctx context.Context, id string, version int, list string, workers []company.Worker) (company.Request, error) {
	data, err := s.dataKey(ctx, id)
	if err != nil {
		return company.Request{}, err
	}
	for part := 0; part*rollPart < len(workers); part++ {
		some := workers[part*rollPart : min(len(workers), (part+1)*rollPart)]
		plain, err := json.Marshal(some)
		if err != nil {
			return company.Request{}, fmt.Errorf("list of workers: %w", err)
		}
		it := rollKey(list, part).attributes()
		it["sealed"], it["ttl"] = bin(data.SealPart("list", plain)), unix(s.Now().Add(rollLife))
		if _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it}); err != nil {
			return company.Request{}, fmt.Errorf("list of workers: %w", err)
		}
	}
	f, err := s.changeFirm(ctx, id, firmChange{action: "list", actor: actorCompany, version: version, check: s.editable,
		apply: func(f *firm) { f.List, f.Rows = list, len(workers) }})
	return f.Request, err
}

// KeepProblems keeps for a day what was wrong with a list, for the
// representative to download. It holds rows and columns, nothing of a cell.
func (s *Store) KeepProblems(ctx context.Context, id string, body []byte) error {
	data, err := s.dataKey(ctx, id)
	if err != nil {
		return err
	}
	it := key{companyKey(id).pk, "PROBLEMS"}.attributes()
	it["sealed"], it["ttl"] = bin(data.SealPart("problems", body)), unix(s.Now().Add(24*time.Hour))
	if _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it}); err != nil {
		return fmt.Errorf("problems of a list: %w", err)
	}
	return nil
}

// Problems returns what KeepProblems kept. claim.ErrNotFound if it is gone.
func (s *Store) Problems(ctx context.Context, id string) ([]byte, error) {
	it, err := s.get(ctx, s.table, key{companyKey(id).pk, "PROBLEMS"})
	if err != nil {
		return nil, err
	}
	if it == nil {
		return nil, claim.ErrNotFound
	}
	data, err := s.dataKey(ctx, id)
	if err != nil {
		return nil, err
	}
	return data.OpenPart("problems", getB(it, "sealed"))
}

// Workers returns the list of a request in the order of its rows.
func (s *Store) Workers(ctx context.Context, r company.Request) ([]company.Worker, error) {
	if r.List == "" {
		return nil, nil
	}
	data, err := s.dataKey(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	items, err := s.query(ctx, rollKey(r.List, 0).pk, "", true)
	if err != nil {
		return nil, err
	}
	var out []company.Worker
	for _, it := range items {
		plain, err := data.OpenPart("list", getB(it, "sealed"))
		if err != nil {
			return nil, fmt.Errorf("list of workers: %w", err)
		}
		var some []company.Worker
		if err := json.Unmarshal(plain, &some); err != nil {
			return nil, fmt.Errorf("list of workers: %w", err)
		}
		out = append(out, some...)
	}
	if len(out) != r.Rows {
		return nil, fmt.Errorf("list of workers holds %d rows; want %d", len(out), r.Rows)
	}
	return out, nil
}

// SendCompany hands a request whose letters the caller has checked to the
// branch. claim.ErrClosed without a list, after its time or in another state.
func (s *Store) SendCompany(ctx context.Context, id string, version int) (company.Request, error) {
	f, err := s.changeFirm(ctx, id, firmChange{action: "send", actor: actorCompany, version: version,
		check: func(f *firm) error {
			if f.List == "" {
				return claim.ErrClosed
			}
			return s.editable(f)
		},
		apply: func(f *firm) { f.Status, f.Returns = company.Sent, nil }})
	return f.Request, err
}

// ReturnCompany gives a request back to be mended until a moment, with grounds,
// or with the zero time refuses it. claim.ErrClosed if the branch cannot decide.
func (s *Store) ReturnCompany(ctx context.Context, by claim.Desk, id string, version int, grounds []string, until time.Time) (company.Request, error) {
	ch := firmChange{action: "refuse-company", actor: by.Officer, message: claim.MsgCompanyRefused, version: version, check: ofBranch(by.Branch, sent),
		apply: func(f *firm) { f.Status, f.Returns = company.Refused, grounds }}
	if !until.IsZero() {
		ch.action, ch.message = "return-company", claim.MsgCompanyReturned
		ch.apply = func(f *firm) { f.Status, f.Returns, f.Until = company.Open, grounds, until.UTC().Truncate(time.Second) }
	}
	f, err := s.changeFirm(ctx, id, ch)
	return f.Request, err
}

func sent(f *firm) error {
	if f.Status != company.Sent {
		return claim.ErrClosed
	}
	return nil
}

// AgreeCompany agrees a block of places for all workers of a list, which
// Reserve then takes. claim.ErrClosed if the branch cannot decide, or the block
// has another number of places.
func (s *Store) AgreeCompany(ctx context.Context, by claim.Desk, id string, version int, block []company.Session) (company.Request, error) {
	f, err := s.changeFirm(ctx, id, firmChange{action: "agree-company", actor: by.Officer, version: version,
		check: ofBranch(by.Branch, func(f *firm) error {
			if company.Places(block) != f.Rows {
				return claim.ErrClosed
			}
			return sent(f)
		}),
		apply: func(f *firm) { f.Status, f.Block = company.Reserving, block }})
	return f.Request, err
}

// ViewCompany returns a request of the officer's branch and notes the look:
// what is "company", "letter <document>" or "list".
func (s *Store) ViewCompany(ctx context.Context, by claim.Desk, id, what string) (company.Request, error) {
	_, err := s.changeFirm(ctx, id, firmChange{action: "view " + what, actor: by.Officer, quiet: true,
		check: ofBranch(by.Branch, func(*firm) error { return nil })})
	if err != nil {
		return company.Request{}, err
	}
	return s.CompanyByID(ctx, id)
}
