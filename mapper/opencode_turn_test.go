package mapper

import (
	"fmt"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks"
)

// Stop hooks that never let go are overruled after eight times, and the user is
// told: this is no weaker than Claude Code, which does the same.
func TestOpenCodeStopCap(t *testing.T) {
	h := OpenCode()
	for count, again := range map[int]bool{0: true, 7: true, 8: false, 100: false} {
		request := fmt.Sprintf(`{"event":"session.idle","directory":"/p","session":"s","state":{"stop":{"count":%d}}}`, count)
		c, err := h.Decode(&h, []byte(request), Place{Home: "/home/u"})
		if err != nil {
			t.Fatal(err)
		}
		answer := string(h.Encode(&h, c, []hook.Decision{{Permission: hook.Deny, Reason: "no"}}).Stdout)
		if strings.Contains(answer, `"prompt"`) != again || strings.Contains(answer, "8 times in a row") == again {
			t.Errorf("after %d: %s", count, answer)
		}
	}
}

// A transcript takes what is complete, in Claude Code's shape.
func TestOpenCodeTranscript(t *testing.T) {
	h := OpenCode()
	request := `{"event":"transcript","directory":"/p","session":"c","state":{"root":"r"},"input":{"whole":true,"messages":[
		{"info":{"id":"m1","role":"user"},"parts":[{"id":"1","type":"text","text":"hi"},{"id":"2","type":"text","text":"ctx","synthetic":true},{"id":"3","type":"file"}]},
		{"info":{"id":"m2","role":"assistant","modelID":"m"},"parts":[
			{"id":"4","type":"text","text":"half"},{"id":"5","type":"text","text":"whole","time":{"end":1795164567500}},{"id":"6","type":"reasoning","text":"hm"},
			{"id":"7","type":"tool","tool":"bash","callID":"c1","state":{"status":"pending","input":{}}},
			{"id":"8","type":"tool","tool":"edit","callID":"c2","state":{"status":"completed","input":{"filePath":"a"},"output":"ok"}},
			{"id":"9","type":"tool","tool":"bash","callID":"c3","begun":true,"state":{"status":"error","input":{},"error":"no"}}]}]}}`
	got, err := OpenCodeTranscript(&h, []byte(request), Place{State: "/state"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Path != "/state/opencode/r/subagents/agent-c.jsonl" || !got.Whole || got.Lines[2].Millis != 1795164567500 {
		t.Errorf("%+v", got)
	}
	var lines []string
	seen := map[string]bool{}
	for _, l := range got.Lines {
		message, _ := l.Body.Get("message")
		lines = append(lines, string(message))
		if len(l.UUID) != 36 || seen[l.UUID] || text(l.Body, "uuid") != l.UUID {
			t.Errorf("UUID %q", l.UUID)
		}
		seen[l.UUID] = true
	}
	want := `{"role":"user","content":[{"type":"text","text":"hi"}]}
{"role":"user","content":[{"type":"text","text":"ctx"}]}
{"id":"m2","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"whole"}]}
{"id":"m2","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"c2","name":"Edit","input":{"file_path":"/p/a","replace_all":false}}]}
{"role":"user","content":[{"tool_use_id":"c2","type":"tool_result","content":"ok"}]}
{"role":"user","content":[{"tool_use_id":"c3","type":"tool_result","is_error":true,"content":"no"}]}`
	if all := strings.Join(lines, "\n"); all != want {
		t.Errorf("the lines are\n%s", all)
	}
	for _, bad := range []string{`{`, `{"event":"transcript","session":"s"}`, `{"event":"transcript","directory":"/p"}`, `{"event":"transcript","directory":"p","session":"s"}`} {
		if _, err := OpenCodeTranscript(&h, []byte(bad), Place{}); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
