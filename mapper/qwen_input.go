package mapper

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// qwenReadings are the inputs that a call may be made with, the first as Claude has
// it. A guard is asked about each.
func qwenReadings(t toolCall) []hook.Object {
	out := []hook.Object{t.input}
	if spelled := qwenSpelled(t.input.JSON()); hook.IsMCP(t.name) && string(spelled) != string(t.input.JSON()) {
		if o, err := hook.ParseObject(spelled); err == nil {
			out = append(out, o)
		}
	}
	if raw := uncleaned(qwenPaths(t), t.args, t.input); raw != nil {
		out = append(out, raw)
	}
	return out
}

// qwenPaths is the row by which a call's path is left as it came. Qwen Code 0.24.4
// leaves the .. in it to the system (measured; glob takes it out itself).
func qwenPaths(t toolCall) ToolRow {
	if t.name == "Grep" {
		return ToolRow{Fields: []FieldRow{{Native: "path", Claude: "path", Path: true}}}
	}
	return t.row
}

// qwenNumber reports whether Qwen Code takes a text for a number.
func qwenNumber(text string) bool { return regexp.MustCompile(`^-?\d+(\.\d+)?$`).MatchString(text) }

// qwenSpelled is a value with all texts in it that spell another one as that one: an
// object, an array, a number, true or false. Where the schema of an MCP tool's wants
// no text, Qwen Code 0.24.4 does so after hooks were asked (measured); the schema is
// not to be seen from here.
func qwenSpelled(v json.RawMessage) json.RawMessage {
	if o, err := hook.ParseObject(v); err == nil {
		for _, m := range o {
			o = o.With(m.Name, qwenSpelled(m.Value))
		}
		return o.JSON()
	}
	if items := list(v); len(items) > 0 {
		for i := range items {
			items[i] = qwenSpelled(items[i])
		}
		return array(items)
	}
	text := strings.TrimSpace(hook.Text(v))
	switch word := strings.ToLower(text); {
	case word == "true" || word == "false":
		return json.RawMessage(word)
	case qwenNumber(text):
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return json.RawMessage(strconv.FormatFloat(f, 'f', -1, 64))
		}
	case text != "" && strings.ContainsRune("[{", rune(text[0])) && json.Valid([]byte(text)):
		return qwenSpelled(json.RawMessage(text))
	}
	return v
}
