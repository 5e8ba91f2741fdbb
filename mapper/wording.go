package mapper

import (
	"regexp"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// The texts that models and users read, as Claude Code words them (§6.1, §7.2).

// label is what Claude Code calls a hook of e: "PreToolUse:Bash", "SessionStart".
func label(e *hook.Event) string {
	if tool := e.String("tool_name"); e.Spec.Tool && tool != "" {
		return string(e.Spec.Name) + ":" + tool
	}
	return string(e.Spec.Name)
}

// refusalText is what the model reads in place of the result of a call that
// hooks did not let pass. Where an agent has nobody to ask, asking and deferring
// are refusals that say so.
func refusalText(e *hook.Event, p hook.Permission, reason string) string {
	switch p {
	case hook.Ask:
		if reason == "" {
			reason = "a hook wants this call to be confirmed"
		}
		return label(e) + " hook asked for approval, which cannot be given here, so the call was refused: " + reason
	case hook.Defer:
		return label(e) + " hook deferred this call, so it was not made: " + orBlocked(reason)
	}
	return label(e) + " hook error: " + orBlocked(reason)
}

// blockedPromptText is what the user reads when hooks have stopped a prompt. The
// prompt itself is left out: it may be what must not be written down.
func blockedPromptText(e *hook.Event, reason string) string {
	return string(e.Spec.Name) + " operation blocked by hook:\n" + orBlocked(reason)
}

func stoppedPromptText(reason string) string {
	if reason == "" {
		return "Operation stopped by hook"
	}
	return "Operation stopped by hook: " + reason
}

func feedbackText(e *hook.Event, reason string) string {
	return label(e) + " hook blocking error: " + orBlocked(reason)
}

// mayRetry is what the model reads when a PermissionDenied hook says "retry".
const mayRetry = "The PermissionDenied hook indicated you may retry this tool call."

func contextText(e *hook.Event, text string) string {
	return label(e) + " hook additional context: " + text
}

func orBlocked(reason string) string {
	if reason == "" {
		return "Blocked by hook"
	}
	return reason
}

// reminder wraps a text for the model that stands where the user's or a tool's
// own words are (§6.3).
func reminder(text string) string {
	return "<system-reminder>\n" + strings.TrimRight(text, "\n") + "\n</system-reminder>"
}

// plainName is a name with other in place of every character that has none in the
// names of MCP servers and their tools.
func plainName(name, other string) string {
	return regexp.MustCompile(`[^a-zA-Z0-9_-]`).ReplaceAllString(name, other)
}
