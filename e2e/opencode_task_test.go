package e2e

import (
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// What a model names by @ in a prompt for a sub-agent OpenCode reads into it,
// pictures too, without a call of its tool read: guards of Read see it.
func TestOpenCodeTaskFiles(t *testing.T) {
	task := func(prompt string) fakemodel.Turn {
		return call("task", map[string]any{"description": "look", "prompt": "[lane:sub] look at " + prompt, "subagent_type": "general"})
	}
	l := newLab(t, `{"PreToolUse":[{"matcher":"Read","hooks":[{"type":"command","command":"if grep -q '/secret[^\"]*\"'; then echo 'that is secret' >&2; exit 2; fi"}]}]}`,
		task("@secret.txt"), task("@secret.png"), task("@README.md"))
	l.put(l.project, "secret.txt", "hunter2\n")
	l.put(l.project, "secret.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	l.run("go")
	for turn, id := range map[int]string{2: "1", 3: "2"} {
		l.contains("the result", l.toolResult(id, turn), "that is secret")
	}
	subs := l.model.Requests("sub")
	if len(subs) != 1 {
		t.Fatalf("%d sub-agents were asked, not 1", len(subs))
	}
	l.contains("the prompt of the other", subs[0].Text(), "hello lab")
}

// A guard of Agent holds for a command that is a sub-agent's, and the session goes
// on, with the reason.
func TestOpenCodeSubtaskRefused(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PreToolUse:Agent": refuses("no delegating"), "PostToolUse": "", "PostToolUseFailure": ""}), say("understood"), say("fine"))
	l.config(map[string]any{"command": map[string]any{"delegate": map[string]any{"template": "[lane:sub] do $ARGUMENTS", "agent": "general", "subtask": true}}})
	l.run("--command", "delegate", "it")
	l.contains("the request", l.request(1).Text(), "no delegating")
	l.run("-c", "and now")
	l.contains("the next request", l.request(2).Text(), "and now")
	l.is(l.one(hook.PreToolUse), map[string]string{"tool_name": `"Agent"`})
	if n := len(l.seen(hook.PostToolUse)) + len(l.seen(hook.PostToolUseFailure)); n != 0 {
		t.Errorf("%d hooks were told of an end", n)
	}
	if n := len(l.model.Requests("sub")); n != 0 {
		t.Errorf("the sub-agent was asked %d times", n)
	}
}

// A prompt that the user sends to a sub-agent is his, and guarded; that of the
// tool task is not.
func TestOpenCodePromptToSubagent(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"UserPromptSubmit": "if grep -q AKIA; then " + refuses("a key") + "; fi", "SubagentStart": ""}),
		call("task", map[string]any{"description": "look", "prompt": "[lane:sub] look for AKIA1", "subagent_type": "general"}))
	l.run("go")
	r := l.run("-s", text(l.one(hook.SubagentStart), "agent_id"), "use AKIA2")
	l.contains("stderr", r.stderr, "a key")
	if n := len(l.model.Requests("sub")); n != 1 {
		t.Errorf("the sub-agent was asked %d times, not 1", n)
	}
	if n := len(l.seen(hook.UserPromptSubmit)); n != 2 {
		t.Errorf("%d hooks of UserPromptSubmit have run, not 2", n)
	}
}
