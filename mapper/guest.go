package mapper

import (
	"slices"

	hook "github.com/run-hooks/run-hooks"
)

// Some agents run the hooks of Claude's files themselves, with payloads of their
// own (harnesses record §2, §6.4, §8, §12, §14). Where run-hooks is such a hook, it
// is asked in Claude's dialect and hears theirs: it knows them by what they say,
// puts that into Claude's schema, and answers with what they read of Claude's
// answers. Nothing is remembered of them from one event to the next.

// A guest is an agent that comes in through a Claude file.
type guest struct {
	Harness // its tables, with Claude's names for the events
	is      func(in hook.Object) bool
	form    func(in hook.Object, event string) hook.Object
	outcome func(in hook.Object, i int) outcome
	result  string // the member that outcome reads
	spreads spreads
	named   func(commandReader) commandReader // of tool events, where names of MCP tools need more than a table
	zero    bool                              // exit status 2 loses the reason, or does not block: JSON alone is read
	legacy  bool                              // reads "decision" before a tool call, not permissionDecision
}

// claudeFiles are the scopes of Claude's own files.
func claudeFiles() []hook.Scope {
	return []hook.Scope{hook.ScopeUser, hook.ScopeProject, hook.ScopeLocal}
}

func guests() []guest {
	return []guest{copilotGuest(), cursorGuest(), grokGuest(), devinGuest()}
}

// guestOf returns the agent that a payload is from, nil for Claude Code itself or
// somebody who speaks as it does.
func guestOf(in hook.Object) *guest {
	for _, g := range guests() {
		if g.is(in) {
			return &g
		}
	}
	return nil
}

// guestNamed is guestOf by name.
func guestNamed(name string) *guest {
	for _, g := range guests() {
		if g.Name == name {
			return &g
		}
	}
	return nil
}

// fromVSCode reports whether a payload is VS Code's, which comes so where
// chat.useClaudeHooks is set. Its answers are VSCode's.
func fromVSCode(in hook.Object) bool { return has(in, "hookEventName") && !has(in, "hook_event_name") }

// has reports whether o has all of these members.
func has(o hook.Object, names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		_, ok := o.Get(name)
		return !ok
	})
}

func (g *guest) decode(native []byte, at Place) (Call, error) {
	all := g.spreads
	readers := map[string]commandReader{}
	for _, row := range g.Events {
		readers[row.Native] = plainly(row.Claude, nil)
	}
	readers["PreToolUse"] = all.before
	readers["PermissionRequest"] = without(all.asked, "permissionSuggestions")
	readers["permissionRequest"] = readers["PermissionRequest"]
	readers["PostToolUse"] = all.after(g.outcome, g.result)
	readers["PostToolUseFailure"] = all.after(func(in hook.Object, _ int) outcome { return outcome{text(in, "error"), true} }, "error")
	readers["SessionStart"], readers["UserPromptSubmit"] = freshStart, prompted
	readers["Stop"], readers["SubagentStop"] = stopped(hook.Stop), stopped(hook.SubagentStop)
	for _, event := range []string{"PreToolUse", "PermissionRequest", "permissionRequest", "PostToolUse", "PostToolUseFailure"} {
		if g.named != nil {
			readers[event] = g.named(readers[event])
		}
	}
	c, err := decodeForm(&g.Harness, native, at, g.form, readers)
	c.Host, c.Runs, c.Memory = g.Name, g.Runs, nil
	return c, err
}

func (g *guest) encode(c Call, ds []hook.Decision) Response {
	a, m := answerCommand(&g.Harness, c, apart(c, ds))
	o := hook.Object{}
	if all := Combine(ds); a.event == hook.PostToolUse && all.Permission == hook.Deny && !g.able(a, CanContext) {
		o = o.WithText("decision", "block").WithText("reason", paragraphs(append(take(&m.Carry), a.context...)))
		a.context = nil
	}
	for _, c := range append(take(&m.Carry), take(&a.context)...) {
		if g.able(a, CanContext) {
			a.context = append(a.context, c)
		} else {
			m.Tell = append(m.Tell, "run-hooks: warning: "+g.Name+" cannot tell the model here: "+c)
		}
	}
	for _, row := range g.Events {
		if row.Native == c.Native && row.Can&(CanDeny|CanContinue) == 0 && a.deny != "" {
			m.Tell = append(m.Tell, "run-hooks: warning: "+g.Name+" cannot be stopped at "+c.Native+", as a hook wanted: "+a.deny)
			a.deny = ""
		}
	}
	r := respond(append(o, g.words(a)...), nil)
	for _, said := range m.Tell {
		r.Stderr = append(r.Stderr, said+"\n"...)
	}
	if a.deny != "" && !g.zero {
		r.Exit, r.Stderr = 2, append([]byte(a.deny+"\n"), r.Stderr...)
	}
	return r
}

