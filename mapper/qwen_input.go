package mapper

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// qwenReadings are the inputs that a call may be made with. Where the schema of an
// MCP tool's wants no text, Qwen Code 0.24.4 puts what a text spells in its place,
// once hooks have been asked (measured). The schema is not to be seen from here: a
// guard is asked about both.
func qwenReadings(t toolCall) []hook.Object {
	input := t.input.JSON()
	if spelled := qwenSpelled(input); hook.IsMCP(t.name) && string(spelled) != string(input) {
		if o, err := hook.ParseObject(spelled); err == nil {
			return []hook.Object{t.input, o}
		}
	}
	return []hook.Object{t.input}
}

// qwenNumber is what Qwen Code takes for the text of a number.
var qwenNumber = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

// qwenSpelled is a value with all texts in it that spell another one as that one: an
// object, an array, a number, true or false.
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
	case qwenNumber.MatchString(text):
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return json.RawMessage(strconv.FormatFloat(f, 'f', -1, 64))
		}
	case text != "" && strings.ContainsRune("[{", rune(text[0])) && json.Valid([]byte(text)):
		return qwenSpelled(json.RawMessage(text))
	}
	return v
}
