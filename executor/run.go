package executor

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	hook "github.com/run-hooks/run-hooks"
)

// Options say how handlers are run. The zero value of a field has no effect.
type Options struct {
	Project    string            // CLAUDE_PROJECT_DIR
	Home       string            // where a hook starts if neither cwd nor Project exists
	Env        []string          // environment of run-hooks itself, NAME=value
	Settings   map[string]string // "env" of the settings
	URLAllow   []string          // allowedHttpHookUrls; nil: all
	EnvAllow   []string          // httpHookAllowedEnvVars; nil: all
	Net        string            // path of run-hooks-net; "": there is none
	State      string            // directory for texts too long to hand on and for CLAUDE_ENV_FILE; "": the system's temporary one
	SessionEnd time.Duration     // default limit on SessionEnd (CLAUDE_CODE_SESSIONEND_HOOKS_TIMEOUT_MS)
	// Supervisor is the command that runs an async handler after a one-shot
	// run-hooks has ended; it reads a Job on stdin. nil: this process lives on and
	// runs it itself.
	Supervisor []string
}

// Run starts every handler at once, hands each the event's payload, and returns
// one Outcome for each, in the order in which they ended. It returns when all
// have ended, or, where the event lets a first verdict stand (§5), at that
// verdict, after the others have been killed. Handlers that go on in the
// background do not keep it waiting.
//
// Ending ctx kills what runs; it must be kept open for as long as background
// handlers may go on.
func Run(ctx context.Context, ev *hook.Event, handlers []hook.Handler, o Options) []Outcome {
	if len(handlers) == 0 {
		return nil
	}
	racing, stop := context.WithCancel(ctx)
	ended := make(chan Outcome, len(handlers))
	var group errgroup.Group
	for i := range handlers {
		h := &handlers[i]
		group.Go(func() error {
			ended <- runOne(ctx, racing, ev, h, i, o)
			return nil
		})
	}
	var out []Outcome
	for range handlers {
		outcome := <-ended
		out = append(out, outcome)
		if outcome.endsWait(ev.Spec.Race) {
			stop()
		}
	}
	stop()
	_ = group.Wait()
	return out
}

// runOne runs one handler to its end. A panic on the way is a failure of the
// handler, not of run-hooks.
func runOne(life, racing context.Context, ev *hook.Event, h *hook.Handler, index int, o Options) (out Outcome) {
	begun := time.Now()
	defer func() {
		if p := recover(); p != nil {
			out = failed(ev, h, fmt.Sprintf("run-hooks failed while running the hook: %v", p))
		}
		out.Took, out.Index = time.Since(begun), index
	}()
	if background(h) && o.Supervisor != nil {
		return supervise(life, ev, h, o)
	}
	p, err := newProcess(ev, h, index, o)
	if err != nil {
		return failed(ev, h, err.Error())
	}
	if background(h) {
		later := make(chan exit, 1)
		go func() { later <- p.run(life) }()
		return inBackground(ev, h, later)
	}
	x := p.runRacing(life, racing)
	if x.later != nil {
		return inBackground(ev, h, x.later)
	}
	return read(ev, h, x, o)
}

// runRacing runs p until racing ends; once it has announced itself background,
// until life ends.
func (p process) runRacing(life, racing context.Context) exit {
	ctx, cancel := context.WithCancel(life)
	unlink := context.AfterFunc(racing, cancel)
	if asked := p.announce; asked != nil {
		p.announce = func(line []byte) bool { return asked(line) && unlink() }
	}
	x := p.run(ctx)
	if x.later == nil {
		unlink()
		cancel()
	}
	return x
}

// background reports whether h is not waited for.
func background(h *hook.Handler) bool {
	return h.Type == hook.Command && (h.Async || h.AsyncRewake)
}
