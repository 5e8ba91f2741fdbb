package mapper

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// contexts are a decision's texts for the model.
func contexts(e *hook.Event, d hook.Decision) []string {
	var out []string
	for _, c := range d.Context {
		out = append(out, reminder(contextText(e, c)))
	}
	return out
}

// initialMessage is what a SessionStart hook says in the user's name (§7.2 of the
// measured record).
func initialMessage(d hook.Decision) []string {
	if m := text(d.Extra, "initialUserMessage"); m != "" {
		return []string{m}
	}
	return nil
}

// messages tells the user what hooks have to say to him, and what run-hooks has;
// what of their output has no effect here is for the log.
func (a *ocAnswer) messages(e *hook.Event, d hook.Decision) {
	for _, m := range d.Extra {
		if !slices.Contains([]string{"initialUserMessage", "suppressOriginalPrompt", "updatedPermissions", "interrupt", "retry"}, m.Name) {
			said, _ := a.Get("log")
			a.set("log", array(append(list(said), hook.Quote(label(e)+": a hook's "+m.Name+" has no effect in OpenCode"))))
		}
	}
	for _, m := range d.Messages {
		if strings.HasPrefix(m, "run-hooks: ") {
			a.tell("warning", []string{m})
		} else {
			a.tell("info", []string{label(e) + " says: " + m})
		}
	}
}

// halt ends the turn (§9). The user sees why, as OpenCode itself only says that
// it was aborted.
func (a *ocAnswer) halt(e *hook.Event, d hook.Decision) {
	why := label(e) + " hook stopped the turn"
	if d.StopReason != "" {
		why += ": " + d.StopReason
	}
	a.tell("warning", []string{why})
	a.set("abort", hook.Quote(why))
}

func (a *ocAnswer) set(name string, v json.RawMessage) { a.Object = a.With(name, v) }

func (a *ocAnswer) drop(name string) {
	a.Object = slices.DeleteFunc(a.Object, func(m hook.Member) bool { return m.Name == name })
}

// texts sets a list of texts, unless it is empty.
func (a *ocAnswer) texts(name string, list []string) {
	var quoted []json.RawMessage
	for _, t := range list {
		quoted = append(quoted, hook.Quote(t))
	}
	if len(quoted) > 0 {
		a.set(name, array(quoted))
	}
}

// tell adds messages for the user, each once.
func (a *ocAnswer) tell(variant string, messages []string) {
	told, _ := a.Get("tell")
	all := list(told)
	for _, m := range messages {
		item := hook.Object{}.WithText("variant", variant).WithText("message", m).JSON()
		if !slices.ContainsFunc(all, func(o json.RawMessage) bool { return string(o) == string(item) }) {
			all = append(all, item)
		}
	}
	if len(all) > 0 {
		a.set("tell", array(all))
	}
}

func (a *ocAnswer) response() Response {
	return Response{Stdout: append(a.JSON(), '\n')}
}

// unique leaves out texts that are there already.
func unique(list []string) []string {
	var out []string
	for _, t := range list {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
