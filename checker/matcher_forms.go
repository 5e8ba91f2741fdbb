package checker

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// looksLikeRule reports whether a matcher is written as one or several
// permission rules, Tool(pattern), and returns the tools as a matcher.
func looksLikeRule(text string) (tools string, ok bool) {
	var names []string
	for _, rule := range splitRules(text) {
		tool, rest, found := strings.Cut(rule, "(")
		if !found && len(names) > 0 && isWord(rule) {
			tool, rest, found = rule, ")", true
		}
		if !found || !isWord(tool) || !strings.HasSuffix(rest, ")") {
			return "", false
		}
		if class, _ := classify(tool); class != liveTool && class != removedTool {
			return "", false
		}
		if !slices.Contains(names, tool) {
			names = append(names, tool)
		}
	}
	return strings.Join(names, "|"), len(names) > 0
}

// splitRules splits at "|" and "," outside of parentheses.
func splitRules(text string) []string {
	depth := 0
	parts := strings.FieldsFunc(text, func(r rune) bool {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		return depth == 0 && (r == '|' || r == ',')
	})
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func firstRule(text string) string {
	rule := splitRules(text)[0]
	return strings.ReplaceAll(rule, ".*", "*")
}

func isWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	})
}

// ruleFix moves a single rule from the matcher to the "if" of every handler. It
// is sure only for one rule, on an event that knows "if", with handlers that
// have none.
func ruleFix(g group, tool, text string) []Edit {
	if len(splitRules(text)) != 1 || !g.spec.Tool || strings.Contains(text, ".*") {
		return nil
	}
	start, end := g.matcher.Span()
	out := []Edit{{start, end, fmt.Sprintf("%q", tool)}}
	if strings.HasSuffix(text, "(*)") || strings.HasSuffix(text, "()") {
		return out
	}
	rule, err := json.Marshal(text)
	if err != nil {
		return nil
	}
	for _, h := range g.handlers() {
		if h.node.Get("if").Exists() || !h.node.Get("type").Exists() {
			return nil
		}
		_, after := h.node.Get("type").Span()
		out = append(out, Edit{after, after, `, "if": ` + string(rule)})
	}
	return out
}

// isExpression reports whether a matcher is a condition in some language.
func isExpression(text string) bool {
	return slices.ContainsFunc([]string{"==", "&&", "||", " matches ", "tool_input", "tool_name", " AND ", " OR ", "tool =", "tool=", "tool:"},
		func(s string) bool { return strings.Contains(text, s) })
}

// expressionRight proposes a matcher of the tools that an expression quotes.
func expressionRight(text string) string {
	var tools []string
	for i, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '"' || r == '\'' }) {
		class, _ := classify(part)
		if i%2 == 1 && (class == liveTool || class == removedTool) && !slices.Contains(tools, part) {
			tools = append(tools, part)
		}
	}
	if len(tools) == 0 {
		return `write the tools' names, as in "Edit|Write"`
	}
	right := fmt.Sprintf(`write "matcher": %q`, strings.Join(tools, "|"))
	if strings.Contains(text, "tool_input") {
		right += ", and test the input in the hook or with \"if\""
	}
	return right
}

// isGlob reports whether a matcher is a pattern of files.
func isGlob(text string) bool {
	return strings.HasPrefix(text, "*.") || strings.HasPrefix(text, "**/") || strings.Contains(text, "/**")
}

// regexRight guesses what an invalid pattern was meant to be.
func regexRight(text string) string {
	bare := strings.Trim(text, "*()[]{}+?|, ")
	switch class, meant := classify(bare); {
	case bare == "":
		return `write "*" for every tool`
	case strings.HasPrefix(text, "(?i)"):
		return fmt.Sprintf("JavaScript has no (?i); write the name as it is, such as %q", "Bash")
	case strings.Contains(text, "|*") || strings.Contains(text, "*|"):
		return `write "*" for every tool`
	case class == liveTool:
		return fmt.Sprintf("write %q", bare)
	case class == miscasedTool:
		return fmt.Sprintf("write %q", meant)
	}
	return `write names, as in "Edit|Write", or a JavaScript regular expression`
}
