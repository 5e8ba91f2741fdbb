package mapper

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// A spread says that a native tool does several of Claude's calls at once: one for
// each element of its argument List. An element that is no object is one with the
// member Item; what the call says once is said of each. The tool's row in
// Harness.Tools has Claude's name and no fields.
type spread struct {
	Native string
	List   string
	Item   string
	Fields []FieldRow
}

// spreads are those of one agent. Their methods make the readers of tool events,
// for tools that are not in the list, too.
type spreads []spread

// patchTool is the tool that changes several files at once, under every agent
// that has it.
const patchTool = "apply_patch"

// A callPart is one of Claude's calls that a native one is made of.
type callPart struct {
	name   string
	input  hook.Object
	whom   hook.Audience // whose hooks see it in this shape
	change *ocChange     // of a patch: what it does to one path
}

// before reads a tool call that is about to be made.
func (all spreads) before(e *commandEvent) ([]hook.Event, error) {
	return all.calls(e, hook.PreToolUse, func(t toolCall) string { return e.memory.begin(callKey(t.native, t.args)) })
}

// asked reads a call that the agent wants a permission for.
func (all spreads) asked(e *commandEvent) ([]hook.Event, error) {
	return all.calls(e, hook.PermissionRequest, nil)
}

// calls makes an event of each part of the call; id makes the id of a call that
// has none, nil for an event without one.
func (all spreads) calls(e *commandEvent, name hook.EventName, id func(toolCall) string) ([]hook.Event, error) {
	t, err := e.tool()
	if err != nil {
		return nil, err
	}
	parts, err := all.parts(e, t)
	if err != nil {
		return nil, err
	}
	if raw := uncleaned(t.row, t.args, t.input); raw != nil && e.harness.Uncleaned && len(parts) == 1 {
		parts = append(parts, callPart{name: t.name, input: raw})
	}
	use := ""
	if id != nil {
		if use = text(e.in, "tool_use_id"); use == "" {
			use = id(t)
		}
	}
	var out []hook.Event
	for i, p := range parts {
		ev := e.call(name, p.name, p.input, partID(use, i, len(parts)), nil)
		ev.For = p.whom
		out = append(out, ev)
	}
	return out, nil
}

// partID is the id of part i of n, "" where the call has none.
func partID(id string, i, n int) string {
	if id == "" {
		return ""
	}
	return callID(id, i, n)
}

// An outcome is what became of one part of a call.
type outcome struct {
	text   string // what the model reads of it
	failed bool
}

// after reads a call that was made. of says what became of its part i; names are
// the members it reads that from, which hooks see in Claude's form only.
func (all spreads) after(of func(in hook.Object, i int) outcome, names ...string) commandReader {
	return func(e *commandEvent) ([]hook.Event, error) {
		in := e.in
		e.in = dropped(in, names...)
		t, err := e.tool()
		if err != nil {
			return nil, err
		}
		parts, err := all.parts(e, t)
		if err != nil {
			return nil, err
		}
		id := text(e.in, "tool_use_id")
		if id == "" {
			id = e.memory.end(callKey(t.native, t.args))
		}
		var out []hook.Event
		for i, p := range parts {
			o := of(in, i)
			if p.change != nil && !o.failed && p.change.after == "" {
				continue
			}
			ev := e.made(p, partID(id, i, len(parts)), o)
			ev.For = p.whom
			out = append(out, ev)
		}
		return out, nil
	}
}

// made is the event of one part of a call that was made: of a patch one whose file
// is still there, with a moved one as an Edit of its new path.
func (e *commandEvent) made(p callPart, id string, o outcome) hook.Event {
	if o.failed {
		more := hook.Object{}.WithText("tool_use_id", id).WithText("error", o.text).With("is_interrupt", boolean(false))
		return e.call(hook.PostToolUseFailure, p.name, p.input, "", more)
	}
	response := claudeResponse(p.name, p.input, o.text)
	if p.change != nil {
		p.name, p.input, response = p.change.after, p.change.result, p.change.response().JSON()
	}
	return e.call(hook.PostToolUse, p.name, p.input, id, hook.Object{}.With("tool_response", response))
}

// parts takes a call apart. A patch becomes the calls it stands for, and for
// hooks written for Codex it stays what it is.
func (all spreads) parts(e *commandEvent, t toolCall) ([]callPart, error) {
	if t.native == patchTool {
		return patchParts(e, t)
	}
	for _, s := range all {
		if items := list(value(t.args, s.List)); s.Native == t.native && len(items) > 0 {
			var out []callPart
			for _, item := range items {
				out = append(out, callPart{name: t.name, input: toClaude(s.Fields, s.args(item, t.args), e.cwd)})
			}
			return out, nil
		}
	}
	return []callPart{{name: t.name, input: t.input}}, nil
}

// of reports whether a native tool is among those that do several calls at once.
func (all spreads) of(native string) bool {
	return slices.ContainsFunc(all, func(s spread) bool { return s.Native == native })
}

// args are the arguments that an element stands for.
func (s spread) args(item json.RawMessage, call hook.Object) hook.Object {
	args, err := hook.ParseObject(item)
	if err != nil {
		args = hook.Object{}.With(s.Item, item)
	}
	for _, m := range call {
		if _, own := args.Get(m.Name); m.Name != s.List && !own {
			args = args.With(m.Name, m.Value)
		}
	}
	return args
}

