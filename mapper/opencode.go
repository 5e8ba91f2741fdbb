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
//	output     second argument of the hook; of permission.asked {tool, args} of the call
//	state      what the plugin remembers of the session, each field optional:
//	  mode       "run", "tui", "serve" or "acp"
//	  auto       true: the client answers every permission question with yes
//	  root       the session the user talks to, where this one is a sub-agent's
//	  agent      name of the session's agent
//	  model      "provider/model"
//	  prompt     id of the user's prompt that is being answered
//	  source     SessionStart is due: "startup", "resume" or "fork"
//	  mcp        names of the configured MCP servers
//	  duration   milliseconds the tool took
//	  command    {name, arguments} of the command a prompt was made from
//	  user       true: a prompt was not made by the tool task
//	  stop       {count, last}: how often Stop hooks have sent the model back to
//	             work since the user's last prompt; the model's last text
//	  trigger    what a compaction was started by: "manual" or "auto"
//	  summary    the text that a compaction has put in place of the conversation
//
// Three events are the plugin's own: "notification" (input: {kind, tool, text}),
// and two that have no hooks and are answered by the program itself, "transcript"
// (see [OpenCodeTranscript]) and "status".
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
//	carry    [text]              add to the result of this call; of a prompt or command: to the
//	                             session's next prompt; of a compaction: to what the model reads from now on
//	append   [text]              add to the tool's result
//	parts    [text]              add to the user's message
//	context  [text]              add to the prompt that summarises the session
//	env      {name: value}       set for the shell
//	reply    "once" | "reject"   answer the permission question
//	message  "text"              what the model reads of a rejection
//	prompt   "text"              send the model back to work with text
//	abort    "reason"            end the turn: after the call it was said of, else at once
//	throw    "text"              refuse: the tool is not run, the prompt not sent
func OpenCode() Harness {
	return Harness{
		Name:      "opencode",
		Uncleaned: true,
		Events:    openCodeEvents(),
		Tools:     openCodeTools(),
		Decode:    decodeOpenCode,
		Encode:    encodeOpenCode,
		Refuse:    refuseOpenCode,
	}
}

// The plugin hooks and bus events that carry hooks of Claude's.
const (
	ocMessage    = "chat.message"
	ocCommand    = "command.execute.before"
	ocBefore     = "tool.execute.before"
	ocAfter      = "tool.execute.after"
	ocPart       = "message.part.updated" // of a tool that failed
	ocAsked      = "permission.asked"
	ocReplied    = "permission.replied" // with a rejection
	ocIdle       = "session.idle"
	ocError      = "session.error"
	ocCompacting = "experimental.session.compacting"
	ocCompacted  = "session.compacted"
	ocNotify     = "notification"
	ocEdited     = "file.edited"
	ocWatched    = "file.watcher.updated"
	ocDeleted    = "session.deleted"
	ocDispose    = "dispose"
)

// The order of rows with the same Native is that of the events of one call (§14).
// What a row lacks is told or refused: PreCompact cannot stop a compaction (§11),
// no call can be made to ask that OpenCode would let pass (§10.3).
func openCodeEvents() []EventRow {
	const feedback = CanContext | CanContinue | CanTell
	return []EventRow{
		{ocCommand, hook.SessionStart, CanContext | CanTell},
		{ocCommand, hook.UserPromptExpansion, CanDeny | CanContext | CanHalt | CanTell},
		{ocMessage, hook.SessionStart, CanContext | CanTell},
		{ocMessage, hook.UserPromptSubmit, CanDeny | CanContext | CanHalt | CanTell},
		{ocMessage, hook.SubagentStart, CanContext},
		{ocMessage, hook.PreToolUse, CanDeny | CanContext | CanTell}, // of a file in a sub-agent's prompt
		{ocBefore, hook.PreToolUse, CanDeny | CanAllow | CanRewrite | CanContext | CanHalt | CanTell},
		{ocAsked, hook.PermissionRequest, CanDeny | CanAllow | CanTell},
		{ocReplied, hook.PermissionDenied, CanContext},
		{ocAfter, hook.PostToolUseFailure, feedback},
		{ocAfter, hook.PostToolUse, feedback | CanReplace | CanHalt},
		{ocPart, hook.PostToolUseFailure, feedback},
		{ocIdle, hook.Stop, feedback | CanHalt},
		{ocIdle, hook.SubagentStop, CanContext | CanContinue | CanHalt},
		{ocError, hook.StopFailure, 0},
		{ocCompacting, hook.PreCompact, CanContext},
		{ocCompacted, hook.PostCompact, 0},
		{ocCompacted, hook.SessionStart, CanContext | CanTell},
		{ocNotify, hook.Notification, 0},
		{ocEdited, hook.FileChanged, CanTell},
		{ocWatched, hook.FileChanged, CanTell},
		{ocDeleted, hook.SessionEnd, 0},
		{ocDispose, hook.SessionEnd, 0},
	}
}

// An ocVerb is what is done with a native event.
type ocVerb struct {
	events func(*ocRequest, *Harness) ([]hook.Event, error)
	answer func(*ocAnswer, *Harness, *ocRequest, []hook.Event, []hook.Decision)
	stops  bool // a refusal can stop it
}

func openCodeVerbs() map[string]ocVerb {
	return map[string]ocVerb{
		ocMessage:    {(*ocRequest).message, (*ocAnswer).prompt, true},
		ocCommand:    {(*ocRequest).command, (*ocAnswer).prompt, true},
		ocBefore:     {(*ocRequest).before, (*ocAnswer).call, true},
		ocAfter:      {(*ocRequest).after, (*ocAnswer).result, false},
		ocPart:       {(*ocRequest).failed, (*ocAnswer).result, false},
		ocAsked:      {(*ocRequest).asked, (*ocAnswer).permission, false},
		ocReplied:    {(*ocRequest).replied, (*ocAnswer).rejected, false},
		ocIdle:       {(*ocRequest).idle, (*ocAnswer).stop, false},
		ocError:      {(*ocRequest).failure, (*ocAnswer).observed, false},
		ocCompacting: {(*ocRequest).compacting, (*ocAnswer).compaction, false},
		ocCompacted:  {(*ocRequest).compacted, (*ocAnswer).observed, false},
		ocNotify:     {(*ocRequest).notification, (*ocAnswer).observed, false},
		ocEdited:     {(*ocRequest).fileChanged, (*ocAnswer).observed, false},
		ocWatched:    {(*ocRequest).fileChanged, (*ocAnswer).observed, false},
		ocDeleted:    {(*ocRequest).ended, (*ocAnswer).observed, false},
		ocDispose:    {(*ocRequest).ended, (*ocAnswer).observed, false},
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
		{"lsp", "LSP", []FieldRow{{Native: "filePath", Claude: "filePath", Path: true}}},
		{"plan_exit", "ExitPlanMode", nil},
		{"list_mcp_resources", "ListMcpResourcesTool", nil},
		{"read_mcp_resource", "ReadMcpResourceTool", nil},
	}
}
