package checker

import (
	"fmt"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// lintCondition judges a handler's "if": one permission rule, on an event that
// has a tool (§10.2).
func lintCondition(h handler) {
	n := h.node.Get("if")
	rule := n.Text()
	if rule == "" || h.kind == Codex {
		return
	}
	report := func(lint, msg, right string, fix ...Edit) {
		h.add(n, loader.Error, lint, msg, "the hook never runs", right, fix...)
	}
	tool, pattern, ok := loader.ReadRule(rule)
	if !h.spec.Tool {
		report("if-without-tool", fmt.Sprintf("%q on %s, which has no tool", "if", h.spec.Name), `leave "if" out and test the input in the hook`)
		return
	}
	if !ok {
		report("if-invalid", fmt.Sprintf("if %s is no permission rule", quoted(rule)), `write one rule, such as "Bash(git push *)" or "Edit(*.ts)"`)
		return
	}
	written, _, _ := strings.Cut(rule, "(")
	class, meant := classify(written)
	start, _ := n.Span()
	fix := Edit{start + 1, start + 1 + len(written), meant}
	switch {
	case class == miscasedTool:
		report("if-tool", fmt.Sprintf("%q in if %s differs from the tool %q only in case", written, quoted(rule), meant), fmt.Sprintf("write %q", meant), fix)
	case class == serverTool:
		report("if-tool", fmt.Sprintf("if %s names an MCP server; only a whole tool's name matches", quoted(rule)), `match the server with "matcher": `+fmt.Sprintf("%q", meant))
	case class == removedTool || class == misspeltTool:
		report("if-tool", fmt.Sprintf("if %s names no tool", quoted(rule)), fmt.Sprintf("did you mean %q", meant))
	case !meets(h.group, tool):
		report("if-and-matcher", fmt.Sprintf("if %s is about %s, which matcher %s does not match", quoted(rule), tool, quoted(h.matcher.Text())), fmt.Sprintf(`write "matcher": %q`, tool))
	default:
		lintPattern(h, n, tool, pattern)
	}
}

// meets reports whether the group's matcher matches the tool, whatever tool a
// matcher that is no string was meant for.
func meets(g group, tool string) bool {
	p := loader.ParsePattern(g.matcher.Text(), g.spec.Narrow)
	return p.Bad() != nil || p.MatchesTool(tool)
}

// lintPattern judges the pattern of a rule.
func lintPattern(h handler, n loader.Node, tool, pattern string) {
	edits := hook.ToolNamed(tool).Path != ""
	switch {
	case pattern == "":
	case hook.IsMCP(tool) || tool == "Agent":
		h.add(n, loader.Error, "if-pattern", fmt.Sprintf("%s takes no pattern in %q", tool, "if"), "the hook never runs", fmt.Sprintf("write %q", tool))
	case edits && strings.Contains(pattern, "{") && strings.Contains(pattern, ","):
		h.add(n, loader.Error, "if-pattern", fmt.Sprintf("braces in %s are not expanded", quoted(pattern)), "the hook never runs", "write one hook for each ending")
	}
}
