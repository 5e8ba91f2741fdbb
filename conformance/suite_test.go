//go:build unix

package conformance

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A suite is what all vectors of a run share. Its folder holds the programs and
// the scratch directories.
type suite struct {
	folder  string
	raced   bool         // the programs watch for data races, as this test does
	managed func() error // why a vector cannot have managed settings on this machine
	alone   func() error // why a vector cannot be cut off from the network
}

// newSuite builds the programs and removes everything at the end of t.
func newSuite(t *testing.T) *suite {
	t.Helper()
	folder, err := os.MkdirTemp("", "hk-")
	if err != nil {
		t.Fatal(err)
	}
	// /tmp may be a link; what the programs say of their directory has none.
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		t.Fatal(err)
	}
	s := &suite{folder: folder, raced: raceDetector()}
	s.managed, s.alone = sync.OnceValue(s.tryManaged), sync.OnceValue(tryCutOff)
	t.Cleanup(s.remove)
	if err := errors.Join(s.copySelf(recorderName), s.copySelf(echoName), s.copySelf(managedName), s.build()); err != nil {
		t.Fatal(err)
	}
	return s
}

// program is the path of a program of the suite.
func (s *suite) program(name string) string {
	return filepath.Join(s.folder, "programs", name)
}

// remove ends every process of the suite and deletes its folder.
func (s *suite) remove() {
	killAll(s.folder)
	_ = remove(s.folder) // what a process that cannot be killed holds, stays
}

// build builds run-hooks, and run-hooks-net beside it, where it looks for it.
func (s *suite) build() error {
	if err := openSources(); err != nil {
		return err
	}
	args := []string{"build", "-buildvcs=false", "-o", s.program("") + "/"}
	if s.raced {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, "./cmd/run-hooks", "./cmd/run-hooks-net")...)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", cmd, err, out)
	}
	return nil
}

// openSources lists every folder that the programs may be built from. The go
// command does not know that this test depends on them, and would show a cached
// result after they have changed; but it sees which folders a test lists.
func openSources() error {
	return filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && path != ".."
		if entry.IsDir() && (hidden || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it went meanwhile
		}
		return err
	})
}

// copySelf copies this test binary, which is another program under that name:
// TestMain.
func (s *suite) copySelf(name string) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	from, err := os.Open(self)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := os.MkdirAll(s.program(""), 0o755); err != nil {
		return err
	}
	to, err := os.OpenFile(s.program(name), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	_, err = io.Copy(to, from)
	return err
}

// raceDetector reports whether this binary was built with -race.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// notHere says why a vector cannot be run on this machine.
type notHere string

// Error is the reason.
func (n notHere) Error() string { return string(n) }

// missing returns a notHere if the machine lacks something that v needs, and
// another error if v needs something that is not known here.
func (s *suite) missing(v *vector) error {
	if v.hasManaged() {
		if err := s.managed(); err != nil {
			return notHere("needs a private mount namespace for /etc/claude-code: " + err.Error())
		}
	}
	if v.leaves() {
		if err := s.alone(); err != nil {
			return notHere("needs a network namespace of its own, as its hook calls another machine: " + err.Error())
		}
	}
	for _, need := range v.Needs {
		has, known := needs[need]
		if !known {
			return fmt.Errorf("needs %q, which is not known here", need)
		}
		if !has() {
			return notHere("needs " + need)
		}
	}
	return nil
}

// needs are the things a vector may ask of a machine.
var needs = map[string]func() bool{
	"dash":    shellIsDash, // its texts are that shell's
	"git":     func() bool { return installed("git") },
	"ps":      func() bool { return installed("ps") },
	"no pwsh": func() bool { return !installed("pwsh") },
	"proc":    func() bool { return isFolder("/proc/self") },
}

func shellIsDash() bool {
	shell, err := filepath.EvalSymlinks("/bin/sh")
	return err == nil && filepath.Base(shell) == "dash"
}

// installed reports whether a program is where the vectors look for it.
func installed(name string) bool {
	return slices.ContainsFunc(filepath.SplitList(searchPath), func(folder string) bool {
		file, err := os.Stat(filepath.Join(folder, name))
		return err == nil && !file.IsDir() && file.Mode()&0o111 != 0
	})
}

func isFolder(path string) bool {
	file, err := os.Stat(path)
	return err == nil && file.IsDir()
}
