package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/e2e/fakemodel"
)

func say(text string) fakemodel.Turn { return fakemodel.Turn{Text: text} }

// onceThen is a command that does one thing the first time and another after it.
func onceThen(first, then string) string {
	return "if mkdir once 2>/dev/null; then " + first + "; else " + then + "; fi"
}

func TestOpenCodeStop(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Stop": onceThen(refuses("run the tests"), "true")}), say("first answer"), say("second answer"))
	r := l.run("go")
	l.contains("the request after the hook", l.request(2).Text(), "[user] Stop hook feedback:\n")
	l.contains("the request after the hook", l.request(2).Text(), "run the tests")
	l.contains("stdout", r.stdout, "second answer")
	if r.status != 0 {
		t.Errorf("status %d", r.status)
	}
	all := l.seen(hook.Stop)
	if len(all) != 2 {
		t.Fatalf("%d Stop hooks have run", len(all))
	}
	l.is(all[0], map[string]string{"stop_hook_active": "false", "last_assistant_message": `"first answer"`, "permission_mode": `"default"`})
	l.is(all[1], map[string]string{"stop_hook_active": "true", "last_assistant_message": `"second answer"`})
	if id := text(all[0], "prompt_id"); len(id) != 36 || id != text(all[1], "prompt_id") {
		t.Errorf("the prompt's ids are %q and %q", id, text(all[1], "prompt_id"))
	}
}

// A hook that never lets go is overruled after eight times.
func TestOpenCodeStopCap(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Stop": refuses("not yet")}))
	r := l.run("go")
	if n := len(l.model.Requests(fakemodel.Main)); n != 9 {
		t.Errorf("the model was asked %d times, not 9", n)
	}
	l.contains("stderr", r.stderr, "8 times in a row")
}

func TestOpenCodeStopContinueFalse(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Stop": `echo '{"decision":"block","reason":"more","continue":false,"stopReason":"enough of it"}'`}))
	r := l.run("go")
	if n := len(l.model.Requests(fakemodel.Main)); n != 1 {
		t.Errorf("the model was asked %d times", n)
	}
	l.contains("stderr", r.stderr, "enough of it")
}

// Another prompt begins the count anew, in the same session.
func TestOpenCodeStopNewPrompt(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Stop": `echo '{"hookSpecificOutput":{"hookEventName":"Stop","additionalContext":"look again"}}' | grep -v "$(cat stopped 2>/dev/null || echo none)"; echo look > stopped`}))
	l.run("go")
	l.run("-c", "and on")
	var active []string
	for _, o := range l.seen(hook.Stop) {
		raw, _ := o.Get("stop_hook_active")
		active = append(active, string(raw))
	}
	if got := strings.Join(active, " "); got != "false true false" {
		t.Errorf("stop_hook_active was %s", got)
	}
	l.contains("the second request", l.request(2).Text(), "Stop hook additional context: look again")
}

func TestOpenCodeStopFailure(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"StopFailure": "", "Stop": ""}), fakemodel.Turn{Status: http.StatusBadRequest})
	l.run("go")
	o := l.one(hook.StopFailure)
	l.is(o, map[string]string{"error": `"invalid_request"`})
	l.contains("the last message", text(o, "last_assistant_message"), "told to fail")
	if n := len(l.seen(hook.Stop)); n != 0 {
		t.Errorf("%d Stop hooks have run", n)
	}
}

func TestOpenCodeFailedTool(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PostToolUseFailure:Read": says(hook.PostToolUseFailure, `"additionalContext":"look in docs"`), "PostToolUse": ""}),
		call("read", map[string]any{"filePath": "nope.txt"}), bash("echo more"))
	l.run("go")
	for turn := 2; turn <= 3; turn++ {
		result := l.toolResult("1", turn)
		l.contains("the result", result, "File not found")
		l.contains("the result", result, "PostToolUseFailure:Read hook additional context: look in docs")
	}
	o := l.one(hook.PostToolUseFailure)
	l.is(o, map[string]string{"tool_use_id": `"call_main_1"`, "is_interrupt": "false"})
	l.is(l.one(hook.PostToolUse), map[string]string{"tool_name": `"Bash"`})
}

// A call that a hook has refused has not failed.
func TestOpenCodeRefusedIsNoFailure(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PreToolUse:Bash": refuses("no"), "PostToolUseFailure": ""}), bash("true"))
	l.run("go")
	if n := len(l.seen(hook.PostToolUseFailure)); n != 0 {
		t.Errorf("%d hooks were told of a failure", n)
	}
}

