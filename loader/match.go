package loader

import (
	"fmt"

	hook "github.com/run-hooks/run-hooks"
)

// A Choice says of one handler whether it runs for an event.
type Choice struct {
	Handler   hook.Handler
	Run       bool
	Duplicate bool   // it does not run because an equal one does
	Why       string // why it does not run, in words
}

// Match returns a Choice for every handler configured for ev's event, in the
// order of the files. Handlers with equal keys run once, and the last definition
// is the one that counts (§4).
func (c *Config) Match(ev *hook.Event) []Choice {
	at := conditionPlace{cwd: ev.String("cwd"), project: c.Project, home: c.Home}
	var out []Choice
	last := map[string]int{} // key → index of the Choice that runs
	for _, e := range c.entries {
		if e.Event != ev.Spec.Name {
			continue
		}
		ch := Choice{Handler: e.Handler, Why: c.whyNot(e, ev, at)}
		if ch.Run = ch.Why == ""; ch.Run {
			key := dedupKey(&ch.Handler)
			if i, ok := last[key]; ok {
				out[i].Run, out[i].Duplicate = false, true
				out[i].Why = "the same hook is configured again at " + ch.Handler.Pos.String() + ", and the last definition counts"
			}
			last[key] = len(out)
		}
		out = append(out, ch)
	}
	return out
}

// whyNot says why e does not run for ev, "" if it does.
func (c *Config) whyNot(e entry, ev *hook.Event, at conditionPlace) string {
	switch {
	case c.Broken != "":
		return c.Broken
	case e.off != "":
		return e.off
	case !ev.For.Has(e.Scope):
		return "the call is shown to this hook in another shape"
	}
	if ev.Spec.Subject != "" {
		m, names := parseMatcher(e.Matcher, ev.Spec.Narrow), subjectNames(ev, e.Scope)
		if !m.matches(names) && !(ev.Blurred && parseMatcher(blurred(e.Matcher), ev.Spec.Narrow).matches(names)) {
			return m.why(ev.Subject())
		}
	}
	if !ev.Spec.Types.Has(e.Type) {
		return fmt.Sprintf("%s does not run handlers of type %s", ev.Spec.Name, e.Type)
	}
	if _, why := parseCondition(e.If).holds(ev, at); why != "" {
		return why
	}
	return ""
}

// dedupKey is what two handlers must have in common to be one: the text, the
// arguments, the shell with none meaning bash, and the condition, compared
// exactly; hooks of different plugins stay apart (§4).
func dedupKey(h *hook.Handler) string {
	shell := h.Shell
	if shell == "" || h.Exec {
		shell = "bash"
	}
	return fmt.Sprintf("%q", []any{h.Type, h.Command, h.URL, h.Server, h.Tool, h.Input, h.Prompt, h.If, shell, h.Exec, h.Args, h.PluginRoot})
}

// Handlers returns every handler of every file, in order, with why it is off
// whatever the event; "" if it is on.
func (c *Config) Handlers() []Choice {
	var out []Choice
	for _, e := range c.entries {
		off := e.off
		if c.Broken != "" {
			off = c.Broken
		}
		out = append(out, Choice{Handler: e.Handler, Run: off == "", Why: off})
	}
	return out
}
