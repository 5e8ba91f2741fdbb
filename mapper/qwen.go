package mapper

import (
	"encoding/json"
	"hash/fnv"
	"strconv"

	hook "github.com/run-hooks/run-hooks"
)

// Qwen is the dialect of Qwen Code 0.24.4, the nearest there is to Claude's own.
// Sections named here are those of the harness record (harnesses.md §9).
//
//   - The input of a call cannot be changed, although its documentation says so: the
//     call is refused with the input that is wanted. But what a PermissionRequest hook
//     allows can be: PreToolUse hooks are asked about that then.
//   - Context for the model cannot go with a call: it comes with the result. So
//     does what a PostToolUse hook blocks with, of which Qwen Code makes nothing.
//   - continue:false of a tool's hook does not end the turn: no more calls are let
//     pass in it, and its Stop is not held up.
//     A continue:false of a Stop hook would even send the model back to work.
//   - UserPromptSubmit comes for each result of a tool, too, then with an empty
//     prompt, and for what a Stop hook said.
//   - A PostToolBatch that is blocked ends no turn, either: the result of the last
//     call becomes an error.
//   - Where an MCP tool wants no text, a text that spells what it wants is made that,
//     after hooks were asked: they run for both.
//   - It waits a minute for most answers, for that to PostToolBatch 15 s, whatever
//     the timeout: then the call is made.
//   - PermissionDenied and InstructionsLoaded are told and not asked.
//   - MessageDisplay comes several times a second while a text streams, for every
//     user, and a process of the client's own with each: it is not taken up.
//   - The items of todo_write are Claude's tasks; only a decision by JSON stops one.
//   - Only what a Stop hook has for the user is shown: it waits for that.
//   - Of several hooks of its own config the last permissionDecision counts, but the
//     continue:false of any: with it no other hook undoes what stands against a call.
func Qwen() Harness {
	return Harness{
		Name:     "qwen",
		Unpaired: []string{"SessionDelete", "MessageDisplay"},
		Events:   qwenEvents(),
		Tools:    qwenTools(),
		Session:  commandSession,
		Patience: qwenPatience,
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeCommand(h, native, at, qwenReaders(), qwenModes())
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, ds)
			return respond(qwenWords(qwenWhole(a, m)), m)
		},
		Refuse: func(h *Harness, event, text string) Response { return refuseCommand(h, event, text, qwenWords) },
	}
}

// qwenPatience is of the events that the client sends by its message bus, which has
// a limit of its own. The answers to others are waited for as the config says.
func qwenPatience(native string) int {
	switch native {
	case "PostToolBatch":
		return 15
	case "PreToolUse", "PermissionRequest", "PostToolUse", "PostToolUseFailure", "UserPromptSubmit", "Stop", "Notification":
		return 60
	}
	return 0
}

// qwenEvents is what was seen to be honoured.
func qwenEvents() []EventRow {
	return []EventRow{
		{"SessionStart", hook.SessionStart, CanContext},
		{"UserPromptSubmit", hook.UserPromptSubmit, CanDeny | CanContext},
		{"UserPromptExpansion", hook.UserPromptExpansion, CanDeny | CanContext},
		{"PreToolUse", hook.PreToolUse, CanDeny | CanAsk},
		{"PermissionRequest", hook.PermissionRequest, CanDeny | CanAllow | CanRewrite},
		{"PermissionDenied", hook.PermissionDenied, 0},
		{"PostToolUse", hook.PostToolUse, CanContext | CanContinue},
		{"PostToolUseFailure", hook.PostToolUseFailure, CanContext | CanContinue},
		{"PostToolBatch", hook.PostToolBatch, CanContext},
		{"TodoCreated", hook.TaskCreated, CanDeny},
		{"TodoCreated", hook.TaskCompleted, CanDeny},
		{"TodoCompleted", hook.TaskCompleted, CanDeny},
		{"PreCompact", hook.PreCompact, 0},
		{"PostCompact", hook.PostCompact, 0},
		{"SubagentStart", hook.SubagentStart, CanContext},
		{"SubagentStop", hook.SubagentStop, CanContinue | CanContext},
		{"Stop", hook.Stop, CanContinue | CanContext | CanTell},
		{"StopFailure", hook.StopFailure, 0},
		{"Notification", hook.Notification, 0},
		{"InstructionsLoaded", hook.InstructionsLoaded, 0},
		{"SessionEnd", hook.SessionEnd, 0},
	}
}

