// Package npm fetches single packages with the npm client, as it is set up on
// this machine, and accepts only the bytes that were pinned.
//
//	npm pack ─► integrity (SHA-512) ─► the package's tarball, as bytes
//
// Nothing of a package is run by fetching it.
package npm

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A Package is one version of a package with its digest.
type Package struct {
	Name, Version string
	Integrity     string // SHA-512 of the tarball in base64, npm's integrity without "sha512-"
}

var (
	// ErrIntegrity is returned for a package that is not the pinned one.
	ErrIntegrity = errors.New("the package does not have the pinned digest")
	// ErrMissing is returned where the npm client is missing.
	ErrMissing = errors.New("the npm client is missing: install Node.js 20 or later, which brings npm")
)

// Digest returns the SHA-512 of b in base64.
func Digest(b []byte) string {
	sum := sha512.Sum512(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Fetch returns the package's tarball. Its errors are sentences for the person
// at the terminal.
func (p Package) Fetch(ctx context.Context) ([]byte, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return nil, ErrMissing
	}
	dir, err := os.MkdirTemp("", "npm")
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", p.Name, err)
	}
	defer os.RemoveAll(dir)
	spec := p.Name + "@" + p.Version
	cmd := exec.CommandContext(ctx, npm, "pack", spec, "--silent", "--pack-destination", dir)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm could not fetch %s: %w: %s", spec, err, bytes.TrimSpace(out))
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(files) != 1 {
		return nil, fmt.Errorf("npm fetched %d files for %s; want one", len(files), spec)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", spec, err)
	}
	if Digest(b) != p.Integrity {
		return nil, fmt.Errorf("%s: %w", spec, ErrIntegrity)
	}
	return b, nil
}

// Cached returns the package's tarball from the user's cache, where every
// reading checks the digest again, or fetches it into the cache.
func (p Package) Cached(ctx context.Context) ([]byte, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("cache directory: %w", err)
	}
	path := filepath.Join(cache, "lapakasik", filepath.Base(p.Name)+"-"+p.Version+".tgz")
	if b, err := os.ReadFile(path); err == nil && Digest(b) == p.Integrity {
		return b, nil
	}
	b, err := p.Fetch(ctx)
	if err != nil {
		return nil, err
	}
	return b, Place(path, bytes.NewReader(b), 0o644)
}
