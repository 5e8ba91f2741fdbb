package mapper

import (
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// What no hook has changed comes back as the tool was given it, for every tool
// of every harness's table: a hook that hands its input on must not alter a call.
func TestFieldsRoundTrip(t *testing.T) {
	inputs := map[string]string{
		"bash":      `{"command":"ls","timeout":5,"workdir":"sub","description":"d"}`,
		"read":      `{"filePath":"/p/a","offset":2,"limit":1}`,
		"write":     `{"content":"x","filePath":"/p/a"}`,
		"edit":      `{"filePath":"/p/a","oldString":"a","newString":"b","replaceAll":true}`,
		"grep":      `{"pattern":"x","path":"src","include":"*.go"}`,
		"task":      `{"description":"d","prompt":"p","subagent_type":"t","task_id":"ses_2","command":"c"}`,
		"webfetch":  `{"url":"u","format":"text","timeout":3}`,
		"todowrite": `{"todos":[{"content":"a","status":"pending","priority":"low"}]}`,
		"skill":     `{"name":"s"}`,
		"question":  `{"questions":[{"question":"q","header":"h","options":[],"multiple":true}]}`,
	}
	h := OpenCode()
	for tool, input := range inputs {
		row, ok := h.toolNamed(tool)
		if !ok {
			t.Fatalf("no row for %s", tool)
		}
		args, err := hook.ParseObject([]byte(input))
		if err != nil {
			t.Fatal(err)
		}
		back := toNative(row.Fields, toClaude(row.Fields, args, "/p"), args)
		if got := string(back.JSON()); got != input {
			t.Errorf("%s came back as %s, was %s", tool, got, input)
		}
	}
}

func TestFieldsToNative(t *testing.T) {
	h := OpenCode()
	for _, tt := range []struct{ tool, original, rewritten, want string }{
		// kept: what Claude's tool has no field for
		{"bash", `{"command":"a","workdir":"sub","timeout":9}`, `{"command":"b"}`, `{"command":"b","workdir":"sub"}`},
		{"bash", `{"command":"a","workdir":"sub"}`, `{"command":"b","workdir":"other"}`, `{"command":"b","workdir":"other"}`},
		// dropped: a native name that would override the rewritten field
		{"read", `{"filePath":"a"}`, `{"file_path":"/b","filePath":"/c"}`, `{"filePath":"/b"}`},
		// dropped: a field of Claude's that has no pair
		{"webfetch", `{"url":"a"}`, `{"url":"b","prompt":"p"}`, `{"url":"b"}`},
		// no rows: everything passes
		{"glob", `{"pattern":"a"}`, `{"x":1}`, `{"x":1}`},
	} {
		row, _ := h.toolNamed(tt.tool)
		original, _ := hook.ParseObject([]byte(tt.original))
		rewritten, _ := hook.ParseObject([]byte(tt.rewritten))
		if got := string(toNative(row.Fields, rewritten, original).JSON()); got != tt.want {
			t.Errorf("%s rewritten to %s: got %s, want %s", tt.tool, tt.rewritten, got, tt.want)
		}
	}
}
