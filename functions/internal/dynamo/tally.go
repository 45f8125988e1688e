package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/tally"
)

// dueTally returns the row that asks to count the record's newest event. It is
// a row of its own beside the outbox, so sending and counting never wait for
// each other.
func (s *Store) dueTally(r *record) types.TransactWriteItem {
	return put(s.table, tallyKey(r.ID, r.seq), item{
		"GSI2PK": str(tallyShard(r.ID)), "GSI2SK": str(s.Now().UTC().Format(time.RFC3339) + "#" + r.ID)})
}

// TallyDue returns registrations with something to count, oldest first in each
// of eight shards, at most limit of each.
func (s *Store) TallyDue(ctx context.Context, limit int) ([]string, error) {
	return s.due(ctx, "TALLY", limit)
}

// Tally counts what was not counted yet of a registration, in the order in
// which it happened, and returns how many steps it counted. Any number of
// workers may do it at once, any number of times: each step counts once.
// claim.ErrBusy under too much contention; the rest stays due.
func (s *Store) Tally(ctx context.Context, id string) (int, error) {
	n := 0
	for {
		history, err := s.history(ctx, id)
		if err != nil {
			return n, err
		}
		step, month, adds, due := history.Due(s.Now())
		if !due {
			return n, nil
		}
		counted, err := s.Record(ctx, id, step.Seq, month, adds)
		if err != nil {
			return n, fmt.Errorf("tally: %w", err)
		}
		if counted {
			n++
		}
	}
}

// Record counts one step of a registration exactly once: the mark that it was
// counted and the numbers are one transaction. false: it had been counted.
func (s *Store) Record(ctx context.Context, id string, seq int, month tally.Month, adds []tally.Add) (bool, error) {
	return s.countOnce(ctx, "tally", tallyKey(id, seq), item{"month": str(string(month))}, "month", adds)
}

// Answer counts a filled-in survey. claim.ErrAnswered if the invitation was
// used. Nothing says when, or what was answered.
func (s *Store) Answer(ctx context.Context, invitation string, adds []tally.Add) error {
	// To the month, so that the mark does not tell the moment.
	ttl := tally.MonthOf(s.Now()).Start().AddDate(1, 1, 0)
	counted, err := s.countOnce(ctx, "answer", spentKey(invitation), item{"ttl": num(ttl.Unix())}, "PK", adds)
	if err == nil && !counted {
		return claim.ErrAnswered
	}
	return err
}

// countOnce writes mark, unless there is one with the attribute, and the
// numbers in one transaction; false if there was.
func (s *Store) countOnce(ctx context.Context, operation string, k key, mark item, attribute string, adds []tally.Add) (bool, error) {
	did := false
	err := s.again(ctx, func() (bool, error) {
		items := []types.TransactWriteItem{putIf(s.table, k, mark, "attribute_not_exists(#once)", map[string]string{"#once": attribute}, nil)}
		err := s.transact(ctx, operation, "", append(items, s.adds(adds)...))
		var c *cancelled
		switch {
		case err == nil:
			did = true
			return true, nil
		case errors.As(err, &c) && c.failed(0):
			return true, nil
		case errors.As(err, &c) && c.passing():
			return false, nil
		}
		return false, err
	})
	return did, err
}

// adds are the updates of one transaction, one for each row.
func (s *Store) adds(adds []tally.Add) []types.TransactWriteItem {
	byRow := map[key][]tally.Add{}
	var rows []key
	for _, a := range adds {
		k := statKey(a.Key)
		if byRow[k] == nil {
			rows = append(rows, k)
		}
		byRow[k] = append(byRow[k], a)
	}
	var out []types.TransactWriteItem
	for _, k := range rows {
		names, values := map[string]string{}, item{}
		var parts []string
		for i, a := range byRow[k] {
			name, value := fmt.Sprintf("#c%d", i), fmt.Sprintf(":n%d", i)
			names[name], values[value] = a.Counter, num(int64(a.N))
			parts = append(parts, name+" "+value)
		}
		out = append(out, types.TransactWriteItem{Update: &types.Update{TableName: aws.String(s.table), Key: k.attributes(),
			UpdateExpression: aws.String("ADD " + strings.Join(parts, ", ")), ExpressionAttributeNames: names, ExpressionAttributeValues: values}})
	}
	return out
}

// history reads a registration's audit trail with the marks of what was counted.
func (s *Store) history(ctx context.Context, id string) (tally.History, error) {
	marks, err := s.query(ctx, regKey(id).pk, "TAL#", true)
	if err != nil {
		return nil, err
	}
	counted := map[string]tally.Month{}
	for _, it := range marks {
		counted[strings.TrimPrefix(getS(it, "SK"), "TAL#")] = tally.Month(getS(it, "month"))
	}
	events, err := s.query(ctx, regKey(id).pk, "EV#", true)
	if err != nil {
		return nil, err
	}
	out := make(tally.History, 0, len(events))
	for i, it := range events {
		place := strings.Split(getS(it, "place"), "#")
		if len(place) < 3 {
			return nil, fmt.Errorf("event %s of a registration has no place", getS(it, "SK"))
		}
		out = append(out, tally.Step{Seq: i + 1, At: millis(getN(it, "at")), Action: getS(it, "action"),
			From: claim.Status(getS(it, "from")), To: claim.Status(getS(it, "to")), Branch: place[0], Channel: place[2],
			Counted: counted[strings.TrimPrefix(getS(it, "SK"), "EV#")]})
	}
	return out, nil
}

// Results returns what was counted in a month, by branch and channel.
func (s *Store) Results(ctx context.Context, m tally.Month) ([]tally.Row, error) {
	items, err := s.query(ctx, "STAT#"+string(m), "", false)
	if err != nil {
		return nil, fmt.Errorf("results of %s: %w", m, err)
	}
	rows := make([]tally.Row, len(items))
	for i, it := range items {
		branch, channel, _ := strings.Cut(getS(it, "SK"), "#")
		rows[i] = tally.Row{Key: tally.Key{Month: m, Branch: branch, Channel: channel}, Counts: counts(it)}
	}
	return rows, nil
}

// Survey returns the answers of a month.
func (s *Store) Survey(ctx context.Context, m tally.Month) (tally.Row, error) {
	k := tally.Key{Month: m}
	it, err := s.get(ctx, s.table, statKey(k))
	if err != nil {
		return tally.Row{}, fmt.Errorf("survey of %s: %w", m, err)
	}
	return tally.Row{Key: k, Counts: counts(it)}, nil
}

func counts(it item) tally.Counts {
	out := tally.Counts{}
	for name, v := range it {
		if _, ok := v.(*types.AttributeValueMemberN); ok {
			out[name] = int(getN(it, name))
		}
	}
	return out
}
