package installer

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// programLine is the line of the plugin that says where the program is.
const programLine = `const INSTALLED = ""`

// OpenCode plans to put the plugin where OpenCode 1.x loads it, or to take it out
// (§2 of the OpenCode record):
//
//   - for the user, <config>/opencode/plugins/run-hooks.js, which needs no entry
//     anywhere;
//   - for a project that has a directory .opencode, .opencode/plugins/run-hooks.js;
//   - for any other project .run-hooks/opencode.js and an entry in its
//     opencode.json: a new .opencode would make OpenCode install packages into it,
//     and wait for that.
func OpenCode(o Options) (Plan, error) {
	file, config, err := o.openCodePlaces()
	if err != nil {
		return nil, err
	}
	want, err := o.openCodePlugin()
	if err != nil {
		return nil, err
	}
	plan, err := place(file, want)
	if err != nil || config == "" {
		return plan, err
	}
	entry := "./" + filepath.ToSlash(o.inProject(file))
	step, err := register(config, entry, o.Remove)
	if err != nil {
		return nil, err
	}
	if o.Remove { // first the entry, then what it names
		return append(step, plan...), nil
	}
	return append(plan, step...), nil
}

// openCodeEntry is the plugin of a project without a directory .opencode.
const openCodeEntry = ".run-hooks/opencode.js"

// openCodePlaces returns where the plugin goes, and the config that has to name
// it, "" if none has to.
func (o Options) openCodePlaces() (file, config string, err error) {
	if o.Global {
		dir, err := o.directory("opencode", ".config/opencode")
		return filepath.Join(dir, "plugins", "run-hooks.js"), "", err
	}
	if dir := filepath.Join(o.Project, ".opencode"); isDir(dir) {
		return filepath.Join(dir, "plugins", "run-hooks.js"), "", nil
	}
	config = filepath.Join(o.Project, "opencode.json")
	if jsonc := config + "c"; !exists(config) && exists(jsonc) {
		config = jsonc
	}
	return filepath.Join(o.Project, filepath.FromSlash(openCodeEntry)), config, nil
}

// openCodePlugin is the text of the plugin's file, nil if it shall go. Only the
// user's own copy knows where the program is: a project's is shared.
func (o Options) openCodePlugin() ([]byte, error) {
	if o.Remove {
		return nil, nil
	}
	text := o.Plugin
	if bytes.Count(text, []byte(programLine)) != 1 {
		return nil, errors.New("the plugin has no line for the place of the program")
	}
	if o.Global && o.Program != "" {
		said := fmt.Appendf(nil, "const INSTALLED = %q", o.Program)
		text = bytes.Replace(text, []byte(programLine), said, 1)
	}
	return owned(text), nil
}

// A Copy is a plugin that OpenCode would load.
type Copy struct {
	Path  string
	State State
}

// OpenCodeCopies returns the copies of the plugin that are installed for the user
// and for the project, whatever Global says. Two of them do no harm: the hooks of
// a call run once.
func OpenCodeCopies(o Options) ([]Copy, error) {
	var out []Copy
	for _, global := range []bool{true, false} {
		o.Global, o.Remove = global, false
		if !global && o.Project == "" {
			continue
		}
		file, _, err := o.openCodePlaces()
		if err != nil {
			continue // no home: nothing can be there
		}
		want, err := o.openCodePlugin()
		if err != nil {
			return nil, err
		}
		now, err := read(file)
		if err != nil {
			return nil, err
		}
		if s := stateOf(now, want); s != Absent {
			out = append(out, Copy{file, s})
		}
	}
	return out, nil
}

// inProject is path relative to the project.
func (o Options) inProject(path string) string {
	rel, err := filepath.Rel(o.Project, path)
	if err != nil {
		return path // cannot be: it was joined to the project
	}
	return rel
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
