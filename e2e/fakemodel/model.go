// Package fakemodel is a model server on loopback that says what it was told to
// say. It speaks the streaming forms of the chat completions, Responses and Gemini
// APIs, follows a script of turns, and keeps every request, so that a test, or
// `run-hooks doctor --fire`, can tell what a real agent really sent.
package fakemodel

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Main is the lane of the user's own conversation.
const Main = "main"

// A Turn is one answer of the model: a text, tool calls, or an HTTP error.
type Turn struct {
	Text   string
	Calls  []Call
	Status int           // an HTTP status to fail with; 0 answers normally
	Delay  time.Duration // time before the answer starts
	Tokens int           // prompt tokens the answer claims were used; 0 is 100
}

// A Call is a tool call of the model. Its id is call_<lane>_<n>, n counted from
// one in each lane.
type Call struct {
	Tool string
	Args any    // marshalled to the arguments
	Raw  string // the arguments as they are, in place of Args
	In   string // the namespace that the tool is in, of the Responses API; "" if it is in none
}

// A Request is what the agent sent for one turn.
type Request struct {
	Lane     string    `json:"lane"` // Main, "title", or the word of a [lane:word] mark in the first user message
	Tools    []string  `json:"tools"`
	Messages []Message `json:"messages"`
}

// A Message is one message of a request, its content flattened to text.
type Message struct {
	Role string `json:"role"`
	Text string `json:"text"`
	Call string `json:"call,omitempty"` // of a tool result: the id of the call it answers
}

// Text returns all the request's messages but the system's, one after another.
func (r Request) Text() string {
	var b strings.Builder
	for _, m := range r.Messages {
		if m.Role != "system" {
			fmt.Fprintf(&b, "[%s] %s\n", m.Role, m.Text)
		}
	}
	return b.String()
}

// All is Text with the system's messages.
func (r Request) All() string {
	var b strings.Builder
	for _, m := range r.Messages {
		fmt.Fprintf(&b, "[%s] %s\n", m.Role, m.Text)
	}
	return b.String()
}

// Result returns the text the agent gave for the tool call id; ok is false if
// the request has no result for it.
func (r Request) Result(id string) (text string, ok bool) {
	for _, m := range r.Messages {
		if m.Role == "tool" && m.Call == id {
			return m.Text, true
		}
	}
	return "", false
}

// A Server is a running fake model.
type Server struct {
	URL string // base URL of the API, without a slash at the end

	http     *http.Server
	mu       sync.Mutex
	script   map[string][]Turn
	calls    map[string]int
	requests []Request
}

// Start listens on a free loopback port. Turns are the script of lane Main;
// when a lane's script is used up, the model answers "done".
func Start(turns ...Turn) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{
		URL:    "http://" + l.Addr().String() + "/v1",
		script: map[string][]Turn{Main: turns},
		calls:  map[string]int{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.speak(readRequest, Turn.stream))
	mux.HandleFunc("POST /v1/responses", s.speak(readResponses, Turn.streamResponses))
	mux.HandleFunc("POST /v1beta/models/{call}", s.speak(readGemini, Turn.streamGemini))
	s.http = &http.Server{Handler: mux}
	go func() { _ = s.http.Serve(l) }() // ends with ErrServerClosed, by Close
	return s, nil
}

// Say adds turns to the script of a lane.
func (s *Server) Say(lane string, turns ...Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script[lane] = append(s.script[lane], turns...)
}

// Requests returns what was asked in a lane so far, in order.
func (s *Server) Requests(lane string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if r.Lane == lane {
			out = append(out, r)
		}
	}
	return out
}

// Close ends the server and all its connections.
func (s *Server) Close() error { return s.http.Close() }

