package loader

import (
	"fmt"
	"path/filepath"
	"slices"

	hook "github.com/run-hooks/run-hooks"
)

// loadOpenCode reads <project>/.opencode/hooks.json; nil if there is none. The
// name belongs to no standard: of the files found in the wild most are of
// another tool, so the file counts only if its shape is Claude's, and is
// reported otherwise. "failClosed": true at its top closes all of its handlers.
func loadOpenCode(o Options, project string) *File {
	p := place{filepath.Join(project, ".opencode", "hooks.json"), hook.ScopeOpenCode}
	return loadOpenCodeFile(p, o.display(p.path))
}

// loadOpenCodeFile is loadOpenCode for the file at p.
func loadOpenCodeFile(p place, name string) *File {
	file, src := open(p, name)
	if src == nil {
		return file
	}
	root, bad := parse(src)
	file.Hooks = countHandlers(root.get("hooks"))
	if bad == nil && !claudeShaped(root) {
		bad = &Finding{Pos: root.pos(), Severity: Error, Name: "opencode-shape",
			Msg: `not in Claude's shape, {"hooks": {"PreToolUse": [{"hooks": [{"type": "command", …}]}]}}; it may be another tool's file`}
	}
	if bad != nil {
		file.reject(*bad, file.Hooks)
		return file
	}
	v := validator{src: src, scope: p.scope, strict: true}
	v.hooks(root.get("hooks"))
	closed := root.get("failClosed")
	if closed.v != nil && closed.kind() != 't' {
		v.findings = append(v.findings, Finding{Pos: closed.pos(), Severity: Warning, Name: "handler-fail-closed",
			Msg: fmt.Sprintf(`"failClosed" is %s and is read as true; it must be a boolean`, closed.what())})
	}
	if closed.v != nil && (closed.kind() != 't' || closed.isTrue()) {
		for i := range v.handlers {
			v.handlers[i].FailClosed = true
		}
	}
	file.take(&v)
	return file
}

// claudeShaped reports whether root is {"hooks": {EVENT: [group, …]}} for at
// least one event of Claude's, or has no hooks at all.
func claudeShaped(root node) bool {
	hooks := root.get("hooks")
	if root.kind() != '{' || hooks.kind() != '{' {
		return false
	}
	events := hooks.fields()
	return len(events) == 0 || slices.ContainsFunc(events, func(f field) bool {
		_, known := hook.Spec(hook.EventName(f.name))
		return known && f.value.kind() == '['
	})
}
