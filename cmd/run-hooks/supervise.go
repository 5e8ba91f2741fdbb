package main

import (
	"github.com/run-hooks/run-hooks/executor"
)

// supervise runs one async hook to its end for a run-hooks that has answered and
// gone. It is started by run-hooks itself and says nothing.
func (p *program) supervise() (int, error) {
	job, err := readAll(p.stdin)
	if err != nil {
		return exitFail, err
	}
	if _, err := executor.RunJob(p.life(), job); err != nil {
		return exitFail, err
	}
	return exitOK, nil
}
