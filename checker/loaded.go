package checker

import (
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// lintLoaded takes over what the loader found, as Claude Code would reject it,
// with what is known here beside it.
func (f *file) lintLoaded() {
	if f.was == nil {
		if f.doc != nil && f.doc.Fault() != nil && f.kind != Unread {
			f.addFault(*f.doc.Fault())
		}
		return
	}
	for _, found := range f.was.Findings {
		g := Finding{Finding: found, Path: f.path, Width: 1}
		n := f.nodeAt(found.Pos)
		if start, end := n.Span(); end > start {
			g.Width = f.width(start, end)
		}
		switch {
		case found.Name == "event-unknown":
			f.judgeEvent(&g, n)
		case f.kind == Codex:
			f.judgeCodex(&g)
		case f.kind == Managed && found.Severity == loader.Error:
			g.Cost = "Claude Code refuses to start"
		case strings.HasPrefix(found.Cost, "the whole file is ignored"):
			g.Cost += f.denyRules()
		}
		if g.Name != "" {
			g.Fix = append(g.Fix, f.mend(g, n)...)
			f.out = append(f.out, g)
		}
	}
}

// denyRules words the permission rules that go with a file that is ignored.
func (f *file) denyRules() string {
	if f.doc == nil {
		return ""
	}
	switch n := len(f.doc.Root().Get("permissions").Get("deny").Elements()); n {
	case 0:
		return ""
	case 1:
		return ", and its deny rule does not hold"
	default:
		return fmt.Sprintf(", and its %d deny rules do not hold", n)
	}
}

// addFault records why a file of another agent is not strict JSON. Gemini and
// Qwen read comments.
func (f *file) addFault(fault loader.Finding) {
	if (f.kind == Gemini || f.kind == Qwen) && fault.Name == "json-comment" {
		return
	}
	fault.Msg = strings.ReplaceAll(fault.Msg, "and Claude Code ignores a settings file that has one", "and the file is refused")
	fault.Cost = "none of its hooks run"
	f.out = append(f.out, Finding{Finding: fault, Path: f.path, Width: 1})
}

// nodeAt returns the value, or the name of a member, that begins at pos.
func (f *file) nodeAt(pos hook.Pos) loader.Node {
	if f.doc == nil || pos.Line == 0 || strings.HasSuffix(f.path, ".toml") {
		return loader.Node{}
	}
	offset := 0
	text := f.doc.Text()
	for line := 1; line < pos.Line && offset < len(text); offset++ {
		if text[offset] == '\n' {
			line++
		}
	}
	return within(f.doc.Root(), offset+pos.Col-1)
}

// within returns the value or name in n that begins at offset.
func within(n loader.Node, offset int) loader.Node {
	start, end := n.Span()
	if start == offset || offset < start || offset >= end {
		return n
	}
	for _, m := range n.Members() {
		if s, _ := m.Key.Span(); s == offset {
			return m.Key
		}
		if s, e := m.Value.Span(); offset >= s && offset < e {
			return within(m.Value, offset)
		}
	}
	for _, e := range n.Elements() {
		if s, last := e.Span(); offset >= s && offset < last {
			return within(e, offset)
		}
	}
	return loader.Node{}
}

// judgeEvent says more about a name that is no event of Claude's: whether it is
// a comment, another agent's event, or one with a tool in it.
func (f *file) judgeEvent(g *Finding, key loader.Node) {
	name := key.Text()
	if name == "" { // of a TOML file, where the place is that of a line
		name = quotedIn(g.Msg)
	}
	value := f.hooks().Get(name)
	lost := value.Hooks()
	switch {
	case f.kind == Codex && slices.Contains(codexEvents(), name):
		g.Name = ""
		return
	case strings.HasPrefix(name, "_") || strings.HasPrefix(name, "$") || value.Kind() == '"' && strings.HasPrefix(name, "//"):
		g.Name = ""
		return
	case strings.HasPrefix(name, "//"):
		g.Severity, g.Msg = loader.Info, fmt.Sprintf("%s is left out, as a comment", quoted(name))
		return
	case lost > 0:
		g.Severity, g.Cost = loader.Error, never(lost)
	}
	if strings.Contains(g.Msg, "did you mean") {
		return
	}
	if event, tool, ok := strings.Cut(name, ":"); ok && isEvent(event) {
		g.Right = fmt.Sprintf(`write %q with "matcher": %q`, event, tool)
	} else if claude, agent := foreignEvent(name); claude != "" {
		g.Right = fmt.Sprintf("that is %s's name; Claude's is %q", agent, claude)
	} else if near := nearest(name, eventNames()); near != "" {
		g.Right = fmt.Sprintf("did you mean %q", near)
	}
}

// quotedIn returns the first quoted word of a message.
func quotedIn(msg string) string {
	_, rest, _ := strings.Cut(msg, `"`)
	word, _, _ := strings.Cut(rest, `"`)
	return word
}

func isEvent(name string) bool {
	_, ok := hook.Spec(hook.EventName(name))
	return ok
}

func eventNames() []string {
	var out []string
	for _, s := range hook.Events() {
		out = append(out, string(s.Name))
	}
	return out
}

// mend returns the edits that are sure to mend a fault the loader found at n.
func (f *file) mend(g Finding, n loader.Node) []Edit {
	if f.doc == nil || !f.doc.Editable() {
		return nil
	}
	start, end := n.Span()
	switch g.Name {
	case "event-unknown":
		for _, event := range eventNames() {
			if strings.EqualFold(event, n.Text()) && !f.hooks().Get(event).Exists() && sound(event, f.hooks().Get(n.Text())) {
				return []Edit{{start + 1, end - 1, event}}
			}
		}
	case "handler-field":
		if text := n.Text(); strings.HasPrefix(g.Msg, `"timeout" is a string`) && isNumber(text) {
			return []Edit{{start, end, text}}
		}
	case "handler-type":
		if n.Kind() == '{' && !n.Get("type").Exists() && n.Get("command").Kind() == '"' {
			return []Edit{{start + 1, start + 1, `"type": "command", `}}
		}
	case "group-flat":
		return unflatten(n)
	}
	return nil
}

// sound reports whether the value of a misspelt event would do no harm under its
// right name, where something invalid drops the whole file.
func sound(event string, value loader.Node) bool {
	doc := loader.ParseDocument("", fmt.Appendf(nil, `{"hooks": {%q: %s}}`, event, value.Source()))
	return len(loader.Faults(doc)) == 0
}

// isNumber reports whether text is a JSON number greater than 0.
func isNumber(text string) bool {
	whole, fraction, dotted := strings.Cut(text, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (!dotted || digits(fraction)) && strings.Trim(text, "0.") != "" && (whole == "0" || whole[0] != '0')
}

// unflatten wraps the members of a handler that stands where a group belongs
// into "hooks", where they stand together and the handler is whole.
func unflatten(n loader.Node) []Edit {
	first, last, broken := -1, -1, false
	for _, m := range n.Members() {
		start, _ := m.Key.Span()
		_, end := m.Value.Span()
		switch {
		case m.Name != "matcher" && first < 0:
			first, last = start, end
		case m.Name != "matcher":
			last = end
		}
		broken = broken || m.Name == "matcher" && first >= 0
	}
	if n.Get("type").Kind() != '"' || first < 0 || broken {
		return nil
	}
	return []Edit{{first, first, `"hooks": [{`}, {last, last, "}]"}}
}
