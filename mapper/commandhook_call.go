package mapper

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// aboutToCall answers a tool call that is about to be made. Several events are
// those of one patch: it cannot be applied in part, so that one refusal refuses
// it all, and only a permission for every part is one for the whole.
func (s *answerer) aboutToCall(ds []hook.Decision) {
	s.contexts(ds)
	s.context = unique(s.context)
	refusals := make([]hook.Decision, len(ds))
	for i, d := range ds {
		refusals[i] = s.refusal(&s.call.Events[i], d)
	}
	sum, all := Combine(refusals), Combine(ds)
	if all.Halt && all.Permission != hook.Ask {
		s.end(&s.call.Events[0], all)
	}
	switch {
	case sum.Permission == hook.Deny:
		s.deny = sum.Reason
	case s.memory.Over != "":
		s.deny = s.memory.Over + "; no more calls are made in this turn"
	case sum.Permission == hook.Ask:
		s.ask = sum.Reason
	}
	s.remember(granted(s.call.Events, ds))
}

// refusal is what of a decision stands against the call: a question that the
// agent cannot ask is a refusal that says so, and so is an input that it cannot
// put in place of the call's.
func (s *answerer) refusal(e *hook.Event, d hook.Decision) hook.Decision {
	switch {
	case d.Permission == hook.Ask && s.able(CanAsk) && d.UpdatedInput == nil:
		return hook.Decision{Permission: hook.Ask, Reason: s.ofFile(e, d.Reason)}
	case d.Permission >= hook.Ask:
		return hook.Decision{Permission: hook.Deny, Reason: s.ofFile(e, refusalText(e, d.Permission, d.Reason))}
	case d.UpdatedInput != nil:
		return s.rewrite(e, d.UpdatedInput)
	}
	return hook.Decision{}
}

// rewrite takes the input that a hook wants, or refuses the call where it cannot.
func (s *answerer) rewrite(e *hook.Event, wanted json.RawMessage) hook.Decision {
	input, err := hook.ParseObject(wanted)
	if err == nil && s.able(CanRewrite) && s.whole(e) {
		row, _ := s.h.toolNamed(text(s.call.Input, "tool_name"))
		s.input = toNative(row.Fields, input, object(s.call.Input, "tool_input"))
		return hook.Decision{}
	}
	reason := label(e) + " hook wants another input, which cannot be put into this call; make the call again with this input: " + string(wanted)
	return hook.Decision{Permission: hook.Deny, Reason: s.ofFile(e, reason)}
}

// whole reports whether the event shows the native call itself, not one file of
// the patch in it.
func (s *answerer) whole(e *hook.Event) bool {
	native, name := text(s.call.Input, "tool_name"), e.String("tool_name")
	if row, ok := s.h.toolNamed(native); ok {
		return name == row.Claude
	}
	return name == native || hook.IsMCP(name) || len(s.call.Events) == 1 && !hook.ToolNamed(name).Edits
}

// ofFile says which file of a patch a refusal is about.
func (s *answerer) ofFile(e *hook.Event, reason string) string {
	if s.whole(e) {
		return reason
	}
	file := inside(text(e.ToolInput(), "file_path"), e.String("cwd"))
	return "The whole patch was refused because of " + file + ": " + reason
}

// remember keeps of a call what its later events need.
func (s *answerer) remember(allowed bool) {
	tool := text(s.call.Input, "tool_name")
	args := object(s.call.Input, "tool_input")
	id, _, _ := strings.Cut(s.call.Events[0].String("tool_use_id"), ":") // without the number of a part
	if s.input != nil {
		args = s.input
	}
	switch {
	case s.deny != "":
		s.input = nil
		s.memory.rekey(id, "")
	case s.input != nil:
		s.memory.rekey(id, callKey(tool, args))
	}
	s.allow = allowed && s.deny == ""
	if s.able(CanAllow) {
		s.memory.allow(callKey(tool, args), s.allow)
	}
}

// asked answers the agent's own permission question.
func (s *answerer) asked(ds []hook.Decision) {
	all := Combine(ds)
	key := callKey(text(s.call.Input, "tool_name"), object(s.call.Input, "tool_input"))
	for i, d := range ds {
		e := &s.call.Events[i]
		if d.Permission == hook.Deny {
			s.deny = lines(s.deny, s.ofFile(e, refusalText(e, d.Permission, d.Reason)))
		} else if d.UpdatedInput != nil {
			s.deny = lines(s.deny, s.rewrite(e, d.UpdatedInput).Reason)
		}
	}
	switch {
	case s.deny != "":
		s.input = nil
	case s.memory.Over != "":
		s.deny = s.memory.Over
	case all.Permission == hook.NoOpinion:
		s.allow = slices.Contains(s.memory.Allowed, key)
	default:
		s.allow = granted(s.call.Events, ds)
	}
}
