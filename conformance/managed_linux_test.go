package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// managedSettings is where the client, and so run-hooks, finds them.
const managedSettings = "/etc/claude-code"

// putManaged makes cmd run in a mount namespace of its own, in which the folder
// etc/claude-code of the scratch directory root lies over /etc/claude-code.
// Nothing outside sees it.
func (s *suite) putManaged(cmd *exec.Cmd, root string) {
	cmd.Args = append([]string{managedName, filepath.Join(root, managedSettings), filepath.Join(root, "mnt"), cmd.Path}, cmd.Args[1:]...)
	cmd.Path = s.program(managedName)
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS
	if os.Geteuid() != 0 { // mounting is root's, be it in a user namespace
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
}

// tryManaged returns why putManaged does not work on this machine.
func (s *suite) tryManaged() error {
	root, err := os.MkdirTemp(s.folder, "managed-")
	if err != nil {
		return err
	}
	file := filepath.Join(root, managedSettings, "here")
	err = errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.Mkdir(filepath.Join(root, "mnt"), 0o755), os.WriteFile(file, nil, 0o644))
	if err != nil {
		return err
	}
	cmd := exec.Command("/bin/sh", "-c", "test -f "+managedSettings+"/here")
	s.putManaged(cmd, root)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w%s", err, out)
	}
	return nil
}

// enterManaged is the program managed: managed SETTINGS SCRATCH PROGRAM [ARGS…].
// It puts the folder SETTINGS over /etc/claude-code and becomes PROGRAM. SCRATCH
// is an empty folder.
func enterManaged() {
	err := errors.New("too few arguments")
	if len(os.Args) > 3 {
		if err = overlay(os.Args[1], os.Args[2]); err == nil {
			err = syscall.Exec(os.Args[3], os.Args[3:], os.Environ())
		}
	}
	fmt.Fprint(os.Stderr, ": ", err)
	syscall.Exit(1)
}

// overlay puts settings over /etc/claude-code. Where there is no such folder to
// put it over, an overlay on /etc makes one.
func overlay(settings, scratch string) error {
	if _, err := os.Stat(managedSettings); errors.Is(err, fs.ErrNotExist) {
		if err := addFolder(scratch); err != nil {
			return err
		}
	}
	return mount(settings, managedSettings, "", syscall.MS_BIND, "")
}

func addFolder(scratch string) error {
	if err := mount("tmpfs", scratch, "tmpfs", 0, ""); err != nil {
		return err
	}
	above, work := filepath.Join(scratch, "above"), filepath.Join(scratch, "work")
	err := errors.Join(os.MkdirAll(filepath.Join(above, filepath.Base(managedSettings)), 0o755), os.Mkdir(work, 0o755))
	if err != nil {
		return err
	}
	below := filepath.Dir(managedSettings)
	return mount("overlay", below, "overlay", 0, "lowerdir="+below+",upperdir="+above+",workdir="+work)
}

func mount(source, target, kind string, flags uintptr, options string) error {
	if err := syscall.Mount(source, target, kind, flags, options); err != nil {
		return fmt.Errorf("mount %s on %s: %w", source, target, err)
	}
	return nil
}
