// Command lambda runs inspection on AWS Lambda.
package main

import (
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"lapakasik/functions/inspect/wire"
	"lapakasik/functions/internal/parts"
)

func main() {
	p := parts.New(os.Getenv, os.Stdout)
	s, err := wire.Service(p)
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(s.Handle)
}
