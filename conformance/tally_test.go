//go:build unix

package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A tally counts what became of the vectors.
type tally struct {
	mu      sync.Mutex
	groups  map[string]*counts
	notHere map[notHere][]string // vectors that cannot be run on this machine, by reason
}

// counts are those of one group. What is not selected was left out by -short or
// -run.
type counts struct{ passed, failed, known, notRun, notSelected int }

func newTally(vectors []vector) *tally {
	t := &tally{groups: map[string]*counts{}, notHere: map[notHere][]string{}}
	for _, v := range vectors {
		if t.groups[v.group()] == nil {
			t.groups[v.group()] = &counts{}
		}
		t.groups[v.group()].notSelected++
	}
	return t
}

// known counts a vector that fails as known.txt says.
func (t *tally) known(v *vector) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.groups[v.group()].known++
}

// notRun counts a vector that cannot be run on this machine.
func (t *tally) notRun(v *vector, why notHere) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.groups[v.group()].notRun++
	t.notHere[why] = append(t.notHere[why], v.Name)
}

// done counts a vector whose test is over: one that was skipped has been
// counted.
func (t *tally) done(test *testing.T, v *vector) {
	t.mu.Lock()
	defer t.mu.Unlock()
	group := t.groups[v.group()]
	group.notSelected--
	switch {
	case test.Failed():
		group.failed++
	case !test.Skipped():
		group.passed++
	}
}

// String is the table.
func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out strings.Builder
	row := func(name string, c counts) {
		fmt.Fprintf(&out, "\n%-6s %7d %7d %6d %8d %13d", name, c.passed, c.failed, c.known, c.notRun, c.notSelected)
	}
	fmt.Fprintf(&out, "\n%-6s %7s %7s %6s %8s %13s", "group", "passed", "failed", "known", "not run", "not selected")
	var all counts
	for _, name := range slices.Sorted(maps.Keys(t.groups)) {
		c := *t.groups[name]
		row(name, c)
		all = counts{all.passed + c.passed, all.failed + c.failed, all.known + c.known, all.notRun + c.notRun, all.notSelected + c.notSelected}
	}
	row("all", all)
	for _, why := range slices.Sorted(maps.Keys(t.notHere)) {
		names := slices.Sorted(slices.Values(t.notHere[why]))
		fmt.Fprintf(&out, "\ncould not run here, %s: %s", why, strings.Join(names, " "))
	}
	return out.String()
}