// speak answers calls of one API: read takes a request apart, and stream writes
// the answer to it; first is the number of the turn's first call.
func (s *Server) speak(read func(*http.Request) (Request, error), stream func(t Turn, w io.Writer, lane string, first int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		req, err := read(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		turn, first := s.next(req)
		select {
		case <-time.After(turn.Delay):
		case <-r.Context().Done():
			return
		}
		if turn.Status != 0 {
			http.Error(w, `{"error":{"message":"the fake model was told to fail"}}`, turn.Status)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		stream(turn, w, req.Lane, first)
	}
}

// stream writes the answer as the chat completions API does.
func (t Turn) stream(w io.Writer, lane string, first int) {
	for _, chunk := range t.chunks(lane, first) {
		fmt.Fprintf(w, "data: %s\n\n", chunk)
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}

// next takes a lane's next turn from the script and numbers its calls: the
// first has number first.
func (s *Server) next(req Request) (turn Turn, first int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	turn = Turn{Text: "done"}
	if rest := s.script[req.Lane]; len(rest) > 0 {
		turn, s.script[req.Lane] = rest[0], rest[1:]
	}
	first = s.calls[req.Lane] + 1
	s.calls[req.Lane] += len(turn.Calls)
	return turn, first
}

// chunks returns the answer as the API streams it.
func (t Turn) chunks(lane string, first int) [][]byte {
	type object = map[string]any
	reason := "stop"
	deltas := []object{{"role": "assistant", "content": t.Text}}
	for i, c := range t.Calls {
		reason = "tool_calls"
		deltas = append(deltas, object{"tool_calls": []object{{
			"index": i, "id": fmt.Sprintf("call_%s_%d", lane, first+i), "type": "function",
			"function": object{"name": c.Tool, "arguments": c.arguments()},
		}}})
	}
	var out [][]byte
	for _, d := range deltas {
		out = append(out, chunk(object{"choices": []object{{"index": 0, "delta": d}}}))
	}
	used := max(t.Tokens, 100)
	return append(out, chunk(object{
		"choices": []object{{"index": 0, "delta": object{}, "finish_reason": reason}},
		"usage":   object{"prompt_tokens": used, "completion_tokens": 10, "total_tokens": used + 10},
	}))
}

func chunk(fields map[string]any) []byte {
	fields["id"], fields["object"], fields["created"], fields["model"] = "chatcmpl-fake", "chat.completion.chunk", 0, "fake"
	out, err := json.Marshal(fields)
	if err != nil {
		return []byte(`{}`) // of strings and numbers alone: cannot fail
	}
	return out
}

func (c Call) arguments() string {
	if c.Raw != "" {
		return c.Raw
	}
	out, err := json.Marshal(c.Args)
	if err != nil {
		return fmt.Sprintf("arguments that cannot be marshalled: %v", err)
	}
	return string(out)
}

// readRequest reads the body of an API call.
func readRequest(r *http.Request) (Request, error) {
	var body struct {
		Messages []struct {
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
			CallID  string          `json:"tool_call_id"`
		} `json:"messages"`
		Tools []struct {
			Function struct {
				Name string `json:"name"`
			} `json:"function"`
		} `json:"tools"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return Request{}, err
	}
	var req Request
	for _, m := range body.Messages {
		req.Messages = append(req.Messages, Message{Role: m.Role, Text: flat(m.Content), Call: m.CallID})
	}
	for _, t := range body.Tools {
		req.Tools = append(req.Tools, t.Function.Name)
	}
	req.Lane = lane(req)
	return req, nil
}

// flat returns the text of a content: a string, or a list of parts.
func flat(content json.RawMessage) string {
	var text string
	if json.Unmarshal(content, &text) == nil {
		return text
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(content, &parts) != nil {
		return string(content)
	}
	for _, p := range parts {
		text += p.Text
	}
	return text
}

// lane says whose request it is. A sub-agent's conversation begins with its own
// prompt, so a mark there tells it from the main one.
func lane(req Request) string {
	for _, m := range req.Messages {
		if m.Role == "system" && strings.Contains(m.Text, "generates concise session titles") { // Droid's
			return "title"
		}
		if m.Role != "user" {
			continue
		}
		if strings.HasPrefix(m.Text, "Generate a title for this conversation") {
			return "title"
		}
		if mark := regexp.MustCompile(`\[lane:(\w+)\]`).FindStringSubmatch(m.Text); mark != nil {
			return mark[1]
		}
		return Main
	}
	return Main
}
