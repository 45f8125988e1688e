package machinetest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lapakasik/functions/local/machine"
)

// The variables that make a test binary a program: its folder of data, and
// where it ends.
const (
	folderVariable = "MACHINETEST_FOLDER"
	faultVariable  = "MACHINETEST_FAULT"
)

// Main is what TestMain calls in a package that starts a Process: it is the
// program where it was asked to be, and else runs the tests.
func Main(m *testing.M, tests func(*testing.M) (int, error)) {
	code, err := 0, error(nil)
	if dir := os.Getenv(folderVariable); dir != "" {
		err = serve(dir)
	} else {
		code, err = tests(m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// serve does what its input says, a line each.
func serve(dir string) (err error) {
	var clock atomic.Value // of func() time.Time
	clock.Store(time.Now)
	var p *machine.Program
	defer func() {
		if p != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var answer []byte
		switch what, value, _ := strings.Cut(lines.Text(), " "); what {
		case "ahead":
			var d time.Duration
			d, err = time.ParseDuration(value)
			clock.Store(func() time.Time { return time.Now().Add(d) })
		case "stand":
			var at time.Time
			at, err = time.Parse(time.RFC3339, value)
			clock.Store(func() time.Time { return at })
		case "start":
			if p, err = start(dir, func() time.Time { return clock.Load().(func() time.Time)() }); err == nil {
				answer, err = json.Marshal(map[string]any{"URL": p.URL, "StaffURL": p.StaffURL, "Accounts": p.Accounts})
			}
		case "run":
			err = p.Run(context.Background(), value)
		}
		if err != nil {
			return err
		}
		fmt.Printf("%s\n", answer)
	}
	return nil
}

func start(dir string, now func() time.Time) (*machine.Program, error) {
	root := filepath.Join(dir, "root")
	if err := errors.Join(os.RemoveAll(root), EveryDay(root), fewPlaces(filepath.Join(root, "content"))); err != nil {
		return nil, err
	}
	return machine.Start(context.Background(), machine.Options{Root: root, Data: dir, Addr: "127.0.0.1:0", Progress: io.Discard, Log: os.Stderr, Now: now,
		Fault: os.Getenv(faultVariable)})
}
