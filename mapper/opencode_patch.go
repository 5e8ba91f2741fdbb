package mapper

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/run-hooks/run-hooks"
)

// ocPatch is the tool that changes several files at once.
const ocPatch = "apply_patch"

// An ocChange is what a patch does to one path, as a call of Claude's.
type ocChange struct {
	tool   string // Write or Edit
	path   string // absolute
	input  hook.Object
	after  string      // tool that PostToolUse names; "" where no file is left to look at
	result hook.Object // tool_input of PostToolUse
}

// patchCalls makes of one patch a call for each path it touches (§5.2): Write
// for a new file, Edit for a changed and for a deleted one (with both texts
// empty), Edit of the old path and Write of the new for a moved one. Hooks
// written for Codex see the patch.
func (r *ocRequest) patchCalls(t ocTool, name hook.EventName) ([]hook.Event, error) {
	changes, err := r.changes(t)
	if err != nil {
		return nil, err
	}
	var out []hook.Event
	for i, c := range changes {
		e := r.callEvent(name, c.tool, callID(t.id, i, len(changes)), c.input, nil)
		e.For = hook.OtherHooks
		out = append(out, e)
	}
	return append(out, r.codexCall(name, t.id, text(t.args, "patchText"))), nil
}

// afterPatch is a patch that was applied: of each path that is still there, a
// moved file being an Edit of its new path.
func (r *ocRequest) afterPatch(t ocTool) ([]hook.Event, error) {
	changes, err := r.changes(t)
	if err != nil {
		return nil, err
	}
	var out []hook.Event
	for i, c := range changes {
		if c.after == "" {
			continue
		}
		e := r.made(c.after, callID(t.id, i, len(changes)), c.result, c.response().JSON(), nil)
		e.For = hook.OtherHooks
		out = append(out, e)
	}
	patch := hook.Object{}.WithText("command", text(t.args, "patchText"))
	whole := r.made(ocPatch, t.id, patch, hook.Quote(r.codexResponse(r.changedFiles(t))), nil)
	whole.For = hook.CodexHooks
	return append(out, whole), nil
}

// callID is the id of call i of n that one native call has become.
func callID(id string, i, n int) string {
	if n == 1 {
		return id
	}
	return fmt.Sprintf("%s:%d", id, i+1)
}

func (r *ocRequest) changes(t ocTool) ([]ocChange, error) {
	raw, ok := t.args.Get("patchText")
	if !ok || hook.Text(raw) == "" {
		return nil, errors.New("apply_patch without a patchText")
	}
	files, err := parsePatch(hook.Text(raw))
	if err != nil {
		return nil, err
	}
	var out []ocChange
	for _, f := range files {
		out = append(out, f.changes(r.directory)...)
	}
	return out, nil
}

// A patchFile is one section of a patch.
type patchFile struct {
	verb   string // Add, Update or Delete
	path   string
	moveTo string
	old    []string // lines that Update takes away, with the context around them
	new    []string // lines that are there afterwards
}

func (f patchFile) changes(dir string) []ocChange {
	p := absolute(f.path, dir)
	content := strings.Join(f.new, "\n")
	if content != "" && !strings.HasSuffix(content, "\n") {
		content += "\n"
	}
	if f.verb == "Add" {
		in := writeInput(p, content)
		return []ocChange{{"Write", p, in, "Write", in}}
	}
	edit := f.edit(p)
	if f.verb == "Delete" {
		return []ocChange{{"Edit", p, edit, "", nil}}
	}
	if f.moveTo == "" {
		return []ocChange{{"Edit", p, edit, "Edit", edit}}
	}
	to := absolute(f.moveTo, dir)
	return []ocChange{{"Edit", p, edit, "", nil}, {"Write", to, writeInput(to, content), "Edit", f.edit(to)}}
}

func (f patchFile) edit(p string) hook.Object {
	return editInput(p, strings.Join(f.old, "\n"), strings.Join(f.new, "\n"))
}

func writeInput(p, content string) hook.Object {
	return hook.Object{}.WithText("file_path", p).WithText("content", content)
}

func editInput(p, old, new string) hook.Object {
	return hook.Object{}.
		WithText("file_path", p).
		WithText("old_string", old).
		WithText("new_string", new).
		With("replace_all", json.RawMessage("false"))
}

// parsePatch reads a patch as OpenCode 1.18.33 does, tolerances included: a
// section that it would act on must not escape us. Lines that mean nothing to it
// mean nothing here; a here-document around the patch, which it takes off first,
// is outside the markers and needs no care.
func parsePatch(patch string) ([]patchFile, error) {
	all := strings.Split(jsTrim(patch), "\n")
	begin := slices.IndexFunc(all, func(l string) bool { return jsTrim(l) == "*** Begin Patch" })
	end := slices.IndexFunc(all, func(l string) bool { return jsTrim(l) == "*** End Patch" })
	if begin < 0 || end < 0 || begin >= end {
		return nil, errors.New("apply_patch with a text that is no patch: no Begin and End markers")
	}
	var files []patchFile
	for i := begin + 1; i < end; {
		var f patchFile
		f, i = parseSection(all, i)
		if f.path != "" {
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("apply_patch with a patch that names no file")
	}
	return files, nil
}

// parseSection reads the section that starts at line i, if one does, and returns
// the line after it.
func parseSection(all []string, i int) (patchFile, int) {
	for _, verb := range []string{"Add", "Delete", "Update"} {
		name, ok := strings.CutPrefix(all[i], "*** "+verb+" File:")
		if !ok {
			continue
		}
		f := patchFile{verb: verb, path: jsTrim(name)}
		i++
		if f.path == "" || verb == "Delete" {
			return f, i
		}
		if verb == "Update" && i < len(all) {
			if to, ok := strings.CutPrefix(all[i], "*** Move to:"); ok {
				f.moveTo = jsTrim(to)
				i++
			}
		}
		return f.body(all, i)
	}
	return patchFile{}, i + 1
}

// body reads the lines of an Add or Update section.
func (f patchFile) body(all []string, i int) (patchFile, int) {
	inChunk := f.verb == "Add"
	for ; i < len(all); i++ {
		line := all[i]
		switch {
		case strings.HasPrefix(line, "***"):
			return f, i
		case f.verb == "Update" && strings.HasPrefix(line, "@@"):
			inChunk = true
		case !inChunk:
		case strings.HasPrefix(line, "+"):
			f.new = append(f.new, line[1:])
		case f.verb == "Update" && strings.HasPrefix(line, "-"):
			f.old = append(f.old, line[1:])
		case f.verb == "Update" && strings.HasPrefix(line, " "):
			f.old = append(f.old, line[1:])
			f.new = append(f.new, line[1:])
		}
	}
	return f, i
}

func jsTrim(s string) string { return strings.TrimFunc(s, jsSpace) }

// jsSpace reports whether JavaScript's trim removes c.
func jsSpace(c rune) bool {
	return c != '\u0085' && unicode.IsSpace(c) || c == '\uFEFF'
}
