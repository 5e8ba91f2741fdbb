package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// A listed is one hook in effect, as list reports it.
type listed struct {
	Event   hook.EventName   `json:"event"`
	Matcher string           `json:"matcher"`
	If      string           `json:"if,omitempty"`
	Type    hook.HandlerType `json:"type"`
	Command string           `json:"command"`
	Timeout float64          `json:"timeout"` // seconds
	Source  string           `json:"source"`
	Scope   hook.Scope       `json:"scope"`
	On      bool             `json:"on"`
	Why     string           `json:"why,omitempty"`
	Under   string           `json:"under,omitempty"` // blocks, observes, cannot run
}

// list prints the hooks in effect here, in order, and where each comes from;
// with a harness, what that agent can do with each.
func (p *program) list(context.Context) (int, error) {
	fs := flag.NewFlagSet("list", flag.ContinueOnError)
	name := fs.String("harness", "", "")
	dir := fs.String("dir", "", "")
	format := fs.String("format", "text", "")
	rest, err := parseFlags(fs, p.args)
	if err == nil && len(rest) > 0 {
		err = usagef("unexpected argument %q", rest[0])
	}
	if err == nil {
		err = oneOf("format", *format, "text", "json")
	}
	var under *mapper.Harness
	if err == nil && *name != "" {
		var h mapper.Harness
		h, err = harnessNamed(*name)
		under = &h
	}
	if err != nil {
		return exitUsage, err
	}
	start, exact := p.cwd, *dir != ""
	if exact {
		start = p.absolute(*dir)
	}
	o := p.loaderOptions(start, exact)
	o.OpenCode = *name == "opencode"
	cfg := loader.Load(o)
	p.warnOf(cfg)
	return p.printList(listOf(cfg, under), cfg, *format)
}

// listOf makes the list of cfg's hooks.
func listOf(cfg *loader.Config, under *mapper.Harness) []listed {
	out := []listed{}
	for _, c := range cfg.Handlers() {
		h := c.Handler
		spec, _ := hook.Spec(h.Event)
		l := listed{
			Event: h.Event, Matcher: h.Matcher, If: h.If, Type: h.Type, Command: h.Label(),
			Timeout: float64(h.Limit(spec)) / float64(time.Second),
			Source:  h.Pos.String(), Scope: h.Scope, On: c.Run, Why: c.Why,
		}
		if under != nil {
			l.Under, l.Why = underHarness(under, spec, c)
		}
		out = append(out, l)
	}
	return out
}

// underHarness says in a word what a harness makes of a hook, and why.
func underHarness(h *mapper.Harness, spec hook.EventSpec, c loader.Choice) (word, why string) {
	if !c.Run {
		return "cannot run", c.Why
	}
	can, ok := h.Can(spec.Name)
	switch {
	case !ok:
		return "cannot run", fmt.Sprintf("%s has no event for %s", h.Name, spec.Name)
	case spec.Grammar == hook.Observes:
		return "observes", ""
	case can&(mapper.CanDeny|mapper.CanContinue) == 0:
		return "observes", fmt.Sprintf("%s cannot be stopped at %s", h.Name, spec.Name)
	}
	return "blocks", ""
}

// printList writes the list.
func (p *program) printList(all []listed, cfg *loader.Config, format string) (int, error) {
	if format == "json" {
		text, err := marshal(all)
		if err == nil {
			_, err = p.stdout.Write(text)
		}
		return exitOK, err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, l := range all {
		printListed(w, l)
	}
	if err := w.Flush(); err != nil {
		return exitFail, err
	}
	fmt.Fprintf(p.stdout, "%d hooks for %s\n", len(all), cfg.Project)
	return exitOK, nil
}

// printListed writes one hook as a line.
func printListed(w io.Writer, l listed) {
	state := l.Under
	if state == "" && !l.On {
		state = "off"
	}
	matcher := l.Matcher
	if matcher == "" {
		matcher = "*"
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%gs\t%s\t%s\n", l.Event, matcher, l.Source, l.Timeout, l.Command, state+prefixed(": ", l.Why)+prefixed("  if ", l.If))
}
