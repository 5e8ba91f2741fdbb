package mapper

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// The events of a session: its start and end, its prompts and turns, its
// sub-agents and its files.

// message is a message that is about to be sent: of the user, with the session's
// start before it if that is due; or of a sub-agent's task, which starts the
// sub-agent, and may have read files. Messages of our own are neither (§3.3, §7, §8).
func (r *ocRequest) message(h *Harness) ([]hook.Event, error) {
	prompt, own := r.prompt()
	switch {
	case own:
		return nil, nil
	case r.child() && !truth(r.state, "user"):
		return append([]hook.Event{r.claude(hook.SubagentStart, nil)}, r.attached(h)...), nil
	}
	if typed := r.typed(); typed != "" {
		prompt = typed
	}
	submit := r.claude(hook.UserPromptSubmit, hook.Object{}.WithText("prompt", prompt))
	return append(r.start(text(r.state, "source")), submit), nil
}

// attached are the files that a model has read by @name in the prompt it gives a
// sub-agent: OpenCode puts what they hold into the message, without a call of its
// tool read and without a question. It says so in a part before each, and of a file
// that is no text nowhere else (1.18.33, measured).
func (r *ocRequest) attached(h *Harness) []hook.Event {
	row, _ := h.toolNamed("read")
	var out []hook.Event
	for _, p := range objects(r.output, "parts") {
		said, ok := strings.CutPrefix(text(p, "text"), "Called the Read tool with the following input: ")
		if !ok || !truth(p, "synthetic") {
			continue
		}
		args, err := hook.ParseObject([]byte(said))
		if err != nil { // a name with a quote in it, which OpenCode does not escape
			said = strings.TrimSuffix(strings.TrimPrefix(said, `{"filePath":"`), `"}`)
			args = hook.Object{}.WithText("filePath", said)
		}
		input := toClaude(row.Fields, args, r.directory)
		out = append(out, r.callEvent(hook.PreToolUse, row.Claude, text(p, "id"), input, nil))
	}
	return out
}

// start is the session's start for that reason, nothing without one.
func (r *ocRequest) start(source string) []hook.Event {
	if source == "" {
		return nil
	}
	own := hook.Object{}.WithText("source", source)
	if model := text(r.state, "model"); model != "" {
		own = own.WithText("model", model)
	}
	return []hook.Event{r.claude(hook.SessionStart, own)}
}

// prompt returns the text of the message, and whether it is one that the plugin
// sent itself and marked. Where nobody has typed anything, it is what the model
// reads all the same, such as the result of a task in the background.
func (r *ocRequest) prompt() (said string, own bool) {
	unseen, typed := "", false
	for _, p := range objects(r.output, "parts") {
		if text(object(p, "metadata"), "runHooks") == "prompt" {
			own = true
		}
		switch {
		case text(p, "type") != "text":
			typed = true
		case truth(p, "synthetic"):
			unseen = lines(unseen, text(p, "text"))
		case !truth(p, "ignored"):
			said, typed = lines(said, text(p, "text")), true
		}
	}
	if !typed {
		said = unseen
	}
	return said, own
}

