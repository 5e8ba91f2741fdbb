package checker

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/run-hooks/run-hooks/loader"
)

// checkText checks one config file of a fresh project.
func checkText(t testing.TB, name, text string) (string, Report) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := Check(Options{Paths: []string{dir}, Cwd: dir})
	if err != nil {
		t.Fatal(err)
	}
	return path, r
}

// command is a config with one command under an event.
func command(event, text string) string {
	quoted, _ := json.Marshal(text)
	return `{"hooks": {"` + event + `": [{"hooks": [{"type": "command", "command": ` + string(quoted) + `}]}]}}`
}

// names are the lints of a report, once each, in order.
func names(r Report) string {
	var out []string
	for _, f := range r.Findings {
		if len(out) == 0 || out[len(out)-1] != f.Name {
			out = append(out, f.Name)
		}
	}
	return strings.Join(out, " ")
}

// What a shell text says of a hook, and what it does not.
func TestCommands(t *testing.T) {
	for _, tt := range []struct{ event, command, want string }{
		// Fields of the payload.
		{"PreToolUse", "jq -r .prompt", "payload-field"},
		{"UserPromptSubmit", "jq -r .prompt", ""},
		{"PreToolUse", "jq -r .file_path", "payload-field"},
		{"PreToolUse", "jq -r .tool_input.filePath", "payload-field"},
		{"PreToolUse", "jq -r '.tool_input.filePath // .tool_input.file_path'", ""},
		{"PostToolUse", "jq -r '.tool_output // .tool_response'", ""},
		{"PostToolUse", "I=$(cat); echo \"$I\" | jq -r .tool_output", "payload-field"},
		{"PostToolUse", "I=$(cat); jq -r .tool_output <<X\n$I\nX\n", ""},
		{"PostToolUse", "gh api x | jq -r .tool_output", ""},
		{"PostToolUse", "jq -r .tool_output result.json", ""},
		{"PostToolUse", "jq -n --arg a b '{user_prompt: .x}'", ""},
		{"Stop", "jq -r .tool_name", "payload-field"},
		{"Stop", "jq -r '.background_tasks[] | .tool_name'", ""},
		// Variables.
		{"PostToolUse", "FILE_PATH=$(jq -r .tool_input.file_path); fmt \"$FILE_PATH\"", ""},
		{"PostToolUse", "fmt \"$FILE_PATH\"", "fictional-env"},
		{"PostToolUse", "read -r TOOL_NAME; echo \"$TOOL_NAME\"", ""},
		{"PostToolUse", "fmt \"${CLAUDE_FILE_PATH:-$1}\"", ""},
		{"PostToolUse", "echo '$CLAUDE_TOOL_INPUT'", ""},
		{"SessionStart", "echo \"$CLAUDE_CODE_REMOTE $CLAUDE_PROJECT_DIR $CLAUDE_CODE_SESSION_ID\"", ""},
		// Quotes.
		{"Stop", "bash -c 'ls $CLAUDE_PROJECT_DIR'", ""},
		{"Stop", "D=$CLAUDE_PROJECT_DIR; ls \"$D\"", ""},
		{"Stop", "ls ${CLAUDE_PROJECT_DIR}", "project-dir-unquoted"},
		{"Stop", "cat x > $CLAUDE_PROJECT_DIR/y", "project-dir-unquoted"},
		// Bash under /bin/sh.
		{"PreToolUse", "set -o pipefail; true", "bashism"},
		{"PreToolUse", "set -euo pipefail; true", "bashism"},
		{"PreToolUse", "echo ${X:-y} ${X#a} ${X%b} ${#X}", ""},
		{"PreToolUse", "echo ${X//a/b}", "bashism"},
		{"PreToolUse", "f() { local x=1; echo \"$x\"; }; f", ""},
		{"PreToolUse", "bash -c '[[ a == b ]] && cat <<< x'", ""},
		{"PreToolUse", "grep x <<'E'\n[[ a ]]\nE\n", ""},
		{"PreToolUse", "echo a & echo b", "background-process"},
		// Paths.
		{"PreToolUse", `grep -E '\.(env|pem)$' && exit 2 || exit 0`, ""},
		{"PreToolUse", `sed 's#a\b#c#' x.py`, ""},
		{"PreToolUse", `..\hooks\x.py`, "backslash-path"},
		{"PreToolUse", "python3 scripts/x.py", "script-not-found relative-path"},
		{"PreToolUse", "cd \"$CLAUDE_PROJECT_DIR\" && python3 scripts/x.py", "script-not-found"},
		{"PreToolUse", "[ -f scripts/x.py ] && python3 scripts/x.py", ""},
		{"PreToolUse", "~/bin/x.sh", ""},
		{"PreToolUse", "npx prettier --check src/a.ts", ""},
		{"PreToolUse", "/Users/me/x.sh", "absolute-personal-path"},
		{"PreToolUse", "echo https://example.com/home/page", ""},
		// Verdicts.
		{"PreToolUse", "grep -q rm && { echo denied >&2; exit 1; }", "exit-1-on-blocking-event"},
		{"PreToolUse", "grep -q rm && { echo denied >&2; exit 2; } || exit 1", ""},
		{"PreToolUse", `node -e "console.error('[Hook] BLOCKED'); process.exit(1)"`, "exit-1-on-blocking-event"},
		{"PreToolUse", `node -e "console.error('[Hook] BLOCKED'); process.exit(2)"`, ""},
		{"PreToolUse", `python3 -c "import sys; print('not allowed', file=sys.stderr); sys.exit(1)"`, "exit-1-on-blocking-event"},
		{"PreToolUse", `& "$env:USERPROFILE\x.ps1"`, "windows-only-command"},
		{"Notification", "echo denied >&2; exit 1", ""},
		{"PostToolUse", "command -v jq || exit 1", ""},
		{"PreToolUse", "echo '{\"decision\":\"block\"}' 1>&2", "decision-on-stderr"},
		{"PreToolUse", "echo '{\"decision\":\"block\"}'; echo log >&2", ""},
		{"PreToolUse", "{ echo '{\"decision\": \"block\"}'; } >&2", "decision-on-stderr"},
		{"PreToolUse", "cat >&2 <<E\n{\"hookSpecificOutput\": {}}\nE\n", "decision-on-stderr"},
		// Text no shell reads, and templates that are rendered later.
		{"PreToolUse", "echo 'a", "command-syntax"},
		{"PreToolUse", "{{BIN}} check", "placeholder"},
		{"PreToolUse", "docker ps --format '{{.Names}}'", ""},
	} {
		_, r := checkText(t, ".claude/settings.json", command(tt.event, tt.command))
		if got := names(r); got != tt.want {
			t.Errorf("%s %q: %q, want %q\n%v", tt.event, tt.command, got, tt.want, r.Findings)
		}
	}
}

