package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The benchmarks print ratios, which hold when the machine's speed does not:
// each round times both sides one after the other. docs/performance.md tells how
// to repeat them and what they gave.

// A side is one of two commands that are compared.
type side struct {
	argv  []string
	dir   string
	stdin string
}

func (s side) time(b *testing.B) time.Duration {
	cmd := exec.Command(s.argv[0], s.argv[1:]...)
	cmd.Dir, cmd.Env = s.dir, []string{"PATH=/usr/bin:/bin", "HOME=" + s.dir}
	if s.stdin != "" {
		cmd.Stdin = strings.NewReader(s.stdin)
	}
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v: %v", s.argv, err)
	}
	return time.Since(begun)
}

// compare times ours against theirs and reports both and their ratio.
func compare(b *testing.B, ours, theirs side) {
	var a, c time.Duration
	for b.Loop() {
		a += ours.time(b)
		c += theirs.time(b)
	}
	b.ReportMetric(float64(a.Microseconds())/float64(b.N), "µs/run")
	b.ReportMetric(float64(c.Microseconds())/float64(b.N), "µs/other")
	b.ReportMetric(float64(a)/float64(c), "ratio")
}

// programs builds run-hooks as it is released, and an empty Go program.
func programs(b *testing.B) (runHooks, empty string) {
	b.Helper()
	dir := b.TempDir()
	source := filepath.Join(dir, "empty.go")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	runHooks, empty = filepath.Join(dir, "run-hooks"), filepath.Join(dir, "empty")
	for out, pkg := range map[string]string{runHooks: ".", empty: source} {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("go build %s: %v\n%s", pkg, err, text)
		}
	}
	return runHooks, empty
}

// repository makes a project with n Bash hooks that do nothing.
func repository(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	var hooks []string
	for i := range n {
		hooks = append(hooks, fmt.Sprintf(`{"type": "command", "command": "true %d"}`, i))
	}
	text := `{"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [` + strings.Join(hooks, ", ") + `]}]}}`
	if err := os.MkdirAll(filepath.Join(dir, ".claude"), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".claude", "settings.json"), []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return dir
}

const bashCall = `{"tool_name":"Bash","tool_input":{"command":"ls"}}`

// BenchmarkOneShotNoMatch is a call no hook is for, against an empty Go program.
func BenchmarkOneShotNoMatch(b *testing.B) {
	runHooks, empty := programs(b)
	dir := repository(b, 1)
	call := `{"tool_name":"Read","tool_input":{"file_path":"x"}}`
	compare(b, side{[]string{runHooks, "--event", "PreToolUse"}, dir, call}, side{[]string{empty}, dir, call})
}

// BenchmarkOneShotOneHook is a call with one hook, against that hook alone.
func BenchmarkOneShotOneHook(b *testing.B) {
	runHooks, _ := programs(b)
	dir := repository(b, 1)
	compare(b, side{[]string{runHooks, "--event", "PreToolUse"}, dir, bashCall}, side{[]string{"/bin/sh", "-c", "true 0"}, dir, bashCall})
}

// BenchmarkEmptyProgram is the floor of both.
func BenchmarkEmptyProgram(b *testing.B) {
	_, empty := programs(b)
	dir := b.TempDir()
	for b.Loop() {
		side{[]string{empty}, dir, bashCall}.time(b)
	}
}

// BenchmarkResidentNoMatch is the round trip of a call no hook is for through a
// resident run-hooks.
func BenchmarkResidentNoMatch(b *testing.B) {
	resident(b, 1, `{"id":1,"event":"tool.execute.before","session":"s","input":{"tool":"read","sessionID":"s","callID":"c"},"output":{"args":{"filePath":"x"}}`)
}

// BenchmarkResidentOneHook is the round trip of a call with one hook.
func BenchmarkResidentOneHook(b *testing.B) { resident(b, 1, bashBefore) }

// BenchmarkResidentTenHooks is the round trip of a call with ten hooks.
func BenchmarkResidentTenHooks(b *testing.B) { resident(b, 10, bashBefore) }

const bashBefore = `{"id":1,"event":"tool.execute.before","session":"s","input":{"tool":"bash","sessionID":"s","callID":"c"},"output":{"args":{"command":"ls"}}`

// resident times request round trips; dir is put into the request.
func resident(b *testing.B, hooks int, request string) {
	runHooks, _ := programs(b)
	dir := repository(b, hooks)
	cmd := exec.Command(runHooks, "serve", "opencode")
	cmd.Dir, cmd.Env = dir, []string{"PATH=/usr/bin:/bin", "HOME=" + b.TempDir(), "RUN_HOOKS_TRUST=all"}
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	answers := bufio.NewReader(out)
	line := request + fmt.Sprintf(`,"directory":%q,"worktree":%q}`+"\n", dir, dir)
	for b.Loop() {
		if _, err := io.WriteString(in, line); err != nil {
			b.Fatal(err)
		}
		if _, err := answers.ReadString('\n'); err != nil {
			b.Fatal(err)
		}
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
}
