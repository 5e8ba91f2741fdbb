package mapper

import (
	"encoding/json"
	"errors"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Codex is the dialect of Codex CLI 0.169.0, whose hooks have Claude's names and
// not quite Claude's meaning. Sections named here are those of the Codex record
// (codex.md).
//
// Nothing there fails closed (§1): an answer with a field too many, or a reason
// too few, is thrown away and the tool runs. So an answer has the fields of §7.2
// and no others, and every refusal a text.
//
//   - A change of files is a patch, in apply_patch or in a shell command of that
//     name: hooks see a Write or an Edit of each file (codexPatch).
//   - There is no ask: the call is refused. A permission is given when Codex itself
//     asks (PermissionRequest), as it takes none before.
//   - A turn cannot be ended by a tool's hooks: no more calls are let pass in it,
//     and its Stop is not held up.
//   - The cwd of a call is what the model says (workdir), and hooks see it; they are
//     run where Codex runs its own, in the session's: a guard with a relative path
//     would be looked for, and perhaps found, in a directory of the model's choice.
//   - What a PostToolUse hook blocks with stands beside the tool's result, as a
//     developer message; a block of Codex's own would take the result's place.
func Codex() Harness {
	return Harness{
		Name:     "codex",
		Unpaired: []string{"Interrupt", "PreModelRequest", "PostModelRequest"},
		Events:   codexEvents(),
		Tools:    codexTools(),
		Runs:     []hook.Scope{hook.ScopeCodex},
		Session:  commandSession,
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			c, err := decodeCommand(h, native, at, codexReaders(), nil)
			for i := range c.Events {
				c.Events[i].Dir = at.Cwd
			}
			return c, err
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, ds)
			return respond(codexWords(codexShallow(a)), m)
		},
		Refuse: func(h *Harness, event, text string) Response { return refuseCommand(h, event, text, codexWords) },
	}
}

// codexEvents is the table of §5 and §7.2. SessionEnd reads no answer; Interrupt
// and the two events of model requests have no pair.
func codexEvents() []EventRow {
	return []EventRow{
		{"SessionStart", hook.SessionStart, CanContext | CanTell},
		{"UserPromptSubmit", hook.UserPromptSubmit, CanDeny | CanContext | CanHalt | CanTell},
		{"PreToolUse", hook.PreToolUse, CanDeny | CanAllow | CanRewrite | CanContext | CanTell},
		{"PermissionRequest", hook.PermissionRequest, CanDeny | CanAllow | CanTell},
		{"PermissionRequest", hook.PreToolUse, CanDeny | CanTell}, // of write_stdin, which has no other (codexTyped)
		{"PostToolUse", hook.PostToolUse, CanContinue | CanReplace | CanContext | CanTell},
		{"PreCompact", hook.PreCompact, CanDeny | CanTell},
		{"PostCompact", hook.PostCompact, CanTell},
		{"SubagentStart", hook.SubagentStart, CanContext | CanTell},
		{"SubagentStop", hook.SubagentStop, CanContinue | CanContext | CanHalt | CanTell},
		{"Stop", hook.Stop, CanContinue | CanContext | CanHalt | CanTell},
		{"SessionEnd", hook.SessionEnd, 0},
	}
}

// codexTools is the table of §6.1; apply_patch is not in it. MCP tools have
// Claude's names but for "-" (codexEvent), any other tool keeps its own.
func codexTools() []ToolRow {
	return []ToolRow{
		{"Bash", "Bash", nil},
		{"write_stdin", "Bash", []FieldRow{{Native: "chars", Claude: "command"}}},
		{"list_mcp_resources", "ListMcpResourcesTool", nil},
		{"read_mcp_resource", "ReadMcpResourceTool", nil},
		{"view_image", "Read", []FieldRow{{Native: "path", Claude: "file_path", Path: true}}},
		{"spawn_agent", "Agent", []FieldRow{{Native: "message", Claude: "prompt"}, {Native: "agent_type", Claude: "subagent_type"}}},
		{"collaborationspawn_agent", "Agent", []FieldRow{
			{Native: "message", Claude: "prompt"}, {Native: "task_name", Claude: "description"}, {Native: "fork_turns"},
		}},
	}
}

func codexReaders() map[string]commandReader {
	return map[string]commandReader{
		"SessionStart":      plainly(hook.SessionStart, nil),
		"UserPromptSubmit":  codexPrompt,
		"PreToolUse":        codexCall(hook.PreToolUse),
		"PermissionRequest": codexCall(hook.PermissionRequest),
		"PostToolUse":       codexResult,
		"PreCompact":        plainly(hook.PreCompact, hook.Object{{Name: "custom_instructions", Value: json.RawMessage("null")}}),
		"PostCompact":       plainly(hook.PostCompact, hook.Object{}.WithText("compact_summary", "")),
		"SubagentStart":     plainly(hook.SubagentStart, nil),
		"SubagentStop":      stopped(hook.SubagentStop),
		"Stop":              stopped(hook.Stop),
		"SessionEnd":        plainly(hook.SessionEnd, nil),
	}
}

