package mapper

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// mostCalls bounds the calls that are remembered: some never come back.
const mostCalls = 64

// mostTools bounds the names of tools that are remembered.
const mostTools = 256

// remembered is what a dialect of the family keeps of a session from one event
// to the next.
type remembered struct {
	Dir     string            `json:"dir,omitempty"`     // the session's directory, where not every event names it
	Last    int               `json:"last,omitempty"`    // number of the last id made
	Calls   []pendingCall     `json:"calls,omitempty"`   // calls that were let pass and have not come back
	Carry   []string          `json:"carry,omitempty"`   // texts for the model that wait for an event that can take them
	Owed    bool              `json:"owed,omitempty"`    // an objection to a call is among them: the turn is sent back to work for it
	Tell    []string          `json:"tell,omitempty"`    // and those for the user
	Stops   map[string]int    `json:"stops,omitempty"`   // blocks in a row, by sub-agent; "" is the user's session
	Blocked string            `json:"blocked,omitempty"` // text of the last block of a Stop, which may come back as a prompt
	Allowed []string          `json:"allowed,omitempty"` // keys of calls that hooks have allowed
	Caller  string            `json:"caller,omitempty"`  // the session that this one is a sub-agent of
	Agent   string            `json:"agent,omitempty"`   // and what kind of agent it is
	Tasks   []string          `json:"tasks,omitempty"`   // keys of what the model has sub-agents do, which may come as a prompt
	MCP     map[string]string `json:"mcp,omitempty"`     // Claude's names of MCP tools whose own do not tell them
	Over    string            `json:"over,omitempty"`    // why the turn is over, for an agent that cannot end one
}

// A pendingCall is a call between its two events.
type pendingCall struct {
	ID  string `json:"id"`
	Key string `json:"key"`
}

// recall reads a memory; one that cannot be read is empty.
func recall(o hook.Object) *remembered {
	m := &remembered{}
	if o != nil && json.Unmarshal(o.JSON(), m) != nil {
		return &remembered{}
	}
	return m
}

// object is the memory to be kept.
func (m *remembered) object() hook.Object {
	text, err := json.Marshal(m)
	if err != nil {
		return nil // of strings and numbers alone: cannot be
	}
	o, err := hook.ParseObject(text)
	if err != nil {
		return nil
	}
	return o
}

// newTurn forgets what was kept for one turn.
func (m *remembered) newTurn() { m.Stops, m.Blocked, m.Allowed, m.Over = nil, "", nil, "" }

func (m *remembered) setStops(agent string, n int) {
	if m.Stops == nil {
		m.Stops = map[string]int{}
	}
	m.Stops[agent] = n
	if n == 0 {
		delete(m.Stops, agent)
	}
}

// callKey tells one call of a turn from another: by the command where there is
// one, as some agents add members to it between its events, else by all of its
// arguments. It is a digest, so that the memory holds no file's text.
func callKey(tool string, args hook.Object) string {
	what := strings.TrimSpace(text(args, "command"))
	if what == "" {
		what = string(args.JSON())
	}
	sum := sha256.Sum256([]byte(tool + "\x00" + what))
	return hex.EncodeToString(sum[:12])
}

// begin makes an id for a call.
func (m *remembered) begin(key string) string {
	id := m.newID()
	m.Calls = append(m.Calls, pendingCall{id, key})
	if n := len(m.Calls) - mostCalls; n > 0 {
		m.Calls = slices.Delete(m.Calls, 0, n)
	}
	return id
}

// end returns the id that was made for a call, or a new one where there is none.
func (m *remembered) end(key string) string {
	i := slices.IndexFunc(m.Calls, func(c pendingCall) bool { return c.Key == key })
	if i < 0 {
		return m.newID()
	}
	id := m.Calls[i].ID
	m.Calls = slices.Delete(m.Calls, i, i+1)
	return id
}

// rekey gives a call that was rewritten its new key; "" forgets a call that was
// refused.
func (m *remembered) rekey(id, key string) {
	i := slices.IndexFunc(m.Calls, func(c pendingCall) bool { return c.ID == id })
	switch {
	case i < 0:
	case key == "":
		m.Calls = slices.Delete(m.Calls, i, i+1)
	default:
		m.Calls[i].Key = key
	}
}

func (m *remembered) newID() string {
	m.Last++
	return "call_" + strconv.Itoa(m.Last)
}

// allow remembers, or forgets, that hooks have allowed a call.
func (m *remembered) allow(key string, yes bool) {
	m.Allowed = slices.DeleteFunc(m.Allowed, func(k string) bool { return k == key })
	if yes && len(m.Allowed) < mostCalls {
		m.Allowed = append(m.Allowed, key)
	}
}

// task remembers a text that the model gives a sub-agent.
func (m *remembered) task(said string) {
	if said == "" {
		return
	}
	m.Tasks = append(m.Tasks, taskKey(said))
	if n := len(m.Tasks) - mostCalls; n > 0 {
		m.Tasks = slices.Delete(m.Tasks, 0, n)
	}
}

// tasked reports whether the model gave a sub-agent this text, and forgets it.
func (m *remembered) tasked(said string) bool {
	i := slices.Index(m.Tasks, taskKey(said))
	if i >= 0 {
		m.Tasks = slices.Delete(m.Tasks, i, i+1)
	}
	return i >= 0
}

// taskKey is a key of the text but for its blanks, with which its parts are put
// together.
func taskKey(said string) string {
	return callKey("", hook.Object{}.WithText("command", strings.Join(strings.Fields(said), "")))
}

// learn remembers Claude's name of an MCP tool.
func (m *remembered) learn(native, claude string) {
	if m.MCP == nil {
		m.MCP = map[string]string{}
	}
	if len(m.MCP) < mostTools {
		m.MCP[native] = claude
	}
}

// take empties a list and returns what it held.
func take(list *[]string) []string {
	out := *list
	*list = nil
	return out
}
