//go:build unix

package conformance

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// script is played by both tests below.
const script = `[
	[{"text": "a\nb"}, {"tool": "T", "input": {"x": [1]}}, {"tool": "U"}],
	{"status": 529, "error": "overloaded_error", "message": "m"}
]`

// answers are what the script comes to: content and stop_reason, or the error.
func answers(t *testing.T) []any {
	return []any{
		value(t, `[[{"type": "text", "text": "a\nb"},
			{"type": "tool_use", "id": "toolu_1_1", "name": "T", "input": {"x": [1]}},
			{"type": "tool_use", "id": "toolu_1_2", "name": "U", "input": {}}], "tool_use"]`),
		value(t, `{"type": "overloaded_error", "message": "m"}`),
		value(t, `[[{"type": "text", "text": "DONE"}], "end_turn"]`),
	}
}

func TestScriptedModel(t *testing.T) {
	for _, body := range []string{`{"model": "m"}`, `{"model": "m", "stream": true}`} {
		m := newScripted(t)
		server := httptest.NewServer(m)
		defer server.Close()
		for i, want := range answers(t) {
			if got := ask(t, server.URL+"/v1/messages", inventedKey, body); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: answer %d is %s, want %s", body, i, brief(got), brief(want))
			}
		}
		if got := m.asked(); !reflect.DeepEqual(got, []any{parsed(body), parsed(body), parsed(body)}) {
			t.Errorf("%s: asked %s", body, brief(got))
		}
	}
}

func TestScriptedModelRefuses(t *testing.T) {
	server := httptest.NewServer(newScripted(t))
	defer server.Close()
	for _, tt := range []struct{ path, key, body, kind string }{
		{"/v1/complete", inventedKey, `{}`, "not_found_error"},
		{"/v1/messages", "", `{}`, "authentication_error"},
		{"/v1/messages", inventedKey, `[]`, "invalid_request_error"},
	} {
		got := ask(t, server.URL+tt.path, tt.key, tt.body)
		if !subset(map[string]any{"type": tt.kind}, got) {
			t.Errorf("%+v: %s", tt, brief(got))
		}
	}
}

func newScripted(t *testing.T) *scriptedModel {
	t.Helper()
	m := &scriptedModel{}
	if err := strict([]byte(script), &m.script); err != nil {
		t.Fatal(err)
	}
	return m
}

// ask returns content and stop_reason of the model's answer, or its error.
func ask(t *testing.T, url, key, body string) any {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Api-Key", key)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Header.Get("Content-Type") == "text/event-stream" {
		return putTogether(t, string(text))
	}
	answer, _ := value(t, string(text)).(map[string]any)
	if resp.StatusCode != http.StatusOK {
		return answer["error"]
	}
	return []any{answer["content"], answer["stop_reason"]}
}

// An event is what counts of one of the events of a streamed answer.
type event struct {
	Type         string
	Index        int
	ContentBlock map[string]any `json:"content_block"`
	Delta        struct {
		Type, Text  string
		PartialJSON string `json:"partial_json"`
		StopReason  string `json:"stop_reason"`
	}
}

// putTogether returns what a streamed answer comes to, read as a client does.
func putTogether(t *testing.T, text string) any {
	t.Helper()
	var content []any
	var stop string
	for part := range strings.SplitSeq(strings.TrimSuffix(text, "\n\n"), "\n\n") {
		name, data, _ := strings.Cut(part, "\ndata: ")
		var e event
		if err := json.Unmarshal([]byte(data), &e); err != nil || name != "event: "+e.Type {
			t.Fatalf("%q: %v", part, err)
		}
		switch e.Type {
		case "content_block_start":
			content = append(content, e.ContentBlock)
		case "content_block_delta":
			e.extend(t, content[e.Index].(map[string]any))
		case "message_delta":
			stop = e.Delta.StopReason
		}
	}
	if !strings.HasSuffix(text, "\ndata: {\"type\":\"message_stop\"}\n\n") {
		t.Errorf("no end: %q", text)
	}
	return []any{content, stop}
}

// extend adds the delta to its block.
func (e event) extend(t *testing.T, block map[string]any) {
	t.Helper()
	if e.Delta.Type == "text_delta" {
		block["text"] = block["text"].(string) + e.Delta.Text
		return
	}
	block["input"] = value(t, e.Delta.PartialJSON)
}
