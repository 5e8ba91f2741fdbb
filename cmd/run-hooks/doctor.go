package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/checker"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// A complaint is something that doctor has found, and what mends it.
type complaint struct{ what, hint string }

// doctor finds what is wrong with the bridges and with what they would run here.
// It changes nothing and runs no hook. With --fire it runs a client instead.
func (p *program) doctor() (int, error) {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	harness := flags.String("fire", "", "")
	client := flags.String("client", "", "")
	rest, err := parseFlags(flags, p.args)
	switch {
	case err != nil:
		return exitUsage, err
	case len(rest) > 0:
		return exitUsage, usagef("unexpected argument %q", rest[0])
	case *harness != "":
		return p.fireUnder(*harness, *client)
	case *client != "":
		return exitUsage, usagef("--client goes with --fire HARNESS")
	}
	return p.diagnose()
}

// diagnose is doctor without --fire.
func (p *program) diagnose() (int, error) {
	s, cfg := p.survey(), p.configUnder("", nil)
	var found []complaint
	for _, look := range []func(survey, *loader.Config) []complaint{
		p.lookAtProgram, p.lookAtConfig, p.lookAtTrust, p.lookAtBridges, p.lookAtEvents, p.lookTwice,
	} {
		found = append(found, look(s, cfg)...)
	}
	for _, c := range found {
		fmt.Fprintln(p.stdout, c.what)
		if c.hint != "" {
			fmt.Fprintln(p.stdout, "    "+c.hint)
		}
	}
	if len(found) > 0 {
		return exitFound, nil
	}
	fmt.Fprintf(p.stdout, "nothing is wrong: %s\n", p.wellness(s))
	return exitOK, nil
}

// wellness sums up a state without complaints.
func (p *program) wellness(s survey) string {
	var names []string
	for _, a := range s.Agents {
		if a.is() {
			names = append(names, fmt.Sprintf("%s %s", a.Harness, a.hooks()))
		}
	}
	if len(names) == 0 {
		return "run-hooks is bridged to no agent here"
	}
	return strings.Join(names, "; ")
}

