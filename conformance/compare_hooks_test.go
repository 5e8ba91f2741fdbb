//go:build unix

package conformance

import (
	"cmp"
	"encoding/json"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// outsideFields are the fields that are not in the report: what the hooks, the
// server and the file system saw. README.md says what they mean.
var outsideFields = map[string]func(c *comparison, want json.RawMessage){
	"ran":        (*comparison).ran,
	"not_ran":    (*comparison).notRan,
	"exit":       (*comparison).exit,
	"payload":    (*comparison).payload,
	"hooks":      (*comparison).hooks,
	"unfinished": (*comparison).unfinished,
	"left":       (*comparison).left,
	"wrote":      (*comparison).wrote,
	"requests":   (*comparison).requests,
	"asked":      (*comparison).asked,
}

// ids returns those of the recorders that is holds of, sorted; never nil.
func (c *comparison) ids(is func(record) bool) []string {
	ids := []string{}
	for _, hook := range c.seen.hooks {
		if is(hook) {
			ids = append(ids, hook.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func (c *comparison) ran(raw json.RawMessage) {
	var want []string
	c.read("ran", raw, &want)
	got := c.ids(func(record) bool { return true })
	c.check("ran", slices.Equal(want, got), want, got)
}

func (c *comparison) notRan(raw json.RawMessage) {
	var want []string
	c.read("not_ran", raw, &want)
	got := c.ids(func(r record) bool { return slices.Contains(want, r.ID) })
	c.check("not_ran", len(got) == 0, "none of "+strings.Join(want, " "), got)
}

func (c *comparison) unfinished(raw json.RawMessage) {
	var want []string
	c.read("unfinished", raw, &want)
	got := c.ids(func(r record) bool { return !r.ended })
	c.check("unfinished", slices.Equal(want, got), want, got)
}

func (c *comparison) exit(raw json.RawMessage) {
	var want any
	c.read("exit", raw, &want)
	ok := reflect.DeepEqual(want, float64(c.seen.exit)) || want == "nonzero" && c.seen.exit != 0
	c.check("exit", ok, want, c.seen.exit)
}

// payload demands that every hook read the payload, or these members of it.
func (c *comparison) payload(raw json.RawMessage) {
	var want, event any
	c.read("payload", raw, &want)
	c.read("event", c.v.Event, &event)
	for _, got := range c.payloads() {
		if want == "event" {
			c.check("payload", reflect.DeepEqual(event, got), event, got)
		} else {
			c.check("payload", subset(want, got), want, got)
		}
	}
}

// payloads returns what the hooks read: the value if it is one line of JSON, the
// text if it is not; and what the server was sent.
func (c *comparison) payloads() (all []any) {
	for _, hook := range c.seen.hooks {
		if hook.Stdin == nil {
			continue
		}
		text := *hook.Stdin
		if strings.HasSuffix(text, "\n") && strings.Count(text, "\n") == 1 {
			all = append(all, parsed(text))
		} else {
			all = append(all, text)
		}
	}
	for _, r := range c.seen.requests {
		all = append(all, parsed(r.body))
	}
	return all
}

// parsed is the JSON value of text, or text itself.
func parsed(text string) any {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	return value
}

// facts are what a vector wants of how a recorder was started.
type facts struct {
	Argv    []string
	Cwd     string
	Signals []string
	Env     map[string]*string // null: not set
	HasEnv  []string           `json:"has_env"` // set, and not empty
	NoEnv   []string           `json:"no_env"`
}

func (c *comparison) hooks(raw json.RawMessage) {
	var want map[string]facts
	c.read("hooks", raw, &want)
	for _, id := range slices.Sorted(maps.Keys(want)) {
		ran := false
		for _, hook := range c.seen.hooks {
			if hook.ID == id {
				ran = true
				c.hook("hooks "+id, want[id], hook)
			}
		}
		c.check("hooks "+id, ran, want[id], "did not run")
	}
}

func (c *comparison) hook(field string, want facts, got record) {
	c.check(field+" argv", want.Argv == nil || slices.Equal(want.Argv, got.Argv), want.Argv, got.Argv)
	c.check(field+" cwd", want.Cwd == "" || want.Cwd == got.Cwd, want.Cwd, got.Cwd)
	c.check(field+" signals", want.Signals == nil || slices.Equal(want.Signals, got.signals), want.Signals, got.signals)
	for _, name := range slices.Sorted(maps.Keys(want.Env)) {
		value, set := got.Env[name]
		wanted := want.Env[name]
		c.check(field+" $"+name, wanted == nil && !set || wanted != nil && set && *wanted == value, wanted, value)
	}
	for _, name := range want.HasEnv {
		c.check(field+" $"+name, got.Env[name] != "", "set", "")
	}
	for _, name := range want.NoEnv {
		value, set := got.Env[name]
		c.check(field+" $"+name, !set, "not set", value)
	}
}

func (c *comparison) left(raw json.RawMessage) {
	var want []string
	c.read("left", raw, &want)
	c.check("left", slices.Equal(want, c.seen.left), want, c.seen.left)
}

func (c *comparison) wrote(raw json.RawMessage) {
	var want map[string]any
	c.read("wrote", raw, &want)
	for _, path := range slices.Sorted(maps.Keys(want)) {
		var got any
		if text := c.seen.wrote[path]; text != nil {
			got = *text
		}
		c.check("wrote "+filepath.Base(path), textIs(want[path], got), want[path], got)
	}
}

// requests demands these requests to the server, in order of their paths, and
// these headers of them.
func (c *comparison) requests(raw json.RawMessage) {
	var want []struct {
		Path      string
		Headers   map[string]string
		NoHeaders []string `json:"no_headers"`
	}
	c.read("requests", raw, &want)
	got := slices.SortedStableFunc(slices.Values(c.seen.requests), func(a, b request) int { return cmp.Compare(a.path, b.path) })
	if len(want) != len(got) {
		c.check("requests", false, want, len(got))
		return
	}
	for i, w := range want {
		field := "requests " + w.Path
		c.check(field, w.Path == got[i].path, w.Path, got[i].path)
		for _, name := range slices.Sorted(maps.Keys(w.Headers)) {
			value, set := got[i].headers[name]
			c.check(field+" "+name, set && value == w.Headers[name], w.Headers[name], value)
		}
		for _, name := range w.NoHeaders {
			value, set := got[i].headers[name]
			c.check(field+" "+name, !set, "no such header", value)
		}
	}
}
