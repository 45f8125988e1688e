package published

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A File is one published file, read and kept in memory. It is safe for
// concurrent use.
type File[T any] struct {
	s3          *s3.Client
	bucket, key string
	now         func() time.Time
	read        func([]byte) (T, error)

	mu      sync.Mutex
	current T
	have    bool
	asked   time.Time
}

// NewFile returns a file of a bucket; read makes the value of its bytes.
func NewFile[T any](client *s3.Client, bucket, key string, now func() time.Time, read func([]byte) (T, error)) *File[T] {
	return &File[T]{s3: client, bucket: bucket, key: key, now: now, read: read}
}

// Current returns the value, at most 30 seconds old. If it cannot be loaded
// anew, the last good one is used on.
func (f *File[T]) Current(ctx context.Context) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.have && f.now().Sub(f.asked) < fresh {
		return f.current, nil
	}
	value, err := load(ctx, f.s3, f.bucket, f.key, f.read)
	switch {
	case err == nil:
		f.current, f.have = value, true
	case !f.have:
		return f.current, err
	}
	f.asked = f.now()
	return f.current, nil
}

// load reads an object of at most 4 MB.
func load[T any](ctx context.Context, client *s3.Client, bucket, key string, read func([]byte) (T, error)) (value T, err error) {
	out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		return value, fmt.Errorf("load %s: %w", key, err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(io.LimitReader(out.Body, maxSize))
	if err != nil {
		return value, fmt.Errorf("load %s: %w", key, err)
	}
	return read(b)
}
