package checker

import (
	"fmt"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks/loader"
)

// lintMatcher judges a group's matcher: whether it can match anything, and
// whether it matches what it seems to.
func lintMatcher(g group) {
	text := g.matcher.Text()
	switch {
	case g.matcher.Kind() != '"' || text == "" || text == "*":
	case g.spec.Subject == "":
		g.add(g.matcher, loader.Warning, "matcher-ignored", fmt.Sprintf("%s ignores matchers", g.spec.Name),
			fmt.Sprintf("%s always, whatever %s says", runs(g.node.Hooks()), quoted(text)), "leave the matcher out")
	case g.kind == Codex:
		lintCodexMatcher(g, text)
	case g.spec.Subject == "tool_name":
		lintToolMatcher(g, text)
	default:
		lintValueMatcher(g, text)
	}
}

func runs(n int) string {
	if n == 1 {
		return "its hook runs"
	}
	return fmt.Sprintf("its %d hooks run", n)
}

// lintToolMatcher judges a matcher that is compared with names of tools.
func lintToolMatcher(g group, text string) {
	p := loader.ParsePattern(text, g.spec.Narrow)
	if names, list := p.Names(); list {
		lintToolList(g, text, names)
		return
	}
	lost := never(g.node.Hooks())
	matches := p.Bad() == nil && slices.ContainsFunc(toolSubjects(), p.Matches)
	switch tool, ok := looksLikeRule(text); {
	case matches && p.Bad() == nil:
	case ok:
		g.add(g.matcher, loader.Error, "matcher-permission-rule", fmt.Sprintf("matcher %s is a permission rule; a matcher is compared with the tool's name alone", quoted(text)),
			lost, fmt.Sprintf(`write "matcher": %q, and "if": %q in its hooks`, tool, firstRule(text)), ruleFix(g, tool, text)...)
	case strings.HasPrefix(text, "tools:") || strings.Contains(text, "file_paths:") || isGlob(text):
		g.add(g.matcher, loader.Error, "matcher-file-glob", fmt.Sprintf("matcher %s names files; a matcher is compared with the tool's name alone", quoted(text)),
			lost, `write "matcher": "Edit|Write", and a condition such as "if": "Edit(*.py)" in its hooks`)
	case isExpression(text):
		g.add(g.matcher, loader.Error, "matcher-expression", fmt.Sprintf("matcher %s is an expression; a matcher is compared with the tool's name as a regular expression", quoted(text)),
			lost, expressionRight(text))
	case p.Bad() != nil:
		g.add(g.matcher, loader.Error, "matcher-invalid-regex", fmt.Sprintf("matcher %s is not a valid regular expression", quoted(text)), lost, regexRight(text))
	default:
		lintDeadRegex(g, text, lost)
	}
}

// lintToolList judges the names of an exact list.
func lintToolList(g group, text string, names []string) {
	if len(names) == 0 {
		g.add(g.matcher, loader.Error, "matcher-empty", fmt.Sprintf("matcher %s holds no name, and that matches nothing", quoted(text)), never(g.node.Hooks()), `write "*" for every tool`)
		return
	}
	if strings.Contains(text, ",") {
		g.add(g.matcher, loader.Info, "matcher-comma-list", "names separated by commas are a list only since Claude Code 2.1.191", "older clients never run its hooks",
			fmt.Sprintf("write %q", strings.Join(names, "|")))
	}
	live := slices.ContainsFunc(names, func(n string) bool { c, _ := classify(n); return c == liveTool })
	for _, name := range names {
		lintToolName(g, text, name, names, live)
	}
}

