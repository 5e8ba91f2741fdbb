package executor

import (
	"path/filepath"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// TestCannotRun: what each type needs, and where it is looked for.
func TestCannotRun(t *testing.T) {
	env := func(lines ...string) Options { return Options{Net: "/bin/run-hooks-net", Env: lines} }
	set := func(name, value string, lines ...string) Options {
		o := env(lines...)
		o.Settings = map[string]string{name: value}
		return o
	}
	tests := []struct {
		kind hook.HandlerType
		o    Options
		why  string // part of it; "": it can run
	}{
		{hook.Command, Options{}, ""},
		{hook.HTTP, Options{}, "needs the program run-hooks-net"},
		{hook.MCPTool, Options{}, "needs the program run-hooks-net"},
		{hook.Prompt, Options{Env: []string{"ANTHROPIC_API_KEY=k"}}, "needs the program run-hooks-net"},
		{hook.HTTP, env(), ""},
		{hook.MCPTool, env(), ""},
		{hook.Prompt, env(), "is of type prompt and needs a model"},
		{hook.Agent, env(), "is of type agent and needs a model"},
		{hook.Prompt, env("ANTHROPIC_API_KEY="), "needs a model"},
		{hook.Prompt, env("ANTHROPIC_API_KEY=k", "ANTHROPIC_API_KEY="), "needs a model"},
		{hook.Prompt, env("ANTHROPIC_API_KEY=k"), ""},
		{hook.Agent, env("ANTHROPIC_AUTH_TOKEN=k"), ""},
		{hook.Agent, env("RUN_HOOKS_MODEL_URL=http://127.0.0.1:1/v1"), ""},
		{hook.Prompt, set("ANTHROPIC_API_KEY", "k"), ""},
		{hook.Prompt, set("ANTHROPIC_API_KEY", "", "ANTHROPIC_API_KEY=k"), "needs a model"}, // the settings' variables prevail
	}
	for _, tt := range tests {
		got := CannotRun(&hook.Handler{Type: tt.kind}, tt.o)
		if (got == "") != (tt.why == "") || !strings.Contains(got, tt.why) {
			t.Errorf("%s, %+v: %q, want %q", tt.kind, tt.o, got, tt.why)
		}
	}
}

// TestMCPTrust: a project's own word on MCP servers counts for its own handlers
// alone, and the settings' "env" does not say where the user's files are.
func TestMCPTrust(t *testing.T) {
	o := Options{Env: []string{"CLAUDE_CONFIG_DIR=cfg"}, Settings: map[string]string{"CLAUDE_CONFIG_DIR": "/evil"}}
	want, err := filepath.Abs("cfg")
	if err != nil {
		t.Fatal(err)
	}
	trusted := map[hook.Scope]bool{hook.ScopeProject: true, hook.ScopeLocal: true, hook.ScopeOpenCode: true, hook.ScopeCodex: true}
	for _, scope := range []hook.Scope{hook.ScopeUser, hook.ScopeProject, hook.ScopeLocal, hook.ScopeOpenCode, hook.ScopeCodex, hook.ScopeManaged, hook.ScopePlugin} {
		job := netJob(&hook.Event{}, &hook.Handler{Type: hook.MCPTool, Scope: scope}, o)
		if job["trusted"] != trusted[scope] || job["configDir"] != want {
			t.Errorf("%s: %v", scope, job)
		}
	}
}
