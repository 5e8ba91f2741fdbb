//go:build unix && !linux

package conformance

import (
	"errors"
	"os/exec"
)

// putManaged is never called: tryManaged.
func (s *suite) putManaged(*exec.Cmd, string) {}

// tryManaged says that this system has no private mount namespaces.
func (s *suite) tryManaged() error {
	return errors.New("this system has none")
}

// enterManaged is never called: putManaged does not start it.
func enterManaged() {}
