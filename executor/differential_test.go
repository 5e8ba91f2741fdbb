package executor

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// TestAgainstModel compares this package with the plain statement of the rules
// in model_test.go, on random ends of random hooks.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(20_000) {
		compareWithModel(t, seed)
		if t.Failed() {
			return // one case is enough to think about
		}
	}
}

// FuzzAgainstModel is the same for as long as one likes.
func FuzzAgainstModel(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { compareWithModel(t, seed) })
}

// compareWithModel takes one random firing down both ways.
func compareWithModel(t *testing.T, seed uint64) {
	r := &chooser{rand.New(rand.NewPCG(seed, 1))}
	e := modelEvents()[max(0, r.IntN(len(modelEvents())+6)-6)] // PreToolUse, the first, has the most rules
	tool := r.of("Bash", "mcp__a__b")
	ev := eventFor(t, e.name, tool)
	var ends []modelEnd
	for i := range 1 + r.IntN(4) {
		ends = append(ends, r.end(e, fmt.Sprintf("hook %d", i)))
	}
	got := codeDecision(ev, ends)
	want := modelMerge(e, modelVerdicts(e, tool, ends))
	if difference := differ(got, want); difference != "" {
		text, _ := json.MarshalIndent(struct {
			Seed  uint64
			Event hook.EventName
			Tool  string
			Ends  []string
		}{seed, e.name, tool, endTexts(ends)}, "", "  ")
		t.Errorf("%s\n%s", difference, text)
	}
}

func endTexts(ends []modelEnd) []string {
	var out []string
	for _, end := range ends {
		out = append(out, fmt.Sprintf("%+v", end))
	}
	return out
}

// eventFor makes a minimal event.
func eventFor(t testing.TB, name hook.EventName, tool string) *hook.Event {
	t.Helper()
	spec, ok := hook.Spec(name)
	if !ok {
		t.Fatalf("no event %s", name)
	}
	payload := hook.Object{}.WithText("hook_event_name", string(name))
	if spec.Tool {
		payload = payload.WithText("tool_name", tool)
	}
	return &hook.Event{Spec: spec, Payload: payload}
}

// codeDecision is what this package makes of the ends, in their order. Once a
// verdict ends the wait the rest counts as killed.
func codeDecision(ev *hook.Event, ends []modelEnd) hook.Decision {
	var outcomes []Outcome
	over := false
	for _, end := range ends {
		h := &hook.Handler{Type: hook.Command, Event: ev.Spec.Name, Command: end.command}
		x := exit{stdout: []byte(end.stdout), stderr: []byte(end.stderr), code: end.status, timedOut: end.timedOut, cancelled: over}
		out := read(ev, h, x, Options{})
		over = over || out.endsWait(ev.Spec.Race)
		outcomes = append(outcomes, out)
	}
	return Merge(ev, outcomes)
}

// modelVerdicts is the same by the model.
func modelVerdicts(e modelEvent, tool string, ends []modelEnd) []modelVerdict {
	var out []modelVerdict
	for _, end := range ends {
		v := modelRead(e, tool, end)
		out = append(out, v)
		if modelEndsWait(e, v) {
			break
		}
	}
	return out
}

// differ says in what the two decisions differ, "" if in nothing that the record
// decides.
func differ(got hook.Decision, want modelDecision) string {
	var out []string
	check := func(name string, g, w any) {
		if !slices.Contains(want.open, name) && !reflect.DeepEqual(g, w) {
			out = append(out, fmt.Sprintf("%s: run-hooks says %q, the model %q", name, fmt.Sprint(g), fmt.Sprint(w)))
		}
	}
	permission := want.permission
	if permission == "" {
		permission = "none"
	}
	check("permission", got.Permission.String(), permission)
	check("reason", got.Reason, want.reason)
	check("halt", got.Halt, want.halt)
	check("stopReason", got.StopReason, want.stopReason)
	check("context", append([]string{}, got.Context...), append([]string{}, want.context...))
	check("messages", append([]string{}, got.Messages...), append([]string{}, want.messages...))
	check("input", valueOf(got.UpdatedInput), valueOf(want.input))
	check("output", valueOf(got.UpdatedOutput), valueOf(want.output))
	return strings.Join(out, "\n")
}

// valueOf brings JSON text and values to one form.
func valueOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.RawMessage:
		var any any
		if v == nil || json.Unmarshal(v, &any) != nil {
			return ""
		}
		return modelValue(any)
	}
	return modelValue(v)
}

// A chooser makes random hooks.
type chooser struct{ *rand.Rand }

func (r *chooser) of(words ...string) string { return words[r.IntN(len(words))] }

