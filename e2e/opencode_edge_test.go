package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/plugins/opencode"
)

// In a folder nobody has trusted, its hooks do not run and the user is told.
func TestOpenCodeUntrusted(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PreToolUse": refuses("no"), "SessionStart": ""}), bash("echo ran"))
	client, err := openCode()
	if err != nil {
		t.Fatal(err)
	}
	env := slices.DeleteFunc(l.environment(), func(v string) bool { return strings.HasPrefix(v, "RUN_HOOKS_TRUST=") })
	r := l.start(l.project, env, client, "run", "go")
	l.contains("the result", l.toolResult("1", 2), "ran")
	if n := len(l.seen(hook.PreToolUse)) + len(l.seen(hook.SessionStart)); n != 0 {
		t.Errorf("%d hooks have run", n)
	}
	l.contains("stderr", r.stderr, "the folder is not trusted")
	l.contains("stderr", r.stderr, "run-hooks trust "+l.project)
	if n := strings.Count(r.stderr, "not trusted"); n != 1 {
		t.Errorf("the user was told %d times", n)
	}
}

// The user's copy of the plugin and the project's are both loaded: each hook runs
// once, and what is wrong is told once. The project's copy does not know where
// the program is, and is told by the other.
func TestOpenCodeTwoCopies(t *testing.T) {
	events := []hook.EventName{hook.SessionStart, hook.UserPromptSubmit, hook.PreToolUse, hook.PostToolUse, hook.PostToolUseFailure, hook.Stop, hook.SessionEnd}
	commands := map[string]string{"CwdChanged": "true", "FileChanged:a.txt": "", "FileChanged": "true any"}
	for _, event := range events {
		commands[string(event)] = ""
	}
	l := newLab(t, hooks(commands), call("write", map[string]any{"filePath": "a.txt", "content": "x"}), call("read", map[string]any{"filePath": "nope.txt"}))
	plan, err := installer.OpenCode(installer.Options{Project: l.project, Plugin: opencode.Plugin})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(); err != nil {
		t.Fatal(err)
	}
	r := l.run("go")
	for _, event := range events {
		want := 1
		if event == hook.PreToolUse {
			want = 2 // of two calls
		}
		if n := len(l.seen(event)); n != want {
			t.Errorf("%d hooks of %s have run", n, event)
		}
	}
	if n := len(l.seen(hook.FileChanged)); n != 2 { // the hook of a.txt and the one without a matcher
		t.Errorf("%d hooks of FileChanged have run", n)
	}
	l.contains("OpenCode's log", l.log(), " hooks for "+l.project+", 1 that cannot run here")
	if n := strings.Count(r.stderr, "opencode has no event for CwdChanged"); n != 1 {
		t.Errorf("the user was told %d times:\n%s", n, r.stderr)
	}
}

// log is what OpenCode has written to its log.
func (l *lab) log() string {
	l.Helper()
	files, err := filepath.Glob(filepath.Join(l.home, ".local/share/opencode/log/*.log"))
	if err != nil || len(files) == 0 {
		l.Fatalf("no log: %v", err)
	}
	all := ""
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			l.Fatal(err)
		}
		all += string(text)
	}
	return all
}

// The resident program is killed while a hook of it runs: the call is not let
// through, and the user is told that the hook has run again.
func TestOpenCodeResidentKilled(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PreToolUse": onceThen("sh kill.sh", refuses("not on my watch"))}), bash("touch made.txt"))
	l.put(l.project, "kill.sh", "kill -9 $(ps -eo pid,args | awk -v p='"+l.program+" serve' 'index($0, p) && !/awk/ {print $1}'); sleep 5\n")
	r := l.run("go")
	l.contains("the result", l.toolResult("1", 2), "not on my watch")
	if l.exists("made.txt") {
		t.Error("the command has run")
	}
	l.contains("stderr", r.stderr, "is asked again")
}

// A hook written for Codex sees every change as a patch, and may want another.
func TestOpenCodeCodexHook(t *testing.T) {
	l := newLab(t, "",
		call("apply_patch", map[string]any{"patchText": "*** Begin Patch\n*** Add File: a.txt\n+colour\n*** End Patch"}),
		call("apply_patch", map[string]any{"patchText": "*** Begin Patch\n*** Add File: secret.txt\n+x\n*** End Patch"}))
	l.put(l.project, ".codex/hooks.json", `{"hooks":{"PreToolUse":[{"matcher":"apply_patch","hooks":[{"type":"command","command":"sh hook.sh"}]}]}}`)
	l.put(l.project, "hook.sh", `read -r payload
case $payload in
*'Add File: secret.txt'*) echo 'not that file' >&2; exit 2 ;;
*colour*) printf '%s\n' '{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":{"command":"*** Begin Patch\n*** Add File: a.txt\n+color\n*** End Patch\n"}}}' ;;
esac
`)
	l.run("--model", "lab/gpt-5-lab", "go")
	text, err := os.ReadFile(l.project + "/a.txt")
	if err != nil || string(text) != "color\n" {
		t.Errorf("a.txt is %q, %v", text, err)
	}
	l.contains("the result", l.toolResult("2", 3), "not that file")
}

func TestOpenCodeLink(t *testing.T) { openCodeAgent().guardsBehindLink(t) }
