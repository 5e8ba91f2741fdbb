package mapper

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Gemini is the dialect of Gemini CLI 0.61.0. Sections named here are those of
// the harness record (harnesses.md §5).
//
//   - A call has no id: one is made before it, and found again after it by the
//     tool's name and its arguments.
//   - Without a user, an "ask" would make the client wait for ever, and nothing
//     says whether there is a user: the call is refused.
//   - Context for the model cannot go with a call: it comes with the result, and
//     where that is an error, in its text.
//   - A shell command that failed is no failure to Gemini; its report says so, and
//     hooks see a PostToolUseFailure.
//   - What a Stop hook says comes back as a prompt, which is none of the user's.
//   - PreCompress comes before every request of the model: only a compaction that
//     the user asked for is a PreCompact.
func Gemini() Harness {
	return Harness{
		Name:     "gemini",
		Blind:    []string{"--acp", "--experimental-acp"},
		Unpaired: []string{"BeforeModel", "AfterModel", "BeforeToolSelection"},
		Events:   geminiEvents(),
		Tools:    geminiTools(),
		Session:  commandSession,
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeCommand(h, native, at, geminiReaders(), nil)
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, geminiWanted(c, ds))
			return respond(geminiWords(geminiLater(c, withError(c, a), m)), m)
		},
		Refuse: func(h *Harness, event, text string) Response { return refuseCommand(h, event, text, geminiWords) },
	}
}

// geminiEvents is the table of §5.2 and §5.7. What replaces a tool's output
// arrives marked as an error.
func geminiEvents() []EventRow {
	const feedback = CanContinue | CanReplace | CanContext | CanHalt | CanTell
	return []EventRow{
		{"SessionStart", hook.SessionStart, CanContext | CanTell},
		{"BeforeAgent", hook.UserPromptSubmit, CanDeny | CanContext | CanHalt | CanTell},
		{"BeforeTool", hook.PreToolUse, CanDeny | CanRewrite | CanHalt | CanTell},
		{"AfterTool", hook.PostToolUse, feedback},
		{"AfterTool", hook.PostToolUseFailure, feedback &^ CanReplace},
		{"AfterAgent", hook.Stop, CanContinue | CanContext | CanHalt | CanTell},
		{"PreCompress", hook.PreCompact, 0},
		{"Notification", hook.Notification, 0},
		{"SessionEnd", hook.SessionEnd, 0},
	}
}

// geminiTools is the table of §5.4. MCP tools are named by the event's
// mcp_context (geminiName); any other tool keeps its name.
func geminiTools() []ToolRow {
	grep := []FieldRow{{Native: "dir_path", Claude: "path", Path: true}, {Native: "include_pattern", Claude: "glob"}}
	return []ToolRow{
		{"run_shell_command", "Bash", []FieldRow{{Native: "is_background", Claude: "run_in_background"}, {Native: "dir_path"}}},
		{"write_file", "Write", []FieldRow{{Native: "file_path", Claude: "file_path", Path: true}}},
		{"replace", "Edit", []FieldRow{
			{Native: "file_path", Claude: "file_path", Path: true},
			{Native: "allow_multiple", Claude: "replace_all", Default: "false"},
			{Native: "instruction"},
		}},
		{"read_file", "Read", []FieldRow{
			{Native: "file_path", Claude: "file_path", Path: true},
			{Native: "start_line", Claude: "offset"}, {Native: "end_line"},
		}},
		{"glob", "Glob", []FieldRow{{Native: "dir_path", Claude: "path", Path: true}, {Native: "case_sensitive"}}},
		{"grep_search", "Grep", grep},
		{"search_file_content", "Grep", grep},
		{"list_directory", "LS", []FieldRow{{Native: "dir_path", Claude: "path", Path: true}}},
		{"web_fetch", "WebFetch", nil},
		{"google_web_search", "WebSearch", nil},
		{"write_todos", "TodoWrite", []FieldRow{{Native: "todos", Claude: "todos", Items: []FieldRow{
			{Native: "description", Claude: "content"}, {Native: "description", Claude: "activeForm"},
		}}}},
		{"activate_skill", "Skill", []FieldRow{{Native: "name", Claude: "skill"}}},
		{"invoke_agent", "Agent", []FieldRow{{Native: "agent_name", Claude: "subagent_type"}}},
		{"ask_user", "AskUserQuestion", nil},
		{"enter_plan_mode", "EnterPlanMode", nil},
		{"exit_plan_mode", "ExitPlanMode", nil},
	}
}

