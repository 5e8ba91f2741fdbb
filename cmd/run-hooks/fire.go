package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/executor"
	"github.com/run-hooks/run-hooks/loader"
)

// A firing is one event taken down the line: which hooks there were, what each
// did, and what was decided.
type firing struct {
	event    *hook.Event
	choices  []loader.Choice
	outcomes map[int]*executor.Outcome // by index into choices, of those that ran
	decision hook.Decision
	stopped  bool // run-hooks was told to stop meanwhile: the decision is none
}

// insideName is the environment variable that tells a hook for which events of
// which sessions and projects run-hooks is running hooks around it: one a line.
const insideName = "RUN_HOOKS_INSIDE"

// fire runs the handlers of cfg that match ev. Where it was started by one of
// them, for the same event, it runs none: they would start it again, for ever.
func fire(life func() context.Context, cfg *loader.Config, ev *hook.Event, o executor.Options) firing {
	here := strings.Join([]string{string(ev.Spec.Name), ev.String("session_id"), ev.String("tool_use_id"), cfg.Project}, " ")
	around := getenv(o.Env, insideName)
	if slices.Contains(strings.Split(around, "\n"), here) {
		note := fmt.Sprintf("run-hooks was started by a %s hook of %s itself; it does not run these hooks again", ev.Spec.Name, cfg.Project)
		return firing{event: ev, outcomes: map[int]*executor.Outcome{}, decision: hook.Decision{Notes: []string{note}}}
	}
	o.Env = append(slices.Clip(o.Env), insideName+"="+strings.TrimPrefix(around+"\n"+here, "\n"))
	f := firing{event: ev, choices: cfg.Match(ev), outcomes: map[int]*executor.Outcome{}}
	var run []hook.Handler
	var at []int // index of each handler's choice
	for i, c := range f.choices {
		if c.Run {
			run, at = append(run, c.Handler), append(at, i)
		}
	}
	if len(run) == 0 {
		return f
	}
	outcomes := executor.Run(life(), ev, run, o)
	f.stopped = life().Err() != nil
	for i := range outcomes {
		f.outcomes[at[outcomes[i].Index]] = &outcomes[i]
	}
	f.decision = executor.Merge(ev, outcomes)
	return f
}

// place is what the mapper is told of the world.
func (w world) place(dir, event string) mapperPlace {
	return mapperPlace{Home: w.home, Cwd: dir, Event: event, State: w.state}
}
