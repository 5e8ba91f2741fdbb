package checker

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks/loader"
)

// lintAgent runs the lints for another agent's own hook file: its shape, its
// events, its units, its tools.
func (f *file) lintAgent() {
	d, ok := dialectFor(f.kind)
	root := f.doc.Root()
	if !ok {
		return
	}
	if f.kind == Factory && filepath.Base(f.path) == "hooks.json" && root.Get("hooks").Exists() {
		f.add(root.Get("hooks"), loader.Error, "agent-shape", `Droid's hooks.json holds the events themselves, without "hooks"`, "the file is ignored, and "+never(root.Hooks()), `take the events out of "hooks", or move them to .factory/settings.json`)
		return
	}
	hooks := f.hooks()
	switch hooks.Kind() {
	case 0:
		lintTopLevel(f)
		return
	case '{':
	default:
		f.add(hooks, loader.Error, "agent-shape", fmt.Sprintf(`"hooks" is %s; it must be an object of event names`, hooks.What()), "none of its hooks run", "")
		return
	}
	if (f.kind == Cursor || f.kind == Copilot) && root.Get("version").Number() != 1 {
		f.add(hooks, loader.Warning, "agent-version", fmt.Sprintf(`%s wants "version": 1 beside "hooks"`, d.agent), "the file may be refused", "")
	}
	for _, m := range hooks.Members() {
		f.lintAgentEvent(d, m)
	}
}

// lintAgentEvent judges one event and its entries.
func (f *file) lintAgentEvent(d dialect, m loader.Member) {
	lost := never(m.Value.Hooks())
	switch {
	case d.kind == Gemini && slices.Contains([]string{"enabled", "disabled", "notifications"}, m.Name):
		return
	case !d.knows(m.Name):
		f.lintAgentEventName(d, m, lost)
		return
	case m.Value.Kind() != '[':
		f.add(m.Value, loader.Error, "agent-shape", fmt.Sprintf("%q is %s; it must be an array", m.Name, m.Value.What()), lost, "")
		return
	}
	for _, entry := range m.Value.Elements() {
		nested := entry.Get("hooks").Kind() == '['
		switch {
		case entry.Kind() != '{':
			f.add(entry, loader.Error, "agent-shape", fmt.Sprintf("an entry is %s; it must be an object", entry.What()), lost, "")
		case nested && d.flat && !d.nested:
			f.add(entry, loader.Error, "agent-shape", fmt.Sprintf(`a group with "hooks", as in Claude's files; %s wants the handler itself`, d.agent), never(entry.Hooks()), `write {"command": …, "matcher": …}`)
		case nested:
			f.lintAgentMatcher(d, m.Name, entry.Get("matcher"), entry.Hooks())
			for _, h := range entry.Get("hooks").Elements() {
				f.lintAgentHandler(d, m.Name, h)
			}
		case !d.flat:
			f.add(entry, loader.Error, "agent-shape", fmt.Sprintf(`%s wants groups with "hooks"; this has none`, d.agent), never(max(1, entry.Hooks())), `write {"matcher": …, "hooks": [{"type": "command", …}]}`)
		default:
			f.lintAgentMatcher(d, m.Name, entry.Get("matcher"), 1)
			f.lintAgentHandler(d, m.Name, entry)
		}
	}
}

// lintAgentEventName judges a name that is no event of the agent's.
func (f *file) lintAgentEventName(d dialect, m loader.Member, lost string) {
	right := ""
	if native := d.claude[m.Name]; native != "" {
		right = fmt.Sprintf("%s calls it %q", d.agent, native)
	} else if near := nearest(m.Name, strings.Fields(d.events)); near != "" {
		right = fmt.Sprintf("did you mean %q", near)
	}
	if d.kind == Cursor {
		lost = "Cursor refuses the whole file, and " + never(f.hooks().Hooks())
	}
	severity := loader.Error
	if m.Value.Hooks() == 0 {
		severity = loader.Warning
	}
	f.add(m.Key, severity, "agent-event", fmt.Sprintf("%s has no event %q", d.agent, m.Name), lost, right)
}

