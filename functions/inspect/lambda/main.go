// Command lambda runs inspection on AWS Lambda.
package main

import (
	"context"
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"lapakasik/functions/inspect/wire"
	"lapakasik/functions/internal/parts"
)

func main() {
	p, err := parts.New(context.Background(), os.Getenv, os.Stdout)
	if err != nil {
		log.Fatal(err)
	}
	s, err := wire.Service(p)
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(s.Handle)
}
