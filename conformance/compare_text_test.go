//go:build unix

package conformance

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// textIs compares a text. want is the text itself; a list: these pieces in this
// order with line breaks between; {"has": […]}: all of these occur;
// {"shorter_than": N}: some text of fewer characters; {"any": […]}: one of these.
func textIs(want, got any) bool {
	if _, ok := want.(string); ok || want == nil {
		return want == got
	}
	text, ok := got.(string)
	if !ok {
		return false
	}
	switch want := want.(type) {
	case []any:
		return isPieces(want, text)
	case map[string]any:
		if texts, ok := want["any"].([]any); ok {
			return slices.Contains(texts, got)
		}
		return isLike(want, text)
	}
	return false
}

func isPieces(want []any, text string) bool {
	var pattern []string
	for i, piece := range want {
		piece, ok := piece.(string)
		if !ok {
			return false
		}
		if i < len(want)-1 {
			piece = strings.TrimRight(piece, "\n")
		}
		pattern = append(pattern, regexp.QuoteMeta(piece))
	}
	matches, err := regexp.MatchString(`\A(?:`+strings.Join(pattern, `\n+`)+`)\z`, text)
	return matches && err == nil
}

func isLike(want map[string]any, text string) bool {
	has, _ := want["has"].([]any)
	for _, part := range has {
		if part, ok := part.(string); !ok || !strings.Contains(text, part) {
			return false
		}
	}
	most, limited := want["shorter_than"].(float64)
	return text != "" && (!limited || float64(utf8.RuneCountInString(text)) < most)
}

// subset reports whether got has every key of want with the same value.
func subset(want, got any) bool {
	members, ok := want.(map[string]any)
	if !ok {
		return reflect.DeepEqual(want, got)
	}
	other, ok := got.(map[string]any)
	if !ok {
		return false
	}
	for key, value := range members {
		if has, ok := other[key]; !ok || !subset(value, has) {
			return false
		}
	}
	return true
}

func TestTextIs(t *testing.T) {
	tests := []struct {
		want, got string
		is        bool
	}{
		{`"a"`, `"a"`, true},
		{`"a"`, `"a\n"`, false},
		{`"a"`, `null`, false},
		{`null`, `null`, true},
		{`null`, `""`, false},
		{`["a", "b"]`, `"a\n\nb"`, true},
		{`["a\n", "b"]`, `"a\nb"`, true},
		{`["a", "b"]`, `"ab"`, false},
		{`["a", "b"]`, `"b\na"`, false},
		{`["a", "b"]`, `"a\nb\n"`, false},
		{`["a", "b\n"]`, `"a\nb\n"`, true},
		{`["."]`, `"x"`, false},
		{`["a"]`, `1`, false},
		{`{"any": ["a", "b"]}`, `"b"`, true},
		{`{"any": ["a", "b"]}`, `"c"`, false},
		{`{"has": ["a", "b"], "shorter_than": 4}`, `"büa"`, true},
		{`{"has": ["a", "b"], "shorter_than": 3}`, `"büa"`, false},
		{`{"has": ["a", "b"]}`, `"a"`, false},
		{`{"has": []}`, `"a"`, true},
		{`{"has": []}`, `""`, false},
		{`1`, `"1"`, false},
	}
	for _, tt := range tests {
		if got := textIs(value(t, tt.want), value(t, tt.got)); got != tt.is {
			t.Errorf("textIs(%s, %s) = %t", tt.want, tt.got, got)
		}
	}
}

func TestSubset(t *testing.T) {
	tests := []struct {
		want, got string
		is        bool
	}{
		{`{"a": 1}`, `{"a": 1, "b": 2}`, true},
		{`{"a": {"b": [1]}}`, `{"a": {"b": [1], "c": 1}}`, true},
		{`{"a": {"b": [1]}}`, `{"a": {"b": [1, 2]}}`, false},
		{`{"a": null}`, `{}`, false},
		{`{}`, `[]`, false},
		{`[{"a": 1}]`, `[{"a": 1, "b": 2}]`, false},
	}
	for _, tt := range tests {
		if got := subset(value(t, tt.want), value(t, tt.got)); got != tt.is {
			t.Errorf("subset(%s, %s) = %t", tt.want, tt.got, got)
		}
	}
}

// value reads JSON as the report is read.
func value(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
