//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What `run-hooks doctor --fire` says of clients that do not do as they should,
// here scripts in the place of the client. The real ones are run in e2e.
func TestDoctorFire(t *testing.T) {
	bin := programs(t)
	tests := []struct {
		name, client string
		status       int
		says         string
	}{
		{"asks nobody", ": > denied-call-has-run", 1, "fires: gemini makes calls without asking hooks\n"},
		{"does not listen", ": > hook-has-run; : > denied-call-has-run", 1, "fires: gemini does not obey a denial: the call that a hook denied was made\n"},
		{"does not start", "echo I cannot >&2; exit 1", 3, "fires: gemini did not ask the model: nothing is shown\n    is it a version that runs here?\n    | I cannot\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cmd, tmp := doctorFire(t, bin, test.client)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
				t.Fatal(err)
			}
			if got := cmd.ProcessState.ExitCode(); got != test.status || !strings.HasPrefix(out.String(), test.says) {
				t.Errorf("status %d, want %d; it says\n%s\nwant\n%s", got, test.status, &out, test.says)
			}
			if !strings.HasSuffix(out.String(), "\nyour own config here: not bridged: run-hooks init gemini\n") {
				t.Errorf("it does not say how the user's config is bridged:\n%s", &out)
			}
			empty(t, tmp)
		})
	}
}

// Told to stop, it takes the client with it, and all that this has started.
func TestDoctorFireStopped(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd, tmp := doctorFire(t, programs(t), "(echo started; exec sleep 600) > '"+fifo+"'; true")
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	held, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if _, err := io.ReadFull(held, make([]byte, len("started\n"))); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(held); err != nil { // to its end: nobody holds it any more
		t.Error(err)
	}
	_ = cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 3 || out.String() != "run-hooks: told to stop before the client had ended\n" {
		t.Errorf("status %d, it says %q", got, &out)
	}
	empty(t, tmp)
}

// doctorFire is the command with a shell script for Gemini CLI, and the directory
// that it has for temporary files. It is killed should the test hang.
func doctorFire(t *testing.T, bin, script string) (*exec.Cmd, string) {
	t.Helper()
	client, tmp := filepath.Join(t.TempDir(), "client"), t.TempDir()
	if err := os.WriteFile(client, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "run-hooks"), "doctor", "--fire", "gemini", "--client", client)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + tmp}
	return cmd, tmp
}

// empty reports what is left in a directory.
func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in %s: %v, %v", dir, left, err)
	}
}
