package mapper

import hook "github.com/run-hooks/run-hooks"

// codexWords puts an answer into Codex's words.
func codexWords(a answer) hook.Object {
	var o, own hook.Object
	if len(a.context) > 0 {
		own = own.WithText("additionalContext", paragraphs(a.context))
	}
	switch {
	case a.native == "PermissionRequest":
		own = codexGrant(a)
	case a.event == hook.PreToolUse:
		own = append(codexVerdict(a), own...)
	case a.event == hook.PreCompact:
		o = codexHalt(o, a.deny != "", a.deny)
	case a.event == hook.PostToolUse:
		if a.output != nil {
			o = o.WithText("decision", "block").WithText("reason", orBlank(*a.output))
		}
	default:
		if a.deny != "" {
			o = o.WithText("decision", "block").WithText("reason", a.deny)
		}
		o = codexHalt(o, a.halt, a.why)
	}
	if hso := specific(a.native, own); hso != nil {
		o = o.With("hookSpecificOutput", hso)
	}
	if len(a.tell) > 0 {
		o = o.WithText("systemMessage", paragraphs(a.tell))
	}
	return o
}

// codexVerdict is the decision on a call. An input needs an "allow" beside it,
// which alone would be thrown away, and grants nothing (§7.2).
func codexVerdict(a answer) hook.Object {
	switch {
	case a.deny != "":
		return hook.Object{}.WithText("permissionDecision", "deny").WithText("permissionDecisionReason", a.deny)
	case a.input != nil:
		return hook.Object{}.WithText("permissionDecision", "allow").With("updatedInput", a.input.JSON())
	}
	return nil
}

// codexDepth is how deep an input may be nested: Codex reads no more than 127
// levels of an answer, in which an input is the third, and runs the call as it was
// where there are more.
const codexDepth = 120

// codexShallow refuses a call that a hook wants another input for which Codex
// could not read.
func codexShallow(a answer) answer {
	if a.input != nil && nested(a.input.JSON()) > codexDepth {
		a.deny, a.input = "a hook wants another input, which is nested too deep for Codex to read", nil
	}
	return a
}

func codexGrant(a answer) hook.Object {
	var decision hook.Object
	switch {
	case a.deny != "":
		decision = decision.WithText("behavior", "deny").WithText("message", a.deny)
	case a.allow:
		decision = decision.WithText("behavior", "allow")
	default:
		return nil
	}
	return hook.Object{}.With("decision", decision.JSON())
}

func codexHalt(o hook.Object, halt bool, why string) hook.Object {
	if !halt {
		return o
	}
	o = o.With("continue", boolean(false))
	if why != "" {
		o = o.WithText("stopReason", why)
	}
	return o
}

// orBlank is a text that is not blank: Codex throws a blank reason away.
func orBlank(s string) string {
	if s == "" {
		return "(no output)"
	}
	return s
}
