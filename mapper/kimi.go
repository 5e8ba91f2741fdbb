package mapper

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Kimi returns the dialect of Kimi Code 2.1.0 (harnesses record §13). Its tools
// have Claude's names already. It reads little of an answer:
//
//   - PreToolUse: a denial; inputs cannot be changed, and what a hook wants the
//     model to know waits for the next prompt, refusal or block of a Stop. What it
//     objects to in a call that was made sends the model back to work at the Stop.
//   - UserPromptSubmit: all of stdout is put into the prompt, so that there must be
//     none where there is nothing to say; exit status 2 blocks.
//   - Stop: exit status 2 sends the model back to work, once.
func Kimi() Harness {
	return Harness{
		Name:      "kimi",
		Unpaired:  []string{"Interrupt", "TurnStarted", "TaskStarted", "UserPromptQueued", "SessionHeartbeat", "PermissionRequest", "PermissionResult"},
		Unawaited: []string{"PostToolUse", "PostToolUseFailure"},
		Events:    kimiEvents(),
		Tools:     kimiTools(),
		Patience:  func(string) int { return 600 }, // the longest timeout of an entry
		Session:   commandSession,
		Decode:    decodeKimi,
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, ds)
			if a.event == hook.PreToolUse && a.deny != "" {
				refused := pendingCall{ID: text(c.Input, "tool_use_id"), Key: kimiRefused}
				m.Calls = append(m.Calls[max(0, len(m.Calls)-mostCalls+1):], refused)
			}
			return kimiResponse(a, answered(h, hook.Object{}, m))
		},
		Refuse: func(h *Harness, event, text string) Response {
			if event == "UserPromptSubmit" || event == "PreToolUse" || event == "" {
				return Response{Stderr: []byte(text + "\n"), Exit: 2}
			}
			return Response{Stderr: []byte(text + "\n")}
		},
	}
}

func kimiEvents() []EventRow {
	return []EventRow{
		{"SessionStart", hook.SessionStart, 0},
		{"UserPromptSubmit", hook.UserPromptSubmit, CanDeny | CanContext},
		{"PreToolUse", hook.PreToolUse, CanDeny},
		{"PostToolUse", hook.PostToolUse, 0},
		{"PostToolUseFailure", hook.PostToolUseFailure, 0},
		{"Stop", hook.Stop, CanContinue},
		{"StopFailure", hook.StopFailure, 0},
		{"SubagentStart", hook.SubagentStart, 0},
		{"SubagentStop", hook.SubagentStop, 0},
		{"PreCompact", hook.PreCompact, 0},
		{"PostCompact", hook.PostCompact, 0},
		{"Notification", hook.Notification, 0},
		{"SessionEnd", hook.SessionEnd, 0},
	}
}

func kimiTools() []ToolRow {
	file := []FieldRow{{Native: "path", Claude: "file_path", Path: true}}
	return []ToolRow{
		{"Bash", "Bash", nil},
		{"Read", "Read", file},
		{"Write", "Write", file},
		{"Edit", "Edit", append(file, FieldRow{Native: "replace_all", Claude: "replace_all", Default: "false"})},
		{"ReadMediaFile", "Read", file},
		{"FetchURL", "WebFetch", nil},
		{"AgentSwarm", "Agent", nil},
	}
}

// kimiSpreads: a swarm is a sub-agent for each item, and one for each that is
// resumed, which kimiSwarm puts into the list.
func kimiSpreads() spreads { return spreads{{Native: "AgentSwarm", List: "prompts", Item: "prompt"}} }

// decodeKimi reads an event. One that a server of Kimi's sends (kimi acp, kimi
// web) names the server's directory, and hooks are started there: only what is
// about a session as a whole, its start first, names the session's.
func decodeKimi(h *Harness, native []byte, at Place) (Call, error) {
	dir := recall(at.Memory).Dir
	c, err := decodeForm(h, native, at, func(in hook.Object, event string) hook.Object {
		return kimiForm(in, event, dir, at.Home)
	}, kimiReaders())
	if c.Dir = dir; c.Native == "SessionStart" {
		c.Dir = text(c.Input, "cwd")
	}
	return c, err
}

