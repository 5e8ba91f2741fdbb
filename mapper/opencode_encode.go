package mapper

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// An ocAnswer is the answer to the plugin, member by member.
type ocAnswer struct{ hook.Object }

func encodeOpenCode(h *Harness, c Call, ds []hook.Decision) Response {
	r, err := readOpenCode(c.Input, Place{})
	if err != nil || len(ds) != len(c.Events) {
		return refuseOpenCode(h, c.Native, "run-hooks: cannot answer: the decisions do not belong to the event")
	}
	var a ocAnswer
	if verb, ok := openCodeVerbs()[r.event]; ok && len(ds) > 0 {
		verb.answer(&a, h, &r, c.Events, ds)
	}
	return a.response()
}

// refuseOpenCode stops what can be stopped; elsewhere the user is told.
func refuseOpenCode(_ *Harness, event, reason string) Response {
	var a ocAnswer
	if event == "" || openCodeVerbs()[event].stops {
		a.set("throw", hook.Quote(reason))
	}
	if event != ocBefore {
		a.tell("error", []string{reason})
	}
	return a.response()
}

// prompt answers a prompt or a command: what its hooks and those of the session's
// start say. When it is stopped, what the start's hooks had for the model waits
// for the next one, as their event will not come again; what a command's hooks
// have for the model waits for the prompt it becomes.
func (a *ocAnswer) prompt(_ *Harness, r *ocRequest, events []hook.Event, ds []hook.Decision) {
	stop := ""
	var start, own []string
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		switch {
		case e.Spec.Name == hook.SessionStart:
			start = slices.Concat(start, initialMessage(d), contexts(e, d))
		case e.Spec.Name == hook.PreToolUse:
			stop = lines(stop, unread(e, d))
			own = append(own, contexts(e, d)...)
		case d.Permission == hook.Deny:
			stop = lines(stop, blockedPromptText(e, d.Reason))
		case d.Halt:
			stop = lines(stop, stoppedPromptText(d.StopReason))
		default:
			own = append(own, contexts(e, d)...)
		}
	}
	switch {
	case stop != "":
		a.texts("carry", start)
		a.tell("error", []string{stop})
		a.set("throw", hook.Quote(stop))
	case r.event == ocCommand:
		a.texts("carry", append(start, own...))
	default:
		a.texts("parts", append(start, own...))
	}
}

// unread says why a file must not be in a sub-agent's prompt, "" if it may: it has
// been read already, so that no other one can be.
func unread(e *hook.Event, d hook.Decision) string {
	file := e.ToolInput()
	switch {
	case d.Permission >= hook.Ask:
		return "The sub-agent was refused because of @" + text(file, "file_path") + " in its prompt: " + refusalText(e, d.Permission, d.Reason)
	case d.UpdatedInput != nil:
		return "The sub-agent was refused because of @" + text(file, "file_path") + " in its prompt: " + label(e) + " hook wants another input; use this instead: " + string(d.UpdatedInput)
	case d.Halt:
		return stoppedPromptText(d.StopReason)
	}
	return ""
}

// call answers a tool call that is about to be made. Several events are those of
// one patch: it cannot be applied in part, so one refusal refuses it all, and
// only a permission for every part is one for the whole.
func (a *ocAnswer) call(h *Harness, r *ocRequest, events []hook.Event, ds []hook.Decision) {
	var carry []string
	refusals := make([]hook.Decision, len(ds))
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		carry = append(carry, contexts(e, d)...)
		refusals[i] = hook.Decision{Permission: d.Permission}
		if d.Permission >= hook.Ask {
			refusals[i].Reason = ofFile(e, r, refusalText(e, d.Permission, d.Reason))
		} else if d.UpdatedInput != nil {
			refusals[i] = a.rewrite(h, r, e, d)
		}
	}
	sum, all := Combine(refusals), Combine(ds)
	if all.Halt && sum.Permission != hook.Ask {
		a.halt(&events[0], all)
	}
	if sum.Permission >= hook.Ask {
		a.drop("args")
		a.set("throw", hook.Quote(strings.Join(append([]string{sum.Reason}, unique(carry)...), "\n\n")))
		return
	}
	if granted(events, ds) {
		a.set("allow", boolean(true))
	}
	a.texts("carry", unique(carry))
}

