package loader

import (
	"slices"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// toolEvent returns an event of a tool with the input fields given as name and
// value in turn.
func toolEvent(t *testing.T, name hook.EventName, tool string, fields ...string) *hook.Event {
	t.Helper()
	spec, ok := hook.Spec(name)
	if !ok {
		t.Fatalf("no event %s", name)
	}
	input := hook.Object{}
	for i := 0; i < len(fields); i += 2 {
		input = input.WithText(fields[i], fields[i+1])
	}
	payload := hook.Object{}.WithText("hook_event_name", string(name)).WithText("tool_name", tool)
	return &hook.Event{Spec: spec, Payload: payload.With("tool_input", input.JSON())}
}

// wantRules fails unless exactly the rules of want, out of all, hold for ev.
func wantRules(t *testing.T, ev *hook.Event, at conditionPlace, all, want []string) {
	t.Helper()
	for _, rule := range want {
		if !slices.Contains(all, rule) {
			t.Fatalf("%q is not one of the rules compared", rule)
		}
	}
	for _, rule := range all {
		ok, why := parseCondition(rule).holds(ev, at)
		if ok != slices.Contains(want, rule) {
			t.Errorf("if %q: holds %v (%s)", rule, ok, why)
		}
		if ok != (why == "") {
			t.Errorf("if %q: holds %v with the reason %q", rule, ok, why)
		}
	}
}

func TestConditionEvents(t *testing.T) {
	tests := []struct {
		event hook.EventName
		tool  string
		rule  string
		want  bool
	}{
		{hook.PreToolUse, "Bash", "Bash(echo *)", true},
		{hook.PostToolUse, "Bash", "Bash", true},          // e10_if_ev_PostToolUse
		{hook.PostToolUse, "Bash", "Bash(git *)", false},  // e10_if_ev_PostToolUse
		{hook.PostToolUseFailure, "Bash", "Bash", true},   // §10.2
		{hook.PermissionRequest, "Write", "Write", true},  // e10_if_ev_PermissionRequest
		{hook.PermissionRequest, "Write", "Bash", false},  // e10_if_ev_PermissionRequest
		{hook.PermissionDenied, "Bash", "Bash", true},     // reference §5.4
		{hook.PostToolBatch, "Bash", "Bash", false},       // e10_if_ev_PostToolBatch
		{hook.Stop, "", "Bash(", false},                   // e09_Stop_if_bad
		{hook.Stop, "", "Bash", false},                    // §10.2
		{hook.UserPromptSubmit, "Bash", "Bash(*)", false}, // §10.2
		{hook.Stop, "", "", true},
		{hook.PreToolUse, "Bash", "", true}, // e10_if_bash_var.02
	}
	for _, tt := range tests {
		ev := toolEvent(t, tt.event, tt.tool, "command", "echo HK-RAN")
		if ok, why := parseCondition(tt.rule).holds(ev, conditionPlace{}); ok != tt.want {
			t.Errorf("%s, if %q: holds %v (%s)", tt.event, tt.rule, ok, why)
		}
	}
}

func TestConditionForms(t *testing.T) {
	tests := []struct {
		rule string
		want condition
	}{
		{"Bash", condition{tool: "Bash"}},
		{"Bash()", condition{tool: "Bash"}},
		{"Bash(*)", condition{tool: "Bash"}},
		{"Bash( * )", condition{tool: "Bash"}},
		{"Task(x)", condition{tool: "Agent", pattern: "x"}},
		{"Bash( echo *)", condition{tool: "Bash", pattern: "echo *"}},
		{"Bash(echo *), Bash(git *)", condition{tool: "Bash", pattern: "echo *), Bash(git *"}},
		{`Bash(python -c "print\(1\)")`, condition{tool: "Bash", pattern: `python -c "print(1)"`}},
		{"Bash(", condition{}},
		{"Bash)", condition{}},
		{"(echo)", condition{}},
		{"Bash(echo *) ", condition{}},
		{" Bash", condition{}},
		{"Bash ", condition{}},
		{"!Bash(echo *)", condition{}},
		{"Bash(echo *)|Write", condition{}},
		{"Bash|Write", condition{}},
		{"Bash,Write", condition{}},
		{"echo *", condition{}},
		{"*", condition{}},
		{"mcp__echo__*", condition{}},
	}
	for _, tt := range tests {
		tt.want.rule = tt.rule
		if got := parseCondition(tt.rule); got != tt.want {
			t.Errorf("parseCondition(%q) = %+v, want %+v", tt.rule, got, tt.want)
		}
	}
}

func TestConditionMCP(t *testing.T) {
	// e10_if_mcp
	all := []string{
		"mcp__echo", "mcp__echo__echo", "mcp__echo__*", "mcp__*", "mcp__echo__echo(*)", "mcp__echo(echo)",
		"mcp__echo__echo(text:HK)", "mcp__echo__delete_it", "Bash", "*",
	}
	ev := toolEvent(t, hook.PreToolUse, "mcp__echo__echo", "text", "HK")
	wantRules(t, ev, conditionPlace{}, all, []string{"mcp__echo__echo", "mcp__echo__echo(*)"})
}

func TestConditionAgent(t *testing.T) {
	// §10.2
	all := []string{"Agent", "Task", "Agent(*)", "Task(*)", "Agent(general-purpose)", "agent", "Bash"}
	for _, tool := range []string{"Agent", "Task"} {
		ev := toolEvent(t, hook.PreToolUse, tool, "subagent_type", "general-purpose", "prompt", "p")
		wantRules(t, ev, conditionPlace{}, all, []string{"Agent", "Task", "Agent(*)", "Task(*)"})
	}
}

func TestConditionWebFetch(t *testing.T) {
	tests := []struct {
		rule, url string
		want      bool
	}{
		{"WebFetch(domain:example.com)", "https://example.com/a?b#c", true},
		{"WebFetch(domain:Example.COM)", "https://EXAMPLE.com:8443", true},
		{"WebFetch(domain:example.com)", "https://example.com./", true},
		{"WebFetch(domain:example.com)", "https://www.example.com/", false},
		{"WebFetch(domain:example.com)", "https://example.org/example.com", false},
		{"WebFetch(domain:*.example.com)", "https://a.b.example.com/", true},
		{"WebFetch(domain:*.example.com)", "https://notexample.com/", false},
		{"WebFetch(https://example.com/*)", "https://example.com/a", true},
		{"WebFetch(https://example.com/*)", "https://example.org/a", false},
		// What a browser may read otherwise matches.
		{"WebFetch(domain:example.com)", `https://example.com\@other.org/`, true},
		{"WebFetch(domain:example.com)", "https://other.org@example.com/", true},
		{"WebFetch(domain:example.com)", "https://ex%61mple.com/", true},
		{"WebFetch(domain:example.com)", "https://[::1]/", true},
		{"WebFetch(domain:example.com)", "example.com", true},
		{"WebFetch(domain:example.com)", "", true},
	}
	for _, tt := range tests {
		ev := toolEvent(t, hook.PreToolUse, "WebFetch", "url", tt.url)
		if ok, why := parseCondition(tt.rule).holds(ev, conditionPlace{}); ok != tt.want {
			t.Errorf("if %q for %q: holds %v (%s)", tt.rule, tt.url, ok, why)
		}
	}
}

func TestConditionOtherTools(t *testing.T) {
	tests := []struct {
		rule, tool, field, value string
		want                     bool
	}{
		{"Skill(deploy)", "Skill", "skill", "deploy", true},
		{"Skill(deploy *)", "Skill", "skill", "deploy", true},
		{"Skill(deploy)", "Skill", "skill", "commit", false},
		{"PowerShell(Remove-Item *)", "PowerShell", "command", "rm x", true},
		{"WebSearch(x)", "WebSearch", "query", "x", false},
		// An input that cannot be judged matches.
		{"Bash(git *)", "Bash", "cmd", "ls", true},
		{"Edit(*.go)", "Edit", "path", "/a.txt", true},
	}
	for _, tt := range tests {
		ev := toolEvent(t, hook.PreToolUse, tt.tool, tt.field, tt.value)
		if ok, why := parseCondition(tt.rule).holds(ev, conditionPlace{}); ok != tt.want {
			t.Errorf("if %q for %s %q: holds %v (%s)", tt.rule, tt.tool, tt.value, ok, why)
		}
	}
}

func TestConditionReasons(t *testing.T) {
	tests := []struct {
		event      hook.EventName
		tool, rule string
		want       string
	}{
		{hook.PreToolUse, "Bash", "Bash(git *)", `if "Bash(git *)" does not match this command`},
		{hook.PreToolUse, "Bash", "Bash(", `if "Bash(" is no permission rule and never matches`},
		{hook.PreToolUse, "Bash", "Edit(*.go)", `if "Edit(*.go)" is not about the tool Bash`},
		{hook.Stop, "", "Bash(git *)", `if "Bash(git *)" needs a tool, and Stop has none`},
		{hook.PreToolUse, "Agent", "Agent(x)", `if "Agent(x)" does not match this call: Agent takes no pattern`},
	}
	for _, tt := range tests {
		ev := toolEvent(t, tt.event, tt.tool, "command", "ls")
		if _, why := parseCondition(tt.rule).holds(ev, conditionPlace{}); why != tt.want {
			t.Errorf("if %q: %q, want %q", tt.rule, why, tt.want)
		}
	}
}

func TestCommandPattern(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"git *", "git", true},
		{"git *", "git push", true},
		{"git *", "gitk", false},
		{"git:*", "git", true},
		{"git:*", "git push", true},
		{"git:*", "gitk", false},
		{"git*", "gitk", true},
		{"git", "git", true},
		{"git", "git push", false},
		{"* --force", "git push --force", true},
		{"* --force", "git push --forced", false},
		{"git * --force *", "git push --force", true},
		{"git * --force *", "git push a --force b", true},
		{"a*a", "a", false},
		{"a*b*c", "a c b", false},
		{"a*b*c", "a\nb\nc", true},
		{"ls :* x", "ls :a x", true},
		{`rm \*`, "rm *", true},
		{`rm \*`, "rm x", false},
		{`a\\*`, `a\b`, true},
		{`a\b`, `a\b`, true},
		{"Git *", "git push", false},
		{"**", "anything", true},
		{strings.Repeat("a*", 200), strings.Repeat("a", 100000) + "b", true},
	}
	for _, tt := range tests {
		if got := parseCommandPattern(tt.pattern).matches(tt.text); got != tt.want {
			t.Errorf("%.20q matches %.20q: %v", tt.pattern, tt.text, got)
		}
	}
}
