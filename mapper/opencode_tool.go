package mapper

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/run-hooks/run-hooks"
)

// An ocTool is a native tool call in Claude's terms.
type ocTool struct {
	native string
	id     string // callID
	name   string // Claude's name
	args   hook.Object
	input  hook.Object // args with Claude's names
	server string      // MCP server as configured, "" for any other tool
	others []ocMCP     // what else an MCP tool may be
	raw    hook.Object // input with the path as it came, see uncleaned
}

// before is a tool call that is about to be made: none for the tool that stands
// for a call OpenCode could not read, several for a patch (§3.1, §5.4).
func (r *ocRequest) before(h *Harness) ([]hook.Event, error) {
	t, err := r.tool(h, text(r.input, "tool"), text(r.input, "callID"), r.output)
	if err != nil || t.native == "invalid" {
		return nil, err
	}
	return r.calls(t, hook.PreToolUse)
}

// calls is a call that may still be refused. Hooks written for Codex see every
// change of a file as a patch, all others see a patch as changes of files. An MCP
// tool whose server is not certain is a call of each that it may be: a guard of the
// right one must not be passed by.
func (r *ocRequest) calls(t ocTool, name hook.EventName) ([]hook.Event, error) {
	if t.native == ocPatch {
		return r.patchCalls(t, name)
	}
	event := r.callEvent(name, t.name, t.id, t.input, t.mcpServer())
	patch := synthesized(t, r.directory)
	if patch == "" {
		return append([]hook.Event{event}, r.otherCalls(t, name)...), nil
	}
	event.For = hook.OtherHooks
	return append([]hook.Event{event, r.codexCall(name, t.id, patch)}, r.otherCalls(t, name)...), nil
}

// otherCalls is the same call under the other names that it may have, and with its
// path as it came.
func (r *ocRequest) otherCalls(t ocTool, name hook.EventName) []hook.Event {
	var out []hook.Event
	if t.raw != nil {
		e := r.callEvent(name, t.name, t.id, t.raw, nil)
		e.For = hook.OtherHooks
		out = append(out, e)
	}
	for _, o := range t.others {
		t.server = o.server
		out = append(out, r.callEvent(name, o.claude, t.id, t.input, t.mcpServer()))
	}
	return out
}

// callEvent is a call of one tool; a permission question does not carry its id
// (§1.2 of the measured record).
func (r *ocRequest) callEvent(name hook.EventName, tool, id string, input, more hook.Object) hook.Event {
	own := hook.Object{}.WithText("tool_name", tool).With("tool_input", input.JSON())
	if name != hook.PermissionRequest {
		own = own.WithText("tool_use_id", id)
	}
	return r.claude(name, append(own, more...))
}

// codexCall is a call in the shape that hooks written for Codex know.
func (r *ocRequest) codexCall(name hook.EventName, id, patch string) hook.Event {
	e := r.callEvent(name, ocPatch, id, hook.Object{}.WithText("command", patch), nil)
	e.For = hook.CodexHooks
	return e
}

// after is a tool call that was made. Bash is PostToolUseFailure when the
// command ended by itself with another status than 0; a status of null means
// that it was interrupted (§3.2, §5.3). Codex has no failures: its hooks see
// every end of a command, and only the text (codex.md §6.2).
func (r *ocRequest) after(h *Harness) ([]hook.Event, error) {
	t, err := r.tool(h, text(r.input, "tool"), text(r.input, "callID"), r.input)
	switch {
	case err != nil || t.native == "invalid":
		return nil, err
	case t.native == ocPatch:
		return r.afterPatch(t)
	}
	event := r.made(t.name, t.id, t.input, r.response(t), t.mcpServer())
	if status := r.exitStatus(t); status != "" && status != "0" && status != "null" {
		event = r.failedCall(t, "Exit code "+status+"\n"+text(r.output, "output"), false)
	}
	codex := r.codexResult(t)
	if codex == nil {
		return []hook.Event{event}, nil
	}
	event.For = hook.OtherHooks
	return append([]hook.Event{event}, codex...), nil
}

// codexResult is the call's end for hooks written for Codex, where they see it in
// another shape.
func (r *ocRequest) codexResult(t ocTool) []hook.Event {
	tool, input, response := t.name, t.input, text(r.output, "output")
	if patch := synthesized(t, r.directory); patch != "" {
		tool, input = ocPatch, hook.Object{}.WithText("command", patch)
		response = r.codexResponse([]string{patchLetter(patch) + " " + inside(text(t.input, "file_path"), r.directory)})
	} else if t.name != "Bash" {
		return nil
	}
	e := r.made(tool, t.id, input, hook.Quote(response), nil)
	e.For = hook.CodexHooks
	return []hook.Event{e}
}

