package mapper

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	hook "github.com/run-hooks/run-hooks"
)

// TestGuests holds each testdata/guest/*.txtar: an event of an agent that runs
// Claude's files itself, asked in Claude's dialect.
func TestGuests(t *testing.T) {
	files, err := filepath.Glob("testdata/guest/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	h := Claude()
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { dialectCase(t, &h, file) })
	}
}

// The law of never weaker holds for guests: a denial before a tool call stops it,
// and what else cannot be done is told.
func TestGuestsNeverWeaker(t *testing.T) {
	files, _ := filepath.Glob("testdata/guest/*.txtar")
	h := Claude()
	seen := map[string]bool{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, err := h.Decode(&h, section(a, "native"), Place{Home: "/home/u", Cwd: "/home/u/proj"})
		if err != nil || len(c.Events) == 0 {
			continue
		}
		seen[c.Host] = true
		g := guestNamed(c.Host)
		if c.Host == "vscode" {
			continue // has a law of its own
		}
		if g == nil {
			t.Errorf("%s is not known as a guest's", file)
			continue
		}
		e := &c.Events[0]
		for _, d := range lawDecisions() {
			ds := make([]hook.Decision, len(c.Events))
			ds[0] = d.Decision
			r := reading{Response: h.Encode(&h, c, ds)}
			r.json, _ = hook.ParseObject(r.Stdout)
			can := g.canAt(c.Native, e.Spec.Name)
			if fault := d.law(g.means(), lawCase{c, e, can, r}); fault != "" {
				t.Errorf("%s, %s: %s\nstdout %sstderr %s", file, d.name, fault, r.Stdout, r.Stderr)
			}
		}
	}
	for _, g := range guests() {
		if !seen[g.Name] {
			t.Errorf("no vector of %s", g.Name)
		}
	}
}

// means are by what a guest acts on an answer in Claude's form.
func (g *guest) means() means {
	m := claudeLike()
	if g.zero {
		m.stops = func(native string, r reading) bool {
			if native == "PreToolUse" {
				return specificIs("permissionDecision", "deny")(r)
			}
			return r.at("decision") == "block"
		}
		m.again = func(r reading) bool { return r.at("decision") == "block" && r.Exit == 0 }
	}
	if g.legacy {
		m.stops = func(_ string, r reading) bool { return r.Exit == 2 && r.at("decision") == "block" }
	}
	return m
}

// What Claude Code itself sends, or somebody types, is no guest's.
func TestClaudeIsNoGuest(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"}}`,
		`{"session_id":"s","transcript_path":"/t","cwd":"/p","prompt_id":"p","permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{},"tool_use_id":"t"}`,
		`{"session_id":"s","transcript_path":"/t","cwd":"/p","hook_event_name":"SessionEnd","reason":"other"}`,
	} {
		in, err := hook.ParseObject([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if g := guestOf(in); g != nil {
			t.Errorf("%s is taken for %s", text, g.Name)
		}
	}
}

// Guests that are harnesses, too, run the same scopes as these say.
func TestGuestsRun(t *testing.T) {
	for _, h := range Harnesses() {
		if g := guestNamed(h.Name); g != nil && !slices.Equal(g.Runs, h.Runs) {
			t.Errorf("%s runs %v, as a guest %v", h.Name, h.Runs, g.Runs)
		}
	}
}
