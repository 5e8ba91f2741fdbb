package executor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// markName is the environment variable that tells which calls a process belongs
// to: their marks, the outermost first, joined by colons. A program that starts
// run-hooks may itself be a hook; then the inner hooks have both marks, and the
// end of the outer call reaches them.
const markName = "RUN_HOOKS_CALL"

// newMark returns a mark no other call has.
func newMark() string {
	return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64())
}

// marked returns env with mark added to the marks it has. Of a name given twice
// only the last value is left: programs differ in which of the two they take.
func marked(env []string, mark string) []string {
	all := make([]string, 0, len(env)+1)
	at := make(map[string]int, len(env)+1)
	outer := ""
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		i, twice := at[name]
		switch {
		case name == markName:
			outer = value
		case twice:
			all[i] = entry
		default:
			at[name] = len(all)
			all = append(all, entry)
		}
	}
	if outer != "" {
		mark = outer + ":" + mark
	}
	return append(all, markName+"="+mark)
}

// hasMark reports whether mark is among the marks of an environment in the form
// the system keeps it: entries that end in a zero byte.
func hasMark(environ, mark string) bool {
	for entry := range strings.SplitSeq(environ, "\x00") {
		marks, ok := strings.CutPrefix(entry, markName+"=")
		if ok && slices.Contains(strings.Split(marks, ":"), mark) {
			return true
		}
	}
	return false
}
