package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/e2e/fakemodel"
	"github.com/run-hooks/run-hooks/installer"
)

// node22 is the path of a Node.js that Qwen Code runs with: the one on PATH, or
// one from npm.
var node22 = fetched("node", "node", "22", "node/bin/node")

// qwenPath is PATH with a Node.js that is new enough in front.
func qwenPath(l *lab) string {
	l.Helper()
	out, err := exec.Command("node", "--version").Output()
	major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), ".")
	if n, bad := strconv.Atoi(major); err == nil && bad == nil && n >= 22 {
		return os.Getenv("PATH")
	}
	node, err := node22()
	if err != nil {
		l.Fatal(err)
	}
	return filepath.Dir(node) + ":" + os.Getenv("PATH")
}

// qwen is Qwen Code against the chat completions API.
func qwen() agent {
	return agent{
		client: fetched("qwen", "@qwen-code/qwen-code", "0.24.4", ".bin/qwen"),
		plan:   installer.Qwen,
		config: func(l *lab) {
			l.put(l.home, ".qwen/settings.json", `{"security":{"auth":{"selectedType":"openai"},"folderTrust":{"enabled":false}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}`)
		},
		env: func(l *lab) []string {
			return []string{
				"PATH=" + filepath.Dir(l.program) + ":" + qwenPath(l), "OPENAI_API_KEY=none", "OPENAI_MODEL=fake-model",
				"OPENAI_BASE_URL=" + l.model.URL, "QWEN_CODE_SUPPRESS_YOLO_WARNING=1", "QWEN_CODE_NO_RELAUNCH=true",
			}
		},
		args: []string{"--approval-mode", "yolo", "--prompt"},
		shell: func(command string) fakemodel.Turn {
			return call("run_shell_command", map[string]any{"command": command, "description": "run it", "is_background": false})
		},
		write: func(l *lab, name, text string) fakemodel.Turn {
			return call("write_file", map[string]any{"file_path": filepath.Join(l.project, name), "content": text})
		},
	}
}

func TestQwenGuardDenies(t *testing.T)  { qwen().guardDenies(t) }
func TestQwenAsk(t *testing.T)          { qwen().asks(t) }
func TestQwenUpdatedInput(t *testing.T) { qwen().rewriteRefused(t) }
func TestQwenFormatter(t *testing.T)    { qwen().formats(t) }
func TestQwenContext(t *testing.T)      { qwen().startsWithContext(t) }
func TestQwenStop(t *testing.T)         { qwen().gatesStop(t) }

// Qwen Code says nothing of a blocked prompt where there is no terminal.
func TestQwenSecretInPrompt(t *testing.T) {
	if r := qwen().stopsSecret(t); r.status != 0 {
		t.Errorf("status %d", r.status)
	}
}

// The client's own cap is one below ours.
func TestQwenStopCap(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"Stop":[{"hooks":[{"type":"command","command":"echo again >&2; exit 2"}]}]}`)
	r := a.run(l, "go")
	if n := len(l.model.Requests(fakemodel.Main)); n != 8 {
		t.Errorf("the model was asked %d times, not 8", n)
	}
	l.contains("stderr", r.stderr, "Stop hook blocked continuation 8 consecutive times")
}

// Qwen Code's continue:false ends nothing: no more calls are let pass, and a Stop
// hook does not send the model back to work.
func TestQwenContinueFalse(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo '{\"continue\":false,\"stopReason\":\"that is enough\"}'"}]}],
		"Stop":[{"hooks":[{"type":"command","command":"echo go on >&2; exit 2"}]}]}`,
		a.shell("echo first > first.txt"), a.shell("echo second > second.txt"))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "that is enough")
	l.contains("the result", l.toolResult("2", 3), "that is enough")
	if !l.exists("first.txt") || l.exists("second.txt") {
		t.Error("the wrong calls were made")
	}
	if n := len(l.model.Requests(fakemodel.Main)); n != 3 {
		t.Errorf("the model was asked %d times, not 3", n)
	}
}

func TestQwenFailedCommand(t *testing.T) {
	a := qwen()
	l := a.lab(t, `{"PostToolUseFailure":[{"matcher":"Bash","hooks":[{"type":"command","command":"grep -o 'Exit code [0-9]*' >&2; exit 2"}]}],
		"PostToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"echo as a success >&2; exit 2"}]}]}`, a.shell("exit 3"))
	a.run(l, "go")
	l.contains("the request", l.request(2).Text(), "Exit code 3")
	l.lacks("the request", l.request(2).Text(), "as a success")
}

func TestQwenMissing(t *testing.T) { qwen().missingProgram(t) }
