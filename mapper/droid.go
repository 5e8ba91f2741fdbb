package mapper

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Droid is the dialect of Factory Droid 0.215.0: Claude's events, tools of its
// own. Sections named here are those of the harness record (harnesses.md §10).
//
//   - A call has no id: one is made before it, and found again after it by the
//     tool's name and its arguments.
//   - An "ask" lets the tool run: the call is refused. Of several hooks' decisions
//     the first is taken, so that a refusal has exit status 2, too.
//   - Context for the model cannot go with a call: it comes with the result. So
//     does what a PostToolUse hook blocks with, as Droid delivers no JSON block.
//   - The output of a tool cannot be replaced. A command that failed has no event.
//   - Arguments that are no JSON, as a } is missing, it shows hooks as none, and
//     then mends them for the tool: without arguments that is held to (pinned).
//   - `droid exec` has no UserPromptSubmit, unless it is told to speak JSON-RPC. A
//     prompt, and a compaction, are stopped by exit status 2 alone.
//   - A sub-agent is a session of its own, which names the one that called it when
//     it starts. Its prompt is a SubagentStart, the end of its turn a SubagentStop:
//     what hooks answer to Droid's own SubagentStop is not read.
func Droid() Harness {
	return Harness{
		Name:     "droid",
		Unpaired: []string{"SubagentStop"},
		Events:   droidEvents(),
		Tools:    droidTools(),
		Session:  commandSession,
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeCommand(h, native, at, droidReaders(), droidModes())
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, pinned(c, globbed(c, laidOver(h, c, ds))))
			return droidResponse(a, answered(h, claudeWords(a), m))
		},
		Refuse: func(h *Harness, event, text string) Response {
			r := refuseCommand(h, event, text, claudeWords)
			if slices.Contains(droidStops(), hook.EventName(event)) {
				r.Stderr, r.Exit = []byte(text+"\n"), 2
			}
			return r
		},
	}
}

// droidEvents is what was seen to be honoured.
func droidEvents() []EventRow {
	return []EventRow{
		{"SessionStart", hook.SessionStart, CanContext},
		{"UserPromptSubmit", hook.UserPromptSubmit, CanDeny | CanContext},
		{"PreToolUse", hook.PreToolUse, CanDeny | CanRewrite | CanHalt},
		{"PostToolUse", hook.PostToolUse, CanContext | CanContinue | CanHalt},
		{"PreCompact", hook.PreCompact, CanDeny},
		{"UserPromptSubmit", hook.SubagentStart, CanContext},
		{"Stop", hook.SubagentStop, CanContinue | CanContext | CanHalt},
		{"Stop", hook.Stop, CanContinue | CanContext | CanHalt},
		{"Notification", hook.Notification, 0},
		{"SessionEnd", hook.SessionEnd, 0},
	}
}

// droidTools is the table of §10. ApplyPatch is not in it: it becomes a Write or
// an Edit for each file. Nor are MCP tools, <server>___<tool>.
func droidTools() []ToolRow {
	file := FieldRow{Native: "file_path", Claude: "file_path", Path: true}
	return []ToolRow{
		{"Execute", "Bash", []FieldRow{{Native: "summary", Claude: "description"}, {Native: "fireAndForget", Claude: "run_in_background"}, {Native: "riskLevel"}, {Native: "riskLevelReason"}}},
		{"Create", "Write", []FieldRow{file}},
		{"Edit", "Edit", []FieldRow{
			file, {Native: "old_str", Claude: "old_string"}, {Native: "new_str", Claude: "new_string"},
			{Native: "change_all", Claude: "replace_all", Default: "false"},
		}},
		{"Read", "Read", []FieldRow{file}},
		{"Glob", "Glob", []FieldRow{{Native: "folder", Claude: "path"}}},
		{"Grep", "Grep", nil},
		{"LS", "LS", []FieldRow{{Native: "directory_path", Claude: "path", Path: true}}},
		{"Task", "Agent", nil},
		{"FetchUrl", "WebFetch", nil},
		{"WebSearch", "WebSearch", nil},
	}
}

// droidModes are the permission modes by Claude's names, as near as they come.
func droidModes() map[string]string {
	return map[string]string{"off": "default", "spec": "plan", "auto-low": "acceptEdits", "auto-medium": "acceptEdits", "auto-high": "bypassPermissions"}
}

