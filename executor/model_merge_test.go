package executor

import (
	"slices"
	"strings"
)

// A modelDecision is what several hooks of one event come to.
type modelDecision struct {
	permission, reason string
	halt               bool
	stopReason         string
	input, output      any
	context, messages  []string
	// open names what the record does not decide: "reason", "stopReason", "input".
	open []string
}

// modelEndsWait says whether a verdict ends the wait for the other hooks (§5).
func modelEndsWait(e modelEvent, v modelVerdict) bool {
	return e.is("first") && (v.permission != "" || v.halt) || e.is("replaces") && v.halt
}

// modelMerge folds verdicts, in the order in which their hooks ended (§5).
func modelMerge(e modelEvent, all []modelVerdict) modelDecision {
	var d modelDecision
	for _, p := range []string{"allow", "ask", "defer", "deny"} {
		if slices.ContainsFunc(all, func(v modelVerdict) bool { return v.permission == p }) {
			d.permission = p
		}
	}
	var reasons, leading []string
	halts := 0
	for _, v := range all {
		if v.permission == d.permission && (d.permission == "deny" || d.permission == "ask") {
			reasons = append(reasons, v.reason)
			if v.silent {
				d.open = append(d.open, "reason")
			}
		}
		if v.halt {
			d.halt, d.stopReason = true, v.stopReason
			halts++
		}
		if v.input != nil {
			d.input = v.input
		}
		if v.output != nil {
			d.output = v.output
		}
		if v.plain != "" && e.is("lead") {
			leading = append(leading, v.plain)
		} else if v.plain != "" {
			d.context = append(d.context, v.plain)
		}
		if v.context != "" {
			d.context = append(d.context, v.context)
		}
		if v.notice != "" {
			d.messages = append(d.messages, v.notice)
		}
	}
	d.context = append(leading, d.context...)
	d.reason = modelReason(e, d.permission, reasons)
	if halts > 1 {
		d.open = append(d.open, "stopReason")
	}
	switch d.permission {
	case "deny":
		d.input = nil
		if e.is("alone") {
			d.context, d.messages = nil, nil
		}
	case "defer", "ask":
		d.open = append(d.open, "input")
	}
	return d
}

// modelReason picks among the texts of the hooks that agree with the decision.
func modelReason(e modelEvent, permission string, texts []string) string {
	switch {
	case len(texts) == 0:
		return ""
	case permission == "ask" || e.is("first"):
		return texts[0]
	case e.is("permits"):
		return texts[len(texts)-1]
	}
	return strings.Join(texts, "\n\n")
}
