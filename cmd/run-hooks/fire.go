package main

import (
	"context"

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
}

// fire runs the handlers of cfg that match ev.
func fire(ctx context.Context, cfg *loader.Config, ev *hook.Event, o executor.Options) firing {
	f := firing{event: ev, choices: cfg.Match(ev), outcomes: map[int]*executor.Outcome{}}
	var run []hook.Handler
	var at []int // index of each handler's choice
	for i, c := range f.choices {
		if c.Run {
			run, at = append(run, c.Handler), append(at, i)
		}
	}
	outcomes := executor.Run(ctx, ev, run, o)
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
