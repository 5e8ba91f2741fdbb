package mapper

import (
	"encoding/json"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// outputText is what the model reads of an output that a hook has put in place
// of the tool's: the text in it, where Claude's tool has a field for that, else
// its JSON.
func outputText(tool string, output json.RawMessage) string {
	if s := hook.Text(output); s != "" || string(output) == `""` {
		return s
	}
	o, err := hook.ParseObject(output)
	if err != nil {
		return string(output)
	}
	switch tool {
	case "Bash":
		return lines(text(o, "stdout"), text(o, "stderr"))
	case "Read":
		return text(object(o, "file"), "content")
	case "Grep":
		return text(o, "content")
	case "Glob":
		return joined(list(value(o, "filenames")))
	case "WebFetch":
		return text(o, "result")
	case "Agent":
		return contentText(o)
	}
	return string(output)
}

func contentText(o hook.Object) string {
	var all []string
	for _, part := range objects(o, "content") {
		all = append(all, text(part, "text"))
	}
	return strings.Join(all, "\n")
}

func joined(texts []json.RawMessage) string {
	var all []string
	for _, t := range texts {
		all = append(all, hook.Text(t))
	}
	return strings.Join(all, "\n")
}

// contentOf is an MCP result's content: a list as it is, anything else as one
// text (§7.4 of the measured record).
func contentOf(output json.RawMessage) json.RawMessage {
	if len(output) > 0 && output[0] == '[' {
		return output
	}
	said := string(output)
	switch {
	case said == "null":
		said = "The tool completed with no output"
	case said != "" && said[0] == '"':
		said = hook.Text(output)
	}
	part := hook.Object{}.WithText("type", "text").WithText("text", said)
	return array([]json.RawMessage{part.JSON()})
}
