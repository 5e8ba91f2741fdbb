package installer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tailscale/hujson"
)

// agents are those that start a command for each event: the function that plans
// to bridge one, and its config in a project.
func agents() map[string]struct {
	plan func(Options) (Plan, error)
	file string
} {
	type agent = struct {
		plan func(Options) (Plan, error)
		file string
	}
	return map[string]agent{
		"codex":  {Codex, ".codex/hooks.json"},
		"gemini": {Gemini, ".gemini/settings.json"},
		"qwen":   {Qwen, ".qwen/settings.json"},
		"droid":  {Droid, ".factory/hooks.json"},
	}
}

func carryOut(t *testing.T, plan func(Options) (Plan, error), o Options) Plan {
	t.Helper()
	p, err := plan(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Apply(); err != nil {
		t.Fatal(err)
	}
	return p
}

// A new config holds the bridge and nothing else, and goes away with it.
func TestBridgeNewFile(t *testing.T) {
	for name, agent := range agents() {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			o.Plugin = nil
			file := filepath.Join(o.Project, agent.file)
			carryOut(t, agent.plan, o)
			text := contents(t, file)
			if n := strings.Count(text, "run-hooks bridge "+name+" --event "); n < 8 {
				t.Errorf("%d entries in\n%s", n, text)
			}
			if !strings.Contains(text, "--event Stop || true") && name != "gemini" {
				t.Errorf("a Stop is held up by a missing program:\n%s", text)
			}
			if again := carryOut(t, agent.plan, o); len(again) != 0 {
				t.Errorf("a second install does something:\n%s", again)
			}
			o.Remove = true
			carryOut(t, agent.plan, o)
			if exists(filepath.Dir(file)) {
				t.Error("something is left")
			}
			if again := carryOut(t, agent.plan, o); len(again) != 0 {
				t.Errorf("a second removal does something:\n%s", again)
			}
		})
	}
}

// layouts are configs as people write them; %s is an event of ours.
func layouts() []string {
	return []string{
		"{}", "{ }", "{\n}\n", "{\n\n}", "{}\n",
		`{"a":1}`, `{ "a": 1 }`, "{\n  \"a\": 1\n}\n", "{\n\t\"a\": {\n\t\t\"b\": [1, 2]\n\t}\n}", "{\n    \"a\": 1,\n    \"b\": 2\n}\n",
		"{\r\n  \"a\": 1\r\n}\r\n",
		"{\n  // first\n  \"a\": 1, // one\n  /* two */ \"b\": 2, // and\n}\n// end\n",
		`{"hooks":{}}`, `{"hooks": { }}`, "{\n  \"hooks\": {\n  },\n  \"a\": 1\n}",
		`{"hooks":{"Other":[]}}`, "{\n  \"a\": 1,\n  \"hooks\": {\n    \"Other\": [\n      {\"hooks\": []}\n    ]\n  }\n}\n",
		`{"hooks":{"%s":[]}}`, `{"hooks":{"%s":[ ]}}`, "{\"hooks\": {\"%s\": [\n]}}",
		`{"hooks":{"%s":[{"hooks":[{"type":"command","command":"mine"}]}]}}`,
		"{\n  \"hooks\": {\n    // my own\n    \"%s\": [\n      {\n        \"hooks\": [{\"type\": \"command\", \"command\": \"mine\"}] // keep\n      } // last\n    ],\n  },\n  \"z\": true\n}\n",
		"{\n  \"hooks\": {\n    \"%s\": [\n      {\"hooks\": [{\"type\": \"command\", \"command\": \"a\"}]},\n      {\"hooks\": [{\"type\": \"command\", \"command\": \"run-hooks check\"}]}\n    ]\n  }\n}\n",
	}
}

