package installer

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"

	hook "github.com/run-hooks/run-hooks"
)

// An Own is a file of an agent's own in which hooks stand, or what switches them
// off. It is JSON, TOML, or a program.
type Own struct {
	User    string                 // below the agent's directory of the user; "" if the user has none
	Project string                 // below the project; "" if projects have none
	Members []string               // of its root that concern hooks; nil: all do
	Off     map[string]any         // by the path of a value, members parted by dots: what it is, or has in it, where no hook runs
	Unasked map[string]string      // by a path of Off with which hooks run: the calls that they are not asked about
	Bad     func(hooks any) string // what of the root's hooks the agent does not take, and runs none of them then; "" if nothing
}

// A Layer is one Own of the user or of the project. There need be no such file.
type Layer struct {
	Own
	Path   string
	Global bool
}

// owns are the files of each agent, as far as it could be run.
func owns() map[string][]Own {
	return map[string][]Own{
		"opencode": {
			{User: "plugins/run-hooks.js", Project: ".opencode/plugins/run-hooks.js"}, {Project: openCodeEntry},
			{Project: "opencode.json", Members: []string{"plugin"}}, {Project: "opencode.jsonc", Members: []string{"plugin"}},
			{Project: ".opencode/run-hooks.json"},
		},
		"codex": {
			{User: "hooks.json", Project: ".codex/hooks.json"},
			{User: "config.toml", Project: ".codex/config.toml", Members: []string{"hooks", "features"}, Off: map[string]any{"features.hooks": false, "features.codex_hooks": false}},
		},
		"gemini": {{User: "settings.json", Project: ".gemini/settings.json", Members: []string{"hooks", "hooksConfig"}, Off: map[string]any{"hooksConfig.enabled": false, "hooksConfig.disabled": "run-hooks"}}},
		"qwen": {{User: "settings.json", Project: ".qwen/settings.json", Members: []string{"hooks", "disableAllHooks"}, Off: map[string]any{"disableAllHooks": true, "ui.enableSpeculation": true},
			Unasked: map[string]string{"ui.enableSpeculation": "the calls that it makes ahead of a prompt"}}},
		"copilot": {
			{User: "hooks/run-hooks.json", Project: ".github/hooks/run-hooks.json"},
			{User: "settings.json", Members: []string{"disabledHooks"}},
			{Project: ".github/copilot/settings.json", Members: []string{"disableAllHooks", "disabledHooks"}, Off: map[string]any{"disableAllHooks": true}},
			{Project: ".github/copilot/settings.local.json", Members: []string{"disableAllHooks", "disabledHooks"}, Off: map[string]any{"disableAllHooks": true}},
		},
		"droid": {
			{User: "settings.json", Project: ".factory/settings.json", Members: []string{"hooks"}, Off: map[string]any{"hooks.hooksDisabled": true}},
			{User: "hooks.json", Project: ".factory/hooks.json", Off: map[string]any{"hooksDisabled": true}},
		},
		"cline": clineOwns(),
		"kimi":  {{User: "config.toml", Members: []string{"hooks"}, Bad: kimiBad}},
	}
}

// Layers are an agent's own files, the user's before the project's.
func (a Agent) Layers(o Options) []Layer {
	var out []Layer
	o.Global = true
	dir, err := o.directory(a.Name, filepath.FromSlash(a.Home[0]))
	for _, own := range owns()[a.Name] {
		if own.User != "" && err == nil {
			out = append(out, Layer{own, filepath.Join(dir, filepath.FromSlash(own.User)), true})
		}
	}
	for _, own := range owns()[a.Name] {
		if own.Project != "" && o.Project != "" {
			out = append(out, Layer{own, filepath.Join(o.Project, filepath.FromSlash(own.Project)), false})
		}
	}
	return out
}

// without says what an agent with that switch does not do.
func (o Own) without(path string) string {
	if calls := o.Unasked[path]; calls != "" {
		return "asks no hook about " + calls
	}
	return "runs no hook"
}

// A Switch is what keeps an agent from running any hook, the bridge's among them, or
// from asking them about some calls.
type Switch struct {
	Pos  hook.Pos // the zero value where it is the environment
	What string
}

// String says what, and where.
func (s Switch) String() string {
	if s.Pos.File == "" {
		return s.What
	}
	return s.Pos.String() + ": " + s.What
}