// Matchers that work are left alone; those that cannot are named.
func TestMatchers(t *testing.T) {
	for _, tt := range []struct{ event, matcher, want string }{
		{"PreToolUse", "", ""}, {"PreToolUse", "*", ""}, {"PreToolUse", ".*", ""}, {"PreToolUse", "Task", ""}, {"PreToolUse", "Edit | Write", ""},
		{"PreToolUse", "^(?!Bash$)", ""}, {"PreToolUse", "Notebook.*", ""}, {"PreToolUse", "mcp__.*", ""}, {"PreToolUse", "mcp__echo__*", ""},
		{"PreToolUse", "mcp__github__create_issue", ""}, {"PreToolUse", "Bash|", ""}, {"PreToolUse", "(Bash|Edit)", ""}, {"PreToolUse", "Ba(s)h", ""},
		{"PreToolUse", "^(apply_patch|write|Write|edit|Edit)$", ""}, {"PreToolUse", "Write|write|Edit|edit", ""}, {"PreToolUse", "KillShell", ""},
		{"PreToolUse", "bash", "matcher-case"}, {"PreToolUse", "BASH|Edit", "matcher-case"}, {"PreToolUse", "/bash/i", "matcher-no-tool"}, {"PreToolUse", "^bash$", "matcher-case"},
		{"PreToolUse", "Bsh", "matcher-unknown-tool"}, {"PreToolUse", "Wirte|Edit", "matcher-unknown-tool"}, {"PreToolUse", "Edit Write", "matcher-unknown-tool"},
		{"PreToolUse", "mcp__", "matcher-mcp-prefix"}, {"PreToolUse", "mcp__my-srv", "matcher-mcp-prefix"}, {"PreToolUse", "mcp__*__echo", "matcher-mcp-prefix"},
		{"PreToolUse", "Bash(", "matcher-invalid-regex"}, {"PreToolUse", "*Bash", "matcher-invalid-regex"}, {"PreToolUse", "(?i)bash", "matcher-invalid-regex"},
		{"PreToolUse", "Bash(*)", "matcher-permission-rule"}, {"PreToolUse", "Bash(git push:*)|Bash(git commit:*)", "matcher-permission-rule"}, {"PreToolUse", "Write(src/**)", "matcher-permission-rule"},
		{"PreToolUse", "Skill(plan-and-analyze.*)", "matcher-permission-rule"},
		{"PreToolUse", `tool == "Bash"`, "matcher-expression"}, {"PreToolUse", "tools:Bash AND command:rm*", "matcher-file-glob"}, {"PreToolUse", "*.py", "matcher-file-glob"},
		{"PreToolUse", "Bash;Edit", "matcher-no-tool"}, {"PreToolUse", "!Bash", "matcher-no-tool"}, {"PreToolUse", ",", "matcher-empty"},
		{"PreToolUse", "Write,Edit", "matcher-comma-list"}, {"PreToolUse", "MultiEdit", "matcher-removed-tool"}, {"PreToolUse", "Edit|MultiEdit", ""},
		{"PreToolUse", "Read|View", ""}, {"PreToolUse", "write_file", "matcher-foreign-tool"},
		{"SessionStart", "startup|resume|clear|compact", ""}, {"SessionStart", "start.*", ""}, {"SessionStart", "startup,init", "matcher-bad-value"}, {"SessionStart", "Bash", "matcher-bad-value"},
		{"PreCompact", "auto", ""}, {"PreCompact", "save|commit", "matcher-bad-value"}, {"Notification", "idle_prompt", ""}, {"Notification", "error", "matcher-bad-value"},
		{"SubagentStop", "anything", ""}, {"SubagentStop", "(", "matcher-invalid-regex"}, {"UserPromptExpansion", "/deploy", "matcher-bad-value"}, {"FileChanged", ".env|a.txt", ""},
		{"Stop", "", ""}, {"Stop", "*", ""}, {"Stop", "Stop", "matcher-ignored"}, {"UserPromptSubmit", "(?i)x", "matcher-ignored"}, {"PostToolBatch", "Bash", "matcher-ignored"},
	} {
		matcher, _ := json.Marshal(tt.matcher)
		_, r := checkText(t, ".claude/settings.json", `{"hooks": {"`+tt.event+`": [{"matcher": `+string(matcher)+`, "hooks": [{"type": "command", "command": "true"}]}]}}`)
		if got := names(r); got != tt.want {
			t.Errorf("%s %q: %q, want %q\n%v", tt.event, tt.matcher, got, tt.want, r.Findings)
		}
	}
}

