// Command lambda sends the mails on AWS Lambda.
package main

import (
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/notify/wire"
)

func main() {
	p := parts.New(os.Getenv, os.Stdout)
	s, err := wire.Service(p)
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(s.Handle)
}
