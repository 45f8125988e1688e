package npm_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"lapakasik/infra/npm"
)

// A client that answers with other bytes than the pinned ones is refused, and
// what was put into the cache by hand is not believed.
func TestOnlyThePinnedBytes(t *testing.T) {
	bin, cache := t.TempDir(), t.TempDir()
	client := "#!/bin/sh\nfor last; do :; done\nprintf isi > \"$last/paket-1.0.0.tgz\"\n"
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte(client), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	t.Setenv("XDG_CACHE_HOME", cache)
	right := npm.Package{Name: "paket", Version: "1.0.0", Integrity: npm.Digest([]byte("isi"))}
	wrong := npm.Package{Name: "paket", Version: "1.0.0", Integrity: npm.Digest([]byte("lain"))}
	if _, err := wrong.Cached(t.Context()); !errors.Is(err, npm.ErrIntegrity) {
		t.Errorf("Cached = %v; want ErrIntegrity", err)
	}
	kept := filepath.Join(cache, "lapakasik", "paket-1.0.0.tgz")
	if _, err := os.Stat(kept); err == nil {
		t.Error("refused bytes are in the cache")
	}
	for _, before := range []string{"", "palsu"} {
		if before != "" {
			if err := os.WriteFile(kept, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if b, err := right.Cached(t.Context()); err != nil || string(b) != "isi" {
			t.Errorf("Cached = %q, %v; want isi", b, err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if b, err := right.Cached(t.Context()); err != nil || string(b) != "isi" {
		t.Errorf("Cached without npm = %q, %v; want isi from the cache", b, err)
	}
	if _, err := right.Fetch(t.Context()); !errors.Is(err, npm.ErrMissing) {
		t.Errorf("Fetch = %v; want ErrMissing", err)
	}
}
