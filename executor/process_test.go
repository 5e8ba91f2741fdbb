package executor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// shell returns a process that runs script in a directory of its own. Its limit
// only guards against hanging.
func shell(t *testing.T, script string) process {
	t.Helper()
	return process{
		argv:       []string{"/bin/sh", "-c", script},
		dir:        t.TempDir(),
		env:        []string{"PATH=" + os.Getenv("PATH")},
		limit:      2 * time.Minute,
		background: 2 * time.Minute,
	}
}

func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		script string
		code   int
		signal string
	}{
		{"exit 0", 0, ""},
		{"exit 1", 1, ""},
		{"exit 2", 2, ""},
		{"exit 255", 255, ""},
		{"/dev/null", 126, ""},
		{"no-such-program", 127, ""},
		{"kill -KILL $$", 1, "SIGKILL"},
		{"kill -TERM $$", 1, "SIGTERM"},
		{"kill -PIPE $$", 1, "SIGPIPE"},
		{"kill -USR1 $$", 1, "SIGUSR1"},
		{"sh -c 'kill -KILL $$'; exit $?", 137, ""},
	} {
		e := shell(t, c.script).run(t.Context())
		if e.code != c.code || e.signal != c.signal || e.err != nil || e.timedOut || e.cancelled {
			t.Errorf("%s: %+v, want code %d, signal %q", c.script, e, c.code, c.signal)
		}
	}
}

func TestSignalWithoutName(t *testing.T) {
	if got := signalName(99); got != "signal 99" {
		t.Errorf("got %q", got)
	}
}

func TestInputAndOutput(t *testing.T) {
	for _, input := range []string{"", "{}\n", "no end of line", "\x00\xff\n\n", strings.Repeat("0123456789abcdef", 1<<18)} {
		p := shell(t, "cat; echo done >&2")
		p.stdin = []byte(input)
		e := p.run(t.Context())
		if string(e.stdout) != input || string(e.stderr) != "done\n" || e.code != 0 || e.err != nil || e.cut {
			t.Errorf("%d bytes in, %d out, stderr %q, code %d, err %v", len(input), len(e.stdout), e.stderr, e.code, e.err)
		}
	}
}

// Not reading stdin does no harm (§1, e02_stdin_unread).
func TestInputUnread(t *testing.T) {
	for _, script := range []string{"exit 3", "exec <&-; sleep 0.1; exit 3", "head -c 1 >/dev/null; exit 3", "exec >&- 2>&-; exit 3"} {
		p := shell(t, script)
		p.stdin = make([]byte, 10<<20)
		if e := p.run(t.Context()); e.code != 3 || e.err != nil {
			t.Errorf("%s: %+v", script, e)
		}
	}
}

func TestOwnSession(t *testing.T) {
	script := `ps -o pid= -o pgid= -p $$; (: </dev/tty) 2>/dev/null && echo tty; [ -t 0 ] || [ -t 1 ] || [ -t 2 ] && echo terminal; pwd -P`
	p := shell(t, script)
	e := p.run(t.Context())
	dir, err := filepath.EvalSymlinks(p.dir)
	got := strings.Fields(string(e.stdout))
	if err != nil || len(got) != 3 || got[0] != got[1] || got[2] != dir {
		t.Errorf("printed %q, want pid, the same as group, and %s; %v %v", e.stdout, dir, e.err, err)
	}
}

func TestPipesBlock(t *testing.T) {
	// A program that writes more than a pipe holds and does not expect EAGAIN.
	e := shell(t, `dd if=/dev/zero bs=1048576 count=4 2>/dev/null`).run(t.Context())
	if len(e.stdout) != 4<<20 || e.code != 0 {
		t.Errorf("%d bytes, code %d, %s", len(e.stdout), e.code, e.stderr)
	}
}

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

func TestHugeOutput(t *testing.T) {
	for _, c := range []struct {
		script         string
		stdout, stderr int
		cut            bool
	}{
		{"head -c 1000000000 /dev/zero", maxStdout, 0, true},
		{"head -c 100000000 /dev/zero >&2", 0, maxStderr, false},
		{fmt.Sprint("head -c ", maxStdout, " /dev/zero"), maxStdout, 0, false},
		{fmt.Sprint("head -c ", maxStdout+1, " /dev/zero"), maxStdout, 0, true},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		e := shell(t, c.script+" || exit 9").run(t.Context())
		runtime.ReadMemStats(&after)
		if len(e.stdout) != c.stdout || len(e.stderr) != c.stderr || e.cut != c.cut || e.code != 0 {
			t.Errorf("%s: %d and %d bytes, cut %v, code %d, %v", c.script, len(e.stdout), len(e.stderr), e.cut, e.code, e.err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 8*maxStdout {
			t.Errorf("%s: allocated %d bytes", c.script, used)
		}
	}
}

// Every process runs a script that was written just before, so that busy files
// occur too.
func TestManyAtOnce(t *testing.T) {
	const n = 200
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			tool := filepath.Join(dir, fmt.Sprint("tool", i))
			write(t, tool, "#!/bin/sh\ncat; exit 7\n", 0o755)
			p := process{argv: []string{tool}, dir: dir, stdin: fmt.Append(nil, i), limit: 2 * time.Minute}
			if e := p.run(t.Context()); e.code != 7 || string(e.stdout) != fmt.Sprint(i) {
				t.Errorf("process %d: %+v", i, e)
			}
		})
	}
	all.Wait()
}

