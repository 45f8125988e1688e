package dynamo_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"lapakasik/functions/internal/storetest"
)

// Every step of the property test is several requests to the real engine, so
// thirty sequences are the default here; -rapid.checks asks for more. -seed is
// the seed of property tests too.
func TestMain(m *testing.M) {
	flag.Parse()
	if seed, one := storetest.Seed(); one {
		if err := flag.Set("rapid.seed", fmt.Sprint(seed)); err != nil {
			panic(err)
		}
	}
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		if err := f.Value.Set("30"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
