package disk

import (
	"io"
	"io/fs"
	"syscall"
)

func readMarked(name string, buffer []byte) ([]byte, Mark, error) {
	fd, err := open(name, syscall.O_RDONLY)
	if err != nil {
		return nil, Mark{}, failed("open", name, err)
	}
	defer syscall.Close(fd)
	var info syscall.Stat_t
	if err := again(func() error { return syscall.Fstat(fd, &info) }); err != nil {
		return nil, Mark{}, failed("stat", name, err)
	}
	if info.Mode&syscall.S_IFMT == syscall.S_IFDIR {
		return nil, Mark{}, failed("read", name, syscall.EISDIR)
	}
	b, err := readAll(fd, info.Size, buffer)
	if err != nil {
		return nil, Mark{}, failed("read", name, err)
	}
	return b, markOf(&info), nil
}

// readAll reads a file to its end, or all that it had when it was opened.
func readAll(fd int, size int64, buffer []byte) ([]byte, error) {
	if want := int(size) + 1; cap(buffer) < want { // one more, to see the end of a file that tells no size
		buffer = make([]byte, 0, want)
	}
	b := buffer[:0]
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)] // it has grown
		}
		n, err := 0, error(nil)
		err = again(func() error { n, err = syscall.Read(fd, b[len(b):cap(b)]); return err })
		if err != nil {
			return nil, err
		}
		if b = b[:len(b)+n]; n == 0 || int64(len(b)) == size {
			return b, nil
		}
	}
}

// Write makes a file of these bytes, or replaces those that it has.
func Write(name string, b []byte) (Stamp, error) {
	fd, err := open(name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_TRUNC)
	if err != nil {
		return Stamp{}, failed("open", name, err)
	}
	st, err := write(fd, b)
	if closed := syscall.Close(fd); err == nil {
		err = closed
	}
	if err != nil {
		return Stamp{}, failed("write", name, err)
	}
	return st, nil
}

func write(fd int, b []byte) (Stamp, error) {
	for len(b) > 0 {
		n, err := 0, error(nil)
		err = again(func() error { n, err = syscall.Write(fd, b); return err })
		if err != nil {
			return Stamp{}, err
		}
		if n == 0 {
			return Stamp{}, io.ErrShortWrite
		}
		b = b[n:]
	}
	var info syscall.Stat_t
	err := again(func() error { return syscall.Fstat(fd, &info) })
	return stampOf(&info), err
}

// Look returns the stamp of a file; a link or a folder is none.
func Look(name string) (Stamp, error) {
	var info syscall.Stat_t
	if err := again(func() error { return syscall.Lstat(name, &info) }); err != nil {
		return Stamp{}, failed("stat", name, err)
	}
	if info.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return Stamp{}, failed("stat", name, fs.ErrInvalid)
	}
	return stampOf(&info), nil
}

func stampOf(info *syscall.Stat_t) Stamp { return Stamp{info.Size, info.Mtim.Nano()} }

func mark(name string) (Mark, error) {
	var info syscall.Stat_t
	if err := again(func() error { return syscall.Stat(name, &info) }); err != nil {
		return Mark{}, failed("stat", name, err)
	}
	return markOf(&info), nil
}

func markOf(info *syscall.Stat_t) Mark {
	return Mark{info.Size, info.Mtim.Nano(), info.Ctim.Nano(), int64(info.Ino)}
}

func open(name string, flags int) (fd int, err error) {
	err = again(func() error { fd, err = syscall.Open(name, flags|syscall.O_CLOEXEC, 0o644); return err })
	return fd, err
}

// again repeats a call that a signal has interrupted.
func again(call func() error) error {
	for {
		if err := call(); err != syscall.EINTR {
			return err
		}
	}
}