// lintToolName judges one name of a list. live says that another one is a tool.
func lintToolName(g group, text, name string, names []string, live bool) {
	class, meant := classify(name)
	cost, severity := "that name never matches", loader.Warning
	if !live && len(names) == 1 {
		cost, severity = never(g.node.Hooks()), loader.Error
	}
	report := func(s loader.Severity, lint, msg, cost, right string, fix ...Edit) {
		start := g.matcher.Offset(strings.Index(text, name))
		g.addAt(start, start+len(name), s, lint, msg, cost, right, fix...)
	}
	start := g.matcher.Offset(strings.Index(text, name))
	fix := Edit{start, start + len(name), meant}
	if slices.Contains(names, meant) && class != liveTool && class != serverTool {
		return // the right name stands beside it: a list for several agents
	}
	switch class {
	case miscasedTool:
		report(severity, "matcher-case", fmt.Sprintf("matcher %s differs from the tool %q only in case", quoted(name), meant), cost, fmt.Sprintf("write %q", meant), fix)
	case misspeltTool:
		report(severity, "matcher-unknown-tool", fmt.Sprintf("no tool is called %q", name), cost, fmt.Sprintf("did you mean %q", meant))
	case serverTool:
		report(severity, "matcher-mcp-prefix", fmt.Sprintf("matcher %s names an MCP server; names are compared whole, and its tools are called %s", quoted(name), strings.TrimSuffix(meant, ".*")+"…"), cost, fmt.Sprintf("write %q", meant), fix)
	case severalTools:
		report(severity, "matcher-unknown-tool", fmt.Sprintf("%s is one name with blanks in it", quoted(name)), cost, fmt.Sprintf("write %q", meant), fix)
	case removedTool:
		if live {
			report(loader.Info, "matcher-removed-tool", fmt.Sprintf("%s is gone; %s does its work", name, meant), "", "")
		} else {
			report(loader.Warning, "matcher-removed-tool", fmt.Sprintf("%s is gone; %s does its work", name, meant), cost, fmt.Sprintf("write %q", meant))
		}
	case foreignTool, codexEditTool, unknownTool:
		lintStranger(name, class, meant, live, cost, report)
	}
}

// lintStranger speaks of a name that is no tool of Claude's. Unknown is not
// wrong: it may be of a plugin, a newer client, or another agent.
func lintStranger(name string, class toolClass, meant string, live bool, cost string, report func(loader.Severity, string, string, string, string, ...Edit)) {
	if class == unknownTool {
		report(loader.Info, "matcher-unknown-tool", fmt.Sprintf("no tool called %q is known here", name), "", "if it is none, "+cost)
		return
	}
	_, agent := foreignToolName(name)
	if live {
		report(loader.Info, "matcher-foreign-tool", fmt.Sprintf("%q is a tool of %s, not of Claude Code", name, agent), "", "")
		return
	}
	report(loader.Warning, "matcher-foreign-tool", fmt.Sprintf("%q is a tool of %s, not of Claude Code", name, agent), cost, fmt.Sprintf("Claude's is %q", meant))
}

// lintDeadRegex judges a valid regular expression that matches no known tool.
// It is quiet about one that may be meant for tools of an MCP server.
func lintDeadRegex(g group, text, lost string) {
	folded := slices.IndexFunc(toolNames(), func(n string) bool {
		return strings.EqualFold(n, strings.Trim(text, "^$/()i"))
	})
	switch {
	case strings.Contains(text, "mcp__*_"):
		g.add(g.matcher, loader.Error, "matcher-mcp-prefix", fmt.Sprintf(`matcher %s is a regular expression, in which "*" repeats the underscore before it`, quoted(text)), lost,
			fmt.Sprintf("write %q", strings.ReplaceAll(text, "mcp__*", "mcp__.*")))
	case folded >= 0 && strings.Contains(text, "/"):
		g.add(g.matcher, loader.Error, "matcher-no-tool", fmt.Sprintf("matcher %s matches the name of no tool; slashes are no part of a matcher", quoted(text)), lost, fmt.Sprintf("write %q", toolNames()[folded]))
	case folded >= 0:
		g.add(g.matcher, loader.Error, "matcher-case", fmt.Sprintf("matcher %s differs from the tool %q only in case", quoted(text), toolNames()[folded]), lost, fmt.Sprintf("write %q", toolNames()[folded]))
	case strings.Contains(text, "mcp") || strings.Contains(text, ".*") || strings.Contains(text, "_"):
	default:
		g.add(g.matcher, loader.Warning, "matcher-no-tool", fmt.Sprintf("matcher %s matches the name of no known tool", quoted(text)), lost, noToolRight(text))
	}
}

// noToolRight guesses what a dead pattern was meant to be.
func noToolRight(text string) string {
	if rest, ok := strings.CutPrefix(text, "!"); ok {
		return fmt.Sprintf("for all but %s write %q", rest, "^(?!"+rest+"$)")
	}
	names := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";&/+.:\t\n ", r) })
	if len(names) > 0 && allLive(names) {
		return fmt.Sprintf("write %q", strings.Join(names, "|"))
	}
	return ""
}
