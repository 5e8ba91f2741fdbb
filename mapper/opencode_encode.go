package mapper

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// An ocAnswer is the answer to the plugin, member by member.
type ocAnswer struct{ hook.Object }

func encodeOpenCode(h *Harness, c Call, ds []hook.Decision) Response {
	r, err := readOpenCode(c.Input, Place{})
	if err != nil || len(ds) != len(c.Events) {
		return refuseOpenCode(h, c.Native, "run-hooks: cannot answer: the decisions do not belong to the event")
	}
	var a ocAnswer
	switch r.event {
	case ocMessage:
		a.prompt(c.Events, ds)
	case ocBefore:
		a.call(h, r, c.Events, ds)
	case ocAfter:
		a.result(r, c.Events, ds)
	}
	return a.response()
}

// refuseOpenCode stops what can be stopped; elsewhere the user is told.
func refuseOpenCode(_ *Harness, event, reason string) Response {
	var a ocAnswer
	stops := []string{"", ocBefore, ocMessage}
	if slices.Contains(stops, event) {
		a.set("throw", hook.Quote(reason))
	}
	if event != ocBefore {
		a.tell("error", []string{reason})
	}
	return a.response()
}

// prompt answers a prompt: what its hooks and those of the session's start say.
// When the prompt is stopped, what the start's hooks had for the model waits for
// the next one, as their event will not come again.
func (a *ocAnswer) prompt(events []hook.Event, ds []hook.Decision) {
	stop := ""
	var start, own []string
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		switch {
		case e.Spec.Name == hook.SessionStart:
			start = slices.Concat(start, initialMessage(d), contexts(e, d))
		case d.Permission == hook.Deny:
			stop = lines(stop, blockedPromptText(e, d.Reason))
		case d.Halt:
			stop = lines(stop, stoppedPromptText(d.StopReason))
		default:
			own = append(own, contexts(e, d)...)
		}
	}
	if stop == "" {
		a.texts("parts", append(start, own...))
		return
	}
	a.texts("carry", start)
	a.tell("error", []string{stop})
	a.set("throw", hook.Quote(stop))
}

// call answers a tool call that is about to be made. Several events are those of
// one patch: it cannot be applied in part, so one refusal refuses it all, and
// only a permission for every part is one for the whole.
func (a *ocAnswer) call(h *Harness, r ocRequest, events []hook.Event, ds []hook.Decision) {
	var carry []string
	refusals := make([]hook.Decision, len(ds))
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		carry = append(carry, contexts(e, d)...)
		refusals[i] = hook.Decision{Permission: d.Permission}
		if d.Permission >= hook.Ask {
			refusals[i].Reason = ofFile(e, r, refusalText(e, d.Permission, d.Reason))
		} else if d.UpdatedInput != nil {
			refusals[i] = a.rewrite(h, r, e, d)
		}
	}
	sum, all := Combine(refusals), Combine(ds)
	if all.Halt && sum.Permission != hook.Ask {
		a.halt(&events[0], all)
	}
	if sum.Permission >= hook.Ask {
		a.drop("args")
		a.set("throw", hook.Quote(strings.Join(append([]string{sum.Reason}, carry...), "\n\n")))
		return
	}
	if len(ds) > 0 && !slices.ContainsFunc(ds, func(d hook.Decision) bool { return d.Permission != hook.Allow }) {
		a.set("allow", boolean(true))
	}
	a.texts("carry", carry)
}

// rewrite sets the arguments that a hook wants instead, or refuses the call where
// they have no native form: an Edit of one file is not a patch.
func (a *ocAnswer) rewrite(h *Harness, r ocRequest, e *hook.Event, d hook.Decision) hook.Decision {
	input, err := hook.ParseObject(d.UpdatedInput)
	if tool := text(r.input, "tool"); err == nil && tool != ocPatch {
		row, _ := h.toolNamed(tool)
		a.set("args", toNative(row.Fields, input, object(r.output, "args")).JSON())
		return hook.Decision{Permission: d.Permission}
	}
	reason := label(e) + " hook wants another input, which cannot be put into an apply_patch call; make this change instead: " + string(d.UpdatedInput)
	return hook.Decision{Permission: hook.Deny, Reason: ofFile(e, r, reason)}
}

// ofFile says which file of a patch a refusal is about.
func ofFile(e *hook.Event, r ocRequest, reason string) string {
	if text(r.input, "tool") != ocPatch {
		return reason
	}
	file := text(e.ToolInput(), "file_path")
	if rel, ok := strings.CutPrefix(file, strings.TrimSuffix(r.directory, "/")+"/"); ok {
		file = rel
	}
	return "The whole patch was refused because of " + file + ": " + reason
}

// result answers a call that was made.
func (a *ocAnswer) result(r ocRequest, events []hook.Event, ds []hook.Decision) {
	var appended []string
	for i, d := range ds {
		e := &events[i]
		a.messages(e, d)
		if d.Permission == hook.Deny {
			appended = append(appended, reminder(feedbackText(e, d.Reason)))
		}
		appended = append(appended, contexts(e, d)...)
	}
	all := Combine(ds)
	if all.UpdatedOutput != nil {
		a.replace(r, &events[0], all.UpdatedOutput)
	}
	a.texts("append", unique(appended))
	if all.Halt {
		a.halt(&events[0], all)
	}
}

// replace sets the tool's result. A patch has one text for all its files, which
// no hook on one of them can know.
func (a *ocAnswer) replace(r ocRequest, e *hook.Event, output json.RawMessage) {
	if text(r.input, "tool") == ocPatch {
		a.tell("warning", []string{label(e) + ": a hook replaced the tool's output, which cannot be done for apply_patch"})
		return
	}
	if _, mcp := r.output.Get("content"); mcp {
		a.set("content", contentOf(output))
		return
	}
	replaced := outputText(e.String("tool_name"), output)
	if before, _, after := taskResult(text(r.output, "output")); before != "" {
		replaced = before + replaced + after
	}
	a.set("output", hook.Quote(replaced))
}

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

// messages tells the user what hooks have to say to him, and what run-hooks has.
func (a *ocAnswer) messages(e *hook.Event, d hook.Decision) {
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
