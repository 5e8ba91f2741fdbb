package hook

import (
	"encoding/json"
	"path"
	"strings"
	"time"
)

// An EventName is the name of a hook event, as Claude Code spells it.
type EventName string

// The 33 events Claude Code 2.1.328 knows (§1.1).
const (
	PreToolUse          EventName = "PreToolUse"
	PostToolUse         EventName = "PostToolUse"
	PostToolUseFailure  EventName = "PostToolUseFailure"
	PostToolBatch       EventName = "PostToolBatch"
	Notification        EventName = "Notification"
	UserPromptSubmit    EventName = "UserPromptSubmit"
	UserPromptExpansion EventName = "UserPromptExpansion"
	SessionStart        EventName = "SessionStart"
	SessionEnd          EventName = "SessionEnd"
	Stop                EventName = "Stop"
	StopFailure         EventName = "StopFailure"
	SubagentStart       EventName = "SubagentStart"
	SubagentStop        EventName = "SubagentStop"
	PreCompact          EventName = "PreCompact"
	PostCompact         EventName = "PostCompact"
	PreModelSwitch      EventName = "PreModelSwitch"
	PostModelSwitch     EventName = "PostModelSwitch"
	PermissionRequest   EventName = "PermissionRequest"
	PermissionDenied    EventName = "PermissionDenied"
	Setup               EventName = "Setup"
	TeammateIdle        EventName = "TeammateIdle"
	TaskCreated         EventName = "TaskCreated"
	TaskCompleted       EventName = "TaskCompleted"
	Elicitation         EventName = "Elicitation"
	ElicitationResult   EventName = "ElicitationResult"
	ConfigChange        EventName = "ConfigChange"
	WorktreeCreate      EventName = "WorktreeCreate"
	WorktreeRemove      EventName = "WorktreeRemove"
	InstructionsLoaded  EventName = "InstructionsLoaded"
	CwdChanged          EventName = "CwdChanged"
	FileChanged         EventName = "FileChanged"
	DirectoryAdded      EventName = "DirectoryAdded"
	MessageDisplay      EventName = "MessageDisplay"
)

// A Grammar is the way hooks of an event give a verdict.
type Grammar int

const (
	// Observes: no output of a hook stops anything.
	Observes Grammar = iota
	// Blocks: exit status 2 and "decision": "block" stop or send back.
	Blocks
	// Permits: PreToolUse. permissionDecision, exit status 2, and the old
	// "decision": "approve"/"block" (§7.3).
	Permits
	// Answers: PermissionRequest. Only hookSpecificOutput.decision counts (§7.5).
	Answers
	// Switches: PreModelSwitch. As Blocks, and permissionDecision "deny"; a
	// hook that times out blocks too (reference §1.3, §4.6).
	Switches
	// Declines: Elicitation, ElicitationResult. Only exit status 2 counts, and
	// answers "decline" (reference §1.3).
	Declines
	// MustSucceed: any exit status but 0 blocks (WorktreeCreate, WorktreeRemove).
	MustSucceed
)

// Plain is what a hook's stdout means when it is not JSON.
type Plain int

const (
	PlainNothing      Plain = iota // kept in the log only
	PlainContext                   // given to the model, at exit status 0
	PlainInstructions              // PreCompact: extra instructions for the summary
	PlainPath                      // WorktreeCreate: the last line is the worktree's path
)

// A Race says which verdict ends the wait for the other hooks of a firing.
type Race int

const (
	WaitAll      Race = iota // every hook is waited for
	FirstVerdict             // the first block, continue:false or permission answer wins, the rest is killed
	FirstHalt                // only continue:false ends the wait (PostToolUse, §5)
)

// An EventSpec is one row of the event table: all that the program knows about
// an event. Adding an event is adding a row.
type EventSpec struct {
	Name    EventName
	Subject string        // payload field that matchers are compared with; "" where a matcher is ignored (§3.2)
	Grammar Grammar       // how a hook gives a verdict
	Plain   Plain         // what stdout means when it is not JSON
	Context bool          // additionalContext reaches the model
	Alone   bool          // a block leaves no room for context and messages (§7.2)
	Lead    bool          // plain stdout stands before additionalContext (§5)
	Message bool          // systemMessage reaches the user
	Halt    bool          // continue:false ends the turn
	Own     bool          // there is a hookSpecificOutput of this event's name (§7.1)
	Narrow  bool          // a matcher is a list of names only without hyphens, blanks and commas (reference §5.1)
	Tool    bool          // carries tool_name and tool_input: "if" is evaluated (§10.2)
	Mode    bool          // the payload carries permission_mode (§1.2)
	EnvFile bool          // hooks get CLAUDE_ENV_FILE (§2)
	Race    Race          // what ends the wait
	Timeout time.Duration // default of command, http and mcp_tool handlers; 0 is DefaultTimeout
	Types   Types         // handler types that are run; others are skipped with a reason
	// Unblocked: onFailure "block" has no effect (reference §4.2).
	Unblocked bool
	// Extra are the fields of hookSpecificOutput that are passed on by their own name.
	Extra []string
}

