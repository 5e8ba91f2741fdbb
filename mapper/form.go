package mapper

import (
	"bytes"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Agents that start a command for each event, but send it in a form of their own
// (Copilot, Cursor, VS Code, Cline, Crush, Goose), are brought into the form of
// the family first: hook_event_name, session_id, cwd, tool_name, tool_input,
// tool_use_id, with the agent's own names and values in them. That form is
// Call.Input, and all else is the family's.

// decodeForm is decodeCommand for such an agent. form puts an event into the
// family's form; it gets the name of the event that the command line gave.
func decodeForm(h *Harness, native []byte, at Place, form func(in hook.Object, event string) hook.Object, readers map[string]commandReader) (Call, error) {
	native = bytes.TrimPrefix(native, []byte("\ufeff"))
	if in, err := hook.ParseObject(native); err == nil {
		native = form(in, at.Event).JSON()
	}
	return decodeCommand(h, native, at, readers, nil)
}

// renamed returns o with members renamed: pairs of an old and a new name. Where o
// has the new one already, that stays.
func renamed(o hook.Object, pairs ...string) hook.Object {
	out := hook.Object{}
	for _, m := range o {
		for i := 0; i+1 < len(pairs); i += 2 {
			if _, taken := o.Get(pairs[i+1]); m.Name == pairs[i] && !taken {
				m.Name = pairs[i+1]
				break
			}
		}
		out = out.With(m.Name, m.Value)
	}
	return out
}

// dropped returns o without the members of these names.
func dropped(o hook.Object, names ...string) hook.Object {
	return slices.DeleteFunc(slices.Clone(o), func(m hook.Member) bool { return slices.Contains(names, m.Name) })
}

// without is the reader of an event that hooks see without some of the agent's
// members, which have other places in Claude's schema.
func without(read commandReader, names ...string) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		e.in = dropped(e.in, names...)
		return read(e)
	}
}

// promptedBy is prompted for an agent that reports as a prompt what hooks have
// sent the model back to work with.
func promptedBy(e *commandEvent) ([]hook.Event, error) {
	if e.memory.Blocked != "" && e.memory.Blocked == text(e.in, "prompt") {
		e.memory.Blocked = ""
		return nil, nil
	}
	return prompted(e)
}

// stoppedBy is stopped for an agent that does not say whether a block led to this
// stop: one of ours did if it was the last thing said in the turn.
func stoppedBy(name hook.EventName) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		if e.memory.Over != "" {
			return nil, nil // a hook has ended the turn: Stop hooks are not asked (§1.2)
		}
		if _, says := e.in.Get("stop_hook_active"); !says {
			e.in = e.in.With("stop_hook_active", boolean(e.memory.Stops[text(e.in, "agent_id")] > 0))
		}
		return stopped(name)(e)
	}
}

// answered words an answer. What neither this event nor any other of the agent
// can give the user, or the model, is told on stderr.
func answered(h *Harness, o hook.Object, m *remembered) Response {
	var aside []string
	if !h.ever(CanTell) {
		aside = take(&m.Tell)
	}
	if !h.ever(CanContext) {
		for _, c := range take(&m.Carry) {
			aside = append(aside, "run-hooks: warning: "+h.Name+" has no way to tell the model: "+c)
		}
	}
	r := respond(o, m)
	if len(aside) > 0 {
		r.Stderr = []byte(strings.Join(aside, "\n") + "\n")
	}
	return r
}

// ever reports whether the agent can do a at any event.
func (h *Harness) ever(a Ability) bool {
	return slices.ContainsFunc(h.Events, func(row EventRow) bool { return row.Can&a != 0 })
}
