//go:build unix

package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// inventedKey is what the scripted model takes; it is nobody's.
const inventedKey = "sk-ant-invented-0000"

// A modelTurn is one answer of the scripted model: {"blocks": […], "delay": N},
// the blocks alone, or {"status", "error", "message"} for an error of the API.
type modelTurn struct {
	Blocks         []modelBlock
	Delay          float64 // seconds before the answer
	Status         int     // 0: no error
	Error, Message string
}

// A modelBlock is a text, or a call of the tool that is named.
type modelBlock struct {
	Text, Tool string
	Input      json.RawMessage
}

// UnmarshalJSON reads either form, strictly.
func (t *modelTurn) UnmarshalJSON(raw []byte) error {
	if raw[0] == '[' {
		return strict(raw, &t.Blocks)
	}
	type plain modelTurn
	return strict(raw, (*plain)(t))
}

// content returns the turn's blocks as the API has them, those of its nth answer,
// and why the turn stops.
func (t modelTurn) content(n int) (blocks []map[string]any, stop string) {
	stop = "end_turn"
	for i, b := range t.Blocks {
		if b.Tool == "" {
			blocks = append(blocks, map[string]any{"type": "text", "text": b.Text})
			continue
		}
		stop = "tool_use"
		if b.Input == nil {
			b.Input = json.RawMessage("{}")
		}
		blocks = append(blocks, map[string]any{
			"type": "tool_use", "id": fmt.Sprintf("toolu_%d_%d", n, i), "name": b.Tool, "input": b.Input,
		})
	}
	return blocks, stop
}

// A scriptedModel is a Messages API that plays a script, whatever it is asked,
// and says DONE after its end.
type scriptedModel struct {
	mu     sync.Mutex
	script []modelTurn
	seen   []any
}

// asked returns what it was asked so far: the requests' bodies.
func (m *scriptedModel) asked() []any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.seen)
}

// note writes a request down and returns how many there were and the answer.
func (m *scriptedModel) note(body string) (int, modelTurn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = append(m.seen, parsed(body))
	n := len(m.seen)
	if n > len(m.script) {
		return n, modelTurn{Blocks: []modelBlock{{Text: "DONE"}}}
	}
	return n, m.script[n-1]
}

// A modelRequest is what matters of a request's body.
type modelRequest struct {
	Model  string
	Stream bool
}

// ServeHTTP answers one request. One that the API itself would refuse takes a
// turn of the script, too.
func (m *scriptedModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // half a body is written down as one
	n, turn := m.note(string(body))
	var asks modelRequest
	switch err := json.Unmarshal(body, &asks); {
	case r.Method != http.MethodPost || r.URL.Path != "/v1/messages":
		turn = modelTurn{Status: http.StatusNotFound, Error: "not_found_error"}
	case r.Header.Get("X-Api-Key") != inventedKey:
		turn = modelTurn{Status: http.StatusUnauthorized, Error: "authentication_error"}
	case err != nil:
		turn = modelTurn{Status: http.StatusBadRequest, Error: "invalid_request_error", Message: err.Error()}
	}
	select {
	case <-time.After(seconds(turn.Delay)):
		turn.send(w, n, asks)
	case <-r.Context().Done():
	}
}

// send sends a turn as the API's nth answer.
func (t modelTurn) send(w http.ResponseWriter, n int, asks modelRequest) {
	blocks, stop := t.content(n)
	message := map[string]any{
		"id": fmt.Sprint("msg_", n), "type": "message", "role": "assistant", "model": asks.Model,
		"content": []any{}, "stop_reason": nil, "stop_sequence": nil, "usage": usage(),
	}
	switch {
	case t.Status != 0:
		failure := map[string]any{"type": t.Error, "message": t.Message}
		send(w, t.Status, "application/json", line(map[string]any{"type": "error", "error": failure}))
	case asks.Stream:
		send(w, http.StatusOK, "text/event-stream", stream(message, blocks, stop))
	default:
		message["content"], message["stop_reason"] = blocks, stop
		send(w, http.StatusOK, "application/json", line(message))
	}
}

func usage() map[string]any { return map[string]any{"input_tokens": 10, "output_tokens": 5} }

func send(w http.ResponseWriter, status int, kind, text string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client may have gone
}

// line is value as one line of JSON; a value that has none, why.
func line(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// stream is a whole answer as server-sent events.
func stream(message map[string]any, blocks []map[string]any, stop string) string {
	var out strings.Builder
	event := func(kind string, members map[string]any) {
		members["type"] = kind
		fmt.Fprintf(&out, "event: %s\ndata: %s\n\n", kind, line(members))
	}
	event("message_start", map[string]any{"message": message})
	for i, block := range blocks {
		start, delta := begin(block)
		event("content_block_start", map[string]any{"index": i, "content_block": start})
		event("content_block_delta", map[string]any{"index": i, "delta": delta})
		event("content_block_stop", map[string]any{"index": i})
	}
	event("message_delta", map[string]any{"delta": map[string]any{"stop_reason": stop, "stop_sequence": nil}, "usage": usage()})
	event("message_stop", map[string]any{})
	return out.String()
}

// begin returns a block as it begins, still empty, and what is then added to it.
func begin(block map[string]any) (start, delta map[string]any) {
	start = maps.Clone(block)
	if block["type"] == "text" {
		start["text"] = ""
		return start, map[string]any{"type": "text_delta", "text": block["text"]}
	}
	start["input"] = struct{}{}
	return start, map[string]any{"type": "input_json_delta", "partial_json": line(block["input"])}
}
