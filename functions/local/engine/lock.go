package engine

import (
	"errors"
	"fmt"
	"os"
)

// A lock keeps a file of data for this process, until it is freed or the
// process has ended, however that was.
type lock struct{ file *os.File }

// take takes the lock of a file; none for "".
func take(path string) (lock, error) {
	if path == "" {
		return lock{}, nil
	}
	file, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return lock{}, fmt.Errorf("lock: %w", err)
	}
	if err := hold(file); err != nil {
		return lock{}, errors.Join(fmt.Errorf("another program uses %s; end it, or choose another folder with -data: %w", path, err), file.Close())
	}
	return lock{file}, nil
}

// free gives the lock back. It may be called again.
func (l lock) free() error {
	if l.file == nil {
		return nil
	}
	if err := l.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
