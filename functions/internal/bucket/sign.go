package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"lapakasik/functions/internal/claim"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A Signer signs requests that put one object into the inbox.
type Signer struct {
	client *s3.Client
	bucket string
	now    func() time.Time
}

// NewSigner signs for the inbox with the client's credentials.
func NewSigner(client *s3.Client, inbox string, now func() time.Time) *Signer {
	return &Signer{client: client, bucket: inbox, now: now}
}

// PresignPUT signs a PUT of exactly this key, type, length and content, once:
// the object must not exist (TRUST R35). sha256 is hexadecimal. The header
// must be sent as returned; the length is signed too, and browsers send it by
// themselves. Good for PutLife.
func (s *Signer) PresignPUT(ctx context.Context, key, media string, size int64, sha256 string) (string, map[string]string, error) {
	sum, err := hex.DecodeString(sha256)
	if err != nil || len(sum) != 32 {
		return "", nil, fmt.Errorf("sign PUT: %q is no SHA-256", sha256)
	}
	signed, err := s3.NewPresignClient(s.client).PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, ContentType: &media, ContentLength: &size,
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum)), IfNoneMatch: aws.String("*"),
	}, func(o *s3.PresignOptions) {
		o.Expires = PutLife
		o.Presigner = putClock{o.Presigner, s.now}
	})
	if err != nil {
		return "", nil, fmt.Errorf("sign PUT: %w", err)
	}
	header := map[string]string{}
	for name, values := range signed.SignedHeader {
		if name != "Host" && name != "Content-Length" {
			header[name] = values[0]
		}
	}
	return signed.URL, header, nil
}

// PresignPOST returns the address and hidden fields of an HTML form whose
// policy allows exactly the key and type FormMedia, 1 to claim.MaxFile bytes, for
// PostLife (TRUST R36); the browser is sent to back afterwards. The file input
// comes last and is named "file".
func (s *Signer) PresignPOST(ctx context.Context, key, back string) (string, map[string]string, error) {
	extra := map[string]string{"Content-Type": FormMedia, "success_action_redirect": back}
	conditions := []any{[]any{"content-length-range", 1, claim.MaxFile}}
	for name, value := range extra {
		conditions = append(conditions, map[string]string{name: value})
	}
	signed, err := s3.NewPresignClient(s.client).PresignPostObject(ctx,
		&s3.PutObjectInput{Bucket: &s.bucket, Key: &key},
		func(o *s3.PresignPostOptions) {
			o.Expires, o.Conditions = PostLife, conditions
			o.PostPresigner = postClock{o.PostPresigner, s.now}
		})
	if err != nil {
		return "", nil, fmt.Errorf("sign POST: %w", err)
	}
	for name, value := range extra {
		signed.Values[name] = value
	}
	return signed.URL, signed.Values, nil
}

// putClock and postClock sign by our clock: the SDK has no other way to set it.
type putClock struct {
	s3.HTTPPresignerV4
	now func() time.Time
}

func (c putClock) PresignHTTP(ctx context.Context, k aws.Credentials, r *http.Request, payload, service, region string,
	_ time.Time, o ...func(*v4.SignerOptions)) (string, http.Header, error) {
	return c.HTTPPresignerV4.PresignHTTP(ctx, k, r, payload, service, region, c.now(), o...)
}

type postClock struct {
	signer s3.PresignPost
	now    func() time.Time
}

func (c postClock) PresignPost(k aws.Credentials, bucket, key, region, service string,
	signed time.Time, conditions []any, expires time.Time, o ...func(*v4.SignerOptions)) (map[string]string, error) {
	now := c.now()
	return c.signer.PresignPost(k, bucket, key, region, service, now, conditions, now.Add(expires.Sub(signed)).UTC(), o...)
}

// Put puts one object into the inbox under a key that is new.
func (s *Signer) Put(ctx context.Context, key, media string, body []byte) error {
	sum := sha256.Sum256(body)
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, ContentType: &media, Body: bytes.NewReader(body),
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])), IfNoneMatch: aws.String("*")})
	if err != nil {
		return fmt.Errorf("put into the inbox: %w", err)
	}
	return nil
}
