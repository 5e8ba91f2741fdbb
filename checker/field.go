package checker

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// commonFields are in the payload of every event, some of them only at times (§1.2).
func commonFields() []string {
	return strings.Fields("session_id transcript_path cwd hook_event_name prompt_id permission_mode agent_id agent_type effort scratchpad_dir")
}

// eventFields returns the fields of an event's payload beyond the common ones
// (§1.2, reference §1.2).
func eventFields(event hook.EventName) []string { return fieldTable()[event] }

// fieldTable is the table of eventFields.
var fieldTable = sync.OnceValue(func() map[hook.EventName][]string {
	out := map[hook.EventName][]string{}
	for event, fields := range map[hook.EventName]string{
		hook.SessionStart:        "source model session_title seconds_since_last_response context_tokens prompt_cache_likely_expired estimated_cache_write_usd",
		hook.Setup:               "trigger",
		hook.InstructionsLoaded:  "file_path memory_type load_reason globs trigger_file_path parent_file_path",
		hook.UserPromptSubmit:    "prompt source session_title",
		hook.UserPromptExpansion: "expansion_type command_name command_args command_source prompt",
		hook.PreToolUse:          "tool_name tool_input tool_use_id mcp_server",
		hook.PermissionRequest:   "tool_name tool_input permission_suggestions mcp_server",
		hook.PermissionDenied:    "tool_name tool_input tool_use_id reason mcp_server",
		hook.PostToolUse:         "tool_name tool_input tool_response tool_use_id duration_ms mcp_server",
		hook.PostToolUseFailure:  "tool_name tool_input tool_use_id error is_interrupt duration_ms mcp_server",
		hook.PostToolBatch:       "tool_calls",
		hook.MessageDisplay:      "turn_id message_id index final delta",
		hook.Stop:                "stop_hook_active last_assistant_message background_tasks session_crons",
		hook.StopFailure:         "error error_details last_assistant_message",
		hook.SubagentStop:        "stop_hook_active agent_transcript_path last_assistant_message background_tasks session_crons",
		hook.PreCompact:          "trigger custom_instructions",
		hook.PostCompact:         "trigger compact_summary",
		hook.Notification:        "message title notification_type",
		hook.Elicitation:         "mcp_server_name message mode url elicitation_id requested_schema",
		hook.ElicitationResult:   "mcp_server_name action content mode elicitation_id",
		hook.ConfigChange:        "source file_path",
		hook.CwdChanged:          "old_cwd new_cwd",
		hook.DirectoryAdded:      "directory source",
		hook.FileChanged:         "file_path event",
		hook.WorktreeCreate:      "name",
		hook.WorktreeRemove:      "worktree_path",
		hook.PreModelSwitch:      "from_model to_model requested_model source context_tokens prompt_cache_warm cache_ttl estimated_cache_write_usd pricing",
		hook.PostModelSwitch:     "from_model to_model requested_model source context_tokens prompt_cache_warm cache_ttl estimated_cache_write_usd pricing",
		hook.SessionEnd:          "reason",
		hook.TeammateIdle:        "teammate_name team_name",
		hook.TaskCreated:         "task_id task_subject task_description teammate_name team_name",
		hook.TaskCompleted:       "task_id task_subject task_description teammate_name team_name",
	} {
		out[event] = strings.Fields(fields)
	}
	return out
})

// meantFields pairs fields that no payload of Claude Code has with what was meant.
var meantFields = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"user_prompt": "prompt", "userPrompt": "prompt", "user_message": "prompt", "user_input": "prompt", "prompt_text": "prompt",
		"tool_output": "tool_response", "tool_result": "tool_response", "toolResult": "tool_response", "tool_results": "tool_response",
		"toolName": "tool_name", "tool": "tool_name", "toolInput": "tool_input", "tool_args": "tool_input", "toolArgs": "tool_input", "tool_params": "tool_input", "parameters": "tool_input",
		"hook_event": "hook_event_name", "event_name": "hook_event_name", "hookEventName": "hook_event_name", "sessionId": "session_id",
		"transcriptPath": "transcript_path", "transcript": "transcript_path", "working_directory": "cwd", "project_dir": "cwd", "workspace": "cwd",
		"command": "tool_input.command", "file_path": "tool_input.file_path", "filePath": "tool_input.file_path", "content": "tool_input.content",
	}
})

