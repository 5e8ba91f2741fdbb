package checker

import (
	"fmt"
	"strings"

	"github.com/run-hooks/run-hooks/loader"
)

// lintDuplicates finds handlers that Claude Code takes for one: it runs the last
// of them only (§4).
func lintDuplicates(f *file) {
	type place struct {
		matcher string
		node    loader.Node
	}
	first := map[string]place{}
	for _, g := range f.groups() {
		for _, h := range g.handlers() {
			key := h.key()
			before, again := first[key]
			if !again {
				first[key] = place{g.matcher.Text(), h.node}
				continue
			}
			start, _ := before.node.Span()
			at := f.doc.Pos(start)
			if f.kind == Codex {
				f.add(h.node, loader.Info, "duplicate-handler", fmt.Sprintf("the same hook stands at line %d", at.Line), "Codex runs both", "")
			} else if before.matcher == g.matcher.Text() {
				f.add(h.node, loader.Warning, "duplicate-handler", fmt.Sprintf("the same hook stands at line %d", at.Line), "it runs once, and only what is written here counts", "take one out")
			} else {
				f.add(h.node, loader.Info, "same-command-several-matchers", fmt.Sprintf("the same hook stands at line %d under another matcher", at.Line), "where both match it runs once", "")
			}
		}
	}
}

// key is what makes two handlers of an event one.
func (h handler) key() string {
	n := h.node
	shell := n.Get("shell").Text()
	if shell == "" {
		shell = "bash"
	}
	parts := []string{string(h.spec.Name), string(h.typ), n.Get("if").Text(), shell, n.Get("args").Source(), n.Get("input").Source()}
	for _, name := range []string{"command", "url", "server", "tool", "prompt"} {
		parts = append(parts, n.Get(name).Text())
	}
	return strings.Join(parts, "\x00")
}
