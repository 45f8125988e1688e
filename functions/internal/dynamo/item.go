package dynamo

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type item = map[string]types.AttributeValue

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func num(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}
func bin(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }

// getS, getN and getB read an attribute; a missing one is the zero value.
func getS(it item, name string) string {
	if v, ok := it[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func getN(it item, name string) int64 {
	if v, ok := it[name].(*types.AttributeValueMemberN); ok {
		n, err := strconv.ParseInt(v.Value, 10, 64)
		if err == nil {
			return n
		}
	}
	return 0
}

func getB(it item, name string) []byte {
	if v, ok := it[name].(*types.AttributeValueMemberB); ok {
		return v.Value
	}
	return nil
}

// getTime reads Unix seconds as UTC; 0 is the zero time.
func getTime(it item, name string) time.Time {
	n := getN(it, name)
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

func unix(t time.Time) types.AttributeValue {
	if t.IsZero() {
		return num(0)
	}
	return num(t.Unix())
}

// put writes a new item; it fails if there is one under the key.
func put(table string, k key, it item) types.TransactWriteItem {
	return putIf(table, k, it, "attribute_not_exists(PK)", nil, nil)
}

func putIf(table string, k key, it item, condition string, names map[string]string, values item) types.TransactWriteItem {
	for name, v := range k.attributes() {
		it[name] = v
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName: aws.String(table), Item: it, ConditionExpression: aws.String(condition),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld}}
}

func update(table string, k key, expression, condition string, names map[string]string, values item) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: aws.String(table), Key: k.attributes(), UpdateExpression: aws.String(expression),
		ConditionExpression: aws.String(condition), ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld}}
}
