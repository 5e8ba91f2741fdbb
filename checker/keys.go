package checker

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/run-hooks/run-hooks/loader"
)

// handlerKeys are the keys of a handler that mean something to Claude Code
// or to run-hooks (reference §4.1).
var handlerKeys = sync.OnceValue(func() []string {
	return strings.Fields(`type if timeout statusMessage once command args shell async asyncRewake onFailure
rewakeMessage rewakeSummary url headers allowedEnvVars server tool input prompt model continueOnBlock failClosed`)
})

// switches are keys that look like a switch and are none, with what the hook
// does all the same and what would do what they say.
var switches = sync.OnceValue(func() map[string][2]string {
	return map[string][2]string{
		"enabled":         {"the hook runs whether it says true or false", "take the hook out to switch it off"},
		"disabled":        {"the hook runs whether it says true or false", "take the hook out to switch it off"},
		"blocking":        {"whether the hook blocks is told by its exit status alone", "exit with 2 to block"},
		"continueOnError": {"a hook that fails never stops anything", `write "onFailure": "block" for one that shall`},
		"suppressOutput":  {"it is a field of a hook's output", "print it as JSON"},
		"env":             {"the hook does not get these variables", `set them in the command, or in "env" of the settings`},
		"environment":     {"the hook does not get these variables", `set them in the command, or in "env" of the settings`},
		"cwd":             {"the hook runs in the session's current directory", `begin the command with cd "$CLAUDE_PROJECT_DIR" &&`},
		"workingDir":      {"the hook runs in the session's current directory", `begin the command with cd "$CLAUDE_PROJECT_DIR" &&`},
		"pattern":         {"the hook runs for every file", `write "matcher", and "if" in the hook`},
		"filePattern":     {"the hook runs for every file", `write "matcher", and "if" in the hook`},
		"commandRegex":    {"the hook runs for every command", `write "if" in the hook, such as "Bash(git *)"`},
		"tool_name":       {"the hook runs for every tool", `write "matcher"`},
		"tools":           {"the hook runs for every tool", `write "matcher"`},
		"condition":       {"the hook runs whatever it says", `write "if" in the hook`},
		"when":            {"the hook runs whatever it says", `write "if" in the hook`},
		"background":      {"the hook is waited for", `write "async": true`},
		"timeoutSec":      {"the default timeout holds", `write "timeout", in seconds`},
		"timeoutMs":       {"the default timeout holds", `write "timeout", in seconds`},
		"timeout_ms":      {"the default timeout holds", `write "timeout", in seconds`},
		"retries":         {"the hook is run once", ""},
		"parallel":        {"all hooks of an event run at once", ""},
		"sequential":      {"all hooks of an event run at once", ""},
		"priority":        {"all hooks of an event run at once", ""},
		"order":           {"all hooks of an event run at once", ""},
	}
})

// misplaced are keys that belong to the group or to the handler, and have no
// effect in the other.
func misplaced(onGroup bool) map[string][2]string {
	if !onGroup {
		return map[string][2]string{"matcher": {"the matcher of the group counts", "move it to the group"}}
	}
	out := map[string][2]string{}
	for _, key := range handlerKeys() {
		out[key] = [2]string{"it has no effect on a group", "move it into the hooks of the group"}
	}
	return out
}

// lintHandlerKeys finds keys of a handler that are dropped in silence.
func lintHandlerKeys(h handler) {
	if h.kind == Codex {
		lintCodexKeys(h)
		return
	}
	known := handlerKeys()
	if h.node == h.group.node {
		known = append(slices.Clone(known), "matcher")
	}
	for _, m := range h.node.Members() {
		h.lintKey(m, known, false)
	}
	lintForeignFields(h)
}

// lintGroupKeys finds keys of a group that are dropped in silence.
func lintGroupKeys(g group) {
	if !g.node.Get("hooks").Exists() {
		return
	}
	for _, m := range g.node.Members() {
		g.lintKey(m, []string{"matcher", "hooks"}, true)
	}
}

// lintKey judges one key. What only describes is left alone.
func (f *file) lintKey(m loader.Member, known []string, onGroup bool) {
	lint := map[bool]string{true: "unknown-group-key", false: "unknown-handler-key"}[onGroup]
	if slices.Contains(known, m.Name) || describes(m.Name) {
		return
	}
	for _, table := range []map[string][2]string{switches(), misplaced(onGroup)} {
		if row, ok := table[m.Name]; ok {
			f.add(m.Key, loader.Warning, lint, fmt.Sprintf("%q is no key Claude Code reads here", m.Name), row[0], row[1])
			return
		}
	}
	right := nearest(m.Name, known)
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, m.Name) }); i >= 0 {
		right = known[i]
	}
	if right != "" {
		f.add(m.Key, loader.Warning, lint, fmt.Sprintf("%q is no key Claude Code reads here", m.Name), "it is left out", fmt.Sprintf("did you mean %q", right))
		return
	}
	f.add(m.Key, loader.Info, lint, fmt.Sprintf("%q is no key known here", m.Name), "Claude Code leaves it out", "")
}

// describes reports whether a key only says something to readers.
func describes(name string) bool {
	return strings.HasPrefix(name, "_") || strings.HasPrefix(name, "//") || strings.HasPrefix(name, "$") || strings.HasPrefix(name, "#") ||
		slices.Contains([]string{"description", "Description", "name", "id", "comment", "note", "title", "version", "author", "purpose", "tags"}, name)
}

// lintForeignFields finds fields that belong to handlers of another type.
func lintForeignFields(h handler) {
	fields := map[string]string{"async": "command", "asyncRewake": "command", "args": "command", "shell": "command",
		"url": "http", "headers": "http", "server": "mcp_tool", "tool": "mcp_tool", "continueOnBlock": "prompt"}
	for _, m := range h.node.Members() {
		want, ok := fields[m.Name]
		if ok && want != string(h.typ) && h.typ != "" {
			h.add(m.Key, loader.Warning, "unknown-handler-key", fmt.Sprintf("%q belongs to handlers of type %s", m.Name, want), fmt.Sprintf("it has no effect on type %s", h.typ), "")
		}
	}
}