func (g *guest) able(a answer, what Ability) bool { return g.canAt(a.native, a.event)&what != 0 }

// words is the answer in Claude's form.
func (g *guest) words(a answer) hook.Object {
	o := hook.Object{}
	if a.halt {
		o = o.With("continue", boolean(false)).WithText("stopReason", a.why)
	}
	if a.deny != "" && (a.event != hook.PreToolUse && a.event != hook.PermissionRequest || g.legacy) {
		o = o.WithText("decision", "block").WithText("reason", a.deny)
	}
	if len(a.tell) > 0 {
		o = o.WithText("systemMessage", paragraphs(a.tell))
	}
	own := claudePermission(a)
	if len(a.context) > 0 {
		own = own.WithText("additionalContext", paragraphs(a.context))
	}
	if inner := specific(string(a.event), own); inner != nil {
		o = o.With("hookSpecificOutput", inner)
	}
	return o
}

// copilotGuest is Copilot CLI 1.0.102 with a project's Claude file: Claude's names
// of tools with its own arguments. It drops what hooks have for the model but
// before a tool call, and reads no exit status but before one (claude-native, c-*).
func copilotGuest() guest {
	const after = CanContinue
	g := guest{form: copilotForm, result: "tool_result", zero: true, spreads: copilotSpreads(), named: named}
	g.Name, g.Runs = "copilot", []hook.Scope{hook.ScopeProject, hook.ScopeLocal}
	g.Tools = append(copilotTools(), ToolRow{"Write", "Write", copilotFields("create")}, ToolRow{"Edit", "Edit", copilotFields("edit")}, ToolRow{"Read", "Read", copilotFields("view")},
		ToolRow{"Glob", "Glob", copilotFields("glob")}, ToolRow{"Grep", "Grep", copilotFields("grep")})
	g.Events = []EventRow{
		{"SessionStart", hook.SessionStart, 0}, {"UserPromptSubmit", hook.UserPromptSubmit, CanDeny},
		{"PreToolUse", hook.PreToolUse, CanDeny | CanAsk | CanAllow | CanRewrite | CanContext},
		{"permissionRequest", hook.PermissionRequest, 0}, {"PermissionRequest", hook.PermissionRequest, 0},
		{"PostToolUse", hook.PostToolUse, after}, {"PostToolUse", hook.PostToolUseFailure, after}, {"PostToolUseFailure", hook.PostToolUseFailure, 0},
		{"Stop", hook.Stop, CanContinue}, {"SubagentStop", hook.SubagentStop, CanContinue}, {"SubagentStart", hook.SubagentStart, 0},
		{"PreCompact", hook.PreCompact, 0}, {"Notification", hook.Notification, 0}, {"SessionEnd", hook.SessionEnd, 0},
	}
	g.is = func(in hook.Object) bool {
		return has(in, "hook_event_name", "session_id", "timestamp") && !has(in, "permission_mode") && !has(in, "hookEventName") ||
			has(in, "hookName", "sessionId", "toolName")
	}
	g.outcome = func(in hook.Object, i int) outcome {
		res := renamed(object(in, "tool_result"), "result_type", "resultType", "text_result_for_llm", "textResultForLlm")
		return copilotOutcome(hook.Object{}.With("toolResult", res.JSON()), i)
	}
	return g
}

// copilotFields are the fields of one of Copilot's own tools.
func copilotFields(tool string) []FieldRow {
	i := slices.IndexFunc(copilotTools(), func(t ToolRow) bool { return t.Native == tool })
	return copilotTools()[i].Fields
}

// cursorGuest is Cursor with a Claude file: all of the payload is Cursor's, and
// Claude's answers are read (from its documentation).
func cursorGuest() guest {
	g := guest{outcome: cursorOutcome, result: "tool_output"}
	g.Name, g.Runs, g.Tools = "cursor", claudeFiles(), cursorTools()
	g.Events = []EventRow{
		{"SessionStart", hook.SessionStart, CanContext}, {"UserPromptSubmit", hook.UserPromptSubmit, CanDeny},
		{"PreToolUse", hook.PreToolUse, CanDeny | CanAllow}, {"PostToolUse", hook.PostToolUse, CanContext}, {"PostToolUse", hook.PostToolUseFailure, CanContext},
		{"Stop", hook.Stop, CanContinue}, {"SubagentStop", hook.SubagentStop, CanContinue},
		{"PreCompact", hook.PreCompact, 0}, {"SessionEnd", hook.SessionEnd, 0},
	}
	g.is = func(in hook.Object) bool { return has(in, "cursor_version") }
	g.form = func(in hook.Object, event string) hook.Object {
		o := cursorForm(in, event)
		for _, row := range cursorEvents() {
			if row.Native == text(o, "hook_event_name") {
				return o.WithText("hook_event_name", string(row.Claude))
			}
		}
		return o
	}
	return g
}

