package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// childVar makes the test binary be run-hooks-net, as does that name: TestMain.
const childVar = "RUN_HOOKS_NET_TEST_CHILD"

// event is the payload that tests send, with characters an encoder would escape.
const event = `{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"a < b && c > ü"}}`

func TestMain(m *testing.M) {
	switch name := filepath.Base(os.Args[0]); {
	case name == "mcp-server":
		serveMCP(os.Args[1])
		os.Exit(0)
	case name == "run-hooks-net" || os.Getenv(childVar) != "":
		main()
	}
	os.Exit(m.Run())
}

// A result is what a process left: status is -1 if a signal ended it.
type result struct {
	status         int
	stdout, stderr string
}

// command returns run-hooks-net as a command that has env and nothing else for
// its environment and is killed should the test hang.
func command(t testing.TB, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = slices.Concat(env, []string{childVar + "=1", "GORACE=atexit_sleep_ms=0"})
	cmd.Dir = t.TempDir()
	return cmd
}

// invoke runs the program and checks what holds of every result.
func invoke(t testing.TB, env []string, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := command(t, env, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	got := result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
	if !slices.Contains([]int{exitDone, exitFailed, exitTrouble, exitUsage}, got.status) {
		t.Fatalf("status %d: %s", got.status, got.stderr)
	}
	if got.status == exitDone && got.stderr != "" {
		t.Errorf("a success says on stderr: %s", got.stderr)
	}
	if got.status != exitDone && (got.stdout != "" || strings.Count(got.stderr, "\n") != 1) {
		t.Errorf("a failure prints %q and %q, want one line on stderr", got.stdout, got.stderr)
	}
	return got
}

// job writes the first line of the input.
func job(t testing.TB, members map[string]any) string {
	t.Helper()
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// runPost runs an http handler with these members of the job on event.
func runPost(t testing.TB, env []string, members map[string]any) result {
	t.Helper()
	return invoke(t, env, job(t, members)+event+"\n", "http")
}

// wantFailure checks that got is a failure of the hook whose message holds text.
func wantFailure(t testing.TB, got result, text string) {
	t.Helper()
	if got.status != exitFailed {
		t.Errorf("status %d, want %d", got.status, exitFailed)
	}
	if !strings.HasPrefix(got.stderr, "run-hooks-net: http: ") || !strings.Contains(got.stderr, text) {
		t.Errorf("stderr %q, want a line run-hooks-net: http: … %s", got.stderr, text)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"ftp"}, {"http", "more"}, {"-x"}, {"--help"}, {""}} {
		if got := invoke(t, nil, "", args...); got.status != exitUsage || !strings.HasPrefix(got.stderr, "usage: run-hooks-net agent|http|mcp_tool|prompt < input") {
			t.Errorf("%q: %+v", args, got)
		}
	}
}

func TestVersion(t *testing.T) {
	got := invoke(t, nil, "", "version")
	if got.status != exitDone || got.stdout != "run-hooks-net "+version()+"\n" {
		t.Errorf("%+v", got)
	}
}

func TestTrouble(t *testing.T) {
	tests := []struct{ name, stdin, says string }{
		{"nothing", "", "no event"},
		{"no event", "{}\n", "no event"},
		{"an empty event", "{}\n\n", "no event"},
		{"no JSON", "s3cret\n{}\n", "cannot read the job"},
		{"no object", "[]\n{}\n", "cannot read the job"},
		{"half an object", `{"url":"s3cret` + "\n{}\n", "cannot read the job"},
		{"a wrong type", `{"headers":{"A":"s3cret","B":5}}` + "\n{}\n", "cannot read the job"},
		{"more than an object", "{} s3cret\n{}\n", "cannot read the job"},
		{"a member of a newer parent", `{"restrict":"s3cret"}` + "\n{}\n", "of the same version?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := invoke(t, nil, tt.stdin, "http")
			if got.status != exitTrouble || !strings.Contains(got.stderr, tt.says) {
				t.Errorf("%+v, want status %d and %q", got, exitTrouble, tt.says)
			}
			if strings.Contains(got.stderr, "s3cret") {
				t.Errorf("the message quotes the input: %s", got.stderr)
			}
		})
	}
}

// A faulty reader or writer fails in the way its function does.
type faulty func() error

func (f faulty) Read([]byte) (int, error)  { return 0, f() }
func (f faulty) Write([]byte) (int, error) { return 0, f() }

func TestBrokenStreams(t *testing.T) {
	fails := faulty(func() error { return errors.New("HK-ERROR") })
	panics := faulty(func() error { panic("HK-PANIC") })
	url := answering(t, 200, "{}")
	good := strings.NewReader(job(t, map[string]any{"url": url}) + "{}\n")
	tests := []struct {
		name   string
		stdin  io.Reader
		stdout io.Writer
		says   string
	}{
		{"stdin fails", fails, io.Discard, "cannot read stdin"},
		{"a panic", panics, io.Discard, "internal error"},
		{"stdout fails", good, fails, "cannot write the answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var errs strings.Builder
			status := run(t.Context(), []string{"http"}, tt.stdin, tt.stdout, &errs)
			if status != exitTrouble || !strings.Contains(errs.String(), tt.says) {
				t.Errorf("%d, %q; want %d, %q", status, errs.String(), exitTrouble, tt.says)
			}
		})
	}
}

func TestOneLine(t *testing.T) {
	if got := oneLine("a\nb\x1b[31mc\u202ed ü"); got != "a?b?[31mc?d ü" {
		t.Errorf("%q", got)
	}
}
