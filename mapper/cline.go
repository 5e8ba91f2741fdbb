package mapper

import (
	"encoding/json"
	"regexp"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// Cline returns the dialect of Cline CLI 3.0.65 (harnesses record §11). It reads
// no exit status, and only its tool events can be acted on.
//
// Cline has no denial: to cancel ends the whole run, and the model never learns
// why. A call is refused by an input that fits no schema, which the tool rejects,
// and the reason as context (soft-deny-invalid). That is sure for tools whose
// schema is known; any other tool is cancelled.
func Cline() Harness {
	return Harness{
		Name:     "cline",
		Unpaired: []string{"pre_compact"},
		Events:   clineEvents(),
		Tools:    clineTools(),
		Patience: func(string) int { return 120 },
		Session:  func(in hook.Object) string { return text(in, "taskId") },
		Decode: func(h *Harness, native []byte, at Place) (Call, error) {
			return decodeForm(h, native, at, func(in hook.Object, event string) hook.Object { return clineForm(in, event, at.Cwd) }, clineReaders())
		},
		Encode: func(h *Harness, c Call, ds []hook.Decision) Response {
			a, m := answerCommand(h, c, clineSpreads().native(c, ds))
			if a.input == nil && a.deny == "" && a.event == hook.PreToolUse {
				a.input = clineRead(c.Input)
			}
			return answered(h, h.clineAnswer(a, text(c.Input, "tool_name")), m)
		},
		Refuse: refuseCline,
	}
}

// The Task events read no answer. Nor, as far as is known, does that of a prompt,
// which the command line never sent: tools are refused after one that hooks block.
func clineEvents() []EventRow {
	const tool = CanContext | CanHalt
	return []EventRow{
		{"agent_start", hook.SessionStart, 0},
		{"agent_resume", hook.SessionStart, 0},
		{"prompt_submit", hook.UserPromptSubmit, NeverSent},
		{"tool_call", hook.PreToolUse, CanDeny | CanRewrite | tool},
		{"tool_result", hook.PostToolUse, CanContinue | tool},
		{"tool_result", hook.PostToolUseFailure, CanContinue | tool},
		{"agent_end", hook.Stop, 0},
		{"agent_error", hook.StopFailure, 0},
		{"session_shutdown", hook.SessionEnd, 0},
	}
}

func clineTools() []ToolRow {
	return []ToolRow{
		{"run_commands", "Bash", nil},
		{"editor", "Edit", clineEdit()},
		{clineWrite, "Write", []FieldRow{{Native: "path", Claude: "file_path", Path: true}, {Native: "new_text", Claude: "content"}}},
		{"read_files", "Read", nil},
		{"search_codebase", "Grep", nil},
		{"fetch_web_content", "WebFetch", nil},
		{"ask_question", "AskUserQuestion", nil},
		{"skills", "Skill", nil},
		{"spawn_agent", "Agent", []FieldRow{{Native: "task", Claude: "prompt"}}},
	}
}

// clineWrite stands for an editor call that has nothing to replace.
const clineWrite = "editor (without old_text)"

func clineEdit() []FieldRow {
	return []FieldRow{
		{Native: "path", Claude: "file_path", Path: true},
		{Native: "old_text", Claude: "old_string"},
		{Native: "new_text", Claude: "new_string"},
		{Native: "insert_line"},
		{Claude: "replace_all", Default: "false"},
	}
}

func clineSpreads() spreads {
	return spreads{
		{Native: "run_commands", List: "commands", Item: "command"},
		{Native: "read_files", List: "files", Item: "path", Fields: []FieldRow{{Native: "path", Claude: "file_path", Path: true}}},
		{Native: "search_codebase", List: "queries", Item: "query", Fields: []FieldRow{{Native: "query", Claude: "pattern"}}},
		{Native: "fetch_web_content", List: "requests", Item: "url"},
	}
}

// clineForm names the directory that Cline starts hooks in, dir, where it is in the
// workspace: its tools work there, while the root is that of the repository.
func clineForm(in hook.Object, event, dir string) hook.Object {
	names := map[string]string{"PreToolUse": "tool_call", "PostToolUse": "tool_result", "TaskStart": "agent_start", "TaskResume": "agent_resume",
		"UserPromptSubmit": "prompt_submit", "TaskComplete": "agent_end", "TaskError": "agent_error", "SessionShutdown": "session_shutdown"}
	o := renamed(in, "taskId", "session_id")
	if native := text(in, "hookName"); native != "" {
		event = native
	} else if native := names[event]; native != "" {
		event = native
	}
	o = o.WithText("hook_event_name", event)
	if roots := list(value(in, "workspaceRoots")); len(roots) > 0 {
		o = o.With("cwd", roots[0])
		if root := hook.Text(roots[0]); strings.HasPrefix(dir+"/", strings.TrimSuffix(root, "/")+"/") {
			o = o.WithText("cwd", dir)
		}
	}
	if text(in, "parent_agent_id") == "" {
		o = dropped(o, "agent_id")
	}
	return clineCall(dropped(o, "hookName", "preToolUse", "postToolUse", "parent_agent_id"))
}

// clineCall takes the call out of its wrapping.
func clineCall(o hook.Object) hook.Object {
	call := object(o, "tool_call")
	if call == nil {
		call = object(o, "tool_result")
	}
	if call == nil {
		return o
	}
	tool, input := text(call, "name"), value(call, "input")
	args := object(call, "input")
	if _, refused := args.Get(clineDenied); !refused {
		input = clineInput(tool, input)
	}
	if tool == "editor" && text(args, "old_text") == "" && absent(args, "insert_line") {
		tool = clineWrite
	}
	return o.WithText("tool_name", clineMCP(tool)).With("tool_input", input).WithText("tool_use_id", text(call, "id"))
}

// absent reports a member that is not there, or is null.
func absent(o hook.Object, name string) bool { return string(value(o, name)) == "null" }

// clineMCP gives an MCP tool, <server>__<tool>, Claude's name. What is no letter,
// digit, _ or - in it is a _, and a name that was changed so, or is cut off at 64
// characters, has a digest of eight digits behind it.
func clineMCP(tool string) string {
	digest := regexp.MustCompile(`^(.+)_[0-9a-f]{8}$`).FindStringSubmatch(tool)
	switch {
	case digest != nil && len(tool) == 64:
		return "mcp__" + tool
	case !strings.Contains(tool, "__"):
		return tool
	case digest != nil && strings.Count(digest[1], "_") > len("__"):
		return "mcp__" + digest[1]
	}
	return "mcp__" + tool
}

func clineReaders() map[string]commandReader {
	all := clineSpreads()
	start := func(source string) commandReader {
		return without(plainly(hook.SessionStart, hook.Object{}.WithText("source", source)), "taskStart", "taskResume")
	}
	return map[string]commandReader{
		"agent_start":      start("startup"),
		"agent_resume":     start("resume"),
		"prompt_submit":    clinePrompt,
		"tool_call":        without(clinePatches(all.before), "tool_call"),
		"tool_result":      clineAfter(all),
		"agent_end":        clineStop,
		"agent_error":      plainly(hook.StopFailure, hook.Object{}.WithText("error", "unknown").WithText("last_assistant_message", "")),
		"session_shutdown": plainly(hook.SessionEnd, hook.Object{}.WithText("reason", "other")),
	}
}

func clinePrompt(e *commandEvent) ([]hook.Event, error) {
	prompt := text(object(e.in, "userPromptSubmit"), "prompt")
	e.in = dropped(e.in, "userPromptSubmit").WithText("prompt", prompt)
	return prompted(e)
}

// clinePatches is the reader of an event that may be about a patch.
func clinePatches(read commandReader) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		e.patch = clinePatch
		return read(e)
	}
}

