package main

import (
	"errors"
	"strings"
	"testing"
)

// The race runs, alone and small, so that it does not rot.
func TestRace(t *testing.T) {
	var out strings.Builder
	r := race{root: "../..", dir: t.TempDir(), pages: []int{100}, runs: 1, seed: 1, out: &out}
	if err := r.run(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"100 pages in 2 languages; ours: ", "| full build |", "| one page changed, command line |", "| one page changed, preview in memory |",
		"| peak memory, full build |", "| one page changed with the search index |", "load of the machine", "| full | markdown |", "| one page | part: digests |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not hold %q:\n%s", want, out.String())
		}
	}
}

func TestWithoutHugo(t *testing.T) {
	r := race{}
	if err := r.start("100", "/none/hugo"); !errors.Is(err, errNoHugo) {
		t.Errorf("start = %v; want how to install Hugo", err)
	}
	if err := r.start("many", "hugo"); err == nil {
		t.Error("start with a number that is none = nil error")
	}
}
