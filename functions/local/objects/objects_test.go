package objects_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/local/objects"
)

const site = "http://127.0.0.1:8080"

func put(t *testing.T, g *objects.Gateway, key, body string) string {
	t.Helper()
	out, err := g.Client().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("masuk"), Key: &key, Body: bytes.NewReader([]byte(body))})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

func get(t *testing.T, g *objects.Gateway, key, version string) string {
	t.Helper()
	in := &s3.GetObjectInput{Bucket: aws.String("masuk"), Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	out, err := g.Client().GetObject(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestVersionsAndEvents(t *testing.T) {
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	type event struct{ bucket, key string }
	created := make(chan event, 8)
	g := objects.Test(t, objects.Options{OnCreated: func(b, k string) { created <- event{b, k} }})
	for range 2 { // the second finds the bucket made
		if err := g.MakeBucket(t.Context(), "masuk"); err != nil {
			t.Fatal(err)
		}
	}
	first := put(t, g, "inbox/a b/ktp", "satu")
	second := put(t, g, "inbox/a b/ktp", "dua")
	if first == "" || first == second {
		t.Errorf("versions %q and %q; want two", first, second)
	}
	if got := get(t, g, "inbox/a b/ktp", first); got != "satu" {
		t.Errorf("first version = %q; want %q", got, "satu")
	}
	if got := get(t, g, "inbox/a b/ktp", ""); got != "dua" {
		t.Errorf("newest version = %q; want %q", got, "dua")
	}
	for range 2 {
		select {
		case e := <-created:
			if want := (event{"masuk", "inbox/a b/ktp"}); e != want {
				t.Errorf("created %v; want %v", e, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("no event")
		}
	}
	if _, err := objects.Start(t.Context(), objects.Options{Dir: home, Addr: "127.0.0.1:0"}); !errors.Is(err, objects.ErrRunning) {
		t.Errorf("a second Start = %v; want ErrRunning", err)
	}
}

func TestRestartKeepsObjectsAndAccount(t *testing.T) {
	dir := t.TempDir()
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var keys [2]string
	for i := range keys {
		g, err := objects.Start(t.Context(), objects.Options{Dir: dir, Addr: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if err := g.MakeBucket(t.Context(), "masuk"); err != nil {
				t.Error(err)
			}
			put(t, g, "inbox/a/ktp", "isi")
		}
		if got := get(t, g, "inbox/a/ktp", ""); got != "isi" {
			t.Errorf("start %d: object = %q; want %q", i+1, got, "isi")
		}
		keys[i] = g.AccessKey + g.SecretKey
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	}
	if keys[0] != keys[1] {
		t.Error("the account changed")
	}
	if now, err := os.Getwd(); err != nil || now != home {
		t.Errorf("working directory after Close = %q, %v; want %q", now, err, home)
	}
}

func TestStartRefusesTakenPort(t *testing.T) {
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	addr := strings.TrimPrefix(taken.URL, "http://")
	if _, err := objects.Start(t.Context(), objects.Options{Dir: t.TempDir(), Addr: addr}); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("Start on a taken port = %v; want %v", err, syscall.EADDRINUSE)
	}
	objects.Test(t, objects.Options{}) // a start that failed is not in the way of the next
}

// The browser asks before a PUT from a page of another origin.
func TestPreflight(t *testing.T) {
	g := objects.Test(t, objects.Options{Origins: []string{site}})
	if err := g.MakeBucket(t.Context(), "masuk"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, origin, method, headers string
		want                          int
	}{
		{"signed PUT from the site", site, "PUT", "content-type,if-none-match,x-amz-checksum-sha256", http.StatusOK},
		{"another site", "https://contoh.invalid", "PUT", "content-type", http.StatusForbidden},
		{"a method we do not use", site, "DELETE", "", http.StatusForbidden},
		{"a header we do not use", site, "PUT", "x-amz-acl", http.StatusForbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, g.URL+"/masuk/inbox/a/ktp", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", tt.origin)
			r.Header.Set("Access-Control-Request-Method", tt.method)
			if tt.headers != "" {
				r.Header.Set("Access-Control-Request-Headers", tt.headers)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != tt.want {
				t.Errorf("status %d; want %d", resp.StatusCode, tt.want)
			}
			if got := resp.Header.Get("Access-Control-Allow-Origin"); (got == site) != (tt.want == http.StatusOK) {
				t.Errorf("Access-Control-Allow-Origin %q", got)
			}
		})
	}
}
