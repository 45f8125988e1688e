package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// A recap cell is where the official recap counts a claim: the branch and day
// of its place, the channel and the status. The empty cell counts nothing.
type cell struct {
	branch  string
	date    requirement.Date
	counter string // channel#status
}

func recapped(r claim.Registration) cell {
	status, ok := r.Status.Recap()
	if !ok {
		return cell{}
	}
	return cell{r.Place.Branch, r.Place.Date, string(r.Place.Channel) + "#" + string(status)}
}

func (c cell) String() string { return c.branch + "|" + string(c.date) + "|" + c.counter }

func parseCell(s string) cell {
	parts := strings.SplitN(s, "|", 3)
	if len(parts) < 3 {
		return cell{}
	}
	return cell{parts[0], requirement.Date(parts[1]), parts[2]}
}

// dueRecap notes that a claim has to be counted anew.
func (s *Store) dueRecap(r *record) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{TableName: aws.String(s.table), Key: recapMarkKey(r.ID).attributes(),
		UpdateExpression:         aws.String("SET GSI2PK = :pk, GSI2SK = :sk ADD #changes :one"),
		ExpressionAttributeNames: map[string]string{"#changes": "changes"},
		ExpressionAttributeValues: item{":pk": str(recapShard(r.ID)), ":one": num(1),
			":sk": str(s.Now().UTC().Format(time.RFC3339) + "#" + r.ID)}}}
}

// RecapDue returns claims to be counted, oldest first in each of eight shards,
// at most limit of each.
func (s *Store) RecapDue(ctx context.Context, limit int) ([]string, error) {
	return s.due(ctx, "RECAP", limit)
}

