package executor

import (
	"context"
	"time"
)

// linger is how long output is awaited after the end of a process whose
// children hold its pipes open (§8, e08_holds_stdout).
const linger = 500 * time.Millisecond

// What is kept of a process's output, in bytes. What is beyond is read and dropped.
const (
	maxStdout = 8 << 20
	maxStderr = 1 << 20
)

// A process says what to start and how long it may take. It runs in a session
// and a process group of its own, without a terminal (§2).
type process struct {
	// argv is the program and its arguments. A program without a slash is looked
	// up in PATH of env, a relative one with a slash is taken from dir.
	argv []string
	dir  string // working directory; "" is that of this program
	// env is the complete environment; of a name given twice the last counts.
	// The mark of the call is added to it.
	env   []string
	stdin []byte // written whole, then end of file; not reading it does no harm
	// limit is how long it may take. Then its whole tree is killed and nothing
	// it printed counts (§8).
	limit time.Duration
	// announce, if not nil, is asked at most once: with the first line of
	// stdout, without its end, when it is complete or is a complete JSON object.
	// True means that the process goes on in the background (§10.3).
	announce   func(line []byte) bool
	background time.Duration // limit from the announcement on
}

// An exit is how a process ended.
type exit struct {
	stdout, stderr []byte // what was printed until 0.5 s after its end; nothing if it was killed
	cut            bool   // stdout was longer than maxStdout
	code           int    // exit status; 1 if a signal ended it (§6.1), it was killed, or did not start
	signal         string // the signal that ended it, as in "SIGKILL"; "" if none did
	err            error  // it could not be started, or something outlived SIGKILL, or a fault of our own
	timedOut       bool   // it took longer than its limit and was killed
	cancelled      bool   // ctx ended, so it was killed or not started
	took           time.Duration
	later          <-chan exit // if it announced itself background: its real end, exactly once
}

// An ending is why the wait for a process is over.
type ending int

const (
	over      ending = iota // it ended
	announced               // it goes on in the background
	late                    // its limit passed
	calledOff               // ctx ended
)

// run starts p and waits for its end, or until it announces itself background.
//
// When the limit passes or ctx ends, SIGTERM goes to every process of the tree,
// whatever session it is in, 0.5 s later SIGKILL; when run returns, none is
// alive (see tree). ctx holds for a process in the background too; announce may
// detach it. A process that ended by itself leaves its children alone.
//
// Nothing remains open or running here when run has returned, or, of a process
// in the background, when its end has been delivered; a goroutine still waits for
// a process that cannot be killed.
func (p process) run(ctx context.Context) exit {
	began := time.Now()
	c, err := p.startWaiting(ctx)
	switch {
	case ctx.Err() != nil && err != nil:
		return exit{code: 1, cancelled: true, took: time.Since(began)}
	case err != nil:
		return exit{code: 1, err: err, took: time.Since(began)}
	}
	why := c.wait(ctx, p.limit, p.announce)
	if why != announced {
		return c.finish(why)
	}
	later := make(chan exit, 1)
	go c.goOn(ctx, p.background, later)
	return exit{took: time.Since(began), later: later}
}
