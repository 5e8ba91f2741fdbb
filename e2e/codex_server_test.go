package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

// codexServer starts Codex for another program to drive it, as an editor does.
func codexServer(l *lab) *process {
	l.Helper()
	client, err := codex().client()
	if err != nil {
		l.Fatal(err)
	}
	p := &process{cmd: exec.Command(client, "app-server"), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = l.project, append(l.environment(), "PATH="+filepath.Dir(l.program)+":"+os.Getenv("PATH"))
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		l.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.begin(l.T)
	return p
}

// turnEnds is what Codex says at the end of each turn.
const turnEnds = `"method":"turn/completed"`

// codexThread is codexServer with a session begun; thread is its id.
func codexThread(l *lab, model, approvals, sandbox string) (p *process, thread string) {
	l.Helper()
	p = codexServer(l)
	l.acp(p, 101, "initialize", map[string]any{"clientInfo": map[string]any{"name": "lab", "version": "1"}})
	started := l.acp(p, 102, "thread/start", map[string]any{"model": model, "cwd": l.project, "approvalPolicy": approvals, "sandbox": sandbox, "config": map[string]any{"bypass_hook_trust": true}})
	for _, member := range []string{"result", "thread"} {
		raw, _ := started.Get(member)
		inner, err := hook.ParseObject(raw)
		if err != nil {
			l.Fatalf("no %s: %v", member, err)
		}
		started = inner
	}
	return p, text(started, "id")
}

// codexTurn says something in a session.
func (l *lab) codexTurn(p *process, id int, thread, said string) {
	l.Helper()
	l.acp(p, id, "turn/start", map[string]any{"threadId": thread, "input": []any{map[string]any{"type": "text", "text": said}}})
}

// What is typed into a command outside of the sandbox has no PreToolUse; Codex asks
// for it, and guards are heard then.
func TestCodexTyped(t *testing.T) {
	l := codex().lab(t, `{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"if grep -q 'touch typed'; then echo 'not so' >&2; exit 2; fi"}]}],
		"PermissionRequest":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{\"behavior\":\"allow\"}}}'"}]}]}`,
		call("exec_command", map[string]any{"cmd": "sh", "tty": true, "yield_time_ms": 300, "sandbox_permissions": "require_escalated", "justification": "to work in it"}))
	p, thread := codexThread(l, "gpt-5.5", "on-request", "workspace-write")
	turn := func(n int) {
		l.codexTurn(p, 102+n, thread, "go")
		l.until("the end of the turn", func() bool { return strings.Count(p.said(), turnEnds) == n })
	}
	turn(1)
	var session int
	_, said, _ := strings.Cut(l.toolResult("1", 2), "session ID ")
	if _, err := fmt.Sscan(said, &session); err != nil {
		t.Fatalf("the shell did not start: %v\n%s", err, l.toolResult("1", 2))
	}
	l.model.Say(fakemodel.Main, call("write_stdin", map[string]any{"session_id": session, "chars": "touch typed\n", "yield_time_ms": 300}))
	turn(2)
	l.contains("the result", l.toolResult("2", 4), "not so")
	if l.exists("typed") {
		t.Error("what was typed has run")
	}
}

// What the user says to a sub-agent is a prompt; what the model has it do is none.
func TestCodexPromptToSubagent(t *testing.T) {
	l := codex().lab(t, `{"UserPromptSubmit":[{"hooks":[{"type":"command","command":"if grep -q AKIA; then echo 'there is a key in the prompt' >&2; exit 2; fi; echo asked >> asked.log"}]}]}`,
		fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "spawn_agent", In: "multi_agent_v1", Args: map[string]any{"message": "look around"}}}})
	p, thread := codexThread(l, "gpt-5.6-luna", "never", "danger-full-access")
	l.codexTurn(p, 103, thread, "go")
	l.until("the end of both turns", func() bool { return strings.Count(p.said(), turnEnds) == 2 })
	l.holds("asked.log", "asked\n")
	var agent []string
	for _, r := range l.model.Requests(fakemodel.Main) {
		if said, ok := r.Result("call_main_1"); ok {
			agent = regexp.MustCompile(`"agent_id":"([^"]+)"`).FindStringSubmatch(said)
		}
	}
	if agent == nil {
		t.Fatal("there is no sub-agent")
	}
	asked := len(l.model.Requests(fakemodel.Main))
	l.codexTurn(p, 104, agent[1], "use AKIA1234")
	l.until("the end of the turn", func() bool { return strings.Count(p.said(), turnEnds) == 3 })
	if n := len(l.model.Requests(fakemodel.Main)); n != asked {
		t.Errorf("the model was asked %d times more", n-asked)
	}
}