// typed is the command the user typed, where the message was made from one: like
// Claude Code's hooks, ours see it unexpanded.
func (r *ocRequest) typed() string {
	c := object(r.state, "command")
	name, args := text(c, "name"), text(c, "arguments")
	if name == "" || args == "" {
		return prefixed("/", name)
	}
	return "/" + name + " " + args
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// command is a command that the user typed, before it becomes a prompt; in a
// sub-agent's session, too, as no model can give one.
func (r *ocRequest) command(*Harness) ([]hook.Event, error) {
	name, args := text(r.input, "command"), text(r.input, "arguments")
	own := hook.Object{}.
		WithText("expansion_type", "slash_command").
		WithText("command_name", name).
		WithText("command_args", args).
		WithText("command_source", "projectSettings").
		WithText("prompt", "/"+name+prefixed(" ", args))
	return append(r.start(text(r.state, "source")), r.claude(hook.UserPromptExpansion, own)), nil
}

// idle is the end of a turn, of the user's session or of a sub-agent (§7, §9).
func (r *ocRequest) idle(*Harness) ([]hook.Event, error) {
	stop := object(r.state, "stop")
	own := hook.Object{}.With("stop_hook_active", boolean(number(stop, "count") > 0))
	name := hook.Stop
	if r.child() {
		name = hook.SubagentStop
		own = own.WithText("agent_transcript_path", transcriptPath(r.stateDir, r.root(), r.session))
	}
	own = own.
		WithText("last_assistant_message", text(stop, "last")).
		With("background_tasks", array(nil)).
		With("session_crons", array(nil))
	return []hook.Event{r.claude(name, own)}, nil
}

// failure is the end of a turn by an error of the model or its provider.
func (r *ocRequest) failure(*Harness) ([]hook.Event, error) {
	e := object(r.input, "error")
	if r.child() || text(e, "name") == "MessageAbortedError" {
		return nil, nil
	}
	said := text(object(e, "data"), "message")
	own := hook.Object{}.WithText("error", failureKind(e)).WithText("last_assistant_message", said)
	return []hook.Event{r.claude(hook.StopFailure, own)}, nil
}

// failureKind is Claude Code's word for an error of OpenCode's.
func failureKind(e hook.Object) string {
	byName := map[string]string{
		"ProviderAuthError":        "authentication_failed",
		"MessageOutputLengthError": "max_output_tokens",
	}
	if kind, ok := byName[text(e, "name")]; ok {
		return kind
	}
	switch status := number(object(e, "data"), "statusCode"); {
	case status == 401 || status == 403:
		return "authentication_failed"
	case status == 402:
		return "billing_error"
	case status == 404:
		return "model_not_found"
	case status == 429:
		return "rate_limit"
	case status == 529:
		return "overloaded"
	case status >= 500:
		return "server_error"
	case status >= 400:
		return "invalid_request"
	}
	return "unknown"
}

// compacting is a session that is about to be summarised (§11).
func (r *ocRequest) compacting(*Harness) ([]hook.Event, error) {
	own := hook.Object{}.WithText("trigger", r.trigger()).With("custom_instructions", json.RawMessage("null"))
	return []hook.Event{r.claude(hook.PreCompact, own)}, nil
}

// compacted is a session that was summarised, and so begins anew.
func (r *ocRequest) compacted(*Harness) ([]hook.Event, error) {
	own := hook.Object{}.WithText("trigger", r.trigger()).WithText("compact_summary", text(r.state, "summary"))
	out := []hook.Event{r.claude(hook.PostCompact, own)}
	if r.child() {
		return out, nil
	}
	return append(out, r.start("compact")...), nil
}

func (r *ocRequest) trigger() string {
	if t := text(r.state, "trigger"); t != "" {
		return t
	}
	return "manual"
}

// notification is something that waits for the user.
func (r *ocRequest) notification(h *Harness) ([]hook.Event, error) {
	kinds := map[string][2]string{
		"permission": {"permission_prompt", "OpenCode needs your permission" + prefixed(" to use ", r.claudeTool(h, text(r.input, "tool")))},
		"question":   {"elicitation_dialog", text(r.input, "text")},
		"idle":       {"idle_prompt", "OpenCode is waiting for your input"},
	}
	kind, ok := kinds[text(r.input, "kind")]
	if !ok {
		return nil, nil
	}
	own := hook.Object{}.WithText("message", kind[1]).WithText("notification_type", kind[0])
	return []hook.Event{r.claude(hook.Notification, own)}, nil
}

// claudeTool is Claude's name for a native tool.
func (r *ocRequest) claudeTool(h *Harness, native string) string {
	if row, ok := h.toolNamed(native); ok {
		return row.Claude
	}
	if all := r.mcp(native); len(all) > 0 {
		return all[0].claude
	}
	return native
}

// fileChanged is a file that the agent, or somebody else, has changed.
func (r *ocRequest) fileChanged(*Harness) ([]hook.Event, error) {
	file, how := text(r.input, "file"), text(r.input, "event")
	if file == "" {
		return nil, nil
	}
	if !slices.Contains([]string{"add", "change", "unlink"}, how) {
		how = "change"
	}
	own := hook.Object{}.WithText("file_path", absolute(file, r.directory)).WithText("event", how)
	return []hook.Event{r.claude(hook.FileChanged, own)}, nil
}

// ended is the end of a session: the terminal user has left, or it is over.
func (r *ocRequest) ended(*Harness) ([]hook.Event, error) {
	reason := "other"
	if r.event == ocDispose && text(r.state, "mode") == "tui" {
		reason = "prompt_input_exit"
	}
	return []hook.Event{r.claude(hook.SessionEnd, hook.Object{}.WithText("reason", reason))}, nil
}
