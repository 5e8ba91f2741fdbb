package executor

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
		hidden        bool // from a process table that tells neither sessions nor marks
	}{
		{"child in the background", leaves("") + " &", false},
		{"deaf child", `(trap '' TERM HUP INT; ` + leaves("") + ") &", false},
		{"child in its own session", leaves("setsid") + " &", false},
		{"child in its own session without the mark", leaves("env -u "+markName+" setsid") + " &", false},
		{"child of a child in its own session", `setsid sh -c 'sh -c "$LEAF; true"; true' &`, false},
		{"orphan in the group", "(" + leaves("") + " &)", false},
		{"orphan in the group without the mark", "(" + leaves("env -i PATH=\"$PATH\"") + " &)", false},
		{"orphan with its own group", `bash -c 'set -m; sh -c "$LEAF" &' ;`, true},
		{"orphan with its own group without the mark", `bash -c 'set -m; env -i PATH="$PATH" sh -c "$LEAF" &' ;`, true},
		{"deaf child in its own session without the mark", `(trap '' TERM; ` + leaves("exec env -u "+markName+" setsid") + ") &", false},
		{"orphan in its own session", "(" + leaves("setsid") + " &)", true},
		{"deaf orphan in its own session", "(trap '' TERM HUP INT; " + leaves("setsid") + " &)", true},
		{"orphan of an orphan", `(setsid sh -c '(setsid sh -c "$LEAF" &)' &)`, true},
	} {
		if _, err := exec.LookPath("bash"); c.hidden && !marksSeen || err != nil && strings.Contains(c.script, "bash") {
			continue
		}
		p := shell(t, pipe+c.script+ready(1))
		p.env = append(p.env, "LEAF="+leaf)
		e := runLate(t, p)
		if !e.timedOut || e.stdout != nil || e.stderr != nil || e.code != 1 || e.err != nil {
			t.Errorf("%s: %+v", c.about, e)
		}
		if l := left(t, p.dir); len(l) > 0 || len(pids(t, p.dir)) == 0 {
			t.Errorf("%s: alive: %v of %v", c.about, l, pids(t, p.dir))
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

// Without a process table the group is still ended, and what was not seen is said.
func TestGroupEndsUnseen(t *testing.T) {
	t.Parallel()
	p := shell(t, pipe+"trap '' TERM; "+leaves("")+" &"+ready(1))
	p.announce = func([]byte) bool { return false }
	c, err := p.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	<-c.first
	blind := errors.New("blind")
	if err := c.tree().endUnseen(blind); !errors.Is(err, blind) {
		t.Error(err)
	}
	if e := c.finish(c.wait(t.Context(), time.Minute, nil)); e.signal != "SIGKILL" {
		t.Errorf("%+v", e)
	}
	for deadline := time.Now().Add(time.Minute); len(left(t, p.dir)) > 0; {
		if time.Now().After(deadline) {
			t.Fatal("something lives")
		}
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