// Removing gives back the bytes that were there, whatever the layout, and nothing
// that was there is lost meanwhile.
func TestBridgeRoundTrip(t *testing.T) {
	for name, agent := range agents() {
		for i, layout := range layouts() {
			for _, event := range []string{"SessionStart", "SessionEnd", "BeforeTool", "Stop"} {
				text := strings.ReplaceAll(layout, "%s", event)
				t.Run(fmt.Sprintf("%s/%d/%s", name, i, event), func(t *testing.T) {
					o := options(t)
					file := filepath.Join(o.Project, agent.file)
					put(t, file, text)
					if _, err := agent.plan(o); err != nil {
						if name != "codex" {
							t.Fatal(err)
						}
						t.Skip(err)
					}
					carryOut(t, agent.plan, o)
					with := contents(t, file)
					if _, err := hujson.Parse([]byte(with)); err != nil {
						t.Fatalf("no JSON any more: %v\n%s", err, with)
					}
					kept := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("{}[], \t\r\n", r) })
					for _, word := range kept {
						if !strings.Contains(with, word) {
							t.Errorf("%s is lost in\n%s", word, with)
						}
					}
					if again := carryOut(t, agent.plan, o); len(again) != 0 {
						t.Errorf("a second install does something:\n%s", again)
					}
					o.Remove = true
					carryOut(t, agent.plan, o)
					if got := contents(t, file); got != text {
						t.Errorf("removing leaves\n%q, was\n%q, between\n%s", got, text, with)
					}
				})
			}
		}
	}
}

// What others add beside the bridge stays when it goes.
func TestBridgeOthersAddedLater(t *testing.T) {
	o := options(t)
	carryOut(t, Gemini, o)
	file := filepath.Join(o.Project, ".gemini/settings.json")
	text := contents(t, file)
	text = strings.Replace(text, `"BeforeTool": [`, `"BeforeTool": [{"matcher": "x", "hooks": [{"type": "command", "command": "theirs"}]}, `, 1)
	text = strings.Replace(text, `"AfterTool": [{"hooks": [`, `"AfterTool": [{"hooks": [{"type": "command", "command": "inside"}, `, 1)
	text = strings.Replace(text, "{\n  \"hooks\"", "{\n  \"theme\": \"dark\",\n  \"hooks\"", 1)
	put(t, file, text)
	o.Remove = true
	carryOut(t, Gemini, o)
	want := `{
  "theme": "dark",
  "hooks": {
    "BeforeTool": [{"matcher": "x", "hooks": [{"type": "command", "command": "theirs"}]}],
    "AfterTool": [{"hooks": [{"type": "command", "command": "inside"}]}]
  }
}
`
	if got := contents(t, file); got != want {
		t.Errorf("removing leaves\n%s", got)
	}
}

// A global config names the program by its place, and follows it when it moves;
// an entry that was changed by hand stays as it is.
func TestBridgeMovedProgram(t *testing.T) {
	o := options(t)
	o.Global, o.Program = true, "/opt/my tools/run-hooks"
	carryOut(t, Qwen, o)
	file := filepath.Join(o.Home, ".qwen/settings.json")
	text := contents(t, file)
	if !strings.Contains(text, `"command": "'/opt/my tools/run-hooks' bridge qwen --event PreToolUse ||`) {
		t.Fatalf("installed\n%s", text)
	}
	changed := strings.Replace(text, "--event Stop || true", "--event Stop --fail-open", 1)
	put(t, file, changed)
	o.Program = "/usr/bin/run-hooks"
	carryOut(t, Qwen, o)
	moved := contents(t, file)
	if n := strings.Count(moved, "my tools"); n != 1 || !strings.Contains(moved, "my tools/run-hooks' bridge qwen --event Stop --fail-open") {
		t.Errorf("%d entries name the old place:\n%s", n, moved)
	}
	o.Remove = true
	carryOut(t, Qwen, o)
	if exists(file) {
		t.Errorf("left:\n%s", contents(t, file))
	}
}

// The bridge is the last group of an event: Codex knows a reviewed hook by its
// place, and Qwen Code takes the last word.
func TestBridgeIsLast(t *testing.T) {
	o := options(t)
	file := filepath.Join(o.Project, ".codex/hooks.json")
	put(t, file, `{"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "mine"}]}]}}`)
	carryOut(t, Codex, o)
	text := contents(t, file)
	if strings.Index(text, `"mine"`) > strings.Index(text, "--event PreToolUse") {
		t.Errorf("the bridge is not last:\n%s", text)
	}
}

