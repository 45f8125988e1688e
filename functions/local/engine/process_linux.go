package engine

import (
	"os"
	"syscall"
)

var errProcessDone = os.ErrProcessDone

// hold keeps others from a file while it is open here.
func hold(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// attributes let the engine die with us, even when we are killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
