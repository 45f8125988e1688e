package dynamo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
)

// Attempt counts a try in a bucket within the current window of time.
// claim.ErrTooMany from the try after the limit on. A lost reply may count a
// try twice, never not at all.
func (s *Store) Attempt(ctx context.Context, bucket string, limit int, window time.Duration) error {
	now := s.Now()
	start := now.Truncate(window).Unix()
	k := key{"TRY#" + bucket + "#" + strconv.FormatInt(start, 10), "TRY"}
	out, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: k.attributes(),
		UpdateExpression:          aws.String("ADD n :one SET #ttl = :ttl"),
		ExpressionAttributeNames:  map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: item{":one": num(1), ":ttl": num(start + int64(2*window/time.Second))},
		ReturnValues:              types.ReturnValueUpdatedNew})
	if err != nil {
		return fmt.Errorf("count tries: %w", err)
	}
	if getN(out.Attributes, "n") > int64(limit) {
		return claim.ErrTooMany
	}
	return nil
}

func millis(n int64) time.Time { return time.UnixMilli(n).UTC() }
