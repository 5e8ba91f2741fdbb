package installer

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// The lines around what is ours in a TOML file.
const (
	blockBegin = "# run-hooks: begin. Written by run-hooks init; what stands up to the end is replaced by the next.\n"
	blockEnd   = "# run-hooks: end"
)

// Kimi plans to put the bridge at the end of the user's config.toml, or to take it
// out (harnesses record §13): a project has no hooks in Kimi Code. The whole must
// be valid TOML before and after; an entry of the user's that Kimi does not take
// drops all hooks, and is told as what switches them off ([Agent.SwitchedOff]).
func Kimi(o Options) (Plan, error) {
	if !o.Global {
		return nil, errors.New("Kimi Code has no hooks of a project, only the user's: use --global")
	}
	dir, err := o.directory("kimi", ".kimi-code")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "config.toml")
	now, err := read(path)
	if err != nil {
		return nil, err
	}
	block := ""
	if !o.Remove {
		block = o.kimiBlock()
	}
	after, err := withBlock(now, block)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if same(now, after) {
		return nil, nil
	}
	return Plan{{Path: path, Before: now, After: after}}, nil
}

// kimiBad finds an entry that Kimi Code does not take: it runs none of all then
// (harnesses record §13).
func kimiBad(hooks any) string {
	entries, is := hooks.([]any)
	if !is {
		return "hooks is no list of entries"
	}
	for i, entry := range entries {
		members, _ := entry.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if !kimiTakes(name, members[name]) {
				return fmt.Sprintf("entry %d of hooks has an unfit %s, %v", i+1, name, members[name])
			}
		}
		for _, name := range []string{"event", "command"} {
			if _, says := members[name]; !says {
				return fmt.Sprintf("entry %d of hooks has no %s", i+1, name)
			}
		}
	}
	return ""
}

// kimiTakes reports whether a member of an entry may be there, with this value.
func kimiTakes(name string, value any) bool {
	text, isText := value.(string)
	seconds, isNumber := value.(int64)
	switch name {
	case "event":
		return slices.Contains(nativeEvents("kimi"), text)
	case "command":
		return text != ""
	case "matcher":
		return isText
	case "timeout":
		return isNumber && 1 <= seconds && seconds <= 600
	}
	return false
}

// kimiBlock is the bridge's entries. The longest timeout is 600 s; after it the
// call is let pass, and so a hook there has no longer either.
func (o Options) kimiBlock() string {
	var b strings.Builder
	b.WriteString(blockBegin)
	for _, event := range events("kimi") {
		fmt.Fprintf(&b, "[[hooks]]\nevent = %s\ncommand = %s\ntimeout = 600\n", quote(event), quote(o.call("kimi", event)))
	}
	b.WriteString(blockEnd + "\n")
	return b.String()
}

// withBlock returns text with block in the place of ours, at its end if there is
// none; nil if nothing else was in it. With an empty block it gives back what was
// there before: where the last line had no line break, the block's has none, and
// the one between them goes with it.
func withBlock(text []byte, block string) ([]byte, error) {
	if err := toml.Unmarshal(text, &map[string]any{}); err != nil {
		return nil, fmt.Errorf("is not valid TOML: %w", err)
	}
	begin, end := bytes.Index(text, []byte(blockBegin)), bytes.Index(text, []byte(blockEnd))
	if begin < 0 != (end < 0) || end < begin {
		return nil, errors.New("has one of the lines around what run-hooks wrote, and not the other; remove what is between them by hand")
	}
	if begin < 0 && block == "" {
		return text, nil
	}
	before, after := text, []byte(nil)
	if begin >= 0 {
		before, after = text[:begin], text[end+len(blockEnd):]
		if len(after) == 0 {
			before = bytes.TrimSuffix(before, []byte("\n"))
		}
		after = bytes.TrimPrefix(after, []byte("\n"))
	}
	out := bytes.Clone(before)
	if block != "" {
		out = behind(out, block)
	}
	if out = append(out, after...); len(out) == 0 {
		return nil, nil
	}
	if err := toml.Unmarshal(out, &map[string]any{}); err != nil {
		return nil, fmt.Errorf("would not be valid TOML with the bridge in it: %w", err)
	}
	return out, nil
}

// behind puts a block behind text, ended as text is.
func behind(text []byte, block string) []byte {
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		return append(append(text, '\n'), strings.TrimSuffix(block, "\n")...)
	}
	return append(text, block...)
}
