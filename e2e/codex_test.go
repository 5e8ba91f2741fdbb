package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// codex is Codex CLI against the Responses API. Its hooks would have to be
// reviewed one by one (§2.3 of the Codex record); a flag takes them as they are.
func codex() agent {
	return agent{
		client: fetched("codex", "@openai/codex", "0.169.0", ".bin/codex"),
		plan:   installer.Codex,
		config: func(l *lab) {
			l.put(l.home, ".codex/config.toml", fmt.Sprintf(`model = "gpt-5.5"
model_provider = "lab"
[model_providers.lab]
name = "Lab"
base_url = %q
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[projects.%q]
trust_level = "trusted"
`, l.model.URL, l.project))
		},
		env:  func(*lab) []string { return nil },
		args: []string{"exec", "--dangerously-bypass-hook-trust", "--sandbox", "danger-full-access", "--skip-git-repo-check"},
		shell: func(command string) fakemodel.Turn {
			return call("exec_command", map[string]any{"cmd": command})
		},
		write: func(_ *lab, name, text string) fakemodel.Turn {
			return codexPatch("*** Begin Patch\n*** Add File: " + name + "\n+" + text + "*** End Patch\n")
		},
	}
}

func codexPatch(patch string) fakemodel.Turn {
	return fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "apply_patch", Raw: patch}}}
}

func TestCodexGuardDenies(t *testing.T)  { codex().guardDenies(t) }
func TestCodexAsk(t *testing.T)          { codex().asks(t) }
func TestCodexUpdatedInput(t *testing.T) { codex().rewrites(t) }
func TestCodexFormatter(t *testing.T)    { codex().formats(t) }
func TestCodexContext(t *testing.T)      { codex().startsWithContext(t) }
func TestCodexStop(t *testing.T)         { codex().gatesStop(t) }
func TestCodexStopCap(t *testing.T)      { codex().capsStop(t) }
func TestCodexMissing(t *testing.T)      { codex().missingProgram(t) }

func TestCodexSecretInPrompt(t *testing.T) {
	r := codex().stopsSecret(t)
	if r.status != 0 {
		t.Errorf("status %d", r.status)
	}
}

func TestCodexPatch(t *testing.T) {
	a := codex()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":"if grep -q 'secret.txt\"'; then echo 'secret.txt is not yours' >&2; exit 2; fi"}]}]}`,
		codexPatch("*** Begin Patch\n*** Add File: a.txt\n+one\n*** Delete File: secret.txt\n*** End Patch\n"),
		codexPatch("*** Begin Patch\n*** Add File: b.txt\n+two\n  *** Delete File: secret.txt\n*** End Patch\n"),
		a.shell("apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: secret.txt\n*** End Patch\nEOF"),
		a.shell("cat <<'EOF' | apply_patch\n*** Begin Patch\n*** Delete File: secret.txt\n*** End Patch\nEOF"),
		a.shell("apply_patch<<EOF\n*** Begin Patch\n*** Delete File: secret.txt\n*** End Patch\nEOF"),
		codexPatch("*** Begin Patch\n*** Add File: c.txt\n+three\n*** End Patch\n"))
	l.put(l.project, "secret.txt", "s\n")
	a.run(l, "go")
	for turn, id := range map[int]string{2: "1", 3: "2", 4: "3", 5: "4", 6: "5"} {
		l.contains("the result", l.toolResult(id, turn), "because of secret.txt")
		l.contains("the result", l.toolResult(id, turn), "secret.txt is not yours")
	}
	if l.exists("a.txt") || l.exists("b.txt") || !l.exists("secret.txt") || !l.exists("c.txt") {
		t.Error("the wrong files are there")
	}
}

// Codex throws an answer away that it cannot read, and makes the call as it was:
// it can read what a hook wants whatever is in it, or the call is refused.
func TestCodexUnreadableInput(t *testing.T) {
	a := codex()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"if grep -q first; then cat half.json; else cat deep.json; fi"}]}]}`,
		a.shell("touch first"), a.shell("touch second"))
	wants := func(more string) string {
		return `{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":{"command":"touch rewritten","more":` + more + `}}}`
	}
	l.put(l.project, "half.json", wants(`"\ud800"`))
	l.put(l.project, "deep.json", wants(strings.Repeat("[", 200)+strings.Repeat("]", 200)))
	a.run(l, "go")
	if l.exists("first") || l.exists("second") || !l.exists("rewritten") {
		t.Error("the wrong commands have run")
	}
	l.contains("the result", l.toolResult("2", 3), "nested too deep")
}

