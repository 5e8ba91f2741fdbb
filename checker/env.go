package checker

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// setVariables are what Claude Code sets for every hook (§2, reference §4.3), and
// what users set to steer it.
func setVariables() []string {
	return strings.Fields(`CLAUDE_PROJECT_DIR CLAUDE_CODE_ENTRYPOINT CLAUDE_CODE_SESSION_ID CLAUDE_CODE_CHILD_SESSION
CLAUDE_CODE_SESSION_ATTENDED CLAUDE_PID CLAUDE_CODE_CHILD_NOTES_DIR CLAUDE_CODE_MESSAGING_SOCKET
CLAUDE_CODE_MESSAGING_TOKEN CLAUDE_EFFORT CLAUDE_CODE_REMOTE CLAUDE_CODE_REMOTE_SESSION_ID
CLAUDE_CODE_BRIDGE_SESSION_ID CLAUDE_CONFIG_DIR CLAUDE_PLUGIN_ROOT CLAUDE_PLUGIN_DATA CLAUDE_ENV_FILE`)
}

// fictional pairs variables that people read and no client sets with the filter
// that gets the same from the payload; "" where there is no such thing.
var fictional = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"CLAUDE_TOOL_INPUT": ".tool_input", "CLAUDE_TOOL_ARGS": ".tool_input", "CLAUDE_TOOL_PARAMS": ".tool_input", "TOOL_INPUT": ".tool_input", "TOOL_ARGS": ".tool_input",
		"CLAUDE_TOOL_INPUT_FILE_PATH": ".tool_input.file_path", "CLAUDE_TOOL_FILE_PATH": ".tool_input.file_path", "CLAUDE_FILE_PATH": ".tool_input.file_path",
		"CLAUDE_FILE_PATHS": ".tool_input.file_path", "CLAUDE_EDITED_FILE": ".tool_input.file_path", "CLAUDE_MODIFIED_FILES": ".tool_input.file_path",
		"TOOL_INPUT_file_path": ".tool_input.file_path", "FILE_PATH": ".tool_input.file_path", "CLAUDE_FILE": ".tool_input.file_path", "CLAUDE_FILE_TYPE": ".tool_input.file_path",
		"CLAUDE_TOOL_INPUT_COMMAND": ".tool_input.command", "CLAUDE_COMMAND": ".tool_input.command", "TOOL_INPUT_command": ".tool_input.command", "CLAUDE_BASH_COMMAND": ".tool_input.command",
		"TOOL_INPUT_prompt": ".tool_input.prompt", "TOOL_INPUT_pattern": ".tool_input.pattern", "CLAUDE_SUBAGENT_TYPE": ".tool_input.subagent_type",
		"CLAUDE_TOOL_NAME": ".tool_name", "CLAUDE_TOOL": ".tool_name", "TOOL_NAME": ".tool_name",
		"CLAUDE_TOOL_OUTPUT": ".tool_response", "CLAUDE_TOOL_RESULT": ".tool_response", "TOOL_OUTPUT": ".tool_response", "TOOL_RESULT": ".tool_response", "CLAUDE_EXIT_CODE": ".error", "TOOL_SUCCESS": "",
		"CLAUDE_PROMPT": ".prompt", "CLAUDE_USER_PROMPT": ".prompt", "USER_PROMPT": ".prompt",
		"CLAUDE_SESSION_ID": ".session_id", "CLAUDE_TRANSCRIPT_PATH": ".transcript_path", "CLAUDE_CWD": ".cwd", "CLAUDE_WORKING_DIR": ".cwd",
		"CLAUDE_HOOK_EVENT": ".hook_event_name", "CLAUDE_HOOK_EVENT_NAME": ".hook_event_name", "CLAUDE_EVENT": ".hook_event_name", "HOOK_EVENT_NAME": ".hook_event_name",
		"CLAUDE_NOTIFICATION": ".message", "CLAUDE_MESSAGE": ".message", "CLAUDE_ERROR": ".error", "CLAUDE_AGENT_TYPE": ".agent_type", "CLAUDE_AGENT": ".agent_type", "CLAUDE_TASK_ID": ".task_id",
		"CLAUDE_MODEL": "", "CLAUDE_TASK": "", "CLAUDE_TASK_TYPE": "",
	}
})

// lintEnv finds variables that are not set where a program reads them.
func lintEnv(p *program) {
	if p.tree == nil {
		lintEnvCode(p)
		return
	}
	assigned := p.assigned()
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		param, ok := n.(*syntax.ParamExp)
		if ok && param.Param != nil && !assigned[param.Param.Value] {
			p.lintVariable(param)
		}
		return true
	})
}

