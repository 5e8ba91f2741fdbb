package installer

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Where run-hooks is missing the command itself answers: in the words of the
// agent, and where something could have been stopped it is.
func TestWithoutProgram(t *testing.T) {
	for _, name := range []string{"copilot", "cursor", "cline", "kimi", "crush", "goose"} {
		h := harness(name)
		for _, event := range events(name) {
			cmd := exec.Command("/bin/sh", "-c", Options{}.call(name, event))
			cmd.Env = []string{"PATH=/nowhere"}
			var stdout bytes.Buffer
			cmd.Stdout = &stdout
			err := cmd.Run()
			var exit *exec.ExitError
			status := 0
			if errors.As(err, &exit) {
				status = exit.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
			answered := json.Valid(stdout.Bytes()) && len(stdout.Bytes()) > 3
			if stops := answered || status == 2; stops != guards(&h, event) {
				t.Errorf("%s at %s: status %d, %s", name, event, status, stdout.Bytes())
			}
			if status != 0 && status != 2 {
				t.Errorf("%s at %s ends with %d", name, event, status)
			}
		}
	}
}

// What the program answers by its exit status is passed on, and nothing is added.
func TestExitStatusIsPassedOn(t *testing.T) {
	bin := t.TempDir()
	put(t, filepath.Join(bin, "run-hooks"), "#!/bin/sh\necho why >&2\nexit 2\n")
	if err := os.Chmod(filepath.Join(bin, "run-hooks"), 0o755); err != nil {
		t.Fatal(err)
	}
	var o Options
	for _, command := range []string{o.call("kimi", "Stop"), o.call("kimi", "UserPromptSubmit"), o.bridge("droid", "PreToolUse")} {
		cmd := exec.Command("/bin/sh", "-c", command)
		cmd.Env = []string{"PATH=" + bin}
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 2 || string(out) != "why\n" {
			t.Errorf("%s: %v, %q", command, err, out)
		}
	}
}