// DefaultTimeout is how long a command, http or mcp_tool handler may take where
// neither it nor its event says otherwise (§8).
const DefaultTimeout = 600 * time.Second

// Types is a set of handler types.
type Types uint8

const (
	typeCommand Types = 1 << iota
	typeHTTP
	typeMCP
	typePrompt
	typeAgent

	observing = typeCommand | typeHTTP | typeMCP
	anyType   = observing | typePrompt | typeAgent
)

// Has reports whether handlers of type t are in the set.
func (s Types) Has(t HandlerType) bool {
	switch t {
	case Command:
		return s&typeCommand != 0
	case HTTP:
		return s&typeHTTP != 0
	case MCPTool:
		return s&typeMCP != 0
	case Prompt:
		return s&typePrompt != 0
	case Agent:
		return s&typeAgent != 0
	}
	return false
}

// Events returns the event table, in the order of §1.1.
func Events() []EventSpec {
	return []EventSpec{
		{Name: PreToolUse, Subject: "tool_name", Grammar: Permits, Context: true, Message: true, Halt: true, Own: true, Tool: true, Mode: true, Types: anyType},
		{Name: PostToolUse, Subject: "tool_name", Grammar: Blocks, Context: true, Message: true, Halt: true, Own: true, Tool: true, Mode: true, Race: FirstHalt, Types: anyType},
		{Name: PostToolUseFailure, Subject: "tool_name", Grammar: Blocks, Context: true, Message: true, Own: true, Tool: true, Mode: true, Types: anyType},
		{Name: PostToolBatch, Grammar: Blocks, Context: true, Message: true, Halt: true, Own: true, Mode: true, Types: anyType},
		{Name: Notification, Subject: "notification_type", Own: true, Types: observing},
		{Name: UserPromptSubmit, Grammar: Blocks, Alone: true, Plain: PlainContext, Context: true, Message: true, Halt: true, Own: true, Mode: true, Race: FirstVerdict, Timeout: 30 * time.Second, Types: anyType, Extra: []string{"sessionTitle", "suppressOriginalPrompt"}},
		{Name: UserPromptExpansion, Subject: "command_name", Grammar: Blocks, Alone: true, Plain: PlainContext, Context: true, Message: true, Halt: true, Own: true, Mode: true, Race: FirstVerdict, Types: anyType, Extra: []string{"suppressOriginalPrompt"}},
		{Name: SessionStart, Subject: "source", Plain: PlainContext, Lead: true, Context: true, Message: true, Own: true, EnvFile: true, Types: typeCommand, Extra: []string{"initialUserMessage", "sessionTitle", "watchPaths", "reloadSkills"}},
		{Name: SessionEnd, Subject: "reason", Timeout: 1500 * time.Millisecond, Types: observing},
		{Name: Stop, Grammar: Blocks, Context: true, Message: true, Halt: true, Own: true, Mode: true, Types: anyType, Unblocked: true},
		{Name: StopFailure, Subject: "error", Narrow: true, Types: observing},
		{Name: SubagentStart, Subject: "agent_type", Context: true, Own: true, Types: observing},
		{Name: SubagentStop, Subject: "agent_type", Grammar: Blocks, Context: true, Halt: true, Own: true, Mode: true, Types: anyType, Unblocked: true},
		{Name: PreCompact, Subject: "trigger", Grammar: Blocks, Plain: PlainInstructions, Types: observing},
		{Name: PostCompact, Subject: "trigger", Types: observing},
		{Name: PreModelSwitch, Subject: "to_model", Grammar: Switches, Message: true, Halt: true, Own: true, Timeout: 30 * time.Second, Types: observing},
		{Name: PostModelSwitch, Subject: "to_model", Plain: PlainContext, Context: true, Message: true, Own: true, Timeout: 30 * time.Second, Types: observing},
		{Name: PermissionRequest, Subject: "tool_name", Grammar: Answers, Message: true, Own: true, Tool: true, Mode: true, Race: FirstVerdict, Types: observing | typePrompt},
		{Name: PermissionDenied, Subject: "tool_name", Own: true, Tool: true, Mode: true, Types: anyType, Extra: []string{"retry"}},
		{Name: Setup, Subject: "trigger", Own: true, EnvFile: true, Types: typeCommand},
		{Name: TeammateIdle, Grammar: Blocks, Message: true, Halt: true, Types: anyType, Unblocked: true},
		{Name: TaskCreated, Grammar: Blocks, Message: true, Types: anyType},
		{Name: TaskCompleted, Grammar: Blocks, Message: true, Halt: true, Types: anyType, Unblocked: true},
		{Name: Elicitation, Subject: "mcp_server_name", Grammar: Declines, Own: true, Types: observing, Extra: []string{"action", "content"}},
		{Name: ElicitationResult, Subject: "mcp_server_name", Grammar: Declines, Own: true, Types: observing, Extra: []string{"action", "content"}},
		{Name: ConfigChange, Subject: "source", Grammar: Blocks, Types: observing},
		{Name: WorktreeCreate, Grammar: MustSucceed, Plain: PlainPath, Own: true, Types: observing, Extra: []string{"worktreePath"}},
		{Name: WorktreeRemove, Grammar: MustSucceed, Types: observing},
		{Name: InstructionsLoaded, Subject: "load_reason", Types: observing},
		{Name: CwdChanged, Message: true, Own: true, EnvFile: true, Types: observing, Extra: []string{"watchPaths"}},
		{Name: FileChanged, Subject: "file_path", Narrow: true, Message: true, Own: true, EnvFile: true, Types: observing, Extra: []string{"watchPaths"}},
		{Name: DirectoryAdded, Subject: "source", Message: true, Types: observing},
		{Name: MessageDisplay, Own: true, Timeout: 10 * time.Second, Types: observing, Extra: []string{"displayContent"}},
	}
}