// lintVariable judges one use of a variable that the program does not set itself.
func (p *program) lintVariable(n *syntax.ParamExp) {
	name := n.Param.Value
	fallback := n.Exp != nil && n.Exp.Word != nil && len(n.Exp.Word.Parts) > 0
	instead, fiction := fictional()[name]
	switch {
	case p.settingsSet(name):
	case name == "CLAUDE_PLUGIN_ROOT" || name == "CLAUDE_PLUGIN_DATA":
		p.lintPluginRoot(n, name, fallback)
	case name == "CLAUDE_PROJECT_DIR":
		if p.inline && p.uses[0].kind == Codex && !fallback {
			p.addNode(n, loader.Error, "codex-project-dir", "Codex does not set CLAUDE_PROJECT_DIR", "the path begins at the root of the disk, and the hook fails", `write "$(git rev-parse --show-toplevel)"`)
		}
	case name == "CLAUDE_ENV_FILE":
		p.lintEnvFile(n, fallback)
	case fiction && !fallback:
		right := ""
		if instead != "" {
			right = "read the payload on stdin: jq -r " + instead
		}
		p.addNode(n, loader.Error, "fictional-env", fmt.Sprintf("no client sets $%s", name), "the hook works on an empty text", right)
	case strings.HasPrefix(name, "CLAUDE_") && !strings.HasPrefix(name, "CLAUDE_PLUGIN_OPTION_") && !strings.HasPrefix(name, "CLAUDE_CODE_") && !fiction && n.Exp == nil && !slices.Contains(setVariables(), name):
		p.addNode(n, loader.Info, "unknown-env", fmt.Sprintf("Claude Code is not known to set $%s", name), "", "")
	}
}

// lintPluginRoot judges a variable that only hooks of plugins have (§2).
func (p *program) lintPluginRoot(n syntax.Node, name string, fallback bool) {
	if fallback || !p.inline || p.uses[0].kind == Plugin || p.uses[0].kind == Codex {
		return
	}
	p.addNode(n, loader.Error, "plugin-root-in-settings", fmt.Sprintf("$%s is set for the hooks of plugins alone", name), "the hook is refused and does not run", `write "$CLAUDE_PROJECT_DIR"`)
}

// lintEnvFile judges the one variable that only some events have.
func (p *program) lintEnvFile(n syntax.Node, fallback bool) {
	has := func(s hook.EventSpec) bool { return s.EnvFile }
	if fallback || slices.ContainsFunc(p.events(), has) {
		return
	}
	p.addNode(n, loader.Warning, "env-file", fmt.Sprintf("CLAUDE_ENV_FILE is not set on %s", p.eventNames()), "what is written there is lost", "only SessionStart, Setup, CwdChanged and FileChanged have it")
}

// settingsSet reports whether "env" of the settings that run the program sets name.
func (p *program) settingsSet(name string) bool {
	return slices.ContainsFunc(p.uses, func(h handler) bool { return h.doc.Root().Get("env").Get(name).Exists() })
}

// assigned returns the variables that the program sets itself. One that reads
// other files in may set any.
func (p *program) assigned() map[string]bool {
	out := map[string]bool{}
	syntax.Walk(p.tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil && n.Value != nil || n.Name != nil && n.Array != nil {
				out[n.Name.Value] = true
			}
		case *syntax.WordIter:
			out[n.Name.Value] = true
		case *syntax.CallExpr:
			switch commandName(n) {
			case "read", "mapfile", "readarray", "getopts", "printf":
				for _, w := range n.Args[1:] {
					out[w.Lit()] = true
				}
			case "source", ".", "eval":
				for name := range fictional() {
					out[name] = true
				}
			}
		}
		return true
	})
	return out
}

// envCode is a variable as Python and JavaScript read it.
var envCode = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:os\.environ(?:\.get\(|\[)|os\.getenv\()\s*["']([A-Za-z_]+)["']|process\.env\.([A-Za-z_]+)|process\.env\[["']([A-Za-z_]+)["']\]`)
})

// lintEnvCode is lintEnv for Python and JavaScript. One that reads the payload
// too falls back on it.
func lintEnvCode(p *program) {
	if strings.Contains(p.text, "stdin") || strings.Contains(p.text, "readFileSync(0") {
		return
	}
	for _, at := range envCode().FindAllStringSubmatchIndex(p.text, -1) {
		for i := 2; i < len(at); i += 2 {
			if at[i] < 0 {
				continue
			}
			name := p.text[at[i]:at[i+1]]
			if instead, ok := fictional()[name]; ok && strings.HasPrefix(name, "CLAUDE_") && !p.settingsSet(name) {
				p.add(at[i], at[i+1], loader.Error, "fictional-env", "no client sets "+name, "the hook works on an empty text", "read the payload on stdin"+prefixed(": ", strings.TrimPrefix(instead, ".")))
			}
		}
	}
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}
