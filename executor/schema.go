package executor

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// A fieldRule says what a field of a hook's output must be. Claude Code ignores
// an output as a whole if one field is anything else (§7.1).
type fieldRule struct {
	name  string
	kind  byte     // first byte of the JSON text; 't' is a boolean
	words []string // the strings it may be; nil: any
}

// topFields are the fields of every event's output.
func topFields() []fieldRule {
	return []fieldRule{
		{name: "continue", kind: 't'},
		{name: "suppressOutput", kind: 't'},
		{name: "stopReason", kind: '"'},
		{name: "decision", kind: '"', words: []string{"approve", "block"}},
		{name: "reason", kind: '"'},
		{name: "systemMessage", kind: '"'},
		{name: "terminalSequence", kind: '"'},
		{name: "hookSpecificOutput", kind: '{'},
	}
}

// specificFields are the fields of hookSpecificOutput by event, as in the
// published types of the client's SDK.
func specificFields(event hook.EventName) []fieldRule {
	context := fieldRule{name: "additionalContext", kind: '"'}
	switch event {
	case hook.PreToolUse:
		return []fieldRule{context, {name: "permissionDecision", kind: '"', words: []string{"allow", "deny", "ask", "defer"}},
			{name: "permissionDecisionReason", kind: '"'}, {name: "updatedInput", kind: '{'}}
	case hook.PreModelSwitch:
		return []fieldRule{{name: "permissionDecision", kind: '"', words: []string{"allow", "deny", "ask"}}, {name: "permissionDecisionReason", kind: '"'}}
	case hook.PostToolUse:
		return []fieldRule{context, {name: "classifierContext", kind: '"'}}
	case hook.UserPromptSubmit:
		return []fieldRule{context, {name: "sessionTitle", kind: '"'}, {name: "suppressOriginalPrompt", kind: 't'}}
	case hook.UserPromptExpansion:
		return []fieldRule{context, {name: "suppressOriginalPrompt", kind: 't'}}
	case hook.SessionStart:
		return []fieldRule{context, {name: "initialUserMessage", kind: '"'}, {name: "sessionTitle", kind: '"'},
			{name: "watchPaths", kind: '['}, {name: "reloadSkills", kind: 't'}}
	case hook.PermissionRequest:
		return []fieldRule{{name: "decision", kind: '{'}}
	case hook.PermissionDenied:
		return []fieldRule{{name: "retry", kind: 't'}}
	case hook.Elicitation, hook.ElicitationResult:
		return []fieldRule{{name: "action", kind: '"', words: []string{"accept", "decline", "cancel"}}, {name: "content", kind: '{'}}
	case hook.CwdChanged, hook.FileChanged:
		return []fieldRule{{name: "watchPaths", kind: '['}}
	case hook.WorktreeCreate:
		return []fieldRule{{name: "worktreePath", kind: '"'}}
	case hook.MessageDisplay:
		return []fieldRule{{name: "displayContent", kind: '"'}}
	}
	return []fieldRule{context}
}

// fault says which field of o breaks its rule, "" if none does.
func fault(o hook.Object, rules []fieldRule) string {
	for _, r := range rules {
		value, ok := o.Get(r.name)
		if !ok {
			continue
		}
		if !r.fits(value) {
			return fmt.Sprintf("hook JSON output validation failed: %q is %s", r.name, short(value))
		}
	}
	return ""
}

func (r fieldRule) fits(value json.RawMessage) bool {
	if len(value) == 0 {
		return false
	}
	first := value[0]
	if first == 'f' {
		first = 't'
	}
	return first == r.kind && (r.words == nil || slices.Contains(r.words, hook.Text(value)))
}

// specificFault checks hookSpecificOutput: it must name an event that has one.
func specificFault(o hook.Object) string {
	name := hook.EventName(hook.Text(member(o, "hookEventName")))
	spec, known := hook.Spec(name)
	if !known || !spec.Own {
		return fmt.Sprintf("hook JSON output validation failed: hookSpecificOutput names the event %q", name)
	}
	return fault(o, specificFields(name))
}

// short returns value as text for a message, at most 60 bytes.
func short(value json.RawMessage) string {
	const most = 60
	if text := string(value); len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(string(value[:most]), "") + "…"
}
