//go:build unix && !linux

package main

import (
	"os/exec"
	"syscall"
)

// adopt does nothing: only Linux hands orphans to a process of one's choice.
func adopt() {}

// apart gives a server a process group of its own.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// terminate asks the server's process group to end.
func terminate(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }

// killTree kills the server's process group. What left the group is beyond reach
// here; the parent still finds it when a limit passes.
func killTree(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
