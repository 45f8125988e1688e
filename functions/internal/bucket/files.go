package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"lapakasik/functions/internal/claim"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

var (
	// ErrNoObject: there is no such object (any more).
	ErrNoObject = errors.New("bucket: no such object")
	// ErrTooLarge: the object has more than claim.MaxFile bytes; it was not read.
	ErrTooLarge = errors.New("bucket: object too large")
)

// Files is what inspection may do: read and empty the inbox, fill the vault.
type Files struct {
	client       *s3.Client
	inbox, vault string
	key          string
}

// NewFiles works on the two buckets. kmsKey encrypts what the vault keeps; ""
// leaves that to the bucket.
func NewFiles(client *s3.Client, inbox, vault, kmsKey string) *Files {
	return &Files{client: client, inbox: inbox, vault: vault, key: kmsKey}
}

// An Object is one version of an inbox object with its content.
type Object struct {
	Body     []byte
	Media    string // as sent
	Version  string
	Received time.Time
}

// Fetch reads the newest version of an inbox object. ErrNoObject, or
// ErrTooLarge with the version and type but without the body.
func (f *Files) Fetch(ctx context.Context, key string) (Object, error) {
	head, err := f.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &f.inbox, Key: &key})
	if err != nil {
		return Object{}, fmt.Errorf("size of %s: %w", key, gone(err))
	}
	o := Object{Media: aws.ToString(head.ContentType), Version: aws.ToString(head.VersionId), Received: aws.ToTime(head.LastModified)}
	if aws.ToInt64(head.ContentLength) > claim.MaxFile {
		return o, ErrTooLarge
	}
	get, err := f.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &f.inbox, Key: &key, VersionId: head.VersionId})
	if err != nil {
		return o, fmt.Errorf("fetch %s: %w", key, gone(err))
	}
	defer get.Body.Close()
	if o.Body, err = io.ReadAll(io.LimitReader(get.Body, claim.MaxFile+1)); err != nil {
		return o, fmt.Errorf("fetch %s: %w", key, err)
	}
	if len(o.Body) > claim.MaxFile {
		o.Body = nil
		return o, ErrTooLarge
	}
	return o, nil
}

// gone is ErrNoObject for an object that is not there, or no more: between the
// look at its size and the fetch another may have taken the version away.
func gone(err error) error {
	var refused interface{ ErrorCode() string }
	if errors.As(err, &refused) && slices.Contains([]string{"NoSuchKey", "NotFound", "NoSuchVersion"}, refused.ErrorCode()) {
		return ErrNoObject
	}
	return err
}

// Keep puts a checked file into the vault and returns its version.
func (f *Files) Keep(ctx context.Context, key, media string, body []byte) (string, error) {
	sum := sha256.Sum256(body)
	in := &s3.PutObjectInput{Bucket: &f.vault, Key: &key, Body: bytes.NewReader(body), ContentType: &media,
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:]))}
	if f.key != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, &f.key
	}
	out, err := f.client.PutObject(ctx, in)
	if err != nil {
		return "", fmt.Errorf("keep %s: %w", key, err)
	}
	return aws.ToString(out.VersionId), nil
}

// Drop removes one version of an inbox object for good. One that is gone
// already is no error.
func (f *Files) Drop(ctx context.Context, key, version string) error {
	_, err := f.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &f.inbox, Key: &key, VersionId: optional(version)})
	if err == nil {
		return nil
	}
	// S3 does not mind, but other stores fail to remove what is gone.
	_, head := f.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &f.inbox, Key: &key, VersionId: optional(version)})
	if errors.Is(gone(head), ErrNoObject) {
		return nil
	}
	return fmt.Errorf("drop %s: %w", key, err)
}

// optional is nil for a bucket without versions.
func optional(version string) *string {
	if version == "" {
		return nil
	}
	return &version
}
