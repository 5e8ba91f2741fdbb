//go:build unix

package conformance

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// asked demands so many requests to the model, in each of which it is this one,
// and in one of which each of these texts is.
func (c *comparison) asked(raw json.RawMessage) {
	var want struct {
		Requests *int
		Min      int
		Has      []string
		Model    *string
	}
	c.read("asked", raw, &want)
	got := c.seen.asked
	c.check("asked", want.Requests == nil || *want.Requests == len(got), want.Requests, len(got))
	c.check("asked min", want.Min <= len(got), want.Min, len(got))
	for _, text := range want.Has {
		c.check("asked has", contains(got, text), text, got)
	}
	for _, body := range got {
		c.check("asked model", want.Model == nil || subset(map[string]any{"model": *want.Model}, body), want.Model, body)
	}
}

// contains reports whether text is in some string of a JSON value.
func contains(value any, text string) bool {
	in := func(member any) bool { return contains(member, text) }
	switch value := value.(type) {
	case string:
		return strings.Contains(value, text)
	case []any:
		return slices.ContainsFunc(value, in)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), in)
	}
	return false
}

func TestAsked(t *testing.T) {
	const once, other = `{"model": "m", "messages": [{"content": [{"text": "a \"b\"\nc"}]}]}`, `{"model": "n"}`
	tests := []struct {
		want  string
		got   []any
		fails string // the first field that differs
	}{
		{`{"requests": 0}`, nil, ""},
		{`{"requests": 0}`, []any{parsed(once)}, "asked"},
		{`{"requests": 2}`, []any{parsed(once)}, "asked"},
		{`{"min": 1}`, []any{parsed(once), parsed(other)}, ""},
		{`{"min": 1}`, nil, "asked min"},
		{`{"has": ["a \"b\"\nc"]}`, []any{parsed(other), parsed(once)}, ""},
		{`{"has": ["a", "d"]}`, []any{parsed(once)}, "asked has"},
		{`{"has": ["text"]}`, []any{parsed(once)}, "asked has"},
		{`{"has": [""]}`, nil, "asked has"},
		{`{"model": "m"}`, []any{parsed(once)}, ""},
		{`{"model": "m"}`, []any{parsed(once), parsed(other)}, "asked model"},
		{`{"model": "m"}`, []any{"not JSON"}, "asked model"},
		{`{"dance": 1}`, nil, "asked"},
	}
	for _, tt := range tests {
		c := comparison{seen: &seen{asked: tt.got}}
		c.asked(json.RawMessage(tt.want))
		first := ""
		if len(c.diffs) > 0 {
			first = c.diffs[0].field
		}
		if first != tt.fails {
			t.Errorf("%s, asked %v: %v, want %q", tt.want, tt.got, c.diffs, tt.fails)
		}
	}
}
