package mapper

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path"
	"strconv"

	"github.com/run-hooks/run-hooks"
)

// A Transcript is what a request adds to a session's transcript.
type Transcript struct {
	Path  string // absolute; its directory may not exist
	Dir   string // directory the session was started in
	Whole bool   // the session so far, of which some may be in the file already
	Lines []TranscriptLine
}

// A TranscriptLine is one line in the shape of Claude Code's transcripts, but for
// "parentUuid" and "timestamp", which come from the lines before it and the clock.
type TranscriptLine struct {
	UUID   string // the same for the same part of a message
	Millis int64  // since 1970; 0: not known
	Body   hook.Object
}

// OpenCodeTranscript reads a request {event: "transcript", directory, session,
// state: {root, mcp}, input: {messages: [{info, parts}], whole}}: messages as
// OpenCode keeps them. Each text and each tool call is a line of its own, the
// result of a call another, as in Claude Code's transcripts; what the model
// thought is left out. Parts that are not complete are left out too.
func OpenCodeTranscript(h *Harness, native []byte, at Place) (Transcript, error) {
	o, err := hook.ParseObject(native)
	if err != nil {
		return Transcript{}, fmt.Errorf("request of the OpenCode plugin: %w", err)
	}
	r, err := readOpenCode(o, at)
	if err != nil {
		return Transcript{}, err
	}
	if !path.IsAbs(r.directory) || r.session == "" {
		return Transcript{}, fmt.Errorf("transcript of OpenCode: no session, or no absolute directory")
	}
	t := Transcript{Path: transcriptPath(r.stateDir, r.root(), ""), Dir: r.directory, Whole: truth(r.input, "whole")}
	if r.child() {
		t.Path = transcriptPath(r.stateDir, r.root(), r.session)
	}
	for _, m := range objects(r.input, "messages") {
		for _, part := range objects(m, "parts") {
			t.Lines = append(t.Lines, r.transcribe(h, object(m, "info"), part)...)
		}
	}
	return t, nil
}

// transcriptPath is the file of a session, or of a sub-agent of it.
func transcriptPath(state, root, child string) string {
	name := path.Join(state, "opencode", path.Base(root))
	if child == "" {
		return name + ".jsonl"
	}
	return path.Join(name, "subagents", "agent-"+path.Base(child)+".jsonl")
}

// transcribe makes the lines of one part.
func (r *ocRequest) transcribe(h *Harness, info, part hook.Object) []TranscriptLine {
	role := text(info, "role")
	switch kind := text(part, "type"); {
	case kind == "text" && role == "user" && text(part, "text") != "":
		line := r.line("user", info, part, "", r.textBlock(part))
		if truth(part, "synthetic") {
			line.Body = line.Body.With("isMeta", boolean(true))
		}
		return []TranscriptLine{line}
	case kind == "text" && role == "assistant" && text(part, "text") != "" && number(object(part, "time"), "end") > 0:
		return []TranscriptLine{r.line("assistant", info, part, "", r.textBlock(part))}
	case kind == "tool" && text(part, "tool") != "invalid":
		return r.transcribeTool(h, info, part)
	}
	return nil
}

func (r *ocRequest) textBlock(part hook.Object) hook.Object {
	return hook.Object{}.WithText("type", "text").WithText("text", text(part, "text"))
}

// transcribeTool is a call, and its result if it has one. Where "begun" is true
// the call itself was written before.
func (r *ocRequest) transcribeTool(h *Harness, info, part hook.Object) []TranscriptLine {
	state, id := object(part, "state"), text(part, "callID")
	status := text(state, "status")
	if status == "pending" {
		return nil
	}
	var out []TranscriptLine
	if !truth(part, "begun") {
		t, err := r.tool(h, text(part, "tool"), id, hook.Object{}.With("args", value(state, "input")))
		if err != nil {
			t.input = hook.Object{}
		}
		use := hook.Object{}.WithText("type", "tool_use").WithText("id", id).WithText("name", t.name).With("input", t.input.JSON())
		out = append(out, r.line("assistant", info, part, "use", use))
	}
	if status == "running" {
		return out
	}
	said := text(state, "output")
	result := hook.Object{}.WithText("tool_use_id", id).WithText("type", "tool_result")
	if status == "error" {
		said = text(state, "error")
		result = result.With("is_error", boolean(true))
	}
	return append(out, r.line("user", info, part, "result", result.WithText("content", said)))
}

// line is a line of one block of content.
func (r *ocRequest) line(kind string, info, part hook.Object, of string, block hook.Object) TranscriptLine {
	uuid := uuidOf(r.session + " " + text(part, "id") + " " + of)
	message := hook.Object{}
	if kind == "assistant" {
		message = message.WithText("id", text(info, "id")).WithText("type", "message")
		message = message.WithText("role", kind).WithText("model", text(info, "modelID"))
	} else {
		message = message.WithText("role", kind)
	}
	message = message.With("content", array([]json.RawMessage{block.JSON()}))
	return TranscriptLine{UUID: uuid, Millis: millis(part), Body: hook.Object{}.
		With("isSidechain", boolean(r.child())).
		WithText("userType", "external").
		WithText("cwd", r.directory).
		WithText("sessionId", r.root()).
		WithText("version", "opencode").
		WithText("type", kind).
		With("message", message.JSON()).
		WithText("uuid", uuid)}
}

// millis is when a part was complete, as far as it says so.
func millis(part hook.Object) int64 {
	for _, at := range []hook.Object{object(part, "time"), object(object(part, "state"), "time")} {
		for _, name := range []string{"end", "start"} {
			raw, _ := at.Get(name)
			if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil && n > 0 {
				return n
			}
		}
	}
	return 0
}

// uuidOf is a UUID that depends on nothing but the text.
func uuidOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
