//go:build unix

package main

import "syscall"

// dropCores keeps a crash from leaving a core file: the process holds keys.
// Failure changes nothing but that.
func dropCores() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