// grokGuest is Grok Build 1.0.41, which says everything twice. It drops what hooks
// have for the model at a prompt and at a session's start (claude-native, c-*).
func grokGuest() guest {
	g := guest{result: "tool_response"}
	g.Name, g.Runs = "grok", claudeFiles()
	g.Tools = []ToolRow{
		{"run_terminal_command", "Bash", nil},
		{"read_file", "Read", []FieldRow{{Native: "target_file", Claude: "file_path", Path: true}}},
		{"search_replace", "Edit", []FieldRow{{Native: "file_path", Claude: "file_path", Path: true}, {Claude: "replace_all", Default: "false"}}},
	}
	for _, spec := range hook.Events() {
		row := EventRow{Native: string(spec.Name), Claude: spec.Name, Can: claudeAbility(spec) &^ (CanAsk | CanReplace | CanHalt)}
		if spec.Name == hook.UserPromptSubmit || spec.Name == hook.SessionStart {
			row.Can &^= CanContext
		}
		g.Events = append(g.Events, row)
	}
	g.Events = append(g.Events, EventRow{"PostToolUse", hook.PostToolUseFailure, CanContext | CanTell})
	g.is = func(in hook.Object) bool { return has(in, "hookEventName", "hook_event_name") }
	g.form = func(in hook.Object, _ string) hook.Object {
		return dropped(in, "hookEventName", "sessionId", "workspaceRoot", "permissionMode", "transcriptPath", "toolName", "toolUseId", "toolInput", "toolResult", "promptId")
	}
	g.outcome = func(in hook.Object, _ int) outcome {
		res := object(in, "tool_response")
		said := text(res, "output_for_prompt")
		if status := number(res, "exit_code"); status != 0 {
			return outcome{exitText(status, said), true}
		}
		return outcome{text: said}
	}
	return g
}

// devinGuest is Devin CLI 3000.6.14, which says neither its directory nor its
// transcript (from its documentation and a record of its payloads).
func devinGuest() guest {
	g := guest{result: "tool_response", legacy: true}
	g.Name, g.Runs = "devin", claudeFiles()
	g.Tools = []ToolRow{
		{"exec", "Bash", nil}, {"edit", "Edit", []FieldRow{{Claude: "replace_all", Default: "false"}}}, {"write", "Write", nil}, {"read", "Read", nil},
		{"grep", "Grep", nil}, {"glob", "Glob", nil}, {"webfetch", "WebFetch", nil}, {"todo_write", "TodoWrite", nil}, {"notebook_edit", "NotebookEdit", nil},
		{"run_subagent", "Agent", []FieldRow{{Native: "task", Claude: "prompt"}, {Native: "profile", Claude: "subagent_type"}, {Native: "is_background", Claude: "run_in_background"}, {Native: "title", Claude: "description"}}},
		{"ask_user_question", "AskUserQuestion", nil}, {"skill", "Skill", nil},
	}
	g.Events = []EventRow{
		{"SessionStart", hook.SessionStart, CanContext}, {"UserPromptSubmit", hook.UserPromptSubmit, CanDeny | CanContext},
		{"PreToolUse", hook.PreToolUse, CanDeny | CanAllow | CanRewrite | CanContext}, {"PostToolUse", hook.PostToolUse, CanContext}, {"PostToolUse", hook.PostToolUseFailure, CanContext},
		{"PermissionRequest", hook.PermissionRequest, CanDeny}, {"Stop", hook.Stop, CanContinue}, {"SessionEnd", hook.SessionEnd, 0},
	}
	g.is = func(in hook.Object) bool {
		return has(in, "hook_event_name", "session_id", "prompt_id") && !has(in, "cwd") && !has(in, "transcript_path")
	}
	g.form = func(in hook.Object, _ string) hook.Object { return in }
	g.outcome = func(in hook.Object, _ int) outcome {
		res := object(in, "tool_response")
		if says, ok := res.Get("success"); ok && string(says) == "false" {
			return outcome{text(res, "error"), true}
		}
		return outcome{text: text(res, "output")}
	}
	return g
}