// SwitchedOff finds such switches in an agent's own config and in the environment.
// A project's value prevails over the user's. A file that cannot be read is not
// spoken of.
func (a Agent) SwitchedOff(o Options, getenv func(string) string) []Switch {
	off := map[string]Switch{}
	for _, l := range a.Layers(o) {
		root, err := l.root()
		if err != nil {
			continue
		}
		if bad := l.bad(root); bad != "" {
			off["hooks"] = Switch{hook.Pos{File: l.Path}, bad + ": " + a.Title + " runs no hook"}
		}
		for path, value := range l.Off {
			is := lookup(root, strings.Split(path, "."))
			if isOff(is, value) {
				off[path] = Switch{l.place(path), fmt.Sprintf("%s is %v: %s %s", path, is, a.Title, l.without(path))}
			} else if _, plain := is.(bool); plain { // lists are added up
				delete(off, path)
			}
		}
	}
	for _, name := range a.OffEnv {
		if value := getenv(name); !slices.Contains([]string{"", "0", "false"}, strings.ToLower(value)) {
			off[name] = Switch{What: fmt.Sprintf("%s is %s: %s runs no hook", name, value, a.Title)}
		}
	}
	var out []Switch
	for _, name := range slices.Sorted(maps.Keys(off)) {
		out = append(out, off[name])
	}
	return out
}

// bad is what of a layer's hooks the agent does not take, "" if nothing.
func (l Layer) bad(root map[string]any) string {
	hooks, is := root["hooks"]
	if l.Bad == nil || !is {
		return ""
	}
	return l.Bad(hooks)
}

// Overruled says which hooks of an agent's own config stand behind the bridge where
// the last one has its way: what they answer counts, whatever the bridge denies.
func (a Agent) Overruled(o Options) []string {
	var out []string
	if a.Behind != nil {
		for _, file := range a.Behind(o) {
			out = append(out, file+" is asked behind run-hooks before a call: an input that it gives, "+a.Title+" takes, though a guard has denied the call")
		}
		return out
	}
	layers := a.Layers(o)
	slices.Reverse(layers) // the user's are the last to be asked
	for _, l := range layers {
		root, err := l.root()
		if err != nil || a.LastWins == "" {
			continue
		}
		for _, command := range commands(lookup(root, []string{"hooks", a.LastWins})) {
			if _, ours := (hooksFile{Harness: a.Name}).ours(command); ours {
				out = nil
				continue
			}
			out = append(out, fmt.Sprintf("%s: %s is asked behind run-hooks at %s, and %s takes the last decision: where it wants the user to be asked, a guard's denial is no more than that question", l.Path, strconv.Quote(command), a.LastWins, a.Title))
		}
	}
	return out
}

// commands are those of an event's groups, in order; a hook of another type is
// named by its type.
func commands(groups any) []string {
	var out []string
	list, _ := groups.([]any)
	for _, group := range list {
		object, _ := group.(map[string]any)
		handlers, _ := object["hooks"].([]any)
		for _, handler := range handlers {
			h, _ := handler.(map[string]any)
			text, ok := h["command"].(string)
			if !ok {
				text = fmt.Sprintf("a hook of type %v", h["type"])
			}
			out = append(out, text)
		}
	}
	return out
}

// place is where the value at a path stands; in TOML where its name is first given
// a value.
func (l Layer) place(path string) hook.Pos {
	text, _ := read(l.Path) // it was read before
	at := -1
	if filepath.Ext(l.Path) == ".toml" {
		name := regexp.QuoteMeta(path[strings.LastIndex(path, ".")+1:])
		if m := regexp.MustCompile(`(?m)^[ \t]*()` + name + `\s*=`).FindSubmatchIndex(text); m != nil {
			at = m[2]
		}
	} else if root, err := hujson.Parse(text); err == nil {
		if value := root.Find("/" + strings.ReplaceAll(path, ".", "/")); value != nil {
			at = value.StartOffset
		}
	}
	if at < 0 {
		return hook.Pos{File: l.Path}
	}
	return hook.Pos{File: l.Path, Line: bytes.Count(text[:at], []byte("\n")) + 1, Col: at - bytes.LastIndexByte(text[:at], '\n')}
}

// lookup returns the value at a path of members, nil if there is none.
func lookup(root map[string]any, path []string) any {
	var at any = root
	for _, name := range path {
		object, _ := at.(map[string]any)
		at = object[name]
	}
	return at
}

// isOff reports whether a value is off, or a list that off is in.
func isOff(value, off any) bool {
	if list, ok := value.([]any); ok {
		return slices.Contains(list, off)
	}
	return value == off
}