// clineAfter is a call that was made; one that was refused is none.
func clineAfter(all spreads) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		if _, refused := object(e.in, "tool_input").Get(clineDenied); refused {
			return nil, nil
		}
		return clinePatches(all.after(clineOutcome, "tool_result"))(e)
	}
}

// clineOutcome is what became of part i: of a list the i-th, else the whole.
func clineOutcome(in hook.Object, i int) outcome {
	res := object(in, "tool_result")
	raw := value(res, "output")
	if items := list(raw); i < len(items) {
		raw = items[i]
	}
	one, err := hook.ParseObject(raw)
	if err != nil {
		return outcome{text: hook.Text(raw), failed: text(res, "error") != ""}
	}
	if ok, says := one.Get("success"); says && string(ok) == "false" || text(one, "error") != "" {
		said := text(one, "result")
		if said == "" {
			said = text(one, "error")
		}
		return outcome{said, true}
	}
	said, own := one.Get("result")
	if !own {
		said = raw // of an MCP tool, or a sub-agent
	}
	return outcome{text: plainText(said)}
}

// plainText is the text of a JSON string, and the JSON of anything else.
func plainText(raw json.RawMessage) string {
	if said := ""; json.Unmarshal(raw, &said) == nil {
		return said
	}
	return string(raw)
}

// clineStop is the end of a run, which hooks can only watch.
func clineStop(e *commandEvent) ([]hook.Event, error) {
	last := text(object(e.in, "turn"), "outputText")
	e.in = dropped(e.in, "turn", "taskComplete").WithText("last_assistant_message", last)
	return stoppedBy(hook.Stop)(e)
}

// clineDenied is the argument that no tool has.
const clineDenied = "denied"

func (h *Harness) clineAnswer(a answer, tool string) hook.Object {
	o := hook.Object{}
	switch {
	case a.halt || a.deny != "" && !h.clineKnows(a, tool):
		return o.With("cancel", boolean(true)).WithText("errorMessage", lines(a.deny, a.why))
	case a.deny != "":
		wrong := hook.Object{}.WithText(clineDenied, a.deny)
		return o.With("overrideInput", wrong.JSON()).WithText("context", paragraphs(append([]string{a.deny}, a.context...)))
	case a.input != nil:
		o = o.With("overrideInput", a.input.JSON())
	}
	if len(a.context) > 0 {
		o = o.WithText("context", paragraphs(a.context))
	}
	return o
}

// clineKnows reports whether the tool is one that rejects an input it does not
// know. One that starts a sub-agent looks at nothing before it does.
func (h *Harness) clineKnows(a answer, tool string) bool {
	row, ok := h.toolNamed(tool)
	return a.event == hook.PreToolUse && (ok && row.Claude != "Agent" || tool == patchTool)
}

// refuseCline ends the run: what the call was is not known.
func refuseCline(_ *Harness, event, text string) Response {
	o := hook.Object{}
	if event != "tool_result" && event != "PostToolUse" {
		o = o.With("cancel", json.RawMessage("true")).WithText("errorMessage", text)
	}
	return Response{Stdout: append(o.JSON(), '\n'), Stderr: []byte(text + "\n")}
}
