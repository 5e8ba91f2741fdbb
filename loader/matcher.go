package loader

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"

	hook "github.com/run-hooks/run-hooks"
)

// matchTimeout bounds one regular expression; the engine looks at its clock
// about every 100 ms.
const matchTimeout = 100 * time.Millisecond

// maxPattern bounds a regular expression, in bytes: the engine needs stack for
// nested groups.
const maxPattern = 16 << 10

// A matcher decides whether a group applies to a subject (§3.1). It has three
// forms: everything, a list of exact names, and a JavaScript regular expression.
type matcher struct {
	text  string
	all   bool
	names []string        // exact, if re is nil
	re    *regexp2.Regexp // unanchored, case-sensitive
	bad   error           // the pattern is no regular expression: nothing matches
}

// parseMatcher reads a matcher of an event. narrow is set for the events where
// only "|" separates names and a hyphen, blank or comma makes a pattern
// (reference §5.1).
func parseMatcher(text string, narrow bool) matcher {
	m := matcher{text: text}
	switch {
	case text == "" || text == "*":
		m.all = true
	case isList(text, narrow):
		m.names = listNames(text)
	default:
		m.re, m.bad = compile(text)
	}
	return m
}

// isList reports whether text has only characters of lists of exact names.
func isList(text string, narrow bool) bool {
	others := "_|- ,"
	if narrow {
		others = "_|"
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(others, r)
	})
}

// listNames splits a list at "|" and ",", without blanks and empty names.
func listNames(text string) []string {
	var out []string
	for name := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '|' || r == ',' }) {
		if name = strings.Trim(name, " "); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// compile reads text as JavaScript's RegExp does.
func compile(text string) (*regexp2.Regexp, error) {
	if len(text) > maxPattern {
		return nil, fmt.Errorf("longer than %d bytes", maxPattern)
	}
	if err := notJavaScript(text); err != nil {
		return nil, err
	}
	re, err := regexp2.Compile(text, regexp2.ECMAScript)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = matchTimeout
	return re, nil
}

// notJavaScript refuses the group forms that the engine takes and JavaScript
// does not: (?i), (?>…), (?#…), (?'name'…).
func notJavaScript(text string) error {
	class := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '(' && !class && strings.HasPrefix(text[i:], "(?") && !jsGroup(text[i+2:]):
			return fmt.Errorf("invalid group at character %d", i+1)
		}
	}
	return nil
}

// jsGroup reports whether rest, what follows "(?", begins a group JavaScript has.
func jsGroup(rest string) bool {
	for _, p := range []string{":", "=", "!", "<=", "<!"} {
		if strings.HasPrefix(rest, p) {
			return true
		}
	}
	if name, ok := strings.CutPrefix(rest, "<"); ok {
		return name != "" && name[0] != '>' && (name[0] < '0' || name[0] > '9')
	}
	flags, _, found := strings.Cut(rest, ":") // (?i:…)
	return found && flags != "" && strings.Trim(flags, "ims-") == ""
}

// matches reports whether the matcher applies to any of the subject's names. A
// pattern that takes too long counts as a match: the hook runs.
func (m matcher) matches(names []string) bool {
	switch {
	case m.all:
		return true
	case m.re == nil:
		return slices.ContainsFunc(m.names, func(n string) bool { return slices.Contains(names, n) })
	}
	return slices.ContainsFunc(names, func(name string) bool {
		ok, err := m.re.MatchString(name)
		return ok || err != nil
	})
}

// why says why the matcher does not apply to subject, with a near miss where
// there is one.
func (m matcher) why(subject string) string {
	switch {
	case m.bad != nil:
		return fmt.Sprintf("matcher %s is not a valid regular expression and never matches", quoted(m.text))
	case subject == "":
		return fmt.Sprintf("matcher %s does not match the empty text", quoted(m.text))
	}
	for _, n := range m.names {
		if strings.EqualFold(n, subject) {
			return fmt.Sprintf("matcher %s differs from %s only in case", quoted(m.text), quoted(subject))
		}
	}
	return fmt.Sprintf("matcher %s does not match %s", quoted(m.text), quoted(subject))
}

// subjectNames returns the names by which a matcher may mean the event's
// subject: for a tool its own and its old ones, and for a handler written for
// Codex what Codex takes for one another: apply_patch, Edit and Write (codex.md §6.1).
func subjectNames(ev *hook.Event, scope hook.Scope) []string {
	subject := ev.Subject()
	names := []string{subject}
	if ev.Spec.Subject != "tool_name" {
		return names
	}
	if ev.Blurred {
		names = append(names, unmarked(subject))
	}
	tool := hook.ToolNamed(subject)
	names = append(append(names, tool.Name), tool.Aliases...)
	switch {
	case scope != hook.ScopeCodex:
	case tool.Edits:
		names = append(names, "apply_patch")
	case subject == "apply_patch":
		names = append(names, "Edit", "Write")
	}
	return names
}

// unmarked is the name of a tool without what Codex puts behind the names of tools
// that would be the same without it, as those of do-it and do_it would.
func unmarked(name string) string {
	return regexp.MustCompile(`_[0-9a-f]{12}$`).ReplaceAllString(name, "")
}

// blurred returns a matcher, or the name of a tool, with "_" for each "-" that
// stands for itself: not for one in the brackets of a regular expression, where it
// is a range, and not for one among the flags of a group.
func blurred(text string) string {
	var b strings.Builder
	class, flags := false, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && strings.HasPrefix(text[i:], `\-`) && !class:
			b.WriteByte('_')
			i++
		case c == '\\' && i+1 < len(text):
			b.WriteString(text[i : i+2])
			i++
		case c == '-' && !class && !flags:
			b.WriteByte('_')
		default:
			class = c == '[' || class && c != ']'
			flags = !class && (strings.HasPrefix(text[i:], "(?") || flags && !strings.ContainsRune(":=!<)", rune(c)))
			b.WriteByte(c)
		}
	}
	return b.String()
}
