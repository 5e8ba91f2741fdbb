package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// An openAI is a talk by the chat completions API that many servers offer.
type openAI struct {
	place
	client  *http.Client
	key     string // "": none is sent
	request chatRequest
}

// A chatRequest is the body of a request.
type chatRequest struct {
	Model    string        `json:"model"`
	Messages []chatMessage `json:"messages"` // all that was said so far
	Tools    []any         `json:"tools,omitempty"`
	Format   any           `json:"response_format,omitempty"`
}

// A chatMessage is one of the messages of a request, or that of an answer.
type chatMessage struct {
	Role    string     `json:"role"`
	Content string     `json:"content"` // null is read as ""
	Calls   []chatCall `json:"tool_calls,omitempty"`
	ID      string     `json:"tool_call_id,omitempty"` // of a result
}

// A chatCall is a tool that the model asks for; its arguments are JSON text.
type chatCall struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

func newOpenAI(endpoint *url.URL, model, key string, b brief) *openAI {
	if !strings.HasSuffix(endpoint.Path, "/chat/completions") {
		endpoint = endpoint.JoinPath("chat", "completions")
	}
	o := &openAI{place: place{endpoint, model}, client: client(), key: key}
	o.request = chatRequest{Model: model, Messages: []chatMessage{{Role: "system", Content: b.system}}}
	if b.schema != nil {
		o.request.Format = map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": "verdict", "schema": b.schema}}
	}
	for _, t := range b.tools {
		parameters := map[string]any{"type": "object", "properties": t.properties, "required": t.required}
		o.request.Tools = append(o.request.Tools, map[string]any{
			"type": "function", "function": map[string]any{"name": t.name, "description": t.about, "parameters": parameters},
		})
	}
	return o
}

func (o *openAI) say(ctx context.Context, t turn) (answer, error) {
	for _, r := range t.results {
		o.request.Messages = append(o.request.Messages, chatMessage{Role: "tool", ID: r.id, Content: r.text})
	}
	if t.text != "" {
		o.request.Messages = append(o.request.Messages, chatMessage{Role: "user", Content: t.text})
	}
	message, err := o.post(ctx)
	if err != nil {
		return answer{}, err
	}
	message.Role = "assistant"
	o.request.Messages = append(o.request.Messages, message)
	out := answer{text: message.Content}
	for _, c := range message.Calls {
		out.calls = append(out.calls, call{c.ID, c.Function.Name, json.RawMessage(c.Function.Arguments)})
	}
	return out, nil
}

// post sends what was said and returns the model's message.
func (o *openAI) post(ctx context.Context) (chatMessage, error) {
	body, err := json.Marshal(o.request)
	if err != nil {
		return chatMessage{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.endpoint.String(), bytes.NewReader(body))
	if err != nil {
		return chatMessage{}, errors.New("RUN_HOOKS_MODEL_URL is not valid")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "run-hooks/"+version())
	if o.key != "" {
		req.Header.Set("Authorization", "Bearer "+o.key)
	}
	resp, err := o.client.Do(req)
	if err != nil {
		return chatMessage{}, o.failure(err)
	}
	defer resp.Body.Close()
	return o.read(resp)
}

// read takes the first choice of an answer.
func (o *openAI) read(resp *http.Response) (chatMessage, error) {
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return chatMessage{}, o.failure(err)
	}
	var said struct {
		Choices []struct{ Message chatMessage }
		Error   struct{ Type string }
	}
	err = json.Unmarshal(text, &said)
	switch {
	case resp.StatusCode != http.StatusOK:
		return chatMessage{}, o.refused(resp.StatusCode, said.Error.Type)
	case err != nil || len(said.Choices) == 0:
		return chatMessage{}, o.failure(errNoChoice)
	}
	return said.Choices[0].Message, nil
}

// errNoChoice is what comes of an answer that is none of the API's.
var errNoChoice = errors.New("the answer is no chat completion")
