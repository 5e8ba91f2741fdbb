package fakemodel

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// readResponses reads the body of a call of the Responses API. Outputs of tools
// are messages of the role "tool".
func readResponses(r *http.Request) (Request, error) {
	var body struct {
		Input []struct {
			Type    string          `json:"type"`
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
			CallID  string          `json:"call_id"`
			Output  json.RawMessage `json:"output"`
		} `json:"input"`
		Tools []struct {
			Name string `json:"name"`
		} `json:"tools"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return Request{}, err
	}
	var req Request
	for _, item := range body.Input {
		switch item.Type {
		case "message":
			req.Messages = append(req.Messages, Message{Role: item.Role, Text: flat(item.Content)})
		case "function_call_output", "custom_tool_call_output":
			req.Messages = append(req.Messages, Message{Role: "tool", Text: flat(item.Output), Call: item.CallID})
		}
	}
	for _, t := range body.Tools {
		req.Tools = append(req.Tools, t.Name)
	}
	req.Lane = lane(req)
	return req, nil
}

// streamResponses writes the answer as the Responses API does. A call with Raw
// arguments is one of a tool that takes plain text.
func (t Turn) streamResponses(w io.Writer, lane string, first int) {
	type object = map[string]any
	say := func(kind string, fields object) {
		fields["type"] = kind
		text, err := json.Marshal(fields)
		if err != nil {
			return // of strings and numbers alone: cannot fail
		}
		fmt.Fprintf(w, "event: %s\ndata: %s\n\n", kind, text)
	}
	say("response.created", object{"response": object{"id": "resp_fake"}})
	for i, c := range t.Calls {
		id := fmt.Sprintf("call_%s_%d", lane, first+i)
		item := object{"type": "function_call", "id": "fc_" + id, "name": c.Tool, "arguments": c.arguments(), "call_id": id}
		if c.In != "" {
			item["namespace"] = c.In
		}
		if c.Raw != "" {
			item = object{"type": "custom_tool_call", "id": "ctc_" + id, "name": c.Tool, "input": c.Raw, "call_id": id}
		}
		say("response.output_item.done", object{"output_index": i, "item": item})
	}
	if len(t.Calls) == 0 {
		content := []object{{"type": "output_text", "text": t.Text, "annotations": []object{}}}
		say("response.output_item.done", object{"output_index": 0, "item": object{"type": "message", "id": "msg_fake", "role": "assistant", "content": content}})
	}
	used := max(t.Tokens, 100)
	say("response.completed", object{"response": object{"id": "resp_fake", "usage": object{
		"input_tokens": used, "output_tokens": 10, "total_tokens": used + 10,
		"input_tokens_details": object{"cached_tokens": 0}, "output_tokens_details": object{"reasoning_tokens": 0},
	}}})
}