func TestOpenCodeSubagent(t *testing.T) {
	l := newLab(t, hooks(map[string]string{
		"SubagentStart:general": says(hook.SubagentStart, `"additionalContext":"you are small"`),
		"SubagentStop:general":  onceThen(refuses("say it louder"), "true"),
		"PreToolUse":            "", "Stop": "", "UserPromptSubmit": "", "PostToolUse": "",
	}), call("task", map[string]any{"description": "d", "prompt": "[lane:sub] do it", "subagent_type": "general"}))
	l.model.Say("sub", bash("echo from the child"), say("quiet"), say("LOUD"))
	l.run("go")
	child := l.model.Requests("sub")
	if len(child) != 3 {
		t.Fatalf("the sub-agent's model was asked %d times", len(child))
	}
	l.contains("the sub-agent's first request", child[0].Text(), "SubagentStart hook additional context: you are small")
	l.contains("the sub-agent's last request", child[2].Text(), "say it louder")
	result := l.toolResult("1", 2)
	l.contains("the result", result, "<task_result>\nLOUD\n</task_result>")
	l.lacks("the result", result, "quiet")
	start, stops := l.one(hook.SubagentStart), l.seen(hook.SubagentStop)
	if len(stops) != 2 || text(stops[0], "agent_id") != text(start, "agent_id") || text(start, "agent_type") != "general" {
		t.Fatalf("the sub-agent's hooks have seen %v and %v", start, stops)
	}
	l.is(stops[0], map[string]string{"stop_hook_active": "false", "last_assistant_message": `"quiet"`})
	l.is(stops[1], map[string]string{"stop_hook_active": "true", "last_assistant_message": `"LOUD"`})
	for _, o := range append(l.seen(hook.PreToolUse), stops...) {
		if text(o, "session_id") != text(start, "session_id") {
			t.Errorf("a session of its own in %s", o.JSON())
		}
	}
	if id := text(l.seen(hook.PreToolUse)[1], "agent_id"); id != text(start, "agent_id") {
		t.Errorf("the sub-agent's call is of agent %q", id)
	}
	l.one(hook.Stop)
	l.one(hook.UserPromptSubmit)
	transcript, err := os.ReadFile(text(stops[1], "agent_transcript_path"))
	if err != nil || !strings.Contains(string(transcript), "LOUD") {
		t.Errorf("the sub-agent's transcript: %v\n%s", err, transcript)
	}
}

func TestOpenCodeCompaction(t *testing.T) {
	l := newLab(t, hooks(map[string]string{
		"PreCompact:auto": "echo 'keep the port numbers'", "PostCompact": "",
		"SessionStart:compact": "echo 'we are on port 7'", "Stop": "",
	}), fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "bash", Args: map[string]any{"command": "echo one"}}}, Tokens: 99_000},
		say("SUMMARY"), bash("echo two"))
	l.run("go")
	l.contains("the request for the summary", l.request(2).Text(), "Additional Instructions:\nkeep the port numbers")
	for turn := 3; turn <= 4; turn++ {
		l.contains("a request after the compaction", l.request(turn).Text(), "SessionStart hook additional context: we are on port 7")
	}
	l.is(l.one(hook.PreCompact), map[string]string{"trigger": `"auto"`, "custom_instructions": "null"})
	l.is(l.one(hook.PostCompact), map[string]string{"trigger": `"auto"`, "compact_summary": `"SUMMARY"`})
	l.is(l.one(hook.SessionStart), map[string]string{"source": `"compact"`})
	l.one(hook.Stop)
}

func TestOpenCodePreCompactCannotBlock(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"PreCompact": refuses("not now")}),
		fakemodel.Turn{Calls: []fakemodel.Call{{Tool: "bash", Args: map[string]any{"command": "echo one"}}}, Tokens: 99_000},
		say("SUMMARY"), say("went on"))
	r := l.run("go")
	l.contains("stderr", r.stderr, "cannot be done in OpenCode")
	l.contains("stderr", r.stderr, "not now")
	l.contains("stdout", r.stdout, "went on")
}

func TestOpenCodeTranscript(t *testing.T) {
	l := newLab(t, hooks(map[string]string{"Stop": `path=$(sed 's/.*"transcript_path":"\([^"]*\)".*/\1/'); cp "$path" seen-by-stop.jsonl`}),
		fakemodel.Turn{Text: "let me look", Calls: []fakemodel.Call{{Tool: "bash", Args: map[string]any{"command": "echo found"}}}},
		call("read", map[string]any{"filePath": "nope.txt"}), say("it is there"))
	l.run("look")
	path := text(l.one(hook.Stop), "transcript_path")
	lines := l.transcript(path)
	var got []string
	parent := "null"
	for _, o := range lines {
		raw, _ := o.Get("message")
		message, err := hook.ParseObject(raw)
		if err != nil {
			t.Fatal(err)
		}
		content, _ := message.Get("content")
		got = append(got, text(o, "type")+" "+string(content))
		if before, _ := o.Get("parentUuid"); string(before) != parent {
			t.Errorf("parentUuid is %s, not %s", before, parent)
		}
		raw, _ = o.Get("uuid")
		parent = string(raw)
	}
	want := []string{
		`user [{"type":"text","text":"look"}]`,
		`assistant [{"type":"tool_use","id":"call_main_1","name":"Bash","input":{"command":"echo found"}}]`,
		`assistant [{"type":"text","text":"let me look"}]`, // complete only when the call has begun
		`user [{"tool_use_id":"call_main_1","type":"tool_result","content":"found\n"}]`,
		`assistant [{"type":"tool_use","id":"call_main_2","name":"Read","input":{"file_path":"` + l.project + `/nope.txt"}}]`,
		`user [{"tool_use_id":"call_main_2","type":"tool_result","is_error":true,"content":"File not found: ` + l.project + `/nope.txt"}]`,
		`assistant [{"type":"text","text":"it is there"}]`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the transcript is\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	early, err := os.ReadFile(filepath.Join(l.project, "seen-by-stop.jsonl"))
	if err != nil || !strings.Contains(string(early), `"role":"assistant"`) || !strings.Contains(string(early), `"found\n"`) {
		t.Errorf("the Stop hook has seen: %v\n%s", err, early)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the transcript's mode: %v, %v", info, err)
	}
	l.run("-c", "and now?")
	if again := l.transcript(path); len(again) != len(lines)+2 {
		t.Errorf("%d lines have become %d", len(lines), len(again))
	}
}

// transcript reads a transcript.
func (l *lab) transcript(path string) []hook.Object {
	l.Helper()
	all, err := os.ReadFile(path)
	if err != nil {
		l.Fatal(err)
	}
	var out []hook.Object
	for line := range strings.Lines(string(all)) {
		o, err := hook.ParseObject([]byte(line))
		if err != nil {
			l.Fatal(err)
		}
		out = append(out, o)
	}
	return out
}
