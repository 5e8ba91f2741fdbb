package loader

import (
	"fmt"

	hook "github.com/run-hooks/run-hooks"
)

// A Severity says how much a Finding matters.
type Severity int

const (
	Info    Severity = iota // nothing is lost
	Warning                 // something does not do what it seems to
	Error                   // hooks are switched off
)

// String returns the word used in reports.
func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// A Finding is one fault in a config file, as a person should read it.
type Finding struct {
	Pos      hook.Pos
	Severity Severity
	Msg      string // what was found and what would have been right
	Cost     string // what it switches off, "" if nothing
	Name     string // stable name of the kind of fault
}

// String returns file:line:col: severity: message, cost [name].
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s [%s]", f.Pos, f.Severity, f.Text(), f.Name)
}

// Text returns the message with its cost.
func (f Finding) Text() string {
	if f.Cost == "" {
		return f.Msg
	}
	return f.Msg + "; " + f.Cost
}