// codexPrompt is a prompt. What the model has a sub-agent do comes as one, too, and
// is none (§5); what the user says to a sub-agent is (measured), but begins no turn
// of the session's.
func codexPrompt(e *commandEvent) ([]hook.Event, error) {
	switch {
	case text(e.in, "agent_id") == "":
		return prompted(e)
	case e.memory.tasked(text(e.in, "prompt")):
		return nil, nil
	}
	return []hook.Event{e.claude(hook.UserPromptSubmit, nil)}, nil
}

// codexCall reads a call that is about to be made, or to be asked for: one of
// Claude's for each file of a patch; for a shell command that holds a patch the
// command and its files.
func codexCall(name hook.EventName) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		t, err := e.codexTool()
		if err != nil {
			return nil, err
		}
		id := text(e.in, "tool_use_id")
		if t.native == "write_stdin" {
			return e.codexTyped(name, t), nil
		}
		if t.native == codexPatchTool {
			return e.patchCalls(name, text(t.args, "command"), id)
		}
		if v1 := t.native == "spawn_agent" || strings.HasPrefix(t.native, "multi_agent_v1"); v1 && name == hook.PreToolUse {
			e.memory.task(codexTask(t.args))
		}
		out := []hook.Event{e.codexEvent(name, t, id, nil)}
		if t.native == "Bash" {
			out = append(out, e.shellPatchCalls(name, text(t.args, "command"), id)...)
		}
		return out, nil
	}
}

// codexTyped is text that the model types into a command that goes on: a command of
// its own, as far as anybody can know. It has no PreToolUse, but where the command
// was started outside of the sandbox Codex asks for it (measured): guards of calls
// are heard then.
func (e *commandEvent) codexTyped(name hook.EventName, t toolCall) []hook.Event {
	out := []hook.Event{e.call(hook.PreToolUse, t.name, t.input, "", nil)}
	if name != hook.PreToolUse {
		out = append(out, e.call(name, t.name, t.input, "", nil))
	}
	return out
}

// codexResult reads a call that was made. Codex tells no exit status: a command
// that failed is a PostToolUse, too (§6.2).
func codexResult(e *commandEvent) ([]hook.Event, error) {
	t, err := e.codexTool()
	if err != nil {
		return nil, err
	}
	raw, ok := e.in.Get("tool_response")
	if !ok {
		return nil, errors.New("no tool_response")
	}
	id := text(e.in, "tool_use_id")
	if t.native == codexPatchTool {
		return e.patchResults(text(t.args, "command"), id)
	}
	own := hook.Object{}.With("tool_response", codexResponse(t, raw))
	return []hook.Event{e.codexEvent(hook.PostToolUse, t, id, own)}, nil
}

// codexTool is tool. A sub-agent's task may be given as items in place of a message
// (measured): their texts are its prompt.
func (e *commandEvent) codexTool() (toolCall, error) {
	t, err := e.tool()
	if task := codexTask(t.args); t.name == "Agent" && text(t.input, "prompt") == "" && task != "" {
		t.input = t.input.WithText("prompt", task)
	}
	return t, err
}

// codexTask is what a call has a sub-agent do, "" if it does not.
func codexTask(args hook.Object) string {
	texts := []string{text(args, "message")}
	for _, item := range list(value(args, "items")) {
		if o, err := hook.ParseObject(item); err == nil {
			texts = append(texts, text(o, "text"))
		}
	}
	return strings.TrimSpace(strings.Join(texts, "\n"))
}

// codexEvent is the event of a call that is no patch. In the names of an MCP server
// and its tools Codex has "_" for each "-" (measured), and which they were is not
// to be known.
func (e *commandEvent) codexEvent(name hook.EventName, t toolCall, id string, after hook.Object) hook.Event {
	ev := e.call(name, t.name, t.input, id, after)
	ev.Blurred = hook.IsMCP(t.name)
	return ev
}

// codexResponse is the tool_response in the shape of Claude's tool.
func codexResponse(t toolCall, raw json.RawMessage) json.RawMessage {
	said := hook.Text(raw)
	result, err := hook.ParseObject(raw)
	switch {
	case t.name == "Bash":
		return claudeResponse("Bash", t.input, said)
	case t.name == "Agent":
		part := hook.Object{}.WithText("type", "text").WithText("text", said)
		return hook.Object{}.WithText("status", "completed").
			With("prompt", value(t.input, "prompt")).
			With("content", array([]json.RawMessage{part.JSON()})).JSON()
	case hook.IsMCP(t.native) && err == nil:
		return mcpOutput(result)
	}
	return raw
}

// mcpOutput is the list of contents of an MCP result, or the text of the
// structured one (§1.3 of the measured record).
func mcpOutput(result hook.Object) json.RawMessage {
	if structured, ok := result.Get("structuredContent"); ok && string(structured) != "null" {
		return hook.Quote(string(structured))
	}
	return value(result, "content")
}
