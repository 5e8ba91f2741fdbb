package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// gemini is Gemini CLI against the Gemini API, in a folder it trusts.
func gemini() agent {
	return agent{
		client: fetched("gemini", "@google/gemini-cli", "0.61.0", ".bin/gemini"),
		plan:   installer.Gemini,
		config: func(l *lab) {
			l.put(l.home, ".gemini/settings.json", `{"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}`)
		},
		env: func(l *lab) []string {
			return []string{
				"GEMINI_API_KEY=none", "GOOGLE_GEMINI_BASE_URL=" + strings.TrimSuffix(l.model.URL, "/v1"),
				"GEMINI_CLI_NO_RELAUNCH=true", "GEMINI_CLI_TRUST_WORKSPACE=true",
			}
		},
		args: []string{"--model", "gemini-2.5-flash", "--approval-mode", "yolo", "--prompt"},
		shell: func(command string) fakemodel.Turn {
			return call("run_shell_command", map[string]any{"command": command, "description": "run it"})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("write_file", map[string]any{"file_path": filepath.Join(l.project, name), "content": text})
		},
	}
}

func TestGeminiGuardDenies(t *testing.T)  { gemini().guardDenies(t) }
func TestGeminiAsk(t *testing.T)          { gemini().asks(t) }
func TestGeminiUpdatedInput(t *testing.T) { gemini().rewrites(t) }
func TestGeminiFormatter(t *testing.T)    { gemini().formats(t) }
func TestGeminiContext(t *testing.T)      { gemini().startsWithContext(t) }
func TestGeminiStop(t *testing.T)         { gemini().gatesStop(t) }
func TestGeminiStopCap(t *testing.T)      { gemini().capsStop(t) }
func TestGeminiMissing(t *testing.T)      { gemini().missingProgram(t) }

func TestGeminiSecretInPrompt(t *testing.T) {
	r := gemini().stopsSecret(t)
	if !strings.Contains(r.stdout+r.stderr, "there is a key in the prompt") {
		t.Errorf("the user is not told: %q, %q", r.stdout, r.stderr)
	}
}

func TestGeminiFailedCommand(t *testing.T) {
	a := gemini()
	l := a.lab(t, `{"PostToolUseFailure":[{"matcher":"Bash","hooks":[{"type":"command","command":"grep -o 'Exit code [0-9]*' >&2; exit 2"}]}],
		"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo as a success >&2; exit 2"}]}]}`, a.shell("exit 3"))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "Exit code 3")
	l.lacks("the request", l.request(2).Text(), "as a success")
}

func TestGeminiContinueFalse(t *testing.T) { gemini().halts(t) }

func TestGeminiVanished(t *testing.T) { gemini().vanishedProgram(t) }

func TestGeminiUpdatedOutput(t *testing.T) { gemini().replaces(t) }

// A tool that fails by itself is a PostToolUseFailure, too.
func TestGeminiFailedTool(t *testing.T) {
	a := gemini()
	l := a.lab(t, `{"PostToolUseFailure":[{"matcher":"Read","hooks":[{"type":"command","command":"echo look elsewhere >&2; exit 2"}]}]}`,
		call("read_file", map[string]any{"file_path": "absent.txt"}))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "look elsewhere")
}
