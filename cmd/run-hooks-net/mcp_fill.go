package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// fillInput puts members of the event into the texts of a handler's input:
// ${a.b} stands for member b of member a, a text as it is, any other value as
// JSON, "" where there is none. No other form is replaced (§10.6).
func fillInput(raw json.RawMessage, event []byte) (any, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return map[string]any{}, nil
	}
	payload, err := hook.ParseObject(event)
	if err != nil {
		return nil, trouble("the event is not a JSON object")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var input any
	if err := dec.Decode(&input); err != nil {
		return nil, trouble("the input is not JSON")
	}
	return fill(input, payload), nil
}

// fill returns value with the texts in it filled, names of members excepted.
func fill(value any, payload hook.Object) any {
	switch v := value.(type) {
	case string:
		return paths().ReplaceAllStringFunc(v, func(ref string) string {
			return at(payload, strings.Split(ref[2:len(ref)-1], "."))
		})
	case []any:
		for i := range v {
			v[i] = fill(v[i], payload)
		}
	case map[string]any:
		for name := range v {
			v[name] = fill(v[name], payload)
		}
	}
	return value
}

func paths() *regexp.Regexp { return regexp.MustCompile(`\$\{[^{}]+\}`) }

// at returns the value at a path as text.
func at(o hook.Object, path []string) string {
	value, ok := o.Get(path[0])
	switch {
	case !ok:
		return ""
	case len(path) > 1:
		inner, err := hook.ParseObject(value)
		if err != nil {
			return ""
		}
		return at(inner, path[1:])
	case value[0] == '"':
		return hook.Text(value)
	}
	return string(value)
}

// expandVars replaces ${NAME} and ${NAME:-default} in a value of a server's
// config by variables of the environment, once. A variable that is not set and
// has no default leaves the reference as it stands, as the client does.
func expandVars(text string, lookup func(string) (string, bool)) string {
	refs := regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}`)
	return refs.ReplaceAllStringFunc(text, func(ref string) string {
		name, fallback, hasDefault := strings.Cut(ref[2:len(ref)-1], ":-")
		value, set := lookup(name)
		switch {
		case set && (value != "" || !hasDefault):
			return value
		case hasDefault:
			return fallback
		}
		return ref
	})
}
