package main

import (
	"context"
	"flag"
	"fmt"
)

// explain says of each hook of an event whether it would run, and why not. It
// runs none.
func (p *program) explain(context.Context) (int, error) {
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
	ev := &call.Events[0]
	choices := cfg.Match(ev)
	for _, c := range choices {
		verdict := "would run"
		if !c.Run {
			verdict = "would not run: " + c.Why
		}
		fmt.Fprintf(p.stdout, "%s: %s\n    %s\n", c.Handler.Pos, c.Handler.Label(), verdict)
	}
	for _, f := range cfg.Files {
		if f.Why != "" {
			fmt.Fprintf(p.stdout, "%s: %s: %s\n", f.Name, f.Status, f.Why)
		}
	}
	fmt.Fprintf(p.stdout, "%d hooks of %s in %d config files\n", len(choices), ev.Spec.Name, len(cfg.Files))
	return exitOK, nil
}
