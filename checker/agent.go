package checker

import (
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks/loader"
)

// A dialect is what is known of another agent's own hook files: enough to tell
// what the agent would do with one (harnesses record §5, §6, §8 to §10).
type dialect struct {
	kind   Kind
	agent  string
	events string            // the agent's events, separated by blanks
	claude map[string]string // Claude's events, and what they are called here
	tools  map[string]string // Claude's tools, and what they are called here
	flat   bool              // handlers stand directly in the event's array
	nested bool              // …or in groups as well
	ms     bool              // timeouts are milliseconds
	either bool              // a timeout of 1000 and more is milliseconds
	exact  bool              // matchers know Claude's names of tools
	types  string            // handler types that run
	strict bool              // one event or entry it does not know drops the file
	fields string            // what may stand for "command"
	unit   string            // the key of the timeout
}

// dialects returns what is known, an agent a row.
func dialects() []dialect {
	return []dialect{
		{kind: Cursor, agent: "Cursor", flat: true, strict: true, types: "command prompt", fields: "command prompt", unit: "timeout",
			events: `sessionStart sessionEnd preToolUse postToolUse postToolUseFailure subagentStart subagentStop beforeShellExecution
afterShellExecution beforeMCPExecution afterMCPExecution beforeReadFile afterFileEdit beforeSubmitPrompt preCompact stop
afterAgentResponse afterAgentThought beforeTabFileRead afterTabFileEdit workspaceOpen`,
			claude: map[string]string{"UserPromptSubmit": "beforeSubmitPrompt", "PreToolUse": "preToolUse", "PostToolUse": "postToolUse", "Stop": "stop",
				"SessionStart": "sessionStart", "SessionEnd": "sessionEnd", "SubagentStart": "subagentStart", "SubagentStop": "subagentStop", "PreCompact": "preCompact", "PostToolUseFailure": "postToolUseFailure"},
			tools: map[string]string{"Bash": "Shell", "Edit": "Write", "Agent": "Task"}},
		{kind: Copilot, agent: "Copilot CLI", flat: true, nested: true, types: "command http prompt", fields: "bash powershell command exec url prompt", unit: "timeoutSec",
			events: `sessionStart sessionEnd userPromptSubmitted userPromptTransformed preToolUse postToolUse postToolUseFailure agentStop
subagentStart subagentStop errorOccurred preCompact permissionRequest notification preMcpToolCall
SessionStart SessionEnd UserPromptSubmit PreToolUse PostToolUse PostToolUseFailure Stop SubagentStart SubagentStop PreCompact PermissionRequest Notification`,
			claude: map[string]string{}, tools: map[string]string{"Bash": "bash", "Write": "create", "Edit": "edit", "Read": "view", "Glob": "glob", "Grep": "grep"}},
		{kind: Gemini, agent: "Gemini CLI", ms: true, types: "command", fields: "command", unit: "timeout",
			events: `SessionStart SessionEnd BeforeAgent AfterAgent BeforeTool AfterTool PreCompress Notification BeforeModel AfterModel BeforeToolSelection`,
			claude: map[string]string{"PreToolUse": "BeforeTool", "PostToolUse": "AfterTool", "UserPromptSubmit": "BeforeAgent", "Stop": "AfterAgent", "PreCompact": "PreCompress"},
			tools: map[string]string{"Bash": "run_shell_command", "Write": "write_file", "Edit": "replace", "Read": "read_file", "Glob": "glob", "Grep": "grep_search",
				"WebFetch": "web_fetch", "WebSearch": "google_web_search", "TodoWrite": "write_todos"}},
		{kind: Factory, agent: "Droid", strict: true, types: "command", fields: "command", unit: "timeout",
			events: `PreToolUse PostToolUse Notification UserPromptSubmit Stop SubagentStop PreCompact SessionStart SessionEnd`,
			claude: map[string]string{}, tools: map[string]string{"Bash": "Execute", "Write": "Create", "WebFetch": "FetchUrl"}},
		{kind: Qwen, agent: "Qwen Code", either: true, exact: true, types: "command http prompt function", fields: "command url prompt", unit: "timeout",
			events: `PreToolUse PostToolUse PostToolUseFailure PostToolBatch UserPromptSubmit UserPromptExpansion SessionStart SessionEnd SessionDelete
MessageDisplay Stop StopFailure SubagentStart SubagentStop PreCompact PostCompact Notification PermissionRequest PermissionDenied TodoCreated TodoCompleted InstructionsLoaded`,
			claude: map[string]string{}},
	}
}

