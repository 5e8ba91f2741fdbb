//go:build unix

package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// waiting starts the program against a server that never answers and returns
// when the request has come in.
func waiting(t *testing.T) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	arrived := make(chan struct{})
	done := make(chan struct{})
	url := serveHTTP(t, func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-done
	})
	t.Cleanup(func() { close(done) })
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd = command(t, []string{"KEY=s3cret"}, "http")
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Stdin = strings.NewReader(job(t, map[string]any{
		"url": url, "headers": map[string]string{"X-Key": "$KEY"}, "allowedEnvVars": []string{"KEY"},
	}) + event + "\n")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-arrived
	return cmd, stdout, stderr
}

// TestTimeoutOfTheParent: the parent's SIGTERM ends the wait at once and leaves nothing.
func TestTimeoutOfTheParent(t *testing.T) {
	cmd, stdout, stderr := waiting(t)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if ended := cmd.ProcessState.Sys().(syscall.WaitStatus); !ended.Signaled() || ended.Signal() != syscall.SIGTERM {
		t.Errorf("ended by %v", cmd.ProcessState)
	}
	if stdout.Len()+stderr.Len() > 0 {
		t.Errorf("printed %q, %q", stdout, stderr)
	}
}

// TestNeverStatusTwo: where the Go runtime dies it exits with 2, which would
// block; here a signal ends it, and no core file is left.
func TestNeverStatusTwo(t *testing.T) {
	allowCores(t)
	cmd, stdout, stderr := waiting(t)
	if err := cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if ended := cmd.ProcessState.Sys().(syscall.WaitStatus); !ended.Signaled() || ended.CoreDump() {
		t.Errorf("ended by %v", cmd.ProcessState)
	}
	if stdout.Len() > 0 || strings.Contains(stderr.String(), "s3cret") {
		t.Errorf("printed %q, %q", stdout, stderr)
	}
	if files, err := filepath.Glob(filepath.Join(cmd.Dir, "*")); err != nil || len(files) > 0 {
		t.Errorf("left %q, %v", files, err)
	}
}

// allowCores lets processes that the test starts leave as much as may be left.
func allowCores(t *testing.T) {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &before); err != nil {
		t.Fatal(err)
	}
	limit := syscall.Rlimit{Cur: before.Max, Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &before); err != nil {
			t.Error(err)
		}
	})
}

// TestNoCores runs itself in a process of its own, as the limit stays.
func TestNoCores(t *testing.T) {
	if os.Getenv(childVar+"_CORES") == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoCores$")
		cmd.Env = []string{childVar + "_CORES=1"}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	dropCores()
	var got syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &got); err != nil || got.Cur != 0 || got.Max != 0 {
		t.Errorf("limit %v, %v", got, err)
	}
}
