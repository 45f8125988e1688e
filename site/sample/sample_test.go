package sample_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"lapakasik/site/sample"
)

// The same bytes on every machine and with every build: a site that was built
// twice does not send people the samples again.
func TestSameBytes(t *testing.T) {
	list, err := sample.All()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	names := map[string]bool{}
	for _, s := range list {
		if names[s.Name] {
			t.Errorf("two samples are called %s", s.Name)
		}
		names[s.Name] = true
		sum.Write(s.Body)
	}
	if got, want := fmt.Sprintf("%x", sum.Sum(nil)[:8]), "cc6cc5061eedf51a"; got != want {
		t.Errorf("the samples' digest is %s; want %s (it changes with the drawings and with the JPEG encoder of Go)", got, want)
	}
}

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		if _, err := sample.Draw(); err != nil {
			b.Fatal(err)
		}
	}
}