// qwenTools is the table of §9, and the other tools of 0.24.4 that Claude Code has
// one like. A monitor runs a command: what guards commands guards it. An image that
// is zoomed into or shown, and a page that is published, are files that are read. MCP
// tools have Claude's names already, any other tool keeps its own.
func qwenTools() []ToolRow {
	file := FieldRow{Native: "file_path", Claude: "file_path", Path: true}
	agent := []FieldRow{{Native: "description", Claude: "description"}}
	return []ToolRow{
		{"run_shell_command", "Bash", []FieldRow{{Native: "is_background", Claude: "run_in_background"}, {Native: "directory"}}},
		{"write_file", "Write", []FieldRow{file}},
		{"edit", "Edit", []FieldRow{file, {Native: "replace_all", Claude: "replace_all", Default: "false"}}},
		{"read_file", "Read", []FieldRow{file}},
		{"zoom_image", "Read", []FieldRow{file}},
		{"display_image", "Read", []FieldRow{file}},
		{"artifact", "Read", []FieldRow{file}},
		{"glob", "Glob", nil},
		{"grep_search", "Grep", nil},
		{"list_directory", "LS", []FieldRow{{Native: "path", Claude: "path", Path: true}}},
		{"web_fetch", "WebFetch", nil},
		{"web_search", "WebSearch", nil},
		{"todo_write", "TodoWrite", nil},
		{"task", "Agent", agent},
		{"agent", "Agent", agent},
		{"skill", "Skill", nil},
		{"exit_plan_mode", "ExitPlanMode", nil},
		{"enter_plan_mode", "EnterPlanMode", nil},
		{"notebook_edit", "NotebookEdit", []FieldRow{{Native: "notebook_path", Claude: "notebook_path", Path: true}}},
		{"monitor", "Bash", []FieldRow{
			{Claude: "run_in_background", Default: "true"},
			{Native: "directory"}, {Native: "max_events"}, {Native: "idle_timeout_ms"},
		}},
		{"ask_user_question", "AskUserQuestion", nil},
		{"enter_worktree", "EnterWorktree", nil},
		{"exit_worktree", "ExitWorktree", nil},
		{"cron_create", "CronCreate", nil},
		{"cron_delete", "CronDelete", nil},
		{"cron_list", "CronList", nil},
		{"task_stop", "TaskStop", nil},
		{"send_message", "SendMessage", nil},
		{"tool_search", "ToolSearch", nil},
		{"workflow", "Workflow", nil},
		{"lsp", "LSP", nil},
		{"read_mcp_resource", "ReadMcpResourceTool", []FieldRow{{Native: "server_name", Claude: "server"}}},
	}
}

// qwenModes are the permission modes that Claude calls otherwise.
func qwenModes() map[string]string {
	return map[string]string{"auto_edit": "acceptEdits", "auto-edit": "acceptEdits", "yolo": "bypassPermissions"}
}

func qwenReaders() map[string]commandReader {
	return map[string]commandReader{
		"SessionStart":        plainly(hook.SessionStart, nil),
		"UserPromptExpansion": qwenExpansion,
		"PermissionDenied":    qwenCall(hook.PermissionDenied),
		"PostToolBatch":       qwenBatch,
		"TodoCreated":         qwenTodo,
		"TodoCompleted":       qwenTodo,
		"InstructionsLoaded":  qwenInstructions,
		"UserPromptSubmit":    qwenPrompt,
		"PreToolUse":          qwenCall(hook.PreToolUse),
		"PermissionRequest":   qwenCall(hook.PermissionRequest),
		"PostToolUse":         qwenResult,
		"PostToolUseFailure":  qwenFailure,
		"PreCompact":          plainly(hook.PreCompact, hook.Object{{Name: "custom_instructions", Value: json.RawMessage("null")}}),
		"PostCompact":         plainly(hook.PostCompact, hook.Object{}.WithText("compact_summary", "")),
		"SubagentStart":       plainly(hook.SubagentStart, nil),
		"SubagentStop":        stopped(hook.SubagentStop),
		"Stop":                stopped(hook.Stop),
		"StopFailure":         plainly(hook.StopFailure, nil),
		"Notification":        plainly(hook.Notification, nil),
		"SessionEnd":          plainly(hook.SessionEnd, nil),
	}
}

