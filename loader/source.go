package loader

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Options say where to look. Paths are absolute.
type Options struct {
	Home      string // the user's home directory; "" if there is none
	ConfigDir string // directory of the user's settings.json; "" reads none
	Start     string // directory the session was started in
	Exact     bool   // Start is the project directory: nothing is searched
	Managed   string // directory of the managed settings; "" reads none
	OpenCode  bool   // read .opencode/hooks.json
	NoCodex   bool   // .codex is the agent's own: it runs what is in there itself
	Untrusted bool   // hooks of the project are listed but do not run

	Leave   []hook.Scope // scopes whose hooks the agent runs itself: they are listed but do not run
	LeaveTo string       // its name
}

// A place is one config file that may exist.
type place struct {
	path  string
	scope hook.Scope
}

// claudeFiles returns the Claude settings files that apply, lowest precedence
// first, without the managed ones.
func claudeFiles(o Options, project string) []place {
	var out []place
	if o.ConfigDir != "" {
		out = append(out, place{filepath.Join(o.ConfigDir, "settings.json"), hook.ScopeUser})
	}
	out = append(out, place{filepath.Join(project, ".claude", "settings.json"), hook.ScopeProject})
	if root := mainCheckout(project); root != "" && root != project {
		out = append(out, place{filepath.Join(root, ".claude", "settings.local.json"), hook.ScopeLocal})
	}
	return append(out, place{filepath.Join(project, ".claude", "settings.local.json"), hook.ScopeLocal})
}

// managedFiles returns the managed settings files in dir: the base file, then
// the drop-ins in the order of their names (reference §3.1).
func managedFiles(dir string) []place {
	if dir == "" {
		return nil
	}
	out := []place{{filepath.Join(dir, "managed-settings.json"), hook.ScopeManaged}}
	entries, err := os.ReadDir(filepath.Join(dir, "managed-settings.d"))
	if err != nil {
		return out
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, place{filepath.Join(dir, "managed-settings.d", e.Name()), hook.ScopeManaged})
		}
	}
	return out
}

// Project returns the project directory for a session started in start: the
// nearest directory, up to the root of the git work tree, that holds a hook
// config, else start itself. Outside a work tree only start is looked at.
func Project(start string) string { return project(start, configNames()) }

// Project is the project directory of a session with these options.
func (o Options) Project() string {
	switch {
	case o.Exact:
		return o.Start
	case o.NoCodex:
		ofOthers := slices.DeleteFunc(configNames(), func(name string) bool { return strings.HasPrefix(name, ".codex/") })
		return project(o.Start, ofOthers)
	}
	return project(o.Start, configNames())
}

// project is Project with the names of files that make a directory a project.
func project(start string, names []string) string {
	root := worktree(start)
	if root == "" {
		return start
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if hasConfig(dir, names) {
			return dir
		}
		if dir == root || dir == filepath.Dir(dir) {
			return start
		}
	}
}

// configNames are the files that make a directory a project.
func configNames() []string {
	return []string{".claude/settings.json", ".claude/settings.local.json", ".opencode/hooks.json", ".codex/hooks.json", ".codex/config.toml"}
}

// hasConfig reports whether dir holds a file that has hooks. A settings file
// without any, or one that cannot be read, must not hide the guards of a
// directory above it.
func hasConfig(dir string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		path := filepath.Join(dir, filepath.FromSlash(name))
		src, err := read(place{path: path}, name)
		return err == nil && src != nil && hasHooks(src) && (name != ".codex/hooks.json" || !onlyOwn(path))
	})
}

// hasHooks reports whether a config file has a member "hooks", or, if it cannot
// be parsed, whether it speaks of one.
func hasHooks(src *source) bool {
	if filepath.Ext(src.path) == ".toml" {
		return tomlHooks(src) != nil
	}
	root, bad := parse(src)
	if root.v == nil && bad != nil {
		return bytes.Contains(src.text, []byte(`"hooks"`))
	}
	return root.get("hooks").v != nil
}

// worktree returns the root of the git work tree that dir lies in, "" if none.
func worktree(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// mainCheckout returns the root of the main checkout of the repository that dir
// lies in: the work tree's own root, or for a linked work tree the one it was
// made from (e16_linked_worktree*). "" outside git.
func mainCheckout(dir string) string {
	root := worktree(dir)
	if root == "" {
		return ""
	}
	link, err := read(place{path: filepath.Join(root, ".git")}, ".git")
	if err != nil || link == nil {
		return root // a directory: the main checkout itself
	}
	gitdir, ok := strings.CutPrefix(strings.TrimSpace(string(link.text)), "gitdir: ")
	if !ok {
		return root
	}
	if !filepath.IsAbs(gitdir) {
		gitdir = filepath.Join(root, gitdir)
	}
	common := filepath.Dir(filepath.Dir(gitdir)) // <main>/.git/worktrees/<name>
	if filepath.Base(filepath.Dir(gitdir)) != "worktrees" || filepath.Base(common) != ".git" {
		return root
	}
	return filepath.Dir(common)
}

// display returns path as messages name it: relative to start below it, with ~
// below home, else as it is.
func (o Options) display(path string) string {
	if rel, ok := strings.CutPrefix(path, o.Start+string(filepath.Separator)); ok && o.Start != "" {
		return filepath.ToSlash(rel)
	}
	if rel, ok := strings.CutPrefix(path, o.Home+string(filepath.Separator)); ok && o.Home != "" {
		return "~/" + filepath.ToSlash(rel)
	}
	return path
}
