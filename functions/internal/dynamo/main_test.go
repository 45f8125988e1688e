package dynamo_test

import (
	"flag"
	"os"
	"testing"
)

// Every step of the property test is several requests to the real engine, so
// thirty sequences are the default here; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue {
		if err := f.Value.Set("30"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