// qwenPrompt is a prompt. Not every client says by a submitted_prompt that it is
// the user's own, so that each text is taken for one but that of a Stop hook.
func qwenPrompt(e *commandEvent) ([]hook.Event, error) {
	if _, own := e.in.Get("submitted_prompt"); own {
		return prompted(e)
	}
	if text(e.in, "prompt") == "" {
		return nil, nil
	}
	return promptedBy(e)
}

// qwenTool reads the call that the event is about. A search, and no other tool, takes
// a relative path, and ~ for the home directory.
func qwenTool(e *commandEvent) (toolCall, error) {
	t, err := e.tool()
	t.name = qwenName(t.name)
	if p := text(t.args, "path"); p != "" && (t.name == "Glob" || t.name == "Grep") {
		t.input = t.input.WithText("path", absolutePath(p, e.cwd, e.home))
	}
	return t, err
}

// qwenName is Claude's name of a tool. Where the name of an MCP server or its tool
// has other characters than letters, digits, _ and -, Qwen Code puts a _ for each,
// as Claude Code does, and a hash of the name behind it.
func qwenName(name string) string {
	end := len(name) - len("_0123456")
	if !hook.IsMCP(name) || end < 0 || name[end] != '_' {
		return name
	}
	sum, err := strconv.ParseUint(name[end+1:], 36, 32)
	if err != nil || !qwenHashed(name[:end], uint32(sum), len("mcp__"), 3) {
		return name
	}
	return name[:end]
}

// qwenHashed reports whether sum is the hash of a name that became this one: of its
// underscores from a place on, most at most were something else. There is no other
// way to tell a hash from a part of the name.
func qwenHashed(name string, sum uint32, from, most int) bool {
	h := fnv.New32a()
	if _, _ = h.Write([]byte(name)); h.Sum32() == sum {
		return true
	}
	for i := from; i < len(name) && most > 0; i++ {
		for _, was := range " ./:@+&" {
			if name[i] == '_' && qwenHashed(name[:i]+string(was)+name[i+1:], sum, i+1, most-1) {
				return true
			}
		}
	}
	return false
}

// qwenCall is a call that is about to be made, or to be asked for.
func qwenCall(name hook.EventName) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		t, err := qwenTool(e)
		if err != nil {
			return nil, err
		}
		var out []hook.Event
		for _, input := range qwenReadings(t) {
			out = append(out, e.call(name, t.name, input, qwenID(e.in), nil))
		}
		return out, nil
	}
}

// qwenResult is a call that was made.
func qwenResult(e *commandEvent) ([]hook.Event, error) {
	t, err := qwenTool(e)
	if err != nil {
		return nil, err
	}
	said := contentOfParts(value(object(e.in, "tool_response"), "llmContent"))
	return []hook.Event{e.succeeded(t, qwenID(e.in), said)}, nil
}

// qwenFailure is a call that was made in vain; a shell command that failed is one.
func qwenFailure(e *commandEvent) ([]hook.Event, error) {
	t, err := qwenTool(e)
	if err != nil {
		return nil, err
	}
	why := text(e.in, "error")
	if output, exit := shellReport(why); t.name == "Bash" && exit != 0 {
		why = exitText(exit, output)
	}
	return []hook.Event{e.failed(t, qwenID(e.in), why)}, nil
}

// qwenID is the id that the model gave a call. It is that of all events of the
// call, where tool_use_id is one thing in PreToolUse and another in PostToolBatch.
func qwenID(in hook.Object) string {
	if id := text(in, "tool_call_id"); id != "" {
		return id
	}
	return text(in, "tool_use_id")
}
