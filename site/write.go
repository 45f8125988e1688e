package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// manifest names the files that a build wrote, so that the next one can take
// away what is no longer made and nothing else.
const manifest = ".lapakasik-files"

// Write writes the files below dir. It leaves unchanged files alone and
// removes what an earlier build wrote and this one did not, with the folders
// that this empties. A build that was stopped is made good by the next.
func Write(dir string, files map[string][]byte) error {
	old, err := readManifest(dir)
	if err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	names := slices.Sorted(maps.Keys(files))
	both := slices.Compact(slices.Sorted(slices.Values(slices.Concat(old, names))))
	if err := writeManifest(dir, both); err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	for _, name := range old {
		if _, kept := files[name]; !kept {
			if err := remove(dir, name); err != nil {
				return fmt.Errorf("write site: %w", err)
			}
		}
	}
	for _, name := range names {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), files[name]); err != nil {
			return fmt.Errorf("write site: %w", err)
		}
	}
	if err := writeManifest(dir, names); err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	return nil
}

// readManifest returns the files of the last build; none for a new folder.
func readManifest(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, manifest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for name := range strings.Lines(string(b)) {
		if name = strings.TrimSpace(name); filepath.IsLocal(filepath.FromSlash(name)) {
			names = append(names, name)
		}
	}
	return names, err
}

func writeManifest(dir string, names []string) error {
	return writeFile(filepath.Join(dir, manifest), []byte(strings.Join(names, "\n")+"\n"))
}

// remove takes away a file and then each folder above it that is empty.
func remove(dir, name string) error {
	if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for up := filepath.Dir(filepath.FromSlash(name)); up != "."; up = filepath.Dir(up) {
		if os.Remove(filepath.Join(dir, up)) != nil {
			return nil // it holds something
		}
	}
	return nil
}

func writeFile(path string, b []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, b) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
