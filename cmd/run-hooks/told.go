package main

import (
	"fmt"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/executor"
	"github.com/run-hooks/run-hooks/loader"
)

// news returns the problems of cfg that the user of ev's session has not been
// told of: all at its start, and again when a file that changed meanwhile brings
// others. A one-shot bridge remembers nothing and tells at the start alone, with
// what its agent cannot do; a plugin says that itself.
func (b *bridge) news(ev *hook.Event, cfg *loader.Config) []string {
	if !b.resident && ev.Spec.Name != hook.SessionStart {
		return nil
	}
	all := b.problems(cfg)
	if !b.resident {
		for _, what := range append(shortfalls(&b.harness, cfg), b.misplaced(cfg)...) {
			all = append(all, "run-hooks: warning: "+what)
		}
		return all
	}
	session, text := ev.String("session_id"), strings.Join(all, "\n")
	b.mu.Lock()
	defer b.mu.Unlock()
	if ev.Spec.Name == hook.SessionEnd {
		delete(b.told, session)
		delete(b.late, session)
	}
	if b.told[session] == text {
		return nil
	}
	b.told[session] = text
	return all
}

// misplaced says what is wrong with where the bridge stands in the agent's configs.
func (b *bridge) misplaced(cfg *loader.Config) []string {
	agent, err := agentsNamed([]string{b.harness.Name})
	if err != nil {
		return nil
	}
	o := b.installerOptions(cfg.Project)
	out := agent[0].Overruled(o)
	if b.bridgedBy(agent[0], o).twice() {
		out = append(out, agent[0].Name+firesTwice+"; run-hooks doctor says what to do")
	}
	return out
}

// problems are the findings the user should see at the start of a session.
func (w world) problems(cfg *loader.Config) []string {
	var out []string
	if cfg.Broken != "" {
		out = append(out, "run-hooks: "+cfg.Broken)
	}
	for _, f := range cfg.Files {
		if f.Status == loader.Untrusted && f.Hooks > 0 {
			out = append(out, fmt.Sprintf("run-hooks: warning: %s of %s cannot run: %s; if you trust its author, run: run-hooks trust %s", count(f.Hooks, "hook"), f.Name, f.Why, cfg.Project))
		}
	}
	for _, f := range cfg.Findings() {
		if f.Severity == loader.Error {
			out = append(out, fmt.Sprintf("run-hooks: warning: %s: %s", f.Pos, f.Text()))
		}
	}
	o := w.executorOptions(cfg)
	for _, c := range cfg.Handlers() {
		if why := executor.CannotRun(&c.Handler, o); c.Run && why != "" {
			out = append(out, fmt.Sprintf("run-hooks: warning: %s: the hook does not run: it %s", c.Handler.Pos, why))
		}
	}
	return out
}
