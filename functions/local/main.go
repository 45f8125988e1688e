// Command local runs the whole service on this machine:
//
//	go run ./functions/local -addr 127.0.0.1:8080 -data .data
//
// It prints what it prepares, then the public's address and the officers',
// which has the next port, with the names and passwords of made-up officers;
// the port after that is their identity provider's. Ctrl-C ends
// all that it started; the next start finds yesterday's bookings. FAULT names
// a point at which the program ends itself as kill -9 does (package machine).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"lapakasik/functions/local/machine"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to serve at")
	data := flag.String("data", ".data", "folder of bookings and documents")
	edit := flag.Bool("edit", false, "show each saved edit of content/ in the open browser, drafts included")
	flag.Parse()
	if err := run(*addr, *data, *edit); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(addr, data string, edit bool) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if _, err := os.Stat("template.yaml"); err != nil {
		return errors.New("template.yaml is not here: run this from the top of the checkout")
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	log, err := os.OpenFile(filepath.Join(data, "functions.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("log: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	p, err := machine.Start(ctx, machine.Options{Root: ".", Data: data, Addr: addr, Progress: os.Stderr, Log: log, Edit: edit,
		Fault: os.Getenv("FAULT")})
	if err != nil {
		return err
	}
	fmt.Printf("Lapak Asik is at %s/ (Ctrl-C to end; log in %s)\n", p.URL, log.Name())
	fmt.Printf("Officers work at %s/ with these made-up accounts:\n", p.StaffURL)
	for _, a := range p.Accounts {
		fmt.Printf("  %-11s %s  %v %s\n", a.Username, a.Password, a.Roles, strings.Join(a.Branches, " "))
	}
	fmt.Printf("Mails to participants are kept in %s\n", filepath.Join(data, "mail"))
	<-ctx.Done()
	return p.Close()
}
