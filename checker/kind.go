package checker

import (
	"path"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// A Kind is the family a config file belongs to: which program reads it, and how.
type Kind string

// The kinds of config files.
const (
	Claude   Kind = "claude"   // .claude/settings.json
	Local    Kind = "local"    // .claude/settings.local.json
	User     Kind = "user"     // ~/.claude/settings.json
	Managed  Kind = "managed"  // managed-settings.json, managed-settings.d/*.json
	Plugin   Kind = "plugin"   // hooks/hooks.json of a plugin
	Codex    Kind = "codex"    // .codex/hooks.json, .codex/config.toml
	OpenCode Kind = "opencode" // .opencode/hooks.json
	Cursor   Kind = "cursor"   // .cursor/hooks.json
	Copilot  Kind = "copilot"  // .github/hooks/*.json
	Gemini   Kind = "gemini"   // .gemini/settings.json
	Factory  Kind = "factory"  // .factory/hooks.json, .factory/settings.json
	Qwen     Kind = "qwen"     // .qwen/settings.json
	Unread   Kind = "unread"   // a name near a right one, which no agent reads
)

// Kinds returns every kind that a file can be read as.
func Kinds() []Kind {
	return []Kind{Claude, Local, User, Managed, Plugin, Codex, OpenCode, Cursor, Copilot, Gemini, Factory, Qwen}
}

// scope returns the scope of the kind's hooks; ok is false for the files of
// other agents, which package loader does not read.
func (k Kind) scope() (s hook.Scope, ok bool) {
	switch k {
	case Claude:
		return hook.ScopeProject, true
	case Local, User, Managed, Plugin, Codex, OpenCode:
		return hook.Scope(k), true
	}
	return "", false
}

// shaped reports whether the kind's files are in Claude's own shape and read by
// its rules.
func (k Kind) shaped() bool {
	_, ok := k.scope()
	return ok
}

// A fileName is one row of the table of file names: a path that a project may
// hold, and what it is.
type fileName struct {
	dir, base string // base may be a pattern of path.Match
	kind      Kind
	right     string // for Unread: the name that would be read
}

// fileNames returns the names under which hooks are configured, and those under
// which people think they are (§9.3).
func fileNames() []fileName {
	return []fileName{
		{".claude", "settings.json", Claude, ""},
		{".claude", "settings.local.json", Local, ""},
		{".claude", "hooks.json", Unread, ".claude/settings.json"},
		{".claude/hooks", "hooks.json", Unread, ".claude/settings.json"},
		{".claude/hooks", "settings.json", Unread, ".claude/settings.json"},
		{".claude", "setting.json", Unread, ".claude/settings.json"},
		{".claude", "settings.hooks.json", Unread, ".claude/settings.json"},
		{".claude", "settings.jsonc", Unread, ".claude/settings.json"},
		{".claude", "settings.json5", Unread, ".claude/settings.json"},
		{".claude", "config.json", Unread, ".claude/settings.json"},
		{".claude", "hooks.jsonc", Unread, ".claude/settings.json"},
		{".codex", "hooks.json", Codex, ""},
		{".codex", "config.toml", Codex, ""},
		{".codex", "settings.json", Unread, ".codex/hooks.json"},
		{".codex/hooks", "hooks.json", Unread, ".codex/hooks.json"},
		{".opencode", "hooks.json", OpenCode, ""},
		{".opencode/hooks", "hooks.json", Unread, ".opencode/hooks.json"},
		{".cursor", "hooks.json", Cursor, ""},
		{".cursor/hooks", "hooks.json", Unread, ".cursor/hooks.json"},
		{".github/hooks", "*.json", Copilot, ""},
		{".github", "hooks.json", Unread, ".github/hooks/hooks.json"},
		{".gemini", "settings.json", Gemini, ""},
		{".gemini", "hooks.json", Unread, ".gemini/settings.json"},
		{".gemini/hooks", "hooks.json", Unread, ".gemini/settings.json"},
		{".factory", "hooks.json", Factory, ""},
		{".factory", "settings.json", Factory, ""},
		{".factory", "settings.local.json", Unread, ".factory/settings.json"},
		{".factory/hooks", "hooks.json", Unread, ".factory/hooks.json"},
		{".qwen", "settings.json", Qwen, ""},
		{".qwen", "hooks.json", Unread, ".qwen/settings.json"},
		{"managed-settings.d", "*.json", Managed, ""},
	}
}

// named returns what the file at a slash-separated path is, by its name alone,
// and the project directory it belongs to; ok is false for a name that says nothing.
func named(file string) (row fileName, root string, ok bool) {
	dir, base := path.Split(file)
	dir = strings.TrimSuffix(dir, "/")
	for _, row := range fileNames() {
		root, under := strings.CutSuffix("/"+dir, "/"+row.dir)
		if match, err := path.Match(row.base, base); under && match && err == nil {
			return row, strings.TrimPrefix(root, "/"), true
		}
	}
	switch {
	case base == "managed-settings.json":
		return fileName{kind: Managed}, dir, true
	case base == "hooks.json" && path.Base(dir) == "hooks":
		return fileName{kind: Plugin}, path.Dir(dir), true
	}
	return fileName{}, "", false
}

// guess returns the kind of a file whose name says nothing, by its shape: whose
// events it has, and what only one agent knows.
func guess(doc *loader.Document) Kind {
	hooks := doc.Root().Get("hooks")
	claude, all := 0, hooks.Members()
	for _, event := range all {
		if isEvent(event.Name) {
			claude++
		}
	}
	spoken, ok := dialectOf(hooks)
	others := 0
	for _, event := range all {
		if ok && spoken.knows(event.Name) {
			others++
		}
	}
	text := string(doc.Text())
	has := func(word string) bool { return strings.Contains(text, word) }
	switch {
	case ok && claude < len(all) && others > claude:
		return spoken.kind
	case has(`"commandWindows"`) || has(`"additionalContextLimit"`) || hooks.Get("Interrupt").Exists():
		return Codex
	case has("CLAUDE_PLUGIN_ROOT") && !doc.Root().Get("permissions").Exists():
		return Plugin
	}
	return Claude
}

// speaksOfHooks reports whether a file of a name nobody reads was meant to
// configure hooks: it has the key, or events at its top.
func speaksOfHooks(root loader.Node) bool {
	if root.Get("hooks").Exists() {
		return true
	}
	return slices.ContainsFunc(root.Members(), func(m loader.Member) bool {
		_, known := hook.Spec(hook.EventName(m.Name))
		return known
	})
}
