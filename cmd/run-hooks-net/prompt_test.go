package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// TestFillArguments is the list of forms of §10.4.
func TestFillArguments(t *testing.T) {
	const event = `{"a": "x $0 $ARGUMENTS", "b": 1}`
	tests := []struct{ prompt, want string }{
		{"check", "check\n\nARGUMENTS: " + event},
		{"", "\n\nARGUMENTS: " + event},
		{"<$ARGUMENTS>", "<" + event + ">"},
		{"$ARGUMENTS $ARGUMENTS", event + " " + event},
		{"$ARGUMENTSx", event + "x"},
		{"$ARGUMENTS[0]|$0|$1", `{"a":|{"a":|"x`},
		{"$9|$ARGUMENTS[9]|$99999999999999999999", "||"},
		{"${ARGUMENTS}", "${ARGUMENTS}\n\nARGUMENTS: " + event},
		{"${ARGUMENTS} $5", "${ARGUMENTS} 1}"},
		{"$arguments $ARG $x $1a $ $$", "$arguments $ARG $x $1a $ $$\n\nARGUMENTS: " + event},
		{`\$ARGUMENTS`, "$ARGUMENTS\n\nARGUMENTS: " + event},
		{`\$0 $0`, `$0 {"a":`},
	}
	for _, tt := range tests {
		if got := fillArguments(tt.prompt, []byte(event)); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.prompt, got, tt.want)
		}
	}
}

// TestVerdicts is the list of answers of §10.4.
func TestVerdicts(t *testing.T) {
	tests := []struct{ answer, want string }{ // the output on PreToolUse; "-": no verdict
		{`{"ok":true}`, ""},
		{` {"ok":true,"reason":"R"} `, ""},
		{`{"ok":false,"reason":"R"}`, `{"decision":"block","reason":"[P]: R","continue":false,"stopReason":"R"}`},
		{"```json\n{\"ok\":false,\"reason\":\"R\"}\n```", `{"decision":"block","reason":"[P]: R","continue":false,"stopReason":"R"}`},
		{"```\n{\"ok\":true}\n```", ""},
		{`{"ok":false,"reason":"<\"&","foo":[1]}`, `{"decision":"block","reason":"[P]: <\"&","continue":false,"stopReason":"<\"&"}`},
		{`{"ok":false}`, `{"decision":"block","reason":"[P]: undefined","continue":false,"stopReason":""}`},
		{`{"ok":false,"impossible":true}`, `{"decision":"block","reason":"[P]: undefined","continue":false,"stopReason":""}`},
		{"", "-"}, {"no", "-"}, {"null", "-"}, {"[]", "-"}, {"{}", "-"}, {"true", "-"},
		{`Sure: {"ok":false,"reason":"R"}`, "-"},
		{`{"ok":false,"reason":"R"} so there`, "-"},
		{`{"ok":false}{"ok":false}`, "-"},
		{`{"OK":false}`, "-"},
		{`{"ok":"false"}`, "-"}, {`{"ok":0}`, "-"}, {`{"ok":null}`, "-"},
		{`{"ok":false,"reason":5}`, "-"}, {`{"ok":false,"reason":null}`, "-"},
		{`{"ok":false,"impossible":"no"}`, "-"},
		{`{"decision":"block","reason":"R"}`, "-"},
		{"```json\n{\"ok\":false", "-"},
	}
	for _, tt := range tests {
		got := "-"
		if v, err := parseVerdict([]byte(unfenced(tt.answer))); err == nil {
			got = string(v.promptOutput(promptJob{Event: hook.PreToolUse, Prompt: "P"}))
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.answer, got, tt.want)
		}
	}
}

