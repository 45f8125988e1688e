// Package disk reads and writes whole files with as few calls to the system as
// can be. A build touches thousands of small files, and package os makes some
// ten calls for each, to be ready for pipes and terminals; here it is four.
package disk

import (
	"io/fs"
	"os"
	"path/filepath"
)

// A Stamp tells whether a file has been touched since it was written.
type Stamp struct{ Size, Modified int64 }

func failed(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// A Folder is the files below a folder, like those of os.DirFS.
type Folder struct {
	fs.FS
	dir string
}

// Open returns the files below dir.
func Open(dir string) Folder { return Folder{os.DirFS(dir), dir} }

// ReadFile returns the bytes of a file.
func (f Folder) ReadFile(name string) ([]byte, error) { return f.ReadInto(name, nil) }

// ReadInto is ReadFile, in the room behind buffer where the bytes fit.
func (f Folder) ReadInto(name string, buffer []byte) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, failed("open", name, fs.ErrInvalid)
	}
	return Read(filepath.Join(f.dir, filepath.FromSlash(name)), buffer)
}

// ReadDir returns what a folder holds, in order of the names.
func (f Folder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

// Stat tells what is known of a file.
func (f Folder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }
