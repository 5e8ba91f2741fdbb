//go:build unix

package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A vector is one firing of one hook event and what came of it: README.md.
type vector struct {
	Name    string // its group, an underscore, what it is about
	About   string
	Client  string                     // the client it was recorded from
	Files   map[string]json.RawMessage // by path in the scratch directory: fileOf
	Links   map[string]string          // symbolic links there and their targets
	Git     bool                       // proj is a git repository with one commit
	Setup   string                     // shell command that is run before
	Needs   []string                   // what a machine must have: needs
	Start   string                     // directory the session was started in
	Env     map[string]string
	Hk      json.RawMessage          // what the recorders do, by their id: turns of behaviour
	HTTP    map[string]turns[answer] // what the hook server answers, by path
	On      string                   // the event's name, if the payload lacks it
	Event   json.RawMessage          // the payload
	Model   []modelTurn              // what the scripted model answers
	Expect  map[string]json.RawMessage
	Compare []string // the fields of Expect that count

	raw   json.RawMessage // as it is in its file
	event string          // the event's name
}

// parse reads one vector. A key that is not known here is an error: a runner
// that ignored it would test less than the vector says.
func parse(raw json.RawMessage) (vector, error) {
	v := vector{raw: raw}
	if err := strict(raw, &v); err != nil {
		return v, fmt.Errorf("%s: %w", v.Name, err)
	}
	var does map[string]turns[behaviour]
	if v.Hk != nil {
		if err := strict(v.Hk, &does); err != nil {
			return v, fmt.Errorf("%s: hk: %w", v.Name, err)
		}
	}
	var payload struct {
		Name string `json:"hook_event_name"`
	}
	if err := json.Unmarshal(v.Event, &payload); err != nil {
		return v, fmt.Errorf("%s: event: %w", v.Name, err)
	}
	v.event = payload.Name
	if v.On != "" {
		v.event = v.On
	}
	return v, nil
}

// strict reads one JSON value and refuses keys that into does not have.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// turns is a JSON array, or a single value for an array of one.
type turns[T any] []T

// UnmarshalJSON reads either form, strictly.
func (ts *turns[T]) UnmarshalJSON(raw []byte) error {
	if raw[0] != '[' {
		raw = bytes.Join([][]byte{{'['}, raw, {']'}}, nil)
	}
	return strict(raw, (*[]T)(ts))
}

// at returns the nth of ts; the last one is repeated, and none at all is the
// zero value.
func (ts turns[T]) at(n int) T {
	var none T
	if len(ts) == 0 {
		return none
	}
	return ts[min(n, len(ts)-1)]
}

// load reads the vectors of all files of these folders, not of their subfolders.
func load(t *testing.T, folders ...string) []vector {
	t.Helper()
	var files []string
	for _, folder := range folders {
		found, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no vectors in %s: %v", folder, err)
		}
		files = append(files, found...)
	}
	var all []vector
	seen := map[string]bool{}
	for _, file := range files {
		for _, raw := range readList(t, file) {
			v, err := parse(raw)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if seen[v.Name] {
				t.Fatalf("%s: two vectors are called %s", file, v.Name)
			}
			seen[v.Name] = true
			all = append(all, v)
		}
	}
	return all
}

func readList(t *testing.T, file string) (list []json.RawMessage) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return list
}

// group is the experiment group of a vector.
func (v *vector) group() string {
	group, _, _ := strings.Cut(v.Name, "_")
	return group
}

// expected reads a field of Expect, if it is there.
func (v *vector) expected(field string, into any) error {
	if v.Expect[field] == nil {
		return nil
	}
	return json.Unmarshal(v.Expect[field], into)
}

// hasManaged reports whether there are managed settings.
func (v *vector) hasManaged() bool {
	for path := range v.Files {
		if strings.HasPrefix(path, "etc/") {
			return true
		}
	}
	return false
}

// leaves reports whether a hook's URL is of another machine: nothing of a test
// may be sent there.
func (v *vector) leaves() bool {
	hosts := regexp.MustCompile(`https?://(?:[^/"@]*@)?([^/:"]+)`)
	for _, content := range v.Files {
		for _, m := range hosts.FindAllSubmatch(content, -1) {
			if host := string(m[1]); host != "127.0.0.1" && host != "localhost" && !strings.HasSuffix(host, ".invalid") {
				return true
			}
		}
	}
	return false
}

// hasBackground reports whether there may be hooks that outlive the program.
func (v *vector) hasBackground() bool {
	for _, content := range v.Files {
		if bytes.Contains(content, []byte("async")) {
			return true
		}
	}
	return bytes.Contains(v.Hk, []byte("async"))
}

// repeated finds {{x*COUNT}}, where x is one character that JSON does not escape.
var repeated = regexp.MustCompile(`\{\{([^\\])\*(\d+)\}\}`)

// expand returns v with {{NAME}} and {{x*COUNT}} (COUNT times x) replaced
// everywhere. It works on the vector's own text, so the order of all keys stays;
// names must not need escaping in JSON.
func (v *vector) expand(names map[string]string) (vector, error) {
	text := string(v.raw)
	for name, value := range names {
		text = strings.ReplaceAll(text, "{{"+name+"}}", value)
	}
	text = repeated.ReplaceAllStringFunc(text, func(found string) string {
		part := repeated.FindStringSubmatch(found)
		count, err := strconv.Atoi(part[2])
		if err != nil {
			return found
		}
		return strings.Repeat(part[1], count)
	})
	return parse(json.RawMessage(text))
}

func TestExpand(t *testing.T) {
	v, err := parse(json.RawMessage(`{"name": "e00_x", "event": {"hook_event_name": "Stop", "b": "<{{c*3}}{{ü*2}}>", "a": "{{ROOT}}/{{ROOT}}{{OTHER}}"}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.expand(map[string]string{"ROOT": "/r"})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"hook_event_name": "Stop", "b": "<cccüü>", "a": "/r//r{{OTHER}}"}`
	if string(got.Event) != want || got.event != "Stop" || got.group() != "e00" {
		t.Errorf("%s %s %s, want %s", got.Event, got.event, got.group(), want)
	}
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, raw := range []string{
		`{"name": "e00_x", "event": {}, "new": 1}`,
		`{"name": "e00_x", "event": {}, "hk": {"a": {"dance": 1}}}`,
		`{"name": "e00_x", "event": {}, "http": {"/": [{"status": 200}, {"dance": 1}]}}`,
		`{"name": "e00_x", "event": {}, "model": [{"blocks": [], "dance": 1}]}`,
		`{"name": "e00_x", "event": {}, "model": [[{"text": "", "dance": 1}]]}`,
		`{"name": "e00_x", "event": []}`,
	} {
		if _, err := parse(json.RawMessage(raw)); err == nil {
			t.Errorf("%s is taken", raw)
		}
	}
}
