package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/site/requirement"
)

// limit gives new items of a rehearsal their end.
func (s *Store) limit(items []types.TransactWriteItem) {
	if s.Life == 0 {
		return
	}
	for _, it := range items {
		if it.Put != nil {
			it.Put.Item["ttl"] = unix(s.Now().Add(s.Life))
		}
	}
}

// over tells whether an item's time has passed: the engine takes it away when
// it gets round to it, which may be two days later.
func (s *Store) over(it item) bool {
	end := getN(it, "ttl")
	return end > 0 && end < s.Now().Unix()
}

// limitDay gives a rehearsal's seats and days their end. They hold nothing of
// a person, so they stay for as long as their day can be booked: a day must
// never lose some of its seats before others.
func (s *Store) limitDay(it item, d requirement.Date) {
	if s.Life == 0 {
		return
	}
	if day, err := time.Parse(time.DateOnly, string(d)); err == nil {
		it["ttl"] = unix(day.AddDate(0, 0, 2))
	}
}

// end is until when a seat or lock is held: the zero time for no end, which a
// rehearsal does not have.
func (s *Store) end(until time.Time) time.Time {
	if s.Life > 0 && until.IsZero() {
		return s.Now().Add(s.Life)
	}
	return until
}

// clear takes a seat back whose time has passed: it ends the draft that held
// it or, where a rehearsal's registration is gone already, frees the seat alone.
func (s *Store) clear(ctx context.Context, x seat) error {
	did, err := s.lapse(ctx, x.reg)
	if did || err != nil || s.Life == 0 {
		return err
	}
	_, err = s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: seatKey(x.place).attributes(),
		UpdateExpression: aws.String("SET #state = if_not_exists(#after, :free) REMOVE reg, #until"), ConditionExpression: aws.String("reg = :reg AND #until < :now"),
		ExpressionAttributeNames:  map[string]string{"#state": "state", "#until": "until", "#after": "after"},
		ExpressionAttributeValues: item{":free": str(seatFree), ":reg": str(x.reg), ":now": num(s.Now().Unix())}})
	return ignoreCondition(err)
}
