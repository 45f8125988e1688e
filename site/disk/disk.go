// Package disk reads and writes whole files with as few calls to the system as
// can be. A build touches thousands of small files, and package os makes some
// ten calls for each, to be ready for pipes and terminals; here it is four.
package disk

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A Stamp tells whether a file has been touched since it was written.
type Stamp struct{ Size, Modified int64 }

// A Mark changes with a file or folder: when it is written or replaced, even
// if that leaves its size and its time as they were. The zero Mark, of systems
// that cannot tell, says nothing. Writing to memory that a file is mapped into
// may leave its mark.
type Mark struct{ Size, Modified, Changed, Inode int64 }

// slowest is the longest time in which a file system gives all that is written
// the same time: that of FAT. On most it is some milliseconds.
const slowest = 2 * time.Second

// Settled tells whether whatever is written from a moment on gets another
// mark. What was written shortly before may get the same once more.
func (m Mark) Settled(moment time.Time) bool {
	return m != Mark{} && max(m.Modified, m.Changed) < moment.Add(-slowest).UnixNano()
}

func failed(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// A Folder is the files below a folder, like those of os.DirFS.
type Folder struct {
	fs.FS
	dir  string
	root func() *os.File // open, because files are found faster from there; nil for none
}

// Open returns the files below dir.
func Open(dir string) Folder {
	return Folder{os.DirFS(dir), filepath.Clean(dir), sync.OnceValue(func() *os.File {
		root, _ := os.Open(dir) // closed when the Folder is of no more use
		return root
	})}
}

// ReadFile returns the bytes of a file.
func (f Folder) ReadFile(name string) ([]byte, error) {
	b, _, err := f.ReadMarked(name, nil)
	return b, err
}

// ReadMarked is ReadFile, in the room behind buffer where the bytes fit, with
// the mark that the file had before it was read.
func (f Folder) ReadMarked(name string, buffer []byte) ([]byte, Mark, error) {
	if !fs.ValidPath(name) {
		return nil, Mark{}, failed("open", name, fs.ErrInvalid)
	}
	return readMarked(f.path(name), buffer)
}

// Mark returns the mark of a file or folder.
func (f Folder) Mark(name string) (Mark, error) {
	if !fs.ValidPath(name) {
		return Mark{}, failed("stat", name, fs.ErrInvalid)
	}
	return f.mark(name)
}

// Look returns the stamp of a file; a link or a folder is none.
func (f Folder) Look(name string) (Stamp, error) {
	if !fs.ValidPath(name) {
		return Stamp{}, failed("stat", name, fs.ErrInvalid)
	}
	return f.look(name)
}

func (f Folder) path(name string) string { return Path(f.dir, name) }

// Path returns where a file below a folder is. It is filepath.Join for a clean
// folder and a clean name with slashes, in a part of its time.
func Path(dir, name string) string {
	return dir + string(filepath.Separator) + filepath.FromSlash(name)
}

// Read returns the bytes of a file, in the room behind buffer where they fit.
func Read(name string, buffer []byte) ([]byte, error) {
	b, _, err := readMarked(name, buffer)
	return b, err
}

// ReadDir returns what a folder holds, in order of the names.
func (f Folder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

// Stat tells what is known of a file.
func (f Folder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }
