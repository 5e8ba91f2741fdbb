package mapper

import (
	"github.com/run-hooks/run-hooks"
)

// OpenCode returns the dialect of OpenCode 1.x, as spoken by the plugin in
// plugins/opencode. OpenCode itself has hooks only for JavaScript, so the wire
// form is ours; sections named here are those of the OpenCode record.
//
// # Request
//
// One JSON object, on one line:
//
//	event      name of the plugin hook ("tool.execute.before") or bus event ("session.idle")
//	directory  absolute; where OpenCode was started
//	worktree   absolute; "/" outside a repository
//	session    id of the session it happened in
//	input      first argument of the hook, or the bus event's properties
//	output     second argument of the hook
//	state      what the plugin remembers of the session, each field optional:
//	  mode       "run", "tui", "serve" or "acp"
//	  auto       true: the client answers every permission question with yes
//	  root       the session the user talks to, where this one is a sub-agent's
//	  agent      name of the session's agent
//	  model      "provider/model"
//	  prompt     id of the user message that is being answered
//	  source     SessionStart is due: "startup", "resume", "fork" or "compact"
//	  mcp        names of the configured MCP servers
//	  duration   milliseconds the tool took
//	  command    {name, arguments} of the command a prompt was made from
//	  stop       {active, last}: continued by a Stop hook before; the model's last text
//
// # Answer
//
// One JSON object that says what the plugin shall do, in this order; {} is nothing:
//
//	log      [text]              write to OpenCode's log
//	tell     [{variant, message}] show the user: a toast, or stderr under `opencode run`
//	args     {…}                 replace all of the tool's arguments
//	allow    true                answer OpenCode's own permission question for this call with "once"
//	output   "text"              replace the tool's result
//	content  [{…}]               replace an MCP tool's result
//	carry    [text]              add to the result of this call; of a prompt: to the session's next one
//	append   [text]              add to the tool's result
//	parts    [text]              add to the user's message
//	context  [text]              add to the prompt that summarises the session
//	env      {name: value}       set for the shell
//	reply    "once" | "reject"   answer the permission question
//	prompt   {session, text}     send the model back to work with text
//	abort    "reason"            end the turn: after the call it was said of, else at once
//	throw    "text"              refuse: the tool is not run, the prompt not sent
func OpenCode() Harness {
	return Harness{
		Name:   "opencode",
		Events: openCodeEvents(),
		Tools:  openCodeTools(),
		Decode: decodeOpenCode,
		Encode: encodeOpenCode,
		Refuse: refuseOpenCode,
	}
}

// The plugin hooks and bus events that carry hooks of Claude's.
const (
	ocBefore  = "tool.execute.before"
	ocAfter   = "tool.execute.after"
	ocMessage = "chat.message"
)

// The order of rows with the same Native is that of the events of one call (§14).
func openCodeEvents() []EventRow {
	return []EventRow{
		{ocMessage, hook.SessionStart, CanContext | CanTell},
		{ocMessage, hook.UserPromptSubmit, CanDeny | CanContext | CanHalt | CanTell},
		{ocBefore, hook.PreToolUse, CanDeny | CanAllow | CanRewrite | CanContext | CanHalt | CanTell},
		{ocAfter, hook.PostToolUse, CanReplace | CanContext | CanContinue | CanHalt | CanTell},
		{ocAfter, hook.PostToolUseFailure, CanContext | CanContinue | CanTell},
	}
}

// openCodeTools is the table of §5.2. apply_patch is not in it: it becomes a
// Write or an Edit for each file (openCodePatch); nor are MCP tools, which are
// named by openCodeMCP. Any other tool keeps its name and its input.
func openCodeTools() []ToolRow {
	return []ToolRow{
		{"bash", "Bash", []FieldRow{{Native: "workdir"}}},
		{"read", "Read", []FieldRow{{Native: "filePath", Claude: "file_path", Path: true}}},
		{"write", "Write", []FieldRow{{Native: "filePath", Claude: "file_path", Path: true}}},
		{"edit", "Edit", []FieldRow{
			{Native: "filePath", Claude: "file_path", Path: true},
			{Native: "oldString", Claude: "old_string"},
			{Native: "newString", Claude: "new_string"},
			{Native: "replaceAll", Claude: "replace_all", Default: "false"},
		}},
		{"glob", "Glob", nil},
		{"grep", "Grep", []FieldRow{{Native: "include", Claude: "glob"}}},
		{"task", "Agent", []FieldRow{{Native: "task_id"}, {Native: "command"}, {Native: "background"}}},
		{"webfetch", "WebFetch", []FieldRow{{Claude: "prompt", Default: `""`}, {Native: "format"}, {Native: "timeout"}}},
		{"websearch", "WebSearch", []FieldRow{
			{Native: "numResults"}, {Native: "livecrawl"}, {Native: "type"}, {Native: "contextMaxCharacters"},
		}},
		{"todowrite", "TodoWrite", []FieldRow{{Native: "todos", Claude: "todos", Items: []FieldRow{
			{Native: "content", Claude: "content"},
			{Native: "content", Claude: "activeForm"},
			{Native: "priority", Default: `"medium"`},
		}}}},
		{"skill", "Skill", []FieldRow{{Native: "name", Claude: "skill"}}},
		{"question", "AskUserQuestion", []FieldRow{{Native: "questions", Claude: "questions", Items: []FieldRow{
			{Native: "multiple", Claude: "multiSelect", Default: "false"},
		}}}},
		{"lsp", "LSP", nil},
		{"plan_exit", "ExitPlanMode", nil},
		{"list_mcp_resources", "ListMcpResourcesTool", nil},
		{"read_mcp_resource", "ReadMcpResourceTool", nil},
	}
}
