package mapper

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/run-hooks/run-hooks"
)

// codexPatchTool is the tool that changes files.
const codexPatchTool = "apply_patch"

// patchCalls makes of one patch a call for each path it touches (§17.2).
func (e *commandEvent) patchCalls(name hook.EventName, patch, id string) ([]hook.Event, error) {
	files, err := parseCodexPatch(patch)
	if err != nil {
		return nil, err
	}
	changes := changesIn(files, e.cwd)
	var out []hook.Event
	for i, c := range changes {
		out = append(out, e.call(name, c.tool, c.input, partID(id, i, len(changes)), nil))
	}
	return out, nil
}

// shellPatchCalls are the calls of the patch in a shell command: Codex applies
// some such patches itself (§6.2), and the others are applied by the program of
// that name which it puts on PATH. A command without one has none.
func (e *commandEvent) shellPatchCalls(name hook.EventName, command, id string) []hook.Event {
	patch, dir := shellPatch(command, e.cwd)
	files, err := parseCodexPatch(patch)
	if err != nil {
		return nil
	}
	var out []hook.Event
	for i, c := range changesIn(files, dir) {
		out = append(out, e.call(name, c.tool, c.input, partID(id, i, 2), nil))
	}
	return out
}

// patchResults are the calls of a patch that was applied, of each path that is
// still there.
func (e *commandEvent) patchResults(patch, id string) ([]hook.Event, error) {
	files, err := parseCodexPatch(patch)
	if err != nil {
		return nil, err
	}
	changes := changesIn(files, e.cwd)
	var out []hook.Event
	for i, c := range changes {
		if c.after == "" {
			continue
		}
		own := hook.Object{}.With("tool_response", c.response().JSON())
		out = append(out, e.call(hook.PostToolUse, c.after, c.result, partID(id, i, len(changes)), own))
	}
	return out, nil
}

func changesIn(files []patchFile, dir string) []ocChange {
	var out []ocChange
	for _, f := range files {
		out = append(out, f.changes(dir)...)
	}
	return out
}

// shellPatch returns the patch that a shell command hands to apply_patch, "" if
// it does not, and the directory that its paths are relative to. A variable or a
// second command in it cannot be followed: the paths may be wrong then, the
// files' names are not.
func shellPatch(command, dir string) (patch, in string) {
	at := regexp.MustCompile(`(^|[\s;&|(])(apply_patch|applypatch)\s`).FindStringIndex(command)
	if at == nil {
		return "", dir
	}
	rest := command[at[0]:]
	begin, end := strings.Index(rest, "*** Begin Patch"), strings.LastIndex(rest, "*** End Patch")
	if before, _, piped := strings.Cut(command, "*** Begin Patch"); begin < 0 && piped {
		begin, end, rest = len(before), strings.LastIndex(command, "*** End Patch"), command
	}
	if begin < 0 || end < begin {
		return "", dir
	}
	if cd := regexp.MustCompile(`(?:^|[\s;&|(])cd\s+(?:'([^']*)'|"([^"]*)"|(\S+?))\s*(?:;|&&|\n)`).FindStringSubmatch(command[:at[1]]); cd != nil {
		dir = absolute(cd[1]+cd[2]+cd[3], dir)
	}
	return rest[begin : end+len("*** End Patch")], dir
}

// parseCodexPatch reads a patch as Codex 0.169.0 does, which takes a header with
// blanks around it, in the body of another section too, and a first chunk without
// @@. What Codex would refuse may be read here all the same: a section it would
// act on must not escape us.
func parseCodexPatch(patch string) ([]patchFile, error) {
	all := strings.Split(patchTrim(patch), "\n")
	var files []patchFile
	for i, begun := 0, false; i < len(all); i++ {
		line := strings.TrimSuffix(all[i], "\r")
		verb, name := patchHeader(line)
		last := len(files) - 1
		switch {
		case patchTrim(line) == "*** Begin Patch":
			begun = true
		case !begun:
		case patchTrim(line) == "*** End Patch" && i == len(all)-1:
		case verb == "Move":
			if last >= 0 && files[last].moveTo == "" {
				files[last].moveTo = name
			}
		case verb != "":
			files = append(files, patchFile{verb: verb, path: name})
		case last >= 0:
			files[last].line(line)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("apply_patch with a text that is no patch, or names no file")
	}
	for _, f := range files {
		if f.path == "" {
			return nil, fmt.Errorf("apply_patch with a section %q that names no file", f.verb)
		}
	}
	return files, nil
}

// patchHeader reads the line that begins a section, or says where a file moves
// to; "" is any other line.
func patchHeader(line string) (verb, name string) {
	trimmed := patchTrim(line)
	if to, ok := strings.CutPrefix(trimmed, "*** Move to:"); ok {
		return "Move", patchTrim(to)
	}
	for _, verb := range []string{"Add", "Delete", "Update"} {
		if name, ok := strings.CutPrefix(trimmed, "*** "+verb+" File:"); ok {
			return verb, patchTrim(name)
		}
	}
	return "", ""
}

// patchTrim takes off the blanks of either language that clients read patches in:
// Rust's, and JavaScript's, which knows one more.
func patchTrim(s string) string {
	return strings.TrimFunc(s, func(c rune) bool { return unicode.IsSpace(c) || jsSpace(c) })
}

// line adds a line to the body of a section.
func (f *patchFile) line(line string) {
	if f.verb == "Delete" || strings.HasPrefix(line, "@@") || strings.HasPrefix(line, "***") {
		return
	}
	switch {
	case strings.HasPrefix(line, "+"):
		f.new = append(f.new, line[1:])
	case f.verb == "Add":
	case strings.HasPrefix(line, "-"):
		f.old = append(f.old, line[1:])
	default:
		f.old = append(f.old, strings.TrimPrefix(line, " "))
		f.new = append(f.new, strings.TrimPrefix(line, " "))
	}
}
