package executor

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// outcomesFrom makes outcomes as read does, one for each byte of recipe: what a
// hook may have said and be merged with what others said.
func outcomesFrom(ev *hook.Event, recipe []byte) []Outcome {
	var out []Outcome
	for i, b := range recipe {
		h := hook.Handler{Type: hook.Command, Command: "hook " + string(rune('a'+i%26))}
		o := Outcome{Handler: h, Index: i, Kind: OK}
		switch p := hook.Permission(b % 5); {
		case p == hook.Deny:
			o.refuse(&h, "no from "+h.Command)
		case ev.Spec.Grammar == hook.Permits:
			o.Permission = p
		}
		if o.Permission == hook.Ask {
			o.Reason = "sure, " + h.Command
		}
		if b&8 != 0 {
			o.Context = "context of " + h.Command
		}
		if b&16 != 0 {
			o.UpdatedInput = json.RawMessage(`{"by":"` + h.Command + `"}`)
		}
		if b&32 != 0 {
			o.Halt, o.StopReason = true, "stop"
		}
		if b&64 != 0 {
			o.Message = "message of " + h.Command
		}
		if b&128 != 0 {
			o.Plain = "plain of " + h.Command
		}
		out = append(out, o)
	}
	return out
}

// TestMergeNothing: no hooks ask for nothing, and neither do hooks that say nothing.
func TestMergeNothing(t *testing.T) {
	for _, spec := range hook.Events() {
		ev := &hook.Event{Spec: spec}
		for _, outcomes := range [][]Outcome{nil, {{Kind: OK}}, {{Kind: OK}, {Kind: Background}, {Kind: Cancelled, Note: "another hook's verdict ended the wait"}}} {
			if d := Merge(ev, outcomes); !reflect.DeepEqual(d, hook.Decision{}) {
				t.Errorf("%s: %d outcomes that say nothing come to %+v", spec.Name, len(outcomes), d)
			}
		}
	}
}

// TestMergeFirstAnswer: where the first verdict ends the wait it is the one that
// counts, even if another hook had just ended, too (§5: "first to finish wins").
func TestMergeFirstAnswer(t *testing.T) {
	ev := eventFor(t, hook.PermissionRequest, "Bash")
	allow, deny := Outcome{Kind: OK, Permission: hook.Allow}, Outcome{Kind: Block, Permission: hook.Deny, Reason: "no"}
	if d := Merge(ev, []Outcome{allow, deny}); d.Permission != hook.Allow {
		t.Errorf("allow, then deny come to %v", d.Permission)
	}
	if d := Merge(ev, []Outcome{deny, allow}); d.Permission != hook.Deny {
		t.Errorf("deny, then allow come to %v", d.Permission)
	}
}

// TestMergeNotesAreTrue: a note that says whose rewrite counts stands only where
// one counts.
func TestMergeNotesAreTrue(t *testing.T) {
	ev := eventFor(t, hook.PreToolUse, "Bash")
	rewrite := outcomesFrom(ev, []byte{16, 16})
	if notes := Merge(ev, rewrite).Notes; len(notes) != 1 || !strings.Contains(notes[0], `"hook b" ended last and counts`) {
		t.Errorf("two rewrites have the notes %q", notes)
	}
	deny := Outcome{Kind: Block, Permission: hook.Deny, Reason: "no"}
	if notes := Merge(ev, append(rewrite, deny)).Notes; len(notes) > 0 {
		t.Errorf("two rewrites of a denied call have the notes %q, and neither counts", notes)
	}
}

