package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// gemini is Gemini CLI against the Gemini API, in a folder it trusts.
func gemini() agent {
	return agent{
		client: fetched("gemini", "@google/gemini-cli", "0.61.0", ".bin/gemini"),
		plan:   installer.Gemini,
		config: func(l *lab) {
			l.put(l.home, ".gemini/settings.json", `{"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}`)
		},
		env: func(l *lab) []string {
			return []string{
				"GEMINI_API_KEY=none", "GOOGLE_GEMINI_BASE_URL=" + strings.TrimSuffix(l.model.URL, "/v1"),
				"GEMINI_CLI_NO_RELAUNCH=true", "GEMINI_CLI_TRUST_WORKSPACE=true",
			}
		},
		args: []string{"--model", "gemini-2.5-flash", "--approval-mode", "yolo", "--prompt"},
		shell: func(command string) fakemodel.Turn {
			return call("run_shell_command", map[string]any{"command": command, "description": "run it"})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("write_file", map[string]any{"file_path": filepath.Join(l.project, name), "content": text})
		},
	}
}

func TestGeminiGuardDenies(t *testing.T)  { gemini().guardDenies(t) }
func TestGeminiAsk(t *testing.T)          { gemini().asks(t) }
func TestGeminiUpdatedInput(t *testing.T) { gemini().rewrites(t) }
func TestGeminiFormatter(t *testing.T)    { gemini().formats(t) }
func TestGeminiContext(t *testing.T)      { gemini().startsWithContext(t) }
func TestGeminiStop(t *testing.T)         { gemini().gatesStop(t) }
func TestGeminiStopCap(t *testing.T)      { gemini().capsStop(t) }
func TestGeminiMissing(t *testing.T)      { gemini().missingProgram(t) }

func TestGeminiSecretInPrompt(t *testing.T) {
	r := gemini().stopsSecret(t)
	if !strings.Contains(r.stdout+r.stderr, "there is a key in the prompt") {
		t.Errorf("the user is not told: %q, %q", r.stdout, r.stderr)
	}
}

func TestGeminiFailedCommand(t *testing.T) {
	a := gemini()
	l := a.lab(t, `{"PostToolUseFailure":[{"matcher":"Bash","hooks":[{"type":"command","command":"grep -o 'Exit code [0-9]*' >&2; exit 2"}]}],
		"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo as a success >&2; exit 2"}]}]}`, a.shell("exit 3"))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "Exit code 3")
	l.lacks("the request", l.request(2).Text(), "as a success")
}

func TestGeminiContinueFalse(t *testing.T) { gemini().halts(t) }

func TestGeminiVanished(t *testing.T) { gemini().vanishedProgram(t) }

func TestGeminiUpdatedOutput(t *testing.T) { gemini().replaces(t) }

// A tool that fails by itself is a PostToolUseFailure, too.
func TestGeminiFailedTool(t *testing.T) {
	a := gemini()
	l := a.lab(t, `{"PostToolUseFailure":[{"matcher":"Read","hooks":[{"type":"command","command":"echo look elsewhere >&2; exit 2"}]}]}`,
		call("read_file", map[string]any{"file_path": "absent.txt"}))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "look elsewhere")
}

// A guard of a file holds however the model writes its path: Gemini CLI decodes
// percent signs, takes away NULs and an @ in front, and looks for the file of an
// edit anywhere below.
func TestGeminiPaths(t *testing.T) {
	a := gemini()
	write := func(name string) fakemodel.Turn {
		return call("write_file", map[string]any{"file_path": name, "content": "broken\n"})
	}
	edit := func(name string) fakemodel.Turn {
		return call("replace", map[string]any{"file_path": name, "old_string": "kept", "new_string": "broken", "instruction": "break it"})
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":"if grep -q '/secrets/key.txt\"'; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		write("secrets/%6bey.txt"), write("@secrets/key.txt"), write("secrets/k\x00ey.txt"), edit("key.txt"), write("a%20b.txt"), edit("a b.txt"))
	l.put(l.project, "secrets/key.txt", "kept\n")
	l.put(l.project, "sub/a b.txt", "kept\n")
	a.run(l, "go")
	for i := range 3 {
		l.contains("the result of a write", l.toolResult(fmt.Sprint(i+1), i+2), "not this one")
	}
	l.contains("the result of an edit", l.toolResult("4", 5), "File not found: "+l.project+"/key.txt")
	l.holds("secrets/key.txt", "kept\n")
	l.holds("sub/a b.txt", "kept\n")
	l.holds("a b.txt", "broken\n")
}

