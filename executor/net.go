package executor

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// CannotRun says why handlers of h's type cannot run here, in words that go on
// from `hook "…"`; "" if nothing is known to stand in their way. It looks at o
// alone, so that it can be asked of every handler before anything happens: an
// MCP server that is not configured and a key that is not valid show only when
// the handler runs.
func CannotRun(h *hook.Handler, o Options) string {
	switch {
	case h.Type == hook.Command:
		return ""
	case o.Net == "":
		return fmt.Sprintf("is of type %s and needs the program run-hooks-net, which is not beside run-hooks", h.Type)
	case (h.Type == hook.Prompt || h.Type == hook.Agent) && !o.hasModel():
		return fmt.Sprintf("is of type %s and needs a model: set ANTHROPIC_API_KEY, or RUN_HOOKS_MODEL_URL for another one", h.Type)
	}
	return ""
}

// hasModel reports whether a handler's environment names a model API and its key.
func (o Options) hasModel() bool {
	for _, name := range []string{"RUN_HOOKS_MODEL_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"} {
		if o.variable(name) != "" {
			return true
		}
	}
	return false
}

// variable returns the value of name in a handler's environment, "" if it is not set.
func (o Options) variable(name string) string {
	if value, ok := o.Settings[name]; ok {
		return value
	}
	return lastOf(o.Env, name)
}

// lastOf returns the value of name in env, where the last of several counts; ""
// if it is not set.
func lastOf(env []string, name string) string {
	for _, line := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// netProcess makes p the run of a handler that is no command: run-hooks-net,
// which reads the handler on one line and then the payload. Where the Go runtime
// gives up it must not end with status 2, which would block: see its main.
func (p *process) netProcess(ev *hook.Event, h *hook.Handler, o Options) error {
	if why := CannotRun(h, o); why != "" {
		return errors.New(why)
	}
	job, err := json.Marshal(netJob(ev, h, o))
	if err != nil {
		return err
	}
	p.announce = nil
	p.argv = []string{o.Net, string(h.Type)}
	p.stdin = append(append(job, '\n'), p.stdin...)
	p.env = append(p.env, "GOTRACEBACK=crash")
	return nil
}

// netJob is what run-hooks-net is told of h. It knows no config and no event by
// itself, and takes no member that it does not know.
func netJob(ev *hook.Event, h *hook.Handler, o Options) map[string]any {
	job := map[string]any{"event": ev.Spec.Name}
	switch h.Type {
	case hook.HTTP:
		job["url"], job["headers"], job["allowedEnvVars"] = h.URL, h.Headers, h.AllowedEnvVars
		job["urlAllow"], job["envAllow"] = o.URLAllow, o.EnvAllow
	case hook.MCPTool:
		job["server"], job["tool"], job["input"] = h.Server, h.Tool, h.Input
		job["project"], job["home"], job["configDir"] = o.Project, o.Home, o.configDir()
		job["trusted"] = ofProject(h.Scope)
	case hook.Prompt:
		job["prompt"], job["model"], job["continueOnBlock"] = h.Prompt, h.Model, h.ContinueOnBlock
	case hook.Agent:
		job["prompt"], job["model"], job["project"] = h.Prompt, h.Model, o.Project
	}
	return job
}

// configDir is CLAUDE_CONFIG_DIR as it was when run-hooks was started, absolute;
// "" if it is not set. The settings' "env" cannot move it: what it holds says
// which programs may be started.
func (o Options) configDir() string {
	dir := lastOf(o.Env, "CLAUDE_CONFIG_DIR")
	if dir == "" {
		return ""
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	return abs
}

// ofProject reports whether handlers of scope s came with the project: that one
// runs says that the project is trusted, and its word on MCP servers counts.
func ofProject(s hook.Scope) bool {
	return s == hook.ScopeProject || s == hook.ScopeLocal || s == hook.ScopeOpenCode || s == hook.ScopeCodex
}
