// Command lambda runs the supervisors' pages on AWS Lambda.
package main

import (
	"log"
	"os"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/supervise/wire"
)

func main() {
	p := parts.New(os.Getenv, os.Stdout)
	h, err := wire.Handler(p)
	if err != nil {
		log.Fatal(err)
	}
	parts.ServeHTTP(h)
}
