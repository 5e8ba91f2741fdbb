package checker

import (
	"cmp"
	"slices"
)

// A Lint is one kind of fault that can be reported, and silenced, by name.
type Lint struct {
	Name string
	What string // what it finds, in a few words
}

// fileLints look at a file in Claude's shape as a whole.
func fileLints() []func(*file) {
	return []func(*file){lintTopLevel, lintSwitches, lintDuplicates, lintModules, lintCodexEvents}
}

// groupLints look at one matcher group.
func groupLints() []func(group) {
	return []func(group){lintMatcher, lintGroupKeys}
}

// handlerLints look at one handler. Its command is looked at by lintCommand.
func handlerLints() []func(handler) {
	return []func(handler){lintType, lintTimeout, lintSessionEnd, lintOnce, lintCondition, lintPrompt, lintHTTP, lintHandlerKeys, lintHandlerSecrets}
}

// Lints returns every lint there is, those of the loader among them, by name.
func Lints() []Lint {
	all := slices.Concat(configTable(), matcherTable(), handlerTable(), commandTable(), agentTable())
	slices.SortFunc(all, func(a, b Lint) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// configTable is the lints for files: their place, their shape, what the loader finds in them.
func configTable() []Lint {
	return []Lint{
		{"both-claude-and-codex", "hooks in .claude and in .codex"},
		{"duplicate-key", "the same name twice in an object"},
		{"event-type", "an event whose value is no array"},
		{"event-unknown", "a name that is no event"},
		{"events-at-top-level", "events outside of \"hooks\""},
		{"function-hooks", "modules that only Claude Code can run"},
		{"group-flat", "a handler where a group belongs"},
		{"group-hooks", "a group without an array of hooks"},
		{"group-matcher", "a matcher that is no string"},
		{"group-type", "a group that is no object"},
		{"handler-fail-closed", "failClosed that is no boolean"},
		{"handler-field", "a field of a handler that is missing or of the wrong type"},
		{"handler-type", "a handler without a valid type"},
		{"hooks-disabled", "disableAllHooks is on"},
		{"hooks-type", "\"hooks\" that is no object"},
		{"json-comment", "a comment in JSON"},
		{"json-depth", "JSON nested too deeply"},
		{"json-syntax", "text that is not JSON"},
		{"json-trailing-comma", "a comma before a closing bracket"},
		{"managed-only-ignored", "allowManagedHooksOnly outside of managed settings"},
		{"not-loaded-here", "a config Claude Code does not load from here"},
		{"opencode-shape", "an .opencode/hooks.json of another tool"},
		{"require", "a guard that would not block under a required agent"},
		{"root-type", "a file that holds no object"},
		{"search-limit", "a search that was not finished"},
		{"setting-type", "a setting of the wrong type"},
		{"silence", "an entry of .run-hooks.json that is not right"},
		{"toml-syntax", "text that is not TOML"},
		{"toml-value", "a value of TOML that JSON has no word for"},
		{"unreadable", "a file that cannot be read"},
		{"wrong-file", "hooks in a file no agent reads"},
	}
}

// matcherTable is the lints for matchers and conditions.
func matcherTable() []Lint {
	return []Lint{
		{"if-and-matcher", "a condition about a tool the matcher does not match"},
		{"if-invalid", "a condition that is no permission rule"},
		{"if-pattern", "a pattern that never matches in a condition"},
		{"if-tool", "a condition about a tool that does not exist"},
		{"if-without-tool", "a condition on an event without a tool"},
		{"matcher-bad-value", "a matcher with a value its event does not have"},
		{"matcher-case", "a tool's name in the wrong case"},
		{"matcher-comma-list", "names separated by commas"},
		{"matcher-empty", "a matcher without a name"},
		{"matcher-expression", "an expression as a matcher"},
		{"matcher-file-glob", "a pattern of files as a matcher"},
		{"matcher-foreign-tool", "another agent's tool in a matcher"},
		{"matcher-ignored", "a matcher on an event that ignores it"},
		{"matcher-invalid-regex", "a matcher that is no regular expression"},
		{"matcher-mcp-prefix", "an MCP server without its tools in a matcher"},
		{"matcher-no-tool", "a regular expression that matches no tool"},
		{"matcher-permission-rule", "a permission rule as a matcher"},
		{"matcher-removed-tool", "a tool that is gone"},
		{"matcher-unknown-tool", "a tool no one knows"},
	}
}

// handlerTable is the lints for handlers.
func handlerTable() []Lint {
	return []Lint{
		{"async-guard", "a guard that is not waited for"},
		{"duplicate-handler", "the same hook twice"},
		{"handler-no-effect", "a handler whose answer has no effect on its event"},
		{"handler-type-not-run", "a handler type its event does not run"},
		{"http-header-variable", "a variable in a header that is not let through"},
		{"http-scheme", "an address that cannot be called"},
		{"http-url-variable", "a variable in a URL"},
		{"once-ignored", "\"once\" outside of a skill"},
		{"prompt-arguments", "${ARGUMENTS}, which is not replaced"},
		{"prompt-without-arguments", "a prompt without $ARGUMENTS"},
		{"same-command-several-matchers", "the same hook under several matchers"},
		{"session-end-timeout", "the short time of SessionEnd"},
		{"timeout-milliseconds", "a timeout in milliseconds"},
		{"unknown-group-key", "a key of a group that is left out"},
		{"unknown-handler-key", "a key of a handler that is left out"},
	}
}

// commandTable is the lints for commands, and the scripts they run.
func commandTable() []Lint {
	return []Lint{
		{"absolute-personal-path", "a command names one person's directory"},
		{"background-process", "a command leaves a process behind"},
		{"backslash-path", "a path with backslashes, which the shell removes"},
		{"bashism", "a command needs bash and runs under /bin/sh"},
		{"command-empty", "an empty command"},
		{"command-syntax", "a command no shell can read"},
		{"decision-on-stderr", "a decision in JSON written to stderr"},
		{"env-file", "CLAUDE_ENV_FILE on an event without it"},
		{"exec-not-expanded", "a variable in a command without a shell"},
		{"exit-1-on-blocking-event", "exit status 1 where 2 would block"},
		{"fictional-env", "a variable no client sets"},
		{"payload-field", "a field the event's payload does not have"},
		{"placeholder", "a placeholder that nothing replaces"},
		{"plugin-root-in-settings", "$CLAUDE_PLUGIN_ROOT outside of a plugin"},
		{"plugin-root-unquoted", "$CLAUDE_PLUGIN_ROOT without quotes"},
		{"project-dir-unquoted", "$CLAUDE_PROJECT_DIR without quotes"},
		{"relative-path", "a script relative to the current directory"},
		{"script-crlf", "a script with Windows line ends"},
		{"script-no-shebang", "a script without a #! line"},
		{"script-not-executable", "a script that may not be run"},
		{"script-not-found", "a script that is not there"},
		{"secret", "a key written into a command"},
		{"shebang-in-command", "#! in a command"},
		{"swallows-failure", "a guard whose status is thrown away"},
		{"unknown-env", "a variable Claude Code is not known to set"},
		{"windows-only-command", "a command for Windows"},
	}
}

// agentTable is the lints for other agents' files.
func agentTable() []Lint {
	return []Lint{
		{"agent-event", "another agent's file names an event it does not have"},
		{"agent-handler", "another agent's file holds a handler it does not run"},
		{"agent-shape", "another agent's file is not in its shape"},
		{"agent-timeout", "another agent's file has a timeout in the wrong unit"},
		{"agent-tool", "another agent's file names Claude's tools"},
		{"agent-version", "another agent's file lacks its version"},
		{"codex-event", "an event Codex does not have"},
		{"codex-key", "a key Codex does not read"},
		{"codex-matcher", "a matcher that never matches under Codex"},
		{"codex-project-dir", "$CLAUDE_PROJECT_DIR in a Codex file"},
		{"codex-root-key", "a key at the top for which Codex refuses the file"},
		{"codex-timeout", "a fractional timeout, for which Codex refuses the file"},
	}
}
