package executor

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// This file states the rules of §5 to §7 (with the corrections of §14) a second
// time, plainly, without a line of the code they are tested against: what one
// hook's end means on an event, and how several become one decision. Where the
// record is silent the model is, too: see modelDecision.open.

// A modelEvent is what the record says of one event. The words are:
//
//	exit2     exit status 2 blocks (§6.1)
//	block     "decision": "block" blocks (§7.2)
//	permits   PreToolUse: permissionDecision, approve, updatedInput (§7.3)
//	answers   PermissionRequest: hookSpecificOutput.decision alone (§7.5)
//	nonzero   any exit status but 0 blocks
//	halt      "continue": false ends the turn
//	context   additionalContext reaches the model
//	message   systemMessage reaches the user
//	own       the event has a hookSpecificOutput of its own
//	plain     plain stdout at exit status 0 is context
//	lead      and stands before additionalContext
//	summary   stdout at exit status 0 is instructions (PreCompact)
//	alone     a block leaves out context and messages
//	first     the first verdict ends the wait
//	replaces  updatedToolOutput
type modelEvent struct {
	name  hook.EventName
	words string
}

func modelEvents() []modelEvent {
	return []modelEvent{
		{hook.PreToolUse, "exit2 block permits halt context message own"},
		{hook.PostToolUse, "exit2 block halt context message own replaces"},
		{hook.PostToolUseFailure, "exit2 block context message own"},
		{hook.PostToolBatch, "exit2 block halt context message own"},
		{hook.UserPromptSubmit, "exit2 block halt context message own plain alone first"},
		{hook.UserPromptExpansion, "exit2 block halt context message own plain alone first"},
		{hook.Stop, "exit2 block halt context message own"},
		{hook.SubagentStop, "exit2 block halt context own"},
		{hook.SessionStart, "context message own plain lead"},
		{hook.SubagentStart, "context own"},
		{hook.PreCompact, "exit2 block summary"},
		{hook.ConfigChange, "exit2 block"},
		{hook.PermissionRequest, "answers own message first"},
		{hook.Setup, "own"},
		{hook.Notification, "own"},
		{hook.PermissionDenied, "own"},
		{hook.MessageDisplay, "own"},
		{hook.SessionEnd, ""},
		{hook.PostCompact, ""},
		{hook.StopFailure, ""},
		{hook.InstructionsLoaded, ""},
	}
}

func (e modelEvent) is(word string) bool { return slices.Contains(strings.Fields(e.words), word) }

// A modelEnd is how one hook ended.
type modelEnd struct {
	command        string
	stdout, stderr string
	status         int
	timedOut       bool
}

// A modelVerdict is what one hook's end means.
type modelVerdict struct {
	permission, reason     string
	halt                   bool
	stopReason             string
	input, output          any // nil: none
	context, plain, notice string
	silent                 bool // the record does not say which reason counts
}

// modelRead says what a hook's end means: a timeout nothing (§8); else JSON
// first, at any exit status; then exit status 2 (§0.2).
func modelRead(e modelEvent, tool string, end modelEnd) modelVerdict {
	var v modelVerdict
	if end.timedOut {
		return v
	}
	text := strings.Trim(end.stdout, " \t\r\n\uFEFF")
	object, isObject := modelObject(text)
	looksLike := strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}")
	valid := isObject && modelSchema(e, object)
	if valid {
		modelJSON(&v, e, tool, end.command, object)
	}
	if end.status == 2 && e.is("exit2") && v.permission != "deny" {
		v.permission, v.reason = "deny", modelStderr(e, end)
	}
	if end.status != 0 || isObject && !valid || !isObject && looksLike {
		return v
	}
	switch {
	case e.is("plain") && !isObject:
		v.plain = text
	case e.is("summary") && v.permission == "":
		v.plain = text
	}
	return v
}

// modelObject reads text as JavaScript's JSON.parse; ok says it is an object.
func modelObject(text string) (map[string]any, bool) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil || dec.More() {
		return nil, false
	}
	o, ok := v.(map[string]any)
	return o, ok
}

// modelStderr is the text of exit status 2 (§0.3, §6.1, §14).
func modelStderr(e modelEvent, end modelEnd) string {
	text := end.stderr
	if e.is("summary") {
		if text = strings.TrimSpace(text); text == "" {
			return "[" + end.command + "]"
		}
	}
	if text == "" {
		text = "No stderr output"
	}
	return "[" + end.command + "]: " + text
}

// modelSchema says whether an output counts at all (§7.1).
func modelSchema(e modelEvent, o map[string]any) bool {
	for name, value := range o {
		good := true
		switch name {
		case "continue", "suppressOutput":
			_, good = value.(bool)
		case "reason", "systemMessage", "stopReason":
			_, good = value.(string)
		case "decision":
			good = value == "approve" || value == "block"
		case "hookSpecificOutput":
			good = modelSpecificSchema(e, value)
		}
		if !good {
			return false
		}
	}
	return true
}

