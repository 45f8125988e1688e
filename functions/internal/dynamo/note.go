package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/seal"
)

// Peek returns a registration of a branch without its private part and
// documents. claim.ErrNotFound for one of another branch too.
func (s *Store) Peek(ctx context.Context, branch, id string) (claim.Registration, error) {
	r, err := s.record(ctx, id)
	if err == nil && r.Place.Branch != branch {
		err = claim.ErrNotFound
	}
	if err != nil {
		return claim.Registration{}, err
	}
	return r.Registration, nil
}

// dataKey returns the key of what belongs to a registration. claim.ErrNotFound
// if it was destroyed.
func (s *Store) dataKey(ctx context.Context, id string) (*seal.DataKey, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return nil, err
	}
	it, err := s.get(ctx, s.keys, dataKeyKey(id))
	if err != nil {
		return nil, err
	}
	if it == nil {
		return nil, claim.ErrNotFound
	}
	data, err := keys.OpenDataKey(id, getB(it, "wrapped"))
	if err != nil {
		return nil, fmt.Errorf("data key of a registration: %w", err)
	}
	return data, nil
}

// AddNote adds a note of an officer to a claim of the officer's branch, with
// its event. No note is ever changed. claim.ErrNotFound, claim.ErrBusy.
func (s *Store) AddNote(ctx context.Context, by claim.Desk, id, text string) error {
	data, err := s.dataKey(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, id, change{action: "note", actor: by.Officer, quiet: true, full: claim.ErrBusy,
		check: at(by.Branch, func(*record) error { return nil }),
		apply: func(r *record) []types.TransactWriteItem {
			return []types.TransactWriteItem{put(s.table, noteKey(r.ID, r.seq+1), item{"sealed": bin(data.SealNote(text)),
				"actor": str(by.Officer), "at": num(s.Now().UnixMilli())})}
		}})
	return err
}

// Notes returns a claim's notes, oldest first.
func (s *Store) Notes(ctx context.Context, id string) ([]claim.Note, error) {
	items, err := s.query(ctx, regKey(id).pk, "NOTE#", true)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	data, err := s.dataKey(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []claim.Note
	for _, it := range items {
		text, err := data.OpenNote(getB(it, "sealed"))
		if err != nil {
			return nil, fmt.Errorf("note: %w", err)
		}
		out = append(out, claim.Note{At: millis(getN(it, "at")), By: getS(it, "actor"), Text: text})
	}
	return out, nil
}

// History returns what happened to a registration, oldest first.
func (s *Store) History(ctx context.Context, id string) ([]claim.Step, error) {
	items, err := s.query(ctx, regKey(id).pk, "EV#", true)
	if err != nil {
		return nil, err
	}
	var out []claim.Step
	for _, it := range items {
		out = append(out, claim.Step{At: millis(getN(it, "at")), Actor: getS(it, "actor"), Action: getS(it, "action")})
	}
	return out, nil
}

func sameFile(keys *seal.Keys, sha256 string) string {
	return "SHA#" + keys.Pseudonym("document", sha256)
}

// SameFile returns by upload how many other claims hold the very same file.
// Other registrations of the same claimant do not count. It reads an index,
// which may be a moment behind.
func (s *Store) SameFile(ctx context.Context, r claim.Registration) (map[string]int, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return nil, err
	}
	own, err := s.record(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, d := range r.Documents {
		if d.State != claim.DocPassed {
			continue
		}
		items, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI3"), Limit: aws.Int32(20),
			KeyConditionExpression: aws.String("GSI3PK = :pk"), ExpressionAttributeValues: item{":pk": str(sameFile(keys, d.SHA256))}})
		if err != nil {
			return nil, err
		}
		others := map[string]bool{}
		for _, it := range items {
			id := strings.TrimPrefix(getS(it, "PK"), "REG#")
			if id == r.ID || others[id] {
				continue
			}
			other, err := s.record(ctx, id)
			if err != nil {
				return nil, err
			}
			// The company's letter is in the claims of all its workers.
			others[id] = other.lock != own.lock && (own.Company == "" || own.Company != other.Company)
		}
		for _, foreign := range others {
			if foreign {
				out[d.Upload]++
			}
		}
	}
	return out, nil
}
