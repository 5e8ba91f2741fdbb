package mapper

import (
	"encoding/json"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// apart refuses the input that a hook wants for one place of a search in several:
// the others are to be searched as they were.
func apart(c Call, ds []hook.Decision) []hook.Decision {
	if len(c.Events) < 2 || !copilotSpreads().of(text(c.Input, "tool_name")) {
		return ds
	}
	out := append([]hook.Decision{}, ds...)
	for i, d := range out {
		if d.UpdatedInput != nil {
			out[i].Permission, out[i].UpdatedInput = hook.Deny, nil
			out[i].Reason = lines(d.Reason, "search in one place at a time; here with this input: "+string(d.UpdatedInput))
		}
	}
	return out
}

// searched are the arguments of a search with the places it looks in as paths, a
// text where it is one, else a list. Where paths names none Copilot takes path. Of a
// text that is no place it takes the words; all are told.
func searched(args hook.Object) hook.Object {
	given := places(value(args, "paths"))
	if given == nil {
		given = places(value(args, "path"))
	}
	var all []json.RawMessage
	for _, place := range given {
		all = append(all, hook.Quote(place))
		if words := strings.Fields(place); len(words) > 1 {
			for _, word := range words {
				all = append(all, hook.Quote(word))
			}
		}
	}
	switch len(all) {
	case 0:
		return args
	case 1:
		return dropped(args, "path").With("paths", all[0])
	}
	return dropped(args, "path").With("paths", array(all))
}

// places are the texts in a list, or the one text; none of them is empty.
func places(named json.RawMessage) []string {
	var out []string
	for _, place := range append(list(named), named) {
		if said := hook.Text(place); said != "" {
			out = append(out, said)
		}
	}
	return out
}

// mcpServer is a member of our own in the form of a question of permission, which
// alone says what the server of an MCP tool is.
const mcpServer = "run-hooks mcp server"

// named is the reader of a tool event where the name of an MCP tool, server-tool,
// does not say where the server's ends. Until a question of permission has said it,
// which follows before the call is made, there is an event for each name that it may
// be: a guard of the true one must not miss the call.
func named(read commandReader) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		native := text(e.in, "tool_name")
		if server := text(e.in, mcpServer); server != "" {
			e.memory.learn(native, "mcp__"+server+"__"+strings.TrimPrefix(native, server+"-"))
		}
		e.in = dropped(e.in, mcpServer)
		events, err := read(e)
		names := e.memory.mcpNames(native)
		if err != nil || len(events) != 1 || events[0].String("tool_name") != native || len(names) == 0 {
			return events, err
		}
		var out []hook.Event
		for _, name := range names {
			ev := events[0]
			ev.Payload = ev.Payload.WithText("tool_name", name)
			out = append(out, ev)
		}
		return out, nil
	}
}

// mcpNames are Claude's names that a tool called server-tool may have.
func (m *remembered) mcpNames(native string) []string {
	if name := m.MCP[native]; name != "" {
		return []string{name}
	}
	if hook.IsMCP(native) {
		return nil
	}
	var out []string
	for i := 1; i < len(native)-1; i++ {
		if native[i] == '-' {
			out = append(out, "mcp__"+native[:i]+"__"+native[i+1:])
		}
	}
	return out
}
