package installer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tailscale/hujson"
)

const plugin = "// a plugin\nconst INSTALLED = \"\"\nexport default {}\n"

func options(t *testing.T) Options {
	t.Helper()
	dir := t.TempDir()
	o := Options{Home: filepath.Join(dir, "home"), Project: filepath.Join(dir, "project"), Program: "/opt/run-hooks", Plugin: []byte(plugin)}
	mkdir(t, o.Home)
	mkdir(t, o.Project)
	return o
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	mkdir(t, filepath.Dir(path))
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func apply(t *testing.T, o Options) Plan {
	t.Helper()
	p, err := OpenCode(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Apply(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOpenCodeGlobal(t *testing.T) {
	o := options(t)
	o.Global = true
	apply(t, o)
	file := filepath.Join(o.Home, ".config/opencode/plugins/run-hooks.js")
	text := contents(t, file)
	if !strings.HasPrefix(text, mark) || !strings.Contains(text, "const INSTALLED = \"/opt/run-hooks\"\nexport") {
		t.Errorf("installed\n%s", text)
	}
	if again := apply(t, o); len(again) != 0 {
		t.Errorf("a second install does something:\n%s", again)
	}
	o.Remove = true
	apply(t, o)
	if exists(file) {
		t.Errorf("%s is still there", file)
	}
	if again := apply(t, o); len(again) != 0 {
		t.Errorf("a second removal does something:\n%s", again)
	}
}

// Qwen Code reads its variable from files of the user's, too, if it is not set.
func TestMovedByFile(t *testing.T) {
	tests := []struct{ own, home, env, want string }{
		{"QWEN_HOME=/a", "QWEN_HOME=/b", "", "/a"},
		{"OTHER=1\nexport QWEN_HOME: '/a b' # mine\n", "", "", "/a b"},
		{"QWEN_HOME=\n", "  QWEN_HOME=\"/b\"\r\n", "", "/b"},
		{"#QWEN_HOME=/a", "MY_QWEN_HOME=/b", "", ""},
		{"QWEN_HOME=/a", "", "/c", "/c"},
	}
	for _, test := range tests {
		o := options(t)
		put(t, filepath.Join(o.Home, ".qwen/.env"), test.own)
		put(t, filepath.Join(o.Home, ".env"), test.home)
		got := Moved(o.Home, func(name string) string { return map[string]string{"QWEN_HOME": test.env}[name] }, filepath.Clean)
		if got["qwen"] != test.want {
			t.Errorf("%q, %q and %q: moved to %q, not %q", test.own, test.home, test.env, got["qwen"], test.want)
		}
	}
}

// What an agent's own variable moves is written there, and nothing at the usual
// place.
func TestMoved(t *testing.T) {
	for _, a := range Agents() {
		for i, m := range a.Moves {
			env := map[string]string{}
			for j, later := range a.Moves[i:] { // which do not count
				env[later.Variable] = fmt.Sprintf("elsewhere%d", i+j)
			}
			o := options(t)
			o.Global, o.Moved = true, Moved(o.Home, func(name string) string { return env[name] }, func(path string) string { return filepath.Join(o.Project, path) })
			want := filepath.Join(o.Project, env[m.Variable], m.Below) + "/"
			if got := o.Moved[a.Name] + "/"; got != want {
				t.Errorf("%s: %s moves to %s, not %s", a.Name, m.Variable, got, want)
			}
			p, err := a.Plan(o)
			if err != nil || len(p) == 0 {
				t.Fatalf("%s: %v, %v", a.Name, p, err)
			}
			for _, s := range p {
				if !strings.HasPrefix(s.Path, want) {
					t.Errorf("%s: %s does not move %s", a.Name, m.Variable, s.Path)
				}
			}
			mkdir(t, want)
			if by := a.Found(o, func(string) string { return "" }); by+"/" != want {
				t.Errorf("%s is found by %q", a.Name, by)
			}
		}
	}
}

func TestOpenCodeUpgrade(t *testing.T) {
	o := options(t)
	o.Global = true
	apply(t, o)
	o.Plugin = []byte(plugin + "// more\n")
	if p := apply(t, o); len(p) != 1 || p[0].Before == nil {
		t.Errorf("plan of an upgrade:\n%s", p)
	}
	copies, err := OpenCodeCopies(o)
	if err != nil || len(copies) != 1 || copies[0].State != Current {
		t.Errorf("copies after the upgrade: %v, %v", copies, err)
	}
	o.Plugin = []byte(plugin)
	if copies, _ := OpenCodeCopies(o); len(copies) != 1 || copies[0].State != Older {
		t.Errorf("copies of another version: %v", copies)
	}
}

// What somebody else wrote, or changed, is neither replaced nor deleted.
func TestOpenCodeOfOthers(t *testing.T) {
	o := options(t)
	o.Global = true
	apply(t, o)
	file := filepath.Join(o.Home, ".config/opencode/plugins/run-hooks.js")
	for _, text := range []string{contents(t, file) + "// mine\n", "export default { id: \"other\" }\n"} {
		put(t, file, text)
		for _, remove := range []bool{false, true} {
			o.Remove = remove
			p, err := OpenCode(o)
			if err == nil && len(p) > 0 {
				t.Errorf("remove %v would do\n%s", remove, p)
			}
			if !remove && err == nil {
				t.Error("an install goes on without a word")
			}
		}
		if got := contents(t, file); got != text {
			t.Errorf("the file is now\n%s", got)
		}
	}
}

func TestOpenCodeProjectWithDirectory(t *testing.T) {
	o := options(t)
	mkdir(t, filepath.Join(o.Project, ".opencode"))
	apply(t, o)
	text := contents(t, filepath.Join(o.Project, ".opencode/plugins/run-hooks.js"))
	if !strings.Contains(text, `const INSTALLED = ""`) {
		t.Error("a copy that others share names a path of this machine")
	}
	if exists(filepath.Join(o.Project, "opencode.json")) {
		t.Error("an entry was made for a plugin that needs none")
	}
}

func TestOpenCodeProject(t *testing.T) {
	o := options(t)
	config := filepath.Join(o.Project, "opencode.json")
	apply(t, o)
	var got struct{ Plugin []string }
	if err := json.Unmarshal([]byte(contents(t, config)), &got); err != nil || len(got.Plugin) != 1 {
		t.Fatalf("%s: %v", contents(t, config), err)
	}
	if file := filepath.Join(o.Project, got.Plugin[0]); !strings.HasPrefix(contents(t, file), mark) {
		t.Errorf("%s is not the plugin", file)
	}
	if isDir(filepath.Join(o.Project, ".opencode")) {
		t.Error("a directory .opencode was made")
	}
	if again := apply(t, o); len(again) != 0 {
		t.Errorf("a second install does something:\n%s", again)
	}
	o.Remove = true
	apply(t, o)
	left, err := os.ReadDir(o.Project)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestPlanChangedMeanwhile(t *testing.T) {
	o := options(t)
	config := filepath.Join(o.Project, "opencode.jsonc")
	put(t, config, "{}\n")
	p, err := OpenCode(o)
	if err != nil {
		t.Fatal(err)
	}
	put(t, config, "{ \"model\": \"x\" }\n")
	if err := p.Apply(); err == nil || !strings.Contains(err.Error(), "changed meanwhile") {
		t.Errorf("error %v", err)
	}
	if got := contents(t, config); got != "{ \"model\": \"x\" }\n" {
		t.Errorf("the config is now %s", got)
	}
}

func TestPlanString(t *testing.T) {
	o := options(t)
	config := filepath.Join(o.Project, "opencode.json")
	put(t, config, "{\n  // ours\n  \"model\": \"x\"\n}\n")
	p, err := OpenCode(o)
	if err != nil {
		t.Fatal(err)
	}
	want := "create " + o.Project + "/.run-hooks/opencode.js (4 lines)\nchange " + config + "\n" +
		"  -   \"model\": \"x\"\n  +   \"model\": \"x\",\n  +   \"plugin\": [\"./.run-hooks/opencode.js\"]\n"
	if p.String() != want {
		t.Errorf("got\n%s\nwant\n%s", p, want)
	}
}

func TestWriteThroughLink(t *testing.T) {
	o := options(t)
	real := filepath.Join(o.Home, "dotfiles/opencode.json")
	put(t, real, "{}\n")
	if err := os.Chmod(real, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(o.Project, "opencode.json")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	apply(t, o)
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if info, err := os.Stat(real); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file: %v, %v", info.Mode(), err)
	}
	if !strings.Contains(contents(t, real), "plugin") {
		t.Error("the file the link names was not changed")
	}
}

// configs are what people have in opencode.json.
func configs() []string {
	return []string{
		"{}", "{ }\n", "{\n}\n", "// {\n{}", `{"model":"x"}`, `{"model":"x",}`,
		"{\n  \"model\": \"x\"\n}\n", "{\n\t\"model\": \"x\", // why\n}\n", "{\r\n  \"model\": \"x\"\r\n}\r\n",
		`{"plugin":[]}`, `{"plugin": [ ]}`, "{\"plugin\": [\n  // none yet\n]}", `{"plugin": [/**/]}`,
		`{"plugin":["a"]}`, `{"plugin":["a",]}`, "{\n  \"plugin\": [\n    \"a\", // one\n    [\"b\", {\"x\": 1}],\n  ],\n  \"z\": {}\n}\n",
		`{"plugin":["a"],"plugin":["b"]}`, "{\"a\": {\"plugin\": [\"x\"]}, \"plugin\" : [ \"y\" ]}", "/* c */ { \"a\": \"{\" }",
	}
}

// Adding leaves a config that says the same and names the plugin once; adding
// again changes nothing; removing gives back every byte.
func TestRegisterLaws(t *testing.T) {
	const entry = "./.run-hooks/opencode.js"
	for _, text := range configs() {
		checkRegister(t, []byte(text), entry)
	}
}

func checkRegister(t *testing.T, text []byte, entry string) {
	t.Helper()
	added, err := edit(text, entry, false)
	if err != nil {
		t.Errorf("%q: %v", text, err)
		return
	}
	if n := count(t, added, entry); n != 1 {
		t.Errorf("%q became %q, with the entry %d times", text, added, n)
	}
	if again, err := edit(added, entry, false); err != nil || !bytes.Equal(again, added) {
		t.Errorf("%q: adding again gives %q, %v", added, again, err)
	}
	if removed, err := edit(added, entry, true); err != nil || !bytes.Equal(removed, text) {
		t.Errorf("%q became %q and then %q, %v", text, added, removed, err)
	}
	if removed, err := edit(text, entry, true); err != nil || !bytes.Equal(removed, text) {
		t.Errorf("removing what is not there changes %q to %q, %v", text, removed, err)
	}
}

// count returns how often the effective "plugin" array has the entry.
func count(t *testing.T, text []byte, entry string) int {
	t.Helper()
	standard, err := hujson.Standardize(bytes.Clone(text))
	if err != nil {
		t.Errorf("%q is no JSON any more: %v", text, err)
		return -1
	}
	var all map[string]json.RawMessage
	var entries []any
	if err := json.Unmarshal(standard, &all); err != nil {
		t.Errorf("%q: %v", text, err)
	}
	if err := json.Unmarshal(all["plugin"], &entries); err != nil {
		t.Errorf("%q: %v", text, err)
	}
	n := 0
	for _, e := range entries {
		if e == entry {
			n++
		}
	}
	return n
}

func TestRegisterErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "EOF",
		"[]":                           "is not a JSON object",
		`{"plugin": {}}`:               `"plugin" is not an array`,
		`{"a" 1}`:                      "line 1",
		strings.Repeat("[", 1_000_000): "brackets",
		strings.Repeat(" ", 1<<20+1):   "larger than",
	} {
		if _, err := edit([]byte(text), "x", false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: error %v, want one with %q", text, err, want)
		}
	}
}

func FuzzRegister(f *testing.F) {
	for _, text := range configs() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		const entry = "./.run-hooks/opencode.js"
		if _, err := edit(text, entry, false); err != nil || bytes.Contains(text, []byte("run-hooks")) || bytes.Contains(text, []byte(`\`)) {
			return // no config, or one that names the plugin already
		}
		checkRegister(t, text, entry)
	})
}
