package mapper

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Copilot returns the dialect of GitHub Copilot CLI 1.0.102, in its own form: the
// events in camelCase (harnesses record §6). Payloads do not name their event, so
// that the command line must (Place.Event).
//
// VS Code reads the hook files of Copilot CLI, too, and sends payloads of its own;
// those are answered in the dialect of VSCode.
func Copilot() Harness {
	vscode := VSCode()
	return Harness{
		Name:      "copilot",
		Uncleaned: true,
		Unpaired:  []string{"userPromptTransformed"},
		Events:    copilotEvents(),
		Tools:     copilotTools(),
		Runs:      []hook.Scope{hook.ScopeProject, hook.ScopeLocal},
		Session: func(in hook.Object) string {
			if agent := text(in, "agentId"); agent != "" { // a question of permission names the session it came from
				return agent
			}
			return text(in, "sessionId")
		},
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			if in, err := hook.ParseObject(native); err == nil && text(in, "hookEventName") != "" {
				c, err := vscode.Decode(&vscode, native, at)
				c.Host = vscode.Name
				return c, err
			}
			return decodeForm(h, native, at, copilotForm, copilotReaders())
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			if c.Host == vscode.Name {
				return vscode.Encode(&vscode, c, ds)
			}
			a, m := answerCommand(h, c, apart(c, ds))
			o := copilotAnswer(a)
			if text(c.Input, "tool_name") == patchTool && a.input != nil {
				o = o.With("modifiedArgs", value(a.input, "command")) // a text, as it came
			}
			return answered(h, o, m)
		},
		Refuse: func(h *Harness, event, text string) Response {
			r := refuseCommand(h, event, text, copilotAnswer)
			if event == "preToolUse" { // who asked is not known: in VS Code's words, too
				own, _ := hook.ParseObject(r.Stdout)
				code := vscodeAnswer(answer{event: hook.PreToolUse, deny: text})
				r.Stdout = respond(append(own, code...), nil).Stdout
			}
			return r
		},
	}
}

// A prompt that hooks halt is one that is blocked. What a hook wants to be shown
// to the user has no place anywhere.
func copilotEvents() []EventRow {
	return []EventRow{
		{"sessionStart", hook.SessionStart, CanContext},
		{"userPromptSubmitted", hook.UserPromptSubmit, CanDeny | CanContext},
		{"preToolUse", hook.PreToolUse, CanDeny | CanAsk | CanAllow | CanRewrite | CanContext},
		{"permissionRequest", hook.PermissionRequest, CanDeny | CanAllow},
		{"postToolUse", hook.PostToolUse, CanContext | CanContinue | CanReplace},
		{"postToolUse", hook.PostToolUseFailure, CanContext | CanContinue},
		{"postToolUseFailure", hook.PostToolUseFailure, CanContext | CanContinue},
		{"agentStop", hook.Stop, CanContinue},
		{"subagentStart", hook.SubagentStart, CanContext},
		{"subagentStop", hook.SubagentStop, CanContinue},
		{"preCompact", hook.PreCompact, 0},
		{"notification", hook.Notification, 0},
		{"errorOccurred", hook.StopFailure, 0},
		{"sessionEnd", hook.SessionEnd, 0},
	}
}

// copilotTools is the table of §6.3. view_range is a pair; Claude's tool has
// nothing like it.
func copilotTools() []ToolRow {
	file := FieldRow{Native: "path", Claude: "file_path", Path: true}
	place := []FieldRow{{Native: "paths", Claude: "path", Path: true}}
	edit := []FieldRow{file, {Native: "old_str", Claude: "old_string"}, {Native: "new_str", Claude: "new_string"}, {Claude: "replace_all", Default: "false"}}
	return []ToolRow{
		{"bash", "Bash", nil},
		{"powershell", "PowerShell", nil},
		{"create", "Write", []FieldRow{file, {Native: "file_text", Claude: "content"}}},
		{"edit", "Edit", edit},
		{"str_replace_editor", "Edit", edit},
		{"view", "Read", []FieldRow{file, {Native: "view_range"}}},
		{"glob", "Glob", place},
		{"grep", "Grep", place},
		{"rg", "Grep", place},
		{"web_fetch", "WebFetch", nil},
		{"web_search", "WebSearch", nil},
		{"ask_user", "AskUserQuestion", nil},
		{"update_todo", "TodoWrite", nil},
		{"task", "Agent", []FieldRow{{Native: "agent_type", Claude: "subagent_type"}}},
		{"skill", "Skill", nil},
	}
}

// copilotSpreads are the searches in several places at once, where Claude's are in
// one. The tools have Claude's names where Copilot runs a Claude file itself.
func copilotSpreads() spreads {
	var all spreads
	for _, tool := range []string{"glob", "grep", "rg", "Glob", "Grep"} {
		all = append(all, spread{Native: tool, List: "paths", Item: "paths", Fields: []FieldRow{{Native: "paths", Claude: "path", Path: true}}})
	}
	return all
}

