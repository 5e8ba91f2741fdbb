package executor

import (
	"fmt"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Merge folds the outcomes of one event, in the order in which they ended, into
// one decision (§5):
//
//   - deny prevails over defer, defer over ask, ask over allow.
//   - Of several denials of a tool call the text of the last to end is given, of
//     several asks that of the first; blocks of other events are all told, where
//     all were waited for.
//   - A rewrite replaces the whole input or output; of several the last to end
//     counts. It needs no permission beside it; a denied or deferred call has none.
//   - On PermissionRequest the first answer counts, even if another hook had
//     answered before it could be killed.
//   - One continue:false ends the turn, whatever the others say.
//   - Contexts and messages are all kept, in order of ending; on SessionStart plain
//     texts come first. Where a block stands alone, they go with what it blocks.
//
// Where two rewrites or two different denials really raced, a note says which
// one counts.
func Merge(ev *hook.Event, outcomes []Outcome) hook.Decision {
	d := verdict(ev.Spec, answering(ev.Spec, outcomes))
	if !ev.Spec.Alone || d.Permission != hook.Deny {
		d.Context, d.Messages = contexts(ev.Spec, outcomes), messages(outcomes)
	}
	d.Notes = append(notes(outcomes), races(ev.Spec, d, outcomes)...)
	return d
}

// verdict folds what the outcomes ask to be done.
func verdict(spec hook.EventSpec, outcomes []Outcome) hook.Decision {
	var d hook.Decision
	for i := range outcomes {
		o := &outcomes[i]
		d.Permission = max(d.Permission, o.Permission)
		if o.Halt {
			d.Halt, d.StopReason = true, o.StopReason
		}
		if o.UpdatedInput != nil {
			d.UpdatedInput = o.UpdatedInput
		}
		if o.UpdatedOutput != nil {
			d.UpdatedOutput = o.UpdatedOutput
		}
		for _, m := range o.Extra {
			d.Extra = d.Extra.With(m.Name, m.Value)
		}
	}
	d.Reason = reason(spec, d.Permission, outcomes)
	if d.Permission == hook.Deny || d.Permission == hook.Defer {
		d.UpdatedInput = nil
	}
	return d
}

// answering returns the outcomes whose verdict counts: all, but where hooks
// answer a question, those up to the first answer.
func answering(spec hook.EventSpec, outcomes []Outcome) []Outcome {
	for i := range outcomes {
		if spec.Grammar == hook.Answers && outcomes[i].endsWait(spec.Race) {
			return outcomes[:i+1]
		}
	}
	return outcomes
}

// reason is the text for the permission that prevailed.
func reason(spec hook.EventSpec, p hook.Permission, outcomes []Outcome) string {
	var texts []string
	for i := range outcomes {
		if outcomes[i].Permission == p && p > hook.Allow {
			texts = append(texts, outcomes[i].Reason)
		}
	}
	switch {
	case len(texts) == 0:
		return ""
	case p != hook.Deny || spec.Race == hook.FirstVerdict:
		return texts[0]
	case spec.Grammar == hook.Blocks:
		return strings.Join(texts, "\n\n")
	}
	return texts[len(texts)-1]
}

// contexts collects the texts for the model.
func contexts(spec hook.EventSpec, outcomes []Outcome) []string {
	var plain, all []string
	for i := range outcomes {
		o := &outcomes[i]
		if o.Plain != "" && spec.Lead {
			plain = append(plain, o.Plain)
		} else if o.Plain != "" {
			all = append(all, o.Plain)
		}
		if o.Context != "" {
			all = append(all, o.Context)
		}
	}
	return append(plain, all...)
}

// messages collects the texts for the user.
func messages(outcomes []Outcome) []string {
	var out []string
	for i := range outcomes {
		if outcomes[i].Message != "" {
			out = append(out, outcomes[i].Message)
		}
	}
	return out
}

// notes collects what went wrong with single hooks.
func notes(outcomes []Outcome) []string {
	var out []string
	for i := range outcomes {
		if o := &outcomes[i]; o.Note != "" && o.Kind != Cancelled {
			out = append(out, fmt.Sprintf("hook %q %s", o.Handler.Label(), o.Note))
		}
	}
	return out
}

// races says where hooks really competed and which of them counts.
func races(spec hook.EventSpec, d hook.Decision, outcomes []Outcome) []string {
	denials := map[string]bool{}
	var inputs, outputs []string
	for i := range outcomes {
		o := &outcomes[i]
		if o.Permission == hook.Deny && spec.Grammar == hook.Permits {
			denials[o.Reason] = true
		}
		if o.UpdatedInput != nil && d.UpdatedInput != nil {
			inputs = append(inputs, o.Handler.Label())
		}
		if o.UpdatedOutput != nil && d.UpdatedOutput != nil {
			outputs = append(outputs, o.Handler.Label())
		}
	}
	var out []string
	if len(denials) > 1 {
		out = append(out, fmt.Sprintf("%d hooks denied with different texts; the text of the last to end is used, which is a race", len(denials)))
	}
	if n := len(inputs); n > 1 {
		out = append(out, fmt.Sprintf("%d hooks rewrote the input; %q ended last and counts, which is a race", n, inputs[n-1]))
	}
	if n := len(outputs); n > 1 {
		out = append(out, fmt.Sprintf("%d hooks rewrote the output; %q ended last and counts, which is a race", n, outputs[n-1]))
	}
	return out
}