// kimiStart is the start of a session, in a directory that is kept.
func kimiStart(e *commandEvent) ([]hook.Event, error) {
	e.memory.Dir = text(e.in, "cwd")
	return plainly(hook.SessionStart, hook.Object{}.WithText("source", "startup"))(e)
}

// kimiForm joins the parts of a prompt, gives a call its id under Claude's name,
// and the event its session's directory, dir.
func kimiForm(in hook.Object, event, dir, home string) hook.Object {
	o := renamed(in, "tool_call_id", "tool_use_id")
	if _, named := o.Get("hook_event_name"); !named {
		o = o.WithText("hook_event_name", event)
	}
	if parts := objects(in, "prompt"); len(parts) > 0 {
		prompt := ""
		for _, p := range parts {
			prompt = lines(prompt, text(p, "text"))
		}
		o = o.WithText("prompt", prompt)
	}
	if dir != "" && text(o, "hook_event_name") != "SessionStart" {
		o = o.WithText("cwd", dir)
	}
	if args := object(o, "tool_input"); args != nil {
		o = o.With("tool_input", kimiSwarm(kimiHome(args, home)).JSON())
	}
	return o
}

// kimiHome writes out the home directory, which Kimi takes ~ for in a path.
func kimiHome(args hook.Object, home string) hook.Object {
	if p := text(args, "path"); p == "~" || strings.HasPrefix(p, "~/") {
		return args.WithText("path", path.Join(home, p[1:]))
	}
	return args
}

// kimiSwarm adds the prompts of a swarm's sub-agents.
func kimiSwarm(args hook.Object) hook.Object {
	var prompts []json.RawMessage
	for _, item := range list(value(args, "items")) {
		prompts = append(prompts, hook.Quote(strings.ReplaceAll(text(args, "prompt_template"), "{{item}}", hook.Text(item))))
	}
	for _, m := range object(args, "resume_agent_ids") {
		prompts = append(prompts, m.Value)
	}
	if len(prompts) == 0 {
		return args
	}
	return args.With("prompts", array(prompts))
}

func kimiReaders() map[string]commandReader {
	all := kimiSpreads()
	out := map[string]commandReader{
		"SessionStart":       kimiStart,
		"UserPromptSubmit":   promptedBy,
		"PreToolUse":         all.before,
		"PostToolUse":        all.after(func(in hook.Object, _ int) outcome { return outcome{text: text(in, "tool_output")} }, "tool_output"),
		"PostToolUseFailure": kimiAfterFailure(all.after(kimiFailure, "error")),
		"Stop":               stoppedBy(hook.Stop),
	}
	for _, row := range kimiEvents() {
		if _, own := out[row.Native]; !own {
			out[row.Native] = plainly(row.Claude, nil)
		}
	}
	return out
}

// kimiRefused is the key under which the id of a call that was refused is kept.
const kimiRefused = "refused"

// kimiAfterFailure leaves out calls that were refused, which Kimi reports as
// failed: under Claude Code no event follows a refusal (§1.2).
func kimiAfterFailure(read commandReader) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		was := pendingCall{ID: text(e.in, "tool_use_id"), Key: kimiRefused}
		if i := slices.Index(e.memory.Calls, was); i >= 0 {
			e.memory.Calls = slices.Delete(e.memory.Calls, i, i+1)
			return nil, nil
		}
		return read(e)
	}
}

// kimiFailure is a call that failed.
func kimiFailure(in hook.Object, _ int) outcome {
	return outcome{text(object(in, "error"), "message"), true}
}

// kimiResponse words an answer onto r, which has what is told and remembered.
func kimiResponse(a answer, r Response) Response {
	r.Stdout = nil
	switch {
	case a.event == hook.PreToolUse && a.deny != "":
		own := specific("PreToolUse", claudePermission(a))
		r.Stdout = append(hook.Object{}.With("hookSpecificOutput", own).JSON(), '\n')
	case a.deny != "":
		r.Exit, r.Stderr = 2, append([]byte(a.deny+"\n"), r.Stderr...)
	case len(a.context) > 0:
		r.Stdout = []byte(reminder(paragraphs(a.context)) + "\n")
	}
	return r
}
