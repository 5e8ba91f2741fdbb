// Command run-hooks runs a repository's agent hooks under other agents.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
)

func main() { os.Exit(start()) }

// start is the program in its process.
func start() int {
	return run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
}

// untilSignal ends with ctx, or when the program is told to stop: it then takes
// its hooks with it, which are in sessions of their own. Watching for signals
// costs a third of a start, so it is begun with the first hook.
func untilSignal(ctx context.Context) func() context.Context {
	return sync.OnceValue(func() context.Context {
		ctx, _ := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT)
		return ctx
	})
}

// errStopped is what stands in the way of a decision when the program is told to
// stop while hooks run: what they had not said cannot count as consent.
var errStopped = errors.New("run-hooks was told to stop while hooks were running")

// A program is one call of run-hooks: what it was given and where it answers.
type program struct {
	world
	args   []string
	stdin  io.Reader
	stdout io.Writer
	life   func() context.Context // for as long as hooks may run
	say    messenger
}

// commands are the sub-commands; a call that begins with a flag is a replay.
func commands() map[string]func(*program) (int, error) {
	return map[string]func(*program) (int, error){
		"bridge":    (*program).bridge,
		"serve":     (*program).serve,
		"check":     (*program).check,
		"list":      (*program).list,
		"explain":   (*program).explain,
		"init":      (*program).install,
		"status":    (*program).status,
		"doctor":    (*program).doctor,
		"trust":     (*program).trust,
		"untrust":   (*program).untrust,
		"version":   (*program).version,
		"supervise": (*program).supervise,
	}
}

// run is the program with its streams and environment as values. A panic ends
// with exitFail: Go's own status for one, 2, would mean "block".
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) (status int) {
	p := &program{args: args, stdin: stdin, stdout: stdout, say: messenger{stderr}, life: untilSignal(ctx)}
	defer func() {
		if cause := recover(); cause != nil {
			p.say.errorf("internal error: %v\n%s", cause, debug.Stack())
			status = exitFail
		}
	}()
	var err error
	if p.world, err = look(env); err != nil {
		p.say.errorf("%v", err)
		return exitFail
	}
	return p.exit(p.dispatch())
}

// dispatch runs the sub-command that args name.
func (p *program) dispatch() (int, error) {
	if len(p.args) == 0 {
		return exitUsage, usagef("nothing to do")
	}
	switch name := p.args[0]; {
	case name == "help" || name == "-h" || name == "--help":
		return exitOK, flag.ErrHelp
	case name[:min(1, len(name))] == "-":
		return p.replay()
	default:
		command, ok := commands()[name]
		if !ok {
			return exitUsage, usagef("there is no command %q", name)
		}
		p.args = p.args[1:]
		return command(p)
	}
}

// exit words err and returns the status that goes with it.
func (p *program) exit(status int, err error) int {
	var wrong usageError
	switch {
	case err == nil:
		return status
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.stdout, usage)
		return exitOK
	case errors.As(err, &wrong):
		p.say.errorf("%v", err)
		p.say.hintf("run-hooks help shows how it is called")
		return exitUsage
	}
	p.say.errorf("%v", err)
	return exitFail
}
