package checker

import (
	"os"
	"path/filepath"
	"slices"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// Advice returns what is wrong with how a handler is tied to its event: its
// matcher, its condition, its type. Each text says what was found and what would
// be right.
func Advice(h hook.Handler) []string {
	entry := hook.Object{}.WithText("type", string(h.Type))
	if h.If != "" {
		entry = entry.WithText("if", h.If)
	}
	group := hook.Object{}.WithText("matcher", h.Matcher).With("hooks", slices.Concat([]byte("["), entry.JSON(), []byte("]")))
	event := hook.Object{}.With(string(h.Event), slices.Concat([]byte("["), group.JSON(), []byte("]")))
	f := &file{kind: Claude, doc: loader.ParseDocument("", hook.Object{}.With("hooks", event.JSON()).JSON())}
	if h.Scope == hook.ScopeCodex {
		f.kind = Codex
	}
	for _, g := range f.groups() {
		lintMatcher(g)
		for _, h := range g.handlers() {
			lintType(h)
			lintCondition(h)
		}
	}
	var out []string
	for _, found := range f.out {
		found.Cost = ""
		out = append(out, found.Text())
	}
	return out
}

// An Ignored is a file that looks like a hook config and is not read.
type Ignored struct {
	Path string // absolute
	Why  string
}

// NotRead returns the files in cfg's project, and in the directories above it up
// to the root of the git work tree, that hold hooks and were not read.
func NotRead(cfg *loader.Config) []Ignored {
	var out []Ignored
	read := func(path string) bool {
		return slices.ContainsFunc(cfg.Files, func(f *loader.File) bool { return f.Path == path })
	}
	for dir := cfg.Project; ; dir = filepath.Dir(dir) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return out
		}
		for _, p := range configsIn(dir, entries) {
			if why := whyIgnored(p, dir == cfg.Project); why != "" && !read(p.path) && holdsHooks(p.path) {
				out = append(out, Ignored{p.path, why})
			}
		}
		if dir == filepath.Dir(dir) || exists(filepath.Join(dir, ".git")) || !inWorktree(dir) {
			return out
		}
	}
}

// whyIgnored says why a file is not read, "" for one that is no business here.
func whyIgnored(p place, here bool) string {
	switch kind := p.row.kind; {
	case kind == Unread:
		return "no agent reads a file of this name; " + p.row.right + " would be read"
	case !kind.shaped() || kind == Plugin:
		return ""
	case !here:
		return "only the nearest directory with hooks is read"
	case kind == Codex:
		return "the .claude settings speak of hooks, and .codex is read in their place only"
	case kind == OpenCode:
		return "it is read under OpenCode only"
	}
	return ""
}

// holdsHooks reports whether a file speaks of hooks. One that cannot be parsed
// may.
func holdsHooks(path string) bool {
	if filepath.Ext(path) == ".toml" {
		return loader.InspectAs(path, path, hook.ScopeCodex).Hooks > 0
	}
	doc, err := loader.ReadDocument(path, path)
	return err == nil && (!doc.Root().Exists() || speaksOfHooks(doc.Root()))
}