// lookAtProgram: a project's bridges look run-hooks up in PATH, and some handlers
// need the program beside it.
func (p *program) lookAtProgram(s survey, cfg *loader.Config) []complaint {
	var out []complaint
	shared := slices.ContainsFunc(s.Agents, func(a bridged) bool { return a.Project != "no" })
	switch at := p.lookPath("run-hooks"); {
	case at == "" && shared:
		out = append(out, complaint{"run-hooks is not on PATH, where the bridges of this project look for it", "put " + filepath.Dir(p.self) + " on PATH"})
	case at != "" && !sameFile(at, p.self):
		out = append(out, complaint{fmt.Sprintf("the run-hooks on PATH is %s, this one is %s", at, p.self), "remove one of them, or change PATH"})
	}
	needs := func(c loader.Choice) bool { return c.Run && c.Handler.Type != hook.Command }
	if i := slices.IndexFunc(cfg.Handlers(), needs); i >= 0 && p.net() == "" {
		h := cfg.Handlers()[i].Handler
		out = append(out, complaint{fmt.Sprintf("%s: a hook of type %s needs run-hooks-net, which is not beside %s", h.Pos, h.Type, p.self), "install it there"})
	}
	return out
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// lookAtConfig: hooks that are switched off by what is wrong in a file.
func (p *program) lookAtConfig(_ survey, cfg *loader.Config) []complaint {
	var out []complaint
	if cfg.Broken != "" {
		out = append(out, complaint{cfg.Broken, ""})
	}
	for _, f := range cfg.Findings() {
		if f.Severity == loader.Error {
			out = append(out, complaint{fmt.Sprintf("%s: %s", f.Pos, f.Text()), "run-hooks check says more"})
		}
	}
	return out
}

// lookAtTrust: hooks of a project that do not run.
func (p *program) lookAtTrust(s survey, cfg *loader.Config) []complaint {
	n := 0
	for _, f := range cfg.Files {
		if f.Status == loader.Untrusted {
			n += f.Hooks
		}
	}
	if n == 0 {
		return nil
	}
	return []complaint{{fmt.Sprintf("%s is not trusted: under a bridge its %s would not run", s.Project, count(n, "hook")), "if you trust its author, run: run-hooks trust"}}
}

// lookAtBridges: bridges that are of another version, changed, or there twice.
func (p *program) lookAtBridges(s survey, _ *loader.Config) []complaint {
	var out []complaint
	for _, a := range s.Agents {
		switch {
		case a.Problem != "":
			out = append(out, complaint{a.Harness + ": " + a.Problem, ""})
		case a.Project == "outdated" || a.User == "outdated":
			out = append(out, complaint{a.Harness + ": the bridge is of another version, or not all of it is there", "run-hooks init " + a.Harness + globally(a.Project != "outdated")})
		}
		if a.twice() {
			out = append(out, complaint{a.Harness + firesTwice, "run-hooks init " + a.Harness + " --remove, here or with --global"})
		}
		for _, off := range a.Off {
			if a.is() {
				out = append(out, complaint{off, "until that is mended the hooks guard nothing there"})
			}
		}
		if a.is() {
			for _, what := range a.agent.Overruled(p.installerOptions(s.Project)) {
				out = append(out, complaint{what, "move that hook into .claude/settings.json, where run-hooks asks it with the others"})
			}
		}
		if a.is() && a.Found == "" {
			out = append(out, complaint{a.Harness + " is bridged, but " + a.Title + " is not seen here", ""})
		}
	}
	return out
}

// firesTwice is what is wrong with an agent that is bridged twice.
const firesTwice = " is bridged for this project and for you: every hook fires twice"

func globally(yes bool) string {
	if yes {
		return " --global"
	}
	return ""
}

// lookAtEvents: hooks that cannot do under an agent what they are for.
func (p *program) lookAtEvents(s survey, _ *loader.Config) []complaint {
	var out []complaint
	for _, a := range s.Agents {
		if !a.is() {
			continue
		}
		for _, what := range shortfalls(&a.harness, p.configUnder(a.Harness, a.harness.Runs)) {
			out = append(out, complaint{what, ""})
		}
	}
	return out
}

// shortfalls says of each hook in effect that it does not run under harness h, or
// that it is a guard and stops nothing there.
func shortfalls(h *mapper.Harness, cfg *loader.Config) []string {
	var out []string
	for _, c := range cfg.Handlers() {
		word, why := checker.Under(h, c)
		switch {
		case !c.Run:
		case word == checker.CannotRun:
			out = append(out, fmt.Sprintf("%s: under %s this hook does not run: %s", c.Handler.Pos, h.Name, why))
		case word == checker.ObservesOnly && why != "" && checker.IsGuard(c.Handler, cfg.Project):
			out = append(out, fmt.Sprintf("%s: under %s this guard stops nothing: %s", c.Handler.Pos, h.Name, why))
		}
	}
	return out
}

// lookTwice: commands of Claude's files that stand in an agent's own config, too:
// somebody has copied them there, and now both run.
func (p *program) lookTwice(s survey, cfg *loader.Config) []complaint {
	var out []complaint
	for _, a := range s.Agents {
		if !a.is() {
			continue
		}
		for _, file := range ownConfigs(a.agent.Places(p.installerOptions(s.Project))) {
			text, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			for _, c := range cfg.Handlers() {
				quoted, err := json.Marshal(c.Handler.Command)
				if err != nil || c.Handler.Command == "" || c.Handler.Scope == hook.ScopeCodex || !strings.Contains(string(text), string(quoted)) {
					continue
				}
				out = append(out, complaint{fmt.Sprintf("%s: this hook stands in %s, too: under %s it fires twice", c.Handler.Pos, file, a.Harness), "remove it there"})
			}
		}
	}
	return out
}

// ownConfigs are the JSON files of an agent in which hooks may stand, of its places.
func ownConfigs(places []string) []string {
	var out []string
	for _, at := range places {
		if info, err := os.Stat(at); err != nil {
			continue
		} else if !info.IsDir() {
			out = append(out, at)
			continue
		}
		for _, pattern := range []string{"*.json", "hooks/*.json"} {
			found, _ := fs.Glob(os.DirFS(at), pattern)
			for _, f := range found {
				out = append(out, filepath.Join(at, f))
			}
		}
	}
	slices.Sort(out)
	return out
}
