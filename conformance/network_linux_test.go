package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// cutOff makes cmd run in a network namespace of its own, which has no network.
func cutOff(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Unshareflags |= syscall.CLONE_NEWNET
		return
	}
	cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
	cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
	cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
}

// tryCutOff returns why cutOff does not work on this machine.
func tryCutOff() error {
	cmd := exec.Command("/bin/sh", "-c", "true")
	cutOff(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w%s", err, out)
	}
	return nil
}
