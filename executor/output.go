package executor

import (
	"encoding/json"
	"strings"
	"unicode"

	hook "github.com/run-hooks/run-hooks"
)

// An output is a hook's stdout, read (§7.1).
type output struct {
	text   string      // trimmed
	object hook.Object // nil: it is not JSON
	fault  string      // it looks like JSON and is none, or is not what a hook may say
	half   string      // it is plain text that begins as JSON does: perhaps the rest is missing
}

// parseOutput tells JSON from plain text: an object is JSON; what begins with
// "{" and ends with "}" and is no object is a fault; all else is text. cut says
// that the end of stdout is missing.
func parseOutput(stdout []byte, cut bool) output {
	text := strings.TrimFunc(decoded(stdout), func(r rune) bool {
		return unicode.IsSpace(r) || r == '\uFEFF'
	})
	said := output{text: text}
	if !strings.HasPrefix(text, "{") {
		return said
	}
	object, err := hook.ParseObject([]byte(text))
	switch {
	case cut:
		said.fault = "hook output is longer than run-hooks keeps and cannot be read as JSON"
	case err == nil:
		said.object = object
	case strings.HasSuffix(text, "}") && !jsonLines(text):
		said.fault = "hook output looks like a JSON object but is not valid JSON: " + err.Error()
	default:
		said.half = "printed text that begins like a JSON object and is none, so it is plain text: " + err.Error()
	}
	return said
}

// jsonLines reports whether text is several lines, each JSON by itself, none of
// which says anything as a hook: that is a program's log (reference §6.1).
func jsonLines(text string) bool {
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			return false
		}
		object, _ := hook.ParseObject([]byte(line))
		for _, rule := range topFields() {
			if _, says := object.Get(rule.name); says {
				return false
			}
		}
	}
	return len(lines) > 1
}

// specific returns hookSpecificOutput, nil if there is none.
func (said output) specific() hook.Object {
	object, _ := hook.ParseObject(member(said.object, "hookSpecificOutput"))
	return object
}

// announcesAsync reports whether line is the object by which a running hook says
// that it goes on in the background.
func announcesAsync(line []byte) bool {
	object, err := hook.ParseObject(line)
	return err == nil && string(member(object, "async")) == "true"
}

// member returns the value of name in o, nil if there is none.
func member(o hook.Object, name string) json.RawMessage {
	value, _ := o.Get(name)
	return value
}
