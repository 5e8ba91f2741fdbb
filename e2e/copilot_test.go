package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// copilot is GitHub Copilot CLI without its own service. It runs a project's
// hooks itself, so that those under test are the user's.
func copilot() agent {
	return agent{
		client: fetched("copilot", "@github/copilot", "1.0.102", ".bin/copilot"),
		plan:   installer.Copilot,
		config: func(l *lab) { l.toUser() },
		env: func(l *lab) []string {
			return []string{"COPILOT_OFFLINE=true", "COPILOT_PROVIDER_TYPE=openai", "COPILOT_PROVIDER_BASE_URL=" + l.model.URL, "COPILOT_MODEL=fake-model"}
		},
		args: []string{"--allow-all", "--trust-folder", "-p"},
		shell: func(command string) fakemodel.Turn {
			return call("bash", map[string]any{"command": command, "description": "run it"})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("create", map[string]any{"path": filepath.Join(l.project, name), "file_text": text})
		},
	}
}

// toUser makes the project's hooks the user's own.
func (l *lab) toUser() {
	l.Helper()
	to := filepath.Join(l.home, ".claude", "settings.json")
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		l.Fatal(err)
	}
	if err := os.Rename(filepath.Join(l.project, ".claude", "settings.json"), to); err != nil {
		l.Fatal(err)
	}
}

func TestCopilotGuardDenies(t *testing.T)     { copilot().guardDenies(t) }
func TestCopilotAsk(t *testing.T)             { copilot().asks(t) }
func TestCopilotUpdatedInput(t *testing.T)    { copilot().rewrites(t) }
func TestCopilotFormatter(t *testing.T)       { copilot().formats(t) }
func TestCopilotContext(t *testing.T)         { copilot().startsWithContext(t) }
func TestCopilotStop(t *testing.T)            { copilot().gatesStop(t) }
func TestCopilotReplaces(t *testing.T)        { copilot().replaces(t) }
func TestCopilotMissingProgram(t *testing.T)  { copilot().missingProgram(t) }
func TestCopilotSecretInPrompt(t *testing.T)  { copilot().stopsSecret(t) }
func TestCopilotVanishedProgram(t *testing.T) { copilot().vanishedProgram(t) }
func TestCopilotLink(t *testing.T)            { copilot().guardsBehindLink(t) }

// A project's bridge runs only where its folder is trusted, which for one run may
// be said by a variable: also below the project, where --trust-folder says it of
// the directory alone.
func TestCopilotTrusted(t *testing.T) {
	a := copilot()
	a.args = []string{"--allow-all", "-C", "sub", "-p"}
	env := a.env
	a.env = func(l *lab) []string { return append(env(l), "GITHUB_COPILOT_PROMPT_MODE_REPO_HOOKS=true") }
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo 'not here' >&2; exit 2"}]}]}`, a.shell("touch out.txt"))
	l.put(l.project, "sub/file", "")
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "not here")
	if l.exists("sub/out.txt") {
		t.Error("the command has run")
	}
}

// A project's hooks run once: Copilot CLI runs them, and the bridge does not.
func TestCopilotRunsOnce(t *testing.T) {
	a := copilot()
	a.config = func(*lab) {}
	l := a.lab(t, `{"PreToolUse":[{"hooks":[{"type":"command","command":"echo once >> ran"}]}]}`, a.shell("true"))
	a.run(l, "go")
	l.holds("ran", "once\n")
}

// run-hooks as a hook of the project's Claude file, which Copilot CLI runs itself:
// it knows who asks, hooks see Claude's names, and the model reads the reason.
func TestCopilotGuest(t *testing.T) {
	a := copilot()
	a.config = func(*lab) {}
	a.plan = func(installer.Options) (installer.Plan, error) { return nil, nil }
	l := a.lab(t, `{"PreToolUse":[{"hooks":[{"type":"command","command":"run-hooks --event PreToolUse"}]}]}`)
	l.model.Say(fakemodel.Main, a.write(l, "new.txt", "secret\n"))
	l.put(l.home, ".claude/settings.json", `{"hooks":{"PreToolUse":[{"matcher":"Write","hooks":[{"type":"command","command":"p=$(cat); echo \"$p\" | grep -q '\"file_path\":\"/' && echo \"$p\" | grep -q '\"content\":\"secret' && { echo 'no secrets in files' >&2; exit 2; }; exit 0"}]}]}}`)
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "no secrets in files")
	if l.exists("new.txt") {
		t.Error("the file was written")
	}
}

