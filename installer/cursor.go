package installer

import "fmt"

// Cursor plans to put the bridge into .cursor/hooks.json, of the project or of the
// user, or to take it out (harnesses record §8). Where a guard fails there, Cursor
// refuses too (failClosed).
func Cursor(o Options) (Plan, error) {
	file, err := o.hooksFile("cursor", ".cursor", "hooks.json", "hooks", nil)
	if err != nil {
		return nil, err
	}
	file.Head = "\"version\": 1,\n  "
	for _, event := range events("cursor") {
		form := fmt.Sprintf(`{"command": %%s, "timeout": %d}`, day)
		switch event {
		case "preToolUse", "beforeSubmitPrompt":
			form = fmt.Sprintf(`{"command": %%s, "timeout": %d, "failClosed": true}`, day)
		case "stop", "subagentStop": // the bridge counts itself
			form = fmt.Sprintf(`{"command": %%s, "timeout": %d, "loop_limit": 8}`, day)
		}
		file.Entries = append(file.Entries, hookEntry{Event: event, Command: o.call("cursor", event), Form: form})
	}
	return file.plan(o.Remove)
}
