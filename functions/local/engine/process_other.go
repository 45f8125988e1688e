//go:build !linux

package engine

import (
	"os"
	"syscall"
)

var errProcessDone = os.ErrProcessDone

func attributes() *syscall.SysProcAttr { return nil }

func hold(*os.File) error { return nil }
