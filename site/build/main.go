// Command build makes the public site from content/:
//
//	go run ./site/build -out site/dist -origin https://lapakasik.example
//
// It exits with 1 and every mistake in the content, each as
// file:line:column with an excerpt.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"lapakasik/site"
)

func main() {
	content := flag.String("content", "content", "folder of the content")
	out := flag.String("out", "site/dist", "folder to write to")
	origin := flag.String("origin", "http://127.0.0.1:8080", "public origin, for canonical links")
	flag.Parse()
	if err := run(*content, *out, *origin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(content, out, origin string) error {
	ctx, began := context.Background(), time.Now()
	r, err := site.Update(ctx, os.DirFS(content), out, site.Options{Origin: strings.TrimSuffix(origin, "/")})
	if err != nil {
		return err
	}
	fmt.Printf("%d pages, %d of them made, %d files in %s, requirement set %s, %d ms\n",
		r.Pages, r.Made, r.Files, out, r.Set, time.Since(began).Milliseconds())
	return nil
}
