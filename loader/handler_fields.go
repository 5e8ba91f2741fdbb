package loader

import (
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// A fieldRule is one row of the handler table: what a field of a handler must be (§9.2).
type fieldRule struct {
	types    string // handler types it belongs to, separated by spaces; "" is all
	name     string
	kinds    string // as in node.kind
	required bool
	check    func(node) string // what is wrong with a value of the right kind, "" if nothing
}

// handlerTypes are the types a handler may have.
func handlerTypes() []string {
	return []string{string(hook.Command), string(hook.HTTP), string(hook.MCPTool), string(hook.Prompt), string(hook.Agent)}
}

// fieldRules returns the handler table.
func fieldRules() []fieldRule {
	return []fieldRule{
		{name: "if", kinds: `"`},
		{name: "timeout", kinds: "0", check: positive},
		{name: "statusMessage", kinds: `"`},
		{name: "once", kinds: "t"},
		{types: "command", name: "command", kinds: `"`, required: true},
		{types: "command", name: "args", kinds: "[", check: allStrings},
		{types: "command", name: "shell", kinds: `"`, check: oneOf("bash", "powershell")},
		{types: "command", name: "async", kinds: "t"},
		{types: "command", name: "asyncRewake", kinds: "t"},
		{types: "command http", name: "onFailure", kinds: `"`, check: oneOf("continue", "block")},
		{types: "http", name: "url", kinds: `"`, required: true, check: isURL},
		{types: "http", name: "headers", kinds: "{", check: allStrings},
		{types: "http", name: "allowedEnvVars", kinds: "[", check: allStrings},
		{types: "mcp_tool", name: "server", kinds: `"`, required: true},
		{types: "mcp_tool", name: "tool", kinds: `"`, required: true},
		{types: "mcp_tool", name: "input", kinds: "{"},
		{types: "prompt agent", name: "prompt", kinds: `"`, required: true},
		{types: "prompt agent", name: "model", kinds: `"`},
		{types: "prompt", name: "continueOnBlock", kinds: "t"},
	}
}

// of reports whether the rule is about handlers of type typ.
func (r fieldRule) of(typ string) bool {
	return r.types == "" || slices.Contains(strings.Fields(r.types), typ)
}

// fault says what is wrong with n as the field of a handler of type typ, ""
// if nothing.
func (r fieldRule) fault(typ string, n node) string {
	switch {
	case n.v == nil && r.required:
		return fmt.Sprintf("a handler of type %q needs a %q (%s)", typ, r.name, kindWords(r.kinds))
	case n.v == nil:
		return ""
	case !strings.ContainsRune(r.kinds, rune(n.kind())):
		return fmt.Sprintf("%q is %s; it must be %s", r.name, n.what(), kindWords(r.kinds))
	case r.check != nil:
		if wrong := r.check(n); wrong != "" {
			return fmt.Sprintf("%q %s", r.name, wrong)
		}
	}
	return ""
}

func positive(n node) string {
	if n.number() <= 0 {
		return fmt.Sprintf("is %s; it must be a number of seconds greater than 0", n.text())
	}
	return ""
}

func allStrings(n node) string {
	values := n.elems()
	for _, f := range n.fields() {
		values = append(values, f.value)
	}
	for _, v := range values {
		if v.kind() != '"' {
			return "holds " + v.what() + "; all its values must be strings"
		}
	}
	return ""
}

func oneOf(words ...string) func(node) string {
	return func(n node) string {
		if slices.Contains(words, n.str()) {
			return ""
		}
		return fmt.Sprintf(`is %s; it must be "%s"`, quoted(n.str()), strings.Join(words, `" or "`))
	}
}

// isURL accepts what a browser's URL parser does not refuse: a scheme, a colon,
// and for http and https a host. Any scheme is valid here; others than http and
// https fail when the handler runs (§9.2).
func isURL(n node) string {
	scheme, rest, ok := strings.Cut(n.str(), ":")
	letter := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+-.", r)
	}
	notScheme := func(r rune) bool { return !letter(r) }
	if !ok || scheme == "" || strings.ContainsFunc(scheme, notScheme) || strings.ContainsAny(scheme[:1], "0123456789+-.") {
		return fmt.Sprintf("is %s, which is no URL", quoted(n.str()))
	}
	if s := strings.ToLower(scheme); s == "http" || s == "https" {
		host, _, _ := strings.Cut(strings.TrimLeft(rest, `/\`), "/")
		if host == "" || strings.ContainsAny(host, " <>^|") {
			return fmt.Sprintf("is %s, a URL without a valid host", quoted(n.str()))
		}
	}
	return ""
}