// lintAgentMatcher finds Claude's names of tools where the agent has its own.
func (f *file) lintAgentMatcher(d dialect, event string, n loader.Node, hooks int) {
	if n.Exists() && n.Kind() != '"' {
		f.add(n, loader.Error, "agent-shape", fmt.Sprintf(`"matcher" is %s; it must be a string`, n.What()), never(hooks), "")
		return
	}
	if d.exact || d.kind == Copilot && event[0] >= 'A' && event[0] <= 'Z' || !strings.Contains(strings.ToLower(event), "tool") {
		return
	}
	names := strings.FieldsFunc(n.Text(), func(r rune) bool { return r == '|' })
	var native []string
	for _, name := range names {
		own := d.tools[name]
		if own == "" {
			return // its own name, or a pattern that may match
		}
		native = append(native, own)
	}
	if len(native) > 0 {
		slices.Sort(native)
		f.add(n, loader.Error, "agent-tool", fmt.Sprintf("matcher %s names Claude's tools; %s has its own names", quoted(n.Text()), d.agent), never(hooks),
			fmt.Sprintf("write %q", strings.Join(slices.Compact(native), "|")))
	}
}

// lintAgentHandler judges one handler.
func (f *file) lintAgentHandler(d dialect, event string, n loader.Node) {
	if n.Kind() != '{' {
		f.add(n, loader.Error, "agent-shape", fmt.Sprintf("a handler is %s; it must be an object", n.What()), "it does not run", "")
		return
	}
	typ := n.Get("type").Text()
	if typ == "" {
		typ = "command"
	}
	dropped := "the hook does not run"
	if d.strict || d.kind == Copilot && strings.EqualFold(event, "preToolUse") {
		dropped = fmt.Sprintf("%s drops the whole file, and %s", d.agent, never(f.hooks().Hooks()))
	}
	bad := !slices.Contains(strings.Fields(d.types), typ) || d.kind == Copilot && typ != "command" && !(typ == "prompt" && event == "sessionStart") && strings.EqualFold(event, "preToolUse")
	switch {
	case bad:
		f.add(n.Get("type"), loader.Error, "agent-handler", fmt.Sprintf("%s does not run handlers of type %s here", d.agent, typ), dropped, "use a command")
	case !slices.ContainsFunc(strings.Fields(d.fields), func(name string) bool { return n.Get(name).Exists() }) && typ != "function":
		f.add(n, loader.Error, "agent-handler", fmt.Sprintf("a handler needs one of %s", strings.Join(strings.Fields(d.fields), ", ")), dropped, "")
	}
	f.lintAgentTimeout(d, n)
	for _, key := range []string{"command", "bash", "powershell", "url"} {
		text := n.Get(key)
		f.lintPersonal(text)
		if text.Kind() == '"' {
			lintSecrets(&program{text: text.Text(), place: text.Offset, report: f.addAt})
		}
	}
}

// lintAgentTimeout finds timeouts in the other unit.
func (f *file) lintAgentTimeout(d dialect, n loader.Node) {
	for _, key := range []string{"timeout", "timeoutSec"} {
		t := n.Get(key)
		value := t.Number()
		switch {
		case t.Kind() != '0' || d.either:
		case d.ms && value < 1000:
			f.add(t, loader.Warning, "agent-timeout", fmt.Sprintf("%s's timeouts are milliseconds", d.agent), fmt.Sprintf("the hook is stopped after %s ms", t.Source()), fmt.Sprintf("if seconds are meant, write %g", value*1000))
		case !d.ms && value >= 1000 && (int(value)%60 != 0 || int(value)%1000 == 0):
			f.add(t, loader.Warning, "agent-timeout", fmt.Sprintf("%s's timeouts are seconds", d.agent), "a hook that hangs holds the session for "+long(value), fmt.Sprintf("if milliseconds are meant, write %g", value/1000))
		}
	}
	if t := n.Get("timeoutMs"); t.Exists() {
		f.add(t, loader.Warning, "agent-timeout", fmt.Sprintf(`%s does not read "timeoutMs"`, d.agent), "the default timeout holds", fmt.Sprintf("write %q", d.unit))
	}
}
