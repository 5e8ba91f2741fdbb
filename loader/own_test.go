package loader

import (
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

func TestOwnCommand(t *testing.T) {
	own := []string{
		"run-hooks bridge codex",
		"run-hooks bridge codex --event PreToolUse || { echo 'it did not run' >&2; exit 2; }",
		"/usr/local/bin/run-hooks bridge gemini",
		"'/opt/my tools/run-hooks' bridge qwen",
		`"C:\tools\run-hooks.exe" bridge qwen`,
		"cd sub && ../bin/run-hooks serve droid",
		"RUN_HOOKS_TRUST=all exec run-hooks bridge codex",
		"if true; then run-hooks bridge codex; fi",
	}
	for _, command := range own {
		if !isOwn(&hook.Handler{Type: hook.Command, Command: command}) {
			t.Errorf("%q is not seen to be our own", command)
		}
	}
	others := []string{
		"run-hooks check", "run-hooks --event PreToolUse", "my-run-hooks bridge codex", "run-hooks-net bridge x",
		"grep -q 'run-hooks bridge codex' && exit 2", "echo run-hooks bridge codex", "run-hooks bridgex", "./guard.sh run-hooks bridge",
	}
	for _, command := range others {
		if isOwn(&hook.Handler{Type: hook.Command, Command: command}) {
			t.Errorf("%q is taken for our own", command)
		}
	}
}

func TestOwnExec(t *testing.T) {
	for _, h := range []hook.Handler{
		{Type: hook.Command, Exec: true, Command: "/x/run-hooks", Args: []string{"bridge", "codex"}},
		{Type: hook.Command, Exec: true, Command: "run-hooks.exe", Args: []string{"serve", "codex"}},
	} {
		if !isOwn(&h) {
			t.Errorf("%q %q is not seen to be our own", h.Command, h.Args)
		}
	}
	for _, h := range []hook.Handler{
		{Type: hook.Command, Exec: true, Command: "run-hooks", Args: []string{"check"}},
		{Type: hook.Command, Exec: true, Command: "run-hooks bridge x"},
		{Type: hook.Prompt, Prompt: "run-hooks bridge codex"},
	} {
		if isOwn(&h) {
			t.Errorf("%q %q is taken for our own", h.Command, h.Args)
		}
	}
}