func geminiReaders() map[string]commandReader {
	return map[string]commandReader{
		"SessionStart": plainly(hook.SessionStart, nil),
		"BeforeAgent":  promptedBy,
		"BeforeTool":   geminiCall,
		"AfterTool":    geminiResult,
		"AfterAgent":   geminiStop,
		"PreCompress":  geminiCompress,
		"Notification": geminiNotice,
		"SessionEnd":   geminiEnd,
	}
}

// geminiCall is a call that is about to be made.
func geminiCall(e *commandEvent) ([]hook.Event, error) {
	parts, err := geminiParts(e)
	if err != nil {
		return nil, err
	}
	id := e.memory.begin(callKey(parts[0].native, parts[0].args))
	var out []hook.Event
	for i, t := range parts {
		out = append(out, e.call(hook.PreToolUse, t.name, t.input, partID(id, i, len(parts)), nil))
	}
	return out, nil
}

// geminiResult is a call that was made. Of the files that it may have been of, the
// result of a write says which it was.
func geminiResult(e *commandEvent) ([]hook.Event, error) {
	parts, err := geminiParts(e)
	if err != nil {
		return nil, err
	}
	id := e.memory.end(callKey(parts[0].native, parts[0].args))
	response := object(e.in, "tool_response")
	was := func(t toolCall) bool {
		return text(t.input, "file_path") == text(object(response, "returnDisplay"), "filePath")
	}
	if i := slices.IndexFunc(parts, was); i >= 0 && len(parts) > 1 {
		parts = parts[i : i+1]
	}
	said := contentOfParts(value(response, "llmContent"))
	if hook.IsMCP(parts[0].name) || parts[0].name == "WebFetch" {
		said = trustedText(said)
	}
	raw, failed := response.Get("error")
	var out []hook.Event
	for i, t := range parts {
		if part := partID(id, i, len(parts)); failed && string(raw) != "null" {
			out = append(out, e.failed(t, part, lines(errorText(raw), said)))
		} else {
			out = append(out, e.succeeded(t, part, said))
		}
	}
	return out, nil
}

// trustedText is what comes from outside without the tags that Gemini 0.61.0 puts
// around each part of it, for the model.
func trustedText(said string) string {
	return regexp.MustCompile(`(?s)<untrusted_context>\n(.*?)\n</untrusted_context>`).ReplaceAllString(said, "$1")
}

// succeeded is the event of a call of Gemini's or Qwen Code's that came to an end,
// with the text that the model reads of it.
func (e *commandEvent) succeeded(t toolCall, id, said string) hook.Event {
	if t.name == "Bash" {
		output, exit := shellReport(said)
		if exit != 0 {
			return e.failed(t, id, exitText(exit, output))
		}
		said = output
	}
	response := claudeResponse(t.name, t.input, said)
	switch {
	case hook.IsMCP(t.name):
		part := hook.Object{}.WithText("type", "text").WithText("text", said)
		response = array([]json.RawMessage{part.JSON()})
	case t.name == "Glob": // a headline stands before the files
		response = claudeResponse(t.name, t.input, strings.Join(slices.DeleteFunc(strings.Split(said, "\n"), func(l string) bool { return !strings.HasPrefix(l, "/") }), "\n"))
	}
	if display := object(object(e.in, "tool_response"), "returnDisplay"); t.name == "Write" && len(display) > 0 {
		o, _ := hook.ParseObject(response)
		if fresh, ok := display.Get("isNewFile"); ok && string(fresh) == "false" {
			o = o.WithText("type", "update")
		}
		response = o.With("originalFile", value(display, "originalContent")).JSON()
	}
	return e.call(hook.PostToolUse, t.name, t.input, id, hook.Object{}.With("tool_response", response))
}

