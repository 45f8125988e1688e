package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What a build leaves in its folder besides the site. The manifest names the
// files that it wrote, so that the next one can take away what is no longer
// made and nothing else.
const (
	manifest = ".lapakasik-files"
	staging  = ".lapakasik-new"   // pages until all are known to be good
	memory   = ".lapakasik-state" // what the pages were made from
)

// Write writes the files below dir. It leaves unchanged files alone and
// removes what an earlier build wrote and this one did not, with the folders
// that this empties. A build that was stopped is made good by the next.
func Write(dir string, files map[string][]byte) error {
	f, err := openFolder(dir)
	if err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	defer f.discard()
	for name, b := range files {
		if _, err := f.put(name, b); err != nil {
			return fmt.Errorf("write site: %w", err)
		}
	}
	return f.commit(slices.Sorted(maps.Keys(files)))
}

// A folder takes the files of a build: each lies aside until commit moves it
// to its place, so a build with mistakes changes nothing, and a page is never
// half written.
type folder struct {
	dir    string
	mu     sync.Mutex
	staged []staged
	// step is called before each change of what is published, for the test
	// that stops a build there.
	step func()
}

type staged struct{ name, file string }

// A stamp tells whether a written file has been touched since.
type stamp struct{ size, modified int64 }

func stampOf(info fs.FileInfo) stamp { return stamp{info.Size(), info.ModTime().UnixNano()} }

// openFolder takes away what a build left aside that was stopped.
func openFolder(dir string) (*folder, error) {
	f := &folder{dir: dir, step: func() {}}
	return f, os.RemoveAll(f.path(staging))
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// put lays a file aside, unless it is at its place already. It may be called
// by many goroutines at a time.
func (f *folder) put(name string, b []byte) (stamp, error) {
	if st, same := f.holds(name, b); same {
		return st, nil
	}
	f.mu.Lock()
	if len(f.staged) == 0 {
		if err := os.MkdirAll(f.path(staging), 0o755); err != nil {
			f.mu.Unlock()
			return stamp{}, err
		}
	}
	aside := filepath.Join(f.dir, staging, strconv.Itoa(len(f.staged)))
	f.staged = append(f.staged, staged{name, aside})
	f.mu.Unlock()
	return writeFile(aside, b)
}

// holds tells whether a file has these bytes.
func (f *folder) holds(name string, b []byte) (stamp, bool) {
	file, err := os.Open(f.path(name))
	if err != nil {
		return stamp{}, false
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() != int64(len(b)) {
		return stamp{}, false
	}
	old := make([]byte, len(b))
	_, err = io.ReadFull(file, old)
	return stampOf(info), err == nil && bytes.Equal(old, b)
}

func (f *folder) get(name string) ([]byte, error) { return os.ReadFile(f.path(name)) }

// fresh tells whether a file is as a build left it.
func (f *folder) fresh(name string, st stamp) bool {
	info, err := os.Lstat(f.path(name))
	return err == nil && stampOf(info) == st
}

// commit moves every file to its place and removes those of earlier builds
// that are not among the names; without names it removes none. The state goes
// first: what follows may stop anywhere, and the next build believes nothing.
func (f *folder) commit(names []string) error {
	f.step()
	if err := os.Remove(f.path(memory)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write site: %w", err)
	}
	if err := f.sweep(names); err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	err := each(context.Background(), len(f.staged), func(i int) error { // not to be stopped halfway
		f.step()
		return move(f.staged[i].file, f.path(f.staged[i].name))
	})
	if err == nil && names != nil {
		f.step()
		err = f.replace(manifest, lines(names))
	}
	if err != nil {
		return fmt.Errorf("write site: %w", err)
	}
	return nil
}

// sweep takes away what is not among the names. Until all is done the
// manifest holds the old names and the new.
func (f *folder) sweep(names []string) error {
	if names == nil {
		return nil
	}
	old, err := f.written()
	if err != nil {
		return err
	}
	both := slices.Compact(slices.Sorted(slices.Values(slices.Concat(old, names))))
	if err := f.replace(manifest, lines(both)); err != nil {
		return err
	}
	for _, name := range old {
		if _, kept := slices.BinarySearch(names, name); !kept {
			f.step()
			if err := remove(f.dir, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// written returns the files of the last build; none for a new folder.
func (f *folder) written() ([]string, error) {
	b, err := os.ReadFile(f.path(manifest))
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

func lines(names []string) []byte { return []byte(strings.Join(names, "\n") + "\n") }

// replace writes a file of the builder's own in one step.
func (f *folder) replace(name string, b []byte) error {
	aside := filepath.Join(f.dir, staging, name)
	if err := os.MkdirAll(filepath.Dir(aside), 0o755); err != nil {
		return err
	}
	if _, err := writeFile(aside, b); err != nil {
		return err
	}
	return os.Rename(aside, f.path(name))
}

// discard forgets what has not been committed.
func (f *folder) discard() {
	f.staged = nil
	_ = os.RemoveAll(f.path(staging)) // the next build does it too
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

// move renames a file and makes the folder for it if there is none.
func move(from, to string) error {
	err := os.Rename(from, to)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func writeFile(name string, b []byte) (stamp, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return stamp{}, err
	}
	if _, err := file.Write(b); err != nil {
		_ = file.Close() // the first error is told
		return stamp{}, err
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Close()); err != nil {
		return stamp{}, err
	}
	return stampOf(info), nil
}
