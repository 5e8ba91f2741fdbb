package mapper

import (
	"errors"
	"fmt"
	"slices"

	"github.com/run-hooks/run-hooks"
)

// The family of agents that start a command for each of their events, with the
// event as JSON on its stdin and the answer as JSON on its stdout, both nearly in
// Claude's form: Codex, Gemini CLI, Qwen Code, Factory Droid. What they differ in
// is a table of events, a table of tools, and a few functions: how an event is
// read (commandReader) and how an [answer] is worded.

// A commandEvent is one native event of such an agent, read.
type commandEvent struct {
	harness *Harness
	native  string      // its name
	in      hook.Object // the payload
	cwd     string      // the session's directory, or that of the call
	home    string      // the user's home directory
	memory  *remembered
	modes   map[string]string // permission modes by the agent's names; others keep theirs

	patch func(string) ([]patchFile, error) // how the agent reads a patch; nil is parsePatch
}

// A commandReader makes Claude events of one kind of native event.
type commandReader func(*commandEvent) ([]hook.Event, error)

// decodeCommand reads a native event with the reader that its name has. A name
// without a reader is an event without a pair in Claude's schema.
func decodeCommand(h *Harness, native []byte, at Place, readers map[string]commandReader, modes map[string]string) (Call, error) {
	c := Call{Native: at.Event}
	in, err := hook.ParseObject(native)
	if err != nil {
		return c, fmt.Errorf("event of %s: %w", h.Name, err)
	}
	if name := text(in, "hook_event_name"); name != "" {
		c.Native = name
	}
	c.Input = in
	if c.Native == "" {
		return c, fmt.Errorf("event of %s: no hook_event_name", h.Name)
	}
	read, ok := readers[c.Native]
	if !ok {
		c.News = !slices.Contains(h.Unpaired, c.Native)
		return c, nil
	}
	e := commandEvent{harness: h, native: c.Native, in: in, cwd: text(in, "cwd"), home: at.Home, memory: recall(at.Memory), modes: modes}
	if e.cwd == "" {
		e.cwd = at.Cwd
	}
	if text(in, "session_id") == "" {
		return c, fmt.Errorf("%s of %s: no session_id", c.Native, h.Name)
	}
	if c.Events, err = read(&e); err != nil {
		return c, fmt.Errorf("%s of %s: %w", c.Native, h.Name, err)
	}
	c.Memory = e.memory.object()
	return c, nil
}

// commandSession is Session for the family.
func commandSession(native hook.Object) string { return text(native, "session_id") }

// claude returns an event with the members Claude Code gives every event, in its
// order (§1.2), then own, then what else the agent said. The transcript is left
// empty: those of the family are not in Claude's format.
func (e *commandEvent) claude(name hook.EventName, own hook.Object) hook.Event {
	spec, _ := hook.Spec(name)
	p := hook.Object{}.WithText("session_id", text(e.in, "session_id")).WithText("transcript_path", "").WithText("cwd", e.cwd)
	if id := text(e.in, "prompt_id"); id != "" && name != hook.SessionStart {
		p = p.WithText("prompt_id", id)
	}
	if spec.Mode {
		p = p.WithText("permission_mode", e.mode())
	}
	for _, member := range []string{"agent_id", "agent_type"} {
		if value := text(e.in, member); value != "" {
			p = p.WithText(member, value)
		}
	}
	p = p.WithText("hook_event_name", string(name))
	notHere := []string{"permission_mode", "agent_transcript_path", "tool_name", "tool_input", "tool_response"}
	for i, m := range append(slices.Clip(own), e.in...) {
		if _, taken := p.Get(m.Name); !taken && (i < len(own) || !slices.Contains(notHere, m.Name)) {
			p = p.With(m.Name, m.Value)
		}
	}
	return hook.Event{Spec: spec, Payload: p}
}

// mode is the permission mode by Claude's name.
func (e *commandEvent) mode() string {
	mode := text(e.in, "permission_mode")
	if claude, ok := e.modes[mode]; ok {
		return claude
	}
	if mode == "" {
		return "default"
	}
	return mode
}

// plainly returns the reader of an event that differs from Claude's in nothing
// but own, the members that the agent does not give.
func plainly(name hook.EventName, own hook.Object) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		var lacking hook.Object
		for _, m := range own {
			if _, ok := e.in.Get(m.Name); !ok {
				lacking = append(lacking, m)
			}
		}
		return []hook.Event{e.claude(name, lacking)}, nil
	}
}

// prompted is a prompt of the user's: what was counted or kept for the turn
// before it is over.
func prompted(e *commandEvent) ([]hook.Event, error) {
	e.memory.newTurn()
	return []hook.Event{e.claude(hook.UserPromptSubmit, nil)}, nil
}

// stopped is the end of a turn, of the user's session or of a sub-agent. A Stop
// that no block led to begins the count of blocks anew.
func stopped(name hook.EventName) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		if !truth(e.in, "stop_hook_active") {
			e.memory.setStops(stopKey(name, e.in), 0)
		}
		own := hook.Object{}.
			With("stop_hook_active", boolean(truth(e.in, "stop_hook_active"))).
			WithText("last_assistant_message", text(e.in, "last_assistant_message"))
		if name == hook.SubagentStop {
			own = own.WithText("agent_transcript_path", "")
		}
		for _, lacking := range []string{"background_tasks", "session_crons"} {
			if _, ok := e.in.Get(lacking); !ok {
				own = own.With(lacking, array(nil))
			}
		}
		return []hook.Event{e.claude(name, own)}, nil
	}
}

// stopKey is whose blocks in a row are counted: those of a sub-agent apart.
func stopKey(name hook.EventName, in hook.Object) string {
	if id := text(in, "agent_id"); id != "" || name == hook.Stop {
		return id
	}
	return "sub-agent"
}

// A toolCall is a native tool call in Claude's terms.
type toolCall struct {
	native string
	name   string // Claude's
	args   hook.Object
	input  hook.Object // args with Claude's names
	row    ToolRow
}

// tool reads the call that the event is about.
func (e *commandEvent) tool() (toolCall, error) {
	t := toolCall{native: text(e.in, "tool_name")}
	if t.native == "" {
		return t, errors.New("no tool_name")
	}
	raw, _ := e.in.Get("tool_input")
	args, err := hook.ParseObject(raw)
	if err != nil {
		return t, fmt.Errorf("tool_input of %s: %w", t.native, err)
	}
	t.name, t.args, t.input = t.native, args, args
	if row, ok := e.harness.toolNamed(t.native); ok {
		t.row, t.name, t.input = row, row.Claude, toClaude(row.Fields, args, e.cwd)
	}
	return t, nil
}

// call returns the event of one tool call: id is its tool_use_id, "" for an event
// that has none; after are the members behind tool_input.
func (e *commandEvent) call(name hook.EventName, tool string, input hook.Object, id string, after hook.Object) hook.Event {
	own := hook.Object{}.WithText("tool_name", tool).With("tool_input", input.JSON())
	own = append(own, after...)
	if id != "" {
		own = own.WithText("tool_use_id", id)
	}
	return e.claude(name, own)
}