// A patch is a Write or an Edit of each of its files. Copilot CLI gives the tool to
// models of some names alone, takes a carriage return for the end of a line, and a
// header with blanks before it.
func TestCopilotPatch(t *testing.T) {
	a := copilot()
	env := a.env
	a.env = func(l *lab) []string {
		return append(env(l), "COPILOT_MODEL=gpt-5.4")
	}
	patch := func(text string) fakemodel.Turn {
		return fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "apply_patch", Raw: "*** Begin Patch\n" + text + "*** End Patch"}}}
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":"if grep -q 'secret'; then echo 'secret.txt is not yours' >&2; exit 2; fi"}]}]}`)
	l.model.Say(fakemodel.Main,
		patch("*** Add File: a.txt\n+a\n  *** Delete File: secret.txt\n"),
		patch("*** Add File: b.txt\n+b\r*** Delete File: secret.txt\n"),
		patch("*** Update File: README.md\n *** Move to: secrets.md\n@@\n-hello lab\n+hello\n"),
		patch("*** Update File: README.md\n-hello lab\n+secret\n"),
		patch("*** Add File: c.txt\n+c\n"))
	l.put(l.project, "secret.txt", "the secret\n")
	a.run(l, "go")
	for n := 1; n <= 4; n++ {
		l.contains("the result", l.toolResult(strconv.Itoa(n), n+1), "secret.txt is not yours")
	}
	l.holds("README.md", "hello lab\n")
	l.holds("c.txt", "c\n")
	if l.exists("a.txt") || l.exists("b.txt") || !l.exists("secret.txt") {
		t.Error("the wrong files are there")
	}
}

// A guard of an MCP tool by Claude's name for it holds, from its first call on, and
// what it sees does not change once the name is known.
func TestCopilotMCP(t *testing.T) {
	a := copilot()
	tool := func(x string) fakemodel.Turn { return call("my-srv-do_it", map[string]any{"x": x}) }
	l := a.lab(t, `{"PreToolUse":[{"matcher":"mcp__my-srv__do_it","hooks":[{"type":"command","command":"if grep -q '\"x\":\"bad\"'; then echo 'not this one' >&2; exit 2; fi"}]},
		{"matcher":"mcp__.*","hooks":[{"type":"command","command":"grep -o 'mcp__[a-z_-]*' >> names"}]}],
		"PostToolUse":[{"matcher":"mcp__my-srv__do_it","hooks":[{"type":"command","command":"touch after"}]}]}`,
		tool("bad"), tool("good"), tool("bad"))
	l.script("mcp.sh", mcpServer)
	l.put(l.home, ".copilot/mcp-config.json", fmt.Sprintf(`{"mcpServers":{"my-srv":{"type":"local","command":%q,"args":[],"tools":["*"]}}}`, filepath.Join(l.project, "mcp.sh")))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "not this one")
	l.contains("the result of the other call", l.toolResult("2", 3), "it is done")
	l.contains("the result of the last call", l.toolResult("3", 4), "not this one")
	if !l.exists("after") {
		t.Error("no hook ran after the call")
	}
	names := strings.Fields(l.text("names"))
	if len(names) != 5 || names[4] != "mcp__my-srv__do_it" {
		t.Errorf("hooks saw the names %q", names)
	}
}

// A search in several places is one in each, under Claude's name for it.
func TestCopilotSearch(t *testing.T) {
	a := copilot()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Grep|Glob","hooks":[{"type":"command","command":"if grep -q '\"path\":\"/[^\"]*/vault\"'; then echo 'not in the vault' >&2; exit 2; fi"}]}]}`,
		call("grep", map[string]any{"pattern": "key", "paths": []string{"open", "vault"}}),
		call("grep", map[string]any{"pattern": "key", "paths": "open vault"}),
		call("grep", map[string]any{"pattern": "key", "paths": []string{"open vault"}}),
		call("glob", map[string]any{"pattern": "*", "paths": "./open/../vault"}),
		call("grep", map[string]any{"pattern": "key", "path": "vault", "paths": []string{}}),
		call("grep", map[string]any{"pattern": "key", "paths": []string{"open"}}))
	l.put(l.project, "open/a.txt", "key\n")
	l.put(l.project, "vault/b.txt", "key\n")
	a.run(l, "go")
	for n := 1; n <= 5; n++ {
		l.contains("the result", l.toolResult(strconv.Itoa(n), n+1), "not in the vault")
	}
	l.contains("the result of the other search", l.toolResult("6", 7), "a.txt")
}

// The calls of a sub-agent are guarded, and hooks are told whose they are.
func TestCopilotSubagent(t *testing.T) {
	a := copilot()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"if grep -q '\"agent_type\":\"general-purpose\".*rm -rf'; then echo 'deleting is not allowed here' >&2; exit 2; fi"}]}]}`,
		call("task", map[string]any{"agent_type": "general-purpose", "name": "cleaner", "description": "clean up", "prompt": "clean up", "mode": "sync"}),
		a.shell("rm -rf README.md"))
	a.run(l, "go")
	l.contains("the result of the sub-agent's call", l.toolResult("2", 3), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}
