package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// runHooksNet builds run-hooks-net beside run-hooks, whose path it returns.
var runHooksNet = sync.OnceValues(func() (string, error) {
	program, err := runHooks()
	if err != nil {
		return "", err
	}
	file := filepath.Join(filepath.Dir(program), "run-hooks-net")
	if out, err := exec.Command("go", "build", "-o", file, "../cmd/run-hooks-net").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, nil
})

// doctorFire runs `run-hooks doctor --fire` with a client at that path.
func doctorFire(t *testing.T, harness, client, path string) result {
	t.Helper()
	program, err := runHooksNet()
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{T: t, home: t.TempDir(), project: t.TempDir()}
	return l.start(l.project, []string{"HOME=" + l.home, "PATH=" + path, "TMPDIR=" + t.TempDir()},
		program, "doctor", "--fire", harness, "--client", client)
}

func TestDoctorFireOpenCode(t *testing.T) { firesUnder(t, "opencode", openCode) }
func TestDoctorFireCodex(t *testing.T)    { firesUnder(t, "codex", codex().client) }
func TestDoctorFireGemini(t *testing.T)   { firesUnder(t, "gemini", gemini().client) }
func TestDoctorFireQwen(t *testing.T)     { firesUnder(t, "qwen", qwen().client) }

// firesUnder: doctor finds that the real client obeys.
func firesUnder(t *testing.T, harness string, fetch func() (string, error)) {
	need(t)
	t.Parallel()
	client, err := fetch()
	if err != nil {
		t.Fatal(err)
	}
	path := os.Getenv("PATH")
	if harness == "qwen" {
		path = qwenPath(&lab{T: t})
	}
	r := doctorFire(t, harness, client, path)
	if r.status != 0 || !strings.HasPrefix(r.stdout, "fires: "+harness+" obeys a denial (") {
		t.Errorf("status %d, %s", r.status, r.stdout)
	}
	if harness == "codex" {
		(&lab{T: t}).contains("stdout", r.stdout, "its review of hooks was switched off")
	}
}

// doctor finds that a client does not run the bridge: here Codex that wants its
// hooks reviewed first, and makes the call meanwhile.
func TestDoctorFireUnreviewed(t *testing.T) {
	need(t)
	t.Parallel()
	client, err := codex().client()
	if err != nil {
		t.Fatal(err)
	}
	wrapper := filepath.Join(t.TempDir(), "codex")
	script := "#!/bin/sh\nfor a do shift; [ \"$a\" = --dangerously-bypass-hook-trust ] || set -- \"$@\" \"$a\"; done\nexec '" + client + "' \"$@\"\n"
	if err := os.WriteFile(wrapper, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	r := doctorFire(t, "codex", wrapper, os.Getenv("PATH"))
	if r.status != 1 || !strings.HasPrefix(r.stdout, "fires: codex makes calls without asking hooks\n") {
		t.Errorf("status %d, %s", r.status, r.stdout)
	}
}
