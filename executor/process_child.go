package executor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// A child is a started process, with all that is open or running because of it.
type child struct {
	pid   int
	mark  string
	began time.Time

	stdin, stdout, stderr *os.File // our ends of its pipes
	out, errs             capture
	first                 chan []byte // the first line of stdout, at most once; nil: not wanted
	feeding, reading      sync.WaitGroup

	ended   chan struct{} // closed when it has ended
	release chan struct{} // closed when its process number is no longer needed
	reaped  chan struct{} // closed when it has been waited for
	known   bool          // status is set
	status  syscall.WaitStatus
	faults  chan error // what went wrong in the goroutines, at most one of each
}

// serve starts the goroutines of c: one writes stdin, two read what is printed,
// one waits for the end.
func (c *child) serve(stdin []byte) {
	c.feeding.Go(func() {
		defer c.recovered()
		defer c.stdin.Close()
		// An error means that the process, or all who hold the pipe, do not
		// want the rest: that is their right (§1, e02_stdin_unread).
		_, _ = c.stdin.Write(stdin)
	})
	c.read(c.stdout, &c.out)
	c.read(c.stderr, &c.errs)
	go c.watch()
}

// read fills to from a pipe, until its end or until listening ends.
func (c *child) read(from *os.File, to *capture) {
	c.reading.Go(func() {
		defer c.recovered()
		defer from.Close()
		to.fill(from)
	})
}

// watch waits for the end of c. Where the system can, the ended process is kept
// as a zombie until c.release, so that its number, which is also that of its
// session and group, does not come to mean something else meanwhile.
func (c *child) watch() {
	defer close(c.reaped)
	defer c.recovered()
	held := untilEnded(c.pid)
	if held {
		close(c.ended)
		<-c.release
	}
	err := c.reap()
	if c.known = err == nil; !c.known {
		c.faults <- os.NewSyscallError("wait", err)
	}
	if !held {
		close(c.ended)
	}
}

// reap takes the status of the ended process and gives its number up.
func (c *child) reap() error {
	for {
		_, err := syscall.Wait4(c.pid, &c.status, 0, nil)
		if err != syscall.EINTR {
			return err
		}
	}
}

// recovered, deferred, turns a panic of a goroutine into a fault of c.
func (c *child) recovered() {
	if r := recover(); r != nil {
		c.faults <- fmt.Errorf("panic: %v", r)
	}
}

// wait waits until c has ended and its output is taken, announces itself, has
// had its time, or ctx ends.
func (c *child) wait(ctx context.Context, limit time.Duration, announce func([]byte) bool) ending {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case <-c.ended:
			return c.listen(ctx, announce)
		case line := <-c.first:
			if announce(line) {
				return announced
			}
		case <-ctx.Done():
			return calledOff
		case <-timer.C:
			return c.lateOrOver(ctx, announce)
		}
	}
}

// lateOrOver decides for the end where it and the limit have both come: an
// answer that was given in time counts.
func (c *child) lateOrOver(ctx context.Context, announce func([]byte) bool) ending {
	select {
	case <-c.ended:
		return c.listen(ctx, announce)
	default:
		return late
	}
}

// listen takes the rest of the output of c, which has ended: until no one holds
// the pipes any more, for 0.5 s, or until ctx ends. The answer does not depend
// on what came first, the end or the announcement.
func (c *child) listen(ctx context.Context, announce func([]byte) bool) ending {
	c.deafen(time.Now().Add(linger))
	stop := context.AfterFunc(ctx, func() { c.deafen(time.Now()) })
	c.reading.Wait()
	stop()
	select {
	case line := <-c.first:
		if announce(line) {
			return announced
		}
	default:
	}
	return over
}

// deafen lets reading end at the time when, whoever holds the pipes.
func (c *child) deafen(when time.Time) {
	// A pipe that is closed already needs no deadline.
	_ = c.stdout.SetReadDeadline(when)
	_ = c.stderr.SetReadDeadline(when)
}

// goOn waits for the end of a process in the background and delivers it.
func (c *child) goOn(ctx context.Context, limit time.Duration, later chan<- exit) {
	defer func() {
		if r := recover(); r != nil {
			later <- exit{code: 1, err: fmt.Errorf("panic: %v", r), took: time.Since(c.began)}
		}
	}()
	later <- c.finish(c.wait(ctx, limit, nil))
}

// finish kills what must be killed, closes what is open, and says how c ended.
func (c *child) finish(why ending) exit {
	e := exit{timedOut: why == late, cancelled: why == calledOff, code: 1}
	if why != over {
		e.err = c.tree().end()
		c.deafen(time.Now())
	}
	c.reading.Wait()
	c.stdin.Close()
	c.feeding.Wait()
	close(c.release)
	if e.err == nil {
		<-c.reaped
		c.tell(&e, why)
	}
	if why == over {
		e.stdout, e.stderr, e.cut = c.out.kept, c.errs.kept, c.out.cut
	}
	select {
	case fault := <-c.faults:
		e.err = errors.Join(e.err, fault)
	default:
	}
	e.took = time.Since(c.began)
	return e
}

// tell sets in e what the system says of the end of c. An exit status counts
// only if c was not killed: what a hook answers to SIGTERM is no verdict (§8,
// e13_timeout_*).
func (c *child) tell(e *exit, why ending) {
	switch {
	case !c.known:
	case c.status.Signaled():
		e.signal = signalName(c.status.Signal())
	case why == over:
		e.code = c.status.ExitStatus()
	}
}