func droidReaders() map[string]commandReader {
	out := map[string]commandReader{
		"SessionStart":     droidStart,
		"UserPromptSubmit": bySession(promptedBy, droidTask),
		"PreToolUse":       droidCall,
		"PostToolUse":      droidResult,
		"PreCompact":       plainly(hook.PreCompact, hook.Object{{Name: "custom_instructions", Value: json.RawMessage("null")}}),
		"Stop":             bySession(stopped(hook.Stop), stopped(hook.SubagentStop)),
		"Notification":     plainly(hook.Notification, nil),
		"SessionEnd":       bySession(plainly(hook.SessionEnd, nil), nothing),
	}
	for name, read := range out {
		out[name] = func(e *commandEvent) ([]hook.Event, error) {
			e.byCaller()
			return read(e)
		}
	}
	return out
}

// droidStart begins a session. That of a sub-agent has no event yet: what it is to
// do comes with its prompt.
func droidStart(e *commandEvent) ([]hook.Event, error) {
	if e.memory.Caller = text(e.in, "calling_session_id"); e.memory.Caller != "" {
		return nil, nil
	}
	return without(plainly(hook.SessionStart, nil), "CLAUDE_ENV_FILE")(e)
}

// bySession reads an event of the user's session by one, of a sub-agent's by the other.
func bySession(user, sub commandReader) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		if e.memory.Caller != "" {
			return sub(e)
		}
		return user(e)
	}
}

func nothing(*commandEvent) ([]hook.Event, error) { return nil, nil }

// droidTask is a sub-agent that is given its task. The text that Droid makes of it
// says what kind of agent it is.
func droidTask(e *commandEvent) ([]hook.Event, error) {
	e.memory.newTurn()
	if kind := regexp.MustCompile(`(?m)^Subagent type: (.+)$`).FindStringSubmatch(text(e.in, "prompt")); kind != nil {
		e.memory.Agent = kind[1]
	}
	e.in = dropped(e.in, "prompt").WithText("agent_type", e.memory.Agent)
	return []hook.Event{e.claude(hook.SubagentStart, nil)}, nil
}

// byCaller names a sub-agent's event as Claude does: by the session that called it,
// with the agent beside it.
func (e *commandEvent) byCaller() {
	if e.memory.Caller != "" {
		own := text(e.in, "session_id")
		e.in = e.in.WithText("session_id", e.memory.Caller).WithText("agent_id", own).WithText("agent_type", e.memory.Agent)
	}
}

// droidCall is a call that is about to be made. The workers of a mission are sessions
// in a directory of the model's choice: it is to be this one, whose hooks guard them.
func droidCall(e *commandEvent) ([]hook.Event, error) {
	t, err := droidTool(e)
	if err != nil {
		return nil, err
	}
	if dir := text(t.args, "workingDirectory"); t.native == "ProposeMission" && dir != "" && path.Clean(dir) != path.Clean(e.cwd) {
		return nil, fmt.Errorf("a mission in %s, where the hooks of %s do not guard; propose it without workingDirectory", dir, e.cwd)
	}
	id := e.memory.begin(callKey(t.native, t.args))
	if t.native == "ApplyPatch" {
		return e.patchCalls(hook.PreToolUse, droidPatch(t), id)
	}
	return []hook.Event{e.call(hook.PreToolUse, t.name, t.input, id, nil)}, nil
}

// droidResult is a call that was made. Of a file's change Droid tells no more
// than that it was made.
func droidResult(e *commandEvent) ([]hook.Event, error) {
	t, err := droidTool(e)
	if err != nil {
		return nil, err
	}
	id := e.memory.end(callKey(t.native, t.args))
	if t.native == "ApplyPatch" {
		return e.patchResults(droidPatch(t), id)
	}
	said := text(e.in, "tool_response")
	if t.name == "Bash" {
		said, _, _ = strings.Cut(said, "\n\n[Process exited with code ")
	}
	own := hook.Object{}.With("tool_response", claudeResponse(t.name, t.input, said))
	return []hook.Event{e.call(hook.PostToolUse, t.name, t.input, id, own)}, nil
}

// droidStops are the events at which exit status 2 says no: of a prompt and of a
// compaction nothing else does, and of a call it counts where a hook of Droid's own
// has allowed it.
func droidStops() []hook.EventName {
	return []hook.EventName{hook.PreToolUse, hook.UserPromptSubmit, hook.PreCompact}
}

// droidResponse says a denial by the exit status, too, before what the user is
// told on stderr. Droid reads an answer in pieces, and takes a character that is in
// two of them for another: the answer is in ASCII.
func droidResponse(a answer, r Response) Response {
	r.Stdout = inASCII(r.Stdout)
	if a.deny != "" && slices.Contains(droidStops(), a.event) {
		r.Stderr, r.Exit = append([]byte(strings.TrimRight(a.deny, "\n")+"\n"), r.Stderr...), 2
	}
	return r
}
