package mapper

import (
	hook "github.com/run-hooks/run-hooks"
)

// VSCode returns the dialect of the agents of VS Code whose session target is
// Local (harnesses record §7; from its documentation, never run). Its hook files
// are those of Copilot CLI, so that it is asked by the same bridge.
//
// VS Code runs .claude files itself only where chat.useClaudeHooks is set; it is
// off by default.
func VSCode() Harness {
	return Harness{
		Name:    "vscode",
		Events:  vscodeEvents(),
		Tools:   vscodeTools(),
		Session: func(in hook.Object) string { return text(in, "sessionId") },
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeForm(h, native, at, vscodeForm, vscodeReaders())
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, vscodeSpreads().native(c, ds))
			return answered(h, vscodeAnswer(a), m)
		},
		Refuse: func(h *Harness, event, text string) Response { return refuseCommand(h, event, text, vscodeAnswer) },
	}
}

func vscodeEvents() []EventRow {
	const common = CanHalt | CanTell
	return []EventRow{
		{"SessionStart", hook.SessionStart, CanContext | common},
		{"UserPromptSubmit", hook.UserPromptSubmit, CanDeny | common},
		{"PreToolUse", hook.PreToolUse, CanDeny | CanAsk | CanAllow | CanRewrite | CanContext | common},
		{"PostToolUse", hook.PostToolUse, CanContext | CanContinue | common},
		{"PreCompact", hook.PreCompact, common},
		{"SubagentStart", hook.SubagentStart, CanContext | common},
		{"SubagentStop", hook.SubagentStop, CanContinue | common},
		{"Stop", hook.Stop, CanContinue | common},
	}
}

func vscodeTools() []ToolRow {
	file := FieldRow{Native: "filePath", Claude: "file_path", Path: true}
	return []ToolRow{
		{"run_in_terminal", "Bash", []FieldRow{{Native: "explanation", Claude: "description"}, {Native: "isBackground", Claude: "run_in_background"}}},
		{"create_file", "Write", []FieldRow{file}},
		{"replace_string_in_file", "Edit", vscodeEdit()},
		{"multi_replace_string_in_file", "Edit", nil},
		{"insert_edit_into_file", "Edit", []FieldRow{file, {Native: "code", Claude: "new_string"}, {Claude: "old_string", Default: `""`}, {Native: "explanation"}}},
		{"editFiles", "Edit", nil},
		{"edit_notebook_file", "NotebookEdit", []FieldRow{{Native: "filePath", Claude: "notebook_path", Path: true}}},
		{"read_file", "Read", []FieldRow{file}},
		{"file_search", "Glob", []FieldRow{{Native: "query", Claude: "pattern"}}},
		{"grep_search", "Grep", []FieldRow{{Native: "query", Claude: "pattern"}, {Native: "includePattern", Claude: "glob"}}},
		{"list_dir", "LS", nil},
		{"fetch_webpage", "WebFetch", nil},
		{"manage_todo_list", "TodoWrite", nil},
		{"runSubagent", "Agent", []FieldRow{{Native: "agentName", Claude: "subagent_type"}}},
	}
}

func vscodeEdit() []FieldRow {
	return []FieldRow{
		{Native: "filePath", Claude: "file_path", Path: true},
		{Native: "oldString", Claude: "old_string"},
		{Native: "newString", Claude: "new_string"},
		{Claude: "replace_all", Default: "false"},
	}
}

func vscodeSpreads() spreads {
	return spreads{
		{Native: "multi_replace_string_in_file", List: "replacements", Fields: vscodeEdit()},
		{Native: "editFiles", List: "files", Item: "filePath", Fields: vscodeEdit()},
		{Native: "fetch_webpage", List: "urls", Item: "url", Fields: []FieldRow{{Native: "url", Claude: "url"}, {Native: "query", Claude: "prompt"}}},
	}
}

func vscodeForm(in hook.Object, event string) hook.Object {
	o := renamed(in, "sessionId", "session_id", "hookEventName", "hook_event_name")
	if _, named := o.Get("hook_event_name"); !named {
		o = o.WithText("hook_event_name", event)
	}
	return o
}

func vscodeReaders() map[string]commandReader {
	all := vscodeSpreads()
	result := func(in hook.Object, _ int) outcome { return outcome{text: text(in, "tool_response")} }
	return map[string]commandReader{
		"SessionStart":     freshStart,
		"UserPromptSubmit": promptedBy,
		"PreToolUse":       all.before,
		"PostToolUse":      all.after(result),
		"PreCompact":       plainly(hook.PreCompact, hook.Object{}.WithText("trigger", "auto")),
		"SubagentStart":    plainly(hook.SubagentStart, nil),
		"SubagentStop":     stoppedBy(hook.SubagentStop),
		"Stop":             stoppedBy(hook.Stop),
	}
}

// vscodeAnswer words an answer. A prompt is stopped as a turn is; the end of a
// turn is answered in hookSpecificOutput, that of a sub-agent outside of it.
func vscodeAnswer(a answer) hook.Object {
	o, own := hook.Object{}, hook.Object{}
	switch {
	case a.deny == "":
	case a.event == hook.PreToolUse:
	case a.event == hook.UserPromptSubmit:
		a.halt, a.why = true, a.deny
	case a.event == hook.Stop:
		own = own.WithText("decision", "block").WithText("reason", a.deny)
	default:
		o = o.WithText("decision", "block").WithText("reason", a.deny)
	}
	if a.halt {
		o = o.With("continue", boolean(false)).WithText("stopReason", a.why)
	}
	if len(a.tell) > 0 {
		o = o.WithText("systemMessage", paragraphs(a.tell))
	}
	own = append(own, claudePermission(a)...)
	if len(a.context) > 0 {
		own = own.WithText("additionalContext", paragraphs(a.context))
	}
	if native := specific(string(a.event), own); native != nil {
		o = o.With("hookSpecificOutput", native)
	}
	return o
}

// claudePermission is a decision on a tool call in Claude's own words, with the
// input in the agent's.
func claudePermission(a answer) hook.Object {
	o := hook.Object{}
	if a.event == hook.PreToolUse {
		o = permission(a)
	}
	if a.input != nil {
		o = o.With("updatedInput", a.input.JSON())
	}
	return o
}

// permission returns the verdict on a call in Claude's fields, which Copilot has
// under the same names.
func permission(a answer) hook.Object {
	o := hook.Object{}
	switch {
	case a.deny != "":
		return o.WithText("permissionDecision", "deny").WithText("permissionDecisionReason", a.deny)
	case a.ask != "":
		return o.WithText("permissionDecision", "ask").WithText("permissionDecisionReason", a.ask)
	case a.allow:
		return o.WithText("permissionDecision", "allow")
	}
	return o
}
