package checker

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// lintUnread reports hooks in a file of a name that no agent reads.
func lintUnread(f *file) {
	root := f.doc.Root()
	if !speaksOfHooks(root) {
		return
	}
	reader := map[string]string{".claude": "Claude Code", ".codex": "Codex", ".opencode": "run-hooks", ".cursor": "Cursor",
		".github": "Copilot", ".gemini": "Gemini CLI", ".factory": "Droid", ".qwen": "Qwen Code"}[strings.Split(f.row.right, "/")[0]]
	n := max(root.Get("hooks").Hooks(), root.Hooks())
	right := "move the hooks to " + f.row.right
	if f.row.right == ".claude/settings.json" {
		was := loader.InspectAs(f.path, f.name, hook.ScopeProject)
		if i := slices.IndexFunc(was.Findings, func(g loader.Finding) bool { return g.Severity == loader.Error }); i >= 0 {
			right += "; there too " + was.Findings[i].Msg
		}
	}
	f.addFile(loader.Error, "wrong-file", fmt.Sprintf("%s does not read a file of this name", reader), notRun(n), right)
}

// lintUnreadText is lintUnread for a file that cannot be parsed.
func lintUnreadText(f *file) {
	if f.doc != nil && strings.Contains(string(f.doc.Text()), `"hooks"`) {
		f.addFile(loader.Error, "wrong-file", "no agent reads a file of this name", notRun(0), "move the hooks to "+f.row.right)
	}
}

// lintTopLevel finds events that stand at the top of the file, not in "hooks".
func lintTopLevel(f *file) {
	root := f.doc.Root()
	var lost int
	var first loader.Node
	for _, m := range root.Members() {
		if isEvent(m.Name) && m.Value.Hooks() > 0 {
			if lost += m.Value.Hooks(); !first.Exists() {
				first = m.Key
			}
		}
	}
	if lost > 0 {
		f.add(first, loader.Error, "events-at-top-level", fmt.Sprintf("the event %s stands at the top of the file", first.Text()), never(lost), `put the events into "hooks": {…}`)
	}
}

// lintSwitches finds settings that switch hooks off, and those that do nothing
// where they stand (§9.3).
func lintSwitches(f *file) {
	if f.kind == Plugin || f.kind == Codex || f.kind == OpenCode {
		return
	}
	off := f.doc.Root().Get("disableAllHooks")
	if off.IsTrue() {
		cost := "no hook of any settings runs but managed ones"
		if f.kind == Managed {
			cost = "no hook runs at all"
		}
		f.add(off, loader.Warning, "hooks-disabled", "disableAllHooks is true", cost, "")
	}
	if only := f.doc.Root().Get("allowManagedHooksOnly"); only.IsTrue() && f.kind != Managed {
		f.add(only, loader.Warning, "managed-only-ignored", "allowManagedHooksOnly counts in managed settings alone", "it does nothing here", "")
	}
}

// lintModules finds the function hooks of a plugin: modules that run inside
// Claude Code and that nothing else can run (reference §9).
func lintModules(f *file) {
	if f.kind != Plugin || filepath.Base(f.path) != "hooks.json" {
		return
	}
	modules, err := filepath.Glob(filepath.Join(escaped(filepath.Dir(f.path)), "*.mjs"))
	if err != nil {
		return // the pattern is ours and valid
	}
	text := string(f.doc.Text())
	for _, m := range modules {
		code, err := os.ReadFile(m)
		base := filepath.Base(m)
		if err == nil && !strings.Contains(text, base) && strings.Contains(string(code), "export default") {
			f.addFile(loader.Info, "function-hooks", fmt.Sprintf("hooks/%s is a module of function hooks, which run inside Claude Code alone", base), "no other agent can run what it guards", "guard with a command in hooks.json too")
		}
	}
}

// addPlace looks round the directory that was named: for hooks above it that
// Claude Code would not load from there.
func (c *collection) addPlace(dir string) {
	if exists(filepath.Join(dir, ".git")) || !inWorktree(dir) {
		return
	}
	for up := filepath.Dir(dir); ; up = filepath.Dir(up) {
		path := filepath.Join(up, ".claude", "settings.json")
		if n := hooksIn(path); n > 0 {
			f := &file{path: path, name: c.display(path)}
			f.addFile(loader.Warning, "not-loaded-here", fmt.Sprintf("Claude Code started in %s does not load this file", c.display(dir)),
				notRun(n)+" there; run-hooks finds the file", "start it in "+c.display(up))
			c.files = append(c.files, f)
			return
		}
		if exists(filepath.Join(up, ".git")) || up == filepath.Dir(up) {
			return
		}
	}
}

// hooksIn returns how many hooks the settings at path hold.
func hooksIn(path string) int {
	doc, err := loader.ReadDocument(path, path)
	if err != nil {
		return 0
	}
	return doc.Root().Get("hooks").Hooks()
}

func inWorktree(dir string) bool {
	for ; ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, ".git")) {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// lintTogether runs the lints that look at several files at once.
func (c *collection) lintTogether() {
	for _, top := range c.options.Paths {
		for _, f := range c.files {
			if f.kind == Claude && f.root != "" && f.root != top && strings.HasPrefix(f.root, top+string(filepath.Separator)) && f.count() > 0 {
				f.addFile(loader.Info, "not-loaded-here", fmt.Sprintf("Claude Code started in %s does not load this file", c.display(top)),
					runs(f.count())+" only in sessions started in "+c.display(f.root), "")
			}
		}
	}
	for _, codex := range c.files {
		for _, claude := range c.files {
			if codex.kind == Codex && claude.kind == Claude && codex.root == claude.root && codex.root != "" && codex.count() > 0 && claude.count() > 0 {
				codex.addFile(loader.Warning, "both-claude-and-codex", fmt.Sprintf("%s has hooks too", claude.name),
					"run-hooks, and so every agent it bridges, runs those, and of this file "+notRun(codex.count()), "keep the two alike")
			}
		}
	}
}
