package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapakasik/functions/draw/lot"
)

func TestVerify(t *testing.T) {
	seed := strings.Repeat("01", lot.SeedSize)
	commitment, err := lot.Commitment(seed)
	if err != nil {
		t.Fatal(err)
	}
	r, err := lot.Draw(lot.Result{Branch: "uji", Seed: seed, Commitment: commitment, PublicValue: "42", PublicSource: "contoh", Sessions: []lot.Session{{Time: "08:00", Places: 1}}},
		[]lot.Entry{{Ticket: "a"}, {Ticket: "b"}})
	if err != nil {
		t.Fatal(err)
	}
	write := func(r lot.Result) string {
		t.Helper()
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "hasil.json")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good := write(r)
	r.Places[0], r.Places[1] = r.Places[1], r.Places[0]
	forged := write(r)
	for _, tt := range []struct {
		args      []string
		says, err string
	}{
		{[]string{"verify", good}, "2 tickets, all as the rules say", ""},
		{[]string{"verify", good, "-ticket", r.Places[1].Ticket}, "rank 1, place at 08:00", ""},
		{[]string{"verify", good, "-ticket", r.Places[0].Ticket}, "rank 2, on the wait list", ""},
		{[]string{"verify", good, "-ticket", "c"}, "", "is not in the list"},
		{[]string{"verify", forged}, "", "rank 1 is ticket"},
		{[]string{"verify", good + "x"}, "", "no such file"},
		{[]string{"check"}, "", "usage"},
	} {
		t.Run(fmt.Sprint(tt.args[len(tt.args)-1]), func(t *testing.T) {
			var out strings.Builder
			err := run(tt.args, &out)
			if !strings.Contains(out.String(), tt.says) || fmt.Sprint(err) != "<nil>" && (tt.err == "" || !strings.Contains(err.Error(), tt.err)) || err == nil && tt.err != "" {
				t.Errorf("says %q, %v; want %q, %q", out.String(), err, tt.says, tt.err)
			}
		})
	}
}
