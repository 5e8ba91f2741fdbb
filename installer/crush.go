package installer

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/tailscale/hujson"
)

// Crush plans to put the bridge into the project's crush.json or .crush.json, or
// into the user's, or to take it out (harnesses record §15). It has no matcher:
// one of "*" would keep Crush from starting.
func Crush(o Options) (Plan, error) {
	dir := ""
	if o.Global {
		dir = ".config/crush"
	}
	file, err := o.hooksFile("crush", dir, "crush.json", "hooks", crushRefuses)
	if err != nil {
		return nil, err
	}
	if hidden := filepath.Join(o.Project, ".crush.json"); !o.Global && !exists(file.Path) && exists(hidden) {
		file.Path = hidden
	}
	form := fmt.Sprintf(`{"name": "run-hooks", "command": %%s, "timeout": %d}`, day)
	file.Entries = []hookEntry{{Event: "PreToolUse", Command: o.call("crush", "PreToolUse"), Form: form}}
	return file.plan(o.Remove)
}

// crushRefuses says why Crush would not start with the file.
func crushRefuses(root *hujson.Value) error {
	if !root.IsStandard() {
		return errors.New("has a comment or a trailing comma, with which Crush does not start; remove it first")
	}
	return nil
}
