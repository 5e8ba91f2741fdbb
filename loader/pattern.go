package loader

import hook "github.com/run-hooks/run-hooks"

// A Pattern is a matcher as Claude Code reads it (§3.1), for those who judge one
// without an event.
type Pattern struct{ m matcher }

// ParsePattern reads a matcher; narrow is that of its event.
func ParsePattern(text string, narrow bool) Pattern { return Pattern{parseMatcher(text, narrow)} }

// Names returns the names of a list of exact names; list is false for a regular
// expression and for a matcher that matches everything.
func (p Pattern) Names() (names []string, list bool) {
	return p.m.names, !p.m.all && p.m.re == nil && p.m.bad == nil
}

// Bad returns why the matcher is no regular expression and so matches nothing.
func (p Pattern) Bad() error { return p.m.bad }

// MatchesTool reports whether the matcher applies to the tool called name, by
// its own or an old name.
func (p Pattern) MatchesTool(name string) bool {
	tool := hook.ToolNamed(name)
	return p.m.matches(append([]string{name, tool.Name}, tool.Aliases...))
}

// Matches reports whether the matcher applies to a subject that is no tool.
func (p Pattern) Matches(subject string) bool { return p.m.matches([]string{subject}) }

// ReadRule splits a condition, one permission rule, into the tool's present name
// and the pattern between the parentheses. ok is false for a rule of no valid
// form, which never matches.
func ReadRule(rule string) (tool, pattern string, ok bool) {
	c := parseCondition(rule)
	return c.tool, c.pattern, c.tool != ""
}

// OfProject reports whether hooks of a scope come with the project: they are its
// author's code, and run only where the user trusts the folder.
func OfProject(s hook.Scope) bool { return ofProject(s) }
