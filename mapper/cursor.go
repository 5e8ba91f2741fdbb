package mapper

import (
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Cursor returns the dialect of Cursor (harnesses record §8; from its
// documentation, never run). Cursor runs Claude's files itself, with payloads of
// its own, unless the user has switched that off; they are left to it.
//
// preToolUse stands for every tool: beforeShellExecution and its like would be the
// same call again. A question is refused, as preToolUse does not enforce one. The
// name of an MCP tool lacks its server: hooks see mcp__cursor__<tool>.
func Cursor() Harness {
	return Harness{
		Name:     "cursor",
		Unpaired: []string{"beforeShellExecution", "afterShellExecution", "beforeMCPExecution", "afterMCPExecution", "beforeReadFile", "afterFileEdit", "afterAgentResponse", "afterAgentThought", "beforeTabFileRead", "afterTabFileEdit", "workspaceOpen"},
		Events:   cursorEvents(),
		Tools:    cursorTools(),
		Runs:     []hook.Scope{hook.ScopeUser, hook.ScopeProject, hook.ScopeLocal},
		Session:  func(in hook.Object) string { return text(in, "conversation_id") },
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeForm(h, native, at, cursorForm, cursorReaders())
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, ds)
			a.input = cursorNames(a.input, object(c.Input, "tool_input"))
			return answered(h, cursorAnswer(a), m)
		},
		Refuse: func(h *Harness, event, text string) Response { return refuseCommand(h, event, text, cursorAnswer) },
	}
}

// The output of built-in tools cannot be replaced, that of MCP tools could: the
// table knows no tools, and so it is told.
func cursorEvents() []EventRow {
	return []EventRow{
		{"sessionStart", hook.SessionStart, CanContext},
		{"beforeSubmitPrompt", hook.UserPromptSubmit, CanDeny | CanContext | CanTell},
		{"preToolUse", hook.PreToolUse, CanDeny | CanAllow | CanRewrite | CanTell},
		{"postToolUse", hook.PostToolUse, CanContext | CanContinue},
		{"postToolUse", hook.PostToolUseFailure, CanContext | CanContinue},
		{"postToolUseFailure", hook.PostToolUseFailure, 0},
		{"stop", hook.Stop, CanContinue},
		{"stop", hook.StopFailure, 0},
		{"subagentStart", hook.SubagentStart, 0},
		{"subagentStop", hook.SubagentStop, CanContinue},
		{"preCompact", hook.PreCompact, CanTell},
		{"sessionEnd", hook.SessionEnd, 0},
	}
}

// The documentation gives the fields of a file tool in two spellings: both are
// read, and a rewrite has the call's own (cursorNames).
func cursorTools() []ToolRow {
	file := []FieldRow{{Native: "file_path", Claude: "file_path", Path: true}, {Native: "path", Claude: "file_path", Path: true}}
	file = file[:2:2]
	return []ToolRow{
		{"Shell", "Bash", []FieldRow{{Native: "working_directory"}}},
		{"Write", "Write", append(file, FieldRow{Native: "content", Claude: "content"}, FieldRow{Native: "contents", Claude: "content"})},
		{cursorEdit, "Edit", append(file, FieldRow{Claude: "replace_all", Default: "false"})},
		{"Read", "Read", file},
		{"Grep", "Grep", nil},
		{"Task", "Agent", nil},
	}
}

// cursorNames gives an input the names that the call's own has.
func cursorNames(input, own hook.Object) hook.Object {
	for _, pair := range [][2]string{{"file_path", "path"}, {"content", "contents"}} {
		if _, other := own.Get(pair[1]); other && input != nil {
			input = renamed(input, pair[0], pair[1])
		}
	}
	return input
}

// cursorEdit stands for a Write that changes a file in part.
const cursorEdit = "Write (with old_string)"

