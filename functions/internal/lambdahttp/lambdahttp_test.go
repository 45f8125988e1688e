package lambdahttp_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lapakasik/functions/internal/lambdahttp"
)

type idKey struct{}

func withID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, idKey{}, id)
}

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	id, _ := r.Context().Value(idKey{}).(string)
	w.Header().Add("Set-Cookie", "a=1")
	w.Header().Add("Set-Cookie", "b=2")
	w.WriteHeader(http.StatusTeapot)
	_ = json.NewEncoder(w).Encode(map[string]string{"method": r.Method, "path": r.URL.Path, "query": r.URL.RawQuery,
		"body": base64.StdEncoding.EncodeToString(body), "cookie": r.Header.Get("Cookie"), "from": r.RemoteAddr, "id": id, "host": r.Host})
}

// What a handler sees through the edge is what it would see directly.
func TestRoundTrip(t *testing.T) {
	serve := lambdahttp.Adapt(http.HandlerFunc(echo), withID)
	for _, tt := range []struct {
		name, method, target, body, cookie, viewer, forwarded string
		wantFrom                                              string
	}{
		{"get with a query", "GET", "/daftar/syarat?sebab=phk&x=%20y", "", "", "", "", "192.0.2.1:0"},
		{"post a form", "POST", "/daftar", "nama=Budi+Uji", "s=1; t=2", "", "", "192.0.2.1:0"},
		{"binary body", "POST", "/x", "\xff\x00\xfe", "", "", "", "192.0.2.1:0"},
		{"escaped path", "GET", "/berkas/a%2Fb", "", "", "", "", "192.0.2.1:0"},
		{"a forged forwarded address counts for nothing", "GET", "/", "", "", "", "203.0.113.9", "192.0.2.1:0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.body))
			r.RemoteAddr = "192.0.2.1:4711"
			if tt.cookie != "" {
				r.Header.Set("Cookie", tt.cookie)
			}
			if tt.forwarded != "" {
				r.Header.Set("X-Forwarded-For", tt.forwarded)
				r.Header.Set("CloudFront-Viewer-Address", tt.forwarded+":1")
			}
			e, err := lambdahttp.ToEvent(r, "req-1")
			if err != nil {
				t.Fatal(err)
			}
			out, err := serve(t.Context(), e)
			if err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			if err := lambdahttp.Write(w, out); err != nil {
				t.Fatal(err)
			}
			var got map[string]string
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{"method": tt.method, "path": r.URL.Path, "query": r.URL.RawQuery, "cookie": tt.cookie,
				"body": base64.StdEncoding.EncodeToString([]byte(tt.body)), "from": tt.wantFrom, "id": "req-1", "host": "example.com"}
			for k, v := range want {
				if got[k] != v {
					t.Errorf("%s = %q; want %q", k, got[k], v)
				}
			}
			if w.Code != http.StatusTeapot || len(w.Result().Cookies()) != 2 {
				t.Errorf("answer %d with cookies %v; want 418 with two", w.Code, w.Result().Cookies())
			}
		})
	}
}

func TestViewerAddressOfCloudFront(t *testing.T) {
	serve := lambdahttp.Adapt(http.HandlerFunc(echo), withID)
	for viewer, want := range map[string]string{"198.51.100.7:1234": "198.51.100.7:1234", "2001:db8::7:1234": "[2001:db8::7]:1234", "": "192.0.2.1:0"} {
		e := lambdahttp.Event{RawPath: "/", Headers: map[string]string{"cloudfront-viewer-address": viewer}}
		e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP = "GET", "192.0.2.1"
		out, err := serve(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.Body, `"from":"`+want+`"`) {
			t.Errorf("viewer address %q: %s; want from %s", viewer, out.Body, want)
		}
	}
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"version":"2.0","rawPath":"/daftar","requestContext":{"http":{"method":"GET"}}}`))
	f.Add([]byte(`{"rawPath":"%zz","isBase64Encoded":true,"body":"%"}`))
	f.Add([]byte(`{"rawPath":"//x?y#z","headers":{"Cookie":"a","":"b","\n":"c"},"requestContext":{"http":{"method":"G T"}}}`))
	serve := lambdahttp.Adapt(http.HandlerFunc(echo), withID)
	f.Fuzz(func(t *testing.T, b []byte) {
		var e lambdahttp.Event
		if json.Unmarshal(b, &e) != nil {
			return
		}
		out, err := serve(context.Background(), e)
		if err != nil || out.StatusCode < 200 || out.StatusCode > 599 {
			t.Errorf("serve(%s) = %d, %v", b, out.StatusCode, err)
		}
	})
}
