package mapper

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	hook "github.com/run-hooks/run-hooks"
)

// The law of every dialect: what hooks ask for happens by a means the agent
// documents, or becomes a denial; what can be neither is remembered or told.
// Nothing is dropped in silence.

// A sample is a native event to try decisions on.
type sample struct {
	name   string
	native []byte
	place  Place
}

// samplesOf are the native events of a harness's golden vectors; for Claude's own
// dialect one of each event.
func samplesOf(t *testing.T, h *Harness) []sample {
	t.Helper()
	var out []sample
	if h.Name == "claude" {
		for _, spec := range hook.Events() {
			native := hook.Object{}.WithText("hook_event_name", string(spec.Name)).WithText("tool_name", "Bash").With("tool_input", []byte(`{"command":"ls"}`))
			out = append(out, sample{string(spec.Name), native.JSON(), Place{Home: "/home/u", Cwd: "/home/u/proj"}})
		}
		return out
	}
	files, err := filepath.Glob(filepath.Join("testdata", h.Name, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors of %s: %v", h.Name, err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		native := append(section(a, "native"), section(a, "request")...)
		place := Place{Home: "/home/u", Cwd: "/home/u/proj", Event: strings.TrimSpace(string(section(a, "event")))}
		if known, _ := hook.ParseObject(section(a, "memory")); text(known, "caller") != "" { // what the session is, and not what it owes
			place.Memory = hook.Object{}.WithText("caller", text(known, "caller"))
		}
		out = append(out, sample{filepath.Base(file), native, place})
	}
	return out
}

// The texts that are looked for in answers.
const (
	markReason  = "reason-of-the-hook"
	markContext = "context-of-the-hook"
	markMessage = "message-of-the-hook"
	markInput   = "input-of-the-hook"
)

// TestNeverWeaker walks every harness, every event of its vectors, every part of
// the event and every kind of decision.
func TestNeverWeaker(t *testing.T) {
	all := agentMeans()
	for _, h := range Harnesses() {
		t.Run(h.Name, func(t *testing.T) {
			m, ok := all[h.Name]
			if !ok {
				t.Fatalf("the law does not know by what means %s acts: add it to agentMeans", h.Name)
			}
			reached := map[EventRow]bool{}
			for _, s := range samplesOf(t, &h) {
				walk(t, &h, m, s, reached)
			}
			for _, row := range h.Events {
				if !reached[row] {
					t.Errorf("no vector of %s reaches %s as %s", h.Name, row.Native, row.Claude)
				}
			}
		})
	}
}

// walk tries each decision on each part of one sample.
func walk(t *testing.T, h *Harness, m means, s sample, reached map[EventRow]bool) {
	c, err := h.Decode(h, s.native, s.place)
	if err != nil || c.Host != "" {
		return // refused as a whole; VS Code has vectors of its own
	}
	if h.Patience != nil && h.Patience(c.Native) > 0 && !c.Asks() {
		late := c
		late.Late = true
		walkCall(t, h, m, s, late, reached)
	}
	walkCall(t, h, m, s, c, reached)
}

// walkCall tries each decision on each part of one call. One whose answer comes too
// late can do nothing: all is to be kept.
func walkCall(t *testing.T, h *Harness, m means, s sample, c Call, reached map[EventRow]bool) {
	for i := range c.Events {
		e := &c.Events[i]
		can := Ability(0)
		for _, row := range h.Events {
			if row.Native == c.Native && row.Claude == e.Spec.Name {
				can, reached[row] = can|row.Can, true
			}
		}
		if c.Late {
			can = 0
		}
		for _, d := range lawDecisions() {
			ds := make([]hook.Decision, len(c.Events))
			ds[i] = d.Decision
			r := reading{Response: h.Encode(h, c, ds)}
			r.json, _ = hook.ParseObject(r.Stdout)
			if fault := d.law(m, lawCase{c, e, can, r}); fault != "" {
				t.Errorf("%s, event %d (%s), %s: %s\nstdout %sstderr %sexit %d, remembered %s", s.name, i, label(e), d.name, fault, r.Stdout, r.Stderr, r.Exit, r.Memory.JSON())
			}
		}
	}
}

// A lawCase is one answer to judge.
type lawCase struct {
	call Call
	e    *hook.Event
	can  Ability
	r    reading
}

// found reports whether a text is anywhere: in the answer, on stderr, or kept.
func (c lawCase) found(mark string) bool {
	return strings.Contains(string(c.r.Stdout)+string(c.r.Stderr)+string(c.r.Memory.JSON()), mark)
}

// capped reports whether a turn ends because hooks have kept it up too often, and
// the user is told so (§0.14).
func (c lawCase) capped() bool { return c.found("times in a row") }

// asksBefore reports whether the event is one that a tool call waits for.
func (c lawCase) asksBefore() bool {
	return c.e.Spec.Grammar == hook.Permits || c.e.Spec.Grammar == hook.Answers
}

// A lawDecision is a kind of decision and what must come of it; law returns the
// fault, "" if there is none.
type lawDecision struct {
	hook.Decision
	name string
	law  func(m means, c lawCase) string
}

func lawDecisions() []lawDecision {
	input := json.RawMessage(`{"command":"` + markInput + `","file_path":"/` + markInput + `","pattern":"` + markInput + `"}`)
	return []lawDecision{
		{hook.Decision{}, "nothing", lawNothing},
		{hook.Decision{Permission: hook.Deny, Reason: markReason}, "deny", lawDeny},
		{hook.Decision{Permission: hook.Ask, Reason: markReason}, "ask", lawAsk},
		{hook.Decision{Permission: hook.Defer, Reason: markReason}, "defer", lawAsk},
		{hook.Decision{UpdatedInput: input}, "rewrite", lawRewrite},
		{hook.Decision{Permission: hook.Ask, Reason: markReason, UpdatedInput: input}, "ask and rewrite", lawAsk},
		{hook.Decision{Permission: hook.Deny, Reason: markReason, UpdatedInput: input, Context: []string{markContext}}, "deny, rewrite and context", lawDeny},
		{hook.Decision{Context: []string{markContext}}, "context", lawContext},
		{hook.Decision{Messages: []string{markMessage}}, "message", lawMessage},
		{hook.Decision{Halt: true, StopReason: markReason}, "halt", lawHalt},
		{hook.Decision{Halt: true, StopReason: markReason, Permission: hook.Deny, Reason: markReason}, "halt and deny", lawHaltDeny},
	}
}

// lawNothing: hooks that have no opinion stop nothing and grant nothing.
func lawNothing(m means, c lawCase) string {
	if m.stops(c.call.Native, c.r) || m.again(c.r) || m.allow(c.r) {
		return "a decision that asks for nothing does something"
	}
	return ""
}

// lawDeny: a denial stops the action, sends the model back to work, or, where the
// agent can neither, is told.
func lawDeny(m means, c lawCase) string {
	switch name := c.e.Spec.Name; {
	case c.e.Spec.Grammar == hook.Observes || c.e.Spec.Grammar == hook.Declines || c.capped():
		return ""
	case name == hook.PreToolUse && !m.stops(c.call.Native, c.r):
		return "the denial is lost"
	case c.can&CanDeny != 0 && c.asksBefore() && !m.stops(c.call.Native, c.r):
		return "the denial is lost"
	case name == hook.UserPromptSubmit && c.can&CanDeny != 0 && !m.stops(c.call.Native, c.r):
		return "the prompt is not stopped"
	case name == hook.UserPromptSubmit && c.can&CanDeny == 0 && text(c.r.Memory, "over") == "":
		return "the prompt is not stopped, and nothing after it is"
	case (name == hook.Stop || name == hook.SubagentStop) && c.can&CanContinue != 0 && !m.again(c.r):
		return "the model is not sent back to work"
	case !c.found(markReason):
		return "the reason is nowhere"
	}
	return ""
}

// lawAsk: a question is put to the user or is a denial; so is a call put off.
func lawAsk(m means, c lawCase) string {
	switch {
	case c.e.Spec.Grammar != hook.Permits || m.stops(c.call.Native, c.r):
		return ""
	case c.call.Native == "PreToolUse" && specificIs("permissionDecision", "defer")(c.r):
		return ""
	case c.can&CanAsk != 0 && m.asks(c.r):
		return ""
	}
	return "neither asked nor refused"
}

// lawRewrite: another input is put in place of the call's, or the call is refused
// with it.
func lawRewrite(m means, c lawCase) string {
	if !c.asksBefore() {
		return ""
	}
	if m.stops(c.call.Native, c.r) && c.found(markInput) {
		return ""
	}
	if c.e.Spec.Grammar == hook.Answers {
		return "" // an input without a permission says nothing there (§7.5)
	}
	if len(m.rewrite) == 0 || c.can&CanRewrite == 0 || !strings.Contains(c.r.at(m.rewrite...), markInput) {
		return "neither rewritten nor refused with the wanted input"
	}
	return ""
}

// lawContext: a text for the model is in the answer, kept, or told.
func lawContext(_ means, c lawCase) string {
	if c.e.Spec.Context && !c.found(markContext) && !c.capped() {
		return "the context is lost"
	}
	return ""
}

func lawMessage(_ means, c lawCase) string {
	if c.e.Spec.Message && !c.found(markMessage) {
		return "the message is lost"
	}
	return ""
}

// lawHalt: the turn ends, or the call is refused and all that follow.
func lawHalt(m means, c lawCase) string {
	own := []hook.EventName{hook.PreToolUse, hook.PostToolUse, hook.UserPromptSubmit}
	if slices.Contains(own, c.e.Spec.Name) && !c.found(markReason) && !m.stops(c.call.Native, c.r) {
		return "the turn goes on"
	}
	return ""
}

// lawHaltDeny: the end of the turn does not take the denial away. At a Stop it
// does: the turn ends (§5).
func lawHaltDeny(m means, c lawCase) string {
	if c.e.Spec.Name == hook.PreToolUse && !m.stops(c.call.Native, c.r) {
		return "the denial is lost"
	}
	if c.e.Spec.Name == hook.Stop && c.call.Host == "" && c.can&CanContinue != 0 && c.r.Exit == 0 && m.again(c.r) && c.r.at("continue") != "false" && c.r.at("abort") == "" {
		return fmt.Sprintf("%s is sent back to work in a turn that a hook has ended", c.call.Native)
	}
	return ""
}

// TestRefusals: what run-hooks itself could not ask about is stopped, whatever
// agent asked and wherever it can be.
func TestRefusals(t *testing.T) {
	for _, h := range Harnesses() {
		m := agentMeans()[h.Name]
		for _, row := range h.Events {
			r := reading{Response: h.Refuse(&h, row.Native, markReason)}
			r.json, _ = hook.ParseObject(r.Stdout)
			if row.Claude == hook.PreToolUse && !m.stops(row.Native, r) {
				t.Errorf("%s: %s is not refused: %s%s", h.Name, row.Native, r.Stdout, r.Stderr)
			}
			said := string(r.Stdout) + string(r.Stderr)
			if row.Can&CanDeny != 0 && !strings.Contains(said, markReason) {
				t.Errorf("%s: the refusal of %s does not say why: %s", h.Name, row.Native, said)
			}
		}
		if r := h.Refuse(&h, "", markReason); !strings.Contains(string(r.Stdout)+string(r.Stderr), markReason) {
			t.Errorf("%s: the refusal of an unknown event does not say why", h.Name)
		}
	}
}
