package loader

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	hook "github.com/run-hooks/run-hooks"
)

// A Config is the merged hook configuration for one session.
type Config struct {
	Project string            // CLAUDE_PROJECT_DIR
	Home    string            // the user's home directory
	Files   []*File           // every config file that was found, lowest precedence first
	Env     map[string]string // "env" of the settings, merged: a later file wins
	// URLAllow and EnvAllow are allowedHttpHookUrls and httpHookAllowedEnvVars of
	// all files together; nil where no file gives any: then all are allowed.
	URLAllow, EnvAllow []string
	// Broken says why nothing may run: managed settings that cannot be loaded.
	// Claude Code refuses to start then (§9.3). "" if all is well.
	Broken string

	entries []entry
}

// An entry is a handler in its place in the order, and why it is off.
type entry struct {
	hook.Handler
	off string // in words; "" if it is on
}

// Load finds, reads, validates and merges the files that apply. It never fails:
// a file that cannot be used is a File with Status Rejected and a Finding.
func Load(o Options) *Config {
	o.Start = realPath(o.Start)
	c := &Config{Project: o.Project(), Home: o.Home, Env: map[string]string{}}
	c.addClaude(o)
	c.addOthers(o)
	for _, p := range managedFiles(o.Managed) {
		c.add(loadClaude(p, o.display(p.path)))
	}
	if o.Untrusted {
		c.distrust()
	}
	c.addPlugins(o)
	c.leave(o)
	c.merge()
	return c
}

// realPath resolves symbolic links: a session started in a linked directory has
// the resolved path everywhere (e02_symlink).
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return filepath.Clean(path)
}

// addClaude adds the user, project and local settings. One file reached by two
// paths counts once, as what it was first (e11_same_file_twice).
func (c *Config) addClaude(o Options) {
	for _, p := range claudeFiles(o, c.Project) {
		if !c.has(p.path) {
			c.add(loadClaude(p, o.display(p.path)))
		}
	}
}

// addOthers adds .opencode/hooks.json under OpenCode, and the Codex files where
// no project or local settings speak of hooks.
func (c *Config) addOthers(o Options) {
	if o.OpenCode {
		c.add(loadOpenCode(o, c.Project))
	}
	speaks := func(f *File) bool {
		return (f.Scope == hook.ScopeProject || f.Scope == hook.ScopeLocal) && f.settings.defines
	}
	if !o.NoCodex && !slices.ContainsFunc(c.Files, speaks) {
		for _, f := range codexFiles(o, c.Project) {
			c.add(f)
		}
	}
}

func (c *Config) add(f *File) {
	if f != nil {
		c.Files = append(c.Files, f)
	}
}

// has reports whether the file at path is already there, by whatever path.
func (c *Config) has(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(c.Files, func(f *File) bool {
		other, err := os.Stat(f.Path)
		return err == nil && os.SameFile(info, other)
	})
}

// ofProject reports whether a scope's files come with the project: they are its
// author's code, and run only where the user trusts the folder.
func ofProject(s hook.Scope) bool {
	return s == hook.ScopeProject || s == hook.ScopeLocal || s == hook.ScopeOpenCode || s == hook.ScopeCodex
}

// merge applies the switches and collects what the files say.
func (c *Config) merge() {
	why, all := c.switchedOff()
	for _, f := range c.Files {
		managed := f.Scope == hook.ScopeManaged
		if managed && f.broken() {
			c.Broken = "the managed settings cannot be loaded: " + f.Why
		}
		if why != "" && (all || !managed && !f.forced) && (f.Status == Loaded || f.Status == Partial) {
			f.Status, f.Why = Disabled, why
		}
		if f.Status != Rejected && f.Status != Untrusted {
			maps.Copy(c.Env, f.settings.env)
			c.URLAllow = union(c.URLAllow, f.settings.urlAllow)
			c.EnvAllow = union(c.EnvAllow, f.settings.envAllow)
		}
		for _, h := range f.settings.handlers {
			c.entries = append(c.entries, entry{h, f.offFor(&h)})
		}
	}
}

// distrust marks the project's files; nothing of theirs counts then, not even a
// switch that would turn off the user's own hooks.
func (c *Config) distrust() {
	for _, f := range c.Files {
		if ofProject(f.Scope) && f.Status != Rejected {
			f.Status, f.Why = Untrusted, "the folder is not trusted"
		}
	}
}

// leave marks the files that the agent runs itself: here they would run a second
// time. Their switches and variables still count.
func (c *Config) leave(o Options) {
	for _, f := range c.Files {
		if slices.Contains(o.Leave, f.Scope) && (f.Status == Loaded || f.Status == Partial) {
			f.Status, f.Why = Left, o.LeaveTo+" runs the hooks of this file itself"
		}
	}
}

// switchedOff returns why hooks are off and whether the managed ones are, too
// (§9.3): disableAllHooks of the last file that gives it; in managed settings it
// is for all, and allowManagedHooksOnly counts there alone.
func (c *Config) switchedOff() (why string, all bool) {
	for _, f := range c.Files {
		managed := f.Scope == hook.ScopeManaged
		if f.Status == Untrusted || f.Status == Rejected {
			continue
		}
		switch d := f.settings.disableAll; {
		case d == nil || managed && !*d:
		case *d:
			why, all = "disableAllHooks is true in "+f.Name, managed
		default:
			why = ""
		}
		if managed && f.settings.managedOnly && !all {
			why = "allowManagedHooksOnly is true in " + f.Name
		}
	}
	return why, all
}

// broken reports whether something of the file that may guard cannot be loaded.
func (f *File) broken() bool {
	return f.Status == Rejected || slices.ContainsFunc(f.Findings, func(g Finding) bool { return g.Severity == Error })
}

// off says why the file's handlers do not run, "" if they do.
func (f *File) off() string {
	if f.Status == Disabled || f.Status == Untrusted || f.Status == Left {
		return f.Why
	}
	return ""
}

// offFor is off for one handler of the file.
func (f *File) offFor(h *hook.Handler) string {
	if off := f.off(); off != "" || !isOwn(h) {
		return off
	}
	return ownWhy
}

// union returns a and b together; nil only if both are.
func union(a, b []string) []string {
	if b == nil {
		return a
	}
	return append(append([]string{}, a...), b...)
}

// Findings returns the findings of all files, in their order.
func (c *Config) Findings() []Finding {
	var out []Finding
	for _, f := range c.Files {
		out = append(out, f.Findings...)
	}
	return out
}

// errorText returns what is wrong, without the path that a message has already.
func errorText(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