// hasField reports whether an event of the program has a field of that name.
// Scripts that Codex runs too may read what it sends.
func (p *program) hasField(name string) bool {
	if slices.Contains(commonFields(), name) {
		return true
	}
	return slices.ContainsFunc(p.uses, func(h handler) bool {
		return slices.Contains(eventFields(h.spec.Name), name) || h.kind == Codex && slices.Contains([]string{"turn_id", "model"}, name)
	})
}

// jqField is a field at the top of a payload, and what is taken from it.
var jqField = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[\s(,/])\.([A-Za-z_]\w*)(?:\??\.([A-Za-z_]\w*))?`)
})

// lintFields finds reads of fields that the payload of the event does not have.
func lintFields(p *program) {
	if p.tree == nil {
		lintFieldCode(p)
		return
	}
	for _, filter := range p.filters() {
		p.lintFilter(filter)
	}
}

// lintFilter judges a filter of jq over the payload: it is right if one of its
// alternatives is.
func (p *program) lintFilter(w *syntax.Word) {
	text, _ := p.plainText(w)
	if end := strings.IndexAny(text, "|[{$"); end >= 0 {
		text = text[:end]
	}
	fields := jqField().FindAllStringSubmatch(text, -1)
	if len(fields) == 0 || slices.ContainsFunc(fields, func(m []string) bool { return p.hasField(m[1]) && !wrongInput(m) }) {
		return
	}
	name, second := fields[0][1], fields[0][2]
	instead := meantFields()[name]
	at := int(w.Pos().Offset()) + max(0, strings.Index(p.source(w), "."+name))
	report := func(s loader.Severity, msg, right string) {
		p.add(at, at+1+len(name), s, "payload-field", msg, "the hook reads null", right)
	}
	switch {
	case wrongInput(fields[0]):
		report(loader.Error, fmt.Sprintf("the input of no tool has .%s", second), "write .tool_input.file_path")
	case instead != "" && p.hasField(before(instead)):
		report(loader.Error, fmt.Sprintf("the payload of %s has no .%s", p.eventNames(), name), "write ."+instead)
	case p.elsewhere(name) != "":
		report(loader.Warning, fmt.Sprintf("the payload of %s has no .%s, which is of %s", p.eventNames(), name, p.elsewhere(name)), "")
	case instead != "":
		report(loader.Error, fmt.Sprintf("no payload has .%s", name), "")
	default:
		report(loader.Info, fmt.Sprintf("no payload known here has .%s", name), "")
	}
}

func before(path string) string {
	first, _, _ := strings.Cut(path, ".")
	return first
}

// wrongInput reports whether a path takes a field from the tool's input that has
// another agent's spelling.
func wrongInput(m []string) bool {
	return m[1] == "tool_input" && slices.Contains([]string{"filePath", "filepath", "filename"}, m[2])
}

// elsewhere returns an event that has the field, "" if none has.
func (p *program) elsewhere(name string) string {
	for _, s := range hook.Events() {
		if slices.Contains(eventFields(s.Name), name) {
			return string(s.Name)
		}
	}
	return ""
}

// fieldCode is a field as Python and JavaScript read it from the payload.
var fieldCode = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:\b(?:input|data|payload|event|hook_?[iI]nput|hook_?[dD]ata|input_?[dD]ata|json_?[dD]ata|stdin_?[dD]ata))(?:\.get\(\s*["']|\[["']|\??\.)(user_prompt|userPrompt|tool_output|tool_result|toolName|toolInput|tool_args)\b`)
})

// lintFieldCode is lintFields for Python and JavaScript. A program that knows the
// right name too is written for several agents.
func lintFieldCode(p *program) {
	for _, at := range fieldCode().FindAllStringSubmatchIndex(p.text, -1) {
		name := p.text[at[2]:at[3]]
		instead := meantFields()[name]
		if wordIn(p.text, instead) || !p.hasField(instead) {
			continue
		}
		p.add(at[2], at[3], loader.Error, "payload-field", fmt.Sprintf("the payload of %s has no %s", p.eventNames(), name), "the hook reads nothing", "read "+instead)
	}
}

// wordIn reports whether text has word with no letter at either side.
func wordIn(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		letter := func(b byte) bool {
			return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
		}
		if (start == 0 || !letter(text[start-1])) && (end == len(text) || !letter(text[end])) {
			return true
		}
		at = end
	}
}
