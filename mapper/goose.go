package mapper

import (
	hook "github.com/run-hooks/run-hooks"
)

// Goose returns the dialect of Goose 1.50 (harnesses record §16; from its
// documentation, never run). Only a tool call and the end of a turn can be
// blocked, and nothing else of an answer is read: a call whose input a hook wants
// to change is refused, and what the model is to know goes with the next refusal.
func Goose() Harness {
	return Harness{
		Name:     "goose",
		Unpaired: []string{"PreToolUseResult", "BeforeReadFile", "AfterFileEdit", "BeforeShellExecution", "AfterShellExecution"},
		Events:   gooseEvents(),
		Tools:    gooseTools(),
		Session:  commandSession,
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeForm(h, native, at, gooseForm, gooseReaders())
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, ds)
			return answered(h, gooseAnswer(a), m)
		},
		Refuse: func(h *Harness, event, text string) Response { return refuseCommand(h, event, text, gooseAnswer) },
	}
}

func gooseEvents() []EventRow {
	return []EventRow{
		{"SessionStart", hook.SessionStart, 0},
		{"UserPromptSubmit", hook.UserPromptSubmit, 0},
		{"PreToolUse", hook.PreToolUse, CanDeny},
		{"PostToolUse", hook.PostToolUse, 0},
		{"PostToolUseFailure", hook.PostToolUseFailure, 0},
		{"Stop", hook.Stop, CanContinue},
		{"SessionEnd", hook.SessionEnd, 0},
	}
}

func gooseTools() []ToolRow {
	file := FieldRow{Native: "path", Claude: "file_path", Path: true}
	return []ToolRow{
		{"developer__shell", "Bash", nil},
		{"developer__write", "Write", []FieldRow{file}},
		{"developer__edit", "Edit", []FieldRow{file, {Native: "before", Claude: "old_string"}, {Native: "after", Claude: "new_string"}, {Claude: "replace_all", Default: "false"}}},
	}
}

func gooseForm(in hook.Object, event string) hook.Object {
	o := renamed(in, "event", "hook_event_name", "working_dir", "cwd", "tool_call_id", "tool_use_id")
	if _, named := o.Get("hook_event_name"); !named {
		o = o.WithText("hook_event_name", event)
	}
	return o
}

func gooseReaders() map[string]commandReader {
	var all spreads
	return map[string]commandReader{
		"SessionStart":       freshStart,
		"UserPromptSubmit":   goosePrompt,
		"PreToolUse":         all.before,
		"PostToolUse":        all.after(func(hook.Object, int) outcome { return outcome{} }),
		"PostToolUseFailure": all.after(func(in hook.Object, _ int) outcome { return outcome{text(in, "message"), true} }, "message"),
		"Stop":               stoppedBy(hook.Stop),
		"SessionEnd":         plainly(hook.SessionEnd, hook.Object{}.WithText("reason", "other")),
	}
}

// goosePrompt is a prompt, which stands in "message".
func goosePrompt(e *commandEvent) ([]hook.Event, error) {
	e.in = renamed(e.in, "message", "prompt")
	return promptedBy(e)
}

func gooseAnswer(a answer) hook.Object {
	o := hook.Object{}
	if a.deny != "" {
		o = o.WithText("decision", "block").WithText("reason", a.deny)
	}
	return o
}
