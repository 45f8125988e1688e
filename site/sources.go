package site

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"lapakasik/site/disk"
)

// sources is the content as one build reads it: it remembers the digest of
// each file's bytes as they were parsed, so nothing can change in between.
type sources struct {
	fs.FS
	mu      sync.Mutex
	sums    map[string]digest
	dirs    map[string][]fs.DirEntry
	list    []string // of all files, once it is made
	changed bool     // a file had other bytes when it was read again
}

func newSources(fsys fs.FS) *sources {
	return &sources{FS: fsys, sums: map[string]digest{}, dirs: map[string][]fs.DirEntry{}}
}

// ReadFile reads a file and remembers its digest.
func (s *sources) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(s.FS, name)
	if err == nil {
		s.remember(name, b)
	}
	return b, err
}

// text is ReadFile for a text, of which it leaves no copy behind.
func (s *sources) text(name string) (string, error) {
	buffer := texts.Get().(*[]byte)
	defer texts.Put(buffer)
	b, err := s.read(name, *buffer)
	if err != nil {
		return "", err
	}
	s.remember(name, b)
	return string(b), nil
}

func (s *sources) remember(name string, b []byte) {
	sum := sha256.Sum256(b)
	s.mu.Lock()
	defer s.mu.Unlock()
	old, again := s.sums[name]
	s.changed = s.changed || again && old != sum
	s.sums[name] = sum
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

// ReadDir reads a folder once.
func (s *sources) ReadDir(name string) ([]fs.DirEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list, ok := s.dirs[name]; ok {
		return list, nil
	}
	list, err := fs.ReadDir(s.FS, name)
	if err == nil {
		s.dirs[name] = list
	}
	return list, err
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
func (s *sources) read(name string, buffer []byte) ([]byte, error) {
	if f, ok := s.FS.(disk.Folder); ok {
		return f.ReadInto(name, buffer)
	}
	return fs.ReadFile(s.FS, name)
}

// sum returns the digest of a file without keeping its bytes.
func (s *sources) sum(name string) (digest, error) {
	buffer := texts.Get().(*[]byte)
	defer texts.Put(buffer)
	b, err := s.read(name, *buffer)
	if err != nil {
		return digest{}, err
	}
	return sha256.Sum256(b), nil
}
