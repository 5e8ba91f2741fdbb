//go:build unix

package main

import (
	"os"
	"syscall"
)

// lock waits until no other process has the file locked; closing it unlocks.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }

// lockShared waits until no other process has the file locked for itself.
func lockShared(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_SH) }
