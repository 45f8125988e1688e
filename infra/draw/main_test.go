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
	terms := lot.Terms{Version: lot.Version, Branch: "uji", Commitment: commitment, PublicSource: "contoh", Sessions: []lot.Session{{Time: "08:00", Places: 1}}}
	list := lot.List{Terms: terms, Tickets: []lot.Entry{{Ticket: strings.Repeat("a", 32)}, {Ticket: strings.Repeat("b", 32)}}}
	r, err := lot.Draw(list, seed, "42")
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
	list.Terms.Sessions = []lot.Session{{Time: "08:00", Places: 2}}
	remade, err := lot.Draw(list, seed, "42")
	if err != nil {
		t.Fatal(err)
	}
	whole := write(remade)
	r.Places[0], r.Places[1] = r.Places[1], r.Places[0]
	forged := write(r)
	for _, tt := range []struct {
		args      []string
		says, err string
	}{
		{[]string{"verify", good}, "2 tickets, all as the rules say", ""},
		{[]string{"verify", good}, "Compare the list digest " + r.ListDigest + " with what /undian showed", ""},
		{[]string{"verify", good}, "Compare the commitment " + commitment + " with what /undian showed", ""},
		{[]string{"verify", good, "-commitment", commitment, "-list", r.ListDigest}, "The list digest is the one that you gave", ""},
		{[]string{"verify", whole}, "all as the rules say", ""}, // it agrees with itself
		{[]string{"verify", whole, "-list", r.ListDigest}, "", "not " + r.ListDigest + " as it was published"},
		{[]string{"verify", good, "-commitment", strings.Repeat("0", 64)}, "", "the file's commitment is"},
		{[]string{"verify", good, "TICKET"}, "", "usage"},
		{[]string{"verify", good, "-ticket", r.Places[1].Ticket}, "rank 1, place at 08:00", ""},
		{[]string{"verify", good, "-ticket", r.Places[0].Ticket}, "rank 2, on the wait list", ""},
		{[]string{"verify", good, "-ticket", strings.Repeat("c", 32)}, "", "is not in the list"},
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
