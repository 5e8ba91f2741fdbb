package loader

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// A plugin is one that the settings enable, as installed.
type plugin struct {
	id   string // name@marketplace
	root string // where it is installed
	data string // CLAUDE_PLUGIN_DATA
}

// addPlugins adds the hooks of the installed plugins that the settings enable,
// after all settings (reference §3.1).
func (c *Config) addPlugins(o Options) {
	enabled, forced := c.enabledPlugins()
	if len(enabled) == 0 || o.ConfigDir == "" {
		return
	}
	index := filepath.Join(o.ConfigDir, "plugins", "installed_plugins.json")
	src, err := read(place{index, hook.ScopePlugin}, o.display(index))
	var root node
	if err == nil && src != nil {
		root, _ = parse(src)
	}
	for _, id := range slices.Sorted(maps.Keys(enabled)) {
		path := installedAt(root.get("plugins").get(id), c.Project)
		if path == "" {
			c.add(missingPlugin(id, enabled[id], o.display(index)))
			continue
		}
		name, market, _ := strings.Cut(id, "@")
		p := plugin{id: id, root: path, data: filepath.Join(o.ConfigDir, "plugins", "data", name+"-"+market)}
		for _, f := range p.files(o) {
			f.forced = forced[id]
			c.add(f)
		}
	}
}

// enabledPlugins returns the plugins that are enabled, with the file that says
// so last, and which of them managed settings enable.
func (c *Config) enabledPlugins() (enabled map[string]*File, forced map[string]bool) {
	enabled, forced = map[string]*File{}, map[string]bool{}
	for _, f := range c.Files {
		if f.Status == Rejected || f.Status == Untrusted {
			continue
		}
		for id, on := range f.settings.plugins {
			delete(enabled, id)
			if on {
				enabled[id] = f
			}
			forced[id] = on && f.Scope == hook.ScopeManaged
		}
	}
	return enabled, forced
}

// installedAt returns where a plugin is installed for project, by its entry in
// installed_plugins.json: one object, or one for each scope it is installed in.
func installedAt(entry node, project string) string {
	entries := entry.elems()
	if entry.kind() == '{' {
		entries = []node{entry}
	}
	for _, e := range entries {
		at := e.get("projectPath").str()
		if at == "" || realPath(at) == project {
			return e.get("installPath").str()
		}
	}
	return ""
}

// missingPlugin reports a plugin that is enabled and not there.
func missingPlugin(id string, by *File, index string) *File {
	f := &File{Path: index + "#" + id, Name: index, Scope: hook.ScopePlugin, Status: Rejected}
	f.Why = fmt.Sprintf("plugin %s is enabled in %s and not installed", id, by.Name)
	f.Findings = []Finding{{Pos: hook.Pos{File: by.Name}, Severity: Warning, Name: "plugin-missing",
		Msg: fmt.Sprintf("plugin %s is enabled and not installed", id), Cost: "if it has hooks, they do not run"}}
	return f
}

// files reads the hook files of a plugin: hooks/hooks.json, and what "hooks" of
// its manifest names or holds.
func (p plugin) files(o Options) []*File {
	var out []*File
	paths := []string{"hooks/hooks.json"}
	manifest := filepath.Join(p.root, ".claude-plugin", "plugin.json")
	src, err := read(place{manifest, hook.ScopePlugin}, o.display(manifest))
	if err == nil && src != nil {
		root, _ := parse(src)
		switch hooks := root.get("hooks"); hooks.kind() {
		case '"', '[':
			paths = append(paths, append(stringsOf(hooks), hooks.str())...)
		case '{':
			out = append(out, p.file(src, hooks))
		}
	}
	slices.Sort(paths)
	for _, rel := range slices.Compact(paths) {
		if rel == "" {
			continue
		}
		if f := p.load(filepath.Join(p.root, filepath.FromSlash(rel)), o); f != nil {
			out = append(out, f)
		}
	}
	return out
}

// load reads one hook file of the plugin; nil if it does not exist.
func (p plugin) load(path string, o Options) *File {
	f, src := open(place{path, hook.ScopePlugin}, o.display(path))
	if src == nil {
		return f
	}
	root, bad := parse(src)
	if bad != nil {
		f.Hooks = countHandlers(root)
		f.reject(*bad, f.Hooks)
		return f
	}
	hooks := root.get("hooks")
	if inner := hooks.get("hooks"); inner.v != nil {
		hooks = inner
	}
	return p.file(src, hooks)
}

// file validates the hooks of one file of the plugin.
func (p plugin) file(src *source, hooks node) *File {
	f := &File{Path: src.path, Name: src.name, Scope: hook.ScopePlugin, Status: Loaded, Hooks: countHandlers(hooks)}
	v := validator{src: src, scope: hook.ScopePlugin, strict: true}
	v.hooks(hooks)
	for i := range v.handlers {
		v.handlers[i].PluginRoot, v.handlers[i].PluginData = p.root, p.data
	}
	f.take(&v)
	return f
}

// pluginsOf reads "enabledPlugins": false disables, anything else enables.
func pluginsOf(n node) map[string]bool {
	var out map[string]bool
	for _, f := range n.fields() {
		if out == nil {
			out = map[string]bool{}
		}
		out[f.name] = f.value.kind() != 't' || f.value.isTrue()
	}
	return out
}

// exists reports whether something is at path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