func TestEnvironment(t *testing.T) {
	p := shell(t, `echo "$A,$B"; env | grep -c '^A='`)
	p.env = append(p.env, "A=1", "B=2", "A=3", "B=")
	if e := p.run(t.Context()); string(e.stdout) != "3,\n1\n" {
		t.Errorf("%+v", e)
	}
}

func TestAnnounce(t *testing.T) {
	for _, c := range []struct {
		script string
		asked  []string
	}{
		{`echo one; echo two`, []string{"one"}},
		{`echo; echo two`, []string{""}},
		{`printf '{"async":true}'; cat`, []string{`{"async":true}`}},
		{`printf '{"async":'; echo true} ; echo more`, []string{`{"async":true}`}},
		{`printf 'no end'`, nil},
		{`exit 0`, nil},
		{`echo one >&2`, nil},
	} {
		for _, background := range []bool{false, true} {
			p := shell(t, c.script)
			var asked []string
			p.announce = func(line []byte) bool {
				asked = append(asked, string(line))
				return background
			}
			e := p.run(t.Context())
			if want := background && c.asked != nil; want != (e.later != nil) {
				t.Errorf("%s: in the background %v, want %v", c.script, e.later != nil, want)
			}
			if e.later != nil {
				e = <-e.later
			}
			plain := shell(t, c.script).run(t.Context())
			if !slices.Equal(asked, c.asked) || e.code != 0 || e.err != nil || !bytes.Equal(e.stdout, plain.stdout) {
				t.Errorf("%s: asked with %q, want %q; %+v", c.script, asked, c.asked, e)
			}
		}
	}
}

// run returns at the announcement, while the process still waits for us.
func TestBackground(t *testing.T) {
	p := shell(t, `echo first; until [ -e go ]; do sleep 0.01; done; echo second; echo third >&2; exit 2`)
	p.announce = func([]byte) bool { return true }
	e := p.run(t.Context())
	if e.later == nil || e.stdout != nil || e.code != 0 {
		t.Fatalf("%+v", e)
	}
	write(t, filepath.Join(p.dir, "go"), "", 0o644)
	e = <-e.later
	if string(e.stdout) != "first\nsecond\n" || string(e.stderr) != "third\n" || e.code != 2 || e.later != nil {
		t.Errorf("%+v", e)
	}
}

func TestBackgroundLimit(t *testing.T) {
	p := shell(t, `echo first; exec sleep 1000`)
	p.announce = func([]byte) bool { return true }
	p.background = time.Millisecond
	e := <-p.run(t.Context()).later
	if !e.timedOut || e.code != 1 || e.stdout != nil || e.signal != "SIGTERM" {
		t.Errorf("%+v", e)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := shell(t, `echo first; exec sleep 1000`)
	p.announce = func([]byte) bool {
		cancel()
		return false
	}
	if e := p.run(ctx); !e.cancelled || e.timedOut || e.err != nil || e.stdout != nil || e.code != 1 || e.signal != "SIGTERM" {
		t.Errorf("while it ran: %+v", e)
	}
	p = shell(t, `touch started`)
	if e := p.run(ctx); !e.cancelled || e.err != nil || e.code != 1 {
		t.Errorf("before it ran: %+v", e)
	}
	if _, err := os.Stat(filepath.Join(p.dir, "started")); err == nil {
		t.Error("it was started all the same")
	}
}

func TestCancelledInBackground(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := shell(t, `echo first; exec sleep 1000`)
	p.announce = func([]byte) bool { return true }
	e := p.run(ctx)
	cancel()
	if e = <-e.later; !e.cancelled || e.stdout != nil || e.code != 1 {
		t.Errorf("%+v", e)
	}
}

func TestPanicBecomesFault(t *testing.T) {
	c := &child{faults: make(chan error, 1)}
	c.reading.Go(func() {
		defer c.recovered()
		panic("broken")
	})
	if err := <-c.faults; err.Error() != "panic: broken" {
		t.Error(err)
	}
}

// write writes a file and the directories it is in.
func write(t *testing.T, file, text string, mode os.FileMode) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(file), 0o755)
	if err == nil {
		err = os.WriteFile(file, []byte(text), mode)
	}
	if err != nil {
		t.Error(err)
	}
}
