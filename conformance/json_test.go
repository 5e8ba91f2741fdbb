//go:build unix

package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// A jsonStyle says how JSON is printed. Some expectations hold text that was
// printed by Python, so its form is ours.
type jsonStyle struct {
	comma, colon string
	ascii        bool // escape all other characters
}

// compact is how the client gives a payload to a hook, spaced how the recorder
// prints: json.dumps without and with its defaults.
var (
	compact = jsonStyle{comma: ",", colon: ":"}
	spaced  = jsonStyle{comma: ", ", colon: ": ", ascii: true}
)

// format prints the JSON value raw in this style, its keys in the same order,
// its numbers as they are written.
func (s jsonStyle) format(raw []byte) (string, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var out strings.Builder
	err := s.value(d, &out)
	return out.String(), err
}

func (s jsonStyle) value(d *json.Decoder, out *strings.Builder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch x := token.(type) {
	case json.Delim:
		return s.members(d, out, x)
	case string:
		s.quote(x, out)
	case json.Number:
		out.WriteString(x.String())
	case bool:
		out.WriteString(strconv.FormatBool(x))
	default:
		out.WriteString("null")
	}
	return nil
}

// members prints an array or an object whose opening bracket was read.
func (s jsonStyle) members(d *json.Decoder, out *strings.Builder, open json.Delim) error {
	out.WriteString(open.String())
	for i := 0; d.More(); i++ {
		if i > 0 {
			out.WriteString(s.comma)
		}
		if open == '{' {
			if err := s.value(d, out); err != nil {
				return err
			}
			out.WriteString(s.colon)
		}
		if err := s.value(d, out); err != nil {
			return err
		}
	}
	closing, err := d.Token()
	if err == nil {
		fmt.Fprint(out, closing)
	}
	return err
}

// short are the characters that have an escape of their own.
var short = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\b': `\b`, '\f': `\f`}

func (s jsonStyle) quote(text string, out *strings.Builder) {
	out.WriteByte('"')
	for _, r := range text {
		switch escape := short[r]; {
		case escape != "":
			out.WriteString(escape)
		case r < ' ' || s.ascii && r > '~':
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(out, `\u%04x`, unit)
			}
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
}

func TestJSONStyle(t *testing.T) {
	tests := []struct{ raw, compact, spaced string }{
		{`{ "b" : [ ] , "a":{},"b2":[1,{"x":null}]}`, `{"b":[],"a":{},"b2":[1,{"x":null}]}`, `{"b": [], "a": {}, "b2": [1, {"x": null}]}`},
		{`[true,false,-1,0.5,12345678901234567890]`, `[true,false,-1,0.5,12345678901234567890]`, `[true, false, -1, 0.5, 12345678901234567890]`},
		{`"<a&b>/\/\u2028"`, "\"<a&b>//\u2028\"", `"<a&b>//\u2028"`},
		{`"ü\u00fc😀\ud83d\ude00"`, `"üü😀😀"`, `"\u00fc\u00fc\ud83d\ude00\ud83d\ude00"`},
		{`"\n\r\t\b\f\"\\\u0000\u001f\u007f~"`, "\"\\n\\r\\t\\b\\f\\\"\\\\\\u0000\\u001f\u007f~\"", `"\n\r\t\b\f\"\\\u0000\u001f\u007f~"`},
	}
	for _, tt := range tests {
		for _, style := range []struct {
			jsonStyle
			want string
		}{{compact, tt.compact}, {spaced, tt.spaced}} {
			if got, err := style.format([]byte(tt.raw)); got != style.want || err != nil {
				t.Errorf("%s: %s %v, want %s", tt.raw, got, err, style.want)
			}
		}
	}
}
