package mapper

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// clineInput is the input of one of Cline's own tools in the form it shows the
// model. Cline takes many more, documented nowhere (its schemas end in "Union"): a
// text or a list for the whole, one element in place of a list, other names. What
// it would act on must not escape hooks.
func clineInput(tool string, raw json.RawMessage) json.RawMessage {
	switch tool {
	case "run_commands":
		return clineList("commands", clineCommands(raw)).JSON()
	case "read_files":
		return clineList("files", clineFiles(raw)).JSON()
	case "search_codebase":
		return clineList("queries", clineMember(raw, "queries")).JSON()
	case patchTool:
		if patch := hook.Text(raw); patch != "" {
			return hook.Object{}.WithText("input", patch).JSON()
		}
		in, _ := hook.ParseObject(raw)
		return hook.Object{}.With("input", value(in, "input")).JSON()
	}
	return raw
}

func clineList(name string, items []json.RawMessage) hook.Object {
	return hook.Object{}.With(name, array(items))
}

// clineMember are the elements of a member, which may be one alone, or of what
// stands in its place.
func clineMember(raw json.RawMessage, name string) []json.RawMessage {
	if in, err := hook.ParseObject(raw); err == nil {
		raw, _ = in.Get(name)
	}
	if raw == nil || string(raw) == "null" {
		return nil
	}
	if items, ok := elements(raw); ok {
		return items
	}
	return []json.RawMessage{raw}
}

func elements(raw json.RawMessage) (items []json.RawMessage, ok bool) {
	ok = json.Unmarshal(raw, &items) == nil && items != nil
	return items, ok
}

// clineCommands are the commands of a call: those of the list, unless Cline would
// not take it, else whatever else it might run.
func clineCommands(raw json.RawMessage) []json.RawMessage {
	all := clineMember(raw, "commands")
	in, err := hook.ParseObject(raw)
	_, listed := in.Get("commands")
	if err == nil && (!listed || slices.ContainsFunc(all, func(c json.RawMessage) bool { return !clineRuns(c) })) {
		if _, says := in.Get("command"); says {
			all = append(all, raw)
		}
		if cmd, says := in.Get("cmd"); says {
			all = append(all, cmd)
		}
	}
	return clineLines(all)
}

// clineRuns reports whether one element is a command: a text, or a program and its
// arguments.
func clineRuns(raw json.RawMessage) bool {
	if strings.HasPrefix(string(raw), `"`) {
		return true
	}
	in, err := hook.ParseObject(raw)
	args, says := in.Get("args")
	return err == nil && text(in, "command") != "" && (!says || json.Unmarshal(args, new([]string)) == nil)
}

// clineLines are the commands as they are run. Cline makes one of the texts from
// a here-document's first line to its last.
func clineLines(all []json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	for i := 0; i < len(all); i++ {
		line, plain := clineCommand(all[i])
		if end := clineHereEnd(all, i, line); plain && end > i {
			for i < end {
				i++
				line += "\n" + hook.Text(all[i])
			}
		}
		out = append(out, hook.Quote(line))
	}
	return out
}

// clineCommand is an element as a line of the shell; plain is whether it is a text.
func clineCommand(raw json.RawMessage) (line string, plain bool) {
	in, err := hook.ParseObject(raw)
	if err != nil {
		return hook.Text(raw), true
	}
	args := list(value(in, "args"))
	if len(args) == 0 {
		return text(in, "command"), false // a program of that name, or a line of the shell
	}
	words := []string{shellWord(text(in, "command"))}
	for _, a := range args {
		words = append(words, shellWord(hook.Text(a)))
	}
	return strings.Join(words, " "), false
}

// shellWord is a word that a shell takes for this text.
func shellWord(s string) string {
	if regexp.MustCompile(`^[\w@%+=:,./-]+$`).MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// clineHereEnd is the element that ends the here-document which line, element i,
// begins; 0 if none does. Only texts without another form between them are joined.
func clineHereEnd(all []json.RawMessage, i int, line string) int {
	m := regexp.MustCompile(`(?:^|[^<])<<-?[\s\v\p{Z}\x{feff}]*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_./-]+))`).FindStringSubmatch(line)
	if m == nil {
		return 0
	}
	for j := i + 1; j < len(all); j++ {
		if _, plain := clineCommand(all[j]); !plain {
			return 0
		}
		if jsTrim(hook.Text(all[j])) == m[1]+m[2]+m[3] {
			return j
		}
	}
	return 0
}

// clineFiles are the files of a call, under whatever name it has them.
func clineFiles(raw json.RawMessage) []json.RawMessage {
	all := clineMember(raw, "files")
	if in, err := hook.ParseObject(raw); err == nil {
		for _, name := range []string{"file_paths", "paths"} {
			all = append(all, clineMember(raw, name)...)
		}
		if clinePath(in) != "" {
			all = append(all, raw)
		}
	}
	var out []json.RawMessage
	for _, item := range all {
		file := clineFile(item)
		if last := len(out) - 1; clinePath(file) == "" && last >= 0 { // lines of the file before it
			before, _ := hook.ParseObject(out[last])
			out[last] = append(before, file...).JSON()
			continue
		}
		out = append(out, file.JSON())
	}
	return out
}

// clineFile is one file, a path or an object.
func clineFile(item json.RawMessage) hook.Object {
	in, err := hook.ParseObject(item)
	if err != nil {
		return hook.Object{}.With("path", item)
	}
	file := hook.Object{}
	if p := clinePath(in); p != "" {
		file = file.WithText("path", p)
	}
	for _, name := range []string{"start_line", "end_line"} {
		if line, says := in.Get(name); says {
			file = file.With(name, line)
		}
	}
	return file
}

// clineRead is the input of a call that reads files by relative paths, with the
// paths that hooks have seen; nil for any other. Such a path is not relative to the
// session's directory, but to that of Cline's process, which several sessions share.
func clineRead(in hook.Object) hook.Object {
	args := object(in, "tool_input")
	var files []json.RawMessage
	relative := false
	for _, file := range objects(args, "files") {
		if p := text(file, "path"); p != "" && !path.IsAbs(p) {
			relative, file = true, file.WithText("path", absolute(p, text(in, "cwd")))
		}
		files = append(files, file.JSON())
	}
	if !relative || text(in, "tool_name") != "read_files" {
		return nil
	}
	return args.With("files", array(files))
}

func clinePath(file hook.Object) string {
	for _, name := range []string{"path", "file_path", "filePath"} {
		if p := text(file, name); p != "" {
			return p
		}
	}
	return ""
}

// clinePatch reads a patch as Cline does, which needs no lines around it, and
// ends it at no line but one that begins with the mark: what a hunk holds that
// looks like it is text. More than Cline would act on may be read here, not less.
func clinePatch(patch string) ([]patchFile, error) {
	all := strings.Split(patch, "\n")
	for i, line := range all {
		if strings.HasPrefix(line, "***") {
			all[i] = jsTrim(line)
		}
	}
	return parseCodexPatch("*** Begin Patch\n" + oneBlank(strings.Join(all, "\n")))
}
