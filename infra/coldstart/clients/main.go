// Command clients is the smallest Lambda function that has the SDK's clients
// for the store, the files and the keys: what ours cannot start faster than.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func main() {
	cfg := aws.Config{Region: "ap-southeast-3"}
	clients := []any{dynamodb.NewFromConfig(cfg), s3.NewFromConfig(cfg), kms.NewFromConfig(cfg)}
	lambda.Start(func(context.Context) (int, error) { return len(clients), nil })
}
