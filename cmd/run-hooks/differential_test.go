package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWholeLineAgainstModel runs random settings files with real hooks, from file
// to exit status, and compares with a plain statement of the rules of §3, §4, §5
// and §9 below. What depends on which hook ends first is left to the model in
// package executor.
func TestWholeLineAgainstModel(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			compareLine(t, rand.New(rand.NewPCG(seed, 7)))
		})
	}
}

// An answer is what a hook does, and what that means.
type answer struct {
	shell   string
	verdict string // "", allow, ask, defer, deny
	context string
	halt    bool
}

// answers are the things hooks do here. Each JSON one also at a status that means
// nothing: JSON counts at any (§0.2).
func answers(event string) []answer {
	specific := func(fields string) string {
		return fmt.Sprintf(`echo '{"hookSpecificOutput": {"hookEventName": "%s", %s}}'`, event, fields)
	}
	return []answer{
		{shell: "true"},
		{shell: "exit 1"},
		{shell: "kill -9 $$"},
		{shell: "no-such-program"},
		{shell: "echo '{oops}'"},
		{shell: `echo '{"decision": "deny"}'`},
		{shell: `echo '{"decision": "block", "reason": 5}'`},
		{shell: `echo 'said {"decision": "block"}'`},
		{shell: "echo no >&2; exit 2", verdict: "deny"},
		{shell: `echo '{"decision": "block"}'; exit 1`, verdict: "deny"},
		{shell: `echo '{"continue": false}'; exit 3`, halt: true},
		{shell: specific(`"additionalContext": "C1"`), context: "C1"},
		{shell: specific(`"additionalContext": "C2"`) + "; exit 2", context: "C2", verdict: "deny"},
		{shell: `echo '{"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": "C3"}}'`},
	}
}

// preAnswers are those of PreToolUse alone.
func preAnswers() []answer {
	var out []answer
	for _, verdict := range []string{"allow", "ask", "defer", "deny"} {
		out = append(out, answer{verdict: verdict,
			shell: fmt.Sprintf(`echo '{"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "%s"}}'`, verdict)})
	}
	return append(out, answer{shell: `echo '{"decision": "approve"}'`, verdict: "allow"})
}

// matchers are matchers and the tools of Bash, Edit and Agent they match.
func matchers() map[string]string {
	return map[string]string{
		"": "Bash Edit Agent", "*": "Bash Edit Agent", "Bash": "Bash", "bash": "", "Edit|Write": "Edit", "Bash, Edit": "Bash Edit",
		"B.*": "Bash", "^(?!Bash)": "Edit Agent", "(": "", "Task": "Agent", "Bash(ls)": "", ".": "Bash Edit Agent", "|": "",
	}
}

// A madeHook is one hook of a made-up settings file.
type madeHook struct {
	event, matcher, command, fault string // fault: a field that makes it invalid
	answer                         answer
}

// A madeFile is a made-up settings file.
type madeFile struct {
	path  string
	hooks []madeHook
	fault string // of the file as a whole: what is written in its place, with %s for it
	off   string // disableAllHooks: "", "true" or "false"
}

// make makes one hook.
func makeHook(r *rand.Rand) madeHook {
	h := madeHook{event: []string{"PreToolUse", "PreToolUse", "PostToolUse", "Stop"}[r.IntN(4)]}
	all := answers(h.event)
	if h.event == "PreToolUse" {
		all = append(all, preAnswers()...)
	}
	h.answer = all[r.IntN(len(all))]
	h.command = fmt.Sprintf("echo %d >> log; %s", r.IntN(2), h.answer.shell)
	names := []string{}
	for m := range matchers() {
		names = append(names, m)
	}
	slices.Sort(names)
	h.matcher = names[r.IntN(len(names))]
	if r.IntN(12) == 0 {
		h.fault = []string{`"timeout": "5"`, `"timeout": 0`, `"shell": "zsh"`, `"if": 5`, `"args": 1`}[r.IntN(5)]
	}
	return h
}

// makeFile makes one file.
func makeFile(r *rand.Rand, path string) madeFile {
	f := madeFile{path: path}
	for range r.IntN(5) {
		f.hooks = append(f.hooks, makeHook(r))
	}
	if r.IntN(8) == 0 {
		f.fault = []string{"[%s]", "%s}", "// c\n%s", "%s,", `{"model": 5, "x": %s}`}[r.IntN(5)]
	}
	f.off = []string{"", "", "", "", "", "true", "false"}[r.IntN(7)]
	return f
}

// text is the file as it is written.
func (f madeFile) text() string {
	byEvent := map[string][]any{}
	for _, h := range f.hooks {
		hook := map[string]any{"type": "command", "command": h.command}
		if h.fault != "" {
			name, value, _ := strings.Cut(h.fault, ": ")
			hook[strings.Trim(name, `"`)] = json.RawMessage(value)
		}
		byEvent[h.event] = append(byEvent[h.event], map[string]any{"matcher": h.matcher, "hooks": []any{hook}})
	}
	settings := map[string]any{"hooks": byEvent}
	if f.off != "" {
		settings["disableAllHooks"] = f.off == "true"
	}
	text, _ := json.Marshal(settings)
	if f.fault != "" {
		return fmt.Sprintf(f.fault, text)
	}
	return string(text)
}

