// Command lambda runs registration on AWS Lambda.
package main

import (
	"context"
	"log"
	"os"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/register/wire"
)

func main() {
	p, err := parts.New(context.Background(), os.Getenv, os.Stdout)
	if err != nil {
		log.Fatal(err)
	}
	h, err := wire.Handler(p)
	if err != nil {
		log.Fatal(err)
	}
	parts.ServeHTTP(h)
}
