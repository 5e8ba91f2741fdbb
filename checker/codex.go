package checker

import (
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// codexEvents returns the events Codex fires (codex.md §5).
func codexEvents() []string {
	return []string{"SessionStart", "SessionEnd", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PermissionRequest", "PreCompact",
		"PostCompact", "SubagentStart", "SubagentStop", "Stop", "Interrupt", "PreModelRequest", "PostModelRequest"}
}

// judgeCodex says what a fault means to Codex itself: most make it refuse the
// whole file (codex.md §3.2).
func (f *file) judgeCodex(g *Finding) {
	whole := "Codex refuses the whole file, and " + never(f.was.Hooks)
	if f.was.Hooks == 0 {
		whole = "Codex refuses the whole file"
	}
	if strings.HasSuffix(f.path, ".toml") {
		whole = "Codex does not start"
	}
	switch g.Name {
	case "codex-root-key":
		g.Severity, g.Cost, g.Right = loader.Error, whole, "take it out"
		g.Msg, _, _ = strings.Cut(g.Msg, ": ")
		g.Msg += ` is neither "hooks" nor "description"`
	case "group-flat":
		g.Cost = "Codex reads it as a group without hooks and runs nothing"
	case "event-type", "group-type", "group-matcher", "group-hooks", "handler-type", "handler-field", "hooks-type":
		g.Cost = whole
	case "toml-syntax", "toml-value":
		g.Cost = whole
	default:
		g.Msg = strings.ReplaceAll(g.Msg, "and Claude Code ignores a settings file that has one", "and Codex refuses a file that has one")
		g.Cost = strings.ReplaceAll(g.Cost, "the whole file is ignored", "Codex refuses the whole file")
	}
}

// lintCodexEvents finds events that Claude Code has and Codex has not.
func lintCodexEvents(f *file) {
	if f.kind != Codex {
		return
	}
	for _, m := range f.hooks().Members() {
		if isEvent(m.Name) && !slices.Contains(codexEvents(), m.Name) {
			f.add(m.Key, loader.Warning, "codex-event", fmt.Sprintf("Codex has no event %s", m.Name), never(m.Value.Hooks()), "")
		}
	}
}

// lintCodexKeys finds what Claude Code reads and Codex does not: a condition
// that does not hold back, arguments that are lost.
func lintCodexKeys(h handler) {
	costs := map[string]string{
		"if": "the hook runs for every call", "args": "the command runs without them", "shell": "the login shell is used",
		"once": "the hook runs every time", "asyncRewake": "the hook is waited for", "onFailure": "a failure stops nothing",
		"timeoutSec": "the default timeout holds", "timeout_sec": "the default timeout holds",
	}
	for _, m := range h.node.Members() {
		if cost, ok := costs[m.Name]; ok {
			h.add(m.Key, loader.Warning, "codex-key", fmt.Sprintf("Codex does not read %q", m.Name), cost, "")
		}
	}
	if t := h.node.Get("timeout"); t.Kind() == '0' && strings.ContainsAny(t.Source(), ".eE") {
		h.add(t, loader.Error, "codex-timeout", fmt.Sprintf("timeout %s is no whole number", t.Source()), "Codex refuses the whole file", "write whole seconds")
	}
}

// lintCodexMatcher judges a matcher as Codex reads it (codex.md §4): a list has
// letters, digits, "_" and "|" only; all else is a regular expression in Rust's
// form. Its tools are few.
func lintCodexMatcher(g group, text string) {
	lost := never(g.node.Hooks())
	switch {
	case strings.ContainsAny(text, ", ") && !strings.ContainsAny(text, "()[].*+?^$"):
		g.add(g.matcher, loader.Error, "codex-matcher", fmt.Sprintf("matcher %s is a regular expression to Codex, which knows no lists with commas or blanks", quoted(text)), lost,
			fmt.Sprintf("write %q", strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",| ", r) }), "|")))
	case strings.Contains(text, "(?=") || strings.Contains(text, "(?!") || strings.Contains(text, "(?<"):
		g.add(g.matcher, loader.Error, "codex-matcher", fmt.Sprintf("matcher %s looks ahead or behind, which Codex's expressions cannot", quoted(text)), lost, "name the tools")
	case g.spec.Subject != "tool_name":
	default:
		lintCodexTools(g, text, lost)
	}
}

// lintCodexTools finds matchers that name none of the tools Codex reports.
func lintCodexTools(g group, text, lost string) {
	if tool, ok := looksLikeRule(text); ok {
		g.add(g.matcher, loader.Error, "matcher-permission-rule", fmt.Sprintf("matcher %s is a permission rule; a matcher is compared with the tool's name alone", quoted(text)), lost,
			fmt.Sprintf("write %q and test the command in the hook", tool))
		return
	}
	names, list := loader.ParsePattern(text, false).Names()
	if !list {
		return
	}
	tools := []string{"Bash", "apply_patch", "Edit", "Write", "view_image", "spawn_agent", "Agent"}
	seen := func(n string) bool { return slices.Contains(tools, n) || hook.IsMCP(n) }
	if slices.ContainsFunc(names, seen) {
		return
	}
	for _, name := range names {
		if i := slices.IndexFunc(tools, func(t string) bool { return strings.EqualFold(t, name) }); i >= 0 {
			g.add(g.matcher, loader.Error, "matcher-case", fmt.Sprintf("matcher %s differs from the tool %q only in case", quoted(name), tools[i]), lost, fmt.Sprintf("write %q", tools[i]))
			return
		}
		if class, _ := classify(name); class != liveTool && class != removedTool {
			return // a tool of its own that no one knows
		}
	}
	g.add(g.matcher, loader.Warning, "codex-matcher", fmt.Sprintf("matcher %s names no tool that Codex reports", quoted(text)), lost, "its tools are Bash, apply_patch (Edit, Write), view_image, spawn_agent and those of MCP servers")
}
