package executor

import (
	"fmt"
	"syscall"
)

// signalName returns the name of s, as in "SIGKILL"; where it has none here,
// "signal 42".
func signalName(s syscall.Signal) string {
	for _, known := range []struct {
		signal syscall.Signal
		name   string
	}{
		{syscall.SIGHUP, "SIGHUP"},
		{syscall.SIGINT, "SIGINT"},
		{syscall.SIGQUIT, "SIGQUIT"},
		{syscall.SIGILL, "SIGILL"},
		{syscall.SIGTRAP, "SIGTRAP"},
		{syscall.SIGABRT, "SIGABRT"},
		{syscall.SIGBUS, "SIGBUS"},
		{syscall.SIGFPE, "SIGFPE"},
		{syscall.SIGKILL, "SIGKILL"},
		{syscall.SIGUSR1, "SIGUSR1"},
		{syscall.SIGSEGV, "SIGSEGV"},
		{syscall.SIGUSR2, "SIGUSR2"},
		{syscall.SIGPIPE, "SIGPIPE"},
		{syscall.SIGALRM, "SIGALRM"},
		{syscall.SIGTERM, "SIGTERM"},
		{syscall.SIGXCPU, "SIGXCPU"},
		{syscall.SIGXFSZ, "SIGXFSZ"},
		{syscall.SIGSYS, "SIGSYS"},
	} {
		if known.signal == s {
			return known.name
		}
	}
	return fmt.Sprintf("signal %d", int(s))
}
