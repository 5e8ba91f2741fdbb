// Package loader finds the hook configs that apply, reads and validates them as
// Claude Code does, merges them, and matches an event to their handlers.
//
// # Sources
//
// Lowest precedence first; handlers are concatenated, never replaced:
//
//	user       ~/.claude/settings.json, or $CLAUDE_CONFIG_DIR/settings.json
//	project    <project>/.claude/settings.json
//	local      settings.local.json of the repository's root, then of <project>/.claude
//	opencode   <project>/.opencode/hooks.json, under OpenCode only, if it has Claude's shape
//	codex      <project>/.codex/hooks.json and [hooks] of .codex/config.toml, only where
//	           neither project nor local file defines hooks: a fallback, never an addition
//	managed    managed-settings.json and managed-settings.d/*.json of the system
//	plugin     hooks/hooks.json of the installed plugins that the settings enable
//
// # Validation
//
// As measured (§9): a file that is not strict JSON, has a setting of a wrong
// type, or holds anything invalid under PreToolUse or PermissionRequest is
// rejected whole; elsewhere only the bad entry, group or event is left out.
// Every such loss is a [Finding] with its place and its cost.
//
// # Matching
//
// [Config.Match] says of every handler of an event whether it runs, and of each
// one that does not, why, in words.
package loader