// dialectFor returns the row of a kind.
func dialectFor(kind Kind) (dialect, bool) {
	for _, d := range dialects() {
		if d.kind == kind {
			return d, true
		}
	}
	return dialect{}, false
}

// knows reports whether the agent has an event of that name.
func (d dialect) knows(event string) bool { return slices.Contains(strings.Fields(d.events), event) }

// dialectOf tells by its events and fields whose file an object of hooks is; ok
// is false if it cannot be told.
func dialectOf(hooks loader.Node) (d dialect, ok bool) {
	best := 0
	for _, row := range dialects() {
		score := 0
		for _, m := range hooks.Members() {
			if row.knows(m.Name) && !isEvent(m.Name) {
				score += 2
			}
			for _, e := range m.Value.Elements() {
				if row.kind == Copilot && (e.Get("bash").Exists() || e.Get("powershell").Exists() || e.Get("timeoutSec").Exists()) {
					score++
				}
			}
		}
		if score > best {
			best, d, ok = score, row, true
		}
	}
	return d, ok
}

// foreignEvent returns the event of Claude's that another agent's is, and the
// agent; "" if none has an event of that name.
func foreignEvent(name string) (claude, agent string) {
	for _, d := range dialects() {
		for c, native := range d.claude {
			if native == name {
				return c, d.agent
			}
		}
	}
	for native, c := range map[string]string{"agentStop": "Stop", "userPromptSubmitted": "UserPromptSubmit", "beforeShellExecution": "PreToolUse", "afterFileEdit": "PostToolUse"} {
		if native == name {
			agent = "Cursor"
			if name == "agentStop" || name == "userPromptSubmitted" {
				agent = "Copilot CLI"
			}
			return c, agent
		}
	}
	return "", ""
}

// foreignToolName returns the tool of Claude's that another agent's is, and the
// agent; "" if none is known to have a tool of that name.
func foreignToolName(name string) (claude, agent string) {
	for _, d := range dialects() {
		for _, c := range toolNames() {
			if d.tools[c] == name && name != c {
				return c, d.agent
			}
		}
	}
	others := map[string][2]string{
		"search_file_content": {"Grep", "Gemini CLI"}, "list_directory": {"Glob", "Gemini CLI"}, "read_many_files": {"Read", "Gemini CLI"},
		"todo_write": {"TodoWrite", "Qwen Code"}, "str_replace_editor": {"Edit", "Copilot CLI"}, "str_replace": {"Edit", "Copilot CLI"}, "apply_patch": {"Edit|Write", "Codex"},
		"shell": {"Bash", "Codex"}, "exec_command": {"Bash", "Codex"}, "spawn_agent": {"Agent", "Codex"}, "view_image": {"Read", "Codex"},
		"ApplyPatch": {"Edit", "Droid"}, "Delete": {"Bash", "Cursor"}, "View": {"Read", "another agent"}, "editFiles": {"Edit", "VS Code"},
		"create_file": {"Write", "VS Code"}, "replace_string_in_file": {"Edit", "VS Code"}, "run_in_terminal": {"Bash", "VS Code"},
		"patch": {"Edit", "OpenCode"}, "multiedit": {"Edit", "OpenCode"}, "multi_edit": {"Edit", "another agent"}, "list": {"Glob", "OpenCode"}, "webfetch": {"WebFetch", "OpenCode"},
	}
	row := others[name]
	return row[0], row[1]
}
