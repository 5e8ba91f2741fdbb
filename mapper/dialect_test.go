package mapper

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	hook "github.com/run-hooks/run-hooks"
)

// family are the agents that start a command for each event: all but those with
// a form of their own.
func family() []Harness {
	return slices.DeleteFunc(Harnesses(), func(h Harness) bool { return h.Name == "claude" || h.Name == "opencode" })
}

// TestDialects holds each testdata/<name>/*.txtar of the family: the native event
// (from a recorded session of the real client where the comment names one), what
// is remembered of the session, the events it becomes or the error, the decisions
// on those events, the answer, and what is remembered then. A file "event" is the
// name of the event on the command line.
func TestDialects(t *testing.T) {
	for _, h := range family() {
		files, err := filepath.Glob(filepath.Join("testdata", h.Name, "*.txtar"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no cases of %s: %v", h.Name, err)
		}
		for _, file := range files {
			name := h.Name + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
			t.Run(name, func(t *testing.T) { dialectCase(t, &h, file) })
		}
	}
}

func dialectCase(t *testing.T, h *Harness, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := &txtar.Archive{Comment: a.Comment}
	for _, given := range []string{"event", "memory", "native"} {
		if text := section(a, given); text != nil {
			got.Files = append(got.Files, txtar.File{Name: given, Data: text})
		}
	}
	add := func(name, text string) {
		if text != "" {
			got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	at := Place{Home: "/home/u", Cwd: "/home/u/proj", Event: strings.TrimSpace(string(section(a, "event")))}
	at.Memory, _ = hook.ParseObject(section(a, "memory"))
	c, err := h.Decode(h, section(a, "native"), at)
	var r Response
	if err != nil {
		add("error", err.Error()+"\n")
		r = h.Refuse(h, c.Native, "run-hooks could not do its work: "+err.Error())
	} else {
		add("events", string(payloads(c.Events)))
		add("decisions", string(section(a, "decisions")))
		if c.Memory == nil {
			c.Memory = at.Memory
		}
		r = h.Encode(h, c, readDecisions(t, section(a, "decisions")))
	}
	add("answer", string(r.Stdout))
	add("stderr", string(r.Stderr))
	if r.Exit != 0 {
		add("exit", fmt.Sprintln(r.Exit))
	}
	if len(r.Memory) > 0 {
		add("remembered", string(r.Memory.JSON())+"\n")
	}
	compare(t, file, got)
}