// Two files may be one, by a link; scripts are found through links.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{".agents/hooks", ".claude", "other"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string, mode os.FileMode) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(".agents/hooks/guard.sh", "#!/bin/sh\nexit 0\n", 0o755)
	write("other/settings.json", command("PreToolUse", `"$CLAUDE_PROJECT_DIR"/.claude/hooks/guard.sh`), 0o644)
	for from, to := range map[string]string{".claude/hooks": "../.agents/hooks", ".claude/settings.json": "../other/settings.json"} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Check(Options{Paths: []string{dir, filepath.Join(dir, ".claude/settings.json")}, Cwd: dir})
	if err != nil || r.Files != 1 || len(r.Findings) != 0 {
		t.Errorf("%d files, %v, %v; want one file and nothing wrong", r.Files, r.Findings, err)
	}
}

// Laws: nothing a file holds makes a check fail; every place is in the file; what
// is mended is still the JSON it was, and mending it again changes nothing.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		command("PreToolUse", "jq -r .user_prompt"), `{"hooks": {"PreTooluse": [{"matcher": "bash", "hooks": [{"command": "x"}]}]}}`,
		`{"hooks": {"Stop": [{"type": "command", "command": "$CLAUDE_PROJECT_DIR/a", "timeout": "5"}, null, {"hooks": {}}]}}`,
		`{"hooks": {"PostToolUse": [{"matcher": "Bash(git *)|mcp__a", "hooks": [{"type": "prompt", "prompt": "\u00e9 ${ARGUMENTS}"}]}]}}`,
		"\ufeff{\"hooks\": {\"preToolUse\": [{\"bash\": \"x\", \"timeoutSec\": 5000}]}}", `{"PreToolUse": [], "hooks": [1]}`, `{"hooks": {"Stop": [{"hooks": [{"type":"command","command":"\ud83d\ude00 ${CLAUDE_PROJECT_DIR}/x"}]}]},}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{".claude/settings.json", ".codex/hooks.json", ".cursor/hooks.json"} {
			path, r := checkText(t, name, text)
			lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
			for _, g := range r.Findings {
				if utf16Marked(text) || g.Pos.Line == 0 {
					continue
				}
				if g.Pos.Line > len(lines) || g.Pos.Col < 1 || g.Pos.Col > len(lines[g.Pos.Line-1])+1 {
					t.Fatalf("%v lies outside of the file", g)
				}
			}
			mendLaws(t, path, text, r)
		}
	})
}

func utf16Marked(text string) bool {
	return strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff")
}

// mendLaws mends the file at path until nothing is left to mend.
func mendLaws(t *testing.T, path, text string, r Report) {
	dir := filepath.Dir(filepath.Dir(path))
	for range 10 {
		n, err := Mend(r.Findings)
		if err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		if doc := loader.ParseDocument("", after); doc.Fault() != nil {
			t.Fatalf("mended to %q: %v", after, doc.Fault())
		}
		if strict := loader.ParseDocument("", []byte(text)); strict.Fault() != nil {
			t.Fatalf("a file that is no strict JSON was mended to %q", after)
		}
		if r, err = Check(Options{Paths: []string{dir}, Cwd: dir}); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("mending %q never ends", text)
}

// A file that Mend has no fix for keeps its bytes.
func TestMendLeavesAlone(t *testing.T) {
	for _, text := range []string{
		`{"hooks": {"PreTooluse": [{"matcher": "bash"}]},}`,
		"// note\n" + `{"hooks": {"PreToolUse": [{"matcher": "bash", "hooks": [{"type": "command", "command": "true"}]}]}}`,
		`{"hooks": {"PreTooluse": [{"matcher": 5}]}}`,
		"\r\n" + `{ "hooks" :{ } , "x":[ ] }` + "\r\n",
	} {
		path, r := checkText(t, ".claude/settings.json", text)
		n, err := Mend(r.Findings)
		if err != nil || n != 0 {
			t.Errorf("%q: %d mended, %v", text, n, err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, []byte(text)) {
			t.Errorf("%q became %q, %v", text, after, err)
		}
	}
}
