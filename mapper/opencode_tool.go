package mapper

import (
	"encoding/json"
	"errors"
	"fmt"

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
}

// before is a tool call that is about to be made: none for the tool that stands
// for a call OpenCode could not read, several for a patch (§3.1, §5.4).
func (r *ocRequest) before(h *Harness) ([]hook.Event, error) {
	t, err := r.tool(h, r.output)
	if err != nil || t.native == "invalid" {
		return nil, err
	}
	if t.native == ocPatch {
		return r.beforePatch(t)
	}
	own := hook.Object{}.WithText("tool_name", t.name).With("tool_input", t.input.JSON()).WithText("tool_use_id", t.id)
	return []hook.Event{r.claude(hook.PreToolUse, append(own, t.mcpServer()...))}, nil
}

// after is a tool call that was made. Bash is PostToolUseFailure when the
// command ended by itself with another status than 0; a status of null means
// that it was interrupted (§3.2, §5.3).
func (r *ocRequest) after(h *Harness) ([]hook.Event, error) {
	t, err := r.tool(h, r.input)
	if err != nil || t.native == "invalid" {
		return nil, err
	}
	if t.native == ocPatch {
		return r.afterPatch(t)
	}
	own := hook.Object{}.WithText("tool_name", t.name).With("tool_input", t.input.JSON())
	if status := r.exitStatus(t); status != "" && status != "0" && status != "null" {
		own = own.WithText("tool_use_id", t.id).
			WithText("error", "Exit code "+status+"\n"+text(r.output, "output")).
			With("is_interrupt", json.RawMessage("false"))
		return []hook.Event{r.claude(hook.PostToolUseFailure, r.timed(own))}, nil
	}
	own = own.With("tool_response", r.response(t)).WithText("tool_use_id", t.id)
	return []hook.Event{r.claude(hook.PostToolUse, append(r.timed(own), t.mcpServer()...))}, nil
}

// tool reads a call whose arguments are the member args of in.
func (r *ocRequest) tool(h *Harness, in hook.Object) (ocTool, error) {
	t := ocTool{native: text(r.input, "tool"), id: text(r.input, "callID")}
	if t.native == "" {
		return t, errors.New(`no "tool" in "input"`)
	}
	raw, _ := in.Get("args")
	args, err := hook.ParseObject(raw)
	if err != nil {
		return t, fmt.Errorf(`"args" of tool %s: %w`, t.native, err)
	}
	t.name, t.args, t.input = t.native, args, args
	if row, ok := h.toolNamed(t.native); ok {
		t.name, t.input = row.Claude, toClaude(row.Fields, args, r.directory)
	} else if server, name, ok := r.mcp(t.native); ok {
		t.name, t.server = name, server
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
		return own.With("duration_ms", ms)
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
