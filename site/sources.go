package site

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"slices"
	"sync"
)

// sources is the content as one build reads it: it remembers the digest of
// each file's bytes as they were parsed, so nothing can change in between.
type sources struct {
	fs.FS
	mu      sync.Mutex
	sums    map[string]digest
	dirs    map[string][]fs.DirEntry
	changed bool // a file had other bytes when it was read again
}

func newSources(fsys fs.FS) *sources {
	return &sources{FS: fsys, sums: map[string]digest{}, dirs: map[string][]fs.DirEntry{}}
}

// ReadFile reads a file and remembers its digest.
func (s *sources) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(s.FS, name)
	if err == nil {
		sum := sha256.Sum256(b)
		s.mu.Lock()
		defer s.mu.Unlock()
		old, again := s.sums[name]
		s.changed = s.changed || again && old != sum
		s.sums[name] = sum
	}
	return b, err
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
	var names []string
	err := fs.WalkDir(s, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	slices.Sort(names)
	return names, err
}

// texts hold a file while its digest is made.
var texts = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

// sum returns the digest of a file without keeping its bytes.
func (s *sources) sum(name string) (digest, error) {
	f, err := s.FS.Open(name)
	if err != nil {
		return digest{}, err
	}
	defer f.Close()
	buffer := texts.Get().(*[]byte)
	defer texts.Put(buffer)
	n, err := io.ReadFull(f, *buffer)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return sha256.Sum256((*buffer)[:n]), nil // all of it
	}
	if err != nil {
		return digest{}, err
	}
	h := sha256.New()
	h.Write((*buffer)[:n])
	if _, err := io.CopyBuffer(h, f, *buffer); err != nil {
		return digest{}, err
	}
	var sum digest
	h.Sum(sum[:0])
	return sum, nil
}
