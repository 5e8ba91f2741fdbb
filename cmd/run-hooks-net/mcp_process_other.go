//go:build !unix

package main

import "os/exec"

// adopt does nothing: there is no such thing here.
func adopt() {}

// apart does nothing: there are no process groups here.
func apart(*exec.Cmd) {}

// terminate does nothing: there is no such signal here.
func terminate(*exec.Cmd) {}

// killTree kills the server, not its children.
func killTree(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
