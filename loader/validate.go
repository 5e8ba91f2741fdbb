package loader

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	hook "github.com/run-hooks/run-hooks"
)

// A validator walks the "hooks" object of one file and collects its handlers
// and its faults.
type validator struct {
	src    *source
	scope  hook.Scope
	strict bool // a fault under a guard event drops the whole file

	handlers []hook.Handler
	findings []Finding
	partial  bool     // something was left out
	fatal    *Finding // the fault that drops the whole file
}

// guards reports whether anything invalid under an event drops the whole file:
// what cannot be loaded may be what guards the permissions beside it (§9.2).
func guards(event hook.EventName) bool {
	return event == hook.PreToolUse || event == hook.PermissionRequest
}

// fault records that n is left out for the reason msg. lost counts the handlers
// that go with it.
func (v *validator) fault(event hook.EventName, n node, name, msg string, lost int) {
	v.partial = true
	f := Finding{Pos: n.pos(), Severity: Error, Name: name, Msg: msg, Cost: costOf(lost)}
	if v.strict && guards(event) {
		f.Msg += fmt.Sprintf(", and under %s that drops the whole file", event)
		if v.fatal == nil {
			v.fatal = &f
		}
	}
	v.findings = append(v.findings, f)
}

// costOf says what leaving out n handlers means.
func costOf(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "the hook does not run"
	}
	return fmt.Sprintf("its %d hooks do not run", n)
}

// hooks validates the value of the key "hooks".
func (v *validator) hooks(n node) {
	switch n.kind() {
	case 0:
		return
	case '{':
		v.shadowed(n)
		for _, f := range n.fields() {
			v.event(f)
		}
		return
	case '[':
		v.partial = true
		f := Finding{Pos: n.pos(), Severity: Error, Name: "hooks-type", Msg: `"hooks" is an array; it must be an object of event names`}
		v.findings = append(v.findings, f)
		v.fatal = &f
		return
	}
	v.fault("", n, "hooks-type", fmt.Sprintf(`"hooks" is %s; it must be an object of event names`, n.what()), 0)
}

// shadowed reports the members of n that a later one of the same name takes the
// place of: whoever wrote the first believes in it.
func (v *validator) shadowed(n node) {
	for _, f := range n.shadowed() {
		if lost := countHandlers(f.value); lost > 0 {
			v.findings = append(v.findings, Finding{Pos: f.key.pos(), Severity: Warning, Name: "duplicate-key",
				Msg: fmt.Sprintf("%q stands here again further down, and only the last counts", f.name), Cost: costOf(lost)})
		}
	}
}

// event validates one member of "hooks".
func (v *validator) event(f field) {
	name := hook.EventName(f.name)
	if _, ok := hook.Spec(name); !ok {
		v.unknownEvent(f)
		return
	}
	switch f.value.kind() {
	case '[':
		for _, g := range f.value.elems() {
			v.group(name, g)
		}
	case 'n': // null is no reason to drop the file, even under a guard event
		v.fault("", f.value, "event-type", fmt.Sprintf("%q is null; it must be an array of groups", f.name), 0)
	default:
		v.fault(name, f.value, "event-type", fmt.Sprintf("%q is %s; it must be an array of groups", f.name, f.value.what()), countHandlers(f.value))
	}
}

// unknownEvent records a name that is no event: Claude Code leaves it out, bad
// value or not.
func (v *validator) unknownEvent(f field) {
	v.partial = true
	msg := fmt.Sprintf("%s is not an event", quoted(f.name))
	for _, s := range hook.Events() {
		if strings.EqualFold(string(s.Name), strings.NewReplacer("_", "", "-", "").Replace(f.name)) {
			msg += fmt.Sprintf("; did you mean %q", s.Name)
		}
	}
	v.findings = append(v.findings, Finding{Pos: f.key.pos(), Severity: Warning, Name: "event-unknown", Msg: msg, Cost: costOf(countHandlers(f.value))})
}

// group validates one matcher group.
func (v *validator) group(event hook.EventName, n node) {
	hooks, matcher := n.get("hooks"), n.get("matcher")
	lost := countHandlers(n)
	switch {
	case n.kind() != '{':
		v.fault(event, n, "group-type", fmt.Sprintf("a group is %s; it must be an object with \"hooks\"", n.what()), lost)
	case matcher.v != nil && matcher.kind() != '"':
		v.fault(event, matcher, "group-matcher", fmt.Sprintf(`"matcher" is %s; it must be a string`, matcher.what()), lost)
	case hooks.v == nil && (n.get("type").v != nil || n.get("command").v != nil):
		v.fault(event, n, "group-flat", `a handler stands where a group belongs; write {"matcher": …, "hooks": [{…}]}`, lost)
	case hooks.kind() != '[':
		at := hooks
		if at.v == nil {
			at = n
		}
		v.fault(event, at, "group-hooks", fmt.Sprintf(`"hooks" of a group is %s; it must be an array of handlers`, hooks.what()), lost)
	default:
		for _, h := range hooks.elems() {
			v.handler(event, matcher.str(), h)
		}
	}
}

