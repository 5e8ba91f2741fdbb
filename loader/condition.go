package loader

import (
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// A condition is a handler's "if": one permission rule, Tool or Tool(pattern)
// (§10.2). It is there to spare a process, not to let a call slip past a guard:
// where neither the record nor the reference (§5.4) says how a rule is read, it
// is read so that the handler runs.
type condition struct {
	rule    string // as written; "" is no condition
	tool    string // the tool's present name; "" if rule is of no valid form
	pattern string // what is between the parentheses; "" matches every call of the tool
}

// parseCondition reads rule. It never fails: a rule of no valid form is a
// condition that never holds (e10_if_bash_unparsable.02: "Bash(", "*", "echo *",
// "Bash(echo *)|Write"), and so is one for a tool that does not exist.
//
// The pattern is all between the first parenthesis and the last character, so
// "Bash(echo *), Bash(git *)" is one rule with a strange pattern.
func parseCondition(rule string) condition {
	c := condition{rule: rule}
	name, rest, found := strings.Cut(rule, "(")
	pattern, closed := strings.CutSuffix(rest, ")")
	if found != closed || name == "" || strings.ContainsAny(name, " \t\n|,!*()") {
		return c
	}
	c.tool = hook.ToolNamed(name).Name
	pattern = strings.ReplaceAll(strings.ReplaceAll(pattern, `\(`, "("), `\)`, ")")
	c.pattern = strings.TrimSpace(pattern)
	if c.pattern == "*" {
		c.pattern = ""
	}
	return c
}

// A conditionPlace is what relative and shortened paths in rules are relative
// to. All three are absolute; home is "" if there is none.
type conditionPlace struct {
	cwd     string // the session's current directory
	project string // the directory whose hooks are run
	home    string
}

// holds reports whether the handler runs for ev, and if not, why.
func (c condition) holds(ev *hook.Event, at conditionPlace) (ok bool, why string) {
	tool := hook.ToolNamed(ev.String("tool_name")).Name
	switch {
	case c.rule == "":
		return true, ""
	case c.tool == "":
		return false, "if " + quoted(c.rule) + " is no permission rule and never matches"
	case !ev.Spec.Tool:
		return false, fmt.Sprintf("if %s needs a tool, and %s has none", quoted(c.rule), ev.Spec.Name)
	case c.tool != tool && !(ev.Blurred && slices.Contains(subjectNames(ev, hook.ScopeProject), blurred(c.tool))):
		return false, fmt.Sprintf("if %s is not about the tool %s", quoted(c.rule), tool)
	case c.pattern == "" || c.fits(ev.ToolInput(), at):
		return true, ""
	}
	return false, fmt.Sprintf("if %s does not match this %s", quoted(c.rule), patternFor(c.tool).subject)
}

// A patternKind is the language of the patterns of some tools.
type patternKind struct {
	subject string // what is compared, in words
	field   string // of the tool's input: what is compared
	search  bool   // field is a directory to search, by default the current one
	glob    string // of the tool's input, with search: the files asked for
	fits    func(pattern, value string, at conditionPlace) bool
}

// patternFor returns how patterns of tool are compared. A tool without patterns
// has no fits: a rule with one never matches (e10_if_mcp.00
// "mcp__echo__echo(text:HK)"; §10.2 "Agent(general-purpose)").
func patternFor(tool string) patternKind {
	switch tool {
	case "Bash":
		return patternKind{subject: "command", field: "command", fits: fitsCommand}
	case "Read", "Write", "Edit", "MultiEdit":
		return patternKind{subject: "file", field: "file_path", fits: fitsPath}
	case "NotebookEdit", "NotebookRead":
		return patternKind{subject: "file", field: "notebook_path", fits: fitsPath}
	case "LS":
		return patternKind{subject: "directory", field: "path", search: true, fits: fitsPath}
	case "Glob":
		return patternKind{subject: "search", field: "path", search: true, glob: "pattern", fits: fitsPath}
	case "Grep":
		return patternKind{subject: "search", field: "path", search: true, glob: "glob", fits: fitsPath}
	case "WebFetch":
		return patternKind{subject: "address", field: "url", fits: fitsAddress}
	case "Skill":
		return patternKind{subject: "skill", field: "skill", fits: fitsText}
	case "PowerShell":
		return patternKind{subject: "command", field: "command", fits: fitsAlways}
	}
	return patternKind{subject: "call: " + tool + " takes no pattern"}
}

// fits reports whether the pattern matches the call with this input. An input
// without the field that is to be compared cannot be judged, and matches.
func (c condition) fits(input hook.Object, at conditionPlace) bool {
	kind := patternFor(c.tool)
	value := textField(input, kind.field)
	switch {
	case kind.fits == nil:
		return false
	case kind.search:
		return fitsSearch(c.pattern, value, textField(input, kind.glob), at)
	}
	return value == "" || kind.fits(c.pattern, value, at)
}

func textField(input hook.Object, name string) string {
	raw, _ := input.Get(name)
	return hook.Text(raw)
}

// fitsAlways stands for a language that is not read here. What cannot be
// analysed matches every pattern (§10.2).
func fitsAlways(string, string, conditionPlace) bool { return true }

// fitsText compares a pattern with a plain text.
func fitsText(pattern, value string, _ conditionPlace) bool {
	return parseCommandPattern(pattern).matches(value)
}

// fitsAddress compares "domain:HOST" with the host of an address (reference
// §5.4): without regard to case, a leading "*." for any depth of subdomains.
// Any other pattern is compared with the whole address.
func fitsAddress(pattern, address string, at conditionPlace) bool {
	domain, ok := strings.CutPrefix(strings.ToLower(pattern), "domain:")
	if !ok {
		return fitsText(pattern, address, at)
	}
	host, ok := plainHost(strings.ToLower(address))
	if !ok {
		return true
	}
	return fitsText(strings.TrimSpace(domain), host, at)
}

// plainHost returns the host of a lower-case address, without a port and a final
// dot. It is not ok where a browser might find another host than is read here.
func plainHost(address string) (host string, ok bool) {
	scheme, rest, found := strings.Cut(address, "://")
	if !found || scheme != "http" && scheme != "https" {
		return "", false
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	host, _, _ = strings.Cut(rest, ":")
	host = strings.TrimSuffix(host, ".")
	plain := host != "" && strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
	return host, plain && !strings.Contains(rest, "@")
}
