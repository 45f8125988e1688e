package examine_test

import (
	"mime"
	"path"
	"slices"
	"strings"
	"testing"

	"lapakasik/functions/internal/examine"
	"lapakasik/site/sample"
)

// Every sample of the rehearsal gets what its page promises, whichever way it
// is sent: with the type that a browser takes from its name, or with none.
func TestSamples(t *testing.T) {
	list, err := sample.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		t.Run(s.Name, func(t *testing.T) {
			var want []string
			if s.Finding != "" {
				want = []string{s.Finding}
			}
			ways := []string{"", mime.TypeByExtension(path.Ext(s.Name))}
			if strings.HasSuffix(s.Name, ".jpg") {
				ways = append(ways, examine.AnyPicture)
			}
			for _, declared := range ways {
				r := examine.File(t.Context(), s.Body, declared, examine.Default())
				if !slices.Equal(r.Findings, want) || r.Passed() != s.Passes {
					t.Errorf("announced as %q: %v; want findings %v, passed %t", declared, r, want, s.Passes)
				}
			}
			t.Logf("%d bytes", len(s.Body))
		})
	}
}
