package main

import (
	"runtime"
	"syscall"
)

// makeRoom gives the heap 64 MB that the system hands out by two megabytes at
// a time, if it can: a build of all pages asks for some twenty thousand pages
// of memory, and each by itself takes longer than what is done in it.
func makeRoom() {
	room := make([]byte, 64<<20)
	_ = syscall.Madvise(room, syscall.MADV_HUGEPAGE) // else it comes as always
	runtime.KeepAlive(room)
	runtime.GC() // room is free now
}
