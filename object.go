package hook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// An Object is a JSON object that keeps the order of its members and the bytes
// of their values, so that what passes through comes out as it came in.
type Object []Member

// A Member is one name and value of an Object.
type Member struct {
	Name  string
	Value json.RawMessage
}

// errNotObject is what ParseObject reports for any JSON value that is no object.
var errNotObject = errors.New("not a JSON object")

// ParseObject reads text, which must be one JSON object and white space. A name
// that occurs twice keeps its first place and its last value, as in JavaScript.
func ParseObject(text []byte) (Object, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	tok, err := dec.Token()
	if err != nil {
		return nil, syntaxError(text, err)
	}
	if tok != json.Delim('{') {
		return nil, errNotObject
	}
	o, at := Object{}, map[string]int{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, syntaxError(text, err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, syntaxError(text, err)
		}
		name := key.(string)
		if i, twice := at[name]; twice {
			o[i].Value = value
			continue
		}
		at[name] = len(o)
		o = append(o, Member{name, value})
	}
	if _, err := dec.Token(); err != nil {
		return nil, syntaxError(text, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("text after the end of the JSON object, at byte %d", dec.InputOffset())
	}
	return o, nil
}

// syntaxError words a decoder's error with the place where it was met.
func syntaxError(text []byte, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON ends too early")
	case errors.As(err, &syntax):
		at := min(int(syntax.Offset), len(text))
		line := 1 + bytes.Count(text[:at], []byte("\n"))
		col := at - bytes.LastIndexByte(text[:at], '\n')
		return fmt.Errorf("invalid JSON at line %d, column %d: %w", line, col-1, err)
	}
	return err
}

// Get returns the value of name and whether there is one. Names are compared
// exactly: encoding/json would take "TOOL_NAME" for "tool_name".
func (o Object) Get(name string) (json.RawMessage, bool) {
	for _, m := range o {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

// With returns o with name set to value: in place if o has it, else at the end.
// Neither o nor its array is changed.
func (o Object) With(name string, value json.RawMessage) Object {
	out := make(Object, len(o), len(o)+1)
	copy(out, o)
	for i := range out {
		if out[i].Name == name {
			out[i].Value = value
			return out
		}
	}
	return append(out, Member{name, value})
}

// WithText is With for a string value.
func (o Object) WithText(name, value string) Object { return o.With(name, Quote(value)) }

// JSON returns o on one line without blanks, members in order, nothing escaped
// that need not be.
func (o Object) JSON() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(Quote(m.Name))
		b.WriteByte(':')
		if err := json.Compact(&b, m.Value); err != nil {
			b.WriteString("null")
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// MarshalJSON is JSON, for encoding/json.
func (o Object) MarshalJSON() ([]byte, error) { return o.JSON(), nil }

// Quote returns s as a JSON string, without the escaping of <, > and & that
// encoding/json adds for HTML: hooks that grep would see it.
func Quote(s string) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return json.RawMessage(`""`)
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	out = bytes.ReplaceAll(out, []byte(`\u2028`), []byte("\u2028"))
	return bytes.ReplaceAll(out, []byte(`\u2029`), []byte("\u2029"))
}

// UnmarshalJSON is ParseObject, for encoding/json.
func (o *Object) UnmarshalJSON(text []byte) error {
	parsed, err := ParseObject(text)
	if err == nil {
		*o = parsed
	}
	return err
}