// A file that the agent would refuse, or that is no config, is left alone.
func TestBridgeRefusals(t *testing.T) {
	for _, c := range []struct {
		agent, text, want string
	}{
		{"codex", `{"hooks": {}, "version": 1}`, `has "version", and Codex refuses`},
		{"codex", "{\"hooks\": {}} // mine\n", "for which Codex refuses"},
		{"gemini", `[]`, "is not a JSON object"},
		{"gemini", `{"hooks": []}`, `"hooks" is not an object`},
		{"gemini", `{"hooks": {"BeforeTool": {}}}`, `"BeforeTool" is not an array`},
		{"qwen", `{"hooks": `, "hujson"},
		{"droid", strings.Repeat("[", 20_000), "has more than 10000 brackets"},
	} {
		o := options(t)
		agent := agents()[c.agent]
		file := filepath.Join(o.Project, agent.file)
		put(t, file, c.text)
		p, err := agent.plan(o)
		if err == nil || !strings.Contains(err.Error(), c.want) || len(p) > 0 {
			t.Errorf("%s of %.40q: %v, %v", c.agent, c.text, err, p)
		}
	}
}

// An event that only Droid's settings have would be hidden by one in hooks.json.
func TestBridgeDroidHidesNothing(t *testing.T) {
	o := options(t)
	dir := filepath.Join(o.Project, ".factory")
	bare, settings := filepath.Join(dir, "hooks.json"), filepath.Join(dir, "settings.json")
	put(t, bare, `{"Stop": [{"hooks": [{"type": "command", "command": "mine"}]}]}`)
	put(t, settings, `{"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "guard"}]}]}}`)
	carryOut(t, Droid, o)
	if text := contents(t, bare); strings.Contains(text, `"PreToolUse"`) || !strings.Contains(text, "--event Stop") {
		t.Errorf("hooks.json is\n%s", text)
	}
	if text := contents(t, settings); strings.Count(text, " --event ") != 1 || !strings.Contains(text, "--event PreToolUse") {
		t.Errorf("settings.json is\n%s", text)
	}
	if again := carryOut(t, Droid, o); len(again) != 0 {
		t.Errorf("a second install does something:\n%s", again)
	}
}

// Droid takes the events of hooks.json, bare, in place of the settings'.
func TestBridgeDroidPlaces(t *testing.T) {
	const mine = "{\n  \"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"mine\"}]}]\n}\n"
	for _, c := range []struct {
		name           string
		bare, settings string // "" is no file
		want           string
	}{
		{"nothing", "", "", "hooks.json"},
		{"settings without hooks", "", `{"model": "x"}`, "hooks.json"},
		{"settings with hooks", "", `{"hooks": ` + mine + `}`, "settings.json"},
		{"hooks.json", mine, "", "hooks.json"},
		{"both", mine, `{"hooks": ` + mine + `}`, "hooks.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(t)
			dir := filepath.Join(o.Project, ".factory")
			for name, text := range map[string]string{"hooks.json": c.bare, "settings.json": c.settings} {
				if text != "" {
					put(t, filepath.Join(dir, name), text)
				}
			}
			p := carryOut(t, Droid, o)
			if len(p) != 1 || filepath.Base(p[0].Path) != c.want {
				t.Fatalf("plan:\n%s", p)
			}
			if text := contents(t, p[0].Path); c.want == "hooks.json" && strings.Contains(text, `"hooks": {`) {
				t.Errorf("the events are not bare:\n%s", text)
			}
			if again := carryOut(t, Droid, o); len(again) != 0 {
				t.Errorf("a second install does something:\n%s", again)
			}
			o.Remove = true
			carryOut(t, Droid, o)
			for name, text := range map[string]string{"hooks.json": c.bare, "settings.json": c.settings} {
				file := filepath.Join(dir, name)
				if text == "" && exists(file) || text != "" && contents(t, file) != text {
					t.Errorf("%s is not as it was", name)
				}
			}
		})
	}
}

// A symbolic link stays one, and a file keeps its mode.
func TestBridgeKeepsLinkAndMode(t *testing.T) {
	o := options(t)
	real := filepath.Join(o.Home, "shared.json")
	put(t, real, "{}\n")
	if err := os.Chmod(real, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(o.Project, ".qwen/settings.json")
	mkdir(t, filepath.Dir(file))
	if err := os.Symlink(real, file); err != nil {
		t.Fatal(err)
	}
	carryOut(t, Qwen, o)
	link, err := os.Lstat(file)
	if err != nil || link.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	info, err := os.Stat(real)
	if err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(contents(t, real), "bridge qwen") {
		t.Errorf("the file behind it: %v, %v", info.Mode(), err)
	}
}
