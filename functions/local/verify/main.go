// Command verify checks the audit trails: every claim's chain of events, every
// sealed day, and that the events which the days name are there. It names the
// first broken event of each claim and ends with status 1 if there is one.
// infra/audit runs it.
//
//	infra/audit -data .data     what the program on one machine keeps; the program must not run
//	infra/audit -aws            TABLE, AUDIT_BUCKET, AWS_REGION and credentials from the environment
//	infra/audit -claims         beside that compares seats, registrations, locks, documents and messages, as
//	                            the nightly job does; with -aws what its environment names is needed too
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/trail"
	"lapakasik/functions/local/machine"
	"lapakasik/functions/schedule/wire"
)

func main() {
	data := flag.String("data", ".data", "folder of the program on one machine")
	cloud := flag.Bool("aws", false, "check the table and bucket that the environment names")
	claims := flag.Bool("claims", false, "compare seats, registrations, locks, documents and messages too")
	flag.Parse()
	whole, err := run(context.Background(), *data, *cloud, *claims, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !whole {
		os.Exit(1)
	}
}

func run(ctx context.Context, data string, cloud, claims bool, out io.Writer) (whole bool, err error) {
	p := parts.New(os.Getenv, os.Stderr)
	if !cloud {
		var end func() error
		if p, end, err = machine.Parts(ctx, machine.Options{Root: ".", Data: data}, "functions/schedule/lambda"); err != nil {
			return false, err
		}
		defer func() { err = errors.Join(err, end()) }()
	}
	agree := true
	if claims {
		if agree, err = reconcile(ctx, p, out); err != nil {
			return false, err
		}
	}
	store, archive := p.Trails(), p.Archive()
	if err := p.Err(); err != nil {
		return false, err
	}
	r, err := trail.Verify(ctx, store, archive)
	if err != nil {
		return false, err
	}
	for _, f := range r.Findings {
		fmt.Fprintln(out, f)
	}
	fmt.Fprintf(out, "%d claims with %d events, %d sealed days: ", r.Claims, r.Events, r.Days)
	if len(r.Findings) > 0 {
		fmt.Fprintf(out, "%d broken\n", len(r.Findings))
		return false, nil
	}
	fmt.Fprintln(out, "whole")
	return agree, nil
}

// reconcile prints every difference that the nightly job would find.
func reconcile(ctx context.Context, p *parts.Parts, out io.Writer) (agree bool, err error) {
	s, err := wire.Service(p)
	if err != nil {
		return false, err
	}
	set, err := s.Sets.Current(ctx)
	if err != nil {
		return false, err
	}
	found, err := s.Differences(ctx, set)
	for _, d := range found {
		fmt.Fprintln(out, d)
	}
	fmt.Fprintf(out, "%d differences\n", len(found))
	return len(found) == 0, err
}
