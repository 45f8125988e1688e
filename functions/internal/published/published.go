// Package published loads the requirement sets that the generator publishes
// with the pages, so that a change of content reaches the functions without a
// deploy:
//
//	s3://site/data/persyaratan.json            the current set, asked for again every 30 s
//	s3://site/data/persyaratan-<version>.json  every set that a registration was made under
package published

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"lapakasik/site/requirement"
)

const (
	fresh   = 30 * time.Second
	maxSize = 4 << 20
	keep    = 16 // versions in memory
)

// ErrVersion is returned for a version that was never published.
var ErrVersion = errors.New("published: no such requirement set")

// Sets loads sets and keeps them in memory. It is safe for concurrent use.
type Sets struct {
	s3     *s3.Client
	bucket string
	now    func() time.Time

	mu      sync.Mutex
	current *requirement.Set
	asked   time.Time
	known   map[string]*requirement.Set
}

// New returns the sets of a bucket.
func New(client *s3.Client, bucket string, now func() time.Time) *Sets {
	return &Sets{s3: client, bucket: bucket, now: now, known: map[string]*requirement.Set{}}
}

// Current returns the set in force, at most 30 seconds old. If it cannot be
// loaded anew, the last good one is used on.
func (s *Sets) Current(ctx context.Context) (*requirement.Set, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && s.now().Sub(s.asked) < fresh {
		return s.current, nil
	}
	set, err := s.load(ctx, "data/persyaratan.json")
	switch {
	case err == nil:
		s.current = set
		s.remember(set)
	case s.current == nil:
		return nil, err
	}
	s.asked = s.now()
	return s.current, nil
}

// Version returns the set with the version. ErrVersion if it was never published.
func (s *Sets) Version(ctx context.Context, version string) (*requirement.Set, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if set := s.known[version]; set != nil {
		return set, nil
	}
	set, err := s.load(ctx, "data/persyaratan-"+version+".json")
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, fmt.Errorf("%w: %s", ErrVersion, version)
	}
	if err != nil {
		return nil, err
	}
	s.remember(set)
	return set, nil
}

func (s *Sets) remember(set *requirement.Set) {
	if len(s.known) >= keep {
		clear(s.known)
	}
	s.known[set.Version] = set
}

func (s *Sets) load(ctx context.Context, key string) (*requirement.Set, error) {
	out, err := s.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", key, err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(io.LimitReader(out.Body, maxSize))
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", key, err)
	}
	return requirement.Read(b)
}
