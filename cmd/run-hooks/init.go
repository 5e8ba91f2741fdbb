package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// install puts the bridge into the config of each agent that is named, or takes it
// out. With none named it says which agents are used here, and changes nothing.
func (p *program) install() (int, error) {
	fs := flag.NewFlagSet("init", flag.ContinueOnError)
	global := fs.Bool("global", false, "")
	remove := fs.Bool("remove", false, "")
	dry := fs.Bool("dry-run", false, "")
	all := fs.Bool("all", false, "")
	names, err := parseFlags(fs, p.args)
	if err != nil {
		return exitUsage, err
	}
	o := p.installerOptions(loader.Project(p.cwd))
	o.Global, o.Remove, o.All = *global, *remove, *all
	if len(names) == 0 {
		return p.offer(o)
	}
	if i := slices.IndexFunc(installer.Others(), func(other installer.Other) bool { return slices.Contains(names, other.Name) }); i >= 0 {
		return p.unbridged(installer.Others()[i])
	}
	chosen, err := agentsNamed(names)
	if err != nil {
		return exitUsage, err
	}
	for _, a := range chosen {
		if err := p.installOne(a, o, *dry); err != nil {
			return exitFail, err
		}
	}
	return exitOK, nil
}

// unbridged says why an agent is not bridged. Nothing is done, to no other either.
func (p *program) unbridged(other installer.Other) (int, error) {
	if !other.Runs {
		return exitFail, errors.New(other.What)
	}
	fmt.Fprintf(p.stdout, "%s: there is nothing to bridge\n", other.What)
	return exitOK, nil
}

// agentsNamed returns the agents of these names.
func agentsNamed(names []string) ([]installer.Agent, error) {
	var out []installer.Agent
	for _, name := range names {
		i := slices.IndexFunc(installer.Agents(), func(a installer.Agent) bool { return a.Name == name })
		if i < 0 {
			return nil, usagef("init knows no harness %q; it knows %s", name, agentNames())
		}
		out = append(out, installer.Agents()[i])
	}
	return out, nil
}

// agentNames lists the agents for messages.
func agentNames() string {
	var names []string
	for _, a := range installer.Agents() {
		names = append(names, a.Name)
	}
	return strings.Join(names, ", ")
}

// installOne carries out what was asked for one agent, and says what there is now.
func (p *program) installOne(a installer.Agent, o installer.Options, dry bool) error {
	plan, err := a.Plan(o)
	if err != nil {
		return err
	}
	fmt.Fprint(p.stdout, plan)
	if dry {
		fmt.Fprintln(p.stdout, "nothing was changed")
		return nil
	}
	if err := plan.Apply(); err != nil {
		return err
	}
	if o.Remove {
		fmt.Fprintln(p.stdout, done(len(plan), "run-hooks is no longer bridged to ", "run-hooks was not bridged to ")+a.Name)
		return nil
	}
	fmt.Fprintln(p.stdout, done(len(plan), "run-hooks is bridged to "+a.Name, "run-hooks was bridged to "+a.Name+" already"))
	return p.installed(a, o, len(plan) > 0)
}

// installed trusts the project one is in, as who puts the bridge into a project
// has asked for its hooks to run, and says what is left to do and what the bridge
// does not run.
func (p *program) installed(a installer.Agent, o installer.Options, changed bool) error {
	if !o.Global {
		if err := p.trustStore().Trust(o.Project); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "trusted %s: its hooks run under every bridged agent\n", o.Project)
	}
	h, err := harnessNamed(a.Name)
	if err != nil {
		return err
	}
	if words := scopeWords(h.Runs); words != "" && !o.All {
		fmt.Fprintf(p.stdout, "%s runs the hooks of %s itself; the bridge leaves them to it and runs all others\n", a.Title, words)
		p.say.hintf("if you have switched that off in %s, run: run-hooks init %s --all", a.Title, a.Name)
	}
	cfg := p.configUnder(a.Name, h.Runs)
	for _, line := range p.problems(cfg) {
		fmt.Fprintln(p.say.w, line)
	}
	for _, what := range shortfalls(&h, cfg) {
		p.say.warnf("%s", what)
	}
	for _, off := range a.SwitchedOff(o, p.variable) {
		p.say.warnf("%s", off)
	}
	if b := p.bridgedBy(a, o); b.twice() {
		p.say.warnf("%s; run-hooks init %s --remove takes it out here, with --global for you", a.Name+firesTwice, a.Name)
	}
	if a.After != "" && changed {
		p.say.hintf("%s", a.After)
	}
	return nil
}

