package e2e

import (
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// asking is a config under which OpenCode asks before each command.
func asking() map[string]any { return map[string]any{"permission": map[string]any{"bash": "ask"}} }

func TestOpenCodeAllowOverAsk(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PreToolUse:Bash": says(hook.PreToolUse, `"permissionDecision":"allow"`), "PermissionRequest": ""}),
		bash("echo went through"))
	l.config(asking())
	l.run("go")
	l.contains("the result", l.toolResult("1", 2), "went through")
	if n := len(l.seen(hook.PermissionRequest)); n != 0 {
		t.Errorf("%d PermissionRequest hooks have run", n)
	}
}

func TestOpenCodePermissionRequestAllow(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PermissionRequest:Bash": says(hook.PermissionRequest, `"decision":{"behavior":"allow"}`)}), bash("echo went through"))
	l.config(asking())
	l.run("go")
	l.contains("the result", l.toolResult("1", 2), "went through")
	o := l.one(hook.PermissionRequest)
	l.is(o, map[string]string{"tool_name": `"Bash"`, "tool_input": `{"command":"echo went through"}`})
	if _, ok := o.Get("tool_use_id"); ok {
		t.Error("a permission question has a tool_use_id")
	}
}

func TestOpenCodePermissionRequestDeny(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PermissionRequest:Bash": says(hook.PermissionRequest, `"decision":{"behavior":"deny","message":"use make instead"}`), "PostToolUseFailure": "", "PermissionDenied": ""}),
		bash("touch made.txt"), say("understood"))
	l.config(asking())
	r := l.run("go")
	if l.exists("made.txt") {
		t.Error("the command has run")
	}
	if n := len(l.seen(hook.PostToolUseFailure)) + len(l.seen(hook.PermissionDenied)); n != 0 {
		t.Errorf("%d hooks were told of a failure or a denial", n)
	}
	l.contains("the result", l.toolResult("1", 2), "use make instead")
	l.contains("stdout", r.stdout, "understood")
}

func TestOpenCodePermissionDenied(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PermissionDenied": "", "PermissionRequest": "", "PostToolUseFailure": ""}), bash("touch made.txt"))
	l.config(asking())
	l.run("go")
	l.is(l.one(hook.PermissionDenied), map[string]string{"tool_name": `"Bash"`, "tool_use_id": `"call_main_1"`})
	l.one(hook.PermissionRequest)
	if n := len(l.seen(hook.PostToolUseFailure)); n != 0 || l.exists("made.txt") {
		t.Errorf("%d failures; made.txt is there: %v", n, l.exists("made.txt"))
	}
}

func TestOpenCodeCommand(t *testing.T) {
	l := newLab(t, hooks(map[string]string{
		"UserPromptExpansion:greet": "echo 'greet politely'", "UserPromptSubmit": "", "SessionStart": "echo 'good morning'",
	}))
	l.config(map[string]any{"command": map[string]any{"greet": map[string]any{"template": "Say hello to $ARGUMENTS now"}}})
	l.run("--command", "greet", "Ada")
	first := l.request(1).Text()
	for _, want := range []string{"Say hello to Ada now", "greet politely", "good morning"} {
		l.contains("the request", first, want)
	}
	expansion, submit := l.one(hook.UserPromptExpansion), l.one(hook.UserPromptSubmit)
	l.is(expansion, map[string]string{"command_name": `"greet"`, "command_args": `"Ada"`, "prompt": `"/greet Ada"`})
	l.is(submit, map[string]string{"prompt": `"/greet Ada"`})
	if text(expansion, "prompt_id") != text(submit, "prompt_id") {
		t.Error("one prompt has two ids")
	}
	l.is(l.one(hook.SessionStart), map[string]string{"source": `"startup"`})
}

func TestOpenCodeCommandRefused(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"UserPromptExpansion": refuses("no greetings")}))
	l.config(map[string]any{"command": map[string]any{"greet": map[string]any{"template": "Say hello"}}})
	r := l.run("--command", "greet", "Ada")
	if n := len(l.model.Requests(fakemodel.Main)); n != 0 {
		t.Errorf("the model was asked %d times", n)
	}
	l.contains("stderr", r.stderr, "no greetings")
}

func TestOpenCodeSessionEnd(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"SessionEnd": "", "FileChanged:new.txt": `echo 'export FROM_FILE=changed' >> "$CLAUDE_ENV_FILE"`, "SessionStart": `echo 'export PATH="$PATH:/from/start" FROM_START="a  b"' >> "$CLAUDE_ENV_FILE"`}),
		call("write", map[string]any{"filePath": "new.txt", "content": "x"}),
		call("write", map[string]any{"filePath": "other.txt", "content": "x"}),
		bash(`echo "<$FROM_START> $PATH"; for i in 1 2 3 4 5 6 7 8 9; do test -s seen.jsonl && break; sleep 1; done`), bash("echo $FROM_FILE"))
	l.run("go")
	l.contains("the command's environment", l.toolResult("3", 4), "<a  b>")
	l.contains("the command's environment", l.toolResult("3", 4), ":/from/start")
	l.contains("the command's environment", l.toolResult("4", 5), "changed")
	o := l.one(hook.FileChanged)
	l.is(o, map[string]string{"file_path": `"` + l.project + `/new.txt"`, "event": `"change"`})
	end := l.one(hook.SessionEnd)
	l.is(end, map[string]string{"reason": `"other"`})
	if text(end, "session_id") != text(l.one(hook.SessionStart), "session_id") {
		t.Error("another session has ended")
	}
}

func TestOpenCodeFork(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"SessionStart:fork": "echo 'you are a copy'"}))
	l.run("hello")
	l.run("-c", "--fork", "again")
	l.contains("the request of the fork", l.request(2).Text(), "you are a copy")
	l.is(l.one(hook.SessionStart), map[string]string{"source": `"fork"`})
}
