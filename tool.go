package hook

import (
	"encoding/json"
	"slices"
	"strings"
)

// A Tool is one row of the tool table: what the program knows about one of
// Claude Code's tools.
type Tool struct {
	Name    string
	Aliases []string // old names; a matcher or rule that names one means this tool (reference §5.2)
	Path    string   // input field that hooks see absolute and normalised (§0.11); "" if there is none
	Edits   bool     // writes a file
	Output  []Field  // fields its output must have for a replacement to be taken (§7.4); nil: any output
}

// A Field is a required member of a tool's output: its name and the first byte
// of its JSON text, with 't' for a boolean, '0' for a number and '*' for any.
type Field struct {
	Name string
	Kind byte
}

// Tools returns the tool table.
func Tools() []Tool {
	return []Tool{
		{Name: "Bash", Output: []Field{{"stdout", '"'}, {"stderr", '"'}, {"interrupted", 't'}}},
		{Name: "PowerShell", Output: []Field{{"stdout", '"'}, {"stderr", '"'}, {"interrupted", 't'}}},
		{Name: "Read", Path: "file_path", Output: []Field{{"type", '"'}, {"file", '{'}}},
		{Name: "Write", Path: "file_path", Edits: true, Output: []Field{{"type", '"'}, {"filePath", '"'}, {"content", '"'}, {"structuredPatch", '['}, {"originalFile", '*'}}},
		{Name: "Edit", Path: "file_path", Edits: true, Output: []Field{{"filePath", '"'}, {"oldString", '"'}, {"newString", '"'}, {"originalFile", '*'}, {"structuredPatch", '['}, {"userModified", 't'}, {"replaceAll", 't'}}},
		{Name: "NotebookEdit", Edits: true, Output: []Field{{"new_source", '"'}, {"cell_type", '"'}, {"language", '"'}, {"edit_mode", '"'}, {"notebook_path", '"'}, {"original_file", '"'}, {"updated_file", '"'}}},
		{Name: "Glob", Output: []Field{{"durationMs", '0'}, {"numFiles", '0'}, {"filenames", '['}, {"truncated", 't'}}},
		{Name: "Grep", Output: []Field{{"numFiles", '0'}, {"filenames", '['}}},
		{Name: "WebFetch", Output: []Field{{"bytes", '0'}, {"code", '0'}, {"codeText", '"'}, {"result", '"'}, {"durationMs", '0'}, {"url", '"'}}},
		{Name: "WebSearch", Output: []Field{{"query", '"'}, {"results", '['}, {"durationSeconds", '0'}}},
		{Name: "TodoWrite", Output: []Field{{"oldTodos", '['}, {"newTodos", '['}}},
		{Name: "AskUserQuestion", Output: []Field{{"questions", '['}, {"answers", '{'}}},
		{Name: "Agent", Aliases: []string{"Task"}, Output: []Field{{"status", '"'}, {"prompt", '"'}}},
		{Name: "TaskStop", Aliases: []string{"KillShell", "KillBash"}, Output: []Field{{"message", '"'}, {"task_id", '"'}, {"task_type", '"'}}},
		{Name: "ListAgents", Aliases: []string{"ListPeers"}},
		{Name: "SendUserMessage", Aliases: []string{"Brief"}},
		{Name: "ListMcpResourcesTool", Aliases: []string{"ListMcpResources"}},
		{Name: "ReadMcpResourceTool", Aliases: []string{"ReadMcpResource"}},
		{Name: "ReadMcpResourceDirTool", Aliases: []string{"ReadMcpResourceDir"}},
		{Name: "SetGoal", Aliases: []string{"ProposeGoal"}},
	}
}

// ToolNamed returns the row of the tool called name, by its own name or an old
// one; a tool the table does not know is a row with nothing but the name.
func ToolNamed(name string) Tool {
	for _, t := range Tools() {
		if t.Name == name || slices.Contains(t.Aliases, name) {
			return t
		}
	}
	return Tool{Name: name}
}

// IsMCP reports whether name is that of a tool of an MCP server.
func IsMCP(name string) bool { return strings.HasPrefix(name, "mcp__") }

// Takes reports whether output may replace the tool's output: it has the fields
// the tool's own output always has, or the tool's output has no fixed shape.
func (t Tool) Takes(output json.RawMessage) bool {
	if t.Output == nil {
		return true
	}
	o, err := ParseObject(output)
	if err != nil {
		return false
	}
	for _, f := range t.Output {
		v, ok := o.Get(f.Name)
		if !ok || !f.fits(v) {
			return false
		}
	}
	return true
}

func (f Field) fits(v json.RawMessage) bool {
	switch f.Kind {
	case '*':
		return true
	case 't':
		return string(v) == "true" || string(v) == "false"
	case '0':
		return len(v) > 0 && (v[0] == '-' || v[0] >= '0' && v[0] <= '9')
	}
	return len(v) > 0 && v[0] == f.Kind
}