// made is a call that has succeeded.
func (r *ocRequest) made(tool, id string, input hook.Object, response json.RawMessage, more hook.Object) hook.Event {
	own := hook.Object{}.
		WithText("tool_name", tool).
		With("tool_input", input.JSON()).
		With("tool_response", response).
		WithText("tool_use_id", id)
	return r.claude(hook.PostToolUse, append(r.timed(own), more...))
}

// failedCall is a call that has failed, with what the model reads of it.
func (r *ocRequest) failedCall(t ocTool, said string, interrupted bool) hook.Event {
	own := hook.Object{}.
		WithText("tool_name", t.name).
		With("tool_input", t.input.JSON()).
		WithText("tool_use_id", t.id).
		WithText("error", said).
		With("is_interrupt", boolean(interrupted))
	return r.claude(hook.PostToolUseFailure, append(r.timed(own), t.mcpServer()...))
}

// failed is the part of a tool that has failed: the one place where OpenCode says
// so (§3.5). A patch is a failure of each of its files, if it could be read.
func (r *ocRequest) failed(h *Harness) ([]hook.Event, error) {
	part := object(r.input, "part")
	state := object(part, "state")
	if text(part, "type") != "tool" || text(state, "status") != "error" || text(part, "tool") == "invalid" {
		return nil, nil
	}
	t, err := r.tool(h, text(part, "tool"), text(part, "callID"), hook.Object{}.With("args", value(state, "input")))
	if err != nil {
		return nil, err
	}
	interrupted := truth(object(state, "metadata"), "interrupted")
	calls := []ocTool{t}
	if changes, err := r.changes(t); t.native == ocPatch && err == nil {
		calls = nil
		for i, c := range changes {
			calls = append(calls, ocTool{name: c.tool, id: callID(t.id, i, len(changes)), input: c.input})
		}
	}
	var out []hook.Event
	for _, c := range calls {
		out = append(out, r.failedCall(c, text(state, "error"), interrupted))
	}
	return out, nil
}

// asked is OpenCode's own question whether a call is permitted (§10). What it is
// about is known only where the call itself was seen before.
func (r *ocRequest) asked(h *Harness) ([]hook.Event, error) {
	t, err := r.askedTool(h)
	if err != nil {
		return nil, err
	}
	return r.calls(t, hook.PermissionRequest)
}

// replied is that question answered with no, by somebody else than our hooks.
func (r *ocRequest) replied(h *Harness) ([]hook.Event, error) {
	if text(r.input, "reply") != "reject" {
		return nil, nil
	}
	t, err := r.askedTool(h)
	if err != nil {
		return nil, err
	}
	own := hook.Object{}.WithText("reason", "The user rejected permission to use this tool")
	return []hook.Event{r.callEvent(hook.PermissionDenied, t.name, t.id, t.input, own)}, nil
}

func (r *ocRequest) askedTool(h *Harness) (ocTool, error) {
	id := text(object(r.input, "tool"), "callID")
	if native := text(r.output, "tool"); native != "" {
		return r.tool(h, native, id, r.output)
	}
	about := object(r.input, "metadata")
	return r.tool(h, text(r.input, "permission"), id, hook.Object{}.With("args", about.JSON()))
}

// tool reads a call of a native tool whose arguments are the member args of in.
func (r *ocRequest) tool(h *Harness, native, id string, in hook.Object) (ocTool, error) {
	t := ocTool{native: native, id: id}
	if native == "" {
		return t, errors.New(`no "tool" in the request`)
	}
	raw, _ := in.Get("args")
	args, err := hook.ParseObject(raw)
	if err != nil {
		return t, fmt.Errorf(`"args" of tool %s: %w`, native, err)
	}
	t.name, t.args, t.input, t.others = native, args, args, r.mcp(native)
	if row, ok := h.toolNamed(native); ok { // which a server's tool may be called, too
		t.name, t.input = row.Claude, toClaude(row.Fields, args, r.directory)
		if h.Uncleaned {
			t.raw = uncleaned(row, args, t.input)
		}
	} else if len(t.others) > 0 {
		t.name, t.server, t.others = t.others[0].claude, t.others[0].server, t.others[1:]
	}
	return t, nil
}

// exitStatus is the exit status of a shell command as JSON text, "" for any
// other tool.
func (r *ocRequest) exitStatus(t ocTool) string {
	if t.name != "Bash" {
		return ""
	}
	status, _ := object(r.output, "metadata").Get("exit")
	return string(status)
}

// timed adds the time the tool took, where the plugin has measured it.
func (r *ocRequest) timed(own hook.Object) hook.Object {
	if ms, ok := r.state.Get("duration"); ok {
		return slices.Clip(own.With("duration_ms", ms))
	}
	return own
}

// mcpServer is the member that the calls of MCP tools have in addition (§1.2 of
// the measured record).
func (t ocTool) mcpServer() hook.Object {
	if t.server == "" {
		return nil
	}
	server := hook.Object{}.WithText("name", t.server).WithText("source", "dynamic")
	return hook.Object{}.With("mcp_server", server.JSON())
}
