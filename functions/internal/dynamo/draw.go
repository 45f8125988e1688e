package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// Draw returns the draw of a channel of a branch-day. claim.ErrNotFound if
// none was announced.
func (s *Store) Draw(ctx context.Context, branch string, d requirement.Date, ch requirement.Channel) (claim.Draw, error) {
	it, err := s.get(ctx, s.table, drawKey(branch, d, ch))
	if err != nil {
		return claim.Draw{}, err
	}
	if it == nil {
		return claim.Draw{}, claim.ErrNotFound
	}
	return readDraw(it)
}

// Draws returns a branch's draws for days from one on, by day and channel.
func (s *Store) Draws(ctx context.Context, branch string, from requirement.Date) ([]claim.Draw, error) {
	items, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("PK = :pk AND SK >= :from"),
		ExpressionAttributeValues: item{":pk": str(drawKey(branch, from, "").pk), ":from": str(string(from))}})
	if err != nil {
		return nil, fmt.Errorf("draws of %s: %w", branch, err)
	}
	out := make([]claim.Draw, len(items))
	for i, it := range items {
		if out[i], err = readDraw(it); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readDraw(it item) (claim.Draw, error) {
	date, ch, _ := strings.Cut(getS(it, "SK"), "#")
	d := claim.Draw{Branch: strings.TrimPrefix(getS(it, "PK"), "DRAW#"), Date: requirement.Date(date), Channel: requirement.Channel(ch),
		State: claim.DrawState(getS(it, "state")), Opens: getTime(it, "opens"), Closes: getTime(it, "closes"),
		Commitment: getS(it, "commitment"), Nonce: getS(it, "nonce"), Source: requirement.Text{ID: getS(it, "source"), EN: getS(it, "source_en")},
		ListDigest: getS(it, "digest"), Entries: int(getN(it, "entries")), Value: getS(it, "value"), Entered: getS(it, "entered"), Confirmed: getS(it, "confirmed"),
		Seed: getS(it, "seed"), Settled: int(getN(it, "settled"))}
	if sessions := getS(it, "sessions"); sessions != "" {
		if err := json.Unmarshal([]byte(sessions), &d.Sessions); err != nil {
			return d, fmt.Errorf("draw %s: %w", d.Name(), err)
		}
	}
	return d, nil
}

// DrawSeed returns the seed that belongs to a draw's nonce, 64 hexadecimal
// digits. It is stored nowhere before the draw: it needs our key.
func (s *Store) DrawSeed(ctx context.Context, d claim.Draw) (string, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return "", err
	}
	name := d.Name() + "#" + d.Nonce
	return keys.Pseudonym("draw seed, first half", name) + keys.Pseudonym("draw seed, second half", name), nil
}

// AnnounceDraw keeps a new draw, whose Commitment is that of DrawSeed, and
// returns the one that counts: of any number who announce at once the first.
func (s *Store) AnnounceDraw(ctx context.Context, d claim.Draw) (claim.Draw, error) {
	it := drawKey(d.Branch, d.Date, d.Channel).attributes()
	it["state"], it["opens"], it["closes"] = str(string(claim.DrawCommitted)), unix(d.Opens), unix(d.Closes)
	it["commitment"], it["nonce"] = str(d.Commitment), str(d.Nonce)
	it["source"], it["source_en"] = str(d.Source.ID), str(d.Source.EN)
	_, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it, ConditionExpression: aws.String("attribute_not_exists(PK)")})
	if err := ignoreCondition(err); err != nil {
		return d, fmt.Errorf("announce draw %s: %w", d.Name(), err)
	}
	return s.Draw(ctx, d.Branch, d.Date, d.Channel)
}

// CloseDraw fixes list and places of a draw whose window is over and returns
// the draw as it is then: of any number who close at once the first counts.
func (s *Store) CloseDraw(ctx context.Context, d claim.Draw) (claim.Draw, error) {
	sessions, err := json.Marshal(d.Sessions)
	if err != nil {
		return d, fmt.Errorf("close draw: %w", err)
	}
	return s.advanceDraw(ctx, d, claim.DrawCommitted, "SET #state = :to, #digest = :digest, #entries = :entries, #sessions = :sessions",
		item{":to": str(string(claim.DrawClosed)), ":digest": str(d.ListDigest), ":entries": num(int64(d.Entries)), ":sessions": str(string(sessions))})
}

