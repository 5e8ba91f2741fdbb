package installer

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func unset(string) string { return "" }

func agentNamed(t *testing.T, name string) Agent {
	t.Helper()
	i := slices.IndexFunc(Agents(), func(a Agent) bool { return a.Name == name })
	if i < 0 {
		t.Fatalf("no agent %q", name)
	}
	return Agents()[i]
}

// Every file of every agent is looked into, and every switch there found. That the
// agents obey them is shown in e2e.
func TestSwitchedOff(t *testing.T) {
	for _, a := range Agents() {
		for i, off := range a.Layers(options(t)) {
			for path, value := range off.Off {
				o := options(t)
				l := a.Layers(o)[i]
				put(t, l.Path, switched(t, l, path, value))
				got := a.SwitchedOff(o, unset)
				if len(got) != 1 || got[0].Pos.File != l.Path || got[0].Pos.Line != 2 || !strings.HasPrefix(got[0].What, path+" is ") {
					t.Errorf("%s: %s of %s: found %v", a.Name, path, l.Path, got)
				}
			}
		}
		for _, name := range a.OffEnv {
			for value, want := range map[string]int{"1": 1, "true": 1, "0": 0, "": 0} {
				got := a.SwitchedOff(options(t), func(asked string) string { return map[string]string{name: value}[asked] })
				if len(got) != want {
					t.Errorf("%s: %s=%s: found %v", a.Name, name, value, got)
				}
			}
		}
	}
}

// switched is a config with nothing but that switch, in its second line.
func switched(t *testing.T, l Layer, path string, value any) string {
	t.Helper()
	names := strings.Split(path, ".")
	text := fmt.Sprint(value)
	if word, ok := value.(string); ok {
		text = fmt.Sprintf("[%q]", word)
	}
	if filepath.Ext(l.Path) == ".toml" {
		return fmt.Sprintf("[%s]\n%s = %s\n", names[0], names[1], text)
	}
	for _, name := range slices.Backward(names) {
		text = fmt.Sprintf("{%q:%s}", name, text)
	}
	return "// what the user wrote\n" + text
}

// The project's value prevails, a list has what is in both, and a file that is no
// config is the agent's to complain of.
func TestSwitchedOffLayers(t *testing.T) {
	tests := []struct {
		user, project string
		want          int
	}{
		{`{"hooksConfig":{"enabled":false}}`, `{"hooksConfig":{"enabled":true}}`, 0},
		{`{"hooksConfig":{"enabled":true}}`, `{"hooksConfig":{"enabled":false}}`, 1},
		{`{"hooksConfig":{"disabled":["run-hooks"]}}`, `{"hooksConfig":{"disabled":["other"]}}`, 1},
		{`{"hooksConfig":{"disabled":["other"]}}`, `{}`, 0},
		{`{"hooksConfig":{"enabled":false}}`, `{"hooksConfig":`, 1},
		{`{"hooksConfig":7}`, `[]`, 0},
	}
	for _, test := range tests {
		o := options(t)
		put(t, filepath.Join(o.Home, ".gemini/settings.json"), test.user)
		put(t, filepath.Join(o.Project, ".gemini/settings.json"), test.project)
		if got := agentNamed(t, "gemini").SwitchedOff(o, unset); len(got) != test.want {
			t.Errorf("%s and %s: found %v", test.user, test.project, got)
		}
	}
}

// One entry that Kimi Code does not take keeps the bridge's from running.
func TestSwitchedOffBadEntry(t *testing.T) {
	const entry = "[[hooks]]\nevent = \"Stop\"\ncommand = \"true\"\n"
	tests := map[string]string{
		"":                                      "",
		entry:                                   "",
		entry + "timeout = 600\n":               "",
		entry + "matcher = \"(\"\n":             "",
		entry + "timeout = 601\n":               "entry 1 of hooks has an unfit timeout, 601: Kimi Code runs no hook",
		entry + "timeout = 1.5\n":               "entry 1 of hooks has an unfit timeout, 1.5: Kimi Code runs no hook",
		entry + "name = \"x\"\n":                "entry 1 of hooks has an unfit name, x: Kimi Code runs no hook",
		entry + "[[hooks]]\nevent = \"Stop\"\n": "entry 2 of hooks has no command: Kimi Code runs no hook",
		"[[hooks]]\nevent = \"Nonsense\"\ncommand = \"true\"\n": "entry 1 of hooks has an unfit event, Nonsense: Kimi Code runs no hook",
		"[hooks]\nevent = \"Stop\"\n":                           "hooks is no list of entries: Kimi Code runs no hook",
	}
	for config, want := range tests {
		o := options(t)
		put(t, filepath.Join(o.Home, ".kimi-code/config.toml"), config)
		what := ""
		for _, off := range agentNamed(t, "kimi").SwitchedOff(o, unset) {
			what += off.What
		}
		if what != want {
			t.Errorf("%q: found %q, not %q", config, what, want)
		}
	}
}

// Only what is asked behind the bridge can undo what it denies.
func TestOverruled(t *testing.T) {
	const ours, other = `{"hooks":[{"type":"command","command":"run-hooks bridge qwen --event PreToolUse || true"}]}`, `{"hooks":[{"type":"http","url":"x"},{"type":"command","command":"theirs"}]}`
	tests := []struct {
		project, user string
		want          int
	}{
		{other + "," + ours, "", 0},
		{ours + "," + other, "", 2},
		{ours, other, 2},
		{other, ours, 0},
		{other, other + "," + ours, 0},
	}
	for _, test := range tests {
		o := options(t)
		for dir, groups := range map[string]string{o.Project: test.project, o.Home: test.user} {
			put(t, filepath.Join(dir, ".qwen/settings.json"), `{"hooks":{"PreToolUse":[`+groups+`],"Stop":[`+other+`]}}`)
		}
		if got := agentNamed(t, "qwen").Overruled(o); len(got) != test.want {
			t.Errorf("%s and %s: %q", test.project, test.user, got)
		}
		if got := agentNamed(t, "gemini").Overruled(o); len(got) != 0 {
			t.Errorf("gemini: %q", got)
		}
	}
}

