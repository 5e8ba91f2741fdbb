package hook

import (
	"encoding/json"
	"fmt"
	"runtime"
	"time"
)

// A HandlerType says how a handler is run.
type HandlerType string

const (
	Command HandlerType = "command"
	HTTP    HandlerType = "http"
	MCPTool HandlerType = "mcp_tool"
	Prompt  HandlerType = "prompt"
	Agent   HandlerType = "agent"
)

// A Scope is the kind of place a handler was configured in.
type Scope string

// The scopes, lowest precedence first.
const (
	ScopeUser     Scope = "user"
	ScopeProject  Scope = "project"
	ScopeLocal    Scope = "local"
	ScopeOpenCode Scope = "opencode" // .opencode/hooks.json
	ScopeCodex    Scope = "codex"    // .codex/hooks.json, .codex/config.toml
	ScopeManaged  Scope = "managed"
	ScopePlugin   Scope = "plugin"
)

// ManagedDir is where the system keeps managed settings (reference §3.1). It
// cannot be moved from the environment: nobody may step round them.
func ManagedDir() string {
	switch runtime.GOOS {
	case "darwin":
		return "/Library/Application Support/ClaudeCode"
	case "windows":
		return `C:\Program Files\ClaudeCode`
	}
	return "/etc/claude-code"
}

// A Handler is everything a config says about one hook, and where it says it.
type Handler struct {
	Type    HandlerType
	Event   EventName
	Matcher string        // of the group, as written; "" if there is none
	If      string        // condition, one permission rule; "" is no condition
	Timeout time.Duration // 0: not given

	Command string   // command: shell text, or with Exec the program
	Exec    bool     // command: "args" is present, no shell is used
	Args    []string // command, with Exec
	Shell   string   // command: "bash", "powershell" or "" (not given: bash)

	Async       bool // command: not waited for
	AsyncRewake bool // command: not waited for; exit status 2 wakes the model

	URL            string            // http
	Headers        map[string]string // http
	AllowedEnvVars []string          // http: names that header values may use

	Server string          // mcp_tool
	Tool   string          // mcp_tool
	Input  json.RawMessage // mcp_tool; nil if not given

	Prompt          string // prompt, agent
	Model           string // prompt, agent
	ContinueOnBlock bool   // prompt

	FailClosed    bool   // onFailure "block" or failClosed: a failure counts as exit status 2
	StatusMessage string // what the user is shown meanwhile

	PluginRoot string // of a plugin's hook: CLAUDE_PLUGIN_ROOT
	PluginData string // of a plugin's hook: CLAUDE_PLUGIN_DATA

	Scope Scope
	Pos   Pos
}

// Label is what stands for the handler in the texts Claude Code makes of its
// answer: the command as configured, the URL, server/tool, or the prompt.
func (h *Handler) Label() string {
	switch h.Type {
	case HTTP:
		return h.URL
	case MCPTool:
		return h.Server + "/" + h.Tool
	case Prompt, Agent:
		return h.Prompt
	}
	return h.Command
}

// Limit is how long the handler may take on an event: its own timeout, else the
// default of its type or of the event (§8).
func (h *Handler) Limit(spec EventSpec) time.Duration {
	switch {
	case h.Timeout > 0:
		return h.Timeout
	case h.Type == Prompt:
		return 30 * time.Second
	case h.Type == Agent:
		return 60 * time.Second
	case spec.Timeout > 0:
		return spec.Timeout
	}
	return DefaultTimeout
}

// Pos is a place in a config file. Lines and columns count from one, columns in
// bytes; a zero Line means the file as a whole.
type Pos struct {
	File string
	Line int
	Col  int
}

// String returns file:line:col, or the file alone.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}
