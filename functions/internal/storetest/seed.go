package storetest

import (
	"flag"
	"testing"
)

var (
	seed = new(uint64)
	full = new(bool)
)

func init() {
	if testing.Testing() {
		flag.Uint64Var(seed, "seed", 0, "of tests with seeds: run the one of this number alone, and say what happens")
		flag.BoolVar(full, "full", false, "of tests with many plans: play all, not only a part")
	}
}

// Seed returns the one seed to run, if -seed names one.
func Seed() (uint64, bool) { return *seed, *seed > 0 }

// Full tells whether -full asks for everything.
func Full() bool { return *full }
