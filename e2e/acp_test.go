package e2e

import (
	"encoding/json"
	"fmt"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// acp sends a request of the agent client protocol and returns its answer,
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

// acpSession begins a session in the project, with these MCP servers of the
// editor's, and returns its id. It is the requests 1 and 2.
func (l *lab) acpSession(p *process, servers ...any) string {
	l.Helper()
	l.acp(p, 1, "initialize", map[string]any{"protocolVersion": 1, "clientCapabilities": map[string]any{}})
	created := l.acp(p, 2, "session/new", map[string]any{"cwd": l.project, "mcpServers": append([]any{}, servers...)})
	raw, _ := created.Get("result")
	session, err := hook.ParseObject(raw)
	if err != nil {
		l.Fatal(err)
	}
	return text(session, "sessionId")
}

// acpPrompt gives a session a prompt of these parts, and returns the answer.
func (l *lab) acpPrompt(p *process, id int, session string, texts ...string) hook.Object {
	l.Helper()
	var parts []any
	for _, said := range texts {
		parts = append(parts, map[string]any{"type": "text", "text": said})
	}
	return l.acp(p, id, "session/prompt", map[string]any{"sessionId": session, "prompt": parts})
}
