package seal_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/seal"
)

func keys(t *testing.T, fill byte) *seal.Keys {
	t.Helper()
	k, err := seal.New(bytes.Repeat([]byte{fill}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestPrivateOpensOnlyWhereItBelongs(t *testing.T) {
	k := keys(t, 1)
	mine, err := k.NewDataKey("reg-a")
	if err != nil {
		t.Fatal(err)
	}
	other, err := k.NewDataKey("reg-b")
	if err != nil {
		t.Fatal(err)
	}
	want := claim.Private{Code: "X", Person: claim.Person{NIK: "9901010101900001"}}
	sealed, err := mine.SealPrivate(want)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("9901010101900001")) {
		t.Error("the sealed form holds the NIK")
	}
	again, err := k.OpenDataKey("reg-a", mine.Wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.OpenPrivate(sealed); err != nil || got.Person.NIK != want.Person.NIK {
		t.Errorf("OpenPrivate = %v, %v; want what was sealed", got, err)
	}
	if _, err := other.OpenPrivate(sealed); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("OpenPrivate under another key = %v; want ErrOpen", err)
	}
	if _, err := k.OpenDataKey("reg-b", mine.Wrapped); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("OpenDataKey for another registration = %v; want ErrOpen", err)
	}
	if _, err := keys(t, 2).OpenDataKey("reg-a", mine.Wrapped); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("OpenDataKey under another root = %v; want ErrOpen", err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := mine.OpenPrivate(bad); !errors.Is(err, seal.ErrOpen) {
			t.Fatalf("OpenPrivate with byte %d changed = %v; want ErrOpen", i, err)
		}
	}
}

func TestTokens(t *testing.T) {
	k := keys(t, 1)
	token, err := k.SealToken("cookie", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.OpenToken("cookie", token); err != nil || string(got) != "x" {
		t.Errorf("OpenToken = %q, %v; want x", got, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another purpose": func() ([]byte, error) { return k.OpenToken("form", token) },
		"another root":    func() ([]byte, error) { return keys(t, 2).OpenToken("cookie", token) },
		"cut":             func() ([]byte, error) { return k.OpenToken("cookie", token[:8]) },
		"no base64":       func() ([]byte, error) { return k.OpenToken("cookie", "%") },
		"empty":           func() ([]byte, error) { return k.OpenToken("cookie", "") },
	} {
		if _, err := open(); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("OpenToken of %s = %v; want ErrOpen", name, err)
		}
	}
}

func FuzzOpenToken(f *testing.F) {
	k, err := seal.New(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := k.OpenToken("cookie", token); err == nil {
			t.Errorf("OpenToken(%q) opened a token that we did not make", token)
		}
	})
}

func TestNamesAreStableAndApart(t *testing.T) {
	k := keys(t, 1)
	code := k.Code([]byte("0123456789abcdef"))
	if again := k.Code([]byte("0123456789abcdef")); again != code {
		t.Errorf("Code twice = %q and %q; want the same", code, again)
	}
	if _, err := claim.ParseCode(code); err != nil {
		t.Errorf("ParseCode(%q) = %v", code, err)
	}
	seen := map[string]bool{}
	for _, name := range []string{k.NIK("1"), k.RegistrationID("1"), k.Pseudonym("a", "1"), k.Pseudonym("a1", ""), keys(t, 2).NIK("1")} {
		if seen[name] {
			t.Errorf("%q names two things", name)
		}
		seen[name] = true
	}
}

func TestFileIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root")
	var names []string
	for range 2 {
		if err := seal.MakeFile(path); err != nil {
			t.Fatal(err)
		}
		k, err := seal.FromFile(path)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, k.NIK("1"))
	}
	if names[0] != names[1] {
		t.Error("a second start made a new root")
	}
	if _, err := seal.New(make([]byte, 31)); err == nil {
		t.Error("New(31 bytes) = nil; want an error")
	}
}
