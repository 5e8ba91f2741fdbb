package installer

// An Other is an agent that there is no bridge to, and why (harnesses record §12,
// §14, §17 to §22). None of them was run with run-hooks.
type Other struct {
	Name string
	What string // what becomes of a repository's Claude hooks there
	Runs bool   // it runs them itself
}

// Others are the agents without a bridge that people ask for.
func Others() []Other {
	const (
		noHooks   = " has no hooks: no guard runs there"
		noDialect = " has hooks of its own that run-hooks has no dialect for yet: no guard of Claude's files runs there"
	)
	return []Other{
		{"claude", "Claude Code runs these hooks itself", true},
		{"grok", "Grok Build runs Claude's files itself, the user's and those of a project it trusts, with its own tool names in the payload and five seconds for a PreToolUse hook; with run-hooks as the command there scripts get Claude's payload", true},
		{"devin", "Devin runs Claude's files itself, unless read_config_from.claude is off, with its own tool names in the payload, so that a matcher may not match; with run-hooks as the command there scripts get Claude's payload", true},
		{"continue", "Continue reads Claude's files and was seen to run no hook of them: no guard runs there", false},
		{"zed", "Zed's own agent" + noHooks + "; an agent that it hosts brings its own", false},
		{"aider", "Aider" + noHooks, false},
		{"roo", "Roo Code" + noHooks, false},
		{"amp", "Amp" + noDialect, false},
		{"antigravity", "Antigravity" + noDialect, false},
		{"auggie", "Auggie" + noDialect, false},
		{"junie", "Junie" + noDialect, false},
		{"kilo", "Kilo" + noDialect, false},
		{"kiro", "Kiro" + noDialect, false},
		{"pi", "pi" + noDialect, false},
	}
}