func cursorForm(in hook.Object, event string) hook.Object {
	o := renamed(in, "conversation_id", "session_id")
	if _, named := o.Get("hook_event_name"); !named {
		o = o.WithText("hook_event_name", event)
	}
	if roots := list(value(o, "workspace_roots")); text(o, "cwd") == "" && len(roots) > 0 {
		o = o.With("cwd", roots[0])
	}
	if raw := text(o, "tool_input"); raw != "" { // the JSON text of it
		o = o.With("tool_input", []byte(raw))
	}
	args, tool := object(o, "tool_input"), text(o, "tool_name")
	if _, edits := args.Get("old_string"); edits && tool == "Write" {
		o = o.WithText("tool_name", cursorEdit)
	}
	if mcp, ok := strings.CutPrefix(tool, "MCP:"); ok {
		o = o.WithText("tool_name", "mcp__cursor__"+strings.TrimSpace(mcp))
	}
	return o
}

func cursorReaders() map[string]commandReader {
	var all spreads
	return map[string]commandReader{
		"sessionStart":       freshStart,
		"beforeSubmitPrompt": promptedBy,
		"preToolUse":         all.before,
		"postToolUse":        all.after(cursorOutcome, "tool_output", "duration"),
		"postToolUseFailure": all.after(func(in hook.Object, _ int) outcome { return outcome{text(in, "error_message"), true} }, "error_message", "duration"),
		"stop":               cursorStop,
		"subagentStart":      without(plainly(hook.SubagentStart, nil), "subagent_type"),
		"subagentStop":       stoppedBy(hook.SubagentStop),
		"preCompact":         plainly(hook.PreCompact, hook.Object{}.WithText("trigger", "auto")),
		"sessionEnd":         without(plainly(hook.SessionEnd, hook.Object{}.WithText("reason", "other")), "reason"),
	}
}

// cursorOutcome is the output of a tool: JSON in a string. A shell command says
// its status.
func cursorOutcome(in hook.Object, _ int) outcome {
	raw := text(in, "tool_output")
	out, err := hook.ParseObject([]byte(raw))
	if err != nil {
		return outcome{text: raw}
	}
	said := lines(text(out, "output"), lines(text(out, "stdout"), text(out, "stderr")))
	for _, name := range []string{"exitCode", "exit_code"} {
		if status := number(out, name); status != 0 {
			return outcome{exitText(status, said), true}
		}
	}
	if said == "" {
		said = raw
	}
	return outcome{text: said}
}

// cursorStop is the end of a turn, by itself or by an error; hooks are not asked
// about one that the user has ended.
func cursorStop(e *commandEvent) ([]hook.Event, error) {
	switch text(e.in, "status") {
	case "aborted":
		return nil, nil
	case "error":
		own := hook.Object{}.WithText("error", "unknown").WithText("last_assistant_message", "")
		return []hook.Event{e.claude(hook.StopFailure, own)}, nil
	}
	if number(e.in, "loop_count") > 0 {
		e.in = e.in.With("stop_hook_active", boolean(true))
	}
	return stoppedBy(hook.Stop)(e)
}

func cursorAnswer(a answer) hook.Object {
	o := hook.Object{}
	switch a.event {
	case hook.PreToolUse:
		o = cursorPermission(a)
	case hook.UserPromptSubmit:
		if a.deny != "" {
			o = o.With("continue", boolean(false))
			a.tell = unique(append([]string{a.deny}, a.tell...))
		}
	default:
		if a.deny != "" {
			o = o.WithText("followup_message", a.deny)
		}
	}
	if len(a.tell) > 0 {
		o = o.WithText("user_message", paragraphs(a.tell))
	}
	if len(a.context) > 0 {
		o = o.WithText("additional_context", paragraphs(a.context))
	}
	return o
}

func cursorPermission(a answer) hook.Object {
	o := hook.Object{}
	switch {
	case a.deny != "":
		return o.WithText("permission", "deny").
			WithText("user_message", paragraphs(unique(append([]string{a.deny}, a.tell...)))).
			WithText("agent_message", a.deny)
	case a.allow:
		o = o.WithText("permission", "allow")
	}
	if a.input != nil {
		o = o.With("updated_input", a.input.JSON())
	}
	return o
}
