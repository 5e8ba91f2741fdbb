//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// openProject returns the tools over a directory with files.
func openProject(t *testing.T, texts map[string]string) (project, map[string]tool) {
	t.Helper()
	dir := files(t, texts)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	p, named := project{root, dir}, map[string]tool{}
	for _, tool := range p.tools() {
		named[tool.name] = tool
	}
	return p, named
}

// TestTools shows what each tool returns, or says is wrong.
func TestTools(t *testing.T) {
	p, tools := openProject(t, map[string]string{
		"a.go": "package a\nvar X = 1\n", "dir/b.go": "x := 2\r\ny", "dir/c.txt": "X\xff\n", ".git/config": "X = 3\n",
		"empty": "", "binary": "X\x00\n", "long": strings.Repeat("y", 3*maxLineSize) + "\nlast\n",
	})
	if err := syscall.Mkfifo(filepath.Join(p.dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"in": "a.go", "out": "/etc/passwd", "up": ".."} {
		if err := os.Symlink(target, filepath.Join(p.dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ tool, args, want, fails string }{
		{"Read", `{"file_path":"a.go"}`, "1\tpackage a\n2\tvar X = 1\n", ""},
		{"Read", `{"file_path":"DIR/a.go"}`, "1\tpackage a\n2\tvar X = 1\n", ""},
		{"Read", `{"file_path":"dir/../in"}`, "1\tpackage a\n2\tvar X = 1\n", ""},
		{"Read", `{"file_path":"a.go","offset":2}`, "2\tvar X = 1\n", ""},
		{"Read", `{"file_path":"a.go","limit":1}`, "1\tpackage a\n", ""},
		{"Read", `{"file_path":"a.go","offset":9,"limit":-1}`, "", ""},
		{"Read", `{"file_path":"empty"}`, "", ""},
		{"Read", `{"file_path":"long"}`, "1\t" + strings.Repeat("y", maxLineSize) + "…\n2\tlast\n", ""},
		{"Read", `{"file_path":"dir/c.txt"}`, "1\tX\ufffd\n", ""},
		{"Read", `{"file_path":"nope"}`, "", "there is no such file"},
		{"Read", `{"file_path":"dir"}`, "", "it is a directory"},
		{"Read", `{"file_path":""}`, "", "it is a directory"},
		{"Read", `{"file_path":"pipe"}`, "", "it is not a regular file"},
		{"Read", `{"file_path":"out"}`, "", "path escapes from parent"},
		{"Read", `{"file_path":"up/x"}`, "", "path escapes from parent"},
		{"Read", `{"file_path":"../x"}`, "", errOutside.Error()},
		{"Read", `{"file_path":"/etc/passwd"}`, "", errOutside.Error()},
		{"Read", `{"file_path":5}`, "", "the arguments are not what the tool takes"},
		{"Read", ``, "", "the arguments are not what the tool takes"},
		{"Glob", `{"pattern":"**/*.go"}`, "a.go\ndir/b.go", ""},
		{"Glob", `{"pattern":"DIR/dir/*"}`, "dir/b.go\ndir/c.txt", ""},
		{"Glob", `{"pattern":"*.go","path":"dir"}`, "dir/b.go", ""},
		{"Glob", `{"pattern":"*.rs"}`, "no files found", ""},
		{"Glob", `{"pattern":"up/**"}`, "no files found", ""},
		{"Glob", `{"pattern":"../*"}`, "no files found", ""},
		{"Glob", `{"pattern":"*","path":"up"}`, "", "path escapes from parent"},
		{"Glob", `{"pattern":"[","path":""}`, "", "the pattern is not valid"},
		{"Grep", `{"pattern":"X ="}`, "a.go:2:var X = 1\n", ""},
		{"Grep", `{"pattern":"^x","-i":true}`, "dir/b.go:1:x := 2\ndir/c.txt:1:X\ufffd\n", ""},
		{"Grep", `{"pattern":"X","glob":"*.txt"}`, "dir/c.txt:1:X\ufffd\n", ""},
		{"Grep", `{"pattern":"X","glob":"dir/*"}`, "dir/c.txt:1:X\ufffd\n", ""},
		{"Grep", `{"pattern":"package","path":"a.go"}`, "a.go:1:package a\n", ""},
		{"Grep", `{"pattern":"root:"}`, "no matches found", ""},
		{"Grep", `{"pattern":"x","path":"nope"}`, "", "there is no such file"},
		{"Grep", `{"pattern":"("}`, "", "the regular expression is not valid"},
	}
	for _, tt := range tests {
		args := json.RawMessage(strings.ReplaceAll(tt.args, "DIR", p.dir))
		got, err := tools[tt.tool].run(t.Context(), args)
		fails := ""
		if err != nil {
			fails = err.Error()
		}
		if got != tt.want || fails != tt.fails {
			t.Errorf("%s %s: %q, %q; want %q, %q", tt.tool, tt.args, got, fails, tt.want, tt.fails)
		}
	}
}

// TestToolsAreBounded: no file and no number of files makes a long answer.
func TestToolsAreBounded(t *testing.T) {
	texts := map[string]string{"big": strings.Repeat(strings.Repeat("x", 1000)+"\n", 2000)}
	for i := range 2 * maxPaths {
		texts[fmt.Sprint("d/", i)] = "x\nx\n"
	}
	_, tools := openProject(t, texts)
	for name, args := range map[string]string{
		"Read": `{"file_path":"big"}`, "Glob": `{"pattern":"**"}`, "Grep": `{"pattern":"x"}`,
	} {
		got, err := tools[name].run(t.Context(), json.RawMessage(args))
		if err != nil || len(got) > maxText+2*maxLineSize || !strings.Contains(got, "left out") {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tools["Grep"].run(ended, json.RawMessage(`{"pattern":"x"}`)); err == nil {
		t.Error("a search goes on though nobody waits")
	}
}

// TestTurns: an agent that never answers is asked 50 times.
func TestTurns(t *testing.T) {
	var m scriptedModel
	turns := make([]json.RawMessage, 2*maxTurns)
	for i := range turns {
		turns[i] = json.RawMessage(`[{"tool":"Glob","input":{"pattern":"*"}}]`)
	}
	m.reset(turns)
	server := httptest.NewServer(&m)
	defer server.Close()
	env := []string{"ANTHROPIC_API_KEY=s3cret", "ANTHROPIC_BASE_URL=" + server.URL}
	got := invoke(t, env, job(t, map[string]any{"event": "Stop", "prompt": "P", "model": "", "project": t.TempDir()})+event+"\n", "agent")
	if got.status != exitFailed || !strings.Contains(got.stderr, "no verdict in 50 turns") || len(m.asked) != maxTurns {
		t.Errorf("%+v after %d turns", got, len(m.asked))
	}
}
