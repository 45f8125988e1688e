// Package inspect looks at every file that arrives in the inbox.
//
//	object created ─► allowed? ─► fetched ─► as announced? ─► examined ─┬─► vault ─► PASSED
//	                     │ no                                           └─────────► REFUSED, with findings
//	                     ▼                                                             │
//	                  ignored                          inbox object dropped ◄──────────┘
//
// Events come twice, late and in any order: the first result of an upload
// stands, and every step may be done again. What fails is tried again by the
// queue behind the event, without holding up other files. Its permission:
// read and empty the inbox, write the vault, note results. It cannot read the
// vault.
package inspect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/examine"
)

// Findings about the way of a file; those about its content are package examine's.
const (
	Digest = "DIGEST" // other length or content than was announced
	Late   = "LATE"   // arrived after the permission had run out
)

// grace is what the file store's clock may differ from ours.
const grace = time.Minute

var (
	// ErrGone: the object is not in the inbox (any more).
	ErrGone = errors.New("inspect: object is gone")
	// ErrTooLarge: the object has more bytes than anyone may send.
	ErrTooLarge = errors.New("inspect: object too large")
)

// An Object is what arrived.
type Object struct {
	Body     []byte
	Version  string
	Received time.Time // by the clock of the file store
}

// Store is what inspection needs of the store.
type Store interface {
	Upload(ctx context.Context, upload string) (registration string, doc claim.Document, err error)
	FinishUpload(ctx context.Context, registration string, doc claim.Document) error
}

// Files is the inbox and the vault.
type Files interface {
	// Fetch reads the newest version. ErrGone; ErrTooLarge with all but the body.
	Fetch(ctx context.Context, key string) (Object, error)
	// Keep puts a file into the vault and returns its version.
	Keep(ctx context.Context, key, media string, body []byte) (version string, err error)
	// Drop removes one version from the inbox.
	Drop(ctx context.Context, key, version string) error
}

// Service inspects.
type Service struct {
	Store  Store
	Files  Files
	Limits examine.Limits
	Log    *slog.Logger
}

// Handle inspects the objects of an event. All are tried; the error joins
// what failed, so that the event comes again.
func (s *Service) Handle(ctx context.Context, e events.S3Event) error {
	var failed error
	for _, r := range e.Records {
		// S3 writes keys into events as into a query string.
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil {
			s.ignore(ctx, "key of another form")
			continue
		}
		failed = errors.Join(failed, s.File(ctx, key))
	}
	return failed
}

// File inspects the object under a key of the inbox. Keys that we did not
// allow, and uploads that have their result, are left alone.
func (s *Service) File(ctx context.Context, key string) error {
	upload, slot, ok := claim.ParseInboxKey(key)
	if !ok {
		s.ignore(ctx, "key of another form")
		return nil
	}
	registration, doc, err := s.Store.Upload(ctx, upload)
	switch {
	case errors.Is(err, claim.ErrNotFound), err == nil && doc.Slot != slot:
		s.ignore(ctx, "not allowed by us")
		return nil
	case err != nil:
		return fmt.Errorf("inspect %s: %w", upload, err)
	}
	o, err := s.Files.Fetch(ctx, key)
	if errors.Is(err, ErrGone) || err != nil && doc.State != claim.DocWaiting {
		// Inspected before. S3 says "forbidden" of what is gone to whoever may
		// not list; what is left after all goes with the inbox's lifecycle.
		return nil
	}
	if err != nil && !errors.Is(err, ErrTooLarge) {
		return fmt.Errorf("inspect %s: %w", upload, err)
	}
	if doc.State == claim.DocWaiting {
		if err := s.finish(ctx, registration, doc, o, err != nil); err != nil {
			return fmt.Errorf("inspect %s: %w", upload, err)
		}
	}
	if err := s.Files.Drop(ctx, key, o.Version); err != nil {
		return fmt.Errorf("inspect %s: %w", upload, err)
	}
	return nil
}

// finish examines, keeps what passed, and notes the result.
func (s *Service) finish(ctx context.Context, registration string, doc claim.Document, o Object, tooLarge bool) error {
	begin := time.Now()
	r := s.judge(ctx, doc, o, tooLarge)
	sum := sha256.Sum256(o.Body)
	doc.State, doc.Findings, doc.Pages = claim.DocRefused, r.Findings, r.Pages
	doc.SHA256, doc.Size = hex.EncodeToString(sum[:]), 0
	if r.Passed() {
		var err error
		doc.State, doc.Media, doc.Size = claim.DocPassed, r.Media, int64(len(r.Body))
		doc.VaultKey = claim.VaultKey(doc.Upload, doc.Slot, r.Extension)
		if doc.Version, err = s.Files.Keep(ctx, doc.VaultKey, r.Media, r.Body); err != nil {
			return err
		}
	}
	if err := s.Store.FinishUpload(ctx, registration, doc); err != nil {
		return err
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "inspected", slog.String("upload", doc.Upload), slog.String("slot", doc.Slot),
		slog.String("state", string(doc.State)), slog.Int64("ms", time.Since(begin).Milliseconds()))
	return nil
}

// judge holds a file against what was announced, then examines it.
func (s *Service) judge(ctx context.Context, doc claim.Document, o Object, tooLarge bool) examine.Result {
	sum := sha256.Sum256(o.Body)
	finding := ""
	switch {
	case tooLarge:
		finding = examine.TooLarge
	case o.Received.After(doc.Expires.Add(grace)):
		finding = Late
	case doc.Size != 0 && doc.Size != int64(len(o.Body)), doc.SHA256 != "" && doc.SHA256 != hex.EncodeToString(sum[:]):
		finding = Digest
	default:
		return examine.File(ctx, o.Body, doc.Media, s.Limits)
	}
	return examine.Result{Findings: []string{finding}}
}

func (s *Service) ignore(ctx context.Context, why string) {
	s.Log.LogAttrs(ctx, slog.LevelWarn, "object ignored", slog.String("state", why))
}
