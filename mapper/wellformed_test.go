package mapper

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWellFormed(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":"b"}`:              `{"a":"b"}`,
		`"\ud83d\ude00 \n \\"`:   `"\ud83d\ude00 \n \\"`,
		`"\ud800"`:               `"\ufffd"`,
		`"\uDC00\uD800"`:         `"\ufffd\ufffd"`,
		`"\ud800\ud83d\ude00"`:   `"\ufffd\ud83d\ude00"`,
		`"\ud800\u0041"`:         `"\ufffd\u0041"`,
		`"\\ud800"`:              `"\\ud800"`,
		`"\\\ud800"`:             `"\\\ufffd"`,
		"\"a\xffb\"":             "\"a\ufffdb\"",
		`{"\udfff":["\udbff"]}`:  `{"\ufffd":["\ufffd"]}`,
		`"\ue000 \ud7ff \uffff"`: `"\ue000 \ud7ff \uffff"`,
		`\`:                      `\`,
		`\u`:                     `\u`,
	} {
		if got := string(wellFormed([]byte(text))); got != want {
			t.Errorf("wellFormed(%s) = %s, not %s", text, got, want)
		}
	}
}

func TestInASCII(t *testing.T) {
	for text, want := range map[string]string{`{"a":"b\n"}`: `{"a":"b\n"}`, `"é€"`: `"\u00e9\u20ac"`, `"😀"`: `"\ud83d\ude00"`} {
		if got := string(inASCII([]byte(text))); got != want {
			t.Errorf("inASCII(%s) = %s, not %s", text, got, want)
		}
	}
}

func FuzzWellFormed(f *testing.F) {
	f.Add([]byte(`{"a":"\ud800\udc00\udc00\\u"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var before, after any
		if json.Unmarshal(text, &before) != nil {
			return
		}
		out := wellFormed(text)
		if !utf8.Valid(out) || json.Unmarshal(out, &after) != nil {
			t.Fatalf("%q became %q", text, out)
		}
		was, _ := json.Marshal(before)
		is, _ := json.Marshal(after)
		if string(was) != string(is) {
			t.Errorf("%s became %s", was, is)
		}
	})
}

func TestNested(t *testing.T) {
	for text, want := range map[string]int{`1`: 0, `{}`: 1, `{"a":[{"b":"[[{\"["}],"c":{}}`: 3, strings.Repeat("[", 200) + strings.Repeat("]", 200): 200} {
		if got := nested([]byte(text)); got != want {
			t.Errorf("nested(%.20s) = %d, not %d", text, got, want)
		}
	}
}