// copilotForm puts an event into the family's form. The arguments are an object,
// in versions before 1.0.102 the JSON text of one; a patch is a text, of a tool that
// is called Edit where Copilot runs a Claude file itself. A question of permission
// calls the file of an edit file_path, and a tool of an MCP server server/tool.
func copilotForm(in hook.Object, event string) hook.Object {
	o := renamed(in, "sessionId", "session_id", "hookName", "hook_event_name", "toolName", "tool_name", "toolArgs", "tool_input",
		"toolInput", "tool_input", "transcriptPath", "agent_transcript_path", "agentName", "agent_type", "agentId", "agent_id", "agentType", "agent_type")
	if _, named := o.Get("hook_event_name"); !named {
		o = o.WithText("hook_event_name", event)
	}
	if args := text(o, "tool_input"); args != "" {
		raw := json.RawMessage(args)
		if _, err := hook.ParseObject(raw); err != nil && text(o, "tool_name") == "Edit" {
			o = o.WithText("tool_name", patchTool)
		}
		if text(o, "tool_name") == patchTool {
			raw = hook.Object{}.WithText("command", args).JSON()
		}
		o = o.With("tool_input", raw)
	}
	args, tool := object(o, "tool_input"), text(o, "tool_name")
	own := Harness{Tools: copilotTools()}
	if _, ok := own.toolNamed(tool); ok && text(args, "file_path") != "" {
		o = o.With("tool_input", renamed(args, "file_path", "path").JSON())
	}
	if copilotSpreads().of(tool) {
		o = o.With("tool_input", searched(args).JSON())
	}
	if server, tool, ok := strings.Cut(text(o, "tool_name"), "/"); ok {
		server = plainName(server, "-")
		o = o.WithText("tool_name", server+"-"+tool).WithText(mcpServer, server)
	}
	return o
}

func copilotReaders() map[string]commandReader {
	all := copilotSpreads()
	return map[string]commandReader{
		"sessionStart":        without(freshStart, "initialPrompt"),
		"userPromptSubmitted": promptedBy,
		"preToolUse":          named(all.before),
		"permissionRequest":   named(without(all.asked, "permissionSuggestions")),
		"postToolUse":         named(all.after(copilotOutcome, "toolResult")),
		"postToolUseFailure":  named(all.after(func(in hook.Object, _ int) outcome { return outcome{text(in, "error"), true} }, "error")),
		"agentStop":           stoppedBy(hook.Stop),
		"subagentStart":       plainly(hook.SubagentStart, nil),
		"subagentStop":        stoppedBy(hook.SubagentStop),
		"preCompact":          plainly(hook.PreCompact, hook.Object{}.WithText("trigger", "auto")),
		"notification":        plainly(hook.Notification, hook.Object{}.WithText("notification_type", "")),
		"errorOccurred":       copilotFailure,
		"sessionEnd":          without(plainly(hook.SessionEnd, hook.Object{}.WithText("reason", "other")), "reason"),
	}
}

// freshStart is the start of a session where the agent has other words for its
// source than Claude, or none: what is not resumed is new.
func freshStart(e *commandEvent) ([]hook.Event, error) {
	source := "startup"
	if text(e.in, "source") == "resume" {
		source = "resume"
	}
	return []hook.Event{e.claude(hook.SessionStart, hook.Object{}.WithText("source", source))}, nil
}

func copilotFailure(e *commandEvent) ([]hook.Event, error) {
	said := text(object(e.in, "error"), "message")
	e.in = dropped(e.in, "error")
	own := hook.Object{}.WithText("error", "unknown").WithText("last_assistant_message", said)
	return []hook.Event{e.claude(hook.StopFailure, own)}, nil
}

// copilotOutcome is what became of a call. A shell command that failed is a
// success to Copilot, and says its status in the last line.
func copilotOutcome(in hook.Object, _ int) outcome {
	res := object(in, "toolResult")
	said := text(res, "textResultForLlm")
	trailer := regexp.MustCompile(`\n?<shellId: [^>]* completed with exit code (-?\d+)>$`)
	if m := trailer.FindStringSubmatchIndex(said); m != nil {
		status, err := strconv.Atoi(said[m[2]:m[3]])
		if said = said[:m[0]]; err != nil || status != 0 {
			return outcome{exitText(status, said), true}
		}
	}
	return outcome{said, text(res, "resultType") == "failure"}
}

// copilotAnswer words an answer (§6.3).
func copilotAnswer(a answer) hook.Object {
	o := hook.Object{}
	switch a.event {
	case hook.PreToolUse:
		o = copilotPermission(a)
	case hook.PermissionRequest:
		if a.deny != "" {
			o = o.WithText("behavior", "deny").WithText("message", a.deny)
		} else if a.allow {
			o = o.WithText("behavior", "allow")
		}
	default:
		if a.deny != "" {
			o = o.WithText("decision", "block").WithText("reason", a.deny)
		}
	}
	if a.output != nil {
		result := hook.Object{}.WithText("resultType", "success").WithText("textResultForLlm", *a.output)
		o = o.With("modifiedResult", result.JSON())
	}
	if len(a.context) > 0 {
		o = o.WithText("additionalContext", paragraphs(a.context))
	}
	return o
}

func copilotPermission(a answer) hook.Object {
	o := permission(a)
	if a.input != nil {
		o = o.With("modifiedArgs", a.input.JSON())
	}
	return o
}
