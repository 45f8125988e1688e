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
)

// A Letter is an outbox row: a message that a registration's owner is owed.
type Letter struct {
	Registration string
	Seq          string // "000003"; later ones are told later
	Kind         claim.Message
	Tries        int // that failed
	Begun        int // times that somebody began to send it
}

func letterKey(l Letter) key { return key{"REG#" + l.Registration, "OUT#" + l.Seq} }

// LettersDue returns the messages that are due, oldest first in each of eight
// shards, at most limit of each, and of each registration only the first that
// was not sent: what was decided is never told before what was confirmed.
func (s *Store) LettersDue(ctx context.Context, limit int) ([]Letter, error) {
	return s.letters(ctx, "DUE", limit)
}

// DeadLetters returns the messages that could not be sent.
func (s *Store) DeadLetters(ctx context.Context, limit int) ([]Letter, error) {
	return s.letters(ctx, "DEAD", limit)
}

func (s *Store) letters(ctx context.Context, queue string, limit int) ([]Letter, error) {
	var out []Letter
	for n := range buckets {
		found, err := s.db.Query(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI2"), Limit: aws.Int32(int32(min(limit, 1000))),
			KeyConditionExpression:    aws.String("GSI2PK = :pk AND GSI2SK < :now"),
			ExpressionAttributeValues: item{":pk": str(fmt.Sprintf("%s#%d", queue, n)), ":now": str(s.Now().UTC().Format(time.RFC3339) + "~")}})
		if err != nil {
			return nil, fmt.Errorf("due letters: %w", err)
		}
		seen := map[string]bool{}
		for _, it := range found.Items {
			id := strings.TrimPrefix(getS(it, "PK"), "REG#")
			if seen[id] {
				continue
			}
			seen[id] = true
			l, err := s.first(ctx, id, queue)
			if err != nil {
				return nil, err
			}
			out = append(out, l...)
		}
	}
	return out, nil
}

// first is a registration's first unsent message, if it is of the queue and due.
func (s *Store) first(ctx context.Context, id, queue string) ([]Letter, error) {
	rows, err := s.query(ctx, "REG#"+id, "OUT#", true)
	if err != nil {
		return nil, err
	}
	for _, it := range rows {
		at := getS(it, "GSI2PK")
		if at == "" || queue == "DUE" && strings.HasPrefix(at, "DEAD#") {
			continue
		}
		due, _, _ := strings.Cut(getS(it, "GSI2SK"), "#")
		if !strings.HasPrefix(at, queue+"#") || due > s.Now().UTC().Format(time.RFC3339) {
			return nil, nil
		}
		return []Letter{{id, strings.TrimPrefix(getS(it, "SK"), "OUT#"), claim.Message(getS(it, "kind")), int(getN(it, "tries")), int(getN(it, "begun"))}}, nil
	}
	return nil, nil
}

// LetterBegun notes that somebody is about to send a message, before it goes:
// so it is known how often it may have gone without a mark. false: another
// sender was faster, or it was sent.
func (s *Store) LetterBegun(ctx context.Context, l Letter) (bool, error) {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: letterKey(l).attributes(),
		UpdateExpression: aws.String("SET begun = :next"), ConditionExpression: aws.String("attribute_exists(GSI2PK) AND (begun = :seen OR attribute_not_exists(begun) AND :seen = :zero)"),
		ExpressionAttributeValues: item{":next": num(int64(l.Begun + 1)), ":seen": num(int64(l.Begun)), ":zero": num(0)}})
	return err == nil, ignoreCondition(err)
}

// LetterSent keeps the receipt of a message and takes it off what is due. A
// message that was taken off before stays as it is.
func (s *Store) LetterSent(ctx context.Context, l Letter, receipt string) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: letterKey(l).attributes(),
		UpdateExpression: aws.String("SET sent = :now, receipt = :receipt REMOVE GSI2PK, GSI2SK"), ConditionExpression: aws.String("attribute_exists(GSI2PK)"),
		ExpressionAttributeValues: item{":now": unix(s.Now()), ":receipt": str(receipt)}})
	return ignoreCondition(err)
}

// LetterFailed notes a failed try: the message is due again at the moment, or
// with dead goes to the list of those that need a person.
func (s *Store) LetterFailed(ctx context.Context, l Letter, again time.Time, dead bool) error {
	queue := dueShard(l.Registration)
	if dead {
		queue, again = strings.Replace(queue, "DUE", "DEAD", 1), s.Now()
	}
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: letterKey(l).attributes(),
		UpdateExpression: aws.String("SET GSI2PK = :pk, GSI2SK = :sk ADD tries :one"), ConditionExpression: aws.String("attribute_exists(GSI2PK)"),
		ExpressionAttributeValues: item{":pk": str(queue), ":one": num(1), ":sk": str(again.UTC().Format(time.RFC3339) + "#" + l.Registration)}})
	return ignoreCondition(err)
}

// Retry makes a message that could not be sent due again, with all its tries,
// and notes who asked. claim.ErrNotFound if it is none of the branch's.
func (s *Store) Retry(ctx context.Context, by claim.Desk, l Letter) error {
	_, err := s.change(ctx, l.Registration, change{action: "send again", actor: by.Officer, quiet: true, full: claim.ErrNotFound,
		check: at(by.Branch, func(*record) error { return nil }),
		apply: func(*record) []types.TransactWriteItem {
			return []types.TransactWriteItem{update(s.table, letterKey(l), "SET GSI2PK = :pk, GSI2SK = :sk, tries = :zero, begun = :zero", "begins_with(GSI2PK, :dead)", nil,
				item{":pk": str(dueShard(l.Registration)), ":sk": str(s.Now().UTC().Format(time.RFC3339) + "#" + l.Registration), ":zero": num(0), ":dead": str("DEAD#")})}
		}})
	return err
}

// reminders is the consent without which nobody is reminded (content/data/persetujuan.yaml).
const reminders = "pengingat"

// Remind owes the owner of a submitted claim a reminder of its place, once for
// each place. false: it is owed already, the claim is not waiting any more, or
// its owner did not ask to be reminded (UU 27/2022 art. 20(2)a).
func (s *Store) Remind(ctx context.Context, id string) (bool, error) {
	rec, err := s.record(ctx, id)
	if err != nil || rec.Status != claim.Submitted || !slices.ContainsFunc(rec.Consents, func(c claim.ConsentProof) bool { return c.Code == reminders }) {
		return false, err
	}
	k := key{regKey(id).pk, "OUT#" + fmt.Sprintf("%06d", rec.seq) + "-r"}
	it := k.attributes()
	it["kind"], it["GSI2PK"] = str(string(claim.MsgReminder)), str(dueShard(id))
	it["GSI2SK"] = str(s.Now().UTC().Format(time.RFC3339) + "#" + id)
	mark := key{regKey(id).pk, "REMINDED#" + string(rec.Place.Date) + "#" + rec.Place.Time}
	err = s.transact(ctx, "remind", "", []types.TransactWriteItem{put(s.table, mark, item{}), put(s.table, k, it)})
	var c *cancelled
	if errors.As(err, &c) && (c.failed(0) || c.failed(1)) {
		return false, nil
	}
	return err == nil, err
}
