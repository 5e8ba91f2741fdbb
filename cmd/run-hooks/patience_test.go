package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/mapper"
)

// impatient is a bridge to an agent that waits so many seconds, in a project with
// these hooks.
func impatient(t *testing.T, patience int, hooks string) (b *bridge, ask func(event string) mapper.Response) {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".claude"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".claude", "settings.json"), []byte(`{"hooks":`+hooks+`}`), 0o644); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + filepath.Join(dir, "home"), "PATH=" + os.Getenv("PATH"), "RUN_HOOKS_TRUST=all"}
	p := &program{args: []string{"qwen"}, say: messenger{&bytes.Buffer{}}, life: t.Context}
	var err error
	if p.world, err = look(env); err != nil {
		t.Fatal(err)
	}
	p.cwd = dir
	if b, err = p.newBridge("bridge"); err != nil {
		t.Fatal(err)
	}
	b.resident = true // no other process is to be started in its place
	b.harness.Patience = func(string) int { return patience }
	return b, func(event string) mapper.Response {
		return b.respond([]byte(`{"session_id":"s1","cwd":"` + dir + `","hook_event_name":"` + event + `","tool_name":"run_shell_command","tool_input":{"command":"ls"},"tool_call_id":"c1","tool_calls":[]}`))
	}
}

// A call is refused before the agent makes it without an answer.
func TestPatienceRefuses(t *testing.T) {
	t.Parallel()
	_, ask := impatient(t, 1, `{"PreToolUse":[{"hooks":[{"type":"command","command":"sleep 600"}]}]}`)
	r := ask("PreToolUse")
	for _, want := range []string{`"permissionDecision":"deny"`, "qwen waits 1s for an answer"} {
		if !strings.Contains(string(r.Stdout), want) {
			t.Errorf("no %s in %s", want, r.Stdout)
		}
	}
}

// Whoever tells the program to stop is not told of the agent's patience.
func TestPatienceIsNotTheSignal(t *testing.T) {
	b, ask := impatient(t, 3600, `{"PreToolUse":[{"hooks":[{"type":"command","command":"sleep 600"}]}]}`)
	gone, end := context.WithCancel(t.Context())
	end()
	b.life = func() context.Context { return gone }
	if r := ask("PreToolUse"); !strings.Contains(string(r.Stdout), errStopped.Error()) {
		t.Errorf("answer %s", r.Stdout)
	}
}

// What nobody waits for any more is kept for the next event: a text for the model,
// and the end of a turn.
func TestPatienceKeeps(t *testing.T) {
	t.Parallel()
	b, ask := impatient(t, 1, `{"PostToolBatch":[{"hooks":[{"type":"command","command":"sleep 1; echo too many >&2; exit 2"}]}]}`)
	if r := ask("PostToolBatch"); strings.TrimSpace(string(r.Stdout)) != "{}" {
		t.Errorf("a late answer says %s", r.Stdout)
	}
	b.harness.Patience = nil
	if r := ask("PreToolUse"); !strings.Contains(string(r.Stdout), "too many") || !strings.Contains(string(r.Stdout), `"permissionDecision":"deny"`) {
		t.Errorf("the call after it is answered by %s", r.Stdout)
	}
}
