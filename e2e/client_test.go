package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// openCodeVersion is the version that the mapper's record was made with.
const openCodeVersion = "1.18.33"

// clients is where fetched clients are kept.
func clients() (string, error) {
	if dir := os.Getenv("RUN_HOOKS_E2E_DIR"); dir != "" {
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "run-hooks-e2e"), err
}

// openCode returns the path of the real client, fetched if need be.
var openCode = sync.OnceValues(func() (string, error) {
	dir, err := clients()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "opencode-"+openCodeVersion)
	client := filepath.Join(dir, "node_modules", ".bin", "opencode")
	if _, err := os.Stat(client); err == nil {
		return client, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	npm := exec.Command("npm", "install", "--prefix", dir, "--no-audit", "--no-fund", "opencode-ai@"+openCodeVersion)
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm: %w\n%s", err, out)
	}
	_, err = os.Stat(client)
	return client, err
})

// runHooks returns the path of a run-hooks built from this tree.
var runHooks = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "run-hooks-e2e-*")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "run-hooks")
	if out, err := exec.Command("go", "build", "-o", file, "../cmd/run-hooks").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if os.Getenv("RUN_HOOKS_E2E") == "1" {
		if file, err := runHooks(); err == nil {
			_ = os.RemoveAll(filepath.Dir(file))
		}
	}
	os.Exit(status)
}

// need skips the test unless the real clients are wanted.
func need(t *testing.T) {
	t.Helper()
	if os.Getenv("RUN_HOOKS_E2E") != "1" {
		t.Skip("needs the real client: set RUN_HOOKS_E2E=1")
	}
}
