//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// A page is how a scripted server answers.
type page struct {
	Status  int
	Headers map[string]string
	Body    json.RawMessage // a text as it is, anything else as JSON
	Repeat  int             // how often the body is sent; 0: once
	Hang    bool            // no answer until the end of the script
	Drip    bool            // the answer begins and never ends
}

// pages are the answers of a server by path.
type pages struct {
	table map[string]page
	done  <-chan struct{}
}

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at, ok := p.table[r.URL.Path]
	if !ok {
		at.Status = http.StatusNotFound
	}
	io.Copy(io.Discard, r.Body)
	at.write(w, r, p.done)
}

// write sends the page.
func (p page) write(w http.ResponseWriter, r *http.Request, done <-chan struct{}) {
	if p.Hang {
		wait(r, done)
		return
	}
	for name, value := range p.Headers {
		w.Header().Set(name, value)
	}
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	body := p.Body
	var text string
	if json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	for range max(p.Repeat, 1) {
		if _, err := w.Write(body); err != nil {
			return
		}
	}
	for p.Drip && r.Context().Err() == nil {
		io.WriteString(w, " ")
		w.(http.Flusher).Flush()
		select {
		case <-done:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// wait returns when the client or the script has gone.
func wait(r *http.Request, done <-chan struct{}) {
	select {
	case <-r.Context().Done():
	case <-done:
	}
}

// A block is part of a scripted model's turn: text, or a call of a tool.
type block struct {
	Text  *string
	Tool  string
	Input json.RawMessage
}

// next takes the next turn and notes what was asked.
func (m *scriptedModel) next(r *http.Request) (turn json.RawMessage, body []byte, done <-chan struct{}) {
	body, _ = io.ReadAll(r.Body)
	m.Lock()
	defer m.Unlock()
	key := r.Header.Get("X-Api-Key") + r.Header.Get("Authorization")
	m.asked = append(m.asked, fmt.Sprintf(`{"path":%q,"key":%q,"body":%s}`, r.URL.Path, key, body))
	turn = json.RawMessage(`[{"text":"DONE"}]`)
	if len(m.turns) > 0 {
		turn, m.turns = m.turns[0], m.turns[1:]
	}
	return turn, body, m.done
}

// ServeHTTP answers with the next turn: a list of blocks, or a page.
func (m *scriptedModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	turn, body, done := m.next(r)
	var blocks []block
	if json.Unmarshal(turn, &blocks) != nil {
		var p page
		if err := json.Unmarshal(turn, &p); err != nil {
			panic(err)
		}
		p.write(w, r, done)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/v1/messages") {
		io.WriteString(w, messagesAnswer(blocks))
		return
	}
	if !bytes.Contains(body, []byte(`"role":"system"`)) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	io.WriteString(w, completionsAnswer(blocks))
}

// messagesAnswer writes a turn as the Messages API does.
func messagesAnswer(blocks []block) string {
	content := []any{}
	for i, b := range blocks {
		if b.Text != nil {
			content = append(content, map[string]any{"type": "text", "text": *b.Text})
		} else {
			content = append(content, map[string]any{"type": "tool_use", "id": fmt.Sprint("toolu_", i), "name": b.Tool, "input": b.Input})
		}
	}
	text, _ := json.Marshal(map[string]any{
		"id": "msg_1", "type": "message", "role": "assistant", "model": "fake", "content": content,
		"stop_reason": "end_turn", "usage": map[string]int{"input_tokens": 1, "output_tokens": 1},
	})
	return string(text)
}

// completionsAnswer writes a turn as chat completions servers do.
func completionsAnswer(blocks []block) string {
	message := map[string]any{"role": "assistant", "content": nil}
	var calls []any
	for i, b := range blocks {
		if b.Text != nil {
			message["content"] = *b.Text
		} else {
			calls = append(calls, map[string]any{"id": fmt.Sprint("call_", i), "type": "function",
				"function": map[string]any{"name": b.Tool, "arguments": string(b.Input)}})
		}
	}
	if calls != nil {
		message["tool_calls"] = calls
	}
	text, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": "stop"}}})
	return string(text)
}

// alive reports whether a process exists and is not a zombie.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	return !isZombie(pid)
}