// end makes the end of one hook.
func (r *chooser) end(e modelEvent, command string) modelEnd {
	statuses := []int{0, 0, 0, 0, 0, 0, 1, 2, 3, 126, 127, 143}
	end := modelEnd{
		command:  command,
		status:   statuses[r.IntN(len(statuses))],
		stderr:   r.of("", "E", " E\n", "two\nlines\n"),
		timedOut: r.IntN(12) == 0,
	}
	if end.stdout = r.stdout(e); e.is("summary") && strings.HasPrefix(end.stdout, "{") {
		end.status = r.IntN(2) * 2 // the record does not say what JSON at another status is there
	}
	return end
}

// stdout makes what a hook prints.
func (r *chooser) stdout(e modelEvent) string {
	switch r.IntN(8) {
	case 0:
		return r.of("", " \n", "plain", "  two\nlines \n", "[1]", "null", "5", `"s"`)
	case 1:
		return r.of("{broken}", `{"decision":"block",}`, `{"decision":"block"`, `{"decision":"block"} and more`,
			"text\n"+`{"decision":"block"}`, `{'decision':'block'}`)
	}
	return r.of("", " ", "\n", "\uFEFF") + r.object(e) + r.of("", "\n", " \n")
}

// object makes a hook's JSON: mostly one that counts, with a bad field now and then.
func (r *chooser) object(e modelEvent) string {
	fields := r.some(3, `"continue":false`, `"continue":true`, `"suppressOutput":true`, `"stopReason":"S"`,
		`"decision":"block"`, `"decision":"approve"`, `"reason":"R"`, `"reason":"other"`, `"reason":""`, `"systemMessage":"M"`,
		`"additionalContext":"top"`, `"permissionDecision":"deny"`, `"unknown":{}`)
	fields = append(fields, r.bad(`"continue":"false"`, `"suppressOutput":1`, `"decision":"deny"`, `"decision":null`, `"reason":5`, `"systemMessage":null`)...)
	if r.IntN(3) > 0 {
		fields = append(fields, `"hookSpecificOutput":`+r.specific(e))
	}
	r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	return "{" + strings.Join(fields, r.of(",", " ,\n ")) + "}"
}

// some picks n of words, or fewer.
func (r *chooser) some(n int, words ...string) []string {
	var out []string
	for range r.IntN(n + 1) {
		out = append(out, r.of(words...))
	}
	return out
}

// bad picks one of words, one time in twelve.
func (r *chooser) bad(words ...string) []string {
	if r.IntN(12) > 0 {
		return nil
	}
	return []string{r.of(words...)}
}

// specific makes a hookSpecificOutput, mostly one of the event itself.
func (r *chooser) specific(e modelEvent) string {
	if r.IntN(20) == 0 {
		return r.of("null", `"x"`, "[]", "{}")
	}
	name := string(e.name)
	if r.IntN(8) == 0 || !e.is("own") && r.IntN(2) == 0 {
		name = r.of("PreToolUse", "PostToolUse", "Stop", "Nonsense", "")
	}
	fields := append([]string{fmt.Sprintf(`"hookEventName":%q`, name)},
		r.some(1, `"additionalContext":"C"`, `"additionalContext":" C \n"`, `"additionalContext":""`, `"unknown":1`)...)
	fields = append(fields, r.bad(`"additionalContext":5`)...)
	switch {
	case e.is("permits"):
		fields = append(fields, r.some(1, `"permissionDecision":"allow"`, `"permissionDecision":"deny"`, `"permissionDecision":"ask"`, `"permissionDecision":"defer"`)...)
		fields = append(fields, r.some(2, `"permissionDecisionReason":"P"`, `"permissionDecisionReason":""`, `"updatedInput":{"a":1}`, `"updatedInput":{}`)...)
		fields = append(fields, r.bad(`"permissionDecision":"Deny"`, `"permissionDecision":null`, `"permissionDecisionReason":5`, `"updatedInput":null`, `"updatedInput":[]`)...)
	case e.is("answers"):
		fields = append(fields, r.some(2, `"decision":{"behavior":"allow"}`, `"decision":{"behavior":"deny"}`, `"decision":{"behavior":"deny","message":"N"}`,
			`"decision":{"behavior":"allow","updatedInput":{"a":2}}`, `"decision":{"behavior":"ask"}`)...)
	case e.is("replaces"):
		fields = append(fields, r.some(2, `"updatedToolOutput":{"stdout":"o","stderr":"","interrupted":false,"isImage":false}`, `"updatedToolOutput":{"stdout":"o"}`,
			`"updatedToolOutput":"text"`, `"updatedToolOutput":null`, `"updatedMCPToolOutput":"text"`, `"updatedMCPToolOutput":[1]`)...)
	}
	return "{" + strings.Join(fields, ",") + "}"
}
