package loader

import (
	"bytes"
	"strings"
	"testing"

	hook "github.com/run-hooks/run-hooks"
)

// inspectText reads text as the settings file or, with codex, the .codex/hooks.json
// of a project, up to where it would be merged.
func inspectText(text []byte, codex bool) *File {
	src := &source{place: place{scope: hook.ScopeProject}, name: "f", text: toUTF8(text)}
	file := &File{Name: "f", Status: Loaded}
	root, bad := parse(src)
	file.Hooks = countHandlers(root.get("hooks"))
	if bad == nil {
		bad = settingsFault(root)
	}
	if bad != nil {
		file.reject(*bad, file.Hooks)
		return file
	}
	if codex {
		file.takeCodex(src, root.get("hooks"))
		return file
	}
	v := validator{src: src, scope: hook.ScopeProject, strict: true}
	v.hooks(root.get("hooks"))
	file.take(&v)
	return file
}

// FuzzParse holds of any text: reading it does not panic; every finding and every
// handler stands inside it; nothing is lost without a finding that is an error or
// a warning; a rejected file has no handlers, and only a rejected one has lost them
// all.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "{}", "null", "[", `{"hooks":`, `{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"a"}]}]}}`,
		`{"hooks":{"PreToolUse":[{"matcher":5,"hooks":[{"type":"command","command":"a"}]}],"Stop":[{"hooks":[{"type":"command","command":"b"}]}]}}`,
		`{"hooks":{"Stop":[{"hooks":[{"type":"command"},null,5,{"type":"http","url":"x"},{"type":"command","command":"a","timeout":0}]},"x",{"hooks":{}}],"stop":[]}}`,
		`{"hooks":[],"permissions":5}`, `{"hooks":"x"}`, `{"a":"\ud800","hooks":{}}`, "{\"hooks\":{}} // c\n", "{\"hooks\":{},}", "\ufeff{}", "{\n\t\"hooks\": {\r\n\"Stop\": 5}}",
		`{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"a","args":["x",1]},{"type":"mcp_tool","server":"s","tool":"t","input":{"a":[{}]}}]}]}}`,
		strings.Repeat("[", 300), strings.Repeat(`{"a":`, 300), `{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"a","failClosed":1}]}]}}`,
		"{\"hooks\":{\"Stop\":5}}\xff", "{\"h\xffooks\":{}}",
	} {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, codex bool) {
		if len(text) > maxSize {
			return
		}
		file := inspectText(text, codex)
		lines := bytes.Split(toUTF8(text), []byte("\n"))
		inside := func(p hook.Pos) bool {
			return p.Line >= 1 && p.Line <= len(lines) && p.Col >= 1 && p.Col <= len(lines[p.Line-1])+1
		}
		for _, finding := range file.Findings {
			if !inside(finding.Pos) {
				t.Errorf("the finding %s is outside of the file, which has %d lines", finding, len(lines))
			}
			if finding.Msg == "" || finding.Name == "" {
				t.Errorf("a finding says nothing: %+v", finding)
			}
		}
		for _, h := range file.settings.handlers {
			if !inside(h.Pos) {
				t.Errorf("the handler at %s is outside of the file", h.Pos)
			}
			if _, ok := hook.Spec(h.Event); !ok {
				t.Errorf("a handler is of the event %q", h.Event)
			}
		}
		switch told := len(file.Findings) > 0; {
		case file.Status == Rejected && len(file.settings.handlers) > 0:
			t.Error("a rejected file has handlers")
		case file.Status != Loaded && (!told || file.Why == ""):
			t.Errorf("status %s, and nobody is told", file.Status)
		case file.Status == Loaded && file.Hooks != len(file.settings.handlers):
			t.Errorf("%d hooks are written, %d are kept, and nobody is told", file.Hooks, len(file.settings.handlers))
		}
	})
}

// TestTooDeep: the guard in front of the parser counts brackets as the parser
// does, and not those in strings and comments.
func TestTooDeep(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for text, want := range map[string]int{
		deep(maxDepth):                           -1,
		deep(maxDepth + 1):                       maxDepth,
		strings.Repeat("[],", 1000):              -1,
		strings.Repeat("{\"a\":", 1000):          maxDepth * 5,
		`"` + deep(1000) + `"`:                   -1,
		`"\"` + deep(1000) + `"`:                 -1,
		`"\\"` + deep(1000):                      4 + maxDepth,
		"//" + deep(1000) + "\n":                 -1,
		"//\n" + deep(1000):                      3 + maxDepth,
		"/*" + deep(1000) + "*/":                 -1,
		"/*/" + deep(1000) + "*/":                -1,
		"/**/" + deep(1000):                      4 + maxDepth,
		"/*" + deep(1000):                        -1, // never ends, so the parser reads no bracket either
		strings.Repeat("]", 10) + deep(maxDepth): -1,
	} {
		if got := tooDeep([]byte(text)); got != want {
			t.Errorf("tooDeep(%.20q…) = %d, want %d", text, got, want)
		}
	}
}
