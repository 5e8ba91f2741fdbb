package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/run-hooks/run-hooks/checker"
	"github.com/run-hooks/run-hooks/loader"
)

// explain says of each hook of an event whether it would run, and why not; and
// which files play no part. It runs none.
func (p *program) explain() (int, error) {
	var q question
	fs := flag.NewFlagSet("explain", flag.ContinueOnError)
	q.flags(fs)
	rest, err := parseFlags(fs, p.args)
	if err != nil {
		return exitUsage, err
	}
	if len(rest) > 0 {
		return exitUsage, usagef("unexpected argument %q", rest[0])
	}
	call, cfg, err := p.ask(q)
	if err != nil {
		return exitFail, err
	}
	p.warnOf(cfg)
	for i := range call.Events {
		choices := cfg.Match(&call.Events[i])
		for _, c := range choices {
			p.explainChoice(c)
		}
		p.explainFiles(cfg)
		fmt.Fprintf(p.stdout, "%s of %s in %s\n", count(len(choices), "hook"), call.Events[i].Spec.Name, count(len(cfg.Files), "config file"))
	}
	return exitOK, nil
}

// explainChoice says whether one hook would run, and if not why, with what was
// probably meant.
func (p *program) explainChoice(c loader.Choice) {
	verdict := "would run"
	if !c.Run {
		verdict = "would not run: " + c.Why
	}
	fmt.Fprintf(p.stdout, "%s: %s\n    %s\n", c.Handler.Pos, c.Handler.Label(), verdict)
	if c.Run || c.Duplicate || strings.Contains(c.Why, "only in case") {
		return
	}
	for _, text := range checker.Advice(c.Handler) {
		fmt.Fprintf(p.stdout, "    %s\n", text)
	}
}

// explainFiles says which files do not count, and which are not read at all.
func (p *program) explainFiles(cfg *loader.Config) {
	for _, f := range cfg.Files {
		if f.Why != "" {
			fmt.Fprintf(p.stdout, "%s: %s: %s\n", f.Name, f.Status, f.Why)
		}
	}
	for _, f := range checker.NotRead(cfg) {
		fmt.Fprintf(p.stdout, "%s: not read: %s\n", p.relative(f.Path), f.Why)
	}
	if theirs := projectHooks(cfg); theirs > 0 && !p.trusts(cfg.Project) {
		p.say.warnf("this folder is not trusted: under bridge and serve its %s would not run", count(theirs, "hook"))
		p.say.hintf("run-hooks trust lets them run")
	}
}

// projectHooks counts the hooks that come with the project.
func projectHooks(cfg *loader.Config) int {
	n := 0
	for _, c := range cfg.Handlers() {
		if loader.OfProject(c.Handler.Scope) {
			n++
		}
	}
	return n
}

// relative names a path as messages do: relative to the current directory below it.
func (w world) relative(path string) string {
	if rel, err := filepath.Rel(w.cwd, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}
