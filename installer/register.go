package installer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tailscale/hujson"
)

// newConfig is an opencode.json that holds nothing but our entry.
func newConfig(entry string) []byte {
	return fmt.Appendf(nil, "{\n  \"$schema\": \"https://opencode.ai/config.json\",\n  \"plugin\": [%q]\n}\n", entry)
}

// register plans to add entry to the "plugin" array of a config, or to remove it.
// What is inserted has a form of its own for each case, so that removing it gives
// back the bytes that were there.
func register(config, entry string, remove bool) (Plan, error) {
	now, err := read(config)
	if err != nil {
		return nil, err
	}
	after := now
	switch {
	case now == nil && remove:
		return nil, nil
	case now == nil:
		after = newConfig(entry)
	case remove && bytes.Equal(now, newConfig(entry)):
		return Plan{{Path: config, Before: now}}, nil
	default:
		after, err = edit(now, entry, remove)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config, err)
	}
	if same(now, after) {
		return nil, nil
	}
	return Plan{{Path: config, Before: now, After: after}}, nil
}

// edit returns text with entry in its "plugin" array, or without it.
func edit(text []byte, entry string, remove bool) ([]byte, error) {
	root, object, err := parseObject(text)
	if err != nil {
		return nil, err
	}
	c := configText{text: text, object: object, body: root.StartOffset + 1, entry: entry}
	for i, m := range object.Members {
		if name, ok := m.Name.Value.(hujson.Literal); ok && name.String() == "plugin" {
			if c.array, ok = m.Value.Value.(*hujson.Array); !ok {
				return nil, fmt.Errorf(`"plugin" is not an array`)
			}
			c.member = i
		}
	}
	if remove {
		return c.without(), nil
	}
	return c.with(), nil
}

// A configText is a config and where in it the plugins are.
type configText struct {
	text   []byte
	object *hujson.Object
	body   int           // place behind the object's brace
	array  *hujson.Array // nil: there is no "plugin"
	member int           // its place among the members
	entry  string
}

func (c configText) quoted() string {
	q, err := json.Marshal(c.entry)
	if err != nil {
		return `""` // a string always has a JSON text
	}
	return string(q)
}

// at returns the place of the entry in the array, -1 if it is not there.
func (c configText) at() int {
	if c.array != nil {
		for i, e := range c.array.Elements {
			if l, ok := e.Value.(hujson.Literal); ok && l.Kind() == '"' && l.String() == c.entry {
				return i
			}
		}
	}
	return -1
}

func (c configText) with() []byte {
	switch {
	case c.at() >= 0:
		return c.text
	case c.array == nil && len(c.object.Members) == 0:
		return c.insert(c.body, fmt.Sprintf(`"plugin": [%s]`, c.quoted()))
	case c.array == nil:
		last := c.object.Members[len(c.object.Members)-1]
		return c.insert(last.Value.EndOffset, c.newMember())
	case len(c.array.Elements) == 0:
		return c.insert(c.open(), " "+c.quoted())
	}
	last := c.array.Elements[len(c.array.Elements)-1]
	return c.insert(last.EndOffset, ", "+c.quoted())
}

// newMember is the text that adds "plugin" behind the last member, set as the
// members before it are.
func (c configText) newMember() string {
	first := c.object.Members[0].Name.StartOffset
	line := bytes.LastIndexByte(c.text[:first], '\n')
	between := " "
	if blank := string(c.text[line+1 : first]); line >= 0 && strings.Trim(blank, " \t") == "" {
		between = "\n" + blank
	}
	return fmt.Sprintf(",%s\"plugin\": [%s]", between, c.quoted())
}

func (c configText) without() []byte {
	i := c.at()
	if i < 0 {
		return c.text
	}
	element := c.array.Elements[i]
	start, end := element.StartOffset, element.EndOffset
	switch {
	case i > 0:
		return c.cut(c.array.Elements[i-1].EndOffset, end)
	case len(c.array.Elements) > 1:
		return c.cut(start, c.array.Elements[1].StartOffset)
	}
	member := c.object.Members[c.member]
	whole := string(c.text[member.Name.StartOffset:member.Value.EndOffset])
	if whole != fmt.Sprintf(`"plugin": [%s]`, c.quoted()) {
		if start == c.open()+1 && c.text[c.open()] == ' ' {
			start = c.open()
		}
		return c.cut(start, end)
	}
	if c.member == 0 {
		return c.cut(member.Name.StartOffset, member.Value.EndOffset)
	}
	return c.cut(c.object.Members[c.member-1].Value.EndOffset, member.Value.EndOffset)
}

// open is the place behind the array's bracket.
func (c configText) open() int { return c.object.Members[c.member].Value.StartOffset + 1 }

func (c configText) insert(at int, s string) []byte {
	return append(append(bytes.Clone(c.text[:at]), s...), c.text[at:]...)
}

func (c configText) cut(from, to int) []byte {
	return append(bytes.Clone(c.text[:from]), c.text[to:]...)
}

// parseObject reads a JSON file with comments whose top level is an object. The
// object is the value of the first result.
func parseObject(text []byte) (hujson.Value, *hujson.Object, error) {
	if err := bounded(text); err != nil {
		return hujson.Value{}, nil, err
	}
	root, err := hujson.Parse(bytes.Clone(text))
	if err != nil {
		return hujson.Value{}, nil, err
	}
	object, ok := root.Value.(*hujson.Object)
	if !ok {
		return hujson.Value{}, nil, fmt.Errorf("is not a JSON object")
	}
	return root, object, nil
}

// bounded refuses what the parser must not be given: it has no limit of its own,
// and a text of very many brackets can be so deep that it ends the process.
func bounded(text []byte) error {
	const most, brackets = 1 << 20, 10_000
	if len(text) > most {
		return fmt.Errorf("is larger than %d bytes", most)
	}
	if bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) > brackets {
		return fmt.Errorf("has more than %d brackets", brackets)
	}
	return nil
}
