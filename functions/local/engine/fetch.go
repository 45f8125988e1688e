// Package engine runs the DynamoDB API on one machine: dynoxide, a single
// binary that comes inside an npm package, pinned by version and digest, with
// its data in one SQLite file.
//
//	npm pack ─► integrity (SHA-512) ─► unpack into the user's cache ─► Start ─► URL
//
// It is used by the local program and by every test of the store.
package engine

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"lapakasik/infra/npm"
)

const version = "1.2.1"

// packages are the npm packages by platform with the SHA-512 of the package
// (npm's integrity) and of the binary in it.
// Only a platform whose integrity was checked is listed.
var packages = map[string]struct{ name, integrity, binary string }{
	"linux/amd64": {"@dynoxide/linux-x64",
		"sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg==",
		"2GNNxv2hiSddrCl/24yNApfSXd4ZbNCdMLYPUZ6t0MbTB5deVLKuL4++M4bCBw/xcGMze36Ip3VXUKKY1mpHbA=="},
}

// ErrPlatform is returned where no engine is pinned for this platform.
var ErrPlatform = errors.New("the database engine is pinned for linux/amd64 only")

// Fetch returns the path of the engine's binary, from the cache or by npm.
// Its errors are sentences for the person at the terminal.
func Fetch(ctx context.Context) (string, error) {
	pkg, ok := packages[runtime.GOOS+"/"+runtime.GOARCH]
	if !ok {
		return "", fmt.Errorf("%w, not %s/%s", ErrPlatform, runtime.GOOS, runtime.GOARCH)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cache directory: %w", err)
	}
	binary := filepath.Join(cache, "lapakasik", "dynoxide-"+version)
	if b, err := os.ReadFile(binary); err == nil && npm.Digest(b) == pkg.binary {
		return binary, nil
	}
	tarball, err := npm.Package{Name: pkg.name, Version: version, Integrity: pkg.integrity}.Fetch(ctx)
	if err != nil {
		return "", fmt.Errorf("fetch the database engine: %w", err)
	}
	return binary, unpack(tarball, binary)
}

// unpack writes the binary of the package into the cache.
func unpack(tarball []byte, binary string) error {
	gz, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return fmt.Errorf("unpack engine: %w", err)
	}
	for r := tar.NewReader(gz); ; {
		h, err := r.Next()
		if err != nil {
			return fmt.Errorf("unpack engine: no binary in the package: %w", err)
		}
		if h.Name == "package/dynoxide" {
			return npm.Place(binary, r, 0o755)
		}
	}
}
