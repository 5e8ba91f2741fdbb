// Package mapper translates between the dialects of coding agents and Claude's
// hook schema: a native event becomes one or several Claude events, and the
// decisions on them become one answer in the agent's own words. It touches
// nothing outside its arguments.
//
// To add a harness, write mapper/<name>.go with one Harness of tables and three
// functions, add it to Harnesses, capture testdata/<name> from the real client,
// and write testscripts/<name>.
package mapper

import (
	"github.com/run-hooks/run-hooks"
)

// A Harness is one coding agent's hook dialect.
type Harness struct {
	Name   string
	Events []EventRow
	Tools  []ToolRow

	// Unpaired are the native events that are known to have no pair in Claude's
	// schema. Any other name without a row is news to run-hooks, and told.
	Unpaired []string

	// Unawaited are the native events whose hooks the agent does not wait for. What
	// they decide counts when the turn ends, so that its end waits for them.
	Unawaited []string

	// Runs are the scopes whose hooks the agent runs itself, by default. They are
	// left to it: a bridge beside it would run them twice (harnesses record §2).
	Runs []hook.Scope

	// Patience returns how many seconds the agent waits for an answer to a native
	// event, whatever its config says: what is not answered by then, it does. 0, and
	// no function, is for ever.
	Patience func(native string) int

	// Uncleaned: the client leaves the .. in an absolute path to the system. A guard is
	// asked about such a path, too, and not only about the one without.
	Uncleaned bool

	// Blind are arguments of the client's command line with which it asks no hook
	// about the calls of its model. A prompt is refused there if a hook guards calls.
	Blind []string

	// Session returns the id of the session a native event belongs to. A harness
	// that has it keeps a memory for each session: what Decode and Encode return as
	// Memory, they are given again at the next event, by whatever process answers
	// it. nil: it remembers nothing.
	Session func(native hook.Object) string

	// Decode reads one native event. An error means that the bytes are not what
	// the agent sends; the caller then answers by Refuse where guards are
	// configured. A native event that has no pair in Claude's schema is a Call
	// without events, not an error.
	Decode func(h *Harness, native []byte, at Place) (Call, error)

	// Encode answers c. ds holds the decision on each of c.Events, in their order.
	Encode func(h *Harness, c Call, ds []hook.Decision) Response

	// Refuse is the answer when run-hooks itself could not do its work: whatever
	// stops the action in this agent, with text as the reason. event is the
	// native event's name, "" if not even that is known.
	Refuse func(h *Harness, event, text string) Response
}

// An EventRow pairs a native event with the Claude event its hooks run for, and
// says what of a decision the agent can carry out there.
type EventRow struct {
	Native string
	Claude hook.EventName
	Can    Ability
}

// Ability is a set of things an agent can do with a decision. What it cannot is
// turned into a denial, or counted and told, by Encode: never dropped in silence.
type Ability uint16

const (
	CanDeny     Ability = 1 << iota // stop the action
	CanAsk                          // ask the user
	CanAllow                        // skip the agent's own permission question
	CanRewrite                      // replace the tool's input
	CanReplace                      // replace the tool's output
	CanContext                      // give the model a text
	CanContinue                     // send the model back to work
	CanHalt                         // end the turn
	CanTell                         // show the user a message

	NeverSent // nothing: the agent documents the event, and was never seen to send it
)

// A ToolRow pairs a native tool with Claude's, field by field.
type ToolRow struct {
	Native string
	Claude string
	Fields []FieldRow
}

// A FieldRow pairs one input field with Claude's. Fields without a row pass
// through under their own name.
//
// Where Claude is "", Claude's tool has no such field: hooks see it under its
// native name, and a rewrite that does not name it keeps the original's value.
// Where Native is "", the native tool has none: hooks see Default, and what they
// make of it is dropped.
type FieldRow struct {
	Native  string
	Claude  string
	Path    bool       // hooks see it absolute
	Items   []FieldRow // the fields of its elements, where it is an array of objects
	Default string     // JSON text of the value the receiving side gets where there is none; "" for no value
}

// A Place is what Decode is told of the world, as it may not look for itself.
type Place struct {
	Home  string // the user's home directory
	State string // the directory run-hooks keeps its own per-user files in, absolute; "" is <Home>/.local/state/run-hooks
	Cwd   string // the directory run-hooks was started in, absolute
	Event string // native event given on the command line, "" if it is in the payload

	Memory hook.Object // what the harness remembers of the session
}

// A Call is one native event, read.
type Call struct {
	Native string       // the native event's name
	Host   string       // the agent that really sent it, where that is not the one that was asked
	Runs   []hook.Scope // with Host: the scopes whose hooks that agent runs itself
	Dir    string       // directory the session was started in; "" where the agent does not say
	Events []hook.Event // what it is in Claude's schema; none if it has no pair
	Late   bool         // the agent has gone on without the answer: it reaches nobody
	News   bool         // the harness has no such event, as far as is known
	Input  hook.Object  // the native payload, for Encode
	Memory hook.Object  // from Decode: what is to be remembered, nil for no change; to Encode: what is remembered by then
}

// Asks reports whether the agent asks before it does something, which it would do
// without an answer: make a call, or send a prompt.
func (c Call) Asks() bool {
	if len(c.Events) == 0 {
		return false
	}
	spec := c.Events[0].Spec
	return spec.Grammar == hook.Permits || spec.Grammar == hook.Answers || spec.Name == hook.UserPromptSubmit
}

// A Response is the answer in the agent's own form. It is all that leaves the program.
type Response struct {
	Stdout []byte
	Stderr []byte
	Exit   int
	Memory hook.Object // what is to be remembered, nil for no change
}

// Can returns what the agent can do with a decision on a Claude event; ok is
// false if it has no event to run its hooks for.
func (h *Harness) Can(event hook.EventName) (can Ability, ok bool) {
	for _, row := range h.Events {
		if row.Claude == event {
			can, ok = can|row.Can, true
		}
	}
	return can, ok
}
