package installer

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/tailscale/hujson"
)

// A hooksText is the text of a hooksFile, and where in it the events are.
type hooksText struct {
	hooksFile
	text        []byte
	root        *hujson.Object
	rootStart   int            // place behind the root's brace
	events      *hujson.Object // nil: there are none
	eventsStart int            // place behind the brace of events
	block       int            // the place of Member among the root's members
}

// array returns the groups of an event and the event's place, nil if there is no such event.
func (d *hooksText) array(event string) (*hujson.Array, int) {
	for i, m := range d.events.Members {
		if array, ok := m.Value.Value.(*hujson.Array); ok && nameOf(m) == event {
			return array, i
		}
	}
	return nil, -1
}

// find returns the place of the bridge in an event's groups: the group, its
// commands, and which of these it is; group is -1 if it is not there.
func (d *hooksText) find(array *hujson.Array) (group int, commands *hujson.Array, at int, command string) {
	for g, element := range array.Elements {
		object, ok := element.Value.(*hujson.Object)
		if !ok {
			continue
		}
		list, ok := member(object, "hooks").(*hujson.Array)
		if !ok { // the element is the command itself
			list = &hujson.Array{Elements: array.Elements[g : g+1]}
		}
		for i, handler := range list.Elements {
			object, ok := handler.Value.(*hujson.Object)
			if !ok {
				continue
			}
			for _, name := range []string{"command", "bash"} {
				said, ok := member(object, name).(hujson.Literal)
				if !ok || said.Kind() != '"' {
					continue
				}
				if _, ours := d.ours(said.String()); ours {
					return g, list, i, said.String()
				}
			}
		}
	}
	return -1, nil, -1, ""
}

// member returns the value of a member, nil if there is none.
func member(o *hujson.Object, name string) hujson.ValueTrimmed {
	for _, m := range o.Members {
		if nameOf(m) == name {
			return m.Value.Value
		}
	}
	return nil
}

// unit is what the root's members are indented by.
func (d *hooksText) unit() string {
	blank := leadingBlank(d.text[d.rootStart:])
	if _, unit, ok := strings.Cut(blank, "\n"); ok && unit != "" && !strings.Contains(unit, "\n") {
		return unit
	}
	return "  "
}

// insertBlock puts the member with all events before the root's other members.
func (d *hooksText) insertBlock(block string) []byte {
	if len(d.root.Members) == 0 {
		return d.insert(d.rootStart, block)
	}
	return d.insert(d.rootStart, leadingBlank(d.text[d.rootStart:])+block+",")
}

// insertMembers puts events before the others, in the layout that these have.
func (d *hooksText) insertMembers(members []string) []byte {
	if len(members) == 0 {
		return d.text
	}
	if len(d.events.Members) == 0 {
		return d.insert(d.eventsStart, " "+strings.Join(members, ", "))
	}
	blank := leadingBlank(d.text[d.eventsStart:])
	return d.insert(d.eventsStart, blank+strings.Join(members, ","+blank)+",")
}

// withEntry puts the bridge behind an event's other groups: the place of a group
// counts for Codex's review of it, and the last word for Qwen Code.
func (d *hooksText) withEntry(e hookEntry, array *hujson.Array) []byte {
	group, _, _, command := d.find(array)
	if group < 0 && len(array.Elements) == 0 {
		return d.insert(d.openOf(e.Event), " "+e.text())
	}
	if group < 0 {
		blank := leadingBlank(d.text[d.openOf(e.Event):])
		if blank == "" {
			blank = " "
		}
		return d.insert(array.Elements[len(array.Elements)-1].EndOffset, ","+blank+e.text())
	}
	was, element := e, array.Elements[group]
	program, _ := d.ours(command)
	wanted, _ := d.ours(e.Command)
	was.Command = program + strings.TrimPrefix(e.Command, wanted)
	other := was
	other.Command = otherScopes(was.Command)
	if now := string(d.text[element.StartOffset:element.EndOffset]); now != was.text() && now != other.text() {
		return d.text // changed by hand
	}
	return append(append(bytes.Clone(d.text[:element.StartOffset]), e.text()...), d.text[element.EndOffset:]...)
}

// openOf is the place behind the bracket of an event's array.
func (d *hooksText) openOf(event string) int {
	_, i := d.array(event)
	return d.events.Members[i].Value.StartOffset + 1
}

