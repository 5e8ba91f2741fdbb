package installer

// Goose plans to put the bridge into a plugin of its own, .agents/plugins/
// run-hooks, of the project or of the user, or to take it out (harnesses record
// §16). Where a guard fails there, Goose refuses too (on_failure).
func Goose(o Options) (Plan, error) {
	file, err := o.hooksFile("goose", ".agents", "plugins/run-hooks/hooks/hooks.json", "hooks", nil)
	if err != nil {
		return nil, err
	}
	for _, event := range events("goose") {
		e := hookEntry{Event: event, Command: o.call("goose", event), Timeout: day}
		if event == "PreToolUse" {
			e.More = `, "on_failure": "block"`
		}
		file.Entries = append(file.Entries, e)
	}
	return file.plan(o.Remove)
}
