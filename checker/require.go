package checker

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/mapper"
)

// Require returns a finding for every hook of cfg that under harness h would not
// do what it does under Claude Code: would not run at all, or, with blocking, is
// a guard and would not block.
func Require(cfg *loader.Config, h mapper.Harness, blocking bool) []Finding {
	var out []Finding
	for _, c := range cfg.Handlers() {
		word, why := Under(&h, c)
		switch {
		case word == CannotRun, blocking && word == ObservesOnly && IsGuard(c.Handler, cfg.Project):
			out = append(out, required(cfg, c.Handler, h.Name, word, why))
		case blocking && c.Handler.Async && IsGuard(c.Handler, cfg.Project):
			out = append(out, required(cfg, c.Handler, h.Name, ObservesOnly, "it is not waited for"))
		}
	}
	return out
}

// required words one hook that falls short.
func required(cfg *loader.Config, h hook.Handler, harness, word, why string) Finding {
	msg := fmt.Sprintf("the %s hook %s would not block under %s: %s", h.Event, quoted(h.Label()), harness, why)
	if word == CannotRun {
		msg = fmt.Sprintf("the %s hook %s would not run under %s: %s", h.Event, quoted(h.Label()), harness, why)
	}
	path := h.Pos.File
	for _, f := range cfg.Files {
		if f.Name == h.Pos.File {
			path = f.Path
		}
	}
	return Finding{Finding: loader.Finding{Pos: h.Pos, Severity: loader.Error, Name: "require", Msg: msg}, Path: path, Width: 1}
}

// What a harness makes of a hook.
const (
	Blocks       = "blocks"     // what the hook refuses is stopped
	ObservesOnly = "observes"   // the hook runs and stops nothing
	CannotRun    = "cannot run" // the hook does not run
)

// Under says in one word what harness h makes of a hook, and why where it is
// less than under Claude Code.
func Under(h *mapper.Harness, c loader.Choice) (word, why string) {
	spec, _ := hook.Spec(c.Handler.Event)
	if !c.Run {
		return CannotRun, c.Why
	}
	if !spec.Types.Has(c.Handler.Type) {
		return CannotRun, fmt.Sprintf("%s does not run handlers of type %s", spec.Name, c.Handler.Type)
	}
	can, ok := h.Can(spec.Name)
	switch {
	case !ok:
		return CannotRun, fmt.Sprintf("%s has no event for %s", h.Name, spec.Name)
	case can&mapper.NeverSent != 0:
		return CannotRun, fmt.Sprintf("%s was never seen to send its event for %s", h.Name, spec.Name)
	case c.Handler.If != "" && !spec.Tool:
		return CannotRun, fmt.Sprintf("it has a condition, and %s has no tool", spec.Name)
	case spec.Grammar == hook.Observes:
		return ObservesOnly, ""
	case can&(mapper.CanDeny|mapper.CanContinue) == 0:
		return ObservesOnly, fmt.Sprintf("%s cannot be stopped at %s", h.Name, spec.Name)
	case c.Handler.Async:
		return ObservesOnly, "it is not waited for"
	}
	return Blocks, ""
}

// IsGuard reports whether a hook is there to stop something: it is asked before
// a thing is done, or its text has a way to block. project is where scripts are
// looked up.
func IsGuard(h hook.Handler, project string) bool {
	spec, _ := hook.Spec(h.Event)
	switch {
	case !blocks(spec):
		return false
	case slices.Contains([]hook.EventName{hook.PreToolUse, hook.PermissionRequest}, h.Event), h.Type != hook.Command, h.FailClosed:
		return true
	case denial().MatchString(h.Command):
		return true
	}
	command := strings.NewReplacer(`"`, "", "'", "", "${CLAUDE_PROJECT_DIR}", project, "$CLAUDE_PROJECT_DIR", project).Replace(h.Command)
	for _, word := range append(strings.FieldsFunc(command, func(r rune) bool { return strings.ContainsRune(" \t\n;&|()", r) }), h.Args...) {
		if !filepath.IsAbs(word) {
			word = filepath.Join(project, word)
		}
		if text, err := os.ReadFile(word); isScript(word) && err == nil && denial().Match(text) {
			return true
		}
	}
	return false
}