// onlyOurs returns the texts of all events, if the bridge is all there is in them.
func (d *hooksText) onlyOurs() (members []string, ours bool) {
	if d.events == nil || len(d.events.Members) == 0 {
		return nil, false
	}
	for i := range d.events.Members {
		text, ok := d.ownMember(i)
		if !ok {
			return nil, false
		}
		members = append(members, text)
	}
	return members, true
}

// ownMember returns the text of event i, if it is as the bridge would write it.
func (d *hooksText) ownMember(i int) (string, bool) {
	m := d.events.Members[i]
	array, ok := m.Value.Value.(*hujson.Array)
	if !ok || len(array.Elements) != 1 {
		return "", false
	}
	group, commands, _, _ := d.find(array)
	text := string(d.text[m.Name.StartOffset:m.Value.EndOffset])
	element := array.Elements[0]
	whole := quote(nameOf(m)) + ": [" + string(d.text[element.StartOffset:element.EndOffset]) + "]"
	return text, group == 0 && len(commands.Elements) == 1 && text == whole
}

// isBlock reports whether the member that holds the events is one that was
// inserted with them.
func (d *hooksText) isBlock(members []string) bool {
	m := d.root.Members[d.block]
	text := string(d.text[m.Name.StartOffset:m.Value.EndOffset])
	_, unit, ok := strings.Cut(text, "\n")
	if !ok {
		return false
	}
	unit = unit[:len(unit)-len(strings.TrimLeft(unit, " \t"))]
	return text == d.hooksFile.block(members, unit[:len(unit)/2])
}

// afterSpace reports whether the events were put into an object that was empty.
func (d *hooksText) afterSpace() bool {
	return d.eventsStart+1 == d.events.Members[0].Name.StartOffset && d.text[d.eventsStart] == ' '
}

// withoutOne returns the text without the first entry there is, nil if there is none.
func (d *hooksText) withoutOne() []byte {
	if d.events == nil {
		return nil
	}
	for i, m := range d.events.Members {
		array, ok := m.Value.Value.(*hujson.Array)
		if !ok {
			continue
		}
		group, commands, at, _ := d.find(array)
		if group < 0 {
			continue
		}
		if len(commands.Elements) > 1 {
			return d.cutElement(commands, at, 0)
		}
		if _, own := d.ownMember(i); own {
			return d.cutMember(d.events, i)
		}
		return d.cutElement(array, group, m.Value.StartOffset+1)
	}
	return nil
}

// cutMember removes a member with the comma behind it, or as the last one with
// the comma before it.
func (d *hooksText) cutMember(o *hujson.Object, i int) []byte {
	start := d.rootStart
	if o == d.events && d.Member != "" {
		start = d.eventsStart
	}
	end := o.Members[i].Value.EndOffset
	if i == len(o.Members)-1 {
		if i > 0 {
			start = o.Members[i-1].Value.EndOffset
		}
		return d.cut(start, end)
	}
	if i > 0 {
		start = comma(o.Members[i-1].Value)
	}
	return d.cut(start, comma(o.Members[i].Value))
}

// comma is the place behind the comma that follows a value.
func comma(v hujson.Value) int { return v.EndOffset + len(v.AfterExtra) + 1 }

// cutElement removes an element of an array, with the comma before it if there is
// one. open is the place behind the array's bracket.
func (d *hooksText) cutElement(array *hujson.Array, i, open int) []byte {
	element := array.Elements[i]
	switch {
	case i > 0:
		return d.cut(array.Elements[i-1].EndOffset, element.EndOffset)
	case len(array.Elements) > 1:
		return d.cut(element.StartOffset, array.Elements[1].StartOffset)
	case element.StartOffset == open+1 && d.text[open] == ' ':
		return d.cut(open, element.EndOffset)
	}
	return d.cut(element.StartOffset, element.EndOffset)
}

func (d *hooksText) insert(at int, s string) []byte {
	return append(append(bytes.Clone(d.text[:at]), s...), d.text[at:]...)
}

func (d *hooksText) cut(from, to int) []byte {
	return append(bytes.Clone(d.text[:from]), d.text[to:]...)
}

// leadingBlank is the white space that text begins with.
func leadingBlank(text []byte) string {
	return string(text[:len(text)-len(bytes.TrimLeft(text, " \t\r\n"))])
}

// quote is s as a JSON string, with <, > and & as they are.
func quote(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""` // a string always has a JSON text
	}
	return strings.TrimSuffix(b.String(), "\n")
}
