package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// request sends a request of the agent client protocol and returns its answer,
// a line of the client.
func (l *lab) acp(p *process, id int, method string, params any) hook.Object {
	l.Helper()
	line, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params})
	if err != nil {
		l.Fatal(err)
	}
	if _, err := p.stdin.Write(append(line, '\n')); err != nil {
		l.Fatal(err)
	}
	var answer hook.Object
	l.until("the answer to "+method, func() bool {
		for line := range strings.Lines(p.said()) {
			o, err := hook.ParseObject([]byte(line))
			raw, _ := o.Get("id")
			if err == nil && string(raw) == fmt.Sprint(id) {
				answer = o
			}
		}
		return answer != nil
	})
	return answer
}

func TestOpenCodeACP(t *testing.T) {
	l := newLab(t, hooks(map[string]string{
		"SessionStart":     "echo 'welcome'",
		"UserPromptSubmit": `if grep -q AKIA; then echo 'there is a key' >&2; exit 2; fi`,
		"PreToolUse:Bash":  `if grep -q 'rm -rf'; then echo 'no deleting' >&2; exit 2; fi`,
		"Stop":             onceThen(refuses("look again"), "true"), "SessionEnd": "",
	}), bash("rm -rf README.md"), say("one"), say("two"))
	p := l.launch(nil, "acp")
	l.acp(p, 1, "initialize", map[string]any{"protocolVersion": 1, "clientCapabilities": map[string]any{}})
	created := l.acp(p, 2, "session/new", map[string]any{"cwd": l.project, "mcpServers": []any{}})
	raw, _ := created.Get("result")
	result, err := hook.ParseObject(raw)
	if err != nil {
		t.Fatal(err)
	}
	prompt := func(id int, said string) hook.Object {
		return l.acp(p, id, "session/prompt", map[string]any{"sessionId": text(result, "sessionId"), "prompt": []any{map[string]any{"type": "text", "text": said}}})
	}
	prompt(3, "hello")
	l.contains("the first request", l.request(1).Text(), "welcome")
	l.contains("the result", l.toolResult("1", 2), "no deleting")
	l.untilAsked(3)
	l.contains("the continuation", l.request(3).Text(), "look again")
	l.untilSeen(hook.Stop, 2)
	if _, failed := prompt(4, "AKIA1234").Get("error"); !failed {
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