// modelSpecificSchema is the same for hookSpecificOutput; its fields are those of
// the event it names.
func modelSpecificSchema(e modelEvent, value any) bool {
	o, ok := value.(map[string]any)
	if !ok {
		return false
	}
	i := slices.IndexFunc(modelEvents(), func(m modelEvent) bool { return string(m.name) == o["hookEventName"] })
	if i < 0 || !modelEvents()[i].is("own") {
		return false
	}
	named := modelEvents()[i]
	text := func(name string) bool { v, given := o[name]; _, is := v.(string); return !given || is }
	if named.is("context") && !text("additionalContext") {
		return false
	}
	if named.is("permits") {
		decision, given := o["permissionDecision"]
		input, rewrites := o["updatedInput"]
		_, isObject := input.(map[string]any)
		known := decision == "allow" || decision == "deny" || decision == "ask" || decision == "defer"
		if given && !known || rewrites && !isObject || !text("permissionDecisionReason") {
			return false
		}
	}
	// hookSpecificOutput of another event is an error, unless "block" stands beside
	// it, or on PreCompact (§7.1, §14).
	return true
}

// modelJSON says what a valid output means (§7.2 to §7.5).
func modelJSON(v *modelVerdict, e modelEvent, tool, command string, o map[string]any) {
	specific, _ := o["hookSpecificOutput"].(map[string]any)
	if specific != nil && specific["hookEventName"] != string(e.name) {
		if o["decision"] != "block" && !e.is("summary") {
			return
		}
		specific = nil
	}
	reason, _ := o["reason"].(string)
	if e.is("message") {
		v.notice, _ = o["systemMessage"].(string)
	}
	if e.is("halt") && o["continue"] == false {
		v.halt = true
		v.stopReason, _ = o["stopReason"].(string)
	}
	if e.is("context") {
		v.context, _ = specific["additionalContext"].(string)
	}
	if e.is("block") && o["decision"] == "block" {
		v.permission, v.reason = "deny", reason
		switch {
		case e.is("summary") && reason == "":
			v.reason = "[" + command + "]"
		case e.is("summary"):
			v.reason = "[" + command + "]: " + reason
		case reason == "":
			v.reason = "Blocked by hook"
		}
	}
	if e.is("permits") {
		modelPermits(v, tool, o, specific)
	}
	if e.is("answers") {
		modelAnswers(v, specific)
	}
	if e.is("replaces") {
		modelReplaces(v, tool, specific)
	}
}

// modelPermits is §7.3.
func modelPermits(v *modelVerdict, tool string, o, specific map[string]any) {
	blocked := v.permission == "deny"
	if o["decision"] == "approve" {
		v.permission = "allow"
	}
	reason, _ := specific["permissionDecisionReason"].(string)
	if input, ok := specific["updatedInput"]; ok {
		v.input = input
	}
	switch decision, _ := specific["permissionDecision"].(string); {
	case decision == "deny":
		if reason == "" {
			reason, _ = o["reason"].(string)
		}
		if reason == "" {
			reason = "Blocked by hook"
		}
		v.permission, v.reason, v.silent = "deny", reason, blocked
	case blocked || decision == "":
	case decision == "ask":
		if reason == "" {
			reason = "Hook PreToolUse:" + tool + " asked for confirmation for this tool"
		}
		v.permission, v.reason, v.halt, v.stopReason = "ask", reason, false, ""
	default:
		v.permission = decision
	}
}

// modelAnswers is §7.5.
func modelAnswers(v *modelVerdict, specific map[string]any) {
	answer, _ := specific["decision"].(map[string]any)
	switch answer["behavior"] {
	case "allow":
		v.permission = "allow"
		if input, ok := answer["updatedInput"].(map[string]any); ok {
			v.input = input
		}
	case "deny":
		v.permission, v.reason = "deny", "Permission denied by hook"
		if message, _ := answer["message"].(string); message != "" {
			v.reason = message
		}
	}
}

// modelReplaces is §7.4, for Bash and MCP tools.
func modelReplaces(v *modelVerdict, tool string, specific map[string]any) {
	value, given := specific["updatedToolOutput"]
	if strings.HasPrefix(tool, "mcp__") {
		if old, ok := specific["updatedMCPToolOutput"]; ok && !given {
			value, given = old, true
		}
		if given {
			v.output = modelValue(value)
		}
		return
	}
	shape, _ := value.(map[string]any)
	for _, name := range []string{"stdout", "stderr", "interrupted", "isImage"} {
		if _, ok := shape[name]; !ok {
			return
		}
	}
	v.output = modelValue(value)
}

// modelValue is v as JSON text, so that null is something.
func modelValue(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return strings.TrimSpace(b.String())
}