// Spec returns the row of the event table for name; ok is false if there is none.
func Spec(name EventName) (spec EventSpec, ok bool) {
	for _, s := range Events() {
		if s.Name == name {
			return s, true
		}
	}
	return EventSpec{}, false
}

// An Event is one thing that happened in an agent's session, in Claude's schema
// whatever agent reported it.
type Event struct {
	Spec    EventSpec
	Payload Object // what hooks read on stdin; fields no one here understands pass through unchanged
	For     Audience

	// Dir is the directory that hooks are run in; "" is the payload's cwd, which may
	// be one that the model has chosen for the call.
	Dir string

	// Blurred: the agent has put a "_" for each "-" in the name of the tool, and
	// perhaps its own mark behind it. A matcher, or a rule, that names the tool as
	// Claude Code does means it all the same.
	Blurred bool
}

// An Audience says whose hooks an event is for. One native call can be shown in
// two shapes: a patch is one apply_patch to a hook written for Codex, and an edit
// of each file to one written for Claude.
type Audience int

const (
	Everyone   Audience = iota
	CodexHooks          // those of a .codex file alone
	OtherHooks          // all but those of a .codex file
)

// Has reports whether hooks of scope s are meant.
func (a Audience) Has(s Scope) bool {
	return a == Everyone || (a == CodexHooks) == (s == ScopeCodex)
}

// String returns the string field name of the payload, "" if it is absent or no string.
func (e *Event) String(name string) string {
	raw, _ := e.Payload.Get(name)
	return Text(raw)
}

// Subject returns the text that matchers are compared with, "" for an event
// without one. A file is compared by its base name, a model without its [1m]
// suffix (reference §1.1).
func (e *Event) Subject() string {
	switch e.Spec.Subject {
	case "":
		return ""
	case "file_path":
		return path.Base(e.String("file_path"))
	case "to_model":
		return strings.TrimSuffix(e.String("to_model"), "[1m]")
	}
	return e.String(e.Spec.Subject)
}

// ToolInput returns the payload's tool_input, nil for an event without a tool
// or one whose tool_input is not an object.
func (e *Event) ToolInput() Object {
	raw, ok := e.Payload.Get("tool_input")
	if !ok {
		return nil
	}
	input, err := ParseObject(raw)
	if err != nil {
		return nil
	}
	return input
}

// Text returns the string that raw is the JSON text of, "" if it is no string.
func Text(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
