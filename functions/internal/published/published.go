// Package published loads what the generator publishes with the pages, so
// that a change of content reaches the functions without a deploy:
//
//	s3://site/data/persyaratan.json            the current set, asked for again every 30 s
//	s3://site/data/persyaratan-<version>.json  every set that a registration was made under
//	s3://site/data/cari.json                   the search index
package published

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

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
	s3      *s3.Client
	bucket  string
	current *File[*requirement.Set]

	mu    sync.Mutex
	known map[string]*requirement.Set
}

// New returns the sets of a bucket.
func New(client *s3.Client, bucket string, now func() time.Time) *Sets {
	return &Sets{s3: client, bucket: bucket, known: map[string]*requirement.Set{},
		current: NewFile(client, bucket, "data/persyaratan.json", now, requirement.Read)}
}

// Current returns the set in force, at most 30 seconds old. If it cannot be
// loaded anew, the last good one is used on.
func (s *Sets) Current(ctx context.Context) (*requirement.Set, error) {
	set, err := s.current.Current(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(set)
	return set, nil
}

// Version returns the set with the version. ErrVersion if it was never published.
func (s *Sets) Version(ctx context.Context, version string) (*requirement.Set, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if set := s.known[version]; set != nil {
		return set, nil
	}
	set, err := load(ctx, s.s3, s.bucket, "data/persyaratan-"+version+".json", requirement.Read)
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
	if len(s.known) >= keep && s.known[set.Version] == nil {
		clear(s.known)
	}
	s.known[set.Version] = set
}
