package fakemodel

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// readGemini reads the body of a call of the Gemini API. A function's response is
// a message of the role "tool", in which an error stands as "error: …".
func readGemini(r *http.Request) (Request, error) {
	var body struct {
		Contents []struct {
			Role  string `json:"role"`
			Parts []struct {
				Text     string `json:"text"`
				Response *struct {
					ID       string `json:"id"`
					Response struct {
						Output string `json:"output"`
						Error  string `json:"error"`
					} `json:"response"`
				} `json:"functionResponse"`
			} `json:"parts"`
		} `json:"contents"`
		Tools []struct {
			Functions []struct {
				Name string `json:"name"`
			} `json:"functionDeclarations"`
		} `json:"tools"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return Request{}, err
	}
	var req Request
	for _, c := range body.Contents {
		for _, p := range c.Parts {
			m := Message{Role: c.Role, Text: p.Text}
			if p.Response != nil {
				m = Message{Role: "tool", Text: p.Response.Response.Output, Call: p.Response.ID}
				if p.Response.Response.Error != "" {
					m.Text += "error: " + p.Response.Response.Error
				}
			}
			req.Messages = append(req.Messages, m)
		}
	}
	for _, t := range body.Tools {
		for _, f := range t.Functions {
			req.Tools = append(req.Tools, f.Name)
		}
	}
	req.Lane = Main
	if !strings.Contains(r.URL.Path, ":streamGenerateContent") {
		req.Lane = "aside" // the client's own questions: what model to use, what to sum up
	}
	return req, nil
}

// streamGemini writes the answer as the Gemini API does.
func (t Turn) streamGemini(w io.Writer, lane string, first int) {
	type object = map[string]any
	parts := []object{}
	for i, c := range t.Calls {
		parts = append(parts, object{"functionCall": object{"id": fmt.Sprintf("call_%s_%d", lane, first+i), "name": c.Tool, "args": c.Args}})
	}
	if len(parts) == 0 {
		parts = append(parts, object{"text": t.Text})
	}
	used := max(t.Tokens, 100)
	text, err := json.Marshal(object{
		"candidates":    []object{{"index": 0, "content": object{"role": "model", "parts": parts}, "finishReason": "STOP"}},
		"usageMetadata": object{"promptTokenCount": used, "candidatesTokenCount": 10, "totalTokenCount": used + 10},
		"modelVersion":  "fake",
	})
	if err != nil {
		return // of strings and numbers alone: cannot fail
	}
	fmt.Fprintf(w, "data: %s\n\n", text)
}
