package mapper

import (
	"fmt"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// Changes of files in Codex's own shape, for hooks that were written for it:
// there every change is a patch (codex.md §6, §18).

// synthesized is the patch that makes the change of a native edit or write, ""
// for any other tool. Paths are relative to dir where they are below it, as
// Codex's model writes them.
func synthesized(t ocTool, dir string) string {
	file := strings.ReplaceAll(inside(text(t.input, "file_path"), dir), "\n", `\n`)
	old, new := text(t.input, "old_string"), text(t.input, "new_string")
	switch {
	case t.native == "write":
		return patchText("Add", file, patchLines("+", text(t.input, "content")))
	case t.native == "edit" && old == "":
		return patchText("Add", file, patchLines("+", new))
	case t.native == "edit":
		return patchText("Update", file, "@@\n"+patchLines("-", old)+patchLines("+", new))
	}
	return ""
}

func patchText(verb, file, body string) string {
	return "*** Begin Patch\n*** " + verb + " File: " + file + "\n" + body + "*** End Patch\n"
}

// patchLines is text with sign before each of its lines.
func patchLines(sign, s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(sign + strings.TrimSuffix(line, "\n") + "\n")
	}
	return b.String()
}

// inside is file relative to dir, if it is below it.
func inside(file, dir string) string {
	if rel, ok := strings.CutPrefix(file, strings.TrimSuffix(dir, "/")+"/"); ok {
		return rel
	}
	return file
}

// patchLetter is the letter Codex puts before the file of a patch on one file.
func patchLetter(patch string) string {
	if strings.HasPrefix(patch, "*** Begin Patch\n*** Add") {
		return "A"
	}
	return "M"
}

// changedFiles lists the files of a patch as Codex does. A patch that does not
// parse has none.
func (r *ocRequest) changedFiles(t ocTool) []string {
	files, err := parsePatch(text(t.args, "patchText"))
	if err != nil {
		return nil
	}
	letters := map[string]string{"Add": "A", "Update": "M", "Delete": "D"}
	var out []string
	for _, f := range files {
		file := f.path
		if f.moveTo != "" {
			file = f.moveTo
		}
		out = append(out, letters[f.verb]+" "+file)
	}
	return out
}

// codexResponse is what Codex's apply_patch says of a success.
func (r *ocRequest) codexResponse(files []string) string {
	seconds := float64(number(r.state, "duration")) / 1000
	return fmt.Sprintf("Exit code: 0\nWall time: %.1f seconds\nOutput:\nSuccess. Updated the following files:\n%s\n", seconds, strings.Join(files, "\n"))
}

// codexRewrite puts the patch a hook wants instead into a native apply_patch;
// ok is false where the call is none, or the hook wants no patch.
func codexRewrite(r *ocRequest, input hook.Object) (args hook.Object, ok bool) {
	patch := text(input, "command")
	if text(r.input, "tool") != ocPatch || patch == "" {
		return nil, false
	}
	if _, err := parsePatch(patch); err != nil {
		return nil, false
	}
	return object(r.output, "args").WithText("patchText", patch), true
}
