package opa

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// build builds programs of a module's directory into a fresh directory.
func build(t *testing.T, dir string, packages ...string) string {
	t.Helper()
	bin := t.TempDir()
	cmd := exec.Command("go", append([]string{"build", "-o", bin + "/"}, packages...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// serve starts the real OPA with policy.rego on a free port of loopback and
// returns its address when it answers.
func serve(t *testing.T, opa string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	cmd := exec.Command(opa, "run", "--server", "--disable-telemetry", "--log-level", "error", "--addr", address, "policy.rego")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Kill(); <-ended })
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if resp, err := http.Get("http://" + address + "/health"); err == nil {
			resp.Body.Close()
			return address
		}
		if len(ended) > 0 {
			break
		}
	}
	t.Fatal("OPA does not answer")
	return ""
}

// project copies the example's project, with the server's address in its hook.
func project(t *testing.T, address string) string {
	t.Helper()
	text, err := os.ReadFile("project/.claude/settings.json")
	if err != nil {
		t.Fatal(err)
	}
	settings := strings.Replace(string(text), "127.0.0.1:8181", address, 1)
	if settings == string(text) {
		t.Fatal("the settings do not name 127.0.0.1:8181")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".claude"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".claude", "settings.json"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A report is what is compared of that of run-hooks.
type report struct{ Decision, Reason string }

// ask asks run-hooks about a tool call.
func ask(t *testing.T, runHooks, dir, tool, input string) report {
	t.Helper()
	cmd := exec.Command(runHooks, "--event", "PreToolUse", "--tool", tool, "--input", input, "--dir", dir, "--format", "json")
	cmd.Env = append(os.Environ(), "HOME="+dir)
	cmd.Stderr = os.Stderr
	out, _ := cmd.Output() // the exit status says what the report says
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r
}

func TestPolicy(t *testing.T) {
	opa := filepath.Join(build(t, ".", "github.com/open-policy-agent/opa"), "opa")
	if out, err := exec.Command(opa, "test", "policy.rego", "policy_test.rego").CombinedOutput(); err != nil {
		t.Errorf("opa test: %v\n%s", err, out)
	}
	runHooks := filepath.Join(build(t, "../..", "./cmd/run-hooks", "./cmd/run-hooks-net"), "run-hooks")
	dir := project(t, serve(t, opa))
	tests := []struct{ tool, input, decision, reason string }{
		{"Bash", `{"command":"git push origin main"}`, "deny", "the main branch is pushed by CI alone"},
		{"Bash", `{"command":"git push origin feature"}`, "none", ""},
		{"Bash", `{"command":"gh release create v1"}`, "ask", "this publishes a release"},
		{"Write", `{"file_path":"api/a.pb.go","content":"x"}`, "deny", filepath.Join(dir, "api/a.pb.go") + " is generated: change its source"},
		{"Edit", `{"file_path":"a.go","old_string":"a","new_string":"b"}`, "none", ""},
		{"Read", `{"file_path":"api/a.pb.go"}`, "none", ""},
	}
	for _, tt := range tests {
		if got := ask(t, runHooks, dir, tt.tool, tt.input); got != (report{tt.decision, tt.reason}) {
			t.Errorf("%s %s: %+v, want %s: %s", tt.tool, tt.input, got, tt.decision, tt.reason)
		}
	}
}

// TestServerDown: the guard holds.
func TestServerDown(t *testing.T) {
	runHooks := filepath.Join(build(t, "../..", "./cmd/run-hooks", "./cmd/run-hooks-net"), "run-hooks")
	dir := project(t, "127.0.0.1:1")
	got := ask(t, runHooks, dir, "Bash", `{"command":"git status"}`)
	if got.Decision != "deny" || !strings.Contains(got.Reason, "connection refused") {
		t.Errorf("%+v", got)
	}
}
