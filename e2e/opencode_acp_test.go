package e2e

import (
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

func TestOpenCodeACP(t *testing.T) {
	l := newLab(t, hooks(map[string]string{
		"SessionStart":     "echo 'welcome'",
		"UserPromptSubmit": `if grep -q AKIA; then echo 'there is a key' >&2; exit 2; fi`,
		"PreToolUse:Bash":  `if grep -q 'rm -rf'; then echo 'no deleting' >&2; exit 2; fi`,
		"Stop":             onceThen(refuses("look again"), "true"), "SessionEnd": "",
	}), bash("rm -rf README.md"), say("one"), say("two"))
	p := l.launch(nil, "acp")
	session := l.acpSession(p)
	l.acpPrompt(p, 3, session, "hello")
	l.contains("the first request", l.request(1).Text(), "welcome")
	l.contains("the result", l.toolResult("1", 2), "no deleting")
	l.untilAsked(3)
	l.contains("the continuation", l.request(3).Text(), "look again")
	l.untilSeen(hook.Stop, 2)
	if _, failed := l.acpPrompt(p, 4, session, "AKIA1234").Get("error"); !failed {
		t.Error("the prompt with a key was taken")
	}
	if err := p.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	p.end(t)
	l.is(l.one(hook.SessionEnd), map[string]string{"reason": `"other"`})
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}
