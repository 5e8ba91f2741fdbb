package installer

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/tailscale/hujson"
)

// A hooksFile is a config of an agent that starts a command for each event, and
// what the bridge's entries in it are. The file holds, at its top or as the member
// Member, an object of events; each event is an array of groups, and a group has
// an array "hooks" of commands.
type hooksFile struct {
	Harness string
	Path    string
	Member  string // "" where the events are the file's own members
	Head    string // members that a new file has before it, each with a comma and a line break
	Entries []hookEntry
	Check   func(*hujson.Value) error // what the agent would refuse; nil takes anything
}

// A hookEntry is the bridge's command for one event.
type hookEntry struct {
	Event   string
	Command string
	Timeout int    // in the agent's own unit
	More    string // further members of the command, as JSON text behind a comma
	Form    string // "" for a group with the command; else the element itself, with %s for the command
}

// text is the group that holds the command and nothing else.
func (e hookEntry) text() string {
	if e.Form != "" {
		return fmt.Sprintf(e.Form, quote(e.Command))
	}
	return fmt.Sprintf(`{"hooks": [{"type": "command", "command": %s, "timeout": %d%s}]}`, quote(e.Command), e.Timeout, e.More)
}

// member is the event with that group alone.
func (e hookEntry) member() string { return fmt.Sprintf("%s: [%s]", quote(e.Event), e.text()) }

// plan is what brings the file to hold the entries, or none of them. What is
// inserted has a form of its own for each case, so that removing it gives back
// the bytes that were there.
func (f hooksFile) plan(remove bool) (Plan, error) {
	now, err := read(f.Path)
	if err != nil {
		return nil, err
	}
	var after []byte
	switch {
	case now == nil && remove:
		return nil, nil
	case now == nil:
		after = f.fresh(f.members())
	case remove:
		after, err = f.without(now)
	default:
		after, err = f.with(now)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	if same(now, after) {
		return nil, nil
	}
	return Plan{{Path: f.Path, Before: now, After: after}}, nil
}

func (f hooksFile) members() []string {
	var out []string
	for _, e := range f.Entries {
		out = append(out, e.member())
	}
	return out
}

// fresh is a file with these events and nothing else.
func (f hooksFile) fresh(members []string) []byte {
	if f.Member == "" {
		return []byte("{\n  " + strings.Join(members, ",\n  ") + "\n}\n")
	}
	return []byte("{\n  " + f.Head + f.block(members, "  ") + "\n}\n")
}

// block is the member that holds these events, indented by unit.
func (f hooksFile) block(members []string, unit string) string {
	return fmt.Sprintf("%s: {\n%s%s\n%s}", quote(f.Member), unit+unit, strings.Join(members, ",\n"+unit+unit), unit)
}

// with returns text with the entries in it. One that is there already, changed by
// hand or not, stays; only the place of the program is brought up to date.
func (f hooksFile) with(text []byte) ([]byte, error) {
	d, err := f.parse(text)
	if err != nil {
		return nil, err
	}
	if d.events == nil {
		return d.insertBlock(f.block(f.members(), d.unit())), nil
	}
	for _, e := range f.Entries {
		if d, err = f.parse(text); err != nil {
			return nil, err
		}
		if array, _ := d.array(e.Event); array != nil {
			text = d.withEntry(e, array)
		}
	}
	if d, err = f.parse(text); err != nil {
		return nil, err
	}
	var missing []string
	for _, e := range f.Entries {
		if array, _ := d.array(e.Event); array == nil {
			missing = append(missing, e.member())
		}
	}
	return d.insertMembers(missing), nil
}

// without returns text without the entries, nil if nothing else was in it.
func (f hooksFile) without(text []byte) ([]byte, error) {
	d, err := f.parse(text)
	if err != nil {
		return nil, err
	}
	if members, ours := d.onlyOurs(); ours {
		switch {
		case bytes.Equal(text, f.fresh(members)):
			return nil, nil
		case f.Member != "" && d.isBlock(members):
			return d.cutMember(d.root, d.block), nil
		case d.afterSpace():
			last := d.events.Members[len(d.events.Members)-1]
			return d.cut(d.eventsStart, last.Value.EndOffset), nil
		}
	}
	for {
		next := d.withoutOne()
		if next == nil {
			return d.text, nil
		}
		if d, err = f.parse(next); err != nil {
			return nil, err
		}
	}
}

// held are the names of what the file has for its events, nil where there is no
// such file or no member for them.
func (f hooksFile) held() ([]string, error) {
	text, err := read(f.Path)
	if text == nil || err != nil {
		return nil, err
	}
	d, err := f.parse(text)
	if err != nil || d.events == nil {
		return nil, err
	}
	names := []string{}
	for _, m := range d.events.Members {
		names = append(names, nameOf(m))
	}
	return names, nil
}

// parse reads the text and finds the events in it.
func (f hooksFile) parse(text []byte) (*hooksText, error) {
	root, object, err := parseObject(text)
	if err != nil {
		return nil, err
	}
	if f.Check != nil {
		if err := f.Check(&root); err != nil {
			return nil, err
		}
	}
	d := &hooksText{hooksFile: f, text: text, root: object, rootStart: root.StartOffset + 1}
	if f.Member == "" {
		d.events, d.eventsStart = object, d.rootStart
		return d, d.shaped()
	}
	for i, m := range object.Members {
		if nameOf(m) != f.Member {
			continue
		}
		var ok bool
		if d.events, ok = m.Value.Value.(*hujson.Object); !ok {
			return nil, fmt.Errorf("%q is not an object", f.Member)
		}
		d.block, d.eventsStart = i, m.Value.StartOffset+1
	}
	return d, d.shaped()
}

// shaped reports an event of ours that is something else than an array.
func (d *hooksText) shaped() error {
	if d.events == nil {
		return nil
	}
	for _, e := range d.Entries {
		for _, m := range d.events.Members {
			if _, ok := m.Value.Value.(*hujson.Array); !ok && nameOf(m) == e.Event {
				return fmt.Errorf("%q is not an array", e.Event)
			}
		}
	}
	return nil
}

// nameOf is the name of a member.
func nameOf(m hujson.ObjectMember) string {
	if l, ok := m.Name.Value.(hujson.Literal); ok {
		return l.String()
	}
	return ""
}

// ours reports whether a command is the bridge for the harness, and returns the
// program in it, as it is written.
func (f hooksFile) ours(command string) (program string, ok bool) {
	m := regexp.MustCompile(`^\s*('[^'\n]*'|"[^"\n]*"|[^\s'";&|]+)\s+bridge\s+(\S+)(?:\s|$)`).FindStringSubmatch(command)
	if m == nil || m[2] != f.Harness {
		return "", false
	}
	name := strings.TrimSuffix(strings.Trim(m[1], `'"`), ".exe")
	return m[1], name == "run-hooks" || strings.HasSuffix(name, "/run-hooks") || strings.HasSuffix(name, `\run-hooks`)
}
