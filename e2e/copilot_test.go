package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// copilot is GitHub Copilot CLI without its own service. It runs a project's
// hooks itself, so that those under test are the user's.
func copilot() agent {
	return agent{
		client: fetched("copilot", "@github/copilot", "1.0.102", ".bin/copilot"),
		plan:   installer.Copilot,
		config: func(l *lab) { l.toUser() },
		env: func(l *lab) []string {
			return []string{"COPILOT_OFFLINE=true", "COPILOT_PROVIDER_TYPE=openai", "COPILOT_PROVIDER_BASE_URL=" + l.model.URL, "COPILOT_MODEL=fake-model"}
		},
		args: []string{"--allow-all", "--trust-folder", "-p"},
		shell: func(command string) fakemodel.Turn {
			return call("bash", map[string]any{"command": command, "description": "run it"})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("create", map[string]any{"path": filepath.Join(l.project, name), "file_text": text})
		},
	}
}

// toUser makes the project's hooks the user's own.
func (l *lab) toUser() {
	l.Helper()
	to := filepath.Join(l.home, ".claude", "settings.json")
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		l.Fatal(err)
	}
	if err := os.Rename(filepath.Join(l.project, ".claude", "settings.json"), to); err != nil {
		l.Fatal(err)
	}
}

func TestCopilotGuardDenies(t *testing.T)     { copilot().guardDenies(t) }
func TestCopilotAsk(t *testing.T)             { copilot().asks(t) }
func TestCopilotUpdatedInput(t *testing.T)    { copilot().rewrites(t) }
func TestCopilotFormatter(t *testing.T)       { copilot().formats(t) }
func TestCopilotContext(t *testing.T)         { copilot().startsWithContext(t) }
func TestCopilotStop(t *testing.T)            { copilot().gatesStop(t) }
func TestCopilotReplaces(t *testing.T)        { copilot().replaces(t) }
func TestCopilotMissingProgram(t *testing.T)  { copilot().missingProgram(t) }
func TestCopilotSecretInPrompt(t *testing.T)  { copilot().stopsSecret(t) }
func TestCopilotVanishedProgram(t *testing.T) { copilot().vanishedProgram(t) }

// A project's hooks run once: Copilot CLI runs them, and the bridge does not.
func TestCopilotRunsOnce(t *testing.T) {
	a := copilot()
	a.config = func(*lab) {}
	l := a.lab(t, `{"PreToolUse":[{"hooks":[{"type":"command","command":"echo once >> ran"}]}]}`, a.shell("true"))
	a.run(l, "go")
	l.holds("ran", "once\n")
}

// run-hooks as a hook of the project's Claude file, which Copilot CLI runs itself:
// it knows who asks, hooks see Claude's names, and the model reads the reason.
func TestCopilotGuest(t *testing.T) {
	a := copilot()
	a.config = func(*lab) {}
	a.plan = func(installer.Options) (installer.Plan, error) { return nil, nil }
	l := a.lab(t, `{"PreToolUse":[{"hooks":[{"type":"command","command":"run-hooks --event PreToolUse"}]}]}`)
	l.model.Say(fakemodel.Main, a.write(l, "new.txt", "secret\n"))
	l.put(l.home, ".claude/settings.json", `{"hooks":{"PreToolUse":[{"matcher":"Write","hooks":[{"type":"command","command":"p=$(cat); echo \"$p\" | grep -q '\"file_path\":\"/' && echo \"$p\" | grep -q '\"content\":\"secret' && { echo 'no secrets in files' >&2; exit 2; }; exit 0"}]}]}}`)
	a.run(l, "go")
	l.contains("the result", l.toolResult("1", 2), "no secrets in files")
	if l.exists("new.txt") {
		t.Error("the file was written")
	}
}

// A patch is a Write or an Edit of each of its files. Copilot CLI gives the tool to
// models of some names alone, takes a carriage return for the end of a line, and a
// header with blanks before it.
func TestCopilotPatch(t *testing.T) {
	a := copilot()
	env := a.env
	a.env = func(l *lab) []string {
		return append(env(l), "COPILOT_MODEL=gpt-5.4")
	}
	patch := func(text string) fakemodel.Turn {
		return fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "apply_patch", Raw: "*** Begin Patch\n" + text + "*** End Patch"}}}
	}
	l := a.lab(t, `{"PreToolUse":[{"matcher":"Edit|Write","hooks":[{"type":"command","command":"if grep -q 'secret'; then echo 'secret.txt is not yours' >&2; exit 2; fi"}]}]}`)
	l.model.Say(fakemodel.Main,
		patch("*** Add File: a.txt\n+a\n  *** Delete File: secret.txt\n"),
		patch("*** Add File: b.txt\n+b\r*** Delete File: secret.txt\n"),
		patch("*** Update File: README.md\n *** Move to: secrets.md\n@@\n-hello lab\n+hello\n"),
		patch("*** Update File: README.md\n-hello lab\n+secret\n"),
		patch("*** Add File: c.txt\n+c\n"))
	l.put(l.project, "secret.txt", "the secret\n")
	a.run(l, "go")
	for n := 1; n <= 4; n++ {
		l.contains("the result", l.toolResult(strconv.Itoa(n), n+1), "secret.txt is not yours")
	}
	l.holds("README.md", "hello lab\n")
	l.holds("c.txt", "c\n")
	if l.exists("a.txt") || l.exists("b.txt") || !l.exists("secret.txt") {
		t.Error("the wrong files are there")
	}
}
