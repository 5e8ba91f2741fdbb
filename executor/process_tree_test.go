package executor

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A script that starts with pipe, has processes of leaves, and then gathers
// them, goes on when all have written their numbers to the file pids.
const pipe = "mkfifo up; exec 9<>up; "

// leaf is what such a process does.
const leaf = "echo $$ >>pids; echo >up; exec sleep 1000"

// leaves starts a process that does so; how is put before its command line.
func leaves(how string) string {
	return how + " sh -c '" + leaf + "'"
}

// gather waits for n of them.
func gather(n int) string {
	return strings.Repeat("\nread x <&9", n) + "\n"
}

// ready waits for n of them, prints a line and sleeps.
func ready(n int) string {
	return gather(n) + "echo ready; sleep 1000"
}

// runLate runs p, whose script prints a line when it is ready, and lets its limit
// pass just then.
func runLate(t *testing.T, p process) exit {
	t.Helper()
	p.announce = func([]byte) bool { return true }
	p.background = time.Millisecond
	e := p.run(t.Context())
	if e.later == nil {
		t.Fatalf("it did not get ready: %+v", e)
	}
	return <-e.later
}

// pids returns the numbers in the file pids.
func pids(t *testing.T, dir string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pids"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

// living returns those of the processes that are there and no zombies.
func living(t *testing.T, pids ...string) []string {
	t.Helper()
	table, err := exec.Command("ps", "-axo", "pid=,stat=").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(table)) {
		row := strings.Fields(line)
		if slices.Contains(pids, row[0]) && !strings.HasPrefix(row[1], "Z") {
			all = append(all, row[0])
		}
	}
	return all
}

// left returns those processes of the file pids that live, and ends them when
// the test is over.
func left(t *testing.T, dir string) []string {
	t.Helper()
	all := living(t, pids(t, dir)...)
	if len(all) > 0 {
		t.Cleanup(func() { _ = exec.Command("kill", append([]string{"-KILL"}, all...)...).Run() })
	}
	return all
}

// needSetsid skips a test where the command setsid is missing.
func needSetsid(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("no setsid command here")
	}
}