// TestEffects is the table of §10.4 and reference §4.5, for a "no" with reason R.
func TestEffects(t *testing.T) {
	const (
		halts = `{"continue":false,"stopReason":"R"}`
		block = `{"decision":"block","reason":"[P]: R"}`
		both  = `{"decision":"block","reason":"[P]: R","continue":false,"stopReason":"R"}`
		agent = `{"decision":"block","reason":"Agent hook condition was not met: R"}`
	)
	tests := []struct {
		event                              hook.EventName
		prompt, goesOn, impossible, agents string
	}{
		{hook.PreToolUse, both, block, both, agent},
		{hook.PostToolUse, halts, block, halts, agent},
		{hook.PostToolUseFailure, block, block, block, agent},
		{hook.PostToolBatch, halts, block, halts, agent},
		{hook.UserPromptSubmit, halts, block, halts, agent},
		{hook.UserPromptExpansion, halts, block, halts, agent},
		{hook.Stop, block, block, "", agent},
		{hook.SubagentStop, block, block, "", agent},
		{hook.TeammateIdle, halts, block, halts, agent},
		{hook.TaskCreated, block, block, block, agent},
		{hook.TaskCompleted, both, block, both, agent},
		{hook.PermissionRequest, "", "", "", ""},
		{hook.PermissionDenied, "", "", "", ""},
	}
	reason, seen := "R", map[hook.EventName]bool{}
	no := verdict{reason: &reason}
	for _, tt := range tests {
		seen[tt.event] = true
		never := verdict{reason: &reason, impossible: true}
		got := [4]string{
			string(no.promptOutput(promptJob{Event: tt.event, Prompt: "P"})),
			string(no.promptOutput(promptJob{Event: tt.event, Prompt: "P", ContinueOnBlock: true})),
			string(never.promptOutput(promptJob{Event: tt.event, Prompt: "P"})),
			string(no.agentOutput(tt.event)),
		}
		if want := [4]string{tt.prompt, tt.goesOn, tt.impossible, tt.agents}; got != want {
			t.Errorf("%s: %q, want %q", tt.event, got, want)
		}
		yes := verdict{ok: true}
		if out := string(yes.promptOutput(promptJob{Event: tt.event})) + string(yes.agentOutput(tt.event)); out != "" {
			t.Errorf("%s: a yes says %s", tt.event, out)
		}
	}
	for _, spec := range hook.Events() { // a new event must be decided upon here
		if runs := spec.Types.Has(hook.Prompt) || spec.Types.Has(hook.Agent); runs != seen[spec.Name] {
			t.Errorf("%s: prompt handlers run: %v, in this table: %v", spec.Name, runs, seen[spec.Name])
		}
	}
}

func TestClaudeModel(t *testing.T) {
	tests := []struct{ env, value, model, want string }{
		{"", "", "", "claude-haiku-5-5"},
		{"", "", "inherit", "claude-haiku-5-5"},
		{"", "", "claude-x", "claude-x"},
		{"", "", "sonnet", "claude-sonnet-5-5"},
		{"", "", "opus", "claude-opus-5-5"},
		{"ANTHROPIC_MODEL", "M", "", "M"},
		{"ANTHROPIC_MODEL", "opus", "", "claude-opus-5-5"},
		{"ANTHROPIC_MODEL", "M", "claude-x", "claude-x"},
		{"ANTHROPIC_DEFAULT_HAIKU_MODEL", "H", "", "H"},
		{"ANTHROPIC_DEFAULT_SONNET_MODEL", "S", "sonnet", "S"},
		{"ANTHROPIC_DEFAULT_OPUS_MODEL", "O", "opus", "O"},
	}
	for _, tt := range tests {
		getenv := func(name string) string { return map[string]string{tt.env: tt.value}[name] }
		if got := claudeModel(getenv, tt.model); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

// TestTranscriptIsBounded: of a long conversation the end is told, from the first
// whole line.
func TestTranscriptIsBounded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.jsonl")
	line := `{"message":{"role":"user","content":"` + strings.Repeat("x", 1000) + `"}}` + "\n"
	last := `{"message":{"role":"assistant","content":"LAST"}}` + "\n"
	if err := os.WriteFile(file, []byte(strings.Repeat(line, 2000)+last), 0o600); err != nil {
		t.Fatal(err)
	}
	got := conversationOf(hook.Object{}.WithText("transcript_path", file).JSON())
	if len(got) > maxTranscript || len(got) < maxTranscript/2 || !strings.HasSuffix(got, "assistant: LAST\n\n\n") {
		t.Errorf("%d bytes, ends with %q", len(got), got[max(0, len(got)-40):])
	}
	for _, event := range []string{`{}`, `{"transcript_path": "/dev/zero"}`, `{"transcript_path": "/"}`, `not JSON`} {
		if got := conversationOf([]byte(event)); got != "" {
			t.Errorf("%s: %q", event, got)
		}
	}
}
