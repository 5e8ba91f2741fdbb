package checker

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks/loader"
)

// A Finding is one fault, as a person should read it.
type Finding struct {
	loader.Finding
	Right string // what would be right; "" if Msg says so
	Path  string // absolute path of the file it is in
	Width int    // bytes on its line that it is about; at least 1
	Fix   []Edit // changes to the file that are sure to mend it; nil if there are none
}

// An Edit replaces the bytes of a file from Start up to End by Text.
type Edit struct {
	Start, End int
	Text       string
}

// String returns file:line:col: severity: what was found; what it costs; what
// would be right [name].
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s [%s]", f.Pos, f.Severity, f.Text(), f.Name)
}

// Text returns the message, the cost and what would be right.
func (f Finding) Text() string {
	parts := slices.DeleteFunc([]string{f.Msg, f.Cost, f.Right}, func(s string) bool { return s == "" })
	return strings.Join(parts, "; ")
}

// inOrder sorts findings by file, place, and the graver first, and drops those
// that say the same thing at the same place.
func inOrder(all []Finding) []Finding {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col), cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Name, b.Name))
	})
	return slices.CompactFunc(all, func(a, b Finding) bool {
		return a.Pos == b.Pos && a.Name == b.Name && a.Msg == b.Msg
	})
}

// quoted shortens a text for a message.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// never words the loss of n hooks that cannot run.
func never(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "its hook never runs"
	}
	return fmt.Sprintf("its %d hooks never run", n)
}

// notRun words that n hooks do not run; n is 0 where they cannot be counted.
func notRun(n int) string {
	switch n {
	case 0:
		return "its hooks do not run"
	case 1:
		return "its hook does not run"
	}
	return fmt.Sprintf("its %d hooks do not run", n)
}
