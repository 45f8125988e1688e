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
// removes what an earlier build wrote and this one did not.
func Write(dir string, files map[string][]byte) error {
	old, err := os.ReadFile(filepath.Join(dir, manifest))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write site: %w", err)
	}
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), files[name]); err != nil {
			return fmt.Errorf("write site: %w", err)
		}
	}
	for name := range strings.Lines(string(old)) {
		name = strings.TrimSpace(name)
		if _, kept := files[name]; !kept && filepath.IsLocal(filepath.FromSlash(name)) {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("write site: %w", err)
			}
		}
	}
	return writeFile(filepath.Join(dir, manifest), []byte(strings.Join(names, "\n")+"\n"))
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
