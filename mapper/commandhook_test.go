package mapper

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	hook "github.com/run-hooks/run-hooks"
)

// A call's id is found again by what the call is; of two that are the same the
// first to begin is taken for the first to end.
func TestRememberedCalls(t *testing.T) {
	m := recall(nil)
	a, b, c := m.begin("same"), m.begin("other"), m.begin("same")
	m = recall(m.object())
	if got := []string{m.end("other"), m.end("same"), m.end("same")}; !slices.Equal(got, []string{b, a, c}) {
		t.Errorf("ids %v, want %v", got, []string{b, a, c})
	}
	if id := m.end("same"); id == a || id == b || id == c || id == "" {
		t.Errorf("a call that was not seen to begin has the id %q", id)
	}
	d := m.begin("x")
	m.rekey(d, "y")
	if id := m.end("y"); id != d {
		t.Errorf("a rewritten call has the id %q, was %q", id, d)
	}
	e := m.begin("z")
	m.rekey(e, "")
	if len(m.Calls) != 0 {
		t.Errorf("a refused call is remembered: %v", m.Calls)
	}
}

// Calls that never come back do not fill the memory.
func TestRememberedCallsBounded(t *testing.T) {
	m := recall(nil)
	for i := range 3 * mostCalls {
		m.begin(fmt.Sprint(i))
		m.allow(fmt.Sprint(i), true)
	}
	if len(m.Calls) != mostCalls || len(m.Allowed) > mostCalls {
		t.Errorf("%d calls and %d permissions are remembered", len(m.Calls), len(m.Allowed))
	}
	if last := m.Calls[mostCalls-1].Key; last != fmt.Sprint(3*mostCalls-1) {
		t.Errorf("the newest call is not remembered, but %s", last)
	}
}

// A memory of another shape is none: it begins anew.
func TestRecallOfAnotherShape(t *testing.T) {
	for _, text := range []string{`{"last":"x"}`, `{"calls":{}}`, `{"stops":[1]}`} {
		o, err := hook.ParseObject([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if m := recall(o); m.Last != 0 || m.Calls != nil || m.Stops != nil {
			t.Errorf("%s is remembered as %+v", text, m)
		}
	}
}

func TestShellReport(t *testing.T) {
	for _, c := range []struct {
		said, output string
		exit         int
	}{
		{"<untrusted_context>\nOutput: hi\nerr\nExit Code: 3\nProcess Group PGID: 12\n</untrusted_context>", "hi\nerr", 3},
		{"Output: x\nProcess Group PGID: 12", "x", 0},
		{"Output: (empty)\nProcess Group PGID: 12", "", 0},
		{"Command: a\nDirectory: (root)\nOutput: hi\nError: (none)\nExit Code: 3\nSignal: (none)\nProcess Group PGID: (none)", "hi", 3},
		{"Output: Exit Code: 9\nExit Code: 0\nExit Code: 3", "Exit Code: 9\nExit Code: 0", 3},
		{"Output: x\nSignal: 9\nProcess Group PGID: 12", "x", 137},
		{"Output: x\nExit Code: 3\nSignal: 9", "x", 3},
		{"no report", "no report", 0},
		{"", "", 0},
	} {
		if output, exit := shellReport(c.said); output != c.output || exit != c.exit {
			t.Errorf("%q is %q, %d; want %q, %d", c.said, output, exit, c.output, c.exit)
		}
	}
}

// FuzzCodexPatch checks the law of the patch reader: whatever the rest of the
// text is, a line that Codex takes for the header of a section names a file that
// hooks see.
func FuzzCodexPatch(f *testing.F) {
	f.Add("*** Begin Patch\n*** Add File: a\n+x\n*** End Patch", "b")
	f.Add("*** Begin Patch\n*** Update File: a\n*** Move to: c\n@@\n-x\n+y\n", "sub/b")
	f.Fuzz(func(t *testing.T, before, name string) {
		if name = strings.TrimSpace(name); name == "" || strings.ContainsAny(name, "\n\r") {
			return
		}
		for _, verb := range []string{"Add", "Update", "Delete"} {
			files, err := parseCodexPatch("*** Begin Patch\n" + before + "\n \t*** " + verb + " File: " + name + "\n*** End Patch\n")
			if err == nil && !slices.ContainsFunc(files, func(f patchFile) bool { return f.verb == verb && f.path == name }) {
				t.Errorf("%s of %q escapes", verb, name)
			}
		}
	})
}

// FuzzFamily checks the laws of the dialects that start a command for each event:
// no input panics, an answer is one JSON object, every event is one of the table,
// and a denial of any part of a call is never lost.
func FuzzFamily(f *testing.F) {
	for i, h := range family() {
		files, err := filepath.Glob(filepath.Join("testdata", h.Name, "*.txtar"))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			a, err := txtar.ParseFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(i, section(a, "native"), strings.TrimSpace(string(section(a, "event"))), 1)
		}
	}
	f.Fuzz(func(t *testing.T, which int, native []byte, event string, n int) {
		all := family()
		h := all[(which&0xFFFF)%len(all)]
		c, err := h.Decode(&h, native, Place{Home: "/home/u", Cwd: "/home/u/proj", Event: event})
		if err != nil {
			h.Refuse(&h, c.Native, "no")
			return
		}
		ds := make([]hook.Decision, len(c.Events))
		for i, e := range c.Events {
			if !json.Valid(e.Payload.JSON()) {
				t.Fatalf("payload %s", e.Payload.JSON())
			}
			if c.Host == "" && !slices.ContainsFunc(h.Events, func(r EventRow) bool { return r.Native == c.Native && r.Claude == e.Spec.Name }) {
				t.Fatalf("%s: %s became %s, which is not in the table", h.Name, c.Native, e.Spec.Name)
			}
			if i == (n&0xFFFF)%len(ds) {
				ds[i] = hook.Decision{Permission: hook.Deny, Reason: "never this"}
			} else {
				ds[i] = hook.Decision{Permission: hook.Allow, UpdatedInput: json.RawMessage(`{"command":"x"}`)}
			}
		}
		r := h.Encode(&h, c, ds)
		if len(c.Events) > 0 && c.Events[0].Spec.Name == hook.PreToolUse && !strings.Contains(string(r.Stdout)+string(r.Stderr), "never this") {
			t.Fatalf("%s loses the denial of %s: %s", h.Name, native, r.Stdout)
		}
	})
}
