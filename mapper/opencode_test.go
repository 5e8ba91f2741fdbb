package mapper

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	hook "github.com/run-hooks/run-hooks"
)

var update = flag.Bool("update", false, "write what the code answers into testdata")

// TestOpenCode holds each testdata/opencode/*.txtar: a request of the plugin
// (taken from a recorded session of the real client where its comment names an
// experiment), the events it becomes or the error, the decisions on those
// events, and the answer.
func TestOpenCode(t *testing.T) {
	files, err := filepath.Glob("testdata/opencode/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { openCodeCase(t, file) })
	}
}

func openCodeCase(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	h := OpenCode()
	got := &txtar.Archive{Comment: a.Comment}
	request := section(a, "request")
	got.Files = append(got.Files, txtar.File{Name: "request", Data: request})
	c, err := h.Decode(&h, request, Place{Home: "/home/u"})
	if err != nil {
		refusal := h.Refuse(&h, c.Native, "run-hooks could not do its work: "+err.Error())
		got.Files = append(got.Files,
			txtar.File{Name: "error", Data: []byte(err.Error() + "\n")},
			txtar.File{Name: "answer", Data: refusal.Stdout})
	} else {
		decisions := section(a, "decisions")
		got.Files = append(got.Files,
			txtar.File{Name: "events", Data: payloads(c.Events)},
			txtar.File{Name: "decisions", Data: decisions},
			txtar.File{Name: "answer", Data: h.Encode(&h, c, readDecisions(t, decisions)).Stdout})
	}
	compare(t, file, got)
}

func compare(t *testing.T, file string, got *txtar.Archive) {
	t.Helper()
	text := txtar.Format(got)
	if *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("%s is now\n%s", file, text)
	}
}

func section(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func payloads(events []hook.Event) []byte {
	var b bytes.Buffer
	for _, e := range events {
		b.WriteString([]string{"", "codex: ", "others: "}[e.For])
		b.Write(e.Payload.JSON())
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func readDecisions(t *testing.T, text []byte) []hook.Decision {
	t.Helper()
	var out []hook.Decision
	for line := range strings.Lines(string(text)) {
		var d hook.Decision
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// Every answer is one JSON object on one line: the plugin reads lines.
func TestOpenCodeAnswersOneLine(t *testing.T) {
	h := OpenCode()
	for _, event := range []string{"", ocBefore, ocAfter, ocMessage, "session.idle"} {
		out := h.Refuse(&h, event, "two\nlines").Stdout
		if bytes.Count(out, []byte("\n")) != 1 || out[len(out)-1] != '\n' {
			t.Errorf("refusal of %q is %q, not one line", event, out)
		}
		if _, err := hook.ParseObject(out); err != nil {
			t.Errorf("refusal of %q: %v", event, err)
		}
	}
}

// FuzzOpenCode checks the laws of the dialect: no input panics; every event is
// one of the table, in Claude's order; a denial of any event of a call that can
// be refused refuses it, whatever the other decisions are; nothing that is not
// refused throws.
func FuzzOpenCode(f *testing.F) {
	files, err := filepath.Glob("testdata/opencode/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for i, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(section(a, "request"), i)
	}
	f.Fuzz(func(t *testing.T, request []byte, n int) {
		h := OpenCode()
		c, err := h.Decode(&h, request, Place{Home: "/home/u"})
		if err != nil || len(c.Events) == 0 {
			return
		}
		for _, e := range c.Events {
			if !slices.ContainsFunc(h.Events, func(r EventRow) bool { return r.Native == c.Native && r.Claude == e.Spec.Name }) {
				t.Fatalf("%s became %s, which is not in the table", c.Native, e.Spec.Name)
			}
			if e.Payload[0].Name != "session_id" || !json.Valid(e.Payload.JSON()) {
				t.Fatalf("payload %s", e.Payload.JSON())
			}
		}
		ds := make([]hook.Decision, len(c.Events))
		if throws(h.Encode(&h, c, ds)) {
			t.Fatalf("decisions that ask for nothing refuse %s", request)
		}
		last := len(ds) - 1
		ds[(n&0xFFFF)%len(ds)].Permission = hook.Allow
		ds[last] = hook.Decision{Permission: hook.Deny, Reason: "no"}
		blocks := c.Events[last].Spec.Grammar != hook.Observes
		if out := h.Encode(&h, c, ds); openCodeVerbs()[c.Native].stops && blocks && !throws(out) {
			t.Fatalf("the denial is lost: %s", out.Stdout)
		}
	})
}

func throws(r Response) bool {
	o, err := hook.ParseObject(r.Stdout)
	if err != nil {
		return false
	}
	_, ok := o.Get("throw")
	return ok
}