// RevealDraw publishes the seed of a closed draw and begins to give the places.
func (s *Store) RevealDraw(ctx context.Context, d claim.Draw, seed string) (claim.Draw, error) {
	return s.advanceDraw(ctx, d, claim.DrawClosed, "SET #state = :to, #seed = :seed",
		item{":to": str(string(claim.DrawDrawn)), ":seed": str(seed)})
}

// OfferLeft gives what a draw has left, the places of winners who had gone, to
// who waits: by offer, and to everybody only from the next announced time on.
func (s *Store) OfferLeft(ctx context.Context, d claim.Draw) error {
	opens, err := s.reopening(ctx)
	if err != nil {
		return err
	}
	all, err := s.seats(ctx, d.Branch, d.Date, string(d.Channel)+"#", true)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.state != seatFree || x.opens > 0 {
			continue
		}
		_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: seatKey(x.place).attributes(),
			UpdateExpression: aws.String("SET opens = :opens"), ConditionExpression: aws.String("#state = :free AND (attribute_not_exists(opens) OR opens = :zero)"),
			ExpressionAttributeNames: map[string]string{"#state": "state"}, ExpressionAttributeValues: item{":opens": unix(opens(x.place, s.Now())), ":free": str(seatFree), ":zero": num(0)}})
		if err := ignoreCondition(err); err != nil {
			return fmt.Errorf("what the draw %s has left: %w", d.Name(), err)
		}
	}
	return nil
}

// FinishDraw notes that everybody was served: of a draw that was drawn, or that
// was closed with nobody in it.
func (s *Store) FinishDraw(ctx context.Context, d claim.Draw) (claim.Draw, error) {
	return s.advanceDraw(ctx, d, d.State, "SET #state = :to", item{":to": str(string(claim.DrawDone))})
}

// VoidDraw ends a draw that was not drawn, with so many in it, and returns it
// as it is then: not ended if its value was confirmed meanwhile.
func (s *Store) VoidDraw(ctx context.Context, d claim.Draw) (claim.Draw, error) {
	const expression, condition = "SET #state = :to, #entries = :entries", "#state = :from AND (attribute_not_exists(#confirmed) OR #confirmed = :had)"
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: drawKey(d.Branch, d.Date, d.Channel).attributes(),
		UpdateExpression: aws.String(expression), ConditionExpression: aws.String(condition), ExpressionAttributeNames: named(expression + condition),
		ExpressionAttributeValues: item{":to": str(string(claim.DrawDone)), ":from": str(string(d.State)), ":had": str(d.Confirmed), ":entries": num(int64(d.Entries))}})
	if err := ignoreCondition(err); err != nil {
		return d, fmt.Errorf("end draw %s: %w", d.Name(), err)
	}
	return s.Draw(ctx, d.Branch, d.Date, d.Channel)
}

func (s *Store) advanceDraw(ctx context.Context, d claim.Draw, from claim.DrawState, expression string, values item) (claim.Draw, error) {
	values[":from"] = str(string(from))
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: drawKey(d.Branch, d.Date, d.Channel).attributes(),
		UpdateExpression: aws.String(expression), ConditionExpression: aws.String("#state = :from"),
		ExpressionAttributeNames: named(expression), ExpressionAttributeValues: values})
	if err := ignoreCondition(err); err != nil {
		return d, fmt.Errorf("draw %s: %w", d.Name(), err)
	}
	return s.Draw(ctx, d.Branch, d.Date, d.Channel)
}

var placeholders = regexp.MustCompile(`#[a-z]+`)

// named returns the names of an expression whose placeholders are the names
// themselves: many a plain word is a reserved one.
func named(expression string) map[string]string {
	out := map[string]string{}
	for _, p := range placeholders.FindAllString(expression, -1) {
		out[p] = p[1:]
	}
	return out
}

