package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts call the program as run-hooks; it is this test binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"run-hooks": func() { os.Exit(start()) },
	})
}

// TestScripts runs the executable documentation: one scenario a file, one folder
// a theme. testscripts/README.md says how to read and write one.
func TestScripts(t *testing.T) {
	const root = "../../testscripts"
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		t.Run(folder.Name(), func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir:                 filepath.Join(root, folder.Name()),
				Setup:               setup,
				Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
				UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
			})
		})
	}
}

// setup gives a script a home directory of its own and trust in nothing.
func setup(env *testscript.Env) error {
	env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
	env.Setenv("GORACE", "atexit_sleep_ms=10")
	return os.MkdirAll(filepath.Join(env.WorkDir, "home"), 0o755)
}

// exits runs a program and demands an exact exit status: exits N program args…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N program args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
