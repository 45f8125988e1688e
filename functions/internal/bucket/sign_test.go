package bucket_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/local/objects"
)

const (
	inbox = "masuk"
	vault = "simpan"
	back  = "http://127.0.0.1:8080/berkas/ktp/selesai"
	media = "image/jpeg"
)

var (
	body = []byte("isi berkas yang diizinkan")
	real = time.Now
)

func key(n int) string { return "inbox/" + strings.Repeat("0", 29) + strconv.Itoa(100+n) + "/ktp" }

func start(t *testing.T) *objects.Gateway {
	t.Helper()
	g := objects.Test(t, objects.Options{})
	for _, name := range []string{inbox, vault} {
		if err := g.MakeBucket(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// do sends a request. A connection cut in the middle of a body that is too
// large is an answer with status 0.
func do(t *testing.T, r *http.Request) *http.Response {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
		return &http.Response{}
	}
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return resp
}

// stored returns every version in the inbox.
func stored(t *testing.T, g *objects.Gateway) []string {
	t.Helper()
	out, err := g.Client().ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(inbox)})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, v := range out.Versions {
		keys = append(keys, aws.ToString(v.Key))
	}
	return keys
}

// A put is a signed PUT as the script would send it, to be falsified.
type put struct {
	url    *url.URL
	header http.Header
	body   []byte
}

func signedPut(t *testing.T, g *objects.Gateway, key string, now func() time.Time) *put {
	t.Helper()
	address, header, err := bucket.NewSigner(g.Client(), inbox, now).PresignPUT(t.Context(), key, media, int64(len(body)), digest(body))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &put{url: u, header: http.Header{}, body: bytes.Clone(body)}
	for name, value := range header {
		p.header.Set(name, value)
	}
	return p
}

func (p *put) send(t *testing.T) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, p.url.String(), bytes.NewReader(p.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = p.header
	return do(t, r).StatusCode
}

