// Command lambda runs document uploads on AWS Lambda.
package main

import (
	"context"
	"log"
	"os"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/upload/wire"
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