// FuzzMerge holds the laws of merging, on every event, for any outcomes.
func FuzzMerge(f *testing.F) {
	for _, recipe := range []string{"", "\x00", "\x04", "\x01\x04", "\x04\x01\x04", "\x10\x10", "\x08\x88\x80", "\x24\x02\x03", "\xff\xfe\xfd\xfc\xfb"} {
		for i := range hook.Events() {
			f.Add(i, []byte(recipe))
		}
	}
	f.Fuzz(func(t *testing.T, at int, recipe []byte) {
		if len(recipe) > 50 {
			return
		}
		events := hook.Events()
		ev := &hook.Event{Spec: events[uint(at)%uint(len(events))]}
		outcomes := outcomesFrom(ev, recipe)
		before := slices.Clone(outcomes)
		d := Merge(ev, outcomes)
		if !reflect.DeepEqual(before, outcomes) {
			t.Error("merging changed its input")
		}
		denyIsNeverLost(t, ev, d, outcomes)
		orderDoesNotDecide(t, ev, d, outcomes)
		textsAreKept(t, ev, d, outcomes)
		twiceIsOnce(t, ev, d, outcomes)
	})
}

// denyIsNeverLost: one denial denies, with a reason that a hook gave.
func denyIsNeverLost(t *testing.T, ev *hook.Event, d hook.Decision, outcomes []Outcome) {
	if ev.Spec.Race == hook.FirstVerdict {
		return // there the first verdict counts: TestMergeFirstAnswer
	}
	denies := slices.ContainsFunc(outcomes, func(o Outcome) bool { return o.Permission == hook.Deny })
	if denies != (d.Permission == hook.Deny) {
		t.Errorf("%s: a hook denies: %v; the decision is %v", ev.Spec.Name, denies, d.Permission)
	}
	if denies && !slices.ContainsFunc(outcomes, func(o Outcome) bool {
		return o.Permission == hook.Deny && strings.Contains(d.Reason, o.Reason)
	}) {
		t.Errorf("%s: denied for %q, which no hook said", ev.Spec.Name, d.Reason)
	}
	if denies && d.UpdatedInput != nil {
		t.Errorf("%s: a denied call has an input: %s", ev.Spec.Name, d.UpdatedInput)
	}
}

// orderDoesNotDecide: what is decided does not depend on who ended first, where
// all were waited for; only whose text is given does.
func orderDoesNotDecide(t *testing.T, ev *hook.Event, d hook.Decision, outcomes []Outcome) {
	if ev.Spec.Race == hook.FirstVerdict {
		return
	}
	backwards := slices.Clone(outcomes)
	slices.Reverse(backwards)
	other := Merge(ev, backwards)
	if d.Permission != other.Permission || d.Halt != other.Halt || (d.UpdatedInput == nil) != (other.UpdatedInput == nil) || len(d.Context) != len(other.Context) {
		t.Errorf("%s: in one order %+v, in the other %+v", ev.Spec.Name, d, other)
	}
}

// textsAreKept: every context is there once, in the order of ending, unless a
// block stands alone.
func textsAreKept(t *testing.T, ev *hook.Event, d hook.Decision, outcomes []Outcome) {
	var plain, rest, messages []string
	for _, o := range outcomes {
		switch {
		case o.Plain != "" && ev.Spec.Lead:
			plain = append(plain, o.Plain)
		case o.Plain != "":
			rest = append(rest, o.Plain)
		}
		if o.Context != "" {
			rest = append(rest, o.Context)
		}
		if o.Message != "" {
			messages = append(messages, o.Message)
		}
	}
	want := append(plain, rest...)
	if ev.Spec.Alone && d.Permission == hook.Deny {
		want, messages = nil, nil
	}
	if !slices.Equal(d.Context, want) || !slices.Equal(d.Messages, messages) {
		t.Errorf("%s: contexts %q and messages %q, want %q and %q", ev.Spec.Name, d.Context, d.Messages, want, messages)
	}
}

// twiceIsOnce: hooks that say what was said already change no decision.
func twiceIsOnce(t *testing.T, ev *hook.Event, d hook.Decision, outcomes []Outcome) {
	again := Merge(ev, append(slices.Clone(outcomes), outcomes...))
	if d.Permission != again.Permission || d.Halt != again.Halt || string(d.UpdatedInput) != string(again.UpdatedInput) {
		t.Errorf("%s: once %+v, twice %+v", ev.Spec.Name, d, again)
	}
	if ev.Spec.Grammar != hook.Blocks && d.Reason != again.Reason {
		t.Errorf("%s: once for %q, twice for %q", ev.Spec.Name, d.Reason, again.Reason)
	}
}
