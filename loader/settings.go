package loader

import (
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// A Status says what became of a config file.
type Status string

const (
	Loaded    Status = "loaded"    // all of it counts
	Partial   Status = "partial"   // some hooks were left out
	Rejected  Status = "rejected"  // none of it counts
	Disabled  Status = "disabled"  // switched off by disableAllHooks or allowManagedHooksOnly
	Untrusted Status = "untrusted" // of a folder the user has not trusted
	Left      Status = "left"      // left to the agent, which runs it itself
)

// A File is one config file that was found.
type File struct {
	Path     string // absolute
	Name     string // as messages name it
	Scope    hook.Scope
	Status   Status
	Why      string // why it is not Loaded, in words
	Hooks    int    // handlers it holds, run or not
	Findings []Finding

	settings settings
	forced   bool // of a plugin that managed settings enable: it cannot be switched off
}

// settings is what else of a file concerns hooks.
type settings struct {
	handlers    []hook.Handler
	defines     bool // speaks of hooks, readable or not
	env         map[string]string
	plugins     map[string]bool // enabledPlugins: id → on
	disableAll  *bool
	managedOnly bool
	urlAllow    []string // allowedHttpHookUrls; nil: not given
	envAllow    []string // httpHookAllowedEnvVars; nil: not given
}

// reject drops the whole file for f.
func (file *File) reject(f Finding, lost int) {
	file.Status, file.Why = Rejected, f.Pos.String()+": "+f.Msg
	file.settings.handlers, file.settings.env = nil, nil
	file.settings.disableAll, file.settings.plugins = nil, nil
	file.settings.urlAllow, file.settings.envAllow = nil, nil
	for i := range file.Findings {
		file.Findings[i].Cost = ""
	}
	switch lost {
	case 0:
		f.Cost = "the whole file is ignored"
	case 1:
		f.Cost = "the whole file is ignored and its one hook switched off"
	default:
		f.Cost = fmt.Sprintf("the whole file is ignored and all its %d hooks switched off", lost)
	}
	if i := slices.IndexFunc(file.Findings, func(g Finding) bool { return g.Pos == f.Pos && g.Name == f.Name }); i >= 0 {
		file.Findings[i] = f
		return
	}
	file.Findings = append(file.Findings, f)
}

// open reads the text of the file at p. There is no source if there is no file,
// which is nil then, or if it cannot be read, which it is rejected for.
func open(p place, name string) (*File, *source) {
	src, err := read(p, name)
	if src == nil && err == nil {
		return nil, nil
	}
	file := &File{Path: p.path, Name: name, Scope: p.scope, Status: Loaded}
	if err != nil {
		file.reject(Finding{Pos: hook.Pos{File: name}, Severity: Error, Name: "unreadable", Msg: "cannot be read: " + errorText(err)}, 0)
	}
	return file, src
}

// loadClaude reads the settings file at p; nil if there is none.
func loadClaude(p place, name string) *File {
	file, src := open(p, name)
	if src == nil {
		return file
	}
	if len(strings.TrimSpace(string(src.text))) == 0 {
		return file // an empty file says nothing, and says it validly (§9.1)
	}
	root, bad := parse(src)
	file.Hooks = countHandlers(root.get("hooks"))
	file.settings.defines = strings.Contains(string(src.text), `"hooks"`)
	if bad == nil {
		bad = settingsFault(root)
	}
	if bad != nil {
		file.reject(*bad, file.Hooks)
		return file
	}
	file.settings = readSettings(root)
	v := validator{src: src, scope: p.scope, strict: true}
	v.shadowed(root)
	v.hooks(root.get("hooks"))
	file.take(&v)
	return file
}

// take adds what a validator found.
func (file *File) take(v *validator) {
	file.settings.handlers = v.handlers
	file.settings.defines = len(v.handlers) > 0 || v.partial
	file.Findings = append(file.Findings, v.findings...)
	if v.partial {
		file.Status = Partial
		if len(v.findings) > 0 {
			file.Why = v.findings[0].Pos.String() + ": " + v.findings[0].Msg
		}
	}
	if v.fatal != nil {
		file.reject(*v.fatal, file.Hooks)
	}
}

// settingsFault returns the fault for which Claude Code ignores a file before
// it looks at its hooks, nil if there is none. A null is let pass: what the
// client makes of one was not measured, and hooks that run lose nothing.
func settingsFault(root node) *Finding {
	if root.kind() != '{' {
		return &Finding{Pos: root.pos(), Severity: Error, Name: "root-type", Msg: fmt.Sprintf("the file holds %s; it must hold an object", root.what())}
	}
	for _, f := range root.fields() {
		kinds := settingKind(f.name)
		if kinds == "" || f.value.kind() == 'n' || strings.ContainsRune(kinds, rune(f.value.kind())) {
			continue
		}
		return &Finding{Pos: f.value.pos(), Severity: Error, Name: "setting-type",
			Msg: fmt.Sprintf("%q is %s; it must be %s", f.name, f.value.what(), kindWords(kinds))}
	}
	return nil
}

// readSettings reads the settings that concern hooks from a valid file.
func readSettings(root node) settings {
	s := settings{env: map[string]string{}}
	for _, f := range root.get("env").fields() {
		switch f.value.kind() {
		case '"':
			s.env[f.name] = f.value.str()
		case '0', 't': // the client turns them into text
			s.env[f.name] = f.value.text()
		}
	}
	if d := root.get("disableAllHooks"); d.kind() == 't' {
		on := d.isTrue()
		s.disableAll = &on
	}
	s.plugins = pluginsOf(root.get("enabledPlugins"))
	s.managedOnly = root.get("allowManagedHooksOnly").isTrue()
	s.urlAllow = listOf(root.get("allowedHttpHookUrls"))
	s.envAllow = listOf(root.get("httpHookAllowedEnvVars"))
	return s
}

// listOf is stringsOf with an empty list kept apart from none.
func listOf(n node) []string {
	if n.kind() != '[' {
		return nil
	}
	return append([]string{}, stringsOf(n)...)
}
