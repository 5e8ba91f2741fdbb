package runhooks_test

import data.runhooks

bash(command) := {"tool_name": "Bash", "tool_input": {"command": command}}

test_push if {
	runhooks.hook.hookSpecificOutput.permissionDecision == "deny" with input as bash("git push origin main")
	runhooks.hook == {} with input as bash("git push origin feature")
	runhooks.hook == {} with input as bash("git status")
}

test_release if {
	runhooks.hook.hookSpecificOutput.permissionDecision == "ask" with input as bash("gh release create v1")
}

test_generated if {
	written := {"tool_name": "Write", "tool_input": {"file_path": "/p/api/a.pb.go", "content": ""}}
	runhooks.hook.hookSpecificOutput.permissionDecisionReason == "/p/api/a.pb.go is generated: change its source" with input as written
}
