package installer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/run-hooks/run-hooks/mapper"
)

// Every harness but Claude's own can be bridged, by its own name.
func TestAgentsAreTheHarnesses(t *testing.T) {
	var names []string
	for _, a := range Agents() {
		names = append(names, a.Name)
	}
	for _, h := range mapper.Harnesses() {
		if h.Name != "claude" && !slices.Contains(names, h.Name) {
			t.Errorf("%s has no installer", h.Name)
		}
	}
}

// flatAgents are those whose commands stand in an event's array themselves, and
// their config in a project.
func flatAgents() map[string]Agent {
	out := map[string]Agent{}
	files := map[string]string{"copilot": ".github/hooks/run-hooks.json", "cursor": ".cursor/hooks.json", "crush": "crush.json", "goose": ".agents/plugins/run-hooks/hooks/hooks.json"}
	for _, a := range Agents() {
		if file, ok := files[a.Name]; ok {
			a.Project = []string{file}
			out[a.Name] = a
		}
	}
	return out
}

func TestFlatNewFile(t *testing.T) {
	for name, agent := range flatAgents() {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			file := filepath.Join(o.Project, agent.Project[0])
			carryOut(t, agent.Plan, o)
			text := contents(t, file)
			for _, event := range events(name) {
				if !strings.Contains(text, "run-hooks bridge "+name+" --event "+event+" ||") {
					t.Errorf("no entry for %s in\n%s", event, text)
				}
			}
			if again := carryOut(t, agent.Plan, o); len(again) != 0 {
				t.Errorf("a second install does something:\n%s", again)
			}
			if is, stale, err := agent.Bridged(o); !is || stale || err != nil {
				t.Errorf("bridged %v, stale %v, %v", is, stale, err)
			}
			o.Remove = true
			carryOut(t, agent.Plan, o)
			if exists(file) {
				t.Errorf("something is left:\n%s", contents(t, file))
			}
			if is, _, err := agent.Bridged(o); is || err != nil {
				t.Errorf("bridged %v after it was removed, %v", is, err)
			}
		})
	}
}

// Removing gives back the bytes that were there, whatever the layout.
func TestFlatRoundTrip(t *testing.T) {
	flat := []string{
		`{"version":1,"hooks":{"%s":[{"command":"mine"}]}}`,
		"{\n  \"version\": 1,\n  \"hooks\": {\n    \"%s\": [\n      { \"command\": \"mine\" },\n      { \"bash\": \"run-hooks check\" }\n    ]\n  }\n}\n",
	}
	for name, agent := range flatAgents() {
		for i, layout := range append(layouts(), flat...) {
			for _, event := range []string{"preToolUse", "PreToolUse", "stop"} {
				text := strings.ReplaceAll(layout, "%s", event)
				t.Run(fmt.Sprintf("%s/%d/%s", name, i, event), func(t *testing.T) {
					o := options(t)
					file := filepath.Join(o.Project, agent.Project[0])
					put(t, file, text)
					if _, err := agent.Plan(o); err != nil {
						if name != "crush" {
							t.Fatal(err)
						}
						t.Skip(err)
					}
					carryOut(t, agent.Plan, o)
					if again := carryOut(t, agent.Plan, o); len(again) != 0 {
						t.Errorf("a second install does something:\n%s", again)
					}
					with := contents(t, file)
					o.Remove = true
					carryOut(t, agent.Plan, o)
					if got := contents(t, file); got != text {
						t.Errorf("removing leaves\n%q, was\n%q, between\n%s", got, text, with)
					}
				})
			}
		}
	}
}

// Without the program the agent is told in its own words that the call is refused.
func TestFlatWithoutProgram(t *testing.T) {
	for event, want := range map[string]string{
		"copilot preToolUse":     `printf '%s\n' '{"permissionDecision":"deny"`,
		"copilot agentStop":      " || { [ $? -eq 2 ] && exit 2; true; }",
		"cursor preToolUse":      `"permission":"deny"`,
		"crush PreToolUse":       `"decision":"deny"`,
		"goose PreToolUse":       `"decision":"block"`,
		"goose Stop":             " || { [ $? -eq 2 ] && exit 2; true; }",
		"kimi PreToolUse":        "exit 2",
		"cline tool_call":        `"cancel":true`,
		"cline session_shutdown": " || { [ $? -eq 2 ] && exit 2; true; }",
	} {
		harness, native, _ := strings.Cut(event, " ")
		if got := (Options{}).call(harness, native); !strings.Contains(got, want) {
			t.Errorf("%s: %s", event, got)
		}
	}
}

// --all can be asked for, and taken back, later.
func TestFlatAll(t *testing.T) {
	o := options(t)
	file := filepath.Join(o.Project, ".cursor/hooks.json")
	carryOut(t, Cursor, o)
	first := contents(t, file)
	o.All = true
	carryOut(t, Cursor, o)
	if text := contents(t, file); strings.Count(text, " --all || ") != len(events("cursor")) {
		t.Errorf("with --all it is\n%s", text)
	}
	o.All = false
	carryOut(t, Cursor, o)
	if got := contents(t, file); got != first {
		t.Errorf("without it again\n%s", got)
	}
}

