package mapper

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
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
	if name, p := qwenUncleaned(t); p != "" {
		out = append(out, t.input.WithText(name, p))
	}
	return out
}

// qwenUncleaned is the member of Claude's with a path, and that path, where Qwen Code
// 0.24.4 leaves the .. in it to the system: behind a link it leads elsewhere than the
// path without it, which Claude's hooks see (measured; glob takes it out itself).
func qwenUncleaned(t toolCall) (name, p string) {
	field := pathField(t.row)
	if t.name == "Grep" {
		field = FieldRow{Native: "path", Claude: "path"}
	}
	p = text(t.args, field.Native)
	if !path.IsAbs(p) || !slices.Contains(strings.Split(p, "/"), "..") {
		return "", ""
	}
	return field.Claude, p
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
