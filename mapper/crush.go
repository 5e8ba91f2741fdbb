package mapper

import (
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Crush returns the dialect of Crush 0.96.1 (harnesses record §15; from its source
// and documentation, never run). It has one event, before a tool call.
//
// An input is laid over the call's own, so that a field a hook leaves out stays.
// The name of an MCP tool, mcp_<server>_<tool>, does not say where the server's
// name ends: hooks see it cut at the first underscore.
func Crush() Harness {
	return Harness{
		Name:    "crush",
		Events:  []EventRow{{"PreToolUse", hook.PreToolUse, CanDeny | CanAllow | CanRewrite | CanContext | CanHalt}},
		Tools:   crushTools(),
		Session: commandSession,
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeForm(h, native, at, crushForm, map[string]commandReader{"PreToolUse": crushSpreads().before})
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, crushSpreads().native(c, ds))
			return answered(h, crushAnswer(a), m)
		},
		Refuse: func(h *Harness, event, text string) Response { return refuseCommand(h, event, text, crushAnswer) },
	}
}

func crushTools() []ToolRow {
	file := FieldRow{Native: "file_path", Claude: "file_path", Path: true}
	return []ToolRow{
		{"bash", "Bash", []FieldRow{{Native: "working_dir"}}},
		{"edit", "Edit", []FieldRow{file, {Native: "replace_all", Claude: "replace_all", Default: "false"}}},
		{"multiedit", "Edit", nil},
		{"write", "Write", []FieldRow{file}},
		{"view", "Read", []FieldRow{file}},
		{"ls", "LS", nil},
		{"glob", "Glob", nil},
		{"grep", "Grep", []FieldRow{{Native: "include", Claude: "glob"}}},
		{"fetch", "WebFetch", []FieldRow{{Claude: "prompt", Default: `""`}, {Native: "format"}}},
		{"agent", "Agent", nil},
		{"todos", "TodoWrite", nil},
	}
}

func crushSpreads() spreads {
	file := FieldRow{Native: "file_path", Claude: "file_path", Path: true}
	return spreads{{Native: "multiedit", List: "edits", Fields: []FieldRow{file, {Native: "replace_all", Claude: "replace_all", Default: "false"}}}}
}

func crushForm(in hook.Object, event string) hook.Object {
	o := renamed(in, "event", "hook_event_name")
	if _, named := o.Get("hook_event_name"); !named {
		o = o.WithText("hook_event_name", event)
	}
	if rest, ok := strings.CutPrefix(text(o, "tool_name"), "mcp_"); ok {
		if server, tool, ok := strings.Cut(rest, "_"); ok {
			o = o.WithText("tool_name", "mcp__"+server+"__"+tool)
		}
	}
	return o
}

func crushAnswer(a answer) hook.Object {
	o := hook.Object{}
	switch {
	case a.deny != "":
		o = o.WithText("decision", "deny").WithText("reason", a.deny)
	case a.allow:
		o = o.WithText("decision", "allow")
	}
	if a.halt {
		o = o.With("halt", boolean(true)).WithText("reason", lines(a.deny, a.why))
	}
	if len(a.context) > 0 {
		o = o.WithText("context", paragraphs(a.context))
	}
	if a.input != nil {
		o = o.With("updated_input", a.input.JSON())
	}
	return o
}
