package mapper

import (
	"strings"

	"github.com/run-hooks/run-hooks"
)

// An answer is what the decisions on a native event come to under its agent,
// before it is put into the agent's words. Whatever the agent cannot do has
// become a denial, is remembered for an event that can, or is told.
type answer struct {
	native string         // the event
	event  hook.EventName // in Claude's schema

	deny    string      // refuse, or send back to work, with this text; "" does not
	ask     string      // ask the user, with this text
	allow   bool        // skip the agent's own question
	halt    bool        // end the turn
	why     string      // the text for it
	input   hook.Object // native input in place of the call's, nil for none
	output  *string     // text in place of the tool's output, nil for none
	context []string    // texts for the model
	tell    []string    // texts for the user
}

// An answerer makes the answer to one native event.
type answerer struct {
	answer
	h      *Harness
	call   Call
	can    Ability
	memory *remembered
}

// answerCommand folds the decisions on c's events into one answer, and updates what is
// remembered. All events of a call are of one kind in this family.
func answerCommand(h *Harness, c Call, ds []hook.Decision) (answer, *remembered) {
	s := answerer{h: h, call: c, memory: recall(c.Memory)}
	s.native = c.Native
	if len(c.Events) == 0 || len(c.Events) != len(ds) {
		return s.answer, s.memory
	}
	s.event = c.Events[0].Spec.Name
	if !c.Late {
		s.can = h.canAt(c.Native, s.event)
	}
	for i, d := range ds {
		s.messages(&c.Events[i], d)
	}
	switch s.event {
	case hook.PreToolUse:
		s.aboutToCall(ds)
	case hook.PermissionRequest:
		s.asked(ds)
	case hook.PostToolUse, hook.PostToolUseFailure:
		s.called(ds)
	case hook.PostToolBatch:
		s.batch(ds)
	case hook.UserPromptSubmit, hook.UserPromptExpansion:
		s.prompt(ds)
	case hook.Stop, hook.SubagentStop:
		s.stop(ds)
	case hook.PreCompact:
		s.compaction(ds)
	case hook.PermissionDenied:
		s.refusedByAgent(ds)
	case hook.TaskCreated, hook.TaskCompleted:
		s.task(ds)
	default:
		s.contexts(ds)
	}
	s.deliver()
	return s.answer, s.memory
}

// canAt is the ability of one row of the event table.
func (h *Harness) canAt(native string, event hook.EventName) Ability {
	for _, row := range h.Events {
		if row.Native == native && row.Claude == event {
			return row.Can
		}
	}
	return 0
}

func (s *answerer) able(a Ability) bool { return s.can&a != 0 }

// called answers a call that was made.
func (s *answerer) called(ds []hook.Decision) {
	for i, d := range ds {
		if e := &s.call.Events[i]; d.Permission == hook.Deny {
			s.context = append(s.context, feedbackText(e, d.Reason))
			stop, _ := s.h.Can(hook.Stop)
			s.memory.Owed = s.memory.Owed || !s.able(CanContext) && s.h.ever(CanContext) && stop&CanContinue != 0
		}
	}
	s.contexts(ds)
	s.context = unique(s.context)
	e, all := &s.call.Events[0], Combine(ds)
	if all.UpdatedOutput != nil && s.able(CanReplace) && s.whole(e) {
		output := outputText(e.String("tool_name"), all.UpdatedOutput)
		s.output = &output
	} else if all.UpdatedOutput != nil {
		s.tell = append(s.tell, "run-hooks: warning: "+label(e)+": a hook replaced the tool's output, which "+s.h.Name+" cannot do here: the model sees the tool's own")
	}
	if all.Halt {
		s.end(e, all)
	}
}

// batch answers the calls of one message of the model: any block there ends the
// turn (§7.2).
func (s *answerer) batch(ds []hook.Decision) {
	s.contexts(ds)
	if all := Combine(ds); all.Halt || all.Permission == hook.Deny {
		all.StopReason = lines(all.StopReason, all.Reason)
		s.end(&s.call.Events[0], all)
	}
}

// prompt answers a prompt of the user's. After one that an agent cannot stop no
// calls are let pass.
func (s *answerer) prompt(ds []hook.Decision) {
	e, all := &s.call.Events[0], Combine(ds)
	switch {
	case (all.Permission == hook.Deny || all.Halt) && !s.able(CanDeny) && !s.able(CanHalt):
		s.memory.Over = blockedPromptText(e, lines(all.Reason, all.StopReason))
		s.tell = append(s.tell, s.memory.Over)
	case all.Permission == hook.Deny:
		s.deny = blockedPromptText(e, all.Reason)
	case all.Halt && s.able(CanHalt):
		s.halt, s.why = true, stoppedPromptText(all.StopReason)
	case all.Halt:
		s.deny = stoppedPromptText(all.StopReason)
	default:
		s.contexts(ds)
	}
}

