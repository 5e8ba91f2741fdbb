package main

import (
	"errors"
	"io"
	"os/exec"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// grace is how long a server may take to end after its stdin was closed, and
// once more after SIGTERM: the agent waits meanwhile.
const grace = 300 * time.Millisecond

// start starts the server as a child. The link's end closes its stdin, waits for it, and
// kills what is left of it and of its descendants.
func (s server) start(project string) (mcp.Transport, *link, error) {
	adopt()
	cmd := s.command(project)
	apart(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, trouble("cannot make a pipe")
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, trouble("cannot make a pipe")
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, errors.New("cannot be started: " + plainExec(err))
	}
	over := make(chan struct{})
	end := func() {
		stdin.Close()
		go func() { _ = cmd.Wait(); close(over) }()
		if !awaited(grace, over) {
			terminate(cmd)
			awaited(grace, over)
		}
		killTree(cmd)
		awaited(farewell, over)
	}
	return &mcp.IOTransport{Reader: io.NopCloser(stdout), Writer: stdin, MaxLineLength: maxBody}, &link{end: end, broken: "it hung up before the answer was complete"}, nil
}

// awaited waits for done, at most for limit, and reports whether it is.
func awaited(limit time.Duration, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-time.After(limit):
		return false
	}
}

// plainExec words a failed start without the command, which may hold a key.
func plainExec(err error) string {
	var missing *exec.Error
	if errors.As(err, &missing) {
		return missing.Err.Error()
	}
	return plain(err).Error()
}