func TestKimi(t *testing.T) {
	for _, text := range []string{"", "model = \"x\"\n", "model = \"x\"", "# mine\n[[hooks]]\nevent = \"Stop\"\ncommand = \"mine\"\n\n", "[a]\r\nb = 1\r\n"} {
		o := options(t)
		o.Global = true
		file := filepath.Join(o.Home, ".kimi-code/config.toml")
		if text != "" {
			put(t, file, text)
		}
		carryOut(t, Kimi, o)
		with := contents(t, file)
		var config struct {
			Hooks []struct {
				Event, Command string
				Timeout        int
			}
		}
		if err := toml.Unmarshal([]byte(with), &config); err != nil || len(config.Hooks) < len(events("kimi")) {
			t.Fatalf("%d hooks, %v in\n%s", len(config.Hooks), err, with)
		}
		if again := carryOut(t, Kimi, o); len(again) != 0 {
			t.Errorf("a second install does something:\n%s", again)
		}
		o.Remove = true
		carryOut(t, Kimi, o)
		switch {
		case text == "" && exists(file):
			t.Errorf("left:\n%s", contents(t, file))
		case text != "" && contents(t, file) != text:
			t.Errorf("left %q, was %q", contents(t, file), text)
		}
	}
}

// What others add behind the bridge stays, and a project has none.
func TestKimiOthers(t *testing.T) {
	o := options(t)
	if _, err := Kimi(o); err == nil {
		t.Error("a project's hooks for Kimi Code")
	}
	o.Global = true
	file := filepath.Join(o.Home, ".kimi-code/config.toml")
	put(t, file, "a = 1")
	carryOut(t, Kimi, o)
	put(t, file, contents(t, file)+"\n[theirs]\nb = 2\n")
	o.Remove = true
	carryOut(t, Kimi, o)
	if got := contents(t, file); got != "a = 1\n[theirs]\nb = 2\n" {
		t.Errorf("left %q", got)
	}
	for _, bad := range []string{"a = ", "hooks = 1\n", blockBegin} {
		put(t, file, bad)
		o.Remove = false
		if p, err := Kimi(o); err == nil {
			t.Errorf("%q: %s", bad, p)
		}
	}
}

func TestCline(t *testing.T) {
	o := options(t)
	carryOut(t, Cline, o)
	file := filepath.Join(o.Project, ".cline/hooks/PreToolUse")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm()&0o111 == 0 {
		t.Fatalf("the hook cannot be run: %v", err)
	}
	if text := contents(t, file); !strings.HasPrefix(text, "#!/bin/sh\n# Written by run-hooks") || !strings.Contains(text, "\nrun-hooks bridge cline --event tool_call ||") {
		t.Errorf("installed\n%s", text)
	}
	if again := carryOut(t, Cline, o); len(again) != 0 {
		t.Errorf("a second install does something:\n%s", again)
	}
	put(t, file, contents(t, file)+"# mine\n")
	if _, err := Cline(o); err == nil {
		t.Error("a file that was changed by hand is replaced")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	put(t, file, "#!/bin/sh\necho mine\n")
	if _, err := Cline(o); err == nil {
		t.Error("somebody else's hook is replaced")
	}
	o.Remove = true
	carryOut(t, Cline, o)
	if got := contents(t, file); got != "#!/bin/sh\necho mine\n" {
		t.Errorf("somebody else's hook is now %q", got)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(file)); len(entries) != 0 {
		t.Errorf("%d files are left", len(entries))
	}
}

func TestFound(t *testing.T) {
	o := options(t)
	none := func(string) string { return "" }
	for _, a := range Agents() {
		if by := a.Found(o, none); by != "" {
			t.Errorf("%s is found by %s", a.Name, by)
		}
		if by := a.Found(o, func(name string) string { return "/bin/" + name }); by != "/bin/"+a.Command {
			t.Errorf("%s is found by %q", a.Name, by)
		}
		mkdir(t, filepath.Join(o.Home, a.Home[0]))
		if by := a.Found(o, none); by != filepath.Join(o.Home, a.Home[0]) {
			t.Errorf("%s is found by %q", a.Name, by)
		}
	}
}

// Copilot CLI reads a project's hooks at the root of its repository, wherever in it
// one is.
func TestCopilotBelowTheRoot(t *testing.T) {
	o := options(t)
	mkdir(t, filepath.Join(o.Project, ".git"))
	root := o.Project
	o.Project = filepath.Join(root, "packages", "app")
	mkdir(t, o.Project)
	carryOut(t, Copilot, o)
	if file := filepath.Join(root, ".github/hooks/run-hooks.json"); !exists(file) || exists(filepath.Join(o.Project, ".github")) {
		t.Errorf("the bridge is not in %s alone", file)
	}
	if is, stale, err := agentNamed(t, "copilot").Bridged(o); !is || stale || err != nil {
		t.Errorf("bridged %v, stale %v, %v", is, stale, err)
	}
}
