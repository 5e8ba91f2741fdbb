//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs testscripts/net: what a user sees of handlers that are no
// commands. run-hooks is built, this test binary is the run-hooks-net beside it
// and the MCP server that the scripts start. Under cmd/run-hooks, which has no
// such servers, these scripts are skipped.
func TestScripts(t *testing.T) {
	bin := programs(t)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("..", "..", "testscripts", "net"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("BIN", bin)
			env.Values[modelKey{}] = new(scriptedModel)
			return os.MkdirAll(filepath.Join(env.WorkDir, "home"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "server": startServer, "model": startModel, "asked": writeAsked, "mcphttp": startMCP, "gone": gone, "fill": fillFile,
		},
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// programs returns a directory with the programs that the scripts call.
func programs(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "run-hooks"), "../run-hooks")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"run-hooks-net", "mcp-server", "net-scripts"} {
		if err := os.Symlink(self, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
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

// startServer starts a scripted HTTP server and sets NAME to its URL: server NAME table.json
func startServer(ts *testscript.TestScript, _ bool, args []string) {
	var table map[string]page
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &table))
	done := make(chan struct{})
	server := httptest.NewServer(pages{table, done})
	ts.Defer(func() { close(done); server.CloseClientConnections(); server.Close() })
	ts.Setenv(args[0], server.URL)
}

// fillFile replaces {{NAME}} in a file by the script's variable: fill FILE
func fillFile(ts *testscript.TestScript, _ bool, args []string) {
	names := regexp.MustCompile(`\{\{([A-Z]+)\}\}`)
	text := names.ReplaceAllStringFunc(ts.ReadFile(args[0]), func(ref string) string {
		value := ts.Getenv(strings.Trim(ref, "{}"))
		if value == "" {
			ts.Fatalf("%s is not set", ref)
		}
		return value
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

type modelKey struct{}

// startModel starts a scripted model and sets NAME to its URL: model NAME turns.json
func startModel(ts *testscript.TestScript, _ bool, args []string) {
	m := ts.Value(modelKey{}).(*scriptedModel)
	var turns []json.RawMessage
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &turns))
	m.reset(turns)
	server := httptest.NewServer(m)
	ts.Defer(func() { m.close(); server.CloseClientConnections(); server.Close() })
	ts.Setenv(args[0], server.URL)
}

// writeAsked writes what the model was asked into a file, one request a line: asked FILE
func writeAsked(ts *testscript.TestScript, _ bool, args []string) {
	m := ts.Value(modelKey{}).(*scriptedModel)
	m.Lock()
	defer m.Unlock()
	var text []byte
	for _, line := range m.asked {
		text = append(append(text, line...), '\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o644))
}

// startMCP starts an MCP server over HTTP and sets NAME to its URL; with a second
// argument it wants that text in the header X-Key: mcphttp NAME [KEY]
func startMCP(ts *testscript.TestScript, _ bool, args []string) {
	key := ""
	if len(args) > 1 {
		key = args[1]
	}
	server := httptest.NewServer(mcpOverHTTP(key))
	ts.Defer(func() { server.CloseClientConnections(); server.Close() })
	ts.Setenv(args[0], server.URL)
}

// gone demands that the processes whose numbers a file holds have ended: gone FILE
func gone(ts *testscript.TestScript, _ bool, args []string) {
	var pids []int
	ts.Check(json.Unmarshal([]byte("["+ts.ReadFile(args[0])+"0]"), &pids))
	if len(pids) < 2 {
		ts.Fatalf("%s names no process", args[0])
	}
	for _, pid := range pids[:len(pids)-1] {
		if alive(pid) {
			ts.Fatalf("process %d is alive", pid)
		}
	}
}

// A scriptedModel answers by turns, whatever it is asked, in the words of the API
// that is spoken to.
type scriptedModel struct {
	sync.Mutex
	turns []json.RawMessage
	asked []string
	done  chan struct{}
}

func (m *scriptedModel) reset(turns []json.RawMessage) {
	m.Lock()
	defer m.Unlock()
	m.turns, m.asked, m.done = turns, nil, make(chan struct{})
}

func (m *scriptedModel) close() {
	m.Lock()
	defer m.Unlock()
	if m.done != nil {
		close(m.done)
		m.done = nil
	}
}
