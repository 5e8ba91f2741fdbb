package mapper

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	files := shellPatch(command)
	var out []hook.Event
	for _, dir := range patchDirs(command, e.cwd) {
		for _, c := range changesIn(files, dir) {
			out = append(out, e.call(name, c.tool, c.input, partID(id, len(out), 2), nil))
		}
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

// patchProgram is what a command that applies a patch names, whatever quotes it
// is written in and whatever directory it is in: the tool, its other name, or the
// option of codex itself that the program of that name stands for.
func patchProgram() *regexp.Regexp { return regexp.MustCompile(`apply_?patch|run-as-apply-patch`) }

// shellPatch returns the files of the patch that a shell command holds beside the
// name of the program that applies it. Both need not be in one simple command: a
// pipe, a variable or a file may be between them. In a text with \n for its line
// ends the shell makes lines of them.
func shellPatch(command string) []patchFile {
	if !patchProgram().MatchString(strings.NewReplacer("\\\n", "", `\`, "", `'`, "", `"`, "").Replace(command)) {
		return nil
	}
	_, patch, _ := strings.Cut(command, "*** Begin Patch")
	if end := strings.LastIndex(patch, "*** End Patch"); end >= 0 {
		patch = patch[:end] + "*** End Patch"
	}
	patch = "*** Begin Patch" + patch
	files, err := parseCodexPatch(patch)
	if err != nil {
		files, _ = parseCodexPatch(strings.ReplaceAll(patch, `\n`, "\n")) // an error leaves no files
	}
	return files
}

// patchDirs are the directories that the paths of a shell command's patch may be
// relative to. It is one where the command goes to it and then applies the patch,
// as Codex itself reads it; else where the command is at then is not known, and it
// is each that it may have been in.
func patchDirs(command, dir string) []string {
	before := regexp.MustCompile(`(?s)\*\*\* Begin Patch.*?(\*\*\* End Patch|$)`).ReplaceAllString(command, "")
	if at := patchProgram().FindAllStringIndex(before, -1); at != nil {
		before = before[:at[len(at)-1][0]]
	}
	if cd := regexp.MustCompile(`^\s*cd\s+('[^'$]*'|"[^"$]*"|[^\s'"$;&|~-][^\s'"$;&|]*)\s*(?:&&|;|\n)\s*$`).FindStringSubmatch(before); cd != nil {
		return []string{absolute(strings.Trim(cd[1], `'"`), dir)}
	}
	dirs, at := []string{dir}, dir
	for _, cd := range regexp.MustCompile(`\b(?:cd|pushd)\s+(?:-\S+\s+)*(?:'([^']*)'|"([^"]*)"|([^\s;&|]+))`).FindAllStringSubmatch(before, -1) {
		to := strings.NewReplacer("${PWD}", dir, "$PWD", dir).Replace(cd[1] + cd[2] + cd[3])
		at = absolute(to, at)
		for _, d := range []string{at, absolute(to, dir)} {
			if !slices.Contains(dirs, d) {
				dirs = append(dirs, d)
			}
		}
	}
	return dirs
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
// to; "" is any other line. Of the blanks before a name one belongs to the header,
// the others to the name.
func patchHeader(line string) (verb, name string) {
	trimmed := patchTrim(line)
	if to, ok := strings.CutPrefix(trimmed, "*** Move to:"); ok {
		return "Move", strings.TrimPrefix(to, " ")
	}
	for _, verb := range []string{"Add", "Delete", "Update"} {
		if name, ok := strings.CutPrefix(trimmed, "*** "+verb+" File:"); ok {
			return verb, strings.TrimPrefix(name, " ")
		}
	}
	return "", ""
}

// oneBlank leaves one blank before the names in a patch's headers, for the clients
// that make nothing of them.
func oneBlank(patch string) string {
	return regexp.MustCompile(`(?m)(\*\*\* (?:(?:Add|Delete|Update) File|Move to):)[^\S\n]+`).ReplaceAllString(patch, "$1 ")
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