// Settle notes that the first ranks of a draw have been served. It never goes back.
func (s *Store) Settle(ctx context.Context, d claim.Draw, ranks int) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: drawKey(d.Branch, d.Date, d.Channel).attributes(),
		UpdateExpression: aws.String("SET settled = :n"), ConditionExpression: aws.String("attribute_exists(PK) AND (attribute_not_exists(settled) OR settled < :n)"),
		ExpressionAttributeValues: item{":n": num(int64(ranks))}})
	return ignoreCondition(err)
}

// EntryOf returns the registration that a ticket belongs to while it is in the
// draw; claim.ErrNotFound once it has a place, waits or is gone.
func (s *Store) EntryOf(ctx context.Context, d claim.Draw, ticket string) (string, error) {
	it, err := s.get(ctx, s.table, entryKey(claim.Place{Branch: d.Branch, Date: d.Date, Channel: d.Channel}, ticket))
	if err != nil {
		return "", err
	}
	if it == nil {
		return "", claim.ErrNotFound
	}
	return getS(it, "reg"), nil
}

// EnterValue notes the public value of a closed draw, by one person of the
// branch; the same value by a second person confirms it, and then it stays.
// Before that, the first may enter another. Errors:
//
//	claim.ErrClosed        the draw is not closed yet, or has its value
//	claim.ErrSecondPerson  the same person entered it
//	claim.ErrStale         another value was entered before; the draw that has it is returned
func (s *Store) EnterValue(ctx context.Context, by claim.Desk, date requirement.Date, ch requirement.Channel, value string) (claim.Draw, error) {
	d, err := s.Draw(ctx, by.Branch, date, ch)
	switch {
	case err != nil:
		return d, err
	case d.State != claim.DrawClosed || d.Confirmed != "":
		return d, claim.ErrClosed
	case d.Entered == "" || d.Entered == by.Officer && d.Value != value:
		return s.writeValue(ctx, by, d, value, "draw-value", "SET #value = :value, #entered = :by", "(attribute_not_exists(#entered) OR #entered = :by)")
	case d.Entered == by.Officer:
		return d, claim.ErrSecondPerson
	case d.Value != value:
		return d, claim.ErrStale
	}
	return s.writeValue(ctx, by, d, value, "draw-confirm", "SET #confirmed = :by", "#value = :value AND #entered <> :by")
}

// writeValue writes it with what the officer did, in one transaction.
func (s *Store) writeValue(ctx context.Context, by claim.Desk, d claim.Draw, value, action, expression, condition string) (claim.Draw, error) {
	now := s.Now()
	condition = "#state = :closed AND attribute_not_exists(#confirmed) AND " + condition
	head := update(s.table, drawKey(d.Branch, d.Date, d.Channel), expression, condition, named(expression+condition), item{":closed": str(string(claim.DrawClosed)), ":by": str(by.Officer), ":value": str(value)})
	act := actKey(by.Officer, now, d.Name(), 1).attributes()
	act["action"], act["reg"], act["value"] = str(action), str(d.Name()), str(value)
	err := s.transact(ctx, action, "", []types.TransactWriteItem{head,
		{Put: &types.Put{TableName: aws.String(s.table), Item: act}}})
	have, readErr := s.Draw(ctx, d.Branch, d.Date, d.Channel)
	var c *cancelled
	switch {
	case readErr != nil:
		return d, errors.Join(err, readErr)
	case err == nil, have.Value == value && (have.Entered == by.Officer || have.Confirmed == by.Officer): // a lost reply
		return have, nil
	case errors.As(err, &c):
		return have, claim.ErrStale
	}
	return d, err
}

// LapseEntry ends an entry whose draw is over. false: it was none (any more).
func (s *Store) LapseEntry(ctx context.Context, id string) (bool, error) {
	return s.did(ctx, id, s.finish(claim.Entered, func(*record) bool { return true }))
}

// within tells whether an entry may be made now: by the server's clock alone
// (TRUST R25). The zero times ask for nothing.
func within(now, from, until time.Time) bool {
	return (from.IsZero() || !now.Before(from)) && (until.IsZero() || now.Before(until))
}
