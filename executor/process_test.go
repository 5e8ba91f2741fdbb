package executor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
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

// The limit as it comes in life: while the process does something, without any
// announcement.
func TestLimit(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		"echo out; echo err >&2; exec sleep 1000",
		"trap '' TERM; while :; do sleep 1000; done",
		"trap 'echo out; exit 2' TERM; echo out; sleep 1000 & wait",
		"trap 'echo out; kill -9 $$' TERM; echo out; sleep 1000 & wait",
		"exec >&- 2>&- <&-; exec sleep 1000",
		"while :; do echo out; done",
		"kill -STOP $$",
	} {
		p := shell(t, script)
		p.stdin = make([]byte, 10<<20)
		p.limit = 100 * time.Millisecond
		e := p.run(t.Context())
		if !e.timedOut || e.cancelled || e.stdout != nil || e.stderr != nil || e.code != 1 || e.err != nil {
			t.Errorf("%s: %+v", script, e)
		}
	}
}

// When the process has ended its limit is no longer of interest, though a child
// holds its pipes (e08_holds_stdout_timeout).
func TestLimitAfterEnd(t *testing.T) {
	t.Parallel()
	p := shell(t, pipe+leaves("")+" &"+gather(1)+"echo out")
	ctx := t.Context()
	c, err := p.start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	<-c.ended
	for range 100 {
		if why := c.wait(ctx, 0, nil); why != over {
			t.Fatal("its limit ran on")
		}
	}
	e := c.finish(over)
	if e.timedOut || e.cancelled || string(e.stdout) != "out\n" || e.code != 0 || len(left(t, p.dir)) == 0 {
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

// Nothing stays open or runs on here, however a process ends.
func TestNothingLeaks(t *testing.T) {
	yes, no := func([]byte) bool { return true }, func([]byte) bool { return false }
	endings := func() {
		for _, c := range []struct {
			script   string
			limit    time.Duration
			announce func([]byte) bool
		}{
			{"exit 0", time.Minute, nil},
			{"echo out", time.Minute, nil},
			{"echo out", time.Minute, no},
			{"echo out", time.Minute, yes},
			{"sleep 1000", time.Millisecond, nil},
			{"echo out; sleep 1000", time.Minute, yes},
			{"trap '' TERM; while :; do sleep 1000; done", 100 * time.Millisecond, nil},
			{pipe + "exec 3<&0; " + leaves("setsid") + " <&3 &" + gather(1), time.Minute, nil},
		} {
			p := shell(t, c.script)
			p.stdin, p.limit, p.announce, p.background = make([]byte, 1<<20), c.limit, c.announce, time.Millisecond
			if e := p.run(t.Context()); e.later != nil {
				<-e.later
			}
			if strings.Contains(c.script, "pids") {
				left(t, p.dir)
			}
		}
		process{argv: []string{"/no/such/program"}, limit: time.Minute}.run(t.Context())
		process{argv: []string{"/bin/sh"}, dir: "/no/such/dir", limit: time.Minute}.run(t.Context())
	}
	endings() // opens what the runtime itself needs
	files, routines := openFiles(t), runtime.NumGoroutine()
	endings()
	deadline := time.Now().Add(time.Minute)
	for openFiles(t) != files || runtime.NumGoroutine() > routines {
		if time.Now().After(deadline) {
			t.Fatalf("%d files open, %d goroutines; before %d and %d", openFiles(t), runtime.NumGoroutine(), files, routines)
		}
		runtime.Gosched()
	}
}

// openFiles returns how many files this program has open.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
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
