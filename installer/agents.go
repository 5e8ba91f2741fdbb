package installer

import (
	"os"
	"path/filepath"
)

// An Agent is one that the bridge can be put into.
type Agent struct {
	Name     string // as the harness's
	Title    string // for people
	Plan     func(Options) (Plan, error)
	Command  string                 // the agent's own program
	Project  []string               // files and directories by which a project is one that it is used in
	Home     []string               // the same below the user's home directory
	Moves    []Mover                // what moves its directory of the user, the first of Home; the first that is set counts
	OffEnv   []string               // environment variables that keep it from running hooks where they are set
	OffHere  []string               // variables that keep it from reading a project's config
	Behind   func(Options) []string // hooks of its own that undo what the bridge denies; nil: see LastWins
	Unseen   func(Options) []string // what of the bridge it skips, without a word, until the user has seen it; nil: nothing
	LastWins string                 // the event at which the last of several hooks that decide has its way, the user's behind the project's; "" if none
	UserOnly bool                   // it has hooks of the user alone: Global is needed
	After    string                 // what is left to do by hand after an install; "" if nothing
	Checked  string                 // the version its dialect was checked with
	Shares   bool                   // its bridge is another agent's, too
	Notes    []string               // what else there is to know of it
	Read     bool                   // checked by reading its documentation or source: it was never run
}