// An excerpt holds the bridge and what switches hooks off, and nothing that would
// act or tell a secret.
func TestExcerpt(t *testing.T) {
	tests := []struct {
		agent, file, text string
		others            int
		has, lacks        []string
	}{
		{"gemini", ".gemini/settings.json", `{ // mine
			"security": {"auth": {"key": "secret"}}, "mcpServers": {"x": {"command": "serve"}},
			"hooksConfig": {"enabled": false, "disabled": ["mine"]},
			"hooks": {"BeforeTool": [{"matcher": "*", "hooks": [{"type": "command", "command": "mine", "timeout": 5}, {"type": "http", "url": "https://secret"}]}]}}`, 2,
			[]string{`"enabled":false`, `"disabled":["mine"]`, `run-hooks bridge gemini`, `{"command":":","type":"command"}`}, []string{"secret", "serve", `"command":"mine"`}},
		{"codex", ".codex/config.toml", "model = \"secret\"\n[features]\nhooks = false\n[hooks.state.\"/old/hooks.json:pre_tool_use:0:0\"]\ntrusted_hash = \"sha256:1\"\n[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = \"command\"\ncommand = \"mine\"\n", 1,
			[]string{"hooks = false", "/new/hooks.json:pre_tool_use:0:0", "sha256:1", "command = ':'"}, []string{"secret", "mine", "/old/"}},
		{"kimi", ".kimi-code/config.toml", "[[hooks]]\nevent = \"Stop\"\ncommand = \"mine\"\n[providers.x]\napi_key = \"secret\"\n", 1,
			[]string{"run-hooks bridge kimi", "event = 'Stop'", "command = ':'"}, []string{"secret", "mine"}},
		{"droid", ".factory/hooks.json", `{"Stop": [{"hooks": [{"type": "command", "command": "mine"}]}]}`, 1, []string{"run-hooks bridge droid", `"Stop":[`}, []string{"mine"}},
	}
	for _, test := range tests {
		o := options(t)
		o.Global = true
		file := filepath.Join(o.Home, test.file)
		put(t, file, test.text)
		a := agentNamed(t, test.agent)
		if test.agent != "codex" { // whose bridge stands elsewhere
			carryOut(t, a.Plan, o)
		}
		var text string
		var others int
		for _, l := range a.Layers(o) {
			if l.Path != file {
				continue
			}
			got, n, err := l.Excerpt(test.agent, map[string]string{"/old/": "/new/"})
			if err != nil {
				t.Fatal(err)
			}
			text, others = string(got), n
		}
		if others != test.others {
			t.Errorf("%s: %d other hooks, not %d", test.agent, others, test.others)
		}
		for _, want := range test.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in\n%s", test.agent, want, text)
			}
		}
		for _, not := range test.lacks {
			if strings.Contains(text, not) {
				t.Errorf("%s: %s in\n%s", test.agent, not, text)
			}
		}
	}
}

// Of programs only ours are taken, of OpenCode's plugins only ours.
func TestExcerptPrograms(t *testing.T) {
	o := options(t)
	put(t, filepath.Join(o.Project, "opencode.json"), `{"plugin": ["theirs", ["tuple", {}]], "provider": {"x": {"key": "secret"}}}`)
	put(t, filepath.Join(o.Project, ".opencode/plugins/run-hooks.js"), "export default theirs\n")
	want := map[string]string{"opencode.json": `{"plugin":[]}`}
	for _, step := range []func(){func() {}, func() {
		if err := os.RemoveAll(filepath.Join(o.Project, ".opencode")); err != nil {
			t.Fatal(err)
		}
		apply(t, o)
		want = map[string]string{"opencode.json": `{"plugin":["./` + openCodeEntry + `"]}`, openCodeEntry: contents(t, filepath.Join(o.Project, openCodeEntry))}
	}} {
		step()
		got := map[string]string{}
		for _, l := range agentNamed(t, "opencode").Layers(o) {
			text, _, err := l.Excerpt("opencode", nil)
			if err != nil {
				t.Fatal(err)
			}
			if text != nil {
				got[o.inProject(l.Path)] = string(text)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("taken %v, not %v", got, want)
		}
	}
}

// What Cline runs behind the bridge is told, in the order of the paths.
func TestOverruledCline(t *testing.T) {
	o := options(t)
	cline := agentNamed(t, "cline")
	plan, err := cline.Plan(o)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(o.Project, ".cline/hooks/PreToolUse.py"), "print()")
	if got := cline.Overruled(o); len(got) != 0 {
		t.Errorf("without the bridge found %q", got)
	}
	if err := plan.Apply(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".clinerules/hooks/pretooluse.sh", ".clinerules/hooks/PostToolUse", ".clinerules/hooks/PreToolUse.md", ".cline/PreToolUse"} {
		put(t, filepath.Join(o.Project, name), "true")
	}
	got := cline.Overruled(o)
	if len(got) != 2 || !strings.Contains(got[0], "/.cline/hooks/PreToolUse.py is asked") || !strings.Contains(got[1], "/.clinerules/hooks/pretooluse.sh is asked") {
		t.Errorf("found %q", got)
	}
}
