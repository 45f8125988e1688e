package register_test

import (
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/storetest"
)

// from returns a browser at an address of its own of this machine.
func from(a *apptest.App, address string) *apptest.Browser {
	b := a.Browser()
	t := b.Transport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}).DialContext
	b.Transport = t
	return b
}

// What is tried and the address it is tried from have limits of their own,
// never one of the pair (TRUST R10), and the answer does not say which it was.
func TestTwoLimitsOfTries(t *testing.T) {
	a := app(t)
	code := func(n int) string { return storetest.Keys(t).Code(fmt.Appendf(nil, "nobody %d", n)) }
	for _, tt := range []struct {
		name    string
		allowed int
		address func(n int) string
		code    func(n int) string
	}{
		{"one address, many codes", 200, func(int) string { return "127.0.1.1" }, code},
		{"one code, many addresses", 10, func(n int) string { return fmt.Sprintf("127.0.2.%d", n+1) }, func(int) string { return code(-1) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var last apptest.Answer
			n := 0
			for ; n <= tt.allowed+1 && last.Status != http.StatusTooManyRequests; n++ {
				last = from(a, tt.address(n)).Ask(http.MethodPost, "/status", map[string]any{"kode": tt.code(n), "tanggal-lahir": "1990-01-02"})
			}
			if n != tt.allowed+1 {
				t.Errorf("the answer to try %d is %d; want 429 to try %d", n, last.Status, tt.allowed+1)
			}
			if kind, _ := last.JSON(t)["galat"].(map[string]any); kind["kode"] != "terlalu-sering" {
				t.Errorf("the answer is %s", last.Body)
			}
		})
	}
	if got := from(a, "127.0.3.1").Ask(http.MethodPost, "/status", map[string]any{"kode": code(-2), "tanggal-lahir": "1990-01-02"}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("another code from another address: %d; want 422", got.Status)
	}
}

// Behind the door a few tries with one NIK cost the store nothing, but they
// have an end (TRUST R10).
func TestTriesBehindTheDoor(t *testing.T) {
	const allowed = 2 + 20 // of this process alone, and in the store
	a := doorway(t)
	until(a, time.Second)
	crowd := make([]*apptest.Browser, allowed+1)
	for i := range crowd {
		crowd[i] = from(a, fmt.Sprintf("127.0.4.%d", i+1))
		crowd[i].Post("/daftar", doorForm(a, 1))
	}
	a.Clock.Move(10 * time.Second)
	for i, b := range crowd {
		want := http.StatusConflict // registered already
		if i == 0 {
			want = http.StatusCreated
		} else if i == allowed {
			want = http.StatusTooManyRequests
		}
		if got := b.Post("/daftar", doorForm(a, 1)); got.Status != want {
			t.Errorf("try %d is answered with %d; want %d", i+1, got.Status, want)
		}
	}
}
