package main

import (
	hook "github.com/run-hooks/run-hooks"
)

// An effect is what a "no" does on an event.
type effect int

const (
	nothing    effect = iota
	sendsBack         // it blocks, and the reason is told; the turn goes on
	ends              // the turn ends
	blocksEnds        // it blocks, and the turn ends
)

// effectOf is the table of §10.4 and reference §4.5: what a prompt's "no" does.
// Where it ends the turn, continueOnBlock makes it send back instead.
func effectOf(event hook.EventName) effect {
	switch event {
	case hook.PreToolUse, hook.TaskCompleted: // a tool may not go on, a teammate stops
		return blocksEnds
	case hook.PostToolUse, hook.PostToolBatch, hook.UserPromptSubmit, hook.UserPromptExpansion, hook.TeammateIdle:
		return ends
	case hook.Stop, hook.SubagentStop, hook.PostToolUseFailure, hook.TaskCreated:
		return sendsBack
	}
	return nothing // PermissionRequest, PermissionDenied; other events run no such handlers
}

// promptOutput is the hook output that has v's effect for a prompt handler. The
// text for the model names the prompt as it is configured.
func (v verdict) promptOutput(job promptJob) []byte {
	e := effectOf(job.Event)
	stops := job.Event == hook.Stop || job.Event == hook.SubagentStop
	if v.ok || v.impossible && stops {
		e = nothing
	}
	if job.ContinueOnBlock && e != nothing {
		e = sendsBack
	}
	reason := "undefined" // the measured client's word for none
	if v.reason != nil {
		reason = *v.reason
	}
	return output(e, "["+job.Prompt+"]: "+reason, v.text())
}

// agentOutput is the hook output that has v's effect for an agent handler: that
// of a prompt with continueOnBlock (reference §4.5).
func (v verdict) agentOutput(event hook.EventName) []byte {
	e := effectOf(event)
	if e != nothing {
		e = sendsBack
	}
	if v.ok {
		e = nothing
	}
	reason := v.text()
	if reason == "" {
		reason = "no reason was given"
	}
	return output(e, "Agent hook condition was not met: "+reason, "")
}

// text is the reason, "" if there is none.
func (v verdict) text() string {
	if v.reason == nil {
		return ""
	}
	return *v.reason
}

// output writes an effect as the JSON by which a command hook would have it. The
// old "decision" says the same on every event that can be blocked.
func output(e effect, reason, stopReason string) []byte {
	out := hook.Object{}
	if e == sendsBack || e == blocksEnds {
		out = out.WithText("decision", "block").WithText("reason", reason)
	}
	if e == ends || e == blocksEnds {
		out = out.With("continue", []byte("false")).WithText("stopReason", stopReason)
	}
	if e == nothing {
		return nil
	}
	return out.JSON()
}