// patchParts are the calls a patch stands for, before it is applied and after.
func patchParts(e *commandEvent, t toolCall) ([]callPart, error) {
	patch := ""
	for _, name := range []string{"input", "patch", "command"} {
		patch += text(t.args, name)
	}
	if patch == "" {
		return nil, errors.New("apply_patch without a patch")
	}
	read := e.patch
	if read == nil {
		read = spreadPatch
	}
	files, err := read(patch)
	if err != nil {
		return nil, err
	}
	var out []callPart
	for _, f := range files {
		for _, c := range f.changes(e.cwd) {
			out = append(out, callPart{name: c.tool, input: c.input, whom: hook.OtherHooks, change: &c})
		}
	}
	whole := hook.Object{}.WithText("command", patch)
	return append(out, callPart{name: patchTool, input: whole, whom: hook.CodexHooks}), nil
}

// spreadPatch reads a patch where the client has no reader of its own. Of the ways
// to read one that are known it is the one that sees most: Copilot takes a carriage
// return for the end of a line, and headers and changes as Codex does.
func spreadPatch(patch string) ([]patchFile, error) {
	return parseCodexPatch(oneBlank(unwrapped(lineEnds(patch))))
}

// unwrapped is a patch without the here-document that a model may put around it.
func unwrapped(patch string) string {
	all := strings.Split(patchTrim(patch), "\n")
	if last := len(all) - 1; last > 0 && strings.HasPrefix(all[0], "<<") && !strings.HasPrefix(patchTrim(all[last]), "***") {
		all = all[1:last]
	}
	return strings.Join(all, "\n")
}

// lineEnds are the lines of a patch as a client has them that takes a carriage
// return for the end of one.
func lineEnds(patch string) string {
	return strings.ReplaceAll(strings.ReplaceAll(patch, "\r\n", "\n"), "\r", "\n")
}

// native returns ds with the inputs that hooks want for parts of a call as the
// whole of its native arguments, in which all of them are.
func (all spreads) native(c Call, ds []hook.Decision) []hook.Decision {
	args := object(c.Input, "tool_input")
	for _, s := range all {
		items := list(value(args, s.List))
		if s.Native != text(c.Input, "tool_name") || len(items) != len(ds) || len(items) == 0 {
			continue
		}
		out := append([]hook.Decision{}, ds...)
		for i, d := range ds {
			input, err := hook.ParseObject(d.UpdatedInput)
			if d.UpdatedInput == nil || err != nil {
				continue
			}
			items[i] = s.element(items[i], input, args)
			out[i].UpdatedInput = args.With(s.List, array(items)).JSON()
		}
		return out
	}
	return ds
}

// element is the way back of one element.
func (s spread) element(was json.RawMessage, input, call hook.Object) json.RawMessage {
	native := toNative(s.Fields, input, s.args(was, call))
	if _, err := hook.ParseObject(was); err != nil {
		return value(native, s.Item)
	}
	own := hook.Object{}
	for _, m := range native {
		if _, shared := call.Get(m.Name); !shared {
			own = append(own, m)
		}
	}
	return own.JSON()
}

// claudeResponse is the output of a tool in the shape of Claude's (§1.3), as far
// as the text that the model reads tells it.
func claudeResponse(tool string, input hook.Object, said string) json.RawMessage {
	filePath := value(input, "file_path")
	switch tool {
	case "Bash":
		return hook.Object{}.WithText("stdout", said).WithText("stderr", "").
			With("interrupted", boolean(false)).With("isImage", boolean(false)).JSON()
	case "Read":
		return readResponse(filePath, said).JSON()
	case "Write":
		return written("create", filePath, input).JSON()
	case "Edit":
		return edited(filePath, input.With("replace_all", boolean(truth(input, "replace_all")))).JSON()
	case "Glob":
		files := nonEmptyLines(said)
		return hook.Object{}.With("filenames", array(files)).With("durationMs", integer(0)).
			With("numFiles", integer(len(files))).With("truncated", boolean(false)).JSON()
	case "Grep":
		return hook.Object{}.WithText("mode", "content").With("numFiles", integer(0)).
			With("filenames", array(nil)).WithText("content", said).JSON()
	case "WebFetch":
		return hook.Object{}.With("bytes", integer(len(said))).With("code", integer(200)).WithText("codeText", "OK").
			WithText("result", said).With("durationMs", integer(0)).With("url", value(input, "url")).JSON()
	}
	return hook.Quote(said)
}

func readResponse(filePath json.RawMessage, said string) hook.Object {
	count := strings.Count(strings.TrimSuffix(said, "\n")+"\n", "\n")
	file := hook.Object{}.With("filePath", filePath).WithText("content", said).
		With("numLines", integer(count)).With("startLine", integer(1)).With("totalLines", integer(count))
	return hook.Object{}.WithText("type", "text").With("file", file.JSON())
}

func nonEmptyLines(said string) []json.RawMessage {
	var out []json.RawMessage
	for line := range strings.Lines(said) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			out = append(out, hook.Quote(line))
		}
	}
	return out
}

// exitText words a shell command's failure as Claude Code does.
func exitText(status int, said string) string {
	return fmt.Sprintf("Exit code %d\n%s", status, said)
}
