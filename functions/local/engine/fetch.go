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
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

var (
	// ErrPlatform is returned where no engine is pinned for this platform.
	ErrPlatform = errors.New("the database engine is pinned for linux/amd64 only")
	// ErrIntegrity is returned for a package that is not the pinned one.
	ErrIntegrity = errors.New("the database engine's package does not have the pinned digest")
	// ErrNPM is returned where the npm client is missing.
	ErrNPM = errors.New("the npm client is missing: install Node.js 20 or later, which brings npm")
)

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
	if b, err := os.ReadFile(binary); err == nil && digest(b) == pkg.binary {
		return binary, nil
	}
	tarball, err := pack(ctx, pkg.name+"@"+version)
	if err != nil {
		return "", err
	}
	if digest(tarball) != pkg.integrity {
		return "", ErrIntegrity
	}
	return binary, unpack(tarball, binary)
}

func digest(b []byte) string {
	sum := sha512.Sum512(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// pack downloads a package with the npm client, as it is set up on this machine.
func pack(ctx context.Context, spec string) ([]byte, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return nil, ErrNPM
	}
	dir, err := os.MkdirTemp("", "engine")
	if err != nil {
		return nil, fmt.Errorf("fetch engine: %w", err)
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, npm, "pack", spec, "--silent", "--pack-destination", dir)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm could not fetch %s: %w: %s", spec, err, bytes.TrimSpace(out))
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(files) != 1 {
		return nil, fmt.Errorf("npm fetched %d files for %s; want one", len(files), spec)
	}
	return os.ReadFile(files[0])
}

// unpack writes the binary under a name of its own and renames it, so that
// several processes can do so at once.
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
			return place(r, binary)
		}
	}
}

func place(r io.Reader, binary string) error {
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return fmt.Errorf("unpack engine: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(binary), "dynoxide-*")
	if err != nil {
		return fmt.Errorf("unpack engine: %w", err)
	}
	defer os.Remove(tmp.Name())
	if _, err := io.Copy(tmp, r); err != nil {
		return errors.Join(fmt.Errorf("unpack engine: %w", err), tmp.Close())
	}
	if err := errors.Join(tmp.Chmod(0o755), tmp.Close()); err != nil {
		return fmt.Errorf("unpack engine: %w", err)
	}
	return os.Rename(tmp.Name(), binary)
}
