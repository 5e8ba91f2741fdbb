package executor

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"
)

const (
	// grace is the time from SIGTERM to SIGKILL (§8, e08_signal).
	grace = 500 * time.Millisecond
	// patience is how long SIGKILL is repeated, and stubborn how often at least:
	// some processes are not ours to kill, or hang in the kernel.
	patience = 2 * time.Second
	stubborn = 20
	// again is the time between two looks at the process table where the first
	// found nothing: a process that is just becoming another program has no
	// environment for a moment, and so no mark.
	again = 5 * time.Millisecond
)

// A task is one living process, as the system's process table has it.
type task struct {
	pid, parent, group, session int // session is 0 where the system does not tell
	start                       int64
}

// An identity tells a process from a later one with the same number.
type identity struct {
	pid   int
	start int64 // in the system's own unit
}

func (k task) identity() identity { return identity{k.pid, k.start} }

// A tree is all processes of one call: those of its session or group, those
// that bear its mark, wherever they are, the descendants of all these, and what
// was one of these before. What escapes is a process that gave up all of it: a
// session of its own, the mark, and its parent, before it could be seen. The
// same holds where marks cannot be seen (not Linux) for an orphan in a session
// of its own.
type tree struct {
	leader    int   // process number of the hook's own process
	since     int64 // its start, once it has been seen; no process of the tree is older
	mark      string
	known     map[identity]bool // those SIGTERM or SIGKILL was sent to
	strangers map[identity]bool // those whose environment has been seen, without the mark
	blind     error             // why something could not be seen, at the last look
}

func (c *child) tree() *tree {
	return &tree{leader: c.pid, mark: c.mark, known: map[identity]bool{}, strangers: map[identity]bool{}}
}

// end ends the tree: SIGTERM, once to each process, and when grace has passed
// SIGKILL until nothing is found any more; it does not wait where nothing is
// left. The error says that something could not be ended.
func (t *tree) end() error {
	kill := time.Now().Add(grace)
	kills := 0
	for quiet := false; ; {
		found, err := t.living()
		now := time.Now()
		switch {
		case err != nil:
			return t.endUnseen(err)
		case len(found) == 0 && quiet:
			return nil
		case len(found) == 0:
			time.Sleep(again)
		case now.Before(kill):
			t.terminate(found)
			await(found, kill)
		case kills < stubborn || now.Before(kill.Add(patience)):
			kills++
			t.kill(found)
			await(found, now.Add(20*time.Millisecond))
		default:
			return fmt.Errorf("process %d cannot be ended", found[0].pid)
		}
		quiet = len(found) == 0
	}
}

// endUnseen ends what can be reached without a process table: the group.
func (t *tree) endUnseen(why error) error {
	_ = syscall.Kill(-t.leader, syscall.SIGTERM)
	time.Sleep(grace)
	_ = syscall.Kill(-t.leader, syscall.SIGKILL)
	return fmt.Errorf("processes outside the group of %d may live on: %w", t.leader, why)
}

// terminate sends SIGTERM to those that were not sent it before: a trap must run
// once, and what it starts to clean up is not to be disturbed. The group gets it
// at one blow, the others from the oldest on: a parent must not see the death of
// a child and go on to its next command.
func (t *tree) terminate(found []task) {
	first := len(t.known) == 0
	if first {
		t.signalGroup(found, syscall.SIGTERM)
	}
	for _, k := range found {
		told := t.known[k.identity()] || first && k.group == t.leader
		t.known[k.identity()] = true
		if !told {
			k.signal(syscall.SIGTERM)
		}
	}
}

// kill sends SIGKILL to all, and to the group as well: that reaches also what is
// being forked in it.
func (t *tree) kill(found []task) {
	t.signalGroup(found, syscall.SIGKILL)
	for _, k := range found {
		t.known[k.identity()] = true
		k.signal(syscall.SIGKILL)
	}
}

// signalGroup sends s to the group, if one is found in it: as long as that is
// so, its number means this group.
func (t *tree) signalGroup(found []task, s syscall.Signal) {
	if slices.ContainsFunc(found, func(k task) bool { return k.group == t.leader }) {
		_ = syscall.Kill(-t.leader, s)
	}
}

// living returns the processes of the tree, parents before their children.
func (t *tree) living() ([]task, error) {
	all, err := tasks()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b task) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.pid, b.pid)) })
	if i := slices.IndexFunc(all, func(k task) bool { return k.pid == t.leader }); i >= 0 && t.since == 0 {
		t.since = all[i].start
	}
	t.blind = nil
	ours := map[int]bool{}
	var found []task
	for grown := true; grown; {
		grown = false
		for _, k := range all {
			if k.pid != os.Getpid() && !ours[k.pid] && (ours[k.parent] || t.owns(k)) {
				ours[k.pid], grown = true, true
				found = append(found, k)
			}
		}
	}
	return found, t.blind
}

// owns reports whether k is of the tree, whoever its parent is.
func (t *tree) owns(k task) bool {
	switch {
	case k.start < t.since:
		return false
	case k.group == t.leader, k.session == t.leader, t.known[k.identity()]:
		return true
	case t.strangers[k.identity()]:
		return false
	}
	environ, err := environOf(k.pid)
	if err != nil {
		t.blind = err
	}
	marked := hasMark(environ, t.mark)
	// One that is just becoming another program has no environment, for now.
	t.strangers[k.identity()] = environ != "" && !marked
	return marked
}

// await waits until all of found have ended, at most until the time when.
func await(found []task, when time.Time) {
	pause := time.Millisecond
	for _, k := range found {
		for k.alive() {
			left := time.Until(when)
			if left <= 0 {
				return
			}
			time.Sleep(min(pause, left))
			pause = min(2*pause, 20*time.Millisecond)
		}
	}
}
