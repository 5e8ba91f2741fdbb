package mapper

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/run-hooks/run-hooks"
)

// toolNamed returns the row of the native tool; ok is false if the harness has none.
func (h *Harness) toolNamed(native string) (row ToolRow, ok bool) {
	i := slices.IndexFunc(h.Tools, func(t ToolRow) bool { return t.Native == native })
	if i < 0 {
		return ToolRow{}, false
	}
	return h.Tools[i], true
}

// toClaude renames the members of a native tool input. What has no row passes
// through, unless it would take the place of a renamed member: a hook must see
// the value that the tool will use. dir is what relative paths are relative to.
func toClaude(rows []FieldRow, args hook.Object, dir string) hook.Object {
	out := hook.Object{}
	for _, m := range args {
		named := false
		for _, r := range rows {
			if r.Native == m.Name {
				named = true
				out = out.With(r.claudeName(), r.claudeValue(m.Value, dir))
			}
		}
		if !named && !slices.ContainsFunc(rows, func(r FieldRow) bool { return r.Claude == m.Name }) {
			out = out.With(m.Name, m.Value)
		}
	}
	for _, r := range rows {
		if _, ok := out.Get(r.Claude); !ok && r.Claude != "" && r.Default != "" {
			out = out.With(r.Claude, json.RawMessage(r.Default))
		}
	}
	return out
}

// toNative is the way back, for an input that a hook has rewritten. original is
// the call's own native input: what Claude's tool has no field for is kept from it.
func toNative(rows []FieldRow, input, original hook.Object) hook.Object {
	out := hook.Object{}
	for _, m := range input {
		if native, row := nativeName(rows, m.Name); native != "" {
			out = out.With(native, row.nativeValue(m.Value))
		}
	}
	for _, r := range rows {
		if _, ok := out.Get(r.Native); ok || r.Claude != "" {
			continue
		}
		if kept, ok := original.Get(r.Native); ok {
			out = out.With(r.Native, kept)
		} else if r.Default != "" {
			out = out.With(r.Native, json.RawMessage(r.Default))
		}
	}
	return out
}

// nativeName returns what Claude's field is called by the native tool, and its
// row; "" if it is only a copy of another field, or shadows a renamed one.
func nativeName(rows []FieldRow, claude string) (string, FieldRow) {
	for i, r := range rows {
		if r.claudeName() != claude {
			continue
		}
		first := slices.IndexFunc(rows, func(o FieldRow) bool { return o.Native == r.Native })
		if r.Native == "" || first != i {
			return "", FieldRow{}
		}
		return r.Native, r
	}
	if slices.ContainsFunc(rows, func(r FieldRow) bool { return r.Native == claude }) {
		return "", FieldRow{}
	}
	return claude, FieldRow{}
}

func (r FieldRow) claudeName() string {
	if r.Claude == "" {
		return r.Native
	}
	return r.Claude
}

func (r FieldRow) claudeValue(v json.RawMessage, dir string) json.RawMessage {
	switch {
	case r.Path:
		if p := hook.Text(v); p != "" {
			return hook.Quote(absolute(p, dir))
		}
	case r.Items != nil:
		return eachObject(v, func(o hook.Object) hook.Object { return toClaude(r.Items, o, dir) })
	}
	return v
}

func (r FieldRow) nativeValue(v json.RawMessage) json.RawMessage {
	if r.Items == nil {
		return v
	}
	return eachObject(v, func(o hook.Object) hook.Object { return toNative(r.Items, o, nil) })
}

// pathField is the row of a tool's path; the zero row if it has none.
func pathField(tool ToolRow) FieldRow {
	i := slices.IndexFunc(tool.Fields, func(r FieldRow) bool { return r.Path })
	if i < 0 {
		return FieldRow{}
	}
	return tool.Fields[i]
}

// uncleaned is the input of a call with its path as the model wrote it, where that
// is absolute and has .. in it; nil where it is not. Behind a link the system takes
// such a path elsewhere than the path without, which Claude's hooks see.
func uncleaned(tool ToolRow, args, input hook.Object) hook.Object {
	field := pathField(tool)
	p := text(args, field.Native)
	if field.Native == "" || !path.IsAbs(p) || !slices.Contains(strings.Split(p, "/"), "..") {
		return nil
	}
	return input.WithText(field.Claude, p)
}

// absolute returns p as an absolute path without . and .. elements.
func absolute(p, dir string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join(dir, p)
}

// eachObject replaces the objects of a JSON array; anything else stays as it is.
func eachObject(v json.RawMessage, f func(hook.Object) hook.Object) json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(v, &list) != nil {
		return v
	}
	for i, item := range list {
		if o, err := hook.ParseObject(item); err == nil {
			list[i] = f(o).JSON()
		}
	}
	return array(list)
}

// array returns the JSON text of a list of JSON texts.
func array(list []json.RawMessage) json.RawMessage {
	out := []byte{'['}
	for i, item := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, item...)
	}
	return append(out, ']')
}
