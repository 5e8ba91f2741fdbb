package mapper

import (
	"encoding/json"
	"reflect"
	"strconv"
	"testing"
	"testing/quick"

	hook "github.com/run-hooks/run-hooks"
)

// decision makes a decision of numbers, so that the laws can be tried on many.
func decision(n uint16) hook.Decision {
	d := hook.Decision{Permission: hook.Permission(n % 5), Halt: n&0x20 != 0}
	name := strconv.Itoa(int(n % 7))
	if d.Permission >= hook.Ask {
		d.Reason = "reason " + name
	}
	if n&0x40 != 0 {
		d.StopReason = "stop " + name
	}
	if n&0x80 != 0 {
		d.Context, d.Messages, d.Notes = []string{"c" + name}, []string{"m" + name}, []string{"n" + name}
	}
	if n&0x100 != 0 {
		d.UpdatedInput = json.RawMessage(`{"i":` + name + `}`)
	}
	if n&0x200 != 0 {
		d.UpdatedOutput, d.Extra = json.RawMessage(name), hook.Object{}.WithText("k", name)
	}
	return d
}

func decisions(ns []uint16) []hook.Decision {
	var out []hook.Decision
	for _, n := range ns {
		out = append(out, decision(n))
	}
	return out
}

// The strictest permission prevails, no context is lost, and it does not matter
// how the decisions are grouped.
func TestCombineLaws(t *testing.T) {
	prevails := func(ns []uint16) bool {
		want, contexts, halt := hook.NoOpinion, 0, false
		for _, d := range decisions(ns) {
			want, contexts, halt = max(want, d.Permission), contexts+len(d.Context), halt || d.Halt
		}
		sum := Combine(decisions(ns))
		return sum.Permission == want && len(sum.Context) == contexts && sum.Halt == halt &&
			(want < hook.Ask || sum.Reason != "")
	}
	grouped := func(a, b []uint16) bool {
		whole := Combine(append(decisions(a), decisions(b)...))
		parts := Combine([]hook.Decision{Combine(decisions(a)), Combine(decisions(b))})
		return reflect.DeepEqual(whole, parts)
	}
	for name, law := range map[string]any{"prevails": prevails, "grouped": grouped} {
		if err := quick.Check(law, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCombineOne(t *testing.T) {
	for n := range uint16(0x400) {
		d := decision(n)
		if got := Combine([]hook.Decision{d}); !reflect.DeepEqual(got, d) {
			t.Fatalf("one decision became another: %+v, %+v", d, got)
		}
	}
}

func TestCombineOrder(t *testing.T) {
	got := Combine([]hook.Decision{
		{Permission: hook.Allow, Context: []string{"a"}},
		{Permission: hook.Deny, Reason: "first", Context: []string{"b"}},
		{Permission: hook.Ask, Reason: "asked"},
		{Permission: hook.Deny, Reason: "second", Context: []string{"c"}},
	})
	want := hook.Decision{Permission: hook.Deny, Reason: "first\nsecond", Context: []string{"a", "b", "c"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
