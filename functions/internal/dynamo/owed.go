package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"lapakasik/functions/internal/claim"
)

// owed compares a registration's events with its messages (TRUST R33): each
// event that owes one (claim.Told) has it, each message has its event, and is
// sent, due, or on the list of those that need a person.
func (s *Store) owed(ctx context.Context, id string) ([]string, error) {
	events, err := s.query(ctx, regKey(id).pk, "EV#", true)
	if err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, regKey(id).pk, "OUT#", true)
	if err != nil {
		return nil, err
	}
	var out []string
	kinds := map[string]claim.Message{}
	for _, it := range rows {
		seq := strings.TrimPrefix(getS(it, "SK"), "OUT#")
		kinds[seq] = claim.Message(getS(it, "kind"))
		if getS(it, "GSI2PK") == "" && getN(it, "sent") == 0 {
			out = append(out, fmt.Sprintf("registration %s, message %s is neither sent nor due", id, seq))
		}
	}
	for _, it := range events {
		seq, action := strings.TrimPrefix(getS(it, "SK"), "EV#"), getS(it, "action")
		if has, want := kinds[seq], claim.Told(action, claim.Status(getS(it, "from")), claim.Status(getS(it, "to"))); has != want {
			out = append(out, fmt.Sprintf("registration %s, event %s %q has the message %q; owed is %q", id, seq, action, has, want))
		}
		delete(kinds, seq)
	}
	for seq := range kinds {
		if !strings.Contains(seq, "-") { // a reminder is of the calendar, not of an event
			out = append(out, fmt.Sprintf("registration %s, message %s is of no event", id, seq))
		}
	}
	slices.Sort(out)
	return out, nil
}

// Unsent returns the registrations that have a message due since before a
// moment: nobody sends it, or an earlier one holds it up.
func (s *Store) Unsent(ctx context.Context, before time.Time) ([]string, error) {
	var ids []string
	for n := range buckets {
		items, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI2"),
			KeyConditionExpression:    aws.String("GSI2PK = :pk AND GSI2SK < :before"),
			ExpressionAttributeValues: item{":pk": str(fmt.Sprintf("DUE#%d", n)), ":before": str(before.UTC().Format(time.RFC3339))}})
		if err != nil {
			return nil, fmt.Errorf("unsent messages: %w", err)
		}
		for _, it := range items {
			if id := strings.TrimPrefix(getS(it, "PK"), "REG#"); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}
