package mapper

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// An ocRequest is a request of the plugin, read.
type ocRequest struct {
	event     string
	directory string
	session   string
	state     hook.Object
	input     hook.Object
	output    hook.Object
	stateDir  string // Place.State
}

func decodeOpenCode(h *Harness, native []byte, at Place) (Call, error) {
	o, err := hook.ParseObject(native)
	if err != nil {
		return Call{}, fmt.Errorf("request of the OpenCode plugin: %w", err)
	}
	r, err := readOpenCode(o, at)
	c := Call{Native: r.event, Dir: r.directory, Input: o}
	if err != nil {
		return c, err
	}
	c.Events, err = r.events(h)
	if err != nil {
		return c, fmt.Errorf("%s of OpenCode: %w", r.event, err)
	}
	return c, nil
}

// readOpenCode takes a request apart. Members that are missing or of another
// type are empty; what an event cannot do without is asked for where it is used.
func readOpenCode(o hook.Object, at Place) (ocRequest, error) {
	r := ocRequest{
		event:     text(o, "event"),
		directory: text(o, "directory"),
		session:   text(o, "session"),
		state:     object(o, "state"),
		input:     object(o, "input"),
		output:    object(o, "output"),
		stateDir:  at.State,
	}
	if r.stateDir == "" {
		r.stateDir = path.Join(at.Home, ".local/state/run-hooks")
	}
	if r.event == "" {
		r.event = at.Event
	}
	if r.event == "" {
		return r, errors.New(`request of the OpenCode plugin: no "event"`)
	}
	return r, nil
}

// events returns what the request is in Claude's schema, nothing for an event
// without a pair.
func (r *ocRequest) events(h *Harness) ([]hook.Event, error) {
	verb, ok := openCodeVerbs()[r.event]
	if !ok {
		return nil, nil
	}
	if !path.IsAbs(r.directory) {
		return nil, errors.New(`"directory" is not an absolute path`)
	}
	if r.session == "" {
		return nil, errors.New(`no "session"`)
	}
	return verb.events(r, h)
}

// child reports whether the session is a sub-agent's.
func (r *ocRequest) child() bool { return r.root() != r.session }

// root is the session that the user talks to.
func (r *ocRequest) root() string {
	if root := text(r.state, "root"); root != "" {
		return root
	}
	return r.session
}

// claude returns an event with the members Claude Code gives every event, in its
// order (§1.2), then own, then what of the hook's input no one here knows.
func (r *ocRequest) claude(name hook.EventName, own hook.Object) hook.Event {
	spec, _ := hook.Spec(name)
	p := hook.Object{}.
		WithText("session_id", r.root()).
		WithText("transcript_path", transcriptPath(r.stateDir, r.root(), "")).
		WithText("cwd", r.directory)
	if id := text(r.state, "prompt"); id != "" && (name != hook.SessionStart || r.event == ocCompacted) {
		p = p.WithText("prompt_id", id)
	}
	if spec.Mode {
		p = p.WithText("permission_mode", r.permissionMode())
	}
	if r.child() {
		p = p.WithText("agent_id", r.session).WithText("agent_type", text(r.state, "agent"))
	}
	p = p.WithText("hook_event_name", string(name))
	for _, m := range append(slices.Clip(own), r.unknown()...) {
		if _, taken := p.Get(m.Name); !taken {
			p = p.With(m.Name, m.Value)
		}
	}
	return hook.Event{Spec: spec, Payload: p}
}

// permissionMode is what comes nearest to Claude's mode (§10.4).
func (r *ocRequest) permissionMode() string {
	switch {
	case text(r.state, "agent") == "plan":
		return "plan"
	case truth(r.state, "auto"):
		return "bypassPermissions"
	}
	return "default"
}

// unknown are the members of a plugin hook's input that this dialect has no use
// for; those of bus events are of OpenCode's own kind.
func (r *ocRequest) unknown() hook.Object {
	out := hook.Object{}
	if !slices.Contains([]string{ocMessage, ocBefore, ocAfter}, r.event) {
		return out
	}
	known := []string{"tool", "sessionID", "callID", "args", "agent", "model", "messageID", "variant"}
	for _, m := range r.input {
		if !slices.Contains(known, m.Name) {
			out = append(out, m)
		}
	}
	return out
}

// An ocMCP is what an MCP tool may be: the server's name as configured, and
// Claude's name for the tool.
type ocMCP struct{ server, claude string }

// mcp returns the MCP tools that a tool may be, none if it is no MCP tool. Both
// halves of OpenCode's name are sanitised and joined by one underscore, so that
// the name alone does not tell a tool hub_push of git from a tool push of git_hub;
// the longest server name that fits is the likeliest, and comes first (§6).
func (r *ocRequest) mcp(tool string) []ocMCP {
	var out []ocMCP
	raw, _ := r.state.Get("mcp")
	for _, name := range list(raw) {
		p := sanitized(hook.Text(name))
		if rest, ok := strings.CutPrefix(tool, p+"_"); ok && p != "" && rest != "" {
			out = append(out, ocMCP{hook.Text(name), "mcp__" + p + "__" + rest})
		}
	}
	slices.SortStableFunc(out, func(a, b ocMCP) int { return len(sanitized(b.server)) - len(sanitized(a.server)) })
	return slices.CompactFunc(out, func(a, b ocMCP) bool { return a.claude == b.claude })
}

// sanitized replaces everything but letters, digits, _ and - by an underscore, in
// JavaScript's units: two for a character outside the basic plane.
func sanitized(name string) string {
	var b strings.Builder
	for _, c := range name {
		switch {
		case c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			b.WriteRune(c)
		case c > 0xFFFF:
			b.WriteString("__")
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// text returns a string member, "" if it is absent or no string.
func text(o hook.Object, name string) string {
	raw, _ := o.Get(name)
	return hook.Text(raw)
}

// truth reports whether a member is true.
func truth(o hook.Object, name string) bool {
	raw, _ := o.Get(name)
	return string(raw) == "true"
}

// object returns an object member, nil if it is absent or no object.
func object(o hook.Object, name string) hook.Object {
	raw, ok := o.Get(name)
	if !ok {
		return nil
	}
	inner, err := hook.ParseObject(raw)
	if err != nil {
		return nil
	}
	return inner
}

// objects returns the objects of an array member.
func objects(o hook.Object, name string) []hook.Object {
	raw, _ := o.Get(name)
	var out []hook.Object
	for _, item := range list(raw) {
		if inner, err := hook.ParseObject(item); err == nil {
			out = append(out, inner)
		}
	}
	return out
}

// list returns the items of a JSON array, nil for any other value.
func list(raw json.RawMessage) []json.RawMessage {
	var items []json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &items) != nil {
		return nil
	}
	return items
}
