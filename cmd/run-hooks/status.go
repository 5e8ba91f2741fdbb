package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/checker"
	"github.com/run-hooks/run-hooks/loader"
)

// A survey is what status reports.
type survey struct {
	Version string      `json:"version"`
	Program string      `json:"program"`
	Project string      `json:"project"`
	Trusted string      `json:"trusted"` // through what; "" if it is not
	Broken  string      `json:"broken,omitempty"`
	Files   []fileState `json:"files"`
	Agents  []bridged   `json:"agents"` // those that are used here, or bridged
}

// A fileState is one config file that applies here.
type fileState struct {
	Name   string        `json:"name"`
	Scope  hook.Scope    `json:"scope"`
	Status loader.Status `json:"status"`
	Why    string        `json:"why,omitempty"`
	Hooks  int           `json:"hooks"`
}

// status says what is bridged where, and which hooks run under it.
func (p *program) status() (int, error) {
	fs := flag.NewFlagSet("status", flag.ContinueOnError)
	format := fs.String("format", "text", "")
	rest, err := parseFlags(fs, p.args)
	if err == nil && len(rest) > 0 {
		err = usagef("unexpected argument %q", rest[0])
	}
	if err == nil {
		err = oneOf("format", *format, "text", "json")
	}
	if err != nil {
		return exitUsage, err
	}
	s := p.survey()
	if *format == "json" {
		text, err := marshal(s)
		if err == nil {
			_, err = p.stdout.Write(text)
		}
		return exitOK, err
	}
	return exitOK, s.print(p.stdout)
}

// survey looks at everything once.
func (p *program) survey() survey {
	cfg := p.configUnder("", nil)
	s := survey{Version: versionText(), Program: p.self, Project: cfg.Project, Broken: cfg.Broken, Files: []fileState{}, Agents: []bridged{}}
	s.Trusted = p.trustStore().Trusted(cfg.Project, p.claudeState())
	if getenv(p.env, "RUN_HOOKS_TRUST") == "all" {
		s.Trusted = "RUN_HOOKS_TRUST"
	}
	for _, f := range cfg.Files {
		s.Files = append(s.Files, fileState{f.Name, f.Scope, f.Status, f.Why, f.Hooks})
	}
	for _, b := range p.bridges(p.installerOptions(loader.Project(p.cwd))) {
		if b.Found == "" && (b.agent.Shares || !b.is()) {
			continue
		}
		b.count(p.configUnder(b.Harness, b.harness.Runs))
		s.Agents = append(s.Agents, b)
	}
	return s
}

// configUnder is the config as the bridge of a harness takes it, which runs the
// hooks of some scopes itself; "" is that of no harness.
func (p *program) configUnder(harness string, runs []hook.Scope) *loader.Config {
	o := p.loaderOptions(p.cwd, false)
	o.OpenCode = harness == "opencode"
	o.Leave, o.LeaveTo = runs, harness
	o.Untrusted = !p.trusts(o.Project())
	return loader.Load(o)
}

// count counts what of cfg the bridge runs.
func (s *bridged) count(cfg *loader.Config) {
	left := map[string]bool{}
	for _, f := range cfg.Files {
		left[f.Name] = f.Status == loader.Left
	}
	for _, c := range cfg.Handlers() {
		word, _ := checker.Under(&s.harness, c)
		switch {
		case left[c.Handler.Pos.File]:
			s.Left++
		case c.Run && word == checker.CannotRun:
			s.Cannot++
		case c.Run:
			s.Live++
		}
	}
}

// print writes the state for people.
func (s survey) print(out io.Writer) error {
	fmt.Fprintf(out, "run-hooks %s, %s\n", s.Version, s.Program)
	trust := "not trusted: its hooks do not run under a bridge"
	if s.Trusted != "" {
		trust = "trusted through " + s.Trusted
	}
	fmt.Fprintf(out, "%s, %s\n", s.Project, trust)
	if s.Broken != "" {
		fmt.Fprintln(out, s.Broken)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range s.Files {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", f.Name, f.Scope, count(f.Hooks, "hook"), string(f.Status)+prefixed(": ", f.Why))
	}
	for _, a := range s.Agents {
		fmt.Fprintf(w, "%s\t%s\t%s\n", a.Harness, a.words(), a.hooks())
	}
	return w.Flush()
}

// hooks says which hooks the bridge of an agent runs.
func (s bridged) hooks() string {
	if !s.is() {
		return ""
	}
	if len(s.Off) > 0 {
		return "hooks do not run: " + strings.Join(s.Off, "; ")
	}
	out := []string{fmt.Sprintf("runs %s", count(s.Live, "hook"))}
	if s.Left > 0 {
		out = append(out, fmt.Sprintf("leaves %d to %s", s.Left, s.Title))
	}
	if s.Cannot > 0 {
		out = append(out, fmt.Sprintf("has no event for %d", s.Cannot))
	}
	return strings.Join(out, ", ")
}
