package hook

import "encoding/json"

// A Permission answers "may this go on?". Of two, the greater prevails (§5:
// deny over defer over ask over allow).
type Permission int

const (
	NoOpinion Permission = iota
	Allow
	Ask
	Defer
	Deny
)

// String returns the word hooks use for p; NoOpinion is "none".
func (p Permission) String() string {
	return [...]string{"none", "allow", "ask", "defer", "deny"}[p]
}

// A Decision is what all hooks that ran for one event ask of the agent,
// together. The zero Decision asks for nothing.
//
// On every event that can block, a block is Deny: on PreToolUse it refuses the
// call, on Stop it sends the model back to work, on UserPromptSubmit it drops
// the prompt.
type Decision struct {
	Permission    Permission
	Reason        string // the text the model (for a prompt: the user) is given for it
	Halt          bool   // "continue": false: the turn ends
	StopReason    string
	UpdatedInput  json.RawMessage // nil: unchanged
	UpdatedOutput json.RawMessage // nil: unchanged
	Context       []string        // texts for the model, in order of finishing
	Messages      []string        // texts for the user
	Extra         Object          // event-specific output, by its own name
	Notes         []string        // what went wrong or was raced without changing the decision, for people
}

// Verdict returns the word for d's permission on an event: on PreToolUse and
// PermissionRequest a Permission's own, on the others "block" or "none".
func (d *Decision) Verdict(g Grammar) string {
	if g == Permits || g == Answers {
		return d.Permission.String()
	}
	if d.Permission == Deny {
		return "block"
	}
	return NoOpinion.String()
}
