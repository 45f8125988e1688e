package bucket_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/local/objects"
)

// A signed look shows one document in the browser, for a minute, and nothing else.
func TestVault(t *testing.T) {
	gateway := objects.Test(t, objects.Options{})
	for _, name := range []string{"inbox", "vault"} {
		if err := gateway.MakeBucket(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	const key = "vault/0123456789abcdef0123456789abcdef/ktp.jpg"
	if _, err := bucket.NewFiles(gateway.Client(), "inbox", "vault", "").Keep(t.Context(), key, "image/jpeg", []byte("gambar")); err != nil {
		t.Fatal(err)
	}
	sign := func(ago time.Duration) string {
		t.Helper()
		v := bucket.NewViewer(gateway.Client(), "vault", "", func() time.Time { return time.Now().Add(-ago) })
		url, err := v.PresignGET(t.Context(), key, "", "image/jpeg", "ktp.jpg")
		if err != nil {
			t.Fatal(err)
		}
		return url
	}
	fresh := sign(0)
	tests := []struct {
		name, url string
		want      int
	}{
		{"fresh", fresh, http.StatusOK},
		{"too old", sign(2 * time.Minute), http.StatusForbidden},
		{"another document", strings.Replace(fresh, "ktp.jpg", "kk.jpg", 1), http.StatusForbidden},
		{"another type", strings.Replace(fresh, "image%2Fjpeg", "text%2Fhtml", 1), http.StatusForbidden},
		{"longer", strings.Replace(fresh, "X-Amz-Expires=60", "X-Amz-Expires=600", 1), http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.Get(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			body, err := io.ReadAll(r.Body)
			if err != nil || r.StatusCode != tt.want {
				t.Fatalf("status %d, %v; want %d: %.200s", r.StatusCode, err, tt.want, body)
			}
			if tt.want != http.StatusOK {
				return
			}
			if string(body) != "gambar" || r.Header.Get("Content-Type") != "image/jpeg" || r.Header.Get("Content-Disposition") != `inline; filename="ktp.jpg"` {
				t.Errorf("%q as %v", body, r.Header)
			}
		})
	}
}
