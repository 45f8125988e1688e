package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lapakasik/site/disk"
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
// half written. What lies aside has the folders of its place, so that a folder
// that is new moves with all it holds.
type folder struct {
	dir   string
	place disk.Folder // dir, once it is there
	mu    sync.Mutex
	files []string
	dirs  map[string]bool // that were made aside
	isNew bool            // no build has put anything here
	// step is called before each change of what is published, for the test
	// that stops a build there.
	step func()
}

// A stamp tells whether a written file has been touched since.
type stamp = disk.Stamp

// Remembers tells whether a folder has what a build left to be remembered, so
// that Update may have little to do.
func Remembers(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, memory))
	return err == nil
}

// openFolder takes away what a build left aside that was stopped.
func openFolder(dir string) (*folder, error) {
	f := &folder{dir: filepath.Clean(dir), place: disk.Open(dir), step: func() {}, dirs: map[string]bool{}}
	_, err := os.Lstat(f.path(manifest))
	f.isNew = errors.Is(err, fs.ErrNotExist)
	return f, os.RemoveAll(f.path(staging))
}

func (f *folder) path(name string) string { return disk.Path(f.dir, name) }

// aside is where a file lies until it is moved.
func (f *folder) aside(name string) string {
	return disk.Path(f.dir+string(filepath.Separator)+staging, name)
}

// put lays a file aside, unless it is at its place already. It may be called
// by many goroutines at a time.
func (f *folder) put(name string, b []byte) (stamp, error) {
	if !f.isNew {
		if st, same := f.holds(name, b); same {
			return st, nil
		}
	}
	f.mu.Lock()
	f.files = append(f.files, name)
	err := f.makeAside(path.Dir(name))
	f.mu.Unlock()
	if err != nil {
		return stamp{}, err
	}
	return disk.Write(f.aside(name), b)
}

// makeAside makes a folder for files that lie aside, and those above it.
func (f *folder) makeAside(dir string) error {
	if f.dirs[dir] {
		return nil
	}
	if dir == "." {
		f.dirs[dir] = true
		return os.MkdirAll(f.aside(dir), 0o755)
	}
	if err := f.makeAside(path.Dir(dir)); err != nil {
		return err
	}
	f.dirs[dir] = true
	return os.Mkdir(f.aside(dir), 0o755)
}

// holds tells whether a file has these bytes.
func (f *folder) holds(name string, b []byte) (stamp, bool) {
	st, err := f.place.Look(name)
	if err != nil || st.Size != int64(len(b)) {
		return stamp{}, false
	}
	buffer := texts.Get().(*[]byte)
	defer texts.Put(buffer)
	old, err := disk.Read(f.path(name), *buffer)
	return st, err == nil && bytes.Equal(old, b)
}

func (f *folder) get(name string) ([]byte, error) { return disk.Read(f.path(name), nil) }

// fresh tells whether a file is as a build left it.
func (f *folder) fresh(name string, st stamp) bool {
	now, err := f.place.Look(name)
	return err == nil && now == st
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
	err := f.moveAll()
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
	if err := f.makeAside("."); err != nil {
		return err
	}
	if _, err := disk.Write(f.aside(name), b); err != nil {
		return err
	}
	return os.Rename(f.aside(name), f.path(name))
}

// moveAll moves all that lies aside to its place: a folder that is not there
// with all it holds, into others file by file.
func (f *folder) moveAll() error {
	moved := map[string]bool{}
	for _, dir := range slices.Sorted(maps.Keys(f.dirs)) { // those above come before those below
		switch {
		case dir == ".":
		case moved[path.Dir(dir)]:
			moved[dir] = true
		default:
			var err error
			if moved[dir], err = f.moveDir(dir); err != nil {
				return err
			}
		}
	}
	rest := slices.DeleteFunc(f.files, func(name string) bool { return moved[path.Dir(name)] })
	return each(context.Background(), len(rest), func(i int) error { // not to be stopped halfway
		f.step()
		return os.Rename(f.aside(rest[i]), f.path(rest[i]))
	})
}

// moveDir moves a folder that is not at its place; false is one that is.
func (f *folder) moveDir(dir string) (bool, error) {
	f.step()
	err := os.Rename(f.aside(dir), f.path(dir))
	if err == nil {
		return true, nil
	}
	if info, e := os.Stat(f.path(dir)); e == nil && info.IsDir() {
		return false, nil
	}
	return false, err
}

// discard forgets what has not been committed.
func (f *folder) discard() {
	f.files, f.dirs = nil, map[string]bool{}
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
