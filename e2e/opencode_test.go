package e2e

import (
	"os"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// call is a turn of the model that calls one tool.
func call(tool string, args map[string]any) fakemodel.Turn {
	return fakemodel.Turn{Calls: []fakemodel.Call{{Tool: tool, Args: args}}}
}

func bash(command string) fakemodel.Turn { return call("bash", map[string]any{"command": command}) }

const guard = `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"\"$CLAUDE_PROJECT_DIR\"/.claude/hooks/guard.sh"}]}]}`

// noRm is a guard as people write them: it reads the command and says no by exit
// status 2.
const noRm = `if grep -q 'rm -rf'; then echo 'deleting is not allowed here' >&2; exit 2; fi
`

func TestOpenCodeGuardDenies(t *testing.T) {
	l := newLab(t, guard, bash("rm -rf README.md"), bash("echo harmless"))
	l.script(".claude/hooks/guard.sh", noRm)
	r := l.run("clean up")
	denied := l.toolResult("1", 2)
	l.contains("the result of the denied call", denied, "PreToolUse:Bash hook error: ")
	l.contains("the result of the denied call", denied, "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
	l.contains("the result of the other call", l.toolResult("2", 3), "harmless")
	if r.status != 0 {
		t.Errorf("status %d", r.status)
	}
}

func TestOpenCodeFormatterAfterWrite(t *testing.T) {
	l := newLab(t, `{"PostToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":".claude/hooks/format.sh"}]}]}`,
		call("write", map[string]any{"filePath": "new.txt", "content": "small\n"}),
		call("edit", map[string]any{"filePath": "new.txt", "oldString": "SMALL", "newString": "tall"}))
	l.script(".claude/hooks/format.sh", `file=$(sed 's/.*"file_path":"\([^"]*\)".*/\1/')
tr a-z A-Z < "$file" > "$file.tmp" && mv "$file.tmp" "$file"
echo "formatted $file" >&2
exit 2
`)
	l.run("write it")
	for turn, id := range map[int]string{2: "1", 3: "2"} {
		l.contains("the result", l.toolResult(id, turn), "formatted "+l.project+"/new.txt")
	}
	l.contains("the result of the write", l.toolResult("1", 2), "Wrote file successfully.")
	text, err := os.ReadFile(l.project + "/new.txt")
	if err != nil || string(text) != "TALL\n" {
		t.Errorf("new.txt is %q, %v", text, err)
	}
}

func TestOpenCodeUpdatedInput(t *testing.T) {
	l := newLab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"updatedInput\":{\"command\":\"echo rewritten\"},\"additionalContext\":\"use rewritten\"}}'"}]}]}`,
		bash("touch original; echo original"))
	l.run("go")
	result := l.toolResult("1", 2)
	l.contains("the result", result, "rewritten\n")
	l.contains("the result", result, "PreToolUse:Bash hook additional context: use rewritten")
	if l.exists("original") {
		t.Error("the original command has run")
	}
}

func TestOpenCodeSecretInPrompt(t *testing.T) {
	l := newLab(t, `{"UserPromptSubmit":[{"hooks":[{"type":"command","command":"if grep -q AKIA; then echo 'there is a key in the prompt' >&2; exit 2; fi"}]}]}`)
	r := l.run("use AKIA1234 to deploy")
	if n := len(l.model.Requests(fakemodel.Main)) + len(l.model.Requests("title")); n != 0 {
		t.Errorf("the model was asked %d times", n)
	}
	l.contains("stderr", r.stderr, "there is a key in the prompt")
	if r.status != 1 {
		t.Errorf("status %d", r.status)
	}
}

func TestOpenCodeSessionStartContext(t *testing.T) {
	l := newLab(t, `{"SessionStart":[{"matcher":"startup","hooks":[{"type":"command","command":"echo we deploy on Mondays"}]},
		{"matcher":"resume","hooks":[{"type":"command","command":"echo welcome back"}]}],
		"UserPromptSubmit":[{"hooks":[{"type":"command","command":"echo be brief"}]}]}`)
	l.run("hello")
	first := l.request(1).Text()
	for _, want := range []string{"hello", "we deploy on Mondays", "be brief"} {
		l.contains("the first request", first, want)
	}
	l.lacks("the first request", first, "welcome back")
	if strings.Index(first, "we deploy") > strings.Index(first, "be brief") {
		t.Errorf("the session's start comes after the prompt's own:\n%s", first)
	}
	l.run("-c", "again")
	l.contains("the request of the resumed session", l.request(2).Text(), "welcome back")
}

func TestOpenCodeProgramMissing(t *testing.T) {
	l := newLab(t, guard, bash("echo unchecked > out.txt"))
	l.script(".claude/hooks/guard.sh", noRm)
	if err := os.Remove(l.program); err != nil {
		t.Fatal(err)
	}
	r := l.run("go")
	result := l.toolResult("1", 2)
	for _, want := range []string{"Refused", "run-hooks was not found", l.program, ".claude/settings.json", "install run-hooks", "failMode"} {
		l.contains("the result", result, want)
	}
	l.contains("stderr", r.stderr, "run-hooks was not found")
	if l.exists("out.txt") {
		t.Error("the command has run unchecked")
	}
}

func TestOpenCodeProgramMissingOpen(t *testing.T) {
	l := newLab(t, guard, bash("echo unchecked > out.txt"))
	l.put(l.project, ".opencode/run-hooks.json", `{"failMode":"open","tost":true}`)
	l.offline(".opencode")
	if err := os.Remove(l.program); err != nil {
		t.Fatal(err)
	}
	r := l.run("go")
	if !l.exists("out.txt") {
		t.Error("the command has not run")
	}
	l.contains("stderr", r.stderr, "do not run")
	l.contains("stderr", r.stderr, `there is no option "tost"`)
}

// Without any hook config a missing program is nobody's concern.
func TestOpenCodeProgramMissingNoHooks(t *testing.T) {
	l := newLab(t, "", bash("echo free > out.txt"))
	if err := os.Remove(l.program); err != nil {
		t.Fatal(err)
	}
	r := l.run("go")
	if !l.exists("out.txt") {
		t.Error("the command has not run")
	}
	l.lacks("stderr", r.stderr, "run-hooks")
}

func TestOpenCodeFailedCommand(t *testing.T) {
	l := newLab(t, `{"PostToolUseFailure":[{"matcher":"Bash","hooks":[{"type":"command","command":"grep -o 'Exit code [0-9]*' >&2; exit 2"}]}],
		"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo as a success >&2; exit 2"}]}]}`, bash("exit 3"))
	l.run("go")
	result := l.toolResult("1", 2)
	l.contains("the result", result, "Exit code 3")
	l.lacks("the result", result, "as a success")
}

func TestOpenCodeContinueFalse(t *testing.T) {
	l := newLab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"continue\":false,\"stopReason\":\"that is enough\"}'"}]}]}`,
		bash("echo ran > out.txt"), bash("echo second > second.txt"))
	r := l.run("go")
	if !l.exists("out.txt") {
		t.Error("the call was not made")
	}
	if l.exists("second.txt") {
		t.Error("the turn went on")
	}
	l.contains("stderr", r.stderr, "that is enough")
}

func TestOpenCodePatch(t *testing.T) {
	l := newLab(t, `{"PreToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":"if grep -q 'secret.txt\"'; then echo 'secret.txt is not yours' >&2; exit 2; fi"}]}]}`,
		call("apply_patch", map[string]any{"patchText": "*** Begin Patch\n*** Add File: a.txt\n+one\n*** Delete File: secret.txt\n*** End Patch"}),
		call("apply_patch", map[string]any{"patchText": "*** Begin Patch\n*** Add File: b.txt\n+two\n*** End Patch"}),
		call("apply_patch", map[string]any{"patchText": "*** Begin secret.txt"}))
	l.put(l.project, "secret.txt", "s\n")
	l.run("--model", "lab/gpt-5-lab", "go")
	refused := l.toolResult("1", 2)
	l.contains("the result", refused, "because of secret.txt")
	l.contains("the result", refused, "secret.txt is not yours")
	if l.exists("a.txt") || !l.exists("secret.txt") || !l.exists("b.txt") {
		t.Error("the wrong files are there")
	}
	l.contains("the result of a text that is no patch", l.toolResult("3", 4), "no patch")
}
