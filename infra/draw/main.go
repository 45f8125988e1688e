// Command draw lets anybody recompute an opening by draw from its published file:
//
//	go run ./infra/draw verify FILE [-ticket TICKET]
//
// It says that the result follows from the committed seed, the closed list and
// the public value, and with a ticket which rank it has and what it got; or it
// names the first thing that is wrong and ends with status 1. There is no
// person in the file, and nothing is asked of anybody.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"lapakasik/functions/draw/lot"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("draw", flag.ContinueOnError)
	ticket := flags.String("ticket", "", "ticket from the receipt")
	if len(args) < 2 || args[0] != "verify" {
		return fmt.Errorf("usage: go run ./infra/draw verify FILE [-ticket TICKET]")
	}
	if err := flags.Parse(args[2:]); err != nil {
		return err
	}
	f, err := os.Open(args[1])
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := lot.Read(f)
	if err != nil {
		return err
	}
	if err := r.Verify(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %s, %s: %d tickets, all as the rules say. The seed is the one committed; compare commitment %s with what was published before %s.\n",
		r.Branch, r.Channel, r.Date, len(r.Places), r.Commitment, r.Opens)
	fmt.Fprintf(out, "Compare the public value %q with its source: %s\n", r.PublicValue, r.PublicSource)
	if *ticket == "" {
		return nil
	}
	switch rank, time := r.Find(*ticket); {
	case rank == 0:
		return fmt.Errorf("ticket %s is not in the list", *ticket)
	case time == "":
		fmt.Fprintf(out, "Ticket %s: rank %d, on the wait list\n", *ticket, rank)
	default:
		fmt.Fprintf(out, "Ticket %s: rank %d, place at %s\n", *ticket, rank, time)
	}
	return nil
}
