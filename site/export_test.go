package site

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"sync/atomic"
	"syscall"
	"time"
)

// Needed are the pages that the program leads to.
var Needed = needed

// SetProgram has builds take the running program for another until the
// function it returns is called.
func SetProgram(name string) func() {
	was := program
	program = func() (digest, error) { return sha256.Sum256([]byte(name)), nil }
	return func() { program = was }
}

// SetClock has builds take the time from a clock until the function it returns
// is called.
func SetClock(clock func() time.Time) func() {
	was := now
	now = clock
	return func() { now = was }
}

// UpdateKilled is Update in a program that is killed at the nth change of
// what is published.
func UpdateKilled(ctx context.Context, fsys fs.FS, dir string, o Options, n int) error {
	f, err := openFolder(dir)
	if err != nil {
		return err
	}
	var steps atomic.Int64
	f.step = func() {
		if steps.Add(1) > int64(n) {
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	_, err = update(ctx, fsys, f, o)
	return err
}
