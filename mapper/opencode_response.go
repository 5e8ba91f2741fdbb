package mapper

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// response is the tool_response of a call, in the shape of Claude's tool (§5.3).
// A tool that Claude does not have keeps OpenCode's own result.
func (r *ocRequest) response(t ocTool) json.RawMessage {
	if t.server != "" {
		return r.mcpResponse()
	}
	if shape, ok := openCodeShapes()[t.name]; ok {
		return shape(r, t).JSON()
	}
	return r.output.JSON()
}

func openCodeShapes() map[string]func(*ocRequest, ocTool) hook.Object {
	return map[string]func(*ocRequest, ocTool) hook.Object{
		"Bash":            (*ocRequest).bashResponse,
		"Read":            (*ocRequest).readResponse,
		"Write":           (*ocRequest).writeResponse,
		"Edit":            (*ocRequest).editResponse,
		"Glob":            (*ocRequest).globResponse,
		"Grep":            (*ocRequest).grepResponse,
		"TodoWrite":       (*ocRequest).todoResponse,
		"WebFetch":        (*ocRequest).fetchResponse,
		"WebSearch":       (*ocRequest).searchResponse,
		"Agent":           (*ocRequest).agentResponse,
		"AskUserQuestion": (*ocRequest).questionResponse,
	}
}

func (r *ocRequest) bashResponse(ocTool) hook.Object {
	status, _ := object(r.output, "metadata").Get("exit")
	return hook.Object{}.
		WithText("stdout", text(r.output, "output")).
		WithText("stderr", "").
		With("interrupted", boolean(string(status) == "null")).
		With("isImage", boolean(false))
}

func (r *ocRequest) readResponse(t ocTool) hook.Object {
	shown := object(object(r.output, "metadata"), "display")
	content, ok := shown.Get("text")
	if !ok {
		content = hook.Quote(text(r.output, "output"))
	}
	first, last := number(shown, "lineStart"), number(shown, "lineEnd")
	file := hook.Object{}.
		With("filePath", either(shown, "path", t.input, "file_path")).
		With("content", content).
		With("numLines", integer(max(last-first+1, 0))).
		With("startLine", integer(first)).
		With("totalLines", integer(number(shown, "totalLines")))
	return hook.Object{}.WithText("type", "text").With("file", file.JSON())
}

func (r *ocRequest) writeResponse(t ocTool) hook.Object {
	meta := object(r.output, "metadata")
	kind := "create"
	if truth(meta, "exists") {
		kind = "update"
	}
	return written(kind, either(meta, "filepath", t.input, "file_path"), t.input)
}

func written(kind string, filePath json.RawMessage, input hook.Object) hook.Object {
	return hook.Object{}.
		WithText("type", kind).
		With("filePath", filePath).
		With("content", value(input, "content")).
		With("structuredPatch", array(nil)).
		With("originalFile", json.RawMessage("null")).
		With("userModified", boolean(false))
}

func (r *ocRequest) editResponse(t ocTool) hook.Object {
	diff := object(object(r.output, "metadata"), "filediff")
	return edited(either(diff, "file", t.input, "file_path"), t.input)
}

func edited(filePath json.RawMessage, input hook.Object) hook.Object {
	return hook.Object{}.
		With("filePath", filePath).
		With("oldString", value(input, "old_string")).
		With("newString", value(input, "new_string")).
		With("originalFile", json.RawMessage("null")).
		With("structuredPatch", array(nil)).
		With("userModified", boolean(false)).
		With("replaceAll", value(input, "replace_all"))
}

// response is what the call that c stands for would have answered.
func (c ocChange) response() hook.Object {
	if c.after == "Write" {
		return written("create", hook.Quote(c.path), c.result)
	}
	return edited(hook.Quote(c.path), c.result)
}

func (r *ocRequest) globResponse(ocTool) hook.Object {
	var files []json.RawMessage
	for line := range strings.SplitSeq(text(r.output, "output"), "\n") {
		if strings.HasPrefix(line, "/") {
			files = append(files, hook.Quote(line))
		}
	}
	return hook.Object{}.
		With("filenames", array(files)).
		With("durationMs", r.duration()).
		With("numFiles", integer(len(files))).
		With("truncated", boolean(truth(object(r.output, "metadata"), "truncated")))
}

