package main

// Exit statuses. In the hook protocol 2 means "block", and 2 is also what a Go
// program exits with when it panics or meets a bad flag; so it is given only
// where an agent's dialect says block, and never by accident.
const (
	exitOK    = 0
	exitFound = 1  // check found faults
	exitBlock = 2  // the hooks say no
	exitFail  = 3  // could not do the work
	exitUsage = 64 // called wrongly
)
