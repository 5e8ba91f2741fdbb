//go:build unix

package conformance

import (
	"bytes"
	"encoding/json"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A diff is a field that differs.
type diff struct {
	field     string
	want, got any
}

// String is the field and both values as JSON, cut where they are long.
func (d diff) String() string {
	return d.field + "\n    wanted " + brief(d.want) + "\n    got    " + brief(d.got)
}

func brief(value any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return err.Error()
	}
	text := []rune(strings.TrimSpace(out.String()))
	if len(text) <= 2000 {
		return string(text)
	}
	return string(text[:2000]) + "… (" + strconv.Itoa(len(text)) + " characters)"
}

// A comparison is one vector, its placeholders replaced, against what was seen.
type comparison struct {
	v     *vector
	seen  *seen
	diffs []diff
}

// compare returns every field that differs of those that the vector compares.
func compare(v *vector, seen *seen) []diff {
	c := comparison{v: v, seen: seen}
	c.check("time", !seen.timedOut, "at most "+limit.String(), "still running")
	c.check("race", !strings.Contains(seen.stderr, "WARNING: DATA RACE"), "none", seen.stderr)
	reported := false
	for _, field := range v.Compare {
		want := v.Expect[field]
		if want == nil {
			want = json.RawMessage("null")
		}
		switch inReport, outside := reportFields[field], outsideFields[field]; {
		case inReport != nil && seen.report != nil:
			inReport(&c, field, want)
		case inReport != nil:
			c.check("report", reported, "one JSON object", seen.stdout+seen.stderr)
			reported = true
		case outside != nil:
			outside(&c, want)
		default:
			c.check(field, false, "a field that can be compared", "none")
		}
	}
	return c.diffs
}

// check notes a difference unless ok.
func (c *comparison) check(field string, ok bool, want, got any) {
	if !ok {
		c.diffs = append(c.diffs, diff{field, want, got})
	}
}

// read reads what a vector wants of a field; what cannot be read is a
// difference.
func (c *comparison) read(field string, raw json.RawMessage, into any) {
	if err := strict(raw, into); err != nil {
		c.check(field, false, raw, err.Error())
	}
}

// reportFields are the fields of the report, README.md says what they mean.
var reportFields = map[string]func(c *comparison, field string, want json.RawMessage){
	"decision":      (*comparison).value,
	"continue":      (*comparison).value,
	"stopReason":    (*comparison).value,
	"updatedInput":  (*comparison).value,
	"updatedOutput": (*comparison).value,
	"reason":        (*comparison).reason,
	"context":       (*comparison).texts,
	"messages":      (*comparison).texts,
	"handlers":      (*comparison).handlers,
	"files":         (*comparison).files,
}

// value demands the same value; null is also one that is missing.
func (c *comparison) value(field string, raw json.RawMessage) {
	var want any
	c.read(field, raw, &want)
	got := c.seen.report[field]
	c.check(field, reflect.DeepEqual(want, got), want, got)
}

func (c *comparison) reason(field string, raw json.RawMessage) {
	var want any
	c.read(field, raw, &want)
	got, ok := c.seen.report[field]
	if !ok {
		got = ""
	}
	c.check(field, textIs(want, got), want, got)
}

func (c *comparison) texts(field string, raw json.RawMessage) {
	var want []any
	c.read(field, raw, &want)
	got, isList := c.seen.report[field].([]any)
	ok := isList || c.seen.report[field] == nil
	c.check(field, ok && slices.EqualFunc(want, got, textIs), want, c.seen.report[field])
}

// handlers demands, for each command, an entry that ran and has these members.
func (c *comparison) handlers(field string, raw json.RawMessage) {
	var want []map[string]any
	c.read(field, raw, &want)
	entries, _ := c.seen.report[field].([]any)
	for _, member := range want {
		command, _ := member["command"].(string)
		ran := map[string]any{"command": command, "status": "ran"}
		got := slices.DeleteFunc(slices.Clone(entries), func(entry any) bool { return !subset(ran, entry) })
		ok := slices.ContainsFunc(got, func(entry any) bool { return subset(member, entry) })
		c.check("handlers "+command, ok, member, got)
	}
}

// files demands the status of settings files, by path in the scratch directory.
func (c *comparison) files(field string, raw json.RawMessage) {
	var want map[string]string
	c.read(field, raw, &want)
	entries, _ := c.seen.report[field].([]any)
	for _, path := range slices.Sorted(maps.Keys(want)) {
		var got any
		for _, entry := range entries {
			file, _ := entry.(map[string]any)
			if name, _ := file["path"].(string); c.seen.names(name, path) {
				got = file["status"]
				break
			}
		}
		c.check("files "+path, got == want[path], want[path], got)
	}
}

// names reports whether the report's name means the file at path in the scratch
// directory. It may be absolute, relative to the start directory, or begin with
// ~/; managed settings are where the program finds them.
func (got *seen) names(name, path string) bool {
	if strings.HasPrefix(path, "etc/") && name == "/"+path {
		return true
	}
	if below, ok := strings.CutPrefix(name, "~/"); ok {
		name = filepath.Join(got.root, "home", below)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(got.start, name)
	}
	return realPath(name) == realPath(filepath.Join(got.root, path))
}

// realPath is path without links, as far as it exists.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if parent := filepath.Dir(path); parent != path {
		return filepath.Join(realPath(parent), filepath.Base(path))
	}
	return path
}