func (r *ocRequest) grepResponse(ocTool) hook.Object {
	var files []json.RawMessage
	for line := range strings.SplitSeq(text(r.output, "output"), "\n") {
		if name, ok := strings.CutSuffix(line, ":"); ok && strings.HasPrefix(line, "/") {
			files = append(files, hook.Quote(name))
		}
	}
	return hook.Object{}.
		WithText("mode", "content").
		With("numFiles", integer(len(files))).
		With("filenames", array(files)).
		WithText("content", text(r.output, "output"))
}

func (r *ocRequest) todoResponse(t ocTool) hook.Object {
	return hook.Object{}.With("oldTodos", array(nil)).With("newTodos", value(t.input, "todos"))
}

func (r *ocRequest) fetchResponse(t ocTool) hook.Object {
	result := text(r.output, "output")
	return hook.Object{}.
		With("bytes", integer(len(result))).
		With("code", integer(200)).
		WithText("codeText", "OK").
		WithText("result", result).
		With("durationMs", r.duration()).
		With("url", value(t.input, "url"))
}

func (r *ocRequest) searchResponse(t ocTool) hook.Object {
	return hook.Object{}.
		With("query", value(t.input, "query")).
		With("results", array([]json.RawMessage{hook.Quote(text(r.output, "output"))})).
		With("durationSeconds", integer(number(r.state, "duration")/1000))
}

func (r *ocRequest) agentResponse(t ocTool) hook.Object {
	_, answer, _ := taskResult(text(r.output, "output"))
	part := hook.Object{}.WithText("type", "text").WithText("text", answer)
	status := "completed"
	if background(r) {
		status = "async_launched"
	}
	return hook.Object{}.
		WithText("status", status).
		With("prompt", value(t.input, "prompt")).
		WithText("agentId", text(object(r.output, "metadata"), "sessionId")).
		With("agentType", value(t.input, "subagent_type")).
		With("content", array([]json.RawMessage{part.JSON()}))
}

// background reports whether the sub-agent of a task goes on while the model does.
func background(r *ocRequest) bool {
	return truth(object(r.output, "metadata"), "background")
}

// taskResult takes a sub-agent's answer out of what the task tool says around it.
func taskResult(output string) (before, answer, after string) {
	const open, shut = "<task_result>\n", "\n</task_result>"
	start, end := strings.Index(output, open), strings.LastIndex(output, shut)
	if start < 0 || end < start+len(open) {
		return "", output, ""
	}
	start += len(open)
	return output[:start], output[start:end], output[end:]
}

func (r *ocRequest) questionResponse(t ocTool) hook.Object {
	chosen := list(value(object(r.output, "metadata"), "answers"))
	answers := hook.Object{}
	for i, q := range objects(t.input, "questions") {
		var labels []string
		if i < len(chosen) {
			for _, label := range list(chosen[i]) {
				labels = append(labels, hook.Text(label))
			}
		}
		answers = answers.WithText(text(q, "question"), strings.Join(labels, ", "))
	}
	return hook.Object{}.With("questions", value(t.input, "questions")).With("answers", answers.JSON())
}

// mcpResponse is the list of contents, or the text of the structured result
// (§1.3 of the measured record).
func (r *ocRequest) mcpResponse() json.RawMessage {
	if structured, ok := r.output.Get("structuredContent"); ok {
		return hook.Quote(string(structured))
	}
	return value(r.output, "content")
}

func (r *ocRequest) duration() json.RawMessage { return integer(number(r.state, "duration")) }

// value returns a member's JSON text, null if it is absent.
func value(o hook.Object, name string) json.RawMessage {
	if raw, ok := o.Get(name); ok {
		return raw
	}
	return json.RawMessage("null")
}

// either returns the member of a, or that of b where a has none.
func either(a hook.Object, inA string, b hook.Object, inB string) json.RawMessage {
	if raw, ok := a.Get(inA); ok {
		return raw
	}
	return value(b, inB)
}

// number returns a whole number, 0 if the member is absent or something else.
func number(o hook.Object, name string) int {
	raw, _ := o.Get(name)
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0
	}
	return n
}

func integer(n int) json.RawMessage { return json.RawMessage(strconv.Itoa(n)) }

func boolean(b bool) json.RawMessage { return json.RawMessage(strconv.FormatBool(b)) }
