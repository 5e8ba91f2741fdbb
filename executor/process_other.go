//go:build unix && (!linux || ps)

// The tag ps lets the tests run this file on Linux.

package executor

import (
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// marksSeen says that a process can be told by its mark: not here, where the
// system hides the environment of a process, or there is no common way to it.
const marksSeen = false

// untilEnded would leave an ended child a zombie; there is no common way.
func untilEnded(int) bool { return false }

// tasks returns the process table, without zombies.
func tasks() ([]task, error) {
	ps := exec.Command("ps", "-axo", "pid=,ppid=,pgid=,stat=,lstart=")
	ps.Env = []string{"LC_ALL=C", "TZ=UTC"}
	out, err := ps.Output()
	if err != nil {
		return nil, err
	}
	var all []task
	for line := range strings.Lines(string(out)) {
		if k, alive := parseTask(line); alive {
			all = append(all, k)
		}
	}
	return all, nil
}

// parseTask reads a line of ps: three numbers, the state, and the start as in
// "Thu Nov 20 08:40:01 2025".
func parseTask(line string) (k task, alive bool) {
	field := strings.Fields(line)
	if len(field) < 9 || strings.HasPrefix(field[3], "Z") {
		return task{}, false
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(field[i])
		return n
	}
	start, err := time.Parse("Mon Jan 2 15:04:05 2006", strings.Join(field[4:9], " "))
	if err != nil {
		return task{}, false
	}
	return task{pid: number(0), parent: number(1), group: number(2), start: start.Unix()}, true
}

// environOf returns "": the environment of pid cannot be seen.
func environOf(int) (string, error) { return "", nil }

// alive reports whether k is still there.
func (k task) alive() bool {
	if syscall.Kill(k.pid, 0) == syscall.ESRCH {
		return false
	}
	all, err := tasks()
	return err == nil && slices.ContainsFunc(all, func(now task) bool { return now.identity() == k.identity() })
}

// signal sends s to k, which was in the process table just now.
func (k task) signal(s syscall.Signal) { _ = syscall.Kill(k.pid, s) }
