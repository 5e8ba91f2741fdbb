package loader

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// ownWhy is why a hook that is run-hooks itself does not run.
const ownWhy = "it is the bridge itself, which would run the same hooks again"

// ownCommand is a call of `run-hooks bridge` or `run-hooks serve` where a shell
// command has the name of a program: at its beginning, behind an operator, an
// assignment or exec.
const ownCommand = `(?:^|[;&|({\n]|\b(?:exec|then|do|else)\s)\s*(?:[A-Za-z_]\w*=\S*\s+)*` +
	`(?:'(?:[^'\n]*[/\\])?run-hooks(?:\.exe)?'|"(?:[^"\n]*[/\\])?run-hooks(?:\.exe)?"|(?:[^\s'";&|(]*[/\\])?run-hooks(?:\.exe)?)` +
	`\s+(?:bridge|serve)(?:\s|$)`

// isOwn reports whether a handler starts run-hooks as a bridge. An agent may read
// the config that its own bridge stands in (.codex/hooks.json), and run from there
// the bridge would call itself without end.
func isOwn(h *hook.Handler) bool {
	if h.Type != hook.Command {
		return false
	}
	if !h.Exec {
		return strings.Contains(h.Command, "run-hooks") && regexp.MustCompile(ownCommand).MatchString(h.Command)
	}
	name := strings.TrimSuffix(path.Base(filepath.ToSlash(h.Command)), ".exe")
	return name == "run-hooks" && len(h.Args) > 0 && (h.Args[0] == "bridge" || h.Args[0] == "serve")
}

// onlyOwn reports whether the Codex hooks at path are the bridge alone: then they
// say nothing, and must not hide the guards of a directory above.
func onlyOwn(path string) bool {
	f := loadCodexJSON(place{path, hook.ScopeCodex}, path)
	if f == nil || f.Status == Rejected || len(f.settings.handlers) == 0 {
		return false
	}
	return !slices.ContainsFunc(f.settings.handlers, func(h hook.Handler) bool { return !isOwn(&h) })
}
