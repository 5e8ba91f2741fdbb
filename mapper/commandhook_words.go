package mapper

import (
	"encoding/json"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// respond words an answer as one JSON object, well-formed whatever a hook gave;
// without one, {}: some agents of the family read stderr where stdout is empty.
func respond(o hook.Object, m *remembered) Response {
	r := Response{Stdout: append(wellFormed(o.JSON()), '\n')}
	if m != nil {
		r.Memory = m.object()
	}
	return r
}

// refuseCommand is the answer when run-hooks could not do its work: what can be
// stopped is stopped, elsewhere the model or the user is told. Where not even the
// event is known, exit status 2 with a text stops whatever it was.
func refuseCommand(h *Harness, event, reason string, word func(answer) hook.Object) Response {
	if event == "" {
		return Response{Stderr: []byte(reason + "\n"), Exit: 2}
	}
	a := answer{native: event}
	for _, row := range h.Events {
		if row.Native != event || a.event != "" {
			continue
		}
		a.event = row.Claude
		switch {
		case slices.Contains([]hook.EventName{hook.PreToolUse, hook.PermissionRequest, hook.UserPromptSubmit, hook.UserPromptExpansion, hook.TaskCreated, hook.TaskCompleted}, row.Claude):
			a.deny = reason
		case row.Can&CanContext != 0 && row.Can&CanContinue == 0 || row.Claude == hook.PostToolUse:
			a.context = []string{reason}
		}
		if row.Can&CanTell != 0 {
			a.tell = []string{reason}
		}
	}
	return respond(word(a), nil)
}

// paragraphs joins texts that stand in one field, a paragraph each.
func paragraphs(texts []string) string { return strings.Join(texts, "\n\n") }

// specific is hookSpecificOutput with the event's name before what else is in it,
// nil if there is nothing else.
func specific(event string, o hook.Object) json.RawMessage {
	if len(o) == 0 {
		return nil
	}
	return append(hook.Object{{Name: "hookEventName", Value: hook.Quote(event)}}, o...).JSON()
}

// claudeWords puts an answer into Claude's own words, by a decision and never by
// the exit status.
func claudeWords(a answer) hook.Object {
	var o, own hook.Object
	if len(a.context) > 0 {
		own = own.WithText("additionalContext", paragraphs(a.context))
	}
	switch {
	case a.event == hook.PreToolUse:
		own = append(claudeVerdict(a), own...)
	case a.event == hook.PermissionRequest:
		own = codexGrant(a)
	case a.deny != "":
		o = o.WithText("decision", "block").WithText("reason", a.deny)
	}
	if o = codexHalt(o, a.halt, a.why); len(a.tell) > 0 {
		o = o.WithText("systemMessage", paragraphs(a.tell))
	}
	if hso := specific(a.native, own); hso != nil {
		o = o.With("hookSpecificOutput", hso)
	}
	return o
}

// claudeVerdict is the decision on a call.
func claudeVerdict(a answer) hook.Object {
	switch {
	case a.deny != "":
		return hook.Object{}.WithText("permissionDecision", "deny").WithText("permissionDecisionReason", a.deny)
	case a.ask != "":
		return hook.Object{}.WithText("permissionDecision", "ask").WithText("permissionDecisionReason", a.ask)
	case a.input != nil:
		return hook.Object{}.With("updatedInput", a.input.JSON())
	}
	return nil
}
