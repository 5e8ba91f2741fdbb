package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// recorded makes a hook of a command that keeps what it is given before it does
// anything; see lab.seen.
func recorded(command string) string {
	if command == "" {
		command = "true"
	}
	return `p=$(cat); printf '%s\n' "$p" >> "$CLAUDE_PROJECT_DIR/seen.jsonl"; printf '%s\n' "$p" | { ` + command + `; }`
}

// hooks is a config of one command for each event, EVENT or EVENT:matcher, which
// are recorded too.
func hooks(commands map[string]string) string {
	all := map[string][]any{}
	for at, command := range commands {
		event, matcher, _ := strings.Cut(at, ":")
		group := map[string]any{"hooks": []any{map[string]any{"type": "command", "command": recorded(command)}}}
		if matcher != "" {
			group["matcher"] = matcher
		}
		all[event] = append(all[event], group)
	}
	out, err := json.Marshal(all)
	if err != nil {
		return "{}" // of strings alone: cannot fail
	}
	return string(out)
}

// says is the command of a hook that prints {"hookSpecificOutput": {…}} for event.
func says(event hook.EventName, more string) string {
	return `echo '{"hookSpecificOutput":{"hookEventName":"` + string(event) + `",` + more + `}}'`
}

// refuses is the command of a hook that says no, with a text.
func refuses(text string) string { return "echo '" + text + "' >&2; exit 2" }

// seen returns the payloads that the hooks of an event have recorded so far.
func (l *lab) seen(event hook.EventName) []hook.Object {
	l.Helper()
	text, err := os.ReadFile(filepath.Join(l.project, "seen.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		l.Fatal(err)
	}
	var out []hook.Object
	for line := range bytes.Lines(text) {
		o, err := hook.ParseObject(line)
		if err != nil {
			continue // being written
		}
		if name, _ := o.Get("hook_event_name"); hook.Text(name) == string(event) {
			out = append(out, o)
		}
	}
	return out
}

// one returns the only payload of an event.
func (l *lab) one(event hook.EventName) hook.Object {
	l.Helper()
	all := l.seen(event)
	if len(all) != 1 {
		text, _ := os.ReadFile(filepath.Join(l.project, "seen.jsonl"))
		l.Fatalf("%d hooks of %s have run, not 1; all:\n%s", len(all), event, text)
	}
	return all[0]
}

// is compares members of a payload with JSON texts.
func (l *lab) is(o hook.Object, want map[string]string) {
	l.Helper()
	for name, value := range want {
		if got, _ := o.Get(name); string(got) != value {
			l.Errorf("%s is %s, not %s, in %s", name, got, value, o.JSON())
		}
	}
}

// text is a string member of a payload.
func text(o hook.Object, name string) string {
	raw, _ := o.Get(name)
	return hook.Text(raw)
}
