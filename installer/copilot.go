package installer

import "fmt"

// Copilot plans to put the bridge into a hook file of its own, hooks/run-hooks.json
// of the project's .github or of the user's .copilot, or to take it out (harnesses
// record §6.1, §6.2). Copilot CLI and VS Code read both, the project's at the root
// of its repository alone; the cloud agent reads the project's, and has no run-hooks
// unless its image has.
func Copilot(o Options) (Plan, error) {
	dir := ".github"
	if root := workTree(o.Project); root != "" {
		o.Project = root
	}
	if o.Global {
		dir = ".copilot"
	}
	file, err := o.hooksFile("copilot", dir, "hooks/run-hooks.json", "hooks", nil)
	if err != nil {
		return nil, err
	}
	file.Head = "\"version\": 1,\n  "
	for _, event := range events("copilot") {
		form := fmt.Sprintf(`{"type": "command", "bash": %%s, "timeoutSec": %d}`, day)
		file.Entries = append(file.Entries, hookEntry{Event: event, Command: o.call("copilot", event), Form: form})
	}
	return file.plan(o.Remove)
}
