package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/trail"
	"lapakasik/site/requirement"
)

// EventsOf returns the events that were written on a day (UTC), as the index
// of events knows them.
func (s *Store) EventsOf(ctx context.Context, date string) ([]trail.Head, error) {
	var out []trail.Head
	for n := range buckets {
		items, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI2"),
			KeyConditionExpression: aws.String("GSI2PK = :pk"), ExpressionAttributeValues: item{":pk": str(fmt.Sprintf("EVENTS#%s#%d", date, n))}})
		if err != nil {
			return nil, fmt.Errorf("events of %s: %w", date, err)
		}
		for _, it := range items {
			id, rest, _ := strings.Cut(getS(it, "GSI2SK"), "#")
			seq, hash, _ := strings.Cut(rest, "#")
			event, err := strconv.Atoi(seq)
			if err != nil {
				return nil, fmt.Errorf("event key %q", getS(it, "GSI2SK"))
			}
			out = append(out, trail.Head{Claim: id, Event: event, Hash: hash})
		}
	}
	return out, nil
}

// byDay is the key of an event in GSI2, with its hash.
func (e event) byDay(hash string) (pk, sk string) {
	return fmt.Sprintf("EVENTS#%s#%d", time.UnixMilli(e.At).UTC().Format(time.DateOnly), shard(e.Registration)), fmt.Sprintf("%s#%06d#%s", e.Registration, e.Seq, hash)
}

// EventHash returns the hash of an event as it is computed from what is
// stored, "" if there is none.
func (s *Store) EventHash(ctx context.Context, id string, seq int) (string, error) {
	it, err := s.get(ctx, s.table, eventKey(id, seq))
	if err != nil || it == nil {
		return "", err
	}
	return readEvent(id, seq, it).hash()
}

func readEvent(id string, seq int, it item) event {
	return event{id, seq, getN(it, "at"), getS(it, "actor"), getS(it, "action"), getS(it, "from"), getS(it, "to"), getS(it, "place"), getS(it, "prev")}
}

// Chains calls visit for every registration with the number of its first
// broken event, 0 if none is, and how many events it has. It reads the whole table.
func (s *Store) Chains(ctx context.Context, visit func(id string, broken, events int) error) error {
	for p := dynamodb.NewScanPaginator(s.db, &dynamodb.ScanInput{TableName: aws.String(s.table), FilterExpression: aws.String("SK IN (:reg, :company)"),
		ProjectionExpression: aws.String("PK, seq"), ExpressionAttributeValues: item{":reg": str("REG"), ":company": str("COMPANY")}}); p.HasMorePages(); {
		found, err := p.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("every registration: %w", err)
		}
		for _, it := range found.Items {
			id := strings.TrimPrefix(getS(it, "PK"), "REG#")
			broken, err := s.VerifyEvents(ctx, id)
			if err != nil {
				return err
			}
			if err := visit(id, broken, int(getN(it, "seq"))); err != nil {
				return err
			}
		}
	}
	return nil
}

// Acts returns what somebody of the staff did on a day (UTC), oldest first.
func (s *Store) Acts(ctx context.Context, officer string, d requirement.Date) ([]claim.Act, error) {
	items, err := s.query(ctx, "ACT#"+officer+"#"+string(d), "", true)
	if err != nil {
		return nil, fmt.Errorf("acts: %w", err)
	}
	var out []claim.Act
	for _, it := range items {
		ms, _, _ := strings.Cut(getS(it, "SK"), "#")
		at, err := strconv.ParseInt(ms, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("act key %q", getS(it, "SK"))
		}
		out = append(out, claim.Act{At: millis(at), Action: getS(it, "action"), Registration: getS(it, "reg")})
	}
	return out, nil
}

// Trail returns the events of a claim, or of a company's request, of a branch
// that serves tells, and the number of the first broken one, 0 for none; that
// somebody asked is an event itself. claim.ErrNotFound for one of another
// branch too.
func (s *Store) Trail(ctx context.Context, by string, id string, serves func(branch string) bool) ([]claim.Step, int, error) {
	broken, err := s.VerifyEvents(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	// The look is written first: who cannot be noted sees nothing.
	if err := s.noteTrail(ctx, by, id, serves); err != nil {
		return nil, 0, err
	}
	steps, err := s.History(ctx, id)
	return steps, broken, err
}

func (s *Store) noteTrail(ctx context.Context, by, id string, serves func(branch string) bool) error {
	const look = "view trail"
	served := func(branch string) error {
		if !serves(branch) {
			return claim.ErrNotFound
		}
		return nil
	}
	_, err := s.firm(ctx, id)
	switch {
	case err == nil:
		_, err = s.changeFirm(ctx, id, firmChange{action: look, actor: by, quiet: true, check: func(f *firm) error { return served(f.Branch) }})
	case errors.Is(err, claim.ErrNotFound):
		_, err = s.change(ctx, id, change{action: look, actor: by, quiet: true, apply: func(*record) []types.TransactWriteItem { return nil },
			check: func(r *record) error { return served(r.Place.Branch) }})
	}
	return err
}

// IDOf returns the id that a code's registration has, whether there is one or not.
func (s *Store) IDOf(ctx context.Context, code string) (string, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return "", err
	}
	return keys.RegistrationID(code), nil
}

// ByNIK returns the newest registrations of a person, one of each programme
// in which there is one.
func (s *Store) ByNIK(ctx context.Context, nik string, programmes []string) ([]string, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range programmes {
		lock, err := s.get(ctx, s.table, lockKey(keys.NIK(nik), p))
		if err != nil {
			return nil, err
		}
		if id := getS(lock, "reg"); id != "" {
			out = append(out, id)
		}
	}
	return out, nil
}
