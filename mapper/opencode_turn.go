package mapper

import (
	"fmt"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// stopCap is how often in a row Stop hooks may send the model back to work
// (§0.14 of the measured record).
const stopCap = 8

// stop answers the end of a turn: what hooks still want of the model, at most
// stopCap times in a row.
func (a *ocAnswer) stop(_ *Harness, r *ocRequest, events []hook.Event, ds []hook.Decision) {
	e, d := &events[0], Combine(ds)
	a.messages(e, d)
	if d.Halt {
		if d.StopReason != "" {
			a.tell("warning", []string{label(e) + " hook ended the turn: " + d.StopReason})
		}
		return
	}
	var wanted []string
	if d.Permission == hook.Deny {
		wanted = append(wanted, "Stop hook feedback:\n"+orBlocked(d.Reason))
	}
	wanted = append(wanted, contexts(e, d)...)
	switch {
	case len(wanted) == 0:
	case number(object(r.state, "stop"), "count") >= stopCap:
		a.tell("warning", []string{fmt.Sprintf("%s hooks have sent the model back to work %d times in a row; this time it stops", label(e), stopCap)})
	default:
		a.set("prompt", hook.Quote(strings.Join(wanted, "\n\n")))
	}
}

// permission answers OpenCode's question whether a call is permitted. All parts of
// a patch must be allowed, and one denial denies it; the input cannot be changed
// any more (§10).
func (a *ocAnswer) permission(_ *Harness, r *ocRequest, events []hook.Event, ds []hook.Decision) {
	reason, deny := "", false
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		switch {
		case d.Permission == hook.Deny:
			deny, reason = true, lines(reason, d.Reason)
		case d.UpdatedInput != nil:
			deny, reason = true, lines(reason, label(e)+" hook wants another input, which cannot be given to this call any more; use this instead: "+string(d.UpdatedInput))
		}
		if _, ok := d.Extra.Get("updatedPermissions"); ok {
			a.tell("warning", []string{label(e) + ": a hook changed the permissions, which cannot be done here; only this call is allowed"})
		}
	}
	switch {
	case deny:
		a.set("reply", hook.Quote("reject"))
		a.set("message", hook.Quote(reason))
	case granted(events, ds):
		a.set("reply", hook.Quote("once"))
	}
	if truth(Combine(ds).Extra, "interrupt") {
		a.set("abort", hook.Quote(reason))
	}
}

// rejected answers a rejection: the model may be told to try again.
func (a *ocAnswer) rejected(_ *Harness, _ *ocRequest, events []hook.Event, ds []hook.Decision) {
	d := Combine(ds)
	a.messages(&events[0], d)
	if truth(d.Extra, "retry") {
		a.texts("append", []string{reminder(mayRetry)})
	}
}

// compaction answers a compaction that is about to begin. It cannot be stopped
// without ending the turn (§11).
func (a *ocAnswer) compaction(_ *Harness, _ *ocRequest, events []hook.Event, ds []hook.Decision) {
	d := Combine(ds)
	a.messages(&events[0], d)
	if d.Permission == hook.Deny {
		a.tell("warning", []string{"PreCompact hook wanted to stop the compaction, which cannot be done in OpenCode: " + d.Reason})
	}
	var wanted []string
	for _, c := range d.Context {
		wanted = append(wanted, "Additional Instructions:\n"+c)
	}
	a.texts("context", wanted)
}

// observed answers an event that nothing can be done about but to tell the user,
// and, where a session begins anew, the model.
func (a *ocAnswer) observed(_ *Harness, _ *ocRequest, events []hook.Event, ds []hook.Decision) {
	var carry []string
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		if e.Spec.Context {
			carry = append(append(carry, initialMessage(d)...), contexts(e, d)...)
		}
	}
	a.texts("carry", carry)
}
