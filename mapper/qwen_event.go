package mapper

import (
	"encoding/json"
	"html"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// qwenExpansion is a command that becomes a prompt, whether the user typed it or
// the model uses it as a skill. Qwen Code shows what it becomes, Claude what was
// typed; the former is the prompt of the UserPromptSubmit that follows.
func qwenExpansion(e *commandEvent) ([]hook.Event, error) {
	name, args := text(e.in, "command_name"), text(e.in, "command_args")
	own := hook.Object{}.
		WithText("expansion_type", "slash_command").
		WithText("command_name", name).
		WithText("command_args", args).
		WithText("prompt", "/"+name+prefixed(" ", args))
	return []hook.Event{e.claude(hook.UserPromptExpansion, own)}, nil
}

// qwenBatch are the calls of one message of the model. Without a terminal each that
// no sub-agent makes is a batch of its own.
func qwenBatch(e *commandEvent) ([]hook.Event, error) {
	var calls []json.RawMessage
	for _, c := range objects(e.in, "tool_calls") {
		calls = append(calls, qwenBatched(e.harness, c).JSON())
	}
	return []hook.Event{e.claude(hook.PostToolBatch, hook.Object{}.With("tool_calls", array(calls)))}, nil
}

// qwenBatched is one call of a batch, with the input as the model wrote it and the
// result as it reads it.
func qwenBatched(h *Harness, call hook.Object) hook.Object {
	name, input := qwenName(text(call, "tool_name")), value(call, "tool_input")
	if row, ok := h.toolNamed(name); ok {
		name = row.Claude
		input = toClaude(unresolved(row.Fields), object(call, "tool_input"), "").JSON()
	}
	o := hook.Object{}.WithText("tool_name", name).With("tool_input", input).WithText("tool_use_id", qwenID(call))
	if answer := object(call, "tool_response"); answer != nil {
		o = o.WithText("tool_response", qwenSaid(name, answer))
	}
	return o
}

// unresolved are the rows of a tool's fields, with paths left as they are.
func unresolved(rows []FieldRow) []FieldRow {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Path = false
	}
	return rows
}

// qwenSaid is the text of a result in a batch.
func qwenSaid(tool string, answer hook.Object) string {
	var all []string
	for _, part := range objects(answer, "response_parts") {
		if r := object(object(part, "functionResponse"), "response"); r != nil {
			all = append(all, text(r, "output")+text(r, "error"))
		}
	}
	said := strings.Join(all, "\n")
	if output, exit := shellReport(said); tool == "Bash" && exit != 0 {
		return exitText(exit, output)
	} else if tool == "Bash" {
		return output
	}
	return said
}

// qwenTodo is an item of the list of things to do that is new or done, before the
// list is written; that it is written then is no event of Claude's. What is new and
// done at once is both: no guard of a task's end is to be passed by that way.
func qwenTodo(e *commandEvent) ([]hook.Event, error) {
	if text(e.in, "phase") == "postWrite" {
		return nil, nil
	}
	task := hook.Object{}.WithText("task_id", text(e.in, "todo_id")).WithText("task_subject", text(e.in, "todo_content"))
	var events []hook.Event
	if e.native == "TodoCreated" {
		events = append(events, e.claude(hook.TaskCreated, task))
	}
	if e.native == "TodoCompleted" || text(e.in, "todo_status") == "completed" {
		events = append(events, e.claude(hook.TaskCompleted, task))
	}
	return events, nil
}

// qwenInstructions is a file of instructions that was read. What Claude has no name
// for keeps its own: memory_type extension, which the user's own files in ~/.qwen
// were seen to have, too, and load_reason refresh.
func qwenInstructions(e *commandEvent) ([]hook.Event, error) {
	kinds := map[string]string{"user": "User", "project": "Project", "local": "Local"}
	own := hook.Object{}.With("file_path", value(e.in, "file_path"))
	if kind, ok := kinds[text(e.in, "memory_type")]; ok {
		own = own.WithText("memory_type", kind)
	}
	return []hook.Event{e.claude(hook.InstructionsLoaded, own)}, nil
}

// qwenWhole keeps what a command's prompt has no room for, of which Qwen Code would
// drop the end, for the UserPromptSubmit that follows.
func qwenWhole(a answer, m *remembered) answer {
	if a.event == hook.UserPromptExpansion && len(html.EscapeString(paragraphs(a.context))) > 10_000 {
		m.Carry = concat(take(&a.context), m.Carry)
	}
	return a
}

// qwenWords are Claude's, with a continue:false beside what stands against a call.
// Where another hook of Qwen Code's own config allows the call, and is asked later,
// that is all which is left of the answer, and it refuses the call.
func qwenWords(a answer) hook.Object {
	switch {
	case a.event == hook.PreToolUse && a.deny+a.ask != "":
		a.halt, a.why = true, a.deny
		if a.deny == "" {
			a.why = a.ask
		}
	case a.event == hook.PermissionRequest && a.allow && a.input != nil:
		grant := hook.Object{}.WithText("behavior", "allow").With("updatedInput", a.input.JSON())
		return claudeWords(a).With("hookSpecificOutput", specific(a.native, hook.Object{}.With("decision", grant.JSON())))
	}
	return claudeWords(a)
}
