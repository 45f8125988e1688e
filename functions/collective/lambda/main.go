// Command lambda runs collective claims on AWS Lambda.
package main

import (
	"log"
	"os"

	"lapakasik/functions/collective/wire"
	"lapakasik/functions/internal/parts"
)

func main() {
	p := parts.New(os.Getenv, os.Stdout)
	h, err := wire.Handler(p)
	if err != nil {
		log.Fatal(err)
	}
	parts.ServeHTTP(h)
}
