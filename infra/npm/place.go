package npm

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Place writes a file under a name of its own and renames it, so that several
// processes can do so at once and none reads half a file.
func Place(path string, r io.Reader, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("place file: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("place file: %w", err)
	}
	defer os.Remove(tmp.Name())
	if _, err := io.Copy(tmp, r); err != nil {
		return errors.Join(fmt.Errorf("place file: %w", err), tmp.Close())
	}
	if err := errors.Join(tmp.Chmod(mode), tmp.Close()); err != nil {
		return fmt.Errorf("place file: %w", err)
	}
	return os.Rename(tmp.Name(), path)
}
