package engine

import (
	"os"
	"syscall"
)

var errProcessDone = os.ErrProcessDone

// attributes let the engine die with us, even when we are killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