// scopeWords names the files of scopes for messages.
func scopeWords(scopes []hook.Scope) string {
	names := map[hook.Scope]string{
		hook.ScopeUser: "~/.claude/settings.json", hook.ScopeProject: ".claude/settings.json",
		hook.ScopeLocal: ".claude/settings.local.json", hook.ScopeCodex: ".codex",
	}
	var out []string
	for _, s := range scopes {
		out = append(out, names[s])
	}
	return strings.Join(out, ", ")
}

// done chooses between what was done and what was so already.
func done(steps int, did, was string) string {
	if steps > 0 {
		return did
	}
	return was
}

// offer says which agents are used here and how each is bridged.
func (p *program) offer(o installer.Options) (int, error) {
	n := 0
	for _, s := range p.bridges(o) {
		if s.Found == "" {
			continue
		}
		n++
		fmt.Fprintf(p.stdout, "%s (%s): %s\n", s.Title, s.Found, s.words())
	}
	if n == 0 {
		fmt.Fprintf(p.stdout, "no agent that run-hooks can be bridged to is seen here; it knows %s\n", agentNames())
		return exitOK, nil
	}
	p.say.hintf("run-hooks init HARNESS puts the bridge into an agent's config of this project, with --global into yours; --dry-run shows what would change")
	return exitOK, nil
}

// A bridged is what there is of the bridge for one agent.
type bridged struct {
	Harness string   `json:"harness"`
	Title   string   `json:"-"`
	Found   string   `json:"found"`             // the file by which the agent is seen to be used here; "" if it is not
	Project string   `json:"project"`           // how it is bridged in the project: "no", "yes", "outdated", "broken"
	User    string   `json:"user"`              // the same for the user
	Problem string   `json:"problem,omitempty"` // why it is broken
	Live    int      `json:"live"`              // hooks that the bridge would run for it here
	Left    int      `json:"left"`              // hooks that it runs itself
	Cannot  int      `json:"cannot"`            // hooks that it has no event for
	Off     []string `json:"off,omitempty"`     // what keeps it from running hooks

	agent   installer.Agent
	harness mapper.Harness
}

// bridges looks at every agent.
func (p *program) bridges(o installer.Options) []bridged {
	var out []bridged
	for _, a := range installer.Agents() {
		out = append(out, p.bridgedBy(a, o))
	}
	return out
}

// bridgedBy looks at one.
func (p *program) bridgedBy(a installer.Agent, o installer.Options) bridged {
	h, _ := harnessNamed(a.Name) // a test holds that every agent has a dialect
	s := bridged{Harness: a.Name, Title: a.Title, Found: a.Found(o, p.lookPath), agent: a, harness: h}
	o.Global, o.Remove = false, false
	s.Project = s.state(o)
	o.Global = true
	s.User = s.state(o)
	for _, off := range a.SwitchedOff(o, p.variable) {
		s.Off = append(s.Off, off.String())
	}
	if a.Unseen != nil {
		s.Off = append(s.Off, a.Unseen(o)...)
	}
	for _, name := range a.OffHere {
		if value := p.variable(name); value != "" && s.Project != "no" && s.User == "no" {
			s.Off = append(s.Off, fmt.Sprintf("%s is %s: %s reads no config of a project, and so not this bridge", name, value, a.Title))
		}
	}
	return s
}

// state says how the agent is bridged, in the project or for the user.
func (s *bridged) state(o installer.Options) string {
	if s.agent.UserOnly && !o.Global || o.Global && o.Home == "" && o.Moved[s.Harness] == "" {
		return "no"
	}
	is, stale, err := s.agent.Bridged(o)
	switch {
	case err != nil:
		s.Problem = err.Error()
		return "broken"
	case stale:
		return "outdated"
	case is:
		return "yes"
	}
	return "no"
}

// twice reports whether each hook runs twice. OpenCode's plugin knows of its other
// copy.
func (s bridged) twice() bool { return s.Project != "no" && s.User != "no" && s.Harness != "opencode" }

// is reports whether the agent is bridged at all.
func (s bridged) is() bool { return s.Project != "no" || s.User != "no" }

// words say how an agent is bridged, and what to do.
func (s bridged) words() string {
	var out []string
	for _, at := range [][2]string{{"for this project", s.Project}, {"for you", s.User}} {
		switch at[1] {
		case "yes":
			out = append(out, "bridged "+at[0])
		case "outdated":
			out = append(out, "bridged "+at[0]+", by another version or in part: run-hooks init "+s.Harness+" brings it up to date")
		case "broken":
			out = append(out, at[0]+": "+s.Problem)
		}
	}
	if len(out) > 0 {
		return strings.Join(out, "; ")
	}
	if s.agent.UserOnly {
		return "not bridged: run-hooks init " + s.Harness + " --global"
	}
	return "not bridged: run-hooks init " + s.Harness
}
