# What a coding agent may do here. OPA gets the payload of a PreToolUse hook as
# input, as the agent's client words it, and hook is what such a hook answers.
package runhooks

default hook := {}

hook := {"hookSpecificOutput": {
	"hookEventName": "PreToolUse",
	"permissionDecision": "deny",
	"permissionDecisionReason": concat("; ", sort(deny)),
}} if {
	count(deny) > 0
} else := {"hookSpecificOutput": {
	"hookEventName": "PreToolUse",
	"permissionDecision": "ask",
	"permissionDecisionReason": concat("; ", sort(ask)),
}} if {
	count(ask) > 0
}

deny contains "the main branch is pushed by CI alone" if {
	input.tool_name == "Bash"
	regex.match(`\bgit\s+push\b.*\bmain\b`, input.tool_input.command)
}

deny contains sprintf("%s is generated: change its source", [input.tool_input.file_path]) if {
	input.tool_name in {"Write", "Edit"}
	some pattern in ["**/*.pb.go", "**/vendor/**"]
	glob.match(pattern, ["/"], input.tool_input.file_path)
}

ask contains "this publishes a release" if {
	input.tool_name == "Bash"
	startswith(input.tool_input.command, "gh release")
}
