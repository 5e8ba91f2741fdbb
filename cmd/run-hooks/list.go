package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/checker"
	"github.com/run-hooks/run-hooks/executor"
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
	Under   string           `json:"under,omitempty"` // with one harness: blocks, observes, cannot run, left
	Each    []underEach      `json:"harnesses,omitempty"`
}

// An underEach is what one harness makes of a hook.
type underEach struct {
	Harness string `json:"harness"`
	Under   string `json:"under"`
	Why     string `json:"why,omitempty"`
}

// list prints the hooks in effect here, in order, and where each comes from;
// with a harness, what that agent can do with each.
func (p *program) list() (int, error) {
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
	var under []mapper.Harness
	if err == nil {
		under, err = harnessesNamed(*name)
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
	if n := projectHooks(cfg); n > 0 && *name != "" && *name != "claude" && !p.trusts(cfg.Project) {
		p.say.warnf("%s is not trusted: under bridge and serve its %s would not run", cfg.Project, count(n, "hook"))
		p.say.hintf("run-hooks trust lets them run")
	}
	return p.printList(listOf(p.handlers(cfg), under), cfg, *format)
}

// handlers returns cfg's handlers; one that cannot be started here is off.
func (w world) handlers(cfg *loader.Config) []loader.Choice {
	all, o := cfg.Handlers(), w.executorOptions(cfg)
	for i := range all {
		c := &all[i]
		spec, _ := hook.Spec(c.Handler.Event)
		if why := executor.CannotRun(&c.Handler, o); c.Run && why != "" && spec.Types.Has(c.Handler.Type) {
			c.Run, c.Why = false, "it "+why
		}
	}
	return all
}

// harnessesNamed returns the one harness called name, all of them for "all", none for "".
func harnessesNamed(name string) ([]mapper.Harness, error) {
	switch name {
	case "":
		return nil, nil
	case "all":
		return mapper.Harnesses(), nil
	}
	h, err := harnessNamed(name)
	return []mapper.Harness{h}, err
}

// listOf makes the list of the hooks: with one harness what it makes of each,
// with several a line for each of them.
func listOf(handlers []loader.Choice, under []mapper.Harness) []listed {
	out := []listed{}
	for _, c := range handlers {
		h := c.Handler
		spec, _ := hook.Spec(h.Event)
		l := listed{
			Event: h.Event, Matcher: h.Matcher, If: h.If, Type: h.Type, Command: h.Label(),
			Timeout: float64(h.Limit(spec)) / float64(time.Second),
			Source:  h.Pos.String(), Scope: h.Scope, On: c.Run, Why: c.Why,
		}
		for i := range under {
			word, why := underAgent(&under[i], c)
			l.Each = append(l.Each, underEach{under[i].Name, word, why})
		}
		if len(l.Each) == 1 {
			l.Under, l.Why, l.Each = l.Each[0].Under, l.Each[0].Why, nil
		}
		out = append(out, l)
	}
	return out
}

// leftToAgent is what a harness makes of a hook that its agent runs itself.
const leftToAgent = "left"

// underAgent is checker.Under with the hooks that the bridge leaves to the agent.
func underAgent(h *mapper.Harness, c loader.Choice) (word, why string) {
	if c.Run && slices.Contains(h.Runs, c.Handler.Scope) {
		return leftToAgent, h.Name + " runs it itself"
	}
	return checker.Under(h, c)
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
		if len(l.Each) > 0 {
			w.Flush()
			printEach(p.stdout, l.Each)
		}
	}
	if err := w.Flush(); err != nil {
		return exitFail, err
	}
	fmt.Fprintf(p.stdout, "%s for %s\n", count(len(all), "hook"), cfg.Project)
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
	command := l.Command
	if command == "" {
		command = `""`
	}
	last := prefixed("\t", strings.TrimSpace(state+prefixed(": ", l.Why)+prefixed("  if ", l.If)))
	fmt.Fprintf(w, "%s\t%s\t%s\t%gs\t%s%s\n", l.Event, matcher, l.Source, l.Timeout, command, last)
}

// printEach writes what the harnesses make of a hook, those that do the same
// together.
func printEach(w io.Writer, each []underEach) {
	var order []string
	names := map[string][]string{}
	for _, e := range each {
		what := e.Under + prefixed(": ", strings.TrimPrefix(e.Why, e.Harness+" "))
		if names[what] == nil {
			order = append(order, what)
		}
		names[what] = append(names[what], e.Harness)
	}
	for _, what := range order {
		fmt.Fprintf(w, "    %s (%s)\n", what, strings.Join(names[what], ", "))
	}
}
