package checker

import (
	"slices"
	"strings"
	"sync"

	hook "github.com/run-hooks/run-hooks"
)

// toolNames are the tools of Claude Code by their present names (reference §2.2).
var toolNames = sync.OnceValue(func() []string {
	return strings.Fields(`Agent Artifact AskUserQuestion Bash ClaudeDesign CronCreate CronDelete CronList Edit
EndConversation EnterPlanMode EnterWorktree ExitPlanMode ExitWorktree Glob Grep ListAgents ListMcpResourcesTool LSP
Monitor NotebookEdit OfferChromeSetup PowerShell Projects propose_skills PushNotification Read
ReadMcpResourceDirTool ReadMcpResourceTool ReadNotifications RemoteTrigger ReportFindings ScheduleWakeup
SendFeedback SendMessage SendUserFile SendUserMessage SetGoal ShareOnboardingGuide ShowOnboardingRolePicker Skill
StructuredOutput SubagentHandback TaskCreate TaskGet TaskList TaskOutput TaskStop TaskUpdate TodoWrite ToolSearch
WaitForMcpServers WebFetch WebSearch Workflow Write`)
})

// toolSubjects returns every name by which a matcher may mean a tool, an old one
// and one of an MCP server among them.
var toolSubjects = sync.OnceValue(func() []string {
	out := append(slices.Clone(toolNames()), "MultiEdit", "mcp__server__tool")
	for _, t := range hook.Tools() {
		out = append(out, t.Aliases...)
	}
	return out
})

// removedTools pairs tools that are gone with what does their work now.
var removedTools = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"MultiEdit": "Edit", "LS": "Bash or Glob", "SlashCommand": "Skill", "NotebookRead": "Read", "TodoRead": "TaskList",
		"BashOutput": "Read or TaskOutput", "AgentOutputTool": "TaskOutput", "exit_plan_mode": "ExitPlanMode",
	}
})

// A toolClass says what a name in a matcher is.
type toolClass int

const (
	unknownTool   toolClass = iota // no one knows it
	liveTool                       // a tool of Claude Code, by any of its names, or of an MCP server
	removedTool                    // a tool that is gone
	foreignTool                    // another agent's
	miscasedTool                   // a tool, but for the case of its letters
	misspeltTool                   // near a tool's name
	serverTool                     // an MCP server without a tool: mcp__server
	severalTools                   // names with something else than "|" between them
	codexEditTool                  // apply_patch
)

// classify says what name is and, where something else was meant, what.
func classify(name string) (class toolClass, meant string) {
	names := toolNames()
	switch {
	case slices.Contains(toolSubjects(), name) && name != "MultiEdit":
		return liveTool, name
	case hook.IsMCP(name):
		return classifyMCP(name)
	case removedTools()[name] != "":
		return removedTool, removedTools()[name]
	case name == "apply_patch":
		return codexEditTool, "Edit|Write"
	}
	for _, n := range toolSubjects() {
		if strings.EqualFold(n, name) {
			return miscasedTool, n
		}
	}
	if claude, _ := foreignToolName(name); claude != "" {
		return foreignTool, claude
	}
	if fields := strings.Fields(name); len(fields) > 1 && allLive(fields) {
		return severalTools, strings.Join(fields, "|")
	}
	if near := nearest(name, names); near != "" {
		return misspeltTool, near
	}
	return unknownTool, ""
}

// classifyMCP tells a whole mcp__server__tool from a server alone, which is
// compared exactly and so is no tool at all (§3.1).
func classifyMCP(name string) (toolClass, string) {
	server, tool, found := strings.Cut(strings.TrimPrefix(name, "mcp__"), "__")
	switch {
	case found && server != "" && tool != "":
		return liveTool, name
	case server == "":
		return serverTool, "mcp__.*"
	}
	return serverTool, "mcp__" + server + "__.*"
}

func allLive(names []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { c, _ := classify(n); return c != liveTool && c != removedTool })
}