// due returns the registrations that one of GSI2's queues holds.
func (s *Store) due(ctx context.Context, queue string, limit int) ([]string, error) {
	var ids []string
	for n := range buckets {
		out, err := s.db.Query(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI2"), Limit: aws.Int32(int32(min(limit, 1000))),
			KeyConditionExpression: aws.String("GSI2PK = :pk"), ExpressionAttributeValues: item{":pk": str(fmt.Sprintf("%s#%d", queue, n))}})
		if err != nil {
			return nil, fmt.Errorf("what is due of %s: %w", queue, err)
		}
		for _, it := range out.Items {
			if id := strings.TrimPrefix(getS(it, "PK"), "REG#"); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// CountRecap brings the recap up to date with one claim: what it counted for
// goes down and what it counts for now goes up, in one transaction with the
// mark that says so. Any number of workers may do it at once, any number of
// times. claim.ErrBusy under too much contention; the claim stays due.
func (s *Store) CountRecap(ctx context.Context, id string) error {
	return s.again(ctx, func() (bool, error) {
		mark, err := s.get(ctx, s.table, recapMarkKey(id))
		if err != nil {
			return false, err
		}
		if getS(mark, "GSI2PK") == "" {
			return true, nil // nothing to count, or another worker was faster
		}
		rec, err := s.record(ctx, id)
		if err != nil && !errors.Is(err, claim.ErrNotFound) {
			return false, err
		}
		now := recapped(rec.Registration)
		err = s.transact(ctx, "recap", "", s.recount(id, mark, parseCell(getS(mark, "cell")), now))
		var c *cancelled
		if errors.As(err, &c) && (c.failed(0) || c.passing()) {
			return false, nil
		}
		return err == nil, err
	})
}

func (s *Store) recount(id string, mark item, was, now cell) []types.TransactWriteItem {
	items := []types.TransactWriteItem{update(s.table, recapMarkKey(id), "SET cell = :cell REMOVE GSI2PK, GSI2SK", "attribute_exists(GSI2PK) AND #changes = :seen",
		map[string]string{"#changes": "changes"}, item{":cell": str(now.String()), ":seen": num(getN(mark, "changes"))})}
	if was == now {
		return items
	}
	rows := map[key]map[string]int{}
	count := func(c cell, n int) {
		if c == (cell{}) {
			return
		}
		k := recapKey(c.branch, c.date)
		if rows[k] == nil {
			rows[k] = map[string]int{}
		}
		rows[k][c.counter] += n
	}
	count(was, -1)
	count(now, 1)
	for k, counters := range rows {
		items = append(items, s.addCounters(k, counters))
	}
	return items
}

func (s *Store) addCounters(k key, counters map[string]int) types.TransactWriteItem {
	names, values, parts := map[string]string{}, item{}, []string(nil)
	for counter, n := range counters {
		name, value := fmt.Sprintf("#c%d", len(parts)), fmt.Sprintf(":n%d", len(parts))
		names[name], values[value] = counter, num(int64(n))
		parts = append(parts, name+" "+value)
	}
	return types.TransactWriteItem{Update: &types.Update{TableName: aws.String(s.table), Key: k.attributes(),
		UpdateExpression: aws.String("ADD " + strings.Join(parts, ", ")), ExpressionAttributeNames: names, ExpressionAttributeValues: values}}
}

// A RecapDay is what the recap counts of a branch's day, by "channel#STATUS".
type RecapDay struct {
	Date   requirement.Date
	Counts map[string]int
}

// Recap returns the days of a branch from one day to another, both included,
// that have anything to count, oldest first.
func (s *Store) Recap(ctx context.Context, branch string, from, to requirement.Date) ([]RecapDay, error) {
	items, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table),
		KeyConditionExpression:    aws.String("PK = :pk AND SK BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{":pk": str(recapKey(branch, "").pk), ":from": str(string(from)), ":to": str(string(to))}})
	if err != nil {
		return nil, fmt.Errorf("recap of %s: %w", branch, err)
	}
	out := make([]RecapDay, len(items))
	for i, it := range items {
		out[i] = RecapDay{requirement.Date(getS(it, "SK")), counts(it)}
	}
	return out, nil
}

// RecapSum returns the sums of a branch from one day to another, both
// included, by "channel#STATUS". It is one query.
func (s *Store) RecapSum(ctx context.Context, branch string, from, to requirement.Date) (map[string]int, error) {
	days, err := s.Recap(ctx, branch, from, to)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, d := range days {
		for counter, n := range d.Counts {
			out[counter] += n
		}
	}
	return out, nil
}

// Recount counts the claims of a branch's day anew, as the index knows them,
// and puts the recap's numbers right where they differ. It returns what was
// wrong: by how much each number was too small. What is still to be counted
// must have been counted before; claim.ErrBusy if the numbers changed
// meanwhile.
func (s *Store) Recount(ctx context.Context, branch string, d requirement.Date) (map[string]int, error) {
	regs, err := s.Day(ctx, branch, d)
	if err != nil {
		return nil, err
	}
	row, err := s.get(ctx, s.table, recapKey(branch, d))
	if err != nil {
		return nil, err
	}
	drift := map[string]int{}
	for counter, n := range counts(row) {
		drift[counter] = -n
	}
	for _, r := range regs {
		if c := recapped(r); c != (cell{}) {
			drift[c.counter]++
		}
	}
	for counter, n := range drift {
		if n == 0 {
			delete(drift, counter)
		}
	}
	if len(drift) == 0 {
		return nil, nil
	}
	return drift, s.mendRecap(ctx, recapKey(branch, d), counts(row), drift)
}

func (s *Store) mendRecap(ctx context.Context, k key, have, drift map[string]int) error {
	names, values := map[string]string{}, item{}
	var sets, conditions []string
	for counter, n := range drift {
		i := len(sets)
		name, is, was := fmt.Sprintf("#c%d", i), fmt.Sprintf(":n%d", i), fmt.Sprintf(":o%d", i)
		names[name], values[is] = counter, num(int64(have[counter]+n))
		sets = append(sets, name+" = "+is)
		if old, ok := have[counter]; ok {
			values[was] = num(int64(old))
			conditions = append(conditions, name+" = "+was)
		} else {
			conditions = append(conditions, "attribute_not_exists("+name+")")
		}
	}
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: k.attributes(),
		UpdateExpression: aws.String("SET " + strings.Join(sets, ", ")), ConditionExpression: aws.String(strings.Join(conditions, " AND ")),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values})
	var changed *types.ConditionalCheckFailedException
	if errors.As(err, &changed) {
		return claim.ErrBusy
	}
	return err
}

// RecapKey returns the partition of a branch's recap as the value ":pk" of a
// query, for a program that measures what asking for it costs.
func RecapKey(branch string) map[string]types.AttributeValue {
	return item{":pk": str(recapKey(branch, "").pk)}
}