// stop answers the end of a turn: a block sends the model back to work, and so
// does a text for it (§0.14), but not more than stopCap times in a row.
func (s *answerer) stop(ds []hook.Decision) {
	e, all := &s.call.Events[0], Combine(ds)
	if s.memory.Over != "" || all.Halt {
		s.halt, s.why = s.able(CanHalt), lines(s.memory.Over, all.StopReason)
		if !s.halt && all.StopReason != "" {
			s.tell = append(s.tell, label(e)+" hook ended the turn: "+all.StopReason)
		}
		return
	}
	said := ""
	if all.Permission == hook.Deny {
		said = "Stop hook feedback:\n" + orBlocked(all.Reason)
	}
	for _, c := range all.Context {
		said = lines(said, contextText(e, c))
	}
	agent := stopKey(s.event, s.call.Input)
	n := s.memory.Stops[agent]
	if s.owes() && n < stopCap {
		said = lines(said, paragraphs(take(&s.memory.Carry)))
		s.memory.Owed = false
	}
	switch {
	case said == "":
	case !s.able(CanContinue):
		s.tell = append(s.tell, "run-hooks: warning: a hook wanted the model to go on, which "+s.h.Name+" cannot do here: "+said)
	case n >= stopCap:
		s.tell = append(s.tell, "run-hooks: warning: "+string(s.event)+" hooks have sent the model back to work 8 times in a row; this time the turn ends")
	default:
		s.memory.setStops(agent, n+1)
		s.memory.Blocked = said
		s.deny = said
	}
}

// owes reports whether what hooks objected to in a call made is still to be told
// to the model, and this end of a turn can. A turn that was sent back already may
// not be sent back again by the agent: there it waits for the next prompt.
func (s *answerer) owes() bool {
	return s.event == hook.Stop && s.memory.Owed && s.able(CanContinue) && !truth(s.call.Input, "stop_hook_active")
}

// compaction answers a session that is about to be summarised.
func (s *answerer) compaction(ds []hook.Decision) {
	all := Combine(ds)
	if all.Permission == hook.Deny && s.able(CanDeny) {
		s.deny = "Compaction blocked by PreCompact hook: " + orBlocked(all.Reason)
	} else if all.Permission == hook.Deny {
		s.tell = append(s.tell, "run-hooks: warning: a hook wanted to stop the compaction, which "+s.h.Name+" cannot do: "+orBlocked(all.Reason))
	}
	if len(all.Context) > 0 {
		s.tell = append(s.tell, "run-hooks: warning: a hook has instructions for the compaction, which "+s.h.Name+" cannot take: "+strings.Join(all.Context, "\n"))
	}
}

// refusedByAgent answers a call that the agent itself has refused.
func (s *answerer) refusedByAgent(ds []hook.Decision) {
	s.contexts(ds)
	if truth(Combine(ds).Extra, "retry") {
		s.context = append(s.context, mayRetry)
	}
}

// task answers a task that is about to be made, or to be done. Like Claude Code for
// one that the model ends itself, it ends no turn.
func (s *answerer) task(ds []hook.Decision) {
	for i, d := range ds {
		if d.Permission == hook.Deny {
			s.deny = lines(s.deny, feedbackText(&s.call.Events[i], d.Reason))
		}
	}
}

// end ends the turn. An agent that cannot is given no more calls in it, and is
// not sent back to work when it stops.
func (s *answerer) end(e *hook.Event, d hook.Decision) {
	why := label(e) + " hook stopped the turn"
	if d.StopReason != "" {
		why += ": " + d.StopReason
	}
	if s.able(CanHalt) {
		s.halt, s.why = true, why
		return
	}
	s.memory.Over = why
	s.tell = append(s.tell, why)
	if s.event != hook.PreToolUse {
		s.context = append(s.context, why+"; make no more calls and end your turn")
	}
}

// contexts collects the texts for the model.
func (s *answerer) contexts(ds []hook.Decision) {
	for i, d := range ds {
		s.context = append(s.context, initialMessage(d)...)
		for _, c := range d.Context {
			s.context = append(s.context, contextText(&s.call.Events[i], c))
		}
	}
}

// messages collects the texts for the user.
func (s *answerer) messages(e *hook.Event, d hook.Decision) {
	for _, m := range d.Messages {
		if !strings.HasPrefix(m, "run-hooks: ") {
			m = label(e) + " says: " + m
		}
		s.tell = append(s.tell, m)
	}
	s.tell = unique(s.tell)
}

// deliver keeps what this event cannot carry for one that can, and gives it what
// was kept. A refused call takes its texts with it in the reason.
func (s *answerer) deliver() {
	stops := s.event == hook.Stop || s.event == hook.SubagentStop
	switch {
	case s.able(CanContext) && !stops && (s.deny == "" || s.event == hook.PreToolUse):
		s.context = concat(take(&s.memory.Carry), s.context)
		s.memory.Owed = false
	case s.deny != "" && s.event == hook.PreToolUse:
		s.deny = strings.Join(concat([]string{s.deny}, concat(take(&s.memory.Carry), take(&s.context))), "\n\n")
		s.memory.Owed = false
	default:
		s.memory.Carry = concat(s.memory.Carry, take(&s.context))
	}
	if s.able(CanTell) {
		s.tell = concat(take(&s.memory.Tell), s.tell)
	} else {
		s.memory.Tell = concat(s.memory.Tell, take(&s.tell))
	}
}
