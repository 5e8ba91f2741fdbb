package mapper

import "github.com/run-hooks/run-hooks"

// Combine makes one decision of those on the events of one native event. The
// strictest permission prevails (deny over defer over ask over allow), with the
// reasons of all that share it, a line each; a turn ends if any decision ends it;
// contexts, messages and notes come in the events' order; of several
// replacements of one thing the last counts.
func Combine(ds []hook.Decision) hook.Decision {
	var sum hook.Decision
	for _, d := range ds {
		sum = add(sum, d)
	}
	return sum
}

func add(a, b hook.Decision) hook.Decision {
	switch {
	case b.Permission > a.Permission:
		a.Permission, a.Reason = b.Permission, b.Reason
	case b.Permission == a.Permission:
		a.Reason = lines(a.Reason, b.Reason)
	}
	a.Halt = a.Halt || b.Halt
	a.StopReason = lines(a.StopReason, b.StopReason)
	if b.UpdatedInput != nil {
		a.UpdatedInput = b.UpdatedInput
	}
	if b.UpdatedOutput != nil {
		a.UpdatedOutput = b.UpdatedOutput
	}
	a.Context = concat(a.Context, b.Context)
	a.Messages = concat(a.Messages, b.Messages)
	a.Notes = concat(a.Notes, b.Notes)
	for _, m := range b.Extra {
		a.Extra = a.Extra.With(m.Name, m.Value)
	}
	return a
}

// concat is append to a copy: the decisions are the caller's.
func concat(a, b []string) []string {
	if len(a)+len(b) == 0 {
		return nil
	}
	return append(append(make([]string, 0, len(a)+len(b)), a...), b...)
}

// lines joins two texts by a line break, or returns the one that is not empty.
func lines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}
