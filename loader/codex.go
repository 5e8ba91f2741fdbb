package loader

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/pelletier/go-toml/v2"

	hook "github.com/run-hooks/run-hooks"
)

// codexFiles reads the Codex configs of project: hooks.json, then [hooks] of
// config.toml, in the order Codex takes them. A file that does not exist, or a
// config.toml without hooks, is left out.
//
// Codex refuses a whole file for one bad entry or one unknown key and then runs
// nothing. Here the rest is kept: a guard that can be read is run.
func codexFiles(o Options, project string) []*File {
	hooks := place{filepath.Join(project, ".codex", "hooks.json"), hook.ScopeCodex}
	config := place{filepath.Join(project, ".codex", "config.toml"), hook.ScopeCodex}
	var out []*File
	if f := loadCodexJSON(hooks, o.display(hooks.path)); f != nil {
		out = append(out, f)
	}
	if f := loadCodexTOML(config, o.display(config.path)); f != nil {
		out = append(out, f)
	}
	return out
}

// loadCodexJSON reads a .codex/hooks.json; nil if there is none.
func loadCodexJSON(p place, name string) *File {
	file, src := open(p, name)
	if src == nil {
		return file
	}
	root, bad := parse(src)
	if bad == nil && root.kind() != '{' {
		bad = &Finding{Pos: root.pos(), Severity: Error, Name: "root-type", Msg: fmt.Sprintf("the file holds %s; it must hold an object with \"hooks\"", root.what())}
	}
	file.Hooks = countHandlers(root.get("hooks"))
	if bad != nil {
		file.reject(*bad, file.Hooks)
		return file
	}
	for _, f := range root.fields() {
		if f.name != "hooks" && f.name != "description" {
			file.Findings = append(file.Findings, Finding{Pos: f.key.pos(), Severity: Warning, Name: "codex-root-key",
				Msg: fmt.Sprintf("%q: Codex itself refuses a file with any key but \"hooks\" and \"description\"", f.name)})
		}
	}
	file.takeCodex(src, root.get("hooks"))
	return file
}

// A codexConfig is what of a config.toml concerns hooks.
type codexConfig struct {
	Hooks    map[string]any `toml:"hooks"`
	Features struct {
		Hooks *bool `toml:"hooks"`
	} `toml:"features"`
	bad error // it is not TOML
}

// tomlHooks reads what of a config.toml concerns hooks; nil if nothing does.
func tomlHooks(src *source) *codexConfig {
	var config codexConfig
	if !bytes.Contains(src.text, []byte("hooks")) {
		return nil
	}
	if config.bad = toml.Unmarshal(src.text, &config); config.bad != nil {
		return &config
	}
	delete(config.Hooks, "state") // Codex's record of reviewed hooks
	if len(config.Hooks) == 0 && config.Features.Hooks == nil {
		return nil
	}
	return &config
}

// loadCodexTOML reads the [hooks] table of a .codex/config.toml; nil if there is
// no file or no such table.
func loadCodexTOML(p place, name string) *File {
	file, src := open(p, name)
	if src == nil {
		return file
	}
	config := tomlHooks(src)
	switch {
	case config == nil:
		return nil
	case config.bad != nil:
		file.reject(tomlFinding(name, config.bad), 0)
		return file
	}
	text, err := json.Marshal(config.Hooks)
	if err != nil {
		file.reject(Finding{Pos: hook.Pos{File: name}, Severity: Error, Name: "toml-value", Msg: "[hooks] holds a value JSON has no word for: " + err.Error()}, 0)
		return file
	}
	table, bad := parse(&source{place: p, name: name, text: text})
	if bad != nil {
		file.reject(*bad, 0)
		return file
	}
	file.Hooks = countHandlers(table)
	file.takeCodex(table.src, table)
	file.placeInTOML(src)
	if config.Features.Hooks != nil && !*config.Features.Hooks {
		file.Status, file.Why = Disabled, "features.hooks is false"
	}
	return file
}

// tomlFinding words a TOML syntax error.
func tomlFinding(name string, err error) Finding {
	f := Finding{Pos: hook.Pos{File: name}, Severity: Error, Name: "toml-syntax", Msg: "not valid TOML: " + err.Error()}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		f.Pos.Line, f.Pos.Col = decode.Position()
	}
	return f
}

// placeInTOML replaces the places of handlers and findings, which are those of a
// JSON copy, by the line where the TOML file first names the event.
func (file *File) placeInTOML(src *source) {
	at := func(word string) hook.Pos {
		i := bytes.Index(src.text, []byte(word))
		if i < 0 {
			i = max(0, bytes.Index(src.text, []byte("hooks")))
		}
		return src.pos(i)
	}
	for i := range file.settings.handlers {
		h := &file.settings.handlers[i]
		h.Pos = at("hooks." + string(h.Event))
	}
	for i := range file.Findings {
		file.Findings[i].Pos = at("[hooks")
	}
}

// takeCodex validates the hooks of a Codex file, entry by entry, and drops what
// Codex does not know: it runs a handler with "if" unconditionally, and has no
// "args", "shell" or "asyncRewake" (codex.md §3).
func (file *File) takeCodex(src *source, hooks node) {
	v := validator{src: src, scope: file.Scope}
	v.hooks(hooks)
	v.fatal = nil
	for i := range v.handlers {
		h := &v.handlers[i]
		h.If, h.Shell, h.Exec, h.Args, h.AsyncRewake = "", "", false, nil, false
		if h.Timeout > 0 && h.Timeout < time.Second {
			h.Timeout = time.Second // whole seconds there
		}
	}
	file.take(&v)
}
