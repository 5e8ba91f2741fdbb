package executor

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

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
	if one, other := newMark(), newMark(); one == other {
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