// A guard of URLs sees each that a call would fetch.
func TestGeminiFetch(t *testing.T) {
	a := gemini()
	fetch := func(prompt string) fakemodel.Turn {
		return call("web_fetch", map[string]any{"prompt": prompt, "url": "http://good.invalid/"})
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"WebFetch","hooks":[{"type":"command","command":"if grep -qi '\"url\":\"http://evil.invalid'; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		fetch("read http://good.invalid/ and http://evil.invalid/"), fetch("read HTTP://EVIL.invalid/"), fetch("read http://good.invalid/evil.invalid"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "not this one")
	l.contains("the result", l.toolResult("2", 3), "not this one")
	l.lacks("the result of the good one", l.toolResult("3", 4), "not this one")
}

// A guard of an MCP tool by Claude's name for it holds, also where the name of its
// server has characters that are not in it.
func TestGeminiMCP(t *testing.T) {
	a := gemini()
	tool := func(x string) fakemodel.Turn { return call("mcp_my_srv_do_it", map[string]any{"x": x}) }
	config := a.config
	a.config = func(l *lab) {
		config(l)
		l.script("mcp.sh", mcpServer)
		l.put(l.project, ".gemini/settings.json", fmt.Sprintf(`{"mcpServers":{"my srv":{"command":%q}}}`, filepath.Join(l.project, "mcp.sh")))
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"mcp__my_srv__do_it","hooks":[{"type":"command","command":"if grep -q '\"x\":\"bad\"'; then echo 'not this one' >&2; exit 2; fi"}]}]}`, tool("bad"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "not this one")
	if l.exists("called") {
		t.Error("the tool was called")
	}
	l.model.Say(fakemodel.Main, tool("good"))
	a.run(l, "go on")
	l.contains("the result of the other call", l.toolResult("2", 4), "it is done")
}

func TestGeminiSubagent(t *testing.T) {
	gemini().guardsSubagent(t, call("invoke_agent", map[string]any{"agent_name": "generalist", "prompt": "clean up"}))
}

// In a workflow of GitHub's, where Gemini CLI gives hooks next to no variables, the
// project is trusted all the same.
func TestGeminiWorkflow(t *testing.T) {
	a := gemini()
	env := a.env
	a.env = func(l *lab) []string { return append(env(l), "GITHUB_SHA=0123456789abcdef") }
	l := a.lab(t, guard, a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// Where an editor drives it, it asks no hook about its model's calls: the prompt is
// refused, unless no hook guards calls.
func TestGeminiACP(t *testing.T) {
	for hooks, refused := range map[string]bool{guard: true, `{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}`: false} {
		t.Run(fmt.Sprintf("refused=%v", refused), func(t *testing.T) {
			a := gemini()
			l := a.lab(t, hooks, a.shell("rm -rf README.md"))
			p := a.serve(l, l.project, "--model", "gemini-2.5-flash", "--approval-mode", "yolo", "--acp")
			l.acpPrompt(p, 3, l.acpSession(p), "clean up")
			if l.exists("README.md") != refused || (len(l.model.Requests(fakemodel.Main)) == 0) != refused {
				t.Errorf("refused: %v; the file is there: %v, the model was asked %d times", refused, l.exists("README.md"), len(l.model.Requests(fakemodel.Main)))
			}
		})
	}
}
