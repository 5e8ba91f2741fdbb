package e2e

import (
	"path/filepath"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// kimi is Kimi Code against the chat completions API.
func kimi() agent {
	return agent{
		client: fetched("kimi", "@moonshot-ai/kimi-code", "2.1.0", ".bin/kimi"),
		plan: func(o installer.Options) (installer.Plan, error) {
			o.Global = true
			return installer.Kimi(o)
		},
		config: func(*lab) {},
		env: func(l *lab) []string {
			return []string{
				"PATH=" + filepath.Dir(l.program) + ":" + qwenPath(l), "KIMI_MODEL_NAME=fake-model", "KIMI_MODEL_API_KEY=none",
				"KIMI_MODEL_PROVIDER_TYPE=openai", "KIMI_MODEL_BASE_URL=" + l.model.URL,
			}
		},
		args: []string{"-p"},
		shell: func(command string) fakemodel.Turn {
			return call("Bash", map[string]any{"command": command})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("Write", map[string]any{"path": filepath.Join(l.project, name), "content": text})
		},
	}
}

func TestKimiGuardDenies(t *testing.T)     { kimi().guardDenies(t) }
func TestKimiAsk(t *testing.T)             { kimi().asks(t) }
func TestKimiContext(t *testing.T)         { kimi().startsWithContext(t) }
func TestKimiStop(t *testing.T)            { kimi().gatesStop(t) }
func TestKimiSecretInPrompt(t *testing.T)  { kimi().stopsSecret(t) }
func TestKimiMissingProgram(t *testing.T)  { kimi().missingProgram(t) }
func TestKimiVanishedProgram(t *testing.T) { kimi().vanishedProgram(t) }

// What a hook wants instead is in the refusal, with what it has for the model.
func TestKimiUpdatedInput(t *testing.T) { kimi().rewriteRefused(t) }

// A server of Kimi's, started elsewhere, has the hooks of each session's project.
func TestKimiACP(t *testing.T) {
	a := kimi()
	l := a.lab(t, guard, a.shell("rm -rf README.md"))
	l.script(".claude/hooks/guard.sh", noRm)
	p := a.serve(l, l.home, "acp")
	session := l.acpSession(p)
	l.acp(p, 3, "session/set_mode", map[string]any{"sessionId": session, "modeId": "auto"})
	l.acpPrompt(p, 4, session, "clean up")
	l.contains("the result", l.toolResult("1", 2), "deleting is not allowed here")
	if !l.exists("README.md") {
		t.Error("the denied command has run")
	}
}
