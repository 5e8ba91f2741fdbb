package installer

import (
	"errors"
	"fmt"
	"path/filepath"
)

// Copilot plans to put the bridge into a hook file of its own, .github/hooks/
// run-hooks.json of the project or $COPILOT_HOME/hooks/run-hooks.json, or to take
// it out (harnesses record §6.1, §6.2). Copilot CLI and VS Code read both; the
// cloud agent reads the project's, and has no run-hooks unless its image has.
func Copilot(o Options) (Plan, error) {
	file := hooksFile{Harness: "copilot", Member: "hooks", Head: "\"version\": 1,\n  "}
	switch {
	case !o.Global:
		file.Path = filepath.Join(o.Project, ".github", "hooks", "run-hooks.json")
	case o.CopilotHome != "":
		file.Path = filepath.Join(o.CopilotHome, "hooks", "run-hooks.json")
	case o.Home != "":
		file.Path = filepath.Join(o.Home, ".copilot", "hooks", "run-hooks.json")
	default:
		return nil, errors.New("the home directory is not known")
	}
	for _, event := range events("copilot") {
		form := fmt.Sprintf(`{"type": "command", "bash": %%s, "timeoutSec": %d}`, day)
		file.Entries = append(file.Entries, hookEntry{Event: event, Command: o.call("copilot", event), Form: form})
	}
	return file.plan(o.Remove)
}