// Agents returns the agents there is an installer for.
func Agents() []Agent {
	return []Agent{
		{Name: "opencode", Title: "OpenCode", Checked: "1.18.33", Plan: OpenCode, Command: "opencode", Project: []string{".opencode", "opencode.json", "opencode.jsonc"}, Home: []string{".config/opencode"}, Moves: []Mover{{Variable: "XDG_CONFIG_HOME", Below: "opencode"}}, OffEnv: []string{"OPENCODE_PURE"}, OffHere: []string{"OPENCODE_DISABLE_PROJECT_CONFIG"},
			After: "opencode fetches a package of its own at its first start with a plugin; that start takes longer",
			Notes: []string{
				"Its server has sessions of OpenCode 2's kind too (/api/session), of which no plugin is told: the plugin takes their tools away. A guard of prompts does not see theirs",
				"With OPENCODE_DISABLE_PROJECT_CONFIG it loads no plugin of a project: hooks run only where run-hooks init --global was used",
				"Its bash has a field workdir, which Claude's Bash has not: a guard that minds where a command runs must look at tool_input.workdir, too",
				"A file that the model names by @ in a prompt for a sub-agent is read into it without a call: hooks see a Read by the sub-agent, and a denial refuses the sub-agent",
				"Shell commands in the text of a custom command run before any hook, even before one that refuses the command",
				"A plugin that is loaded later can change the input of a call after hooks have checked it: the user is told that it has happened",
				"Where one MCP server's name begins with another's (git, git_hub), a tool may be of either: PreToolUse hooks run for both names",
				"MCP resources are read as the model wanted, so that a hook's updatedInput refuses the call"}},
		{Name: "codex", Title: "Codex", Checked: "0.169.0", Plan: Codex, Command: "codex", Project: []string{".codex"}, Home: []string{".codex"}, Moves: []Mover{{Variable: "CODEX_HOME"}}, Unseen: codexUnreviewed,
			After: "Codex runs a hook only after you have reviewed it: start codex in this folder and type /hooks; doctor says what it has not been shown",
			Notes: []string{
				"What the model types into a command that goes on (write_stdin) reaches hooks only where Codex asks the user for it, which it does if the command was started outside of its sandbox: elsewhere a guard of Bash sees the shell that is started, not what it is told then. With features.unified_exec_tty = false in Codex's config there is nothing to type into",
				"Hooks are run in the session's directory, also where the cwd of the payload is the workdir that the model has named for a call",
				"If the directory that a session was started in goes away, it starts no hook, and makes the calls all the same, until the directory is back",
				"Its web search is made by the model's provider, and no hook is asked: web_search = \"disabled\" in its config takes it away",
				"With allow_managed_hooks_only = true in /etc/codex/requirements.toml it leaves out the bridge, and does not say so",
				"In the names of an MCP server and its tools - is _, and of tools that would be the same each has a mark of 12 digits behind it: a matcher with Claude's name runs, and the hook reads Codex's",
				"In a linked git worktree it runs the hooks that the main checkout's .codex has, and only where the worktree has a .codex, too: init in a worktree writes both. A worktree made without one is not guarded, but by init codex --global",
				"A shell command that holds a patch is an Edit or a Write of its files, too, before it is made; after it, it is Bash alone, and nothing where Codex applies the patch itself",
				"A command that goes on in the background has its PostToolUse when the model looks at it again, and none if it never does; a failed one is a PostToolUse as any other. A patch, or a call of an MCP tool, that fails has no event behind it",
				"To a model that calls its tools from JavaScript an output that a hook replaces is an exception with that text"}},
		{Name: "gemini", Title: "Gemini CLI", Checked: "0.61.0", Plan: Gemini, Command: "gemini", Project: []string{".gemini"}, Home: []string{".gemini"}, Moves: []Mover{{Variable: "GEMINI_CLI_HOME", Below: ".gemini"}},
			Notes: []string{
				"Where an editor drives it (--acp) it asks no hooks about a call of the model's own, only about those of sub-agents, nor those of SessionStart, PostToolUse and PostToolUseFailure. Where a hook of PreToolUse is in effect every prompt is refused there; the client shows no reason in the editor, only in its log. Who would go on without guards adds --fail-open to the command in its config",
				"In a folder that it is told not to trust it runs no hooks, the user's neither",
				"Once the directory that it was started in is gone it can start no hook, and goes on",
				"In a workflow of GitHub's, or with security.environmentVariableRedaction.enabled, hooks get few variables of its own environment: HOME, PATH and their like, RUN_HOOKS_TRUST, and what security.environmentVariableRedaction.allowed names",
				"Another entry of its own config that changes the input of a call does so behind the back of the bridge's guards",
				"It decodes percent signs in paths, and hooks see what that gives. A file's path with an @ in front may be one of two files: hooks see a call for each. A relative path of replace is made absolute, as it would look for a file of that name anywhere below; in plan mode such an edit fails, and the model reads where plans are",
				"A web_fetch of several URLs is a call for each; another input can be put into none of them",
				"In the names of an MCP server and its tool any character but a letter, a digit, _ and - is a _, as in Claude Code",
				"The directory of a command is its tool_input.dir_path; cwd stays that of the session",
				"What runs without the model is no call: a command after !, or one in !{} of a command's file. With experimental.modelSteering what is typed while the model works is no UserPromptSubmit; with tools.disableLLMCorrection false another model may change the text of an edit that hooks have seen"}},
		{Name: "qwen", Title: "Qwen Code", Checked: "0.24.4", Plan: Qwen, Command: "qwen", Project: []string{".qwen"}, Home: []string{".qwen"}, Moves: []Mover{{Variable: "QWEN_HOME", Files: []string{".qwen/.env", ".env"}}}, OffEnv: []string{"QWEN_CODE_SAFE_MODE", "QWEN_CODE_SIMPLE"}, LastWins: "PreToolUse",
			Notes: []string{
				"It waits no longer than a minute for a hook, whatever its timeout, and then makes the call: shortly before that a call, or a prompt, is refused. An end of a turn that hooks take longer for is an error",
				"Of several entries in its own config the last that decides on a call counts, the user's after the project's: one there that wants the user to be asked makes a denial a question. One that allows a call undoes nothing",
				"It reads .qwen/settings.json of the directory that it is started in alone: in one below the project's, or in a new work tree where the file is not committed, no hook of the project runs. With security.folderTrust.enabled none does in a folder that it does not trust",
				"What the user types while the model answers and sends at once (steering), and what follows /btw, goes to the model with no event: hooks of UserPromptSubmit do not see it. What is typed while a tool runs they see",
				"Over ACP hooks see the texts of a prompt, not what else an editor puts into it (resources) nor the files that it names by @; for a prompt without text none runs",
				"Its sub-agents claude-code and codex are the programs of these agents: no hook of it is asked about their calls, but those that they run themselves",
				"A sub-agent with isolation or working_dir works in a git work tree of its own, of which hooks are not told: they see the session's directory, and a relative path of a search as one below that",
				"With ui.enableSpeculation it makes calls ahead of a prompt that it has guessed (it reads, searches, runs commands that only read, and edits copies of files) and asks no hook about them; init, status and doctor say so, and check --require of what is in the project",
				"Arguments of an MCP tool that are texts of JSON, of a number or of true and false may be made what they spell, as its schema wants: PreToolUse hooks run for both forms",
				"Without a terminal each call is a batch of its own for PostToolBatch, but for those of sub-agents",
				"Its MessageDisplay is not bridged: while a text streams it would start processes several times a second, for every user",
				"Claude's tasks are the items of its tool todo_write, which is off until tools.todoWrite.enabled is set",
				"What is longer than 63 characters of mcp__<server>__<tool> is cut off, and a hash put in its place: there a matcher of mcp__<server>__.* holds, one of the whole name does not"}},
		{Name: "copilot", Title: "GitHub Copilot CLI", Shares: true, Checked: "1.0.102", Plan: Copilot, Command: "copilot", Project: []string{".github/hooks", ".github/copilot"}, Home: []string{".copilot"}, Moves: []Mover{{Variable: "COPILOT_HOME"}},
			After: "Copilot CLI runs the hooks of a project only in a folder that it trusts: elsewhere none, without a word; those of --global it runs everywhere",
			Notes: []string{
				"With -p it runs the hooks of a project that it was told to trust before, and of any with COPILOT_ALLOW_ALL or GITHUB_COPILOT_PROMPT_MODE_REPO_HOOKS being true; --allow-all trusts nothing. --trust-folder trusts the directory it is started in alone, whatever else is trusted, and takes it for the root: in one below the project's no hook of the project runs. It cannot be given with --continue",
				"The name of an MCP tool, <server>-<tool>, does not say where the server's ends: at the first call of a tool hooks run for each name that it may be, of a-b-c for mcp__a__b-c and mcp__a-b__c. In such a name any character but a letter, a digit, _ and - is a -, and what is longer than 64 characters is cut off",
				"A sub-agent is a session of its own: hooks of UserPromptSubmit and Stop run for it, too",
				"A hook of its own config that changes a call's input may run after the bridge: what it puts there no guard has seen",
				"What it makes of Claude's files itself differs from Claude Code: scripts that read tool_input.file_path find nothing, exit status 2 loses its reason, texts for the model are dropped, and a matcher of mcp__ names matches nothing. With run-hooks as the command in such a file scripts get Claude's payload, and Copilot CLI an answer it reads",
				"The cloud agent reads .github/hooks too, and refuses every call where run-hooks is not installed"}},
		{Name: "vscode", Title: "VS Code", Shares: true, Checked: "its documentation of 2026-09-16", Read: true, Plan: Copilot, Command: "code", Project: []string{".vscode"}, Home: []string{".vscode"},
			Notes: []string{"It reads the hook files of Copilot CLI, and the bridge is the same for both", "With chat.useClaudeHooks it runs Claude's files itself: hooks then run twice"}},
		{Name: "droid", Title: "Factory Droid", Checked: "0.215.0", Plan: Droid, Command: "droid", Project: []string{".factory"}, Home: []string{".factory"}, Moves: []Mover{{Variable: "FACTORY_HOME_OVERRIDE", Below: ".factory"}},
			Notes: []string{
				"droid exec sends no event for a prompt, unless its output is stream-jsonrpc: hooks of UserPromptSubmit run only where there is a user, or a program that drives it",
				"What is said to it while it works, what a program that drives it adds without a turn, and of a message with content more than its text, it gives the model without an event: hooks of UserPromptSubmit do not see it. Nor do they see a prompt of more than 128 kB, or with a NUL in it: it puts the prompt into a hook's environment, and the hook does not start. So no hook of PostToolUse runs for a result with a NUL in it. Nor for what a Script calls",
				"A mission is refused that names another directory than the session's, as no hook of the project would be asked about its workers' calls",
				"It reads its hook files again within two seconds of a change: a call of the model's that writes .factory/hooks.json, or hooksDisabled into .factory/settings.json, in the project or in the user's home, ends the bridge in the middle of a session, with nobody told. Guard those files as you guard .claude/settings.json",
				"In its sandbox the home directory is not to be written to, and the bridge remembers nothing: a Stop hook that is never happy is heard without end, and a sub-agent is taken for the user. Make the directory ~/.local/state/run-hooks, and name it in sandbox.filesystem.allowWrite",
				"A hook of its own config that changes a call's input runs beside the bridge: what it puts there no guard has seen. Of several hooks' inputs it takes the first, and so it does of their texts for the model after a call",
				"In the name of an MCP server any character but a letter, a digit, _ and - is a -, and what is longer than 32 characters is cut off: hooks see mcp__<that name>__<tool>"}},
		{Name: "cursor", Title: "Cursor", Checked: "its documentation of 2026-09", Read: true, Plan: Cursor, Command: "cursor-agent", Project: []string{".cursor"}, Home: []string{".cursor"},
			Notes: []string{"The name of an MCP tool does not say its server: hooks see mcp__cursor__<tool>"}},
		{Name: "cline", Title: "Cline CLI", Checked: "3.0.65", Plan: Cline, Command: "cline", Project: []string{".cline", ".clinerules"}, Home: []string{".cline"}, Moves: []Mover{{Variable: "CLINE_DIR"}}, Behind: clineBehind,
			Notes: []string{
				"It has no denial: a call is refused by an input that its tool rejects, with the reason as context. A tool whose schema is not known, like that of an MCP server or of a sub-agent, might take any input: there the whole run is cancelled",
				"It ends the run when three calls in a row have failed, and a refused one counts",
				"In the name of an MCP tool what is no letter, digit, _ or - is a _, and what is longer than 64 characters is cut off: hooks see mcp__<that name>",
				"Its editor makes the file where there is none, whatever it was to replace there: hooks see an Edit",
				"Of several hook files the last that gives an input has its way: one that is run behind the bridge, by its path, undoes a denial",
				"Its own timeout is 120 s, after which a call is let pass: shortly before that it is refused"}},
		{Name: "kimi", Title: "Kimi Code", Checked: "2.1.0", Plan: Kimi, Command: "kimi", Home: []string{".kimi-code"}, Moves: []Mover{{Variable: "KIMI_CODE_HOME"}}, UserOnly: true,
			Notes: []string{"Its own timeout is 600 s at most, after which a call, or a prompt, is let pass: shortly before that it is refused", "It sends the model back to work once a turn", "It sends no event for a skill that the user starts by its slash command, in the terminal or over ACP: hooks of UserPromptSubmit do not see that prompt", "A server of it (kimi acp, kimi web) names the directory of a session at its start only: where run-hooks saw no start, hooks are those of the directory that the server was started in", "It does not wait for hooks after a call: the end of the turn does, and sends the model back to work with what they object to; once it was sent back, that waits for the next prompt"}},
		{Name: "crush", Title: "Crush", Checked: "0.96.1", Read: true, Plan: Crush, Command: "crush", Project: []string{"crush.json", ".crush.json", ".crush"}, Home: []string{".config/crush"}, Moves: []Mover{{Variable: "CRUSH_GLOBAL_CONFIG"}, {Variable: "XDG_CONFIG_HOME", Below: "crush"}},
			Notes: []string{"An input is laid over the call's own: a field that a hook leaves out stays", "The name of an MCP tool does not say where its server's ends: hooks see it cut at the first underscore", "Hooks are not asked about the calls of sub-agents"}},
		{Name: "goose", Title: "Goose", Checked: "1.50", Read: true, Plan: Goose, Command: "goose", Project: []string{".agents/plugins", ".goosehints"}, Home: []string{".config/goose"}},
	}
}