// granted reports whether hooks have given the whole call their permission: each
// part of it, or the patch it is to those written for Codex. The caller knows
// that none has refused.
func granted(events []hook.Event, ds []hook.Decision) bool {
	parts, allowed := 0, 0
	for i, d := range ds {
		if d.Permission == hook.Allow && events[i].For == hook.CodexHooks {
			return true
		}
		if events[i].For != hook.CodexHooks {
			parts++
			if d.Permission == hook.Allow {
				allowed++
			}
		}
	}
	return parts > 0 && allowed == parts
}

// openCodeSettled are the tools whose arguments OpenCode reads before it asks its
// hooks, so that other ones come too late (1.18.33, measured).
var openCodeSettled = []string{"list_mcp_resources", "list_mcp_resource_templates", "read_mcp_resource"}

// rewrite sets the arguments that a hook wants instead, or refuses the call where
// they have no native form, as an Edit of one file is not a patch, nor the reverse,
// or come too late.
func (a *ocAnswer) rewrite(h *Harness, r *ocRequest, e *hook.Event, d hook.Decision) hook.Decision {
	input, err := hook.ParseObject(d.UpdatedInput)
	tool := text(r.input, "tool")
	switch {
	case err != nil, slices.Contains(openCodeSettled, tool):
	case e.For == hook.CodexHooks:
		if args, ok := codexRewrite(r, input); ok {
			a.set("args", args.JSON())
			return hook.Decision{Permission: d.Permission}
		}
	case tool != ocPatch:
		row, _ := h.toolNamed(tool)
		a.set("args", toNative(row.Fields, input, object(r.output, "args")).JSON())
		return hook.Decision{Permission: d.Permission}
	}
	reason := label(e) + " hook wants another input, which cannot be put into this call of " + tool + "; make this change instead: " + string(d.UpdatedInput)
	return hook.Decision{Permission: hook.Deny, Reason: ofFile(e, r, reason)}
}

// ofFile says which file of a patch a refusal is about.
func ofFile(e *hook.Event, r *ocRequest, reason string) string {
	file := text(e.ToolInput(), "file_path")
	if text(r.input, "tool") != ocPatch || file == "" {
		return reason
	}
	return "The whole patch was refused because of " + inside(file, r.directory) + ": " + reason
}

// result answers a call that was made.
func (a *ocAnswer) result(_ *Harness, r *ocRequest, events []hook.Event, ds []hook.Decision) {
	var appended []string
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		if d.UpdatedOutput != nil {
			a.replace(r, e, d.UpdatedOutput)
		}
		if d.Permission == hook.Deny {
			appended = append(appended, reminder(feedbackText(e, d.Reason)))
		}
		appended = append(appended, contexts(e, d)...)
	}
	a.texts("append", unique(appended))
	if all := Combine(ds); all.Halt {
		a.halt(&events[0], all)
	}
}

// replace sets the tool's result. A patch has one text for all its files, which
// no hook on one of them can know.
func (a *ocAnswer) replace(r *ocRequest, e *hook.Event, output json.RawMessage) {
	if text(r.input, "tool") == ocPatch && e.For != hook.CodexHooks {
		a.tell("warning", []string{label(e) + ": a hook replaced the tool's output, which cannot be done for apply_patch"})
		return
	}
	if _, mcp := r.output.Get("content"); mcp {
		a.set("content", contentOf(output))
		return
	}
	replaced := outputText(e.String("tool_name"), output)
	if before, _, after := taskResult(text(r.output, "output")); before != "" {
		replaced = before + replaced + after
	}
	a.set("output", hook.Quote(replaced))
}