func (p *put) query(name, value string) {
	q := p.url.Query()
	if value == "" {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	p.url.RawQuery = q.Encode()
}

func ago(d time.Duration) func() time.Time { return func() time.Time { return real().Add(-d) } }

func TestForgedPUT(t *testing.T) {
	g := start(t)
	other := append(bytes.Clone(body[:len(body)-1]), '!')
	for i, tt := range []struct {
		name  string
		now   func() time.Time
		forge func(*put)
	}{
		{"longer", real, func(p *put) { p.body = append(p.body, 'x') }},
		{"shorter", real, func(p *put) { p.body = p.body[:len(p.body)-1] }},
		{"empty", real, func(p *put) { p.body = nil }},
		{"too large", real, func(p *put) { p.body = bytes.Repeat([]byte("x"), claim.MaxFile+1) }},
		{"other content, same length", real, func(p *put) { p.body = other }},
		{"other content with its own digest", real, func(p *put) {
			sum := sha256.Sum256(other)
			p.body = other
			p.header.Set("X-Amz-Checksum-Sha256", base64.StdEncoding.EncodeToString(sum[:]))
		}},
		{"no digest", real, func(p *put) { p.header.Del("X-Amz-Checksum-Sha256") }},
		{"other type", real, func(p *put) { p.header.Set("Content-Type", "text/html") }},
		{"no type", real, func(p *put) { p.header.Del("Content-Type") }},
		{"may overwrite", real, func(p *put) { p.header.Del("If-None-Match") }},
		{"other key", real, func(p *put) { p.url.Path = "/" + inbox + "/" + key(90) }},
		{"other bucket", real, func(p *put) { p.url.Path = "/" + vault + "/" + key(1) }},
		{"expired", ago(bucket.PutLife + time.Minute), func(*put) {}},
		{"expiry put off", ago(bucket.PutLife + time.Minute), func(p *put) { p.query("X-Amz-Expires", "604800") }},
		{"date moved", ago(bucket.PutLife + time.Minute), func(p *put) { p.query("X-Amz-Date", real().UTC().Format("20060102T150405Z")) }},
		{"signature tampered", real, func(p *put) {
			sig := []byte(p.url.Query().Get("X-Amz-Signature"))
			sig[0] ^= 1
			p.query("X-Amz-Signature", string(sig))
		}},
		{"no signature", real, func(p *put) { p.query("X-Amz-Signature", "") }},
		{"nothing signed", real, func(p *put) { p.url.RawQuery = "" }},
		{"length not signed", real, func(p *put) {
			p.query("X-Amz-SignedHeaders", "content-type;host;if-none-match;x-amz-checksum-sha256")
		}},
		{"unknown account", real, func(p *put) {
			p.query("X-Amz-Credential", "ORANGLAIN"+p.url.Query().Get("X-Amz-Credential")[len(g.AccessKey):])
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := signedPut(t, g, key(i), tt.now)
			tt.forge(p)
			if got := p.send(t); got != 0 && got < 400 {
				t.Errorf("status %d; want a refusal", got)
			}
		})
	}
	if got := stored(t, g); len(got) != 0 {
		t.Errorf("forged and stored: %v", got)
	}
}

func TestPUTOnce(t *testing.T) {
	g := start(t)
	p := signedPut(t, g, key(1), real)
	if got := p.send(t); got != http.StatusOK {
		t.Fatalf("honest PUT: status %d", got)
	}
	if got := p.send(t); got != http.StatusPreconditionFailed {
		t.Errorf("second PUT: status %d; want 412", got)
	}
	if got := stored(t, g); !slices.Equal(got, []string{key(1)}) {
		t.Errorf("stored %v; want one version", got)
	}
	want := "content-length;content-type;host;if-none-match;x-amz-checksum-sha256"
	if got := p.url.Query().Get("X-Amz-SignedHeaders"); got != want {
		t.Errorf("signed headers %q; want %q", got, want)
	}
}

func TestPresignPUTRefusesBadDigest(t *testing.T) {
	s := bucket.NewSigner(s3.New(s3.Options{Region: objects.Region}), inbox, real)
	for _, sum := range []string{"", "00", strings.Repeat("g", 64)} {
		if _, _, err := s.PresignPUT(t.Context(), key(1), media, 1, sum); err == nil {
			t.Errorf("PresignPUT with digest %q succeeded", sum)
		}
	}
}

// A form is a signed form as a browser would send it, to be falsified.
type form struct {
	address string
	fields  map[string]string
	body    []byte
}

func signedForm(t *testing.T, g *objects.Gateway, key string, now func() time.Time) *form {
	t.Helper()
	address, fields, err := bucket.NewSigner(g.Client(), inbox, now).PresignPOST(t.Context(), key, back)
	if err != nil {
		t.Fatal(err)
	}
	return &form{address: address, fields: fields, body: bytes.Clone(body)}
}

func (f *form) send(t *testing.T) *http.Response {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(f.fields)) {
		if err := w.WriteField(name, f.fields[name]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "foto.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(f.body)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.address, &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return do(t, r)
}

// repolicy changes the policy without signing it again.
func (f *form) repolicy(old, new string) {
	b, err := base64.StdEncoding.DecodeString(f.fields["policy"])
	if err != nil || !bytes.Contains(b, []byte(old)) {
		panic("policy without " + old)
	}
	f.fields["policy"] = base64.StdEncoding.EncodeToString(bytes.Replace(b, []byte(old), []byte(new), 1))
}

func TestForgedPOST(t *testing.T) {
	g := start(t)
	for i, tt := range []struct {
		name  string
		now   func() time.Time
		forge func(*form)
	}{
		{"other key", real, func(f *form) { f.fields["key"] = key(90) }},
		{"key by file name", real, func(f *form) { f.fields["key"] = "inbox/${filename}" }},
		{"other key, policy changed", real, func(f *form) {
			f.repolicy(f.fields["key"], key(91))
			f.fields["key"] = key(91)
		}},
		{"other bucket", real, func(f *form) { f.address = strings.Replace(f.address, inbox, vault, 1) }},
		{"other type", real, func(f *form) { f.fields["Content-Type"] = "text/html" }},
		{"no type", real, func(f *form) { delete(f.fields, "Content-Type") }},
		{"other redirect", real, func(f *form) { f.fields["success_action_redirect"] = "https://contoh.invalid/" }},
		{"field that the policy does not name", real, func(f *form) { f.fields["acl"] = "public-read" }},
		{"empty", real, func(f *form) { f.body = nil }},
		{"one byte too large", real, func(f *form) { f.body = bytes.Repeat([]byte("x"), claim.MaxFile+1) }},
		{"too large, range changed", real, func(f *form) {
			f.repolicy(strconv.Itoa(claim.MaxFile), strconv.Itoa(2*claim.MaxFile))
			f.body = bytes.Repeat([]byte("x"), claim.MaxFile+1)
		}},
		{"expired", ago(bucket.PostLife + time.Minute), func(*form) {}},
		{"expiry put off", ago(bucket.PostLife + time.Minute), func(f *form) {
			f.repolicy(`"expiration":"`+strconv.Itoa(real().UTC().Year()), `"expiration":"`+strconv.Itoa(real().UTC().Year()+1))
		}},
		{"signature tampered", real, func(f *form) {
			sig := []byte(f.fields["X-Amz-Signature"])
			sig[0] ^= 1
			f.fields["X-Amz-Signature"] = string(sig)
		}},
		{"no signature", real, func(f *form) { delete(f.fields, "X-Amz-Signature") }},
		{"no policy", real, func(f *form) { delete(f.fields, "policy") }},
		{"empty policy", real, func(f *form) { f.fields["policy"] = base64.StdEncoding.EncodeToString([]byte("{}")) }},
		{"nothing signed", real, func(f *form) { f.fields = map[string]string{"key": f.fields["key"]} }},
		{"signed for another day", real, func(f *form) { f.fields["X-Amz-Date"] = "20200101T000000Z" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := signedForm(t, g, key(i), tt.now)
			tt.forge(f)
			if got := f.send(t).StatusCode; got != 0 && got < 400 {
				t.Errorf("status %d; want a refusal", got)
			}
		})
	}
	if got := stored(t, g); len(got) != 0 {
		t.Errorf("forged and stored: %v", got)
	}
}

func TestPOST(t *testing.T) {
	g := start(t)
	for i, size := range []int{1, claim.MaxFile} {
		f := signedForm(t, g, key(i), ago(bucket.PostLife-time.Minute))
		f.body = bytes.Repeat([]byte("x"), size)
		resp := f.send(t)
		if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(resp.Header.Get("Location"), back) {
			t.Errorf("form of %d bytes: status %d to %q; want 303 to %q", size, resp.StatusCode, resp.Header.Get("Location"), back)
		}
	}
	if got := stored(t, g); len(got) != 2 {
		t.Errorf("stored %v; want both", got)
	}
}

// The policy says everything that it has to, and nothing with a pattern.
func TestPolicy(t *testing.T) {
	now := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	f := signedForm(t, start(t), key(1), func() time.Time { return now })
	b, err := base64.StdEncoding.DecodeString(f.fields["policy"])
	if err != nil {
		t.Fatal(err)
	}
	var policy struct {
		Expiration time.Time `json:"expiration"`
		Conditions []any     `json:"conditions"`
	}
	if err := json.Unmarshal(b, &policy); err != nil {
		t.Fatal(err)
	}
	if want := now.Add(bucket.PostLife); !policy.Expiration.Equal(want) {
		t.Errorf("expiration %s; want %s", policy.Expiration, want)
	}
	exact := map[string]any{}
	var ranges [][]any
	for _, c := range policy.Conditions {
		switch c := c.(type) {
		case map[string]any:
			maps.Copy(exact, c)
		case []any:
			ranges = append(ranges, c)
		}
	}
	want := map[string]any{"bucket": inbox, "key": key(1), "Content-Type": bucket.FormMedia, "success_action_redirect": back}
	for name, value := range want {
		if exact[name] != value {
			t.Errorf("policy: %s = %v; want %v", name, exact[name], value)
		}
	}
	if len(ranges) != 1 || ranges[0][0] != "content-length-range" || ranges[0][1] != 1.0 || ranges[0][2] != float64(claim.MaxFile) {
		t.Errorf("policy: other conditions %v; want only the length range", ranges)
	}
}

func TestFiles(t *testing.T) {
	g := start(t)
	files := bucket.NewFiles(g.Client(), inbox, vault, "")
	if _, err := files.Fetch(t.Context(), key(1)); !errors.Is(err, bucket.ErrNoObject) {
		t.Errorf("Fetch of nothing = %v; want ErrNoObject", err)
	}
	if got := signedPut(t, g, key(1), real).send(t); got != http.StatusOK {
		t.Fatalf("PUT: status %d", got)
	}
	o, err := files.Fetch(t.Context(), key(1))
	if err != nil || !bytes.Equal(o.Body, body) || o.Media != media || o.Version == "" {
		t.Errorf("Fetch = %q %q version %q, %v; want what was put", o.Body, o.Media, o.Version, err)
	}
	large := bytes.Repeat([]byte("x"), claim.MaxFile+1)
	if _, err := g.Client().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(inbox), Key: aws.String(key(2)), Body: bytes.NewReader(large)}); err != nil {
		t.Fatal(err)
	}
	if o, err := files.Fetch(t.Context(), key(2)); !errors.Is(err, bucket.ErrTooLarge) || o.Body != nil || o.Version == "" {
		t.Errorf("Fetch of %d bytes = %d bytes, version %q, %v; want ErrTooLarge", len(large), len(o.Body), o.Version, err)
	}
	for range 2 {
		if err := files.Drop(t.Context(), key(1), o.Version); err != nil {
			t.Errorf("Drop = %v", err)
		}
	}
	if got := stored(t, g); !slices.Equal(got, []string{key(2)}) {
		t.Errorf("after Drop: %v", got)
	}
	version, err := files.Keep(t.Context(), "vault/0123/ktp.jpg", media, body)
	if err != nil || version == "" {
		t.Errorf("Keep = %q, %v; want a version", version, err)
	}
}

// A page of the site may read the answer to its PUT; no other page may.
func TestPUTFromPage(t *testing.T) {
	const site = "http://127.0.0.1:8080"
	g := objects.Test(t, objects.Options{Origins: []string{site}})
	if err := g.MakeBucket(t.Context(), inbox); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct{ origin, want string }{{site, site}, {"https://contoh.invalid", ""}} {
		p := signedPut(t, g, key(i), real)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, p.url.String(), bytes.NewReader(p.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = p.header
		r.Header.Set("Origin", tt.origin)
		if got := do(t, r).Header.Get("Access-Control-Allow-Origin"); got != tt.want {
			t.Errorf("PUT from a page of %s: Access-Control-Allow-Origin %q; want %q", tt.origin, got, tt.want)
		}
	}
}
