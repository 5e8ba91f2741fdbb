package executor

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestNotStarted(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "plain"), "exit 0\n", 0o644)
	write(t, filepath.Join(dir, "formless"), "exit 0\n", 0o755)
	write(t, filepath.Join(dir, "orphaned"), "#!/no/such/interpreter\n", 0o755)
	for _, c := range []struct {
		about string
		p     process
		want  error
	}{
		{"not found", process{argv: []string{"/no/such/program"}}, syscall.ENOENT},
		{"not in PATH", process{argv: []string{"sh"}, env: []string{"PATH=" + dir}}, syscall.ENOENT},
		{"not executable", process{argv: []string{"./plain"}}, syscall.EACCES},
		{"not executable in PATH", process{argv: []string{"plain"}, env: []string{"PATH=" + dir}}, syscall.EACCES},
		{"a directory", process{argv: []string{dir}}, syscall.EACCES},
		{"no format", process{argv: []string{"./formless"}}, syscall.ENOEXEC},
		{"no interpreter", process{argv: []string{"./orphaned"}}, syscall.ENOENT},
		{"zero byte", process{argv: []string{"/bin/sh", "-c", "\x00"}}, syscall.EINVAL},
		{"no directory", process{argv: []string{"/bin/sh"}, dir: dir + "/gone"}, syscall.ENOENT},
		{"a file as directory", process{argv: []string{"/bin/sh"}, dir: dir + "/plain"}, syscall.ENOTDIR},
	} {
		if c.p.dir == "" {
			c.p.dir = dir
		}
		c.p.limit = time.Minute
		e := c.p.run(t.Context())
		if !errors.Is(e.err, c.want) || e.code != 1 {
			t.Errorf("%s: code %d, err %v, want %v", c.about, e.code, e.err, c.want)
		}
		if strings.Contains(c.about, "directory") && c.about != "a directory" && !strings.Contains(e.err.Error(), "working directory") {
			t.Errorf("%s: %v does not tell that the directory is at fault", c.about, e.err)
		}
	}
	if e := (process{dir: dir, limit: time.Minute}).run(t.Context()); e.err == nil {
		t.Error("no program: no error")
	}
}

func TestLookup(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/tool", "b/tool", "tool"} {
		write(t, filepath.Join(dir, name), "#!/bin/sh\necho "+name+"\n", 0o755)
	}
	write(t, filepath.Join(dir, "locked/tool"), "#!/bin/sh\n", 0o644)
	write(t, filepath.Join(dir, "folder/tool/file"), "", 0o755)
	for _, c := range []struct{ program, path, want string }{
		{"tool", dir + "/a:" + dir + "/b", "a/tool"},
		{"tool", dir + "/none:" + dir + "/b", "b/tool"},
		{"tool", dir + "/locked:" + dir + "/folder:" + dir + "/b", "b/tool"},
		{"tool", "b", "b/tool"},
		{"tool", "none:", "tool"},
		{"./tool", dir + "/a", "tool"},
		{"a/tool", dir + "/b", "a/tool"},
		{dir + "/b/tool", "", "b/tool"},
	} {
		p := process{argv: []string{c.program}, dir: dir, env: []string{"PATH=" + c.path}, limit: time.Minute}
		if e := p.run(t.Context()); string(e.stdout) != c.want+"\n" {
			t.Errorf("%s in %s: %q, %v, want %s", c.program, c.path, e.stdout, e.err, c.want)
		}
	}
	p := process{argv: []string{"sh", "-c", "exit 5"}, dir: dir, limit: time.Minute}
	if e := p.run(t.Context()); e.code != 5 {
		t.Errorf("without PATH: %+v", e)
	}
}

// A program file that another process has open for writing is waited for.
func TestFileBusy(t *testing.T) {
	dir := t.TempDir()
	tool := filepath.Join(dir, "tool")
	write(t, tool, "#!/bin/sh\nexit 4\n", 0o755)
	p := process{argv: []string{tool}, dir: dir, limit: time.Minute}
	busy, err := os.OpenFile(tool, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	e := p.run(t.Context())
	if runtime.GOOS == "linux" && !errors.Is(e.err, syscall.ETXTBSY) {
		t.Errorf("busy all the time: %+v", e)
	}
	time.AfterFunc(20*time.Millisecond, func() { busy.Close() })
	if e := p.run(t.Context()); e.code != 4 {
		t.Errorf("busy at first: %+v", e)
	}
}

func TestEnvironment(t *testing.T) {
	p := shell(t, `echo "$A,$B"; env | grep -c '^A='`)
	p.env = append(p.env, "A=1", "B=2", "A=3", "B=")
	if e := p.run(t.Context()); string(e.stdout) != "3,\n1\n" {
		t.Errorf("%+v", e)
	}
}