// Found says by what an agent is seen to be used here: its program, where path
// finds it, or a file of its own in the project or in the home directory; "" if
// it is not. path looks a program up and returns "" if there is none.
func (a Agent) Found(o Options, path func(string) string) string {
	if at := path(a.Command); at != "" {
		return at
	}
	for _, at := range a.Places(o) {
		if _, err := os.Stat(at); err == nil {
			return at
		}
	}
	return ""
}

// Places are the files and directories by which an agent is seen to be used in
// the project, then those of the user. They need not be there.
func (a Agent) Places(o Options) []string {
	out := below(o.Project, a.Project)
	if at := o.Moved[a.Name]; at != "" {
		return append(out, at)
	}
	return append(out, below(o.Home, a.Home)...)
}

// below puts names below dir; there are none where dir is not known.
func below(dir string, names []string) []string {
	var out []string
	for _, name := range names {
		if dir != "" {
			out = append(out, filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	return out
}

// Bridged reports whether the bridge is in the agent's config, of the project or,
// with o.Global, of the user: removing it would change something. stale is whether
// installing it would, too.
func (a Agent) Bridged(o Options) (is, stale bool, err error) {
	o.Remove = true
	plan, err := a.Plan(o)
	if err != nil || len(plan) == 0 {
		return false, false, err
	}
	o.Remove = false
	plan, err = a.Plan(o)
	return true, len(plan) > 0, err
}
