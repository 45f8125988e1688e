package disk

import (
	"io"
	"io/fs"
	"runtime"

	"golang.org/x/sys/unix"
)

func readMarked(name string, buffer []byte) ([]byte, Mark, error) {
	fd, err := open(name, unix.O_RDONLY)
	if err != nil {
		return nil, Mark{}, failed("open", name, err)
	}
	defer unix.Close(fd)
	var info unix.Stat_t
	if err := again(func() error { return unix.Fstat(fd, &info) }); err != nil {
		return nil, Mark{}, failed("stat", name, err)
	}
	if info.Mode&unix.S_IFMT == unix.S_IFDIR {
		return nil, Mark{}, failed("read", name, unix.EISDIR)
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
		err = again(func() error { n, err = unix.Read(fd, b[len(b):cap(b)]); return err })
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
	fd, err := open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_TRUNC)
	if err != nil {
		return Stamp{}, failed("open", name, err)
	}
	st, err := write(fd, b)
	if closed := unix.Close(fd); err == nil {
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
		err = again(func() error { n, err = unix.Write(fd, b); return err })
		if err != nil {
			return Stamp{}, err
		}
		if n == 0 {
			return Stamp{}, io.ErrShortWrite
		}
		b = b[n:]
	}
	var info unix.Stat_t
	err := again(func() error { return unix.Fstat(fd, &info) })
	return stampOf(&info), err
}

func (f Folder) look(name string) (Stamp, error) {
	info, err := f.stat(name, unix.AT_SYMLINK_NOFOLLOW)
	if err == nil && info.Mode&unix.S_IFMT != unix.S_IFREG {
		err = failed("stat", name, fs.ErrInvalid)
	}
	if err != nil {
		return Stamp{}, err
	}
	return stampOf(&info), nil
}

func stampOf(info *unix.Stat_t) Stamp { return Stamp{info.Size, info.Mtim.Nano()} }

func (f Folder) mark(name string) (Mark, error) {
	info, err := f.stat(name, 0)
	if err != nil {
		return Mark{}, err
	}
	return markOf(&info), nil
}

func (f Folder) stat(name string, flags int) (info unix.Stat_t, err error) {
	root := f.root()
	if root == nil {
		return info, failed("stat", name, fs.ErrNotExist)
	}
	defer runtime.KeepAlive(root)
	if err = again(func() error { return unix.Fstatat(int(root.Fd()), name, &info, flags) }); err != nil {
		err = failed("stat", name, err)
	}
	return info, err
}

func markOf(info *unix.Stat_t) Mark {
	return Mark{info.Size, info.Mtim.Nano(), info.Ctim.Nano(), int64(info.Ino)}
}

func open(name string, flags int) (fd int, err error) {
	err = again(func() error { fd, err = unix.Open(name, flags|unix.O_CLOEXEC, 0o644); return err })
	return fd, err
}

// again repeats a call that a signal has interrupted.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}