// kept are the hooks of a file that count (§9.1, §9.2).
func (f madeFile) kept() []madeHook {
	var out []madeHook
	for _, h := range f.hooks {
		switch {
		case f.fault != "", h.fault != "" && h.event == "PreToolUse":
			return nil
		case h.fault == "":
			out = append(out, h)
		}
	}
	return out
}

// dropped reports whether the file is dropped whole, switches and all.
func (f madeFile) dropped() bool {
	return f.fault != "" || slices.ContainsFunc(f.hooks, func(h madeHook) bool { return h.fault != "" && h.event == "PreToolUse" })
}

// modelRuns says which commands run for an event (§3, §4, §9.3): the events are
// listed in the order of the files, and of equal ones one runs.
func modelRuns(files []madeFile, event, tool string) []madeHook {
	off := ""
	for _, f := range files {
		if !f.dropped() && f.off != "" {
			off = f.off
		}
	}
	var out []madeHook
	for _, f := range files {
		for _, h := range f.kept() {
			matches := event == "Stop" || slices.Contains(strings.Fields(matchers()[h.matcher]), tool)
			again := slices.ContainsFunc(out, func(o madeHook) bool { return o.command == h.command })
			if h.event == event && matches && !again && off != "true" {
				out = append(out, h)
			}
		}
	}
	return out
}

// compareLine makes a world, runs it, and compares.
func compareLine(t *testing.T, r *rand.Rand) {
	root := t.TempDir()
	files := []madeFile{makeFile(r, "home/.claude/settings.json"), makeFile(r, "repo/.claude/settings.json"), makeFile(r, "repo/.claude/settings.local.json")}
	for _, f := range files {
		path := filepath.Join(root, f.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.text()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	event := []string{"PreToolUse", "PreToolUse", "PostToolUse", "Stop"}[r.IntN(4)]
	tool := []string{"Bash", "Edit", "Agent"}[r.IntN(3)]
	var stdout, stderr bytes.Buffer
	env := []string{"HOME=" + filepath.Join(root, "home"), "PATH=" + os.Getenv("PATH")}
	args := []string{"--event", event, "--tool", tool, "--dir", filepath.Join(root, "repo"), "--format", "json"}
	status := run(t.Context(), args, env, strings.NewReader(""), &stdout, &stderr)
	var got report
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatalf("status %d, no report: %v\n%s", status, err, &stderr)
	}
	compareReport(t, status, got, event, modelRuns(files, event, tool))
	for _, f := range files {
		if f.dropped() && len(f.hooks) > 0 && !strings.Contains(stderr.String(), strings.TrimPrefix(f.path, "repo/")) && !strings.Contains(stderr.String(), "~/") {
			t.Errorf("%s is dropped and nobody is told:\n%s", f.path, &stderr)
		}
	}
	if t.Failed() {
		for _, f := range files {
			t.Logf("%s: %s", f.path, f.text())
		}
		t.Logf("%s\n%s", &stdout, &stderr)
	}
}

// compareReport compares what was done with what the hooks that should have run
// come to.
func compareReport(t *testing.T, status int, got report, event string, hooks []madeHook) {
	var ran, want, contexts []string
	for _, h := range got.Handlers {
		if h.Status == "ran" {
			ran = append(ran, h.Command)
		}
	}
	order := []string{"none", "allow", "ask", "defer", "deny"}
	verdict, goesOn, halts := 0, true, 0
	for _, h := range hooks {
		want = append(want, h.command)
		verdict = max(verdict, slices.Index(order, h.answer.verdict))
		if h.answer.halt {
			goesOn, halts = false, halts+1
		}
		if h.answer.context != "" {
			contexts = append(contexts, h.answer.context)
		}
	}
	if slices.Sort(ran); !slices.Equal(ran, sorted(want)) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	if event == "PostToolUse" && halts > 0 {
		return // there continue:false ends the wait: the rest is a race
	}
	decision, exit := order[verdict], 0
	if decision == "deny" {
		exit = 2
	}
	if decision == "deny" && event != "PreToolUse" {
		decision = "block"
	}
	if got.Decision != decision || status != exit {
		t.Errorf("decision %q and status %d, want %q and %d", got.Decision, status, decision, exit)
	}
	if got.Continue != goesOn {
		t.Errorf("continue %v, want %v", got.Continue, goesOn)
	}
	if slices.Sort(got.Context); !slices.Equal(got.Context, sorted(contexts)) {
		t.Errorf("contexts %q, want %q", got.Context, contexts)
	}
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }
