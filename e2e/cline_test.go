package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// cline is Cline CLI against the chat completions API.
func cline() agent {
	return agent{
		client: fetched("cline", "cline", "3.0.65", ".bin/cline"),
		plan:   installer.Cline,
		config: func(l *lab) { // as `cline auth` writes it, which takes nine seconds
			l.put(l.home, ".cline/data/settings/providers.json", fmt.Sprintf(`{"version":1,"lastUsedProvider":"openai-compatible","modes":{},"providers":{"openai-compatible":{"settings":
{"provider":"openai-compatible","apiKey":"none","model":"fake-model","baseUrl":%q},"updatedAt":"2026-01-01T00:00:00.000Z","tokenSource":"manual"}}}`, l.model.URL))
		},
		env: func(l *lab) []string { // local: no process of Cline's own is left behind
			return []string{"PATH=" + filepath.Dir(l.program) + ":" + qwenPath(l), "CLINE_SESSION_BACKEND_MODE=local"}
		},
		args: []string{"-P", "openai-compatible", "-m", "fake-model"},
		shell: func(command string) fakemodel.Turn {
			return call("run_commands", map[string]any{"commands": []string{command}})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("editor", map[string]any{"path": filepath.Join(l.project, name), "new_text": text})
		},
	}
}

// A refused call gets an input that its tool rejects, and the model the reason.
func TestClineGuardDenies(t *testing.T) {
	a := cline()
	l := a.lab(t, guard, a.shell("rm -rf README.md"), a.shell("echo harm''less"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "clean up")
	l.contains("the request after the denied call", l.request(2).Text(), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
	l.contains("the result of the other call", l.toolResult("2", 3), "harmless")
}

func TestClineFormatter(t *testing.T) { cline().formats(t) }

// What a hook wants instead is run, and what it has for the model reaches it.
func TestClineUpdatedInput(t *testing.T) {
	a := cline()
	l := a.lab(t, rewriting, a.shell("echo original > old.txt"))
	a.run(l, "go on") // one word alone would be a command
	l.contains("the result", l.toolResult("1", 2), "rewritten")
	l.contains("the request", l.request(2).Text(), "use the new way")
	if l.exists("old.txt") || !l.exists("new.txt") {
		t.Error("the wrong command has run")
	}
}

// Without run-hooks the run ends at its first tool call.
func TestClineMissingProgram(t *testing.T) {
	a := cline()
	l := a.lab(t, guard, a.shell("echo unchecked > out.txt"))
	l.script(".claude/hooks/guard.sh", noRm)
	if err := os.Remove(l.program); err != nil {
		t.Fatal(err)
	}
	a.run(l, "go on")
	if n := len(l.model.Requests(fakemodel.Main)); n != 1 || l.exists("out.txt") {
		t.Errorf("the model was asked %d times, and the command has run: %v", n, l.exists("out.txt"))
	}
}

// A guard holds in whatever form Cline takes a command. Three calls in a row that
// fail would end the run.
func TestClineForms(t *testing.T) {
	a := cline()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"if grep -q '\"command\":\"touch bad'; then echo 'not this one' >&2; exit 2; fi"}]}]}`)
	forms := []any{
		map[string]any{"commands": "touch bad.txt"},
		map[string]any{"command": "touch bad.txt"},
		map[string]any{"cmd": "touch bad.txt"},
		[]any{"touch bad.txt"},
		map[string]any{"commands": []any{map[string]any{"command": "touch", "args": []string{"bad.txt"}}}},
		map[string]any{"command": "touch", "args": []string{"bad.txt"}},
	}
	for _, form := range forms {
		l.model.Say(fakemodel.Main, fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "run_commands", Args: form}}}, a.shell("touch good.txt"))
	}
	a.run(l, "go on")
	if n := len(l.model.Requests(fakemodel.Main)); n != 2*len(forms)+1 {
		t.Errorf("the model was asked %d times, not %d", n, 2*len(forms)+1)
	}
	if l.exists("bad.txt") || !l.exists("good.txt") {
		t.Error("a denied command has run, or no other")
	}
}

// A guard of an MCP tool by Claude's name for it holds: the run ends.
func TestClineMCP(t *testing.T) {
	a := cline()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"mcp__srv__do_it","hooks":[{"type":"command","command":"if grep -q '\"x\":\"bad\"'; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		call("srv__do_it", map[string]any{"x": "bad"}))
	l.script("mcp.sh", mcpServer)
	l.put(l.home, ".cline/data/settings/cline_mcp_settings.json", fmt.Sprintf(`{"mcpServers":{"srv":{"command":%q}}}`, filepath.Join(l.project, "mcp.sh")))
	a.run(l, "go on")
	if n := len(l.model.Requests(fakemodel.Main)); n != 1 || l.exists("called") {
		t.Errorf("the model was asked %d times, and the tool was called: %v", n, l.exists("called"))
	}
	l.model.Say(fakemodel.Main, call("srv__do_it", map[string]any{"x": "good"}))
	a.run(l, "go on")
	if !l.exists("called") {
		t.Error("the other call was not made")
	}
}