// handler validates one handler and keeps it if it is valid.
func (v *validator) handler(event hook.EventName, matcher string, n node) {
	if n.kind() != '{' {
		v.fault(event, n, "handler-type", fmt.Sprintf("a handler is %s; it must be an object", n.what()), 1)
		return
	}
	typ := n.get("type")
	if !slices.Contains(handlerTypes(), typ.str()) {
		at, what := typ, "is "+typ.what()
		if typ.kind() == '"' {
			what = "is " + quoted(typ.str())
		}
		if typ.v == nil {
			at = n
		}
		v.fault(event, at, "handler-type", fmt.Sprintf(`"type" of a handler %s; it must be one of %s`, what, strings.Join(handlerTypes(), ", ")), 1)
		return
	}
	for _, r := range fieldRules() {
		if !r.of(typ.str()) {
			continue
		}
		value := n.get(r.name)
		if msg := r.fault(typ.str(), value); msg != "" {
			if value.v == nil {
				value = n
			}
			v.fault(event, value, "handler-field", msg, 1)
			return
		}
	}
	v.handlers = append(v.handlers, v.build(event, matcher, n))
}

// build makes the Handler of a valid node.
func (v *validator) build(event hook.EventName, matcher string, n node) hook.Handler {
	h := hook.Handler{
		Type: hook.HandlerType(n.get("type").str()), Event: event, Matcher: matcher,
		If: n.get("if").str(), Timeout: seconds(n.get("timeout").number()),
		StatusMessage: n.get("statusMessage").str(),
		Scope:         v.scope, Pos: n.pos(),
	}
	switch h.Type {
	case hook.Command:
		h.Command, h.Shell = n.get("command").str(), n.get("shell").str()
		h.Exec, h.Args = n.get("args").v != nil, stringsOf(n.get("args"))
		h.Async, h.AsyncRewake = n.get("async").isTrue(), n.get("asyncRewake").isTrue()
	case hook.HTTP:
		h.URL, h.Headers = n.get("url").str(), textsOf(n.get("headers"))
		h.AllowedEnvVars = stringsOf(n.get("allowedEnvVars"))
	case hook.MCPTool:
		h.Server, h.Tool = n.get("server").str(), n.get("tool").str()
		if in := n.get("input"); in.v != nil {
			h.Input = json.RawMessage(in.text())
		}
	case hook.Prompt, hook.Agent:
		h.Prompt, h.Model = n.get("prompt").str(), n.get("model").str()
		h.ContinueOnBlock = n.get("continueOnBlock").isTrue()
	}
	h.FailClosed = v.failClosed(h.Type, n)
	return h
}

// failClosed reads onFailure and our own failClosed. A value of failClosed that
// is no boolean closes, too: whoever wrote it meant something by it.
func (v *validator) failClosed(typ hook.HandlerType, n node) bool {
	on, own := n.get("onFailure"), n.get("failClosed")
	if own.v != nil && own.kind() != 't' {
		v.findings = append(v.findings, Finding{Pos: own.pos(), Severity: Warning, Name: "handler-fail-closed",
			Msg: fmt.Sprintf(`"failClosed" is %s and is read as true; it must be a boolean`, own.what())})
		return true
	}
	switch typ {
	case hook.Prompt, hook.Agent: // stripped there (reference §3.4)
		return own.isTrue()
	case hook.MCPTool: // any value but "continue" is read as "block"
		return own.isTrue() || on.v != nil && on.str() != "continue"
	}
	return own.isTrue() || on.str() == "block"
}

// seconds turns a timeout as written into a duration; what a Duration cannot
// hold is its greatest value.
func seconds(s float64) time.Duration {
	const most = float64(1<<63-1) / float64(time.Second)
	if s >= most {
		return 1<<63 - 1
	}
	return time.Duration(s * float64(time.Second))
}

func stringsOf(n node) []string {
	var out []string
	for _, e := range n.elems() {
		out = append(out, e.str())
	}
	return out
}

func textsOf(n node) map[string]string {
	var out map[string]string
	for _, f := range n.fields() {
		if out == nil {
			out = map[string]string{}
		}
		out[f.name] = f.value.str()
	}
	return out
}

// countHandlers returns how many handlers n holds, well-formed or not: objects
// that name a type, a command, a URL, a prompt or a tool.
func countHandlers(n node) int {
	if n.kind() == '{' && n.get("hooks").v == nil {
		for _, name := range []string{"type", "command", "url", "prompt", "tool"} {
			if n.get(name).v != nil {
				return 1
			}
		}
	}
	count := 0
	for _, e := range n.elems() {
		count += countHandlers(e)
	}
	for _, f := range n.fields() {
		count += countHandlers(f.value)
	}
	return count
}
