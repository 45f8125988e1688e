// Command draw lets anybody recompute an opening by draw from its published file:
//
//	go run ./infra/draw verify FILE [-ticket TICKET] [-commitment DIGEST] [-list DIGEST]
//
// It says that the result follows from the committed seed, the closed list and
// the public value, and with a ticket which rank it has and what it got; or it
// names the first thing that is wrong and ends with status 1. With the
// commitment and the list digest that the page of the draws showed before the
// window and at its close, it also finds a file that was made anew as a whole.
// There is no person in the file, and nothing is asked of anybody.
package main

import (
	"errors"
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

const usage = "usage: go run ./infra/draw verify FILE [-ticket TICKET] [-commitment DIGEST] [-list DIGEST]"

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("draw", flag.ContinueOnError)
	ticket := flags.String("ticket", "", "ticket from the receipt")
	commitment := flags.String("commitment", "", "commitment as the page of the draws showed it before the window")
	list := flags.String("list", "", "list digest as the page of the draws showed it at the close")
	if len(args) < 2 || args[0] != "verify" {
		return errors.New(usage)
	}
	if err := flags.Parse(args[2:]); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return errors.New(usage)
	}
	r, err := read(args[1])
	if err != nil {
		return err
	}
	if err := errors.Join(r.Verify(), r.Against(*commitment, *list)); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %s, %s: %d tickets, all as the rules say: the file agrees with itself.\n", r.Branch, r.Channel, r.Date, len(r.Places))
	compare(out, "commitment", r.Commitment, *commitment, "before "+r.Opens)
	compare(out, "list digest", r.ListDigest, *list, "after "+r.Closes+" and before the public value was known")
	fmt.Fprintf(out, "Compare the public value %q with its source: %s\n", r.PublicValue, r.PublicSource)
	return find(out, r, *ticket)
}

func read(name string) (lot.Result, error) {
	f, err := os.Open(name)
	if err != nil {
		return lot.Result{}, err
	}
	defer f.Close()
	return lot.Read(f)
}

// compare says that a digest is the one that was given, or asks to compare it.
func compare(out io.Writer, name, is, noted, when string) {
	if noted != "" {
		fmt.Fprintf(out, "The %s is the one that you gave.\n", name)
		return
	}
	fmt.Fprintf(out, "Compare the %s %s with what /undian showed %s: a file that was made anew as a whole has another one.\n", name, is, when)
}

// find says which rank a ticket has and what it got.
func find(out io.Writer, r lot.Result, ticket string) error {
	if ticket == "" {
		return nil
	}
	switch rank, time := r.Find(ticket); {
	case rank == 0:
		return fmt.Errorf("ticket %s is not in the list", ticket)
	case time == "":
		fmt.Fprintf(out, "Ticket %s: rank %d, on the wait list\n", ticket, rank)
	default:
		fmt.Fprintf(out, "Ticket %s: rank %d, place at %s\n", ticket, rank, time)
	}
	return nil
}
