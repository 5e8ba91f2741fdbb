package installer

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/tailscale/hujson"
)

// idle is the command that stands for one that is not the bridge's.
const idle = ":"

// errNoMembers is the error for a program, which has no members.
var errNoMembers = errors.New("is not a config")

// Excerpt is what of the layer concerns hooks, in its own format, for a trial of
// the agent: the bridge as it stands there, every other hook at its place but
// doing nothing, and how many these are. Members whose names begin with a key of
// moved begin with its value instead. It is nil where there is no such file.
func (l Layer) Excerpt(harness string, moved map[string]string) (text []byte, others int, err error) {
	e := excerpt{file: hooksFile{Harness: harness}, moved: moved}
	root, err := l.root()
	if errors.Is(err, errNoMembers) {
		return e.program(l.Path)
	}
	if root == nil || err != nil {
		return nil, 0, err
	}
	out := map[string]any{}
	for name, value := range root {
		switch {
		case !l.concerns(name):
		case name == "plugin":
			out[name] = e.plugins(value)
		default:
			out[name] = e.value(value)
		}
	}
	text, err = l.format(out)
	return text, e.others, err
}

func (l Layer) concerns(member string) bool {
	return l.Members == nil || slices.Contains(l.Members, member)
}

// root reads the members of the file's root; nil if there is no file.
func (l Layer) root() (map[string]any, error) {
	text, err := read(l.Path)
	if text == nil || err != nil {
		return nil, err
	}
	if err := bounded(text); err != nil {
		return nil, fmt.Errorf("%s: %w", l.Path, err)
	}
	root := map[string]any{}
	switch filepath.Ext(l.Path) {
	case ".json", ".jsonc":
		if text, err = hujson.Standardize(text); err == nil {
			err = json.Unmarshal(text, &root)
		}
	case ".toml":
		err = toml.Unmarshal(text, &root)
	default:
		return nil, errNoMembers
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Path, err)
	}
	return root, nil
}

// format writes members in the format of the file.
func (l Layer) format(root map[string]any) ([]byte, error) {
	if filepath.Ext(l.Path) == ".toml" {
		return toml.Marshal(root)
	}
	return json.Marshal(root)
}

// An excerpt is being made.
type excerpt struct {
	file   hooksFile
	moved  map[string]string
	others int
}

// program is a file of ours as it is, and none of another's.
func (e *excerpt) program(path string) ([]byte, int, error) {
	text, err := read(path)
	if stateOf(text, nil) == Foreign {
		return nil, 1, err
	}
	return text, 0, err
}

// value is v with the commands of others idle.
func (e *excerpt) value(v any) any {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, element := range v {
			out = append(out, e.value(element))
		}
		return out
	case map[string]any:
		if command := commandOf(v); command != "" {
			return e.handler(v, command)
		}
		out := map[string]any{}
		for name, member := range v {
			out[e.rename(name)] = e.value(member)
		}
		return out
	}
	return v
}

// commandOf is the name of the member that holds a hook's command, "" if v is no
// hook. Hooks of other types than commands have none yet.
func commandOf(v map[string]any) string {
	if _, ok := v["bash"].(string); ok {
		return "bash"
	}
	_, runs := v["command"].(string)
	_, typed := v["type"].(string)
	if runs || typed {
		return "command"
	}
	return ""
}

// handler is a hook, idle if it is not the bridge.
func (e *excerpt) handler(v map[string]any, command string) any {
	text, _ := v[command].(string)
	if _, ours := e.file.ours(text); ours {
		return v
	}
	e.others++
	out := map[string]any{command: idle}
	if event, ok := v["event"]; ok {
		out["event"] = event
	}
	if _, ok := v["type"]; ok {
		out["type"] = "command"
	}
	return out
}

// plugins are those entries of OpenCode's list that name ours.
func (e *excerpt) plugins(v any) any {
	list, _ := v.([]any)
	out := []any{}
	for _, entry := range list {
		if name, ok := entry.(string); ok && strings.HasSuffix(name, openCodeEntry) {
			out = append(out, entry)
		} else {
			e.others++
		}
	}
	return out
}

// rename is the name of a member with its beginning moved.
func (e *excerpt) rename(name string) string {
	for from, to := range e.moved {
		if rest, ok := strings.CutPrefix(name, from); ok {
			return to + rest
		}
	}
	return name
}