// failed is the event of a call that was made in vain.
func (e *commandEvent) failed(t toolCall, id, why string) hook.Event {
	more := hook.Object{}.WithText("tool_use_id", id).WithText("error", why).With("is_interrupt", boolean(truth(e.in, "is_interrupt")))
	return e.call(hook.PostToolUseFailure, t.name, t.input, "", more)
}

// contentOfParts is the text of a result, which may be a list of parts.
func contentOfParts(raw json.RawMessage) string {
	if s := hook.Text(raw); s != "" {
		return s
	}
	var all []string
	for _, part := range append(list(raw), raw) {
		if o, err := hook.ParseObject(part); err == nil && text(o, "text") != "" {
			all = append(all, text(o, "text"))
		}
	}
	return strings.Join(all, "\n")
}

// errorText is the text of an error: a text, or an object with one.
func errorText(raw json.RawMessage) string {
	if o, err := hook.ParseObject(raw); err == nil {
		return text(o, "message")
	}
	return hook.Text(raw)
}

// withError puts context behind the error of a tool that failed: such a result
// takes no context, only another text.
func withError(c Call, a answer) answer {
	raw, failed := object(c.Input, "tool_response").Get("error")
	if failed && string(raw) != "null" && len(a.context) > 0 && a.output == nil {
		all := paragraphs(append([]string{errorText(raw)}, a.context...))
		a.output, a.context = &all, nil
	}
	return a
}

// geminiLater keeps what a session that begins with /clear has for the model, which
// Gemini 0.61.0 would drop, for its first prompt.
func geminiLater(c Call, a answer, m *remembered) answer {
	if c.Native == "SessionStart" && text(c.Input, "source") == "clear" {
		m.Carry = concat(m.Carry, take(&a.context))
	}
	return a
}

// geminiStop is the end of a turn.
func geminiStop(e *commandEvent) ([]hook.Event, error) {
	e.in = dropped(renamed(e.in, "prompt_response", "last_assistant_message"), "prompt")
	return stopped(hook.Stop)(e)
}

func geminiCompress(e *commandEvent) ([]hook.Event, error) {
	if text(e.in, "trigger") != "manual" {
		return nil, nil
	}
	return plainly(hook.PreCompact, hook.Object{{Name: "custom_instructions", Value: json.RawMessage("null")}})(e)
}

func geminiNotice(e *commandEvent) ([]hook.Event, error) {
	if text(e.in, "notification_type") == "ToolPermission" {
		e.in = e.in.WithText("notification_type", "permission_prompt")
	}
	return plainly(hook.Notification, nil)(e)
}

func geminiEnd(e *commandEvent) ([]hook.Event, error) {
	if text(e.in, "reason") == "exit" {
		e.in = e.in.WithText("reason", "other")
	}
	return plainly(hook.SessionEnd, nil)(e)
}

// geminiWords puts an answer into Gemini's words. Of a block's two words it takes
// either; a Claude-shaped permissionDecision it does not see (§5.8).
func geminiWords(a answer) hook.Object {
	var o, own hook.Object
	switch {
	case a.halt:
		o = o.With("continue", boolean(false)).WithText("stopReason", a.why)
	case a.deny != "" && a.event == hook.Stop:
		o = o.WithText("decision", "block").WithText("reason", a.deny)
	case a.deny != "":
		o = o.WithText("decision", "deny").WithText("reason", a.deny)
	case a.output != nil:
		o = o.WithText("decision", "deny").WithText("reason", orBlank(*a.output))
	}
	if a.input != nil {
		own = own.With("tool_input", a.input.JSON())
	}
	if len(a.context) > 0 {
		own = own.WithText("additionalContext", paragraphs(a.context))
	}
	if hso := specific(a.native, own); hso != nil {
		o = o.With("hookSpecificOutput", hso)
	}
	if len(a.tell) > 0 {
		o = o.WithText("systemMessage", paragraphs(a.tell))
	}
	return o
}