// A guard of an MCP tool by Claude's name for it holds, whatever Codex makes of it.
func TestCodexMCP(t *testing.T) {
	a := codex()
	tool := func(x string) fakemodel.Turn {
		return fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "exec", Raw: `try { await tools.mcp__my_srv__do_it({x: "` + x + `"}) } catch (e) { text("refused: " + e) }`}}}
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"mcp__my-srv__do_it","hooks":[{"type":"command","command":"if grep -q '\"x\":\"bad\"'; then echo 'not this one' >&2; exit 2; fi"}]}]}`,
		tool("bad"))
	l.script("mcp.sh", mcpServer)
	a.args = append(a.args, "--model", "gpt-6.1-sol", "-c", fmt.Sprintf("mcp_servers.my-srv.command=%q", filepath.Join(l.project, "mcp.sh")))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "not this one")
	if l.exists("called") {
		t.Error("the tool was called")
	}
	l.model.Say(fakemodel.Main, tool("good"))
	a.run(l, "go on")
	if !l.exists("called") {
		t.Error("the other call was not made")
	}
}

// The model may choose a directory for a command, but not which guard is asked.
func TestCodexWorkdir(t *testing.T) {
	l := codex().lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":".claude/hooks/guard.sh"}]}]}`,
		call("exec_command", map[string]any{"cmd": "rm -rf ../README.md", "workdir": "sub"}))
	l.script(".claude/hooks/guard.sh", noRm)
	l.script("sub/.claude/hooks/guard.sh", "exit 0\n")
	codex().run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// In a linked work tree Codex runs what the main checkout has: init in the work
// tree sees to it.
func TestCodexWorktree(t *testing.T) {
	a := codex()
	l := a.lab(t, guard, a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	if err := os.RemoveAll(filepath.Join(l.project, ".codex")); err != nil {
		t.Fatal(err)
	}
	tree := filepath.Join(filepath.Dir(l.project), "tree")
	for _, args := range [][]string{{"add", "-A"}, {"commit", "-qm", "all"}, {"worktree", "add", "-q", tree}} {
		git := exec.Command("git", append([]string{"-C", l.project, "-c", "user.name=lab", "-c", "user.email=lab@localhost"}, args...)...)
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git: %v\n%s", err, out)
		}
	}
	l.project = tree
	plan, err := a.plan(installer.Options{Home: l.home, Project: l.project})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(); err != nil {
		t.Fatal(err)
	}
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}

// Hooks of Codex's own run once: the bridge leaves them to it.
func TestCodexOwnHooks(t *testing.T) {
	a := codex()
	l := a.lab(t, "", a.shell("echo hi"))
	l.put(l.project, ".codex/hooks.json", `{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"echo ran >> own.log"}]}]}}`)
	plan, err := a.plan(installer.Options{Home: l.home, Project: l.project})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(); err != nil {
		t.Fatal(err)
	}
	a.run(l, "go")
	l.holds("own.log", "ran\n")
}

// A model that has nothing but JavaScript calls its tools from there: a denial is
// an exception, and a text for the model comes all the same.
func TestCodexCodeMode(t *testing.T) {
	a := codex()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"if grep -q 'rm -rf'; then echo 'deleting is not allowed here' >&2; exit 2; fi"}]}],
		"PostToolUse":[{"matcher":"Write","hooks":[{"type":"command","command":"echo unused import >&2; exit 2"}]}]}`,
		fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "exec", Raw: `try { await tools.exec_command({cmd: "rm -rf README.md"}); text("ran") } catch (e) { text("refused: " + e) }`}}},
		fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "exec", Raw: `await tools.apply_patch("*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch\n"); text("patched")`}}})
	a.run(l, "go", "--model", "gpt-6.1-sol")
	l.contains("the result", l.toolResult("1", 2), "deleting is not allowed here")
	if !l.exists("README.md") || !l.exists("a.txt") {
		t.Error("the wrong calls were made")
	}
	l.contains("the result", l.toolResult("2", 3), "patched")
	l.contains("the request", l.request(3).All(), "unused import")
}

func TestCodexContinueFalse(t *testing.T) {
	a := codex()
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"if grep -q first; then echo '{\"continue\":false,\"stopReason\":\"that is enough\"}'; fi"}]}],
		"Stop":[{"hooks":[{"type":"command","command":"echo go on >&2; exit 2"}]}]}`,
		a.shell("echo first > first.txt"), a.shell("echo second > second.txt"))
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "that is enough")
	l.contains("the result", l.toolResult("2", 3), "that is enough")
	if l.exists("first.txt") || l.exists("second.txt") {
		t.Error("a call was made")
	}
	if n := len(l.model.Requests(fakemodel.Main)); n != 3 {
		t.Errorf("the model was asked %d times, not 3", n)
	}
}

func TestCodexVanished(t *testing.T) { codex().vanishedProgram(t) }

func TestCodexUpdatedOutput(t *testing.T) { codex().replaces(t) }