func TestLimitKillsTree(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	for _, c := range []struct {
		about, script string
		marked        bool // found by its mark alone
	}{
		{"child in the background", leaves("") + " &", false},
		{"deaf child", `(trap '' TERM HUP INT; ` + leaves("") + ") &", false},
		{"child in its own session", leaves("setsid") + " &", false},
		{"child in its own session without the mark", leaves("env -u "+markName+" setsid") + " &", false},
		{"child of a child in its own session", `setsid sh -c 'sh -c "echo \$\$ >>pids; echo >up; sleep 1000"; true' &`, false},
		{"orphan in the group", "(" + leaves("") + " &)", false},
		{"orphan in the group without the mark", "(" + leaves("env -i PATH=\"$PATH\"") + " &)", false},
		{"job with its own group", "set -m\n" + leaves("") + " &", false},
		{"orphan with its own group", "(set -m; " + leaves("") + " & )", true},
		{"orphan in its own session", "(" + leaves("setsid") + " &)", true},
		{"deaf orphan in its own session", "(trap '' TERM HUP INT; " + leaves("setsid") + " &)", true},
		{"orphan of an orphan", `(setsid sh -c '(setsid sh -c "echo \$\$ >>pids; echo >up; exec sleep 1000" &)' &)`, true},
	} {
		if c.marked && !marksSeen {
			continue
		}
		p := shell(t, pipe+c.script+ready(1))
		e := runLate(t, p)
		if !e.timedOut || e.stdout != nil || e.stderr != nil || e.code != 1 || e.err != nil {
			t.Errorf("%s: %+v", c.about, e)
		}
		if l := left(t, p.dir); len(l) > 0 || len(pids(t, p.dir)) == 0 {
			t.Errorf("%s: alive: %v of %v", c.about, l, pids(t, p.dir))
		}
	}
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

// SIGTERM comes once to each process, in the group and outside, and a process
// that ends by it is not killed by SIGKILL (e08_signal).
func TestTermComesFirstAndOnce(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	deaf := func(name string) string {
		return "sh -c 'trap \"echo TERM >>" + name + "\" TERM; echo $$ >>pids; echo >up; while :; do sleep 0.01; done' &\n"
	}
	willing := "sh -c 'trap \"echo done >>willing; exit 0\" TERM; echo $$ >>pids; echo >up; while :; do sleep 0.01; done' &\n"
	p := shell(t, pipe+deaf("inside")+"setsid "+deaf("outside")+willing+ready(3))
	runLate(t, p)
	for name, want := range map[string]string{"inside": "TERM\n", "outside": "TERM\n", "willing": "done\n"} {
		got, err := os.ReadFile(filepath.Join(p.dir, name))
		if string(got) != want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
	}
}

// A shell does not go on to its next command because the one before was killed.
func TestParentDoesNotGoOn(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	p := shell(t, pipe+`
sh -c 'echo $$ >>pids; echo >up; sleep 1000 || touch went-on; touch went-on' &
setsid sh -c 'echo $$ >>pids; echo >up; sleep 1000 || touch went-on; touch went-on' &
setsid sh -c 'echo $$ >>pids; echo >up; setsid sleep 1000 || touch went-on; touch went-on' &`+ready(3))
	runLate(t, p)
	if _, err := os.Stat(filepath.Join(p.dir, "went-on")); err == nil {
		t.Error("it went on")
	}
}

// What is forked during the kill is killed too.
func TestForksDuringKill(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	for about, script := range map[string]string{
		"reborn at SIGTERM":  "#!/bin/sh\ntrap '(setsid ./tool &); exit' TERM\necho $$ >>pids; echo >up\nwhile :; do sleep 0.01; done\n",
		"forks all the time": "#!/bin/sh\ntrap '' TERM\necho $$ >>pids; echo >up\nwhile :; do (setsid sh -c 'echo $$ >>pids; sleep 0.05' &); done\n",
	} {
		if !marksSeen {
			continue
		}
		p := shell(t, pipe+"(setsid ./tool &)"+ready(1))
		write(t, filepath.Join(p.dir, "tool"), script, 0o755)
		if e := runLate(t, p); e.err != nil {
			t.Errorf("%s: %v", about, e.err)
		}
		if l := left(t, p.dir); len(l) > 0 {
			t.Errorf("%s: alive: %v", about, l)
		}
	}
}

// A process that ended by itself leaves its children alone, and they may hold
// its pipes (§8, e08_grandchild_ok, e08_holds_stdout).
func TestChildrenLeftAlone(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	for about, how := range map[string]string{
		"holds the pipes":        leaves(""),
		"in its own session":     leaves("setsid"),
		"does not hold a pipe":   leaves("exec </dev/null >/dev/null 2>&1;"),
		"floods the pipe":        `sh -c 'echo $$ >>pids; echo >up; exec yes' ;`,
		"holds stdin, and reads": `exec <&3; sh -c 'echo $$ >>pids; echo >up; cat >/dev/null; exec sleep 1000'`,
	} {
		p := shell(t, pipe+"exec 3<&0; ("+how+") &"+gather(1)+"echo out; echo err >&2; exit 2")
		p.stdin = []byte("{}\n")
		e := p.run(t.Context())
		l := left(t, p.dir)
		if !strings.Contains(string(e.stdout), "out\n") || string(e.stderr) != "err\n" || e.code != 2 || e.err != nil || e.timedOut {
			t.Errorf("%s: code %d, %q, %q, %v", about, e.code, e.stdout[:min(9, len(e.stdout))], e.stderr, e.err)
		}
		// Who goes on writing gets SIGPIPE from the pipe that is closed.
		if about != "floods the pipe" && len(l) == 0 {
			t.Errorf("%s: the child is gone", about)
		}
	}
}

// When the process has ended its limit is no longer of interest, though a child
// holds its pipes (e08_holds_stdout_timeout), and an end of ctx only ends the
// wait for that child.
func TestLimitAfterEnd(t *testing.T) {
	t.Parallel()
	p := shell(t, pipe+leaves("")+" &"+gather(1)+"echo out")
	ctx, cancel := context.WithCancel(t.Context())
	c, err := p.start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	<-c.ended
	why := c.lateOrOver(ctx, nil)
	cancel()
	e := c.finish(why)
	if e.timedOut || e.cancelled || string(e.stdout) != "out\n" || e.code != 0 || len(left(t, p.dir)) == 0 {
		t.Errorf("%+v", e)
	}
}

// A bystander is not hit, whatever its mark looks like.
func TestBystanderLives(t *testing.T) {
	bystander := exec.Command("sleep", "1000")
	bystander.Env = []string{markName + "=" + newMark() + ":" + newMark()}
	if err := bystander.Start(); err != nil {
		t.Fatal(err)
	}
	defer bystander.Wait()
	defer bystander.Process.Kill()
	p := shell(t, "echo ready; exec sleep 1000")
	p.env = append(p.env, bystander.Env...)
	runLate(t, p)
	if len(living(t, fmt.Sprint(bystander.Process.Pid))) == 0 {
		t.Error("it was killed")
	}
}

func TestManyLate(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	if !marksSeen {
		t.Skip("looking at the process table takes too long here for so many")
	}
	var all sync.WaitGroup
	for range 100 {
		p := shell(t, pipe+"("+leaves("setsid")+" &)"+ready(1))
		all.Go(func() {
			e := runLate(t, p)
			if l := left(t, p.dir); !e.timedOut || e.err != nil || len(l) > 0 {
				t.Errorf("%+v, alive: %v", e, l)
			}
		})
	}
	all.Wait()
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
			{pipe + leaves("setsid") + " <&0 &" + gather(1), time.Minute, nil},
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

// innerScript is where TestInnerCall finds what to run.
const innerScript = "EXECUTOR_TEST_INNER"

// TestInnerCall is no test: the others start it as a run-hooks that is itself a
// hook. It runs a script with a limit that passes when that is ready, or none.
func TestInnerCall(t *testing.T) {
	script, ok := os.LookupEnv(innerScript)
	if !ok {
		t.Skip("started by the other tests")
	}
	p := process{argv: []string{"/bin/sh", "-c", script}, env: os.Environ(), limit: 2 * time.Minute, background: time.Millisecond}
	p.announce = func([]byte) bool { return true }
	if e := p.run(t.Context()); e.later != nil {
		<-e.later
	}
	fmt.Println("inner done")
}

// inner returns the command line that runs script in an inner call.
func inner(t *testing.T) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return "'" + program + "' -test.run '^TestInnerCall$' -test.v"
}

// The limit of an outer call ends a run-hooks inside, and its hooks, whose marks
// are other ones.
func TestOuterKillsInner(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	if !marksSeen {
		t.Skip("marks cannot be seen here")
	}
	p := shell(t, pipe+inner(t)+" >log 2>&1 &"+ready(2))
	p.env = append(p.env, innerScript+"=("+leaves("setsid")+" &)\n"+leaves("")+"; sleep 1000")
	e := runLate(t, p)
	if l := left(t, p.dir); e.err != nil || len(pids(t, p.dir)) != 2 || len(l) > 0 {
		t.Errorf("%+v, alive: %v of %v", e, l, pids(t, p.dir))
	}
}

// The limit of an inner call ends nothing of the outer one.
func TestInnerSparesOuter(t *testing.T) {
	t.Parallel()
	needSetsid(t)
	p := shell(t, pipe+leaves("setsid")+" </dev/null >/dev/null 2>&1 &"+gather(1)+inner(t))
	p.env = append(p.env, innerScript+"=echo ready; exec sleep 1000")
	e := p.run(t.Context())
	if e.code != 0 || !strings.Contains(string(e.stdout), "inner done") {
		t.Errorf("code %d, signal %s, printed %s %s", e.code, e.signal, e.stdout, e.stderr)
	}
	if len(left(t, p.dir)) == 0 {
		t.Error("a process of the outer call was killed")
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		env  []string
		want string
	}{
		{nil, markName + "=m"},
		{[]string{"A=1"}, "A=1," + markName + "=m"},
		{[]string{markName + "=", "A=1"}, markName + "=m,A=1"},
		{[]string{markName + "=o", "A=1"}, markName + "=o:m,A=1"},
		{[]string{markName + "=o:p"}, markName + "=o:p:m"},
		{[]string{markName + "=o", markName + "=p"}, markName + "=p:m"},
	} {
		got := marked(slices.Clone(c.env), "m")
		want := strings.Split(c.want, ",")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", c.env, got, want)
		}
	}
	for _, c := range []struct {
		environ string
		want    bool
	}{
		{markName + "=m\x00", true},
		{"A=1\x00" + markName + "=o:m:p\x00B=2\x00", true},
		{markName + "=mm\x00", false},
		{markName + "=o:mm:n\x00", false},
		{"X" + markName + "=m\x00", false},
		{"A=" + markName + "=m\x00", false},
		{"", false},
	} {
		if got := hasMark(c.environ, "m"); got != c.want {
			t.Errorf("%q: %v", c.environ, got)
		}
	}
	if newMark() == newMark() {
		t.Error("two calls have the same mark")
	}
}

// A process that has got the number of another since is not signalled.
func TestIdentity(t *testing.T) {
	if !marksSeen {
		t.Skip("numbers are not held here")
	}
	other := exec.Command("sleep", "1000")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	all, err := tasks()
	i := slices.IndexFunc(all, func(k task) bool { return k.pid == other.Process.Pid })
	if i < 0 {
		t.Fatalf("not in the process table: %v", err)
	}
	k := all[i]
	before := k
	before.start--
	before.signal(syscall.SIGKILL)
	k.signal(syscall.SIGTERM)
	err = other.Wait()
	if got := err.(*exec.ExitError).Sys().(syscall.WaitStatus).Signal(); got != syscall.SIGTERM {
		t.Errorf("ended by %v", got)
	}
}
