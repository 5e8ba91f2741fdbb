package checker

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// lintType finds handlers of a type that their event does not run (reference §1.1).
func lintType(h handler) {
	switch {
	case !slices.Contains([]hook.HandlerType{hook.Command, hook.HTTP, hook.MCPTool, hook.Prompt, hook.Agent}, h.typ):
	case h.kind == Codex && (h.typ == hook.Prompt || h.typ == hook.Agent):
		h.add(h.node.Get("type"), loader.Warning, "handler-type-not-run", fmt.Sprintf("Codex does not run handlers of type %s", h.typ), "the hook never runs", "use a command")
	case !h.spec.Types.Has(h.typ):
		h.add(h.node.Get("type"), loader.Error, "handler-type-not-run", fmt.Sprintf("%s does not run handlers of type %s", h.spec.Name, h.typ), "the hook never runs", "use a command")
	case h.typ == hook.Prompt && h.spec.Name == hook.PermissionRequest:
		h.add(h.node.Get("type"), loader.Warning, "handler-no-effect", "a prompt's answer has no effect on PermissionRequest", "the hook decides nothing", "use a command that prints a decision")
	}
}

// lintTimeout finds timeouts in milliseconds. A whole number of minutes that is
// no whole number of thousands, such as 3600, is meant in seconds.
func lintTimeout(h handler) {
	n := h.node.Get("timeout")
	seconds := n.Number()
	if n.Kind() != '0' || seconds < 1000 || seconds == float64(int(seconds)) && int(seconds)%60 == 0 && int(seconds)%1000 != 0 {
		return
	}
	right := strconv.FormatFloat(seconds/1000, 'f', -1, 64)
	start, end := n.Span()
	h.add(n, loader.Warning, "timeout-milliseconds", fmt.Sprintf("timeout %s is in seconds", n.Source()),
		fmt.Sprintf("a hook that hangs holds the session for %s", long(seconds)), "if milliseconds are meant, write "+right, Edit{start, end, right})
}

// long words a time in seconds.
func long(seconds float64) string {
	switch {
	case seconds >= 2*86400:
		return fmt.Sprintf("%.0f days", seconds/86400)
	case seconds >= 2*3600:
		return fmt.Sprintf("%.0f hours", seconds/3600)
	}
	return fmt.Sprintf("%.0f minutes", seconds/60)
}

// lintSessionEnd tells of the short time that hooks of SessionEnd have (§8).
func lintSessionEnd(h handler) {
	if h.spec.Name != hook.SessionEnd || h.typ != hook.Command && h.typ != hook.HTTP && h.typ != hook.MCPTool {
		return
	}
	n := h.node.Get("timeout")
	switch {
	case h.kind == Codex && n.Number() > 3:
		h.add(n, loader.Warning, "session-end-timeout", "Codex allows hooks of SessionEnd 3 s at most", "what takes longer is cut off", "")
	case h.kind == Codex:
	case !n.Exists():
		h.add(h.node, loader.Info, "session-end-timeout", "a hook of SessionEnd has 1.5 s", "what takes longer is cut off", `if it may take longer, say so with "timeout"`)
	}
}

// lintOnce finds "once", which counts in the frontmatter of skills alone (§10.3).
func lintOnce(h handler) {
	if n := h.node.Get("once"); n.IsTrue() && h.kind != Codex {
		h.add(n, loader.Warning, "once-ignored", `"once" has no effect outside of a skill's frontmatter`, "the hook runs every time", `leave it out, or keep a mark of the first run`)
	}
}

// lintPrompt judges prompts: where the input goes.
func lintPrompt(h handler) {
	n := h.node.Get("prompt")
	if h.typ != hook.Prompt && h.typ != hook.Agent || n.Text() == "" {
		return
	}
	switch text := n.Text(); {
	case strings.Contains(text, "${ARGUMENTS}"):
		h.add(n, loader.Warning, "prompt-arguments", "${ARGUMENTS} is not replaced", "the model reads it as it stands, and the input after the prompt", "write $ARGUMENTS")
	case !strings.Contains(text, "$ARGUMENTS") && !strings.Contains(text, "$0") && !strings.Contains(text, "$1"):
		h.add(n, loader.Info, "prompt-without-arguments", "the prompt has no $ARGUMENTS", "the input is put after it", "")
	}
}

// lintHTTP judges addresses and headers (§10.1).
func lintHTTP(h handler) {
	if h.typ != hook.HTTP {
		return
	}
	url := h.node.Get("url")
	scheme, _, _ := strings.Cut(strings.ToLower(url.Text()), ":")
	switch {
	case url.Kind() == '"' && scheme != "http" && scheme != "https":
		h.add(url, loader.Error, "http-scheme", fmt.Sprintf("%s is not an http address", quoted(url.Text())), "every call fails, and what it guards goes on", "write an http:// or https:// address")
	case strings.Contains(url.Text(), "$"):
		h.add(url, loader.Warning, "http-url-variable", "variables in a URL are not replaced", "the request goes to the address as it stands", "put the value into a header")
	case strings.Contains(url.Text(), "://169.254."):
		h.add(url, loader.Error, "http-scheme", "link-local addresses are refused", "every call fails, and what it guards goes on", "")
	}
	for _, header := range h.node.Get("headers").Members() {
		lintHeader(h, header.Value)
	}
}

// lintHeader finds variables in a header's value that are not let through.
func lintHeader(h handler, value loader.Node) {
	allowed := h.node.Get("allowedEnvVars").Elements()
	for _, name := range variablesIn(value.Text()) {
		if !slices.ContainsFunc(allowed, func(n loader.Node) bool { return n.Text() == name }) {
			h.add(value, loader.Error, "http-header-variable", fmt.Sprintf("$%s is not in allowedEnvVars", name), "it is replaced by nothing", fmt.Sprintf(`write "allowedEnvVars": [%q]`, name))
		}
	}
}

// variablesIn returns the upper-case names of $NAME and ${NAME} in text.
func variablesIn(text string) []string {
	var out []string
	for _, part := range strings.Split(text, "$")[1:] {
		part = strings.TrimPrefix(part, "{")
		end := strings.IndexFunc(part, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' })
		if end < 0 {
			end = len(part)
		}
		if end > 0 {
			out = append(out, part[:end])
		}
	}
	return out
}
