package executor

import (
	"fmt"

	hook "github.com/run-hooks/run-hooks"
)

// noReason is the reason of a refusal that gives none (§0.3).
const noReason = "Blocked by hook"

// apply takes from a hook's JSON what it means on the event (§7.2) and returns
// what is wrong with it: then none of it counts.
func (out *Outcome) apply(ev *hook.Event, h *hook.Handler, said output) (wrong string) {
	o := said.object
	if string(member(o, "async")) == "true" {
		return "" // the announcement of a hook that had ended by then
	}
	if wrong = fault(o, topFields()); wrong != "" {
		return wrong
	}
	specific := said.specific()
	blocks := hook.Text(member(o, "decision")) == "block"
	if specific != nil {
		if wrong = specificFault(specific); wrong != "" {
			return wrong
		}
		if name := hook.Text(member(specific, "hookEventName")); name != string(ev.Spec.Name) {
			if !blocks && ev.Spec.Plain != hook.PlainInstructions {
				return fmt.Sprintf("hook returned incorrect event name: expected %q but got %q", ev.Spec.Name, name)
			}
			specific = nil // the block counts, the rest is another event's
		}
	}
	out.applyTop(ev, h, o, blocks)
	out.applySpecific(ev, h, o, specific)
	return ""
}

// applyTop takes the fields every event has.
func (out *Outcome) applyTop(ev *hook.Event, h *hook.Handler, o hook.Object, blocks bool) {
	if ev.Spec.Message {
		out.Message = hook.Text(member(o, "systemMessage"))
	}
	if ev.Spec.Halt && string(member(o, "continue")) == "false" {
		out.Halt, out.StopReason = true, hook.Text(member(o, "stopReason"))
	}
	decides := ev.Spec.Grammar == hook.Blocks || ev.Spec.Grammar == hook.Permits || ev.Spec.Grammar == hook.Switches
	switch {
	case !decides:
	case blocks:
		out.refuse(h, blockText(ev, h, hook.Text(member(o, "reason"))))
	case ev.Spec.Grammar == hook.Permits && hook.Text(member(o, "decision")) == "approve":
		out.Permission = hook.Allow
	}
}

// blockText is the text for a block by JSON: the bare reason. On PreCompact the
// command stands before it, alone if there is no reason.
func blockText(ev *hook.Event, h *hook.Handler, reason string) string {
	switch {
	case ev.Spec.Plain == hook.PlainInstructions && reason == "":
		return "[" + h.Label() + "]"
	case ev.Spec.Plain == hook.PlainInstructions:
		return "[" + h.Label() + "]: " + reason
	case reason == "":
		return noReason
	}
	return reason
}

// applySpecific takes the fields of the event's own.
func (out *Outcome) applySpecific(ev *hook.Event, h *hook.Handler, o, specific hook.Object) {
	if ev.Spec.Context {
		out.Context = hook.Text(member(specific, "additionalContext"))
	}
	switch ev.Spec.Grammar {
	case hook.Permits, hook.Switches:
		out.applyPermission(ev, h, o, specific)
	case hook.Answers:
		out.applyAnswer(h, specific)
	}
	if ev.Spec.Name == hook.PostToolUse {
		out.applyReplacement(ev, specific)
	}
	for _, name := range ev.Spec.Extra {
		if value, ok := specific.Get(name); ok {
			out.Extra = out.Extra.With(name, value)
		}
	}
}

// applyPermission takes PreToolUse's decision (§7.3). The old "block" stands
// beside any of them but a new "deny", whose reason is the text then.
func (out *Outcome) applyPermission(ev *hook.Event, h *hook.Handler, o, specific hook.Object) {
	reason := hook.Text(member(specific, "permissionDecisionReason"))
	blocked := out.Permission == hook.Deny
	switch hook.Text(member(specific, "permissionDecision")) {
	case "deny":
		if reason == "" {
			reason = hook.Text(member(o, "reason"))
		}
		out.refuse(h, blockText(ev, h, reason))
	case "ask":
		if !blocked {
			out.Permission, out.Reason = hook.Ask, reason
			if reason == "" {
				out.Reason = fmt.Sprintf("Hook %s:%s asked for confirmation for this tool", ev.Spec.Name, ev.Subject())
			}
			out.Halt, out.StopReason = false, "" // the turn does not end (§7.3)
		}
	case "defer":
		if !blocked {
			out.Permission, out.Reason = hook.Defer, ""
		}
	case "allow":
		if !blocked {
			out.Permission, out.Reason = hook.Allow, ""
		}
	}
	out.UpdatedInput = member(specific, "updatedInput")
}

// applyAnswer takes PermissionRequest's decision (§7.5). Anything but an object
// with a known behavior is no answer.
func (out *Outcome) applyAnswer(h *hook.Handler, specific hook.Object) {
	answer, err := hook.ParseObject(member(specific, "decision"))
	if err != nil {
		return
	}
	switch hook.Text(member(answer, "behavior")) {
	case "allow":
		out.Permission = hook.Allow
		if input, err := hook.ParseObject(member(answer, "updatedInput")); err == nil {
			out.UpdatedInput = input.JSON()
		}
		out.keep(answer, "updatedPermissions")
	case "deny":
		reason := hook.Text(member(answer, "message"))
		if reason == "" {
			reason = "Permission denied by hook"
		}
		out.refuse(h, reason)
		out.keep(answer, "interrupt")
	}
}

// keep passes the member name of o on as extra output.
func (out *Outcome) keep(o hook.Object, name string) {
	if value, ok := o.Get(name); ok {
		out.Extra = out.Extra.With(name, value)
	}
}

// applyReplacement takes the tool output a hook wants in place of the tool's own
// (§7.4): for an MCP tool any value, else one of the tool's own shape. What is
// not taken is told: it may have been meant to hide a secret.
func (out *Outcome) applyReplacement(ev *hook.Event, specific hook.Object) {
	tool := ev.String("tool_name")
	value, given := specific.Get("updatedToolOutput")
	if old, ok := specific.Get("updatedMCPToolOutput"); ok && !given {
		if !hook.IsMCP(tool) {
			out.Note = fmt.Sprintf("updatedMCPToolOutput has no effect on %s; updatedToolOutput has", tool)
			return
		}
		value, given = old, true
	}
	if !given {
		return
	}
	if !hook.IsMCP(tool) && !hook.ToolNamed(tool).Takes(value) {
		out.Note = fmt.Sprintf("updatedToolOutput does not have the shape of %s's output and was not taken", tool)
		return
	}
	out.UpdatedOutput = value
}
