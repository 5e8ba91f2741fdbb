package loader

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"

	hook "github.com/run-hooks/run-hooks"
)

// A node is one value of a parsed file. The zero node is an absent value.
type node struct {
	src *source
	v   *hujson.Value
}

// A field is one member of an object.
type field struct {
	name  string
	key   node
	value node
}

// kind returns the first byte of the value's text, with '0' for numbers, 't'
// for booleans and 0 for an absent value.
func (n node) kind() byte {
	if n.v == nil {
		return 0
	}
	k := byte(n.v.Value.Kind())
	if k == 'f' {
		return 't'
	}
	return k
}

// what names the kind of the value for messages.
func (n node) what() string {
	switch n.kind() {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "missing"
}

// pos returns where the value stands, the zero Pos for an absent one.
func (n node) pos() hook.Pos {
	if n.v == nil {
		return hook.Pos{}
	}
	return n.src.pos(n.v.StartOffset)
}

// fields returns the members of an object, nil for any other value. Of a name
// that occurs twice only the last is returned, as JSON.parse does (§9.1).
func (n node) fields() []field {
	if n.kind() != '{' {
		return nil
	}
	members := n.v.Value.(*hujson.Object).Members
	last := make(map[string]int, len(members))
	for i := range members {
		last[literalText(members[i].Name.Value.(hujson.Literal))] = i
	}
	out := make([]field, 0, len(members))
	for i := range members {
		name := literalText(members[i].Name.Value.(hujson.Literal))
		if last[name] == i {
			out = append(out, field{name, node{n.src, &members[i].Name}, node{n.src, &members[i].Value}})
		}
	}
	return out
}

// shadowed returns the members of an object that do not count, as one of the
// same name follows.
func (n node) shadowed() []field {
	if n.kind() != '{' {
		return nil
	}
	members := n.v.Value.(*hujson.Object).Members
	var out []field
	later := map[string]bool{}
	for i := len(members) - 1; i >= 0; i-- {
		name := members[i].Name.Value.(hujson.Literal).String()
		if later[name] {
			out = append(out, field{name, node{n.src, &members[i].Name}, node{n.src, &members[i].Value}})
		}
		later[name] = true
	}
	return out
}

// get returns the value of a member, the zero node if there is none.
func (n node) get(name string) node {
	if n.kind() != '{' {
		return node{}
	}
	members := n.v.Value.(*hujson.Object).Members
	for i := len(members) - 1; i >= 0; i-- {
		if literalText(members[i].Name.Value.(hujson.Literal)) == name {
			return node{n.src, &members[i].Value}
		}
	}
	return node{}
}

// literalText is l.String for a string, without the decoder where there is
// nothing to decode.
func literalText(l hujson.Literal) string {
	for _, c := range l {
		if c == '\\' || c >= 0x80 {
			return l.String()
		}
	}
	return string(l[1 : len(l)-1])
}

// elems returns the elements of an array, nil for any other value.
func (n node) elems() []node {
	if n.kind() != '[' {
		return nil
	}
	elements := n.v.Value.(*hujson.Array).Elements
	out := make([]node, len(elements))
	for i := range elements {
		out[i] = node{n.src, &elements[i]}
	}
	return out
}

// str returns a string value's text, "" for any other value.
func (n node) str() string {
	if n.kind() != '"' {
		return ""
	}
	return literalText(n.v.Value.(hujson.Literal))
}

// number returns a number value, 0 for any other value.
func (n node) number() float64 {
	if n.kind() != '0' {
		return 0
	}
	return n.v.Value.(hujson.Literal).Float()
}

// isTrue reports whether the value is the literal true.
func (n node) isTrue() bool {
	return n.kind() == 't' && n.v.Value.(hujson.Literal).Bool()
}

// text returns the value as it stands in the file.
func (n node) text() string {
	if n.v == nil {
		return ""
	}
	return string(n.src.text[n.v.StartOffset:n.v.EndOffset])
}

// parse reads the text of s as JSON that Claude Code would take: strict, no
// comments, no trailing commas. What is not is a Finding, and the tree is
// returned all the same where there is one, so that its cost can be told.
func parse(s *source) (node, *Finding) {
	if at := tooDeep(s.text); at >= 0 {
		return node{}, &Finding{Pos: s.pos(at), Severity: Error, Name: "json-depth",
			Msg: fmt.Sprintf("more than %d nested arrays and objects", maxDepth)}
	}
	v, err := hujson.Parse(s.text)
	if err != nil {
		return node{}, syntaxFinding(s, err)
	}
	root := node{s, &v}
	if at, name, msg := nonStandard(s, &v); name != "" {
		return root, &Finding{Pos: s.pos(at), Severity: Error, Name: name, Msg: msg}
	}
	return root, nil
}

// syntaxFinding turns hujson's untyped error, "hujson: line L, column C: text",
// into a Finding.
func syntaxFinding(s *source, err error) *Finding {
	f := &Finding{Pos: hook.Pos{File: s.name, Line: 1, Col: 1}, Severity: Error, Name: "json-syntax", Msg: "not valid JSON"}
	text := err.Error()
	var line, col int
	if n, _ := fmt.Sscanf(text, "hujson: line %d, column %d:", &line, &col); n == 2 {
		f.Pos.Line, f.Pos.Col = line, col
	}
	if inner := errors.Unwrap(err); inner != nil {
		text = strings.TrimPrefix(inner.Error(), "parsing value: ")
	}
	f.Msg += ": " + text
	return f
}

// nonStandard finds the first comment or trailing comma of v.
func nonStandard(s *source, v *hujson.Value) (at int, name, msg string) {
	if v.IsStandard() {
		return 0, "", ""
	}
	at, name = firstExtra(s.text)
	if name == "json-comment" {
		return at, name, "a comment: JSON has none, and Claude Code ignores a settings file that has one"
	}
	return at, name, "a comma before a closing bracket: JSON allows none, and Claude Code ignores a settings file that has one"
}

// firstExtra returns the offset of the first comment or trailing comma of text,
// which hujson has parsed.
func firstExtra(text []byte) (int, string) {
	comma := -1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i, comma = stringEnd(text, i), -1
		case '/':
			return i, "json-comment"
		case ',':
			comma = i
		case ']', '}':
			if comma >= 0 {
				return comma, "json-trailing-comma"
			}
		case ' ', '\t', '\n', '\r':
		default:
			comma = -1
		}
	}
	return 0, "json-trailing-comma"
}

// quoted shortens a value for a message.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
