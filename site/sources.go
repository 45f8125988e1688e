package site

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lapakasik/site/disk"
)

// sources is the content as one build reads it: it remembers the digest of
// each file's bytes as they were parsed, so nothing can change in between.
type sources struct {
	fs.FS
	began   time.Time
	mu      sync.Mutex
	files   map[string]seen
	dirs    map[string]seen
	entries map[string][]fs.DirEntry
	list    []string    // of all files, once it is made
	changed bool        // a file had other bytes when it was read again
	renewed atomic.Bool // a file or folder that is the same has another mark
}

// A seen is what a build knows of a file by its bytes or of a folder by the
// names in it: their digest, and the mark that it had then, if whatever is
// written since the build began gives it another.
type seen struct {
	sum  digest
	mark disk.Mark
}

// A marked file system tells without reading whether a file has changed.
type marked interface {
	ReadMarked(name string, buffer []byte) ([]byte, disk.Mark, error)
	Mark(name string) (disk.Mark, error)
}

// now is the clock, for the test that holds it against the marks.
var now = time.Now

func newSources(fsys fs.FS) *sources {
	return &sources{FS: fsys, began: now(), files: map[string]seen{}, dirs: map[string]seen{}, entries: map[string][]fs.DirEntry{}}
}

// ReadFile reads a file and remembers its digest.
func (s *sources) ReadFile(name string) ([]byte, error) {
	b, mark, err := s.read(name, nil)
	if err == nil {
		s.remember(name, b, mark)
	}
	return b, err
}

// text is ReadFile for a text, of which it leaves no copy behind.
func (s *sources) text(name string) (string, error) {
	buffer := texts.Get().(*[]byte)
	defer texts.Put(buffer)
	b, mark, err := s.read(name, *buffer)
	if err != nil {
		return "", err
	}
	s.remember(name, b, mark)
	return string(b), nil
}

func (s *sources) remember(name string, b []byte, mark disk.Mark) {
	f := s.look(b, mark)
	s.mu.Lock()
	defer s.mu.Unlock()
	old, again := s.files[name]
	s.changed = s.changed || again && old.sum != f.sum
	s.files[name] = f
}

// look returns what is known of bytes that were read with a mark.
func (s *sources) look(b []byte, mark disk.Mark) seen {
	if !mark.Settled(s.began) {
		mark = disk.Mark{}
	}
	return seen{sha256.Sum256(b), mark}
}

// Open is for folders. Files are to be read with ReadFile, which sees them.
func (s *sources) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.IsDir() {
		return nil, errors.Join(err, f.Close(), &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid})
	}
	return f, nil
}

// Stat tells what is known of a file without reading it.
func (s *sources) Stat(name string) (fs.FileInfo, error) { return fs.Stat(s.FS, name) }

// ReadDir reads a folder once, and remembers its digest.
func (s *sources) ReadDir(name string) ([]fs.DirEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list, ok := s.entries[name]; ok {
		return list, nil
	}
	mark, err := s.mark(name)
	if err != nil {
		return nil, err
	}
	list, err := fs.ReadDir(s.FS, name)
	if err == nil {
		s.entries[name] = list
		s.dirs[name] = s.look(listing(list), mark)
	}
	return list, err
}

// listing is what a folder's digest is of: names, and which are folders.
func listing(list []fs.DirEntry) []byte {
	var b []byte
	for _, e := range list {
		b = strconv.AppendQuote(b, e.Name())
		b = strconv.AppendUint(b, uint64(e.Type()), 10)
	}
	return b
}

// names returns every file of the content in order.
func (s *sources) names() ([]string, error) {
	if s.list != nil {
		return s.list, nil
	}
	var names []string
	err := fs.WalkDir(s, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read content: %w", err)
	}
	slices.Sort(names)
	s.list = names
	return names, nil
}

// guide is for those who edit, and no page.
const guide = "EDITORS.md"

// documents returns the files of the pages.
func (s *sources) documents() ([]string, error) {
	names, err := s.names()
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.HasSuffix(name, ".md") || name == guide }), err
}

// texts hold a file while it is looked at.
var texts = sync.Pool{New: func() any { b := make([]byte, 0, 64<<10); return &b }}

// read reads a file, in the room behind buffer where it fits.
func (s *sources) read(name string, buffer []byte) ([]byte, disk.Mark, error) {
	if f, ok := s.FS.(marked); ok {
		return f.ReadMarked(name, buffer)
	}
	b, err := fs.ReadFile(s.FS, name)
	return b, disk.Mark{}, err
}

// mark returns the mark of a file or folder, none where there are no marks.
func (s *sources) mark(name string) (disk.Mark, error) {
	if f, ok := s.FS.(marked); ok {
		return f.Mark(name)
	}
	return disk.Mark{}, nil
}

// same tells whether a file or folder is as it was seen before: by its mark,
// else by its digest, and then it takes over the newest mark.
func (s *sources) same(name string, was *seen, see func(name string) (seen, error)) bool {
	if mark, err := s.mark(name); err == nil && mark == was.mark && mark != (disk.Mark{}) {
		return true
	}
	f, err := see(name)
	if err != nil || f.sum != was.sum {
		return false
	}
	if f.mark != was.mark {
		was.mark = f.mark
		s.renewed.Store(true)
	}
	return true
}

// file looks at a file without keeping its bytes.
func (s *sources) file(name string) (seen, error) {
	buffer := texts.Get().(*[]byte)
	defer texts.Put(buffer)
	b, mark, err := s.read(name, *buffer)
	if err != nil {
		return seen{}, err
	}
	return s.look(b, mark), nil
}

// dir looks at a folder.
func (s *sources) dir(name string) (seen, error) {
	_, err := s.ReadDir(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dirs[name], err
}
